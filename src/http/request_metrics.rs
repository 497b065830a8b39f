//! What this room counts of requests, whatever they ask for. What GraphQL requests ask for is counted
//! by `graphql`.

use axum::http::StatusCode;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;

use crate::telemetry::Metrics;

/// The classes of status codes, by their first digit less one.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Class {
    class: &'static str,
}

/// The numbers of requests and answers. Clones count together.
#[derive(Clone, Debug)]
pub struct HttpMetrics {
    responses: Family<Class, Counter>,
    by_class: [Counter; 5],
    gone: Counter,
    under_way: Gauge,
}

impl HttpMetrics {
    /// Nothing counted yet.
    pub fn new() -> Self {
        let responses: Family<Class, Counter> = Family::default();
        let by_class = CLASSES.map(|class| responses.get_or_create_owned(&Class { class }));
        Self { responses, by_class, gone: Counter::default(), under_way: Gauge::default() }
    }

    /// Registers the numbers under `stockflow_http_…`.
    pub fn register(&self, metrics: &mut Metrics) {
        let room = metrics.room("http");
        room.register(
            "responses",
            "Answers to requests of whatever path, by the class of their status",
            self.responses.clone(),
        );
        room.register(
            "clients_gone",
            "Requests whose clients hung up before they were answered",
            self.gone.clone(),
        );
        room.register(
            "requests_under_way",
            "Requests that are being read or answered now",
            self.under_way.clone(),
        );
    }

    pub(super) fn began(&self) {
        self.under_way.inc();
    }

    /// It ended with an answer, or its client has gone.
    pub(super) fn ended(&self, status: Option<StatusCode>) {
        self.under_way.dec();
        let Some(status) = status else {
            self.gone.inc();
            return;
        };
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(counter) = self.by_class.get(class) {
            counter.inc();
        }
    }
}

impl Default for HttpMetrics {
    fn default() -> Self {
        Self::new()
    }
}
