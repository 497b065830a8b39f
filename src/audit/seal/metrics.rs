//! What is counted of the seals that a server makes by itself.

use std::sync::atomic::AtomicU64;

use chrono::{DateTime, Utc};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Unit;

use crate::telemetry::Metrics;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Became {
    outcome: &'static str,
}

/// The numbers of seals. Clones count together.
#[derive(Clone, Debug)]
pub struct SealMetrics {
    seals: Family<Became, Counter>,
    made: Counter,
    failed: Counter,
    newest: Gauge<f64, AtomicU64>,
}

impl SealMetrics {
    /// Nothing counted yet.
    pub fn new() -> Self {
        let seals: Family<Became, Counter> = Family::default();
        let of = |outcome| seals.get_or_create(&Became { outcome }).clone();
        let (made, failed) = (of("made"), of("failed"));
        Self { seals, made, failed, newest: Gauge::default() }
    }

    /// Registers the numbers under `stockflow_audit_…`.
    pub fn register(&self, metrics: &mut Metrics) {
        let room = metrics.room("audit");
        room.register(
            "seals",
            "Seals that this server was to make, by what became of them",
            self.seals.clone(),
        );
        room.register_with_unit(
            "newest_seal_timestamp",
            "When the newest seal that this server knows of was made, since 1970; 0 for none",
            Unit::Seconds,
            self.newest.clone(),
        );
    }

    pub(super) fn made(&self) {
        self.made.inc();
    }

    pub(super) fn failed(&self) {
        self.failed.inc();
    }

    /// The newest seal that is known of is from then.
    pub(super) fn newest(&self, sealed_at: DateTime<Utc>) {
        let since = sealed_at.signed_duration_since(DateTime::UNIX_EPOCH).to_std();
        self.newest.set(since.unwrap_or_default().as_secs_f64());
    }
}

impl Default for SealMetrics {
    fn default() -> Self {
        Self::new()
    }
}
