//! What the cache counts: where lookups were answered, and how Redis does.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;

use crate::telemetry::Metrics;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    by: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Why {
    cause: &'static str,
}

/// The cache's numbers. Clones count together.
#[derive(Clone, Debug)]
pub struct CacheMetrics {
    near: Counter,
    remote: Counter,
    missed: Counter,
    lookups: Family<Answered, Counter>,
    pub(super) redis: RedisMetrics,
}

/// The numbers of Redis.
#[derive(Clone, Debug, Default)]
pub(super) struct RedisMetrics {
    failures: Family<Why, Counter>,
    stored: Counter,
    left_out: Counter,
    nonsense: Counter,
    spared: Gauge,
}

impl CacheMetrics {
    /// Nothing counted yet.
    pub fn new() -> Self {
        let lookups: Family<Answered, Counter> = Family::default();
        let by = |by| lookups.get_or_create(&Answered { by }).clone();
        let (near, remote, missed) = (by("memory"), by("redis"), by("nobody"));
        Self { near, remote, missed, lookups, redis: RedisMetrics::default() }
    }

    /// Registers the numbers under `stockflow_cache_…`.
    pub fn register(&self, metrics: &mut Metrics) {
        let room = metrics.room("cache");
        let redis = &self.redis;
        room.register(
            "lookups",
            "SKUs looked up, by what had a copy young enough",
            self.lookups.clone(),
        );
        room.register(
            "redis_failures",
            "Commands that Redis did not carry out, by cause",
            redis.failures.clone(),
        );
        room.register("redis_stored", "Copies that Redis took", redis.stored.clone());
        room.register(
            "redis_left_out",
            "Copies that were not sent, or that Redis did not answer for",
            redis.left_out.clone(),
        );
        room.register(
            "redis_nonsense",
            "Values found in Redis that are no copies",
            redis.nonsense.clone(),
        );
        room.register(
            "redis_spared",
            "Parts of Redis that are not asked now because they did not answer: 0 or 1 of a server \
             that stands alone, up to 256 of a cluster",
            redis.spared.clone(),
        );
    }

    pub(super) fn near(&self) {
        self.near.inc();
    }

    pub(super) fn remote(&self, skus: usize) {
        self.remote.inc_by(u64::try_from(skus).unwrap_or(u64::MAX));
    }

    pub(super) fn missed(&self, skus: usize) {
        self.missed.inc_by(u64::try_from(skus).unwrap_or(u64::MAX));
    }
}

impl Default for CacheMetrics {
    fn default() -> Self {
        Self::new()
    }
}

impl RedisMetrics {
    pub(super) fn failed(&self, error: &redis::RedisError) {
        let cause = if error.is_timeout() {
            "timeout"
        } else if error.is_io_error() || error.is_cluster_error() {
            "connection"
        } else {
            "refused"
        };
        self.failures.get_or_create(&Why { cause }).inc();
    }

    pub(super) fn stored(&self, copies: u64) {
        self.stored.inc_by(copies);
    }

    pub(super) fn left_out(&self, copies: u64) {
        self.left_out.inc_by(copies);
    }

    pub(super) fn nonsense(&self) {
        self.nonsense.inc();
    }

    /// So many parts there are; they are spared until they answer.
    pub(super) fn start(&self, parts: u16) {
        self.spared.set(parts.into());
    }

    /// Counts a part that is spared from now on; tells whether it is the first.
    pub(super) fn opened(&self) -> bool {
        self.spared.inc() == 0
    }

    /// Counts a part that is used again; tells whether it was the last.
    pub(super) fn closed(&self) -> bool {
        self.spared.dec() == 1
    }
}
