//! What this room counts: requests, by what they ask for and what became of them; refusals, by the
//! code that the client was told; and how many requests found their document known.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::resolver_utils::EnumType as _;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Unit;

use super::object::InventoryErrorCode;
use crate::domain::Refusal;
use crate::telemetry::{Metrics, seconds};

/// What became of a request whose answer has no errors.
pub const OUTCOME_OK: &str = "ok";

/// What became of a request that was refused by user errors, and has no others.
pub(super) const OUTCOME_REFUSED: &str = "refused";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Became {
    operation: Arc<str>,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    operation: Arc<str>,
}

/// The numbers of the API. Clones count together.
#[derive(Clone, Debug)]
pub struct GraphqlMetrics {
    requests: Family<Became, Counter>,
    seconds: Family<Asked, Histogram>,
    refusals: Family<Code, Counter>,
    documents_known: Counter,
    documents_validated: Counter,
}

impl Default for GraphqlMetrics {
    fn default() -> Self {
        Self {
            requests: Family::default(),
            seconds: Family::new_with_constructor(seconds),
            refusals: Family::default(),
            documents_known: Counter::default(),
            documents_validated: Counter::default(),
        }
    }
}

impl GraphqlMetrics {
    /// Registers the numbers under `stockflow_graphql_…`.
    pub fn register(&self, metrics: &mut Metrics) {
        let room = metrics.room("graphql");
        room.register(
            "requests",
            "GraphQL requests, by what they ask for and what became of them",
            self.requests.clone(),
        );
        room.register_with_unit(
            "request",
            "How long GraphQL requests took to be answered, by what they ask for",
            Unit::Seconds,
            self.seconds.clone(),
        );
        room.register(
            "refusals",
            "User errors that mutations answered, by code",
            self.refusals.clone(),
        );
        room.register(
            "documents_known",
            "Requests whose document was known, and only executed",
            self.documents_known.clone(),
        );
        room.register(
            "documents_validated",
            "Requests whose document was validated before it was executed or refused",
            self.documents_validated.clone(),
        );
    }

    /// Where requests are counted that ask for this; a name of the schema's, or of this house's.
    pub(super) fn operation(&self, operation: &str) -> Arc<OperationMetrics> {
        let operation: Arc<str> = operation.into();
        // Owned: who holds one borrowed from a family waits for ever for the next.
        let of = |outcome| {
            let became = Became { operation: Arc::clone(&operation), outcome };
            self.requests.get_or_create_owned(&became)
        };
        let (ok, refused) = (of(OUTCOME_OK), of(OUTCOME_REFUSED));
        let asked = Asked { operation: Arc::clone(&operation) };
        let seconds = self.seconds.get_or_create_owned(&asked);
        Arc::new(OperationMetrics {
            operation,
            ok,
            refused,
            seconds,
            requests: self.requests.clone(),
        })
    }

    /// Counts a request whose document was known.
    pub(super) fn document_known(&self) {
        self.documents_known.inc();
    }

    /// Counts a request whose document was validated.
    pub(super) fn document_validated(&self) {
        self.documents_validated.inc();
    }

    /// Counts what a mutation was refused for.
    pub(super) fn refused(&self, refusals: &[Refusal]) {
        for refusal in refusals {
            let code = InventoryErrorCode::from(&refusal.violation);
            let named = InventoryErrorCode::items().iter().find(|item| item.value == code);
            if let Some(item) = named {
                self.refusals.get_or_create(&Code { code: item.name }).inc();
            }
        }
    }
}

/// The numbers of what requests ask for, at hand.
#[derive(Debug)]
pub struct OperationMetrics {
    operation: Arc<str>,
    ok: Counter,
    refused: Counter,
    seconds: Histogram,
    requests: Family<Became, Counter>,
}

impl OperationMetrics {
    /// By what its requests are counted.
    pub fn label(&self) -> &str {
        &self.operation
    }

    /// Counts a request: what became of it, `ok`, `refused` or the code of its first error, and how
    /// long it took.
    pub fn count(&self, outcome: &'static str, took: Duration) {
        self.seconds.observe(took.as_secs_f64());
        match outcome {
            OUTCOME_OK => self.ok.inc(),
            OUTCOME_REFUSED => self.refused.inc(),
            _code => {
                let operation = Arc::clone(&self.operation);
                self.requests.get_or_create(&Became { operation, outcome }).inc()
            }
        };
    }
}
