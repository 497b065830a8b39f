//! Copies in Redis, which all servers share.
//!
//! Every copy carries its version and, by the primary's clock, since when it may be outdated. A
//! script replaces only what is older ([`value`]), so that it does not matter in which order
//! messages arrive, from whom, how late, or after which failover; and a reader judges by itself
//! whether what it finds is of use. Keys are spread over the nodes of a cluster, those of hot SKUs
//! over all of them ([`layout`]).
//!
//! Reads are bounded in time ([`shard`]), and what does not answer is spared ([`breaker`]) until it
//! does ([`mend`]). Writes
//! happen behind the back of whoever made the change ([`publish`]).

mod breaker;
mod connection;
mod hot;
mod layout;
mod mend;
mod publish;
mod shard;
mod value;
mod watch;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use redis::RedisError;

use super::copy::StockCopy;
use super::metrics::RedisMetrics;
use super::settings::RedisSettings;
use crate::domain::{BooksClock, SkuId};
use connection::Connection;
use hot::HotSkus;
use layout::{BUCKETS, Bucket, Topology};
use publish::Outbox;
use shard::{Place, Shard};

/// A command that failed, or was not sent. Why is counted, and logged where it is news.
#[derive(Clone, Copy, Debug)]
struct CommandFailure;

/// What every command needs.
#[derive(Debug)]
struct Context {
    connection: Connection,
    clock: BooksClock,
    /// Which books the copies are of: others may share the Redis.
    books: String,
    timeout: Duration,
    cluster: bool,
    metrics: RedisMetrics,
}

/// The copies in Redis.
#[derive(Debug)]
pub(super) struct Remote {
    context: Arc<Context>,
    /// One for each bucket of a cluster; one in all for a server that stands alone.
    shards: Vec<Shard>,
    topology: RwLock<Topology>,
    hot: HotSkus,
    outbox: Outbox,
    age_max: Duration,
}

/// What the copies are of, and how their age is told.
#[derive(Clone, Debug)]
pub struct SharedBooks {
    /// A name that no other books have, of characters that a key may have.
    pub name: String,
    /// The primary's clock.
    pub clock: BooksClock,
}

impl Remote {
    /// Copies in the Redis that `settings` name. It is not asked yet.
    pub(super) fn new(
        settings: &RedisSettings,
        books: SharedBooks,
        age_max: Duration,
        metrics: RedisMetrics,
    ) -> Result<Self, RedisError> {
        let context = Arc::new(Context {
            connection: Connection::new(settings)?,
            clock: books.clock,
            books: books.name,
            timeout: settings.timeout,
            cluster: settings.cluster,
            metrics,
        });
        let shards = if settings.cluster { BUCKETS } else { 1 };
        context.metrics.start(shards);
        Ok(Self {
            shards: (0..shards).map(|_shard| Shard::new(&context)).collect(),
            context,
            topology: RwLock::default(),
            hot: HotSkus::new(settings.hot_lookups_per_second, Instant::now()),
            outbox: Outbox::default(),
            age_max,
        })
    }

    /// Does the work behind everybody's back, for ever.
    pub(super) async fn run(self: Arc<Self>) {
        let publishing = publish::run(Arc::clone(&self));
        let mending = mend::run(Arc::clone(&self));
        if self.context.cluster {
            tokio::join!(publishing, mending, watch::run(self));
        } else {
            tokio::join!(publishing, mending);
        }
    }

    /// Counts a lookup of a SKU, or a change of it.
    pub(super) fn count(&self, sku_id: SkuId, now: Instant) {
        self.hot.count(sku_id, now);
    }

    /// Has copies sent, soon.
    pub(super) fn offer(&self, copies: impl IntoIterator<Item = StockCopy>) {
        let left_out = self.outbox.offer(copies);
        self.context.metrics.left_out(left_out);
    }

    /// Whether the part of Redis that has the SKU answers, as far as is known.
    pub(super) fn answers(&self, sku_id: SkuId) -> bool {
        self.shard(Bucket::of(sku_id)).is_some_and(Shard::answers)
    }

    /// The copies of SKUs that Redis has. Takes no longer than two commands may.
    pub(super) async fn fetch(&self, sku_ids: &[SkuId]) -> Vec<StockCopy> {
        let now = Instant::now();
        let places = sku_ids.iter().map(|sku_id| (self.bucket_to_read(*sku_id, now), *sku_id));
        let mut found = self.fetch_places(places).await;
        // A hot SKU's copy on a node may be missing, or of no use any more, where its own is.
        let copied = |sku_id: &SkuId| !self.copies_of(*sku_id, now).is_empty();
        let of_use = |copy: &StockCopy| copy.age(now) <= self.age_max;
        let missing: Vec<SkuId> = sku_ids
            .iter()
            .filter(|sku_id| copied(sku_id) && !found.get(sku_id).is_some_and(of_use))
            .copied()
            .collect();
        if !missing.is_empty() {
            let places = missing.iter().map(|sku_id| (Bucket::of(*sku_id), *sku_id));
            let own = self.fetch_places(places).await;
            self.offer(own.values().copied());
            found.extend(own);
        }
        found.into_values().collect()
    }

    async fn fetch_places(&self, places: impl Iterator<Item = Place>) -> HashMap<SkuId, StockCopy> {
        let mut by_shard: HashMap<usize, Vec<Place>> = HashMap::new();
        for place in places {
            by_shard.entry(self.shard_place(place.0)).or_default().push(place);
        }
        let asked = by_shard.into_iter().filter_map(|(shard, places)| {
            let shard = self.shards.get(shard)?;
            Some(async move {
                let found = shard.fetch(places.clone()).await;
                let own = |place: &Place| Some((place.1, *found.as_ref()?.get(place)?));
                places.iter().filter_map(own).collect::<Vec<_>>()
            })
        });
        join_all(asked).await.into_iter().flatten().collect()
    }

    /// Where to read a SKU: from its own bucket or, while it is hot, from that of any node.
    fn bucket_to_read(&self, sku_id: SkuId, now: Instant) -> Bucket {
        let copies = self.copies_of(sku_id, now);
        fastrand::choice(copies).unwrap_or(Bucket::of(sku_id))
    }

    /// A bucket on each node, while the SKU is hot and there is more than one node.
    fn copies_of(&self, sku_id: SkuId, now: Instant) -> Vec<Bucket> {
        if !self.context.cluster || !self.hot.is_hot(sku_id, now) {
            return Vec::new();
        }
        self.topology.read().unwrap_or_else(PoisonError::into_inner).copies(sku_id)
    }

    fn shard(&self, bucket: Bucket) -> Option<&Shard> {
        self.shards.get(self.shard_place(bucket))
    }

    fn shard_place(&self, bucket: Bucket) -> usize {
        if self.context.cluster { usize::from(bucket.0) } else { 0 }
    }
}
