//! Sends new amounts to Redis, behind the back of whoever made them.
//!
//! What is offered is put down and taken along by the next round: of a SKU only the newest, so that
//! what waits is bounded by the SKUs and not by their changes. Nobody waits for it, and what Redis
//! does not take is lost: what it has instead grows too old to be of use, and is loaded again.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::sync::Notify;

use super::layout::{self, Bucket};
use super::shard::Place;
use super::{Remote, value};
use crate::cache::StockCopy;
use crate::domain::SkuId;

/// SKUs that may wait to be sent; one more is left out.
const WAITING_MAX: usize = 100_000;

/// Keys of one command: Redis does nothing else meanwhile.
const KEYS_MAX: usize = 500;

/// After how long Redis forgets a copy beyond the time for which it is of use. Its own clock counts.
const EXPIRY_SPARE: Duration = Duration::from_secs(1);

/// What waits to be sent.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    waiting: Mutex<HashMap<SkuId, StockCopy>>,
    offered: Notify,
}

impl Outbox {
    /// Puts copies down. Never waits for anybody; tells how many found no room.
    pub(super) fn offer(&self, copies: impl IntoIterator<Item = StockCopy>) -> u64 {
        let mut left_out = 0_u64;
        let mut waiting = self.waiting();
        for copy in copies {
            let room = waiting.len() < WAITING_MAX;
            match waiting.entry(copy.sku_id) {
                Entry::Occupied(mut held) => {
                    if copy.replaces(held.get()) {
                        held.insert(copy);
                    }
                }
                Entry::Vacant(place) if room => drop(place.insert(copy)),
                Entry::Vacant(_) => left_out = left_out.saturating_add(1),
            }
        }
        drop(waiting);
        self.offered.notify_one();
        left_out
    }

    /// Takes all that waits; waits while nothing does.
    async fn take(&self) -> HashMap<SkuId, StockCopy> {
        loop {
            let taken = std::mem::take(&mut *self.waiting());
            if !taken.is_empty() {
                return taken;
            }
            self.offered.notified().await;
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<SkuId, StockCopy>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends, round after round.
pub(super) async fn run(remote: Arc<Remote>) {
    loop {
        let copies = remote.outbox.take().await;
        remote.store(&copies).await;
    }
}

impl Remote {
    /// Stores copies, each shard's in commands of its own, all at once.
    async fn store(&self, copies: &HashMap<SkuId, StockCopy>) {
        let now = Instant::now();
        let mut by_shard: HashMap<usize, Vec<(Place, String)>> = HashMap::new();
        for copy in copies.values() {
            let Some(value) = value::encode(copy, &self.context.clock) else {
                self.context.metrics.left_out(1);
                continue;
            };
            for bucket in self.buckets_of(copy.sku_id, now) {
                let entry = ((bucket, copy.sku_id), value.clone());
                by_shard.entry(self.shard_place(bucket)).or_default().push(entry);
            }
        }
        let commands = by_shard.iter().flat_map(|(place, entries)| {
            entries.chunks(KEYS_MAX).map(move |entries| self.store_in(*place, entries))
        });
        join_all(commands).await;
    }

    async fn store_in(&self, place: usize, entries: &[(Place, String)]) {
        let count = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let Some(shard) = self.shards.get(place) else { return };
        if !shard.answers() {
            return self.context.metrics.left_out(count);
        }
        let expiry = self.age_max.saturating_add(EXPIRY_SPARE).as_millis();
        let mut command = redis::cmd("EVAL");
        command.arg(value::STORE).arg(entries.len());
        for ((bucket, sku_id), _value) in entries {
            command.arg(layout::key(&self.context.books, *bucket, *sku_id));
        }
        command.arg(u64::try_from(expiry).unwrap_or(u64::MAX));
        for (_place, value) in entries {
            command.arg(value);
        }
        match self.context.command::<u64>(shard.breaker(), &command).await {
            Ok(stored) => self.context.metrics.stored(stored),
            Err(_failure) => self.context.metrics.left_out(count),
        }
    }

    /// Where a SKU's copies are: in its own bucket and, while it is hot, in one of each node.
    fn buckets_of(&self, sku_id: SkuId, now: Instant) -> Vec<Bucket> {
        let copies = self.copies_of(sku_id, now);
        if copies.is_empty() { vec![Bucket::of(sku_id)] } else { copies }
    }
}
