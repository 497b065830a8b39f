//! What is counted of reads and replicas, for whoever operates them.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Unit;

use crate::telemetry::Metrics;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AnsweredBy {
    source: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfReplica {
    replica: usize,
}

/// The numbers of reads and replicas. Clones count together.
#[derive(Clone, Debug)]
pub struct DbMetrics {
    reads: Family<AnsweredBy, Counter>,
    by_primary: Counter,
    by_replica: Counter,
    by_fallback: Counter,
    turned_away: Counter,
    lag: Family<OfReplica, Gauge<f64, AtomicU64>>,
    fit: Family<OfReplica, Gauge>,
    faults: Family<OfReplica, Counter>,
}

impl DbMetrics {
    /// Nothing counted yet.
    pub fn new() -> Self {
        let reads: Family<AnsweredBy, Counter> = Family::default();
        let by = |source| reads.get_or_create(&AnsweredBy { source }).clone();
        let (by_primary, by_replica, by_fallback) = (by("primary"), by("replica"), by("fallback"));
        Self {
            reads,
            by_primary,
            by_replica,
            by_fallback,
            turned_away: Counter::default(),
            lag: Family::default(),
            fit: Family::default(),
            faults: Family::default(),
        }
    }

    /// Registers the numbers under `stockflow_db_…`.
    pub fn register(&self, metrics: &mut Metrics) {
        let room = metrics.room("db");
        room.register(
            "reads",
            "Reads that were answered, by who answered them",
            self.reads.clone(),
        );
        room.register(
            "fallback_turned_away",
            "Reads answered with BUSY, as too many were with the primary in place of replicas",
            self.turned_away.clone(),
        );
        room.register_with_unit(
            "replica_lag",
            "How far a replica may lag behind, by what it showed last",
            Unit::Seconds,
            self.lag.clone(),
        );
        room.register("replica_fit", "Whether a replica is read from", self.fit.clone());
        room.register(
            "replica_faults",
            "Reads that a replica failed at, so that another source was asked",
            self.faults.clone(),
        );
    }

    pub(super) fn read_by_primary(&self) {
        self.by_primary.inc();
    }

    pub(super) fn read_by_replica(&self) {
        self.by_replica.inc();
    }

    pub(super) fn read_by_fallback(&self) {
        self.by_fallback.inc();
    }

    pub(super) fn turned_away(&self) {
        self.turned_away.inc();
    }

    pub(super) fn fault(&self, replica: usize) {
        self.faults.get_or_create(&OfReplica { replica }).inc();
    }

    /// How a replica stands; its lag is `None` while nothing is known of it.
    pub(super) fn replica(&self, replica: usize, fit: bool, lag: Option<Duration>) {
        let of = OfReplica { replica };
        self.fit.get_or_create(&of).set(i64::from(fit));
        if let Some(lag) = lag {
            self.lag.get_or_create(&of).set(lag.as_secs_f64());
        }
    }
}

impl Default for DbMetrics {
    fn default() -> Self {
        Self::new()
    }
}
