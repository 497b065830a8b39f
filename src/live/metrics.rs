//! What is counted of the follower and of those who listen.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Unit;

use crate::telemetry::{Metrics, seconds};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct To {
    to: &'static str,
}

/// The numbers of live updates. Clones count together.
#[derive(Clone, Debug)]
pub struct LiveMetrics {
    listeners: Family<To, Gauge>,
    pub(super) entries: Counter,
    pub(super) looks: Counter,
    pub(super) look_failures: Counter,
    pub(super) catch_up_pages: Counter,
    lag: Histogram,
}

impl LiveMetrics {
    /// Nothing counted yet.
    pub fn new() -> Self {
        let listeners: Family<To, Gauge> = Family::default();
        for to in ["flows", "stocks"] {
            drop(listeners.get_or_create(&To { to }));
        }
        Self {
            listeners,
            entries: Counter::default(),
            looks: Counter::default(),
            look_failures: Counter::default(),
            catch_up_pages: Counter::default(),
            lag: seconds(),
        }
    }

    /// Registers the numbers under `stockflow_live_…`.
    pub fn register(&self, metrics: &mut Metrics) {
        let room = metrics.room("live");
        room.register("listeners", "Subscriptions that are open, by what they listen to", {
            self.listeners.clone()
        });
        room.register(
            "entries",
            "Entries that the server has followed, whoever listened",
            self.entries.clone(),
        );
        room.register(
            "looks",
            "Looks of the follower at the primary for new entries",
            self.looks.clone(),
        );
        room.register(
            "look_failures",
            "Looks of the follower at the primary that failed",
            self.look_failures.clone(),
        );
        room.register(
            "catch_up_pages",
            "Pages of history read for subscriptions that began in the past or fell behind",
            self.catch_up_pages.clone(),
        );
        room.register_with_unit(
            "lag",
            "How long entries took from when they were decided until the server could tell of them",
            Unit::Seconds,
            self.lag.clone(),
        );
    }

    /// The gauge of those who listen to something.
    pub(super) fn listeners(&self, to: &'static str) -> Gauge {
        self.listeners.get_or_create_owned(&To { to })
    }

    pub(super) fn followed(&self, entries: usize, lag: Duration) {
        self.entries.inc_by(u64::try_from(entries).unwrap_or(u64::MAX));
        self.lag.observe(lag.as_secs_f64());
    }
}

impl Default for LiveMetrics {
    fn default() -> Self {
        Self::new()
    }
}
