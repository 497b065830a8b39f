//! What belongs to one request: who asks, under which id it is logged, and its loaders.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use async_graphql::Context;
use chrono::{DateTime, Utc};

use super::Schema;
use super::budget::Budget;
use super::loader::FreshLoaders;
use super::metrics::GraphqlMetrics;
use super::reading::Reading;
use super::subscription::Step;
use crate::audit::Audit;
use crate::auth::Caller;
use crate::count::Counts;
use crate::domain::request::Envelope;
use crate::ledger::Ledger;
use crate::store::{Asked, Store};

/// One request.
pub(super) struct RequestContext {
    pub(super) caller: Caller,
    /// When it was begun.
    pub(super) begun_at: DateTime<Utc>,
    pub(super) request_id: String,
    /// When its time is over, if that can be told.
    pub(super) answer_by: Option<Instant>,
    /// What its reads ask for, and from where they were answered.
    pub(super) reading: Arc<Reading>,
    pub(super) loaders: FreshLoaders,
    /// What is left of what its answer may cost.
    pub(super) budget: Budget,
    /// Held while a proof is sought, which takes a turn that is for all callers.
    pub(super) proofs: tokio::sync::Mutex<()>,
    /// Whether something was refused by user errors, for whoever counts requests.
    pub(super) refused: Arc<AtomicBool>,
}

impl RequestContext {
    /// One that begins now.
    pub(super) fn new(schema: &Schema, caller: Caller, request_id: String, asked: Asked) -> Self {
        let reading = Arc::new(Reading::new(asked));
        Self {
            caller,
            begun_at: schema.audit.clock().now(),
            request_id,
            answer_by: None,
            loaders: FreshLoaders::new(Arc::clone(&schema.store), Arc::clone(&reading)),
            reading,
            budget: Budget::new(schema.rules.limits.complexity_max),
            proofs: tokio::sync::Mutex::default(),
            refused: Arc::default(),
        }
    }

    /// Everything that a request to write says besides what it wants.
    pub(super) fn envelope(&self, idempotency_key: String, reason: Option<String>) -> Envelope {
        Envelope {
            scope: self.caller.idempotency_scope().to_owned(),
            actor: self.caller.actor().to_owned(),
            visibility: self.caller.visibility(),
            idempotency_key,
            reason,
        }
    }
}

/// Typed ways to what a resolver needs.
pub(super) trait ContextExt {
    /// The request.
    fn request(&self) -> &RequestContext;
    /// The readers.
    fn store(&self) -> &Store;
    /// What proves the books.
    fn audit(&self) -> &Audit;
    /// The writer.
    fn ledger(&self) -> &Ledger;
    /// The stocktakes.
    fn counts(&self) -> &Counts;
    /// What is counted.
    fn metrics(&self) -> &GraphqlMetrics;
    /// What a subscription is asked for.
    fn step(&self) -> &Step;
}

// `data_unchecked` panics when the data was never put in. The schema is built, and requests are
// executed, in one place each, which do.
impl ContextExt for Context<'_> {
    fn request(&self) -> &RequestContext {
        self.data_unchecked()
    }

    fn store(&self) -> &Store {
        self.data_unchecked()
    }

    fn audit(&self) -> &Audit {
        self.data_unchecked()
    }

    fn ledger(&self) -> &Ledger {
        self.data_unchecked()
    }

    fn counts(&self) -> &Counts {
        self.data_unchecked()
    }

    fn metrics(&self) -> &GraphqlMetrics {
        self.data_unchecked()
    }

    fn step(&self) -> &Step {
        self.data_unchecked()
    }
}
