//! A part of Redis that answers or fails by itself: a server that stands alone, or a bucket of a
//! cluster, which is on one node.
//!
//! Of one shard one command that reads is under way at a time, for all who wait; so the number of
//! commands does not grow with the number of readers, and a node that is down holds up nobody who
//! asks another.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use redis::{Cmd, RedisResult};

use super::breaker::Breaker;
use super::layout::{self, Bucket};
use super::value;
use super::{CommandFailure, Context};
use crate::cache::StockCopy;
use crate::domain::SkuId;
use crate::gather::{Gather, GatherSettings};

/// Keys of one command, at the most: Redis does nothing else meanwhile.
const KEYS_MAX: usize = 1_000;

/// Those who may wait for one. More go on to the database, which has a bound of its own.
const WAITING_MAX: usize = 10_000;

/// A SKU's key in a bucket.
pub(super) type Place = (Bucket, SkuId);

/// One part of Redis.
#[derive(Debug)]
pub(super) struct Shard {
    breaker: Arc<Breaker>,
    fetches: Gather<Place, StockCopy, CommandFailure>,
}

impl Shard {
    pub(super) fn new(context: &Arc<Context>) -> Self {
        let breaker = Arc::new(Breaker::new());
        let settings = GatherSettings {
            keys_max: KEYS_MAX,
            questions_max: 1,
            waiting_max: WAITING_MAX,
            pause: Duration::ZERO,
        };
        let (of_question, context) = (Arc::clone(&breaker), Arc::clone(context));
        let fetches = Gather::new(
            settings,
            |_why| CommandFailure,
            move |places| fetch(Arc::clone(&context), Arc::clone(&of_question), places).boxed(),
        );
        Self { breaker, fetches }
    }

    /// The copies that are there, by place; `None` where the shard does not answer.
    pub(super) async fn fetch(&self, places: Vec<Place>) -> Option<Arc<HashMap<Place, StockCopy>>> {
        self.fetches.get(places).await.ok()
    }

    /// Whether it is worth asking.
    pub(super) fn answers(&self) -> bool {
        !self.breaker.is_open()
    }

    /// What keeps the account of its failures.
    pub(super) fn breaker(&self) -> &Breaker {
        &self.breaker
    }
}

async fn fetch(
    context: Arc<Context>,
    breaker: Arc<Breaker>,
    places: Vec<Place>,
) -> Result<HashMap<Place, StockCopy>, CommandFailure> {
    if breaker.is_open() {
        return Err(CommandFailure);
    }
    let mut command = redis::cmd("MGET");
    for (bucket, sku_id) in &places {
        command.arg(layout::key(&context.books, *bucket, *sku_id));
    }
    let values: Vec<Option<Vec<u8>>> = context.command(&breaker, &command).await?;
    let mut copies = HashMap::with_capacity(places.len());
    let now = Instant::now();
    for (place, value) in places.into_iter().zip(values) {
        let Some(value) = value else { continue };
        let text = std::str::from_utf8(&value).ok();
        let copy = text.and_then(|text| value::decode(place.1, text, &context.clock));
        // What claims to hold in the time to come would be young for longer than it is true: it was
        // written before the primary's clock went back, or made up.
        match copy.filter(|copy| copy.as_of <= now) {
            Some(copy) => drop(copies.insert(place, copy)),
            None => context.metrics.nonsense(),
        }
    }
    Ok(copies)
}

impl Context {
    /// Has a command carried out within its time, and keeps the breaker's account of it.
    pub(super) async fn command<T: redis::FromRedisValue>(
        &self,
        breaker: &Breaker,
        command: &Cmd,
    ) -> Result<T, CommandFailure> {
        let answered = tokio::time::timeout(self.timeout, self.connection.query(command)).await;
        let answered: RedisResult<T> = answered.unwrap_or_else(|_elapsed| Err(timed_out()));
        match answered {
            Ok(answer) => {
                self.answered(breaker);
                Ok(answer)
            }
            Err(error) => {
                self.metrics.failed(&error);
                self.failed(breaker, &error);
                Err(CommandFailure)
            }
        }
    }

    /// What answers is used again.
    pub(super) fn answered(&self, breaker: &Breaker) {
        if breaker.succeeded() && self.metrics.closed() {
            tracing::info!("Redis answers, and is used");
        }
    }

    /// What the server itself refuses, as one that is full does, is no reason to spare it.
    fn failed(&self, breaker: &Breaker, error: &redis::RedisError) {
        let there = !(error.is_io_error() || error.is_timeout() || error.is_cluster_error());
        if there {
            tracing::debug!(%error, "Redis refused a command");
            return;
        }
        if breaker.failed() && self.metrics.opened() {
            tracing::warn!(%error, "Redis does not answer; what does not is spared until it does");
        }
    }
}

fn timed_out() -> redis::RedisError {
    std::io::Error::new(std::io::ErrorKind::TimedOut, "no answer in time").into()
}
