//! What this room counts: refusals, by the code that the client was told, and how many requests
//! found their document known.

use async_graphql::resolver_utils::EnumType as _;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;

use super::object::InventoryErrorCode;
use crate::domain::Refusal;
use crate::telemetry::Metrics;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: &'static str,
}

/// The numbers of the API. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct GraphqlMetrics {
    refusals: Family<Code, Counter>,
    documents_known: Counter,
    documents_validated: Counter,
}

impl GraphqlMetrics {
    /// Registers the numbers under `stockflow_graphql_…`.
    pub fn register(&self, metrics: &mut Metrics) {
        let room = metrics.room("graphql");
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
