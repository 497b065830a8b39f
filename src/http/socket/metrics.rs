//! What is counted of sockets.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;

use crate::telemetry::Metrics;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: String,
}

/// The numbers of sockets. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct SocketMetrics {
    open: Gauge,
    operations: Counter,
    operations_under_way: Gauge,
    results: Counter,
    closed: Family<Code, Counter>,
}

impl SocketMetrics {
    /// Nothing counted yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers the numbers under `stockflow_sockets_…`.
    pub fn register(&self, metrics: &mut Metrics) {
        let room = metrics.room("sockets");
        room.register("open", "WebSockets that are open now", self.open.clone());
        room.register("operations", "Operations sent over WebSockets", self.operations.clone());
        room.register(
            "operations_under_way",
            "Operations sent over WebSockets that are under way now, subscriptions among them",
            self.operations_under_way.clone(),
        );
        room.register(
            "results",
            "Results sent over WebSockets, those of subscriptions among them",
            self.results.clone(),
        );
        room.register(
            "closed",
            "WebSockets that were closed, by the code with which the server closed them",
            self.closed.clone(),
        );
    }

    pub(super) fn opened(&self) {
        self.open.inc();
    }

    /// A socket ended; `code` is one of the server's, or tells that the client has ended it.
    pub(super) fn ended(&self, code: &str) {
        self.open.dec();
        self.closed.get_or_create(&Code { code: code.to_owned() }).inc();
    }

    pub(super) fn operation_began(&self) {
        self.operations.inc();
        self.operations_under_way.inc();
    }

    pub(super) fn operation_ended(&self) {
        self.operations_under_way.dec();
    }

    pub(super) fn result(&self) {
        self.results.inc();
    }
}
