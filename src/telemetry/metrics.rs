//! What is counted, for an operator's Prometheus.
//!
//! Each room counts what is its own, in numbers of its own, and registers them here once; nothing
//! is global. A histogram keeps a number a bucket, not the values, so that nothing grows with what
//! is served.

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::process;

/// The media type of [`Metrics::text`] (OpenMetrics 1.0).
pub const METRICS_MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Everything that is counted. The names all begin with `stockflow_`.
#[derive(Debug)]
pub struct Metrics(Registry);

impl Metrics {
    /// Nothing yet but what is told of the process itself.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("stockflow");
        process::register(&mut registry);
        Self(registry)
    }

    /// Where a room registers what it counts, under names that begin with its own.
    pub fn room(&mut self, name: &str) -> &mut Registry {
        self.0.sub_registry_with_prefix(name)
    }

    /// All the numbers as they are now, in the text format of OpenMetrics.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if let Err(error) = encode(&mut text, &self.0) {
            // Writing to a String cannot fail.
            tracing::error!(%error, "the metrics could not be written");
        }
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// A histogram of durations in seconds, from a tenth of a millisecond to ten seconds.
pub fn seconds() -> Histogram {
    Histogram::new([
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0,
        2.5, 5.0, 10.0,
    ])
}

/// A histogram of how many there were of something, from 1 to 2,500.
pub fn counts() -> Histogram {
    Histogram::new([1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_500.0])
}
