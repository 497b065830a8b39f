//! The API: the schema, its resolvers, and what its errors look like.
//!
//! A mutation walks straight through: input → [`Command`](crate::domain::Command) → ledger →
//! payload. A query asks the store, nested fields by loaders that gather what one request needs
//! into a fixed number of statements. What is refused is data; what fails is a top-level error with
//! a code, and its cause stays in the log. A subscription is executed once for each event, as if each
//! were a request ([`begin`](begin())).
//!
//! The names of this room are those of the contract with clients, and the documentation of its
//! types is their manual. It knows neither SQL nor HTTP; no rule about stock is decided here.

mod anomaly_query;
mod answers_query;
mod arguments;
mod audit_query;
mod begin;
mod brackets;
mod budget;
mod bulk_mutation;
mod coded;
pub mod codes;
mod complexity;
mod context;
mod count_mutation;
mod count_query;
mod document_source;
mod documents;
mod error;
mod execute;
mod export;
#[cfg(test)]
mod generated;
mod guard;
mod input;
mod judged;
mod left_out;
mod limits;
mod loader;
mod metrics;
mod mutation;
mod needs;
mod nulls;
mod object;
mod operation;
mod point;
mod query;
mod read;
mod read_token;
mod reading;
mod refusal_query;
mod root_field;
mod scalar;
mod subscription;
mod texts;
mod types;
mod validation_span;
mod values;

use std::sync::Arc;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition};
use async_graphql::{SDLExportOptions, ValidationMode, Variables};
use tokio::sync::Semaphore;

pub use begin::{Begun, LiveAnswers, begin};
pub use document_source::{DOCUMENT_ID, InvalidDocuments, PERSISTED_QUERY};
pub use execute::{ExecuteOptions, Executed, Stage, execute};
pub use export::{ExportOptions, ExportRefused, begin_export};
pub use limits::DocumentLimits;
pub use metrics::{GraphqlMetrics, OUTCOME_OK, OperationMetrics};
pub use operation::Operation;
pub use read_token::ReadTokens;
pub use reading::ReadFrom;

use crate::audit::Audit;
use crate::count::{CountSettings, Counts};
use crate::domain::AnomalyRules;
use crate::ledger::Ledger;
use crate::live::Live;
use crate::store::Store;
use crate::telemetry::trace;
use complexity::Complexity;
use document_source::DocumentSource;
use documents::Documents;
use limits::{Excess, Limited};
use mutation::Mutation;
use operation::Operations;
use query::Query;
use read::Rules;
use subscription::Subscription;
use types::Types;
use validation_span::ValidationSpans;

/// What the schema keeps, and what it executes.
#[derive(Clone, Debug)]
pub struct SchemaSettings {
    /// Memory for the documents that are known, in bytes; 0 to parse and validate each document
    /// each time.
    pub document_cache_bytes: u64,
    /// Memory for documents that clients name by their hash, in bytes; 0 for none.
    pub persisted_queries_bytes: u64,
    /// What a document may have.
    pub limits: DocumentLimits,
    /// Whether the schema tells what it is, also by what an error suggests.
    pub introspection: bool,
    /// Rules of stocktakes.
    pub counts: CountSettings,
    /// By which rules anomalies are found.
    pub anomaly_rules: AnomalyRules,
}

impl Default for SchemaSettings {
    fn default() -> Self {
        Self {
            document_cache_bytes: 16 * 1024 * 1024,
            persisted_queries_bytes: 4 * 1024 * 1024,
            limits: DocumentLimits::default(),
            introspection: true,
            counts: CountSettings::default(),
            anomaly_rules: AnomalyRules::default(),
        }
    }
}

/// The schema with everything that its resolvers need. Cheap to clone.
#[derive(Clone)]
pub struct Schema {
    /// For documents that are not known.
    strict: Inner,
    /// For documents that were validated by the other one.
    fast: Inner,
    types: Arc<Types>,
    operations: Arc<Operations>,
    rules: Rules,
    source: DocumentSource,
    documents: Arc<Documents>,
    store: Arc<Store>,
    audit: Audit,
    metrics: GraphqlMetrics,
    /// What happens to the books; `None` where nobody follows them.
    live: Option<Live>,
    /// Events that may be answered at once, for all who listen.
    event_turns: Arc<Semaphore>,
}

impl Schema {
    /// Where requests are counted that do not come so far that it is known what they ask for.
    pub fn metrics_of_none(&self) -> Arc<OperationMetrics> {
        Arc::clone(self.operations.none())
    }

    /// The same schema, whose subscriptions tell what `live` follows.
    #[must_use]
    pub fn following(self, live: Live) -> Self {
        Self { live: Some(live), ..self }
    }

    /// What proves the books that it is asked about.
    pub fn audit(&self) -> &Audit {
        &self.audit
    }
}

type Inner = async_graphql::Schema<Query, Mutation, Subscription>;

/// Events that are answered at once. What is nested in an answer is read from the books, and however
/// many listen must not ask more of them than a page of readers does.
const EVENTS_MAX: usize = 16;

/// The schema over these books.
pub fn build_schema(
    store: Store,
    ledger: Ledger,
    settings: SchemaSettings,
    metrics: GraphqlMetrics,
) -> Schema {
    let audit = Audit::new(store.clone()).with_anomaly_rules(settings.anomaly_rules);
    let counts = Counts::new(&store, ledger.clone(), settings.counts);
    let inner = |mode, store: Store, ledger: Ledger| -> Inner {
        let mut builder = builder().validation_mode(mode).data(store).data(ledger);
        builder = builder.data(audit.clone()).data(counts.clone());
        builder = builder.data(metrics.clone());
        if trace::is_on() && matches!(mode, ValidationMode::Strict) {
            builder = builder.extension(ValidationSpans);
        }
        if settings.introspection { builder } else { builder.disable_suggestions() }.finish()
    };
    let strict = inner(ValidationMode::Strict, store.clone(), ledger.clone());
    let types = Types::read(&strict.sdl());
    Schema {
        operations: Arc::new(Operations::new(&types, &metrics)),
        types: Arc::new(types),
        strict,
        fast: inner(ValidationMode::Fast, store.clone(), ledger),
        rules: Rules { limits: settings.limits, introspection: settings.introspection },
        source: DocumentSource::any(settings.persisted_queries_bytes),
        documents: Arc::new(Documents::new(settings.document_cache_bytes)),
        store: Arc::new(store),
        audit,
        metrics,
        live: None,
        event_turns: Arc::new(Semaphore::new(EVENTS_MAX)),
    }
}

impl Schema {
    /// How complex an operation of a document is.
    fn complexity(
        &self,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
    ) -> Complexity {
        Complexity::of(&self.types, document, operation)
    }

    /// Refuses what would have too long an answer with these variables.
    fn bearable(
        &self,
        complexity: Option<&Complexity>,
        variables: &Variables,
    ) -> Result<(), Excess> {
        let value = complexity.map_or(0, |complexity| complexity.value(variables));
        Excess::check(Limited::Complexity, value, self.rules.limits.complexity_max)
    }
}

/// The schema in the schema definition language, sorted, so that it differs only where it does.
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    builder().finish().sdl_with_options(options)
}

fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, Subscription> {
    Inner::build(Query::default(), Mutation::default(), Subscription)
}
