//! Errors as clients see them: a fixed text, a code, whether to try again, and the id under which
//! the log tells the cause.

use std::error::Error as StdError;
use std::time::Duration;

use async_graphql::{Error, ErrorExtensionValues, ErrorExtensions as _, Value};

use super::codes;
use super::context::RequestContext;
use super::needs::Needs;
use super::object::InventoryLineFailureCode;
use crate::audit::export::ExportError;
use crate::count::CountError;
use crate::domain::FaultKind;
use crate::ledger::LedgerError;
use crate::store::StoreError;
use crate::telemetry::causes;

/// A failure that a room below tells of.
pub(super) trait Failure: StdError + 'static {
    /// How a caller should take it.
    fn kind(&self) -> FaultKind;

    /// After how long it may be worth trying again, where that can be told.
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}

impl Failure for StoreError {
    fn kind(&self) -> FaultKind {
        self.kind()
    }
}

impl Failure for ExportError {
    fn kind(&self) -> FaultKind {
        self.kind()
    }
}

impl Failure for LedgerError {
    fn kind(&self) -> FaultKind {
        self.kind()
    }

    fn retry_after(&self) -> Option<Duration> {
        self.retry_after()
    }
}

impl Failure for CountError {
    fn kind(&self) -> FaultKind {
        self.kind()
    }

    fn retry_after(&self) -> Option<Duration> {
        self.retry_after()
    }
}

impl RequestContext {
    /// Logs a failure with its causes, and answers what the client is told of it.
    pub(super) fn failed(&self, failure: &impl Failure) -> Error {
        let kind = failure.kind();
        let causes = causes(failure);
        let (request_id, code) = (self.request_id.as_str(), told(kind).0);
        match kind {
            FaultKind::Busy => tracing::warn!(request_id, code, causes, "a request failed"),
            FaultKind::Unavailable | FaultKind::Internal => {
                tracing::error!(request_id, code, causes, "a request failed");
            }
        }
        let told = self.tell(kind);
        match failure.retry_after() {
            Some(retry_after) => told.extend_with(|_error, extensions| {
                let retry_after_ms = u64::try_from(retry_after.as_millis()).unwrap_or(u64::MAX);
                extensions.set("retryAfterMs", retry_after_ms);
            }),
            None => told,
        }
    }

    /// Logs that lines of a bulk failed, with the causes of the first.
    pub(super) fn lines_failed<'a>(&self, mut errors: impl Iterator<Item = &'a LedgerError>) {
        let Some(first) = errors.next() else { return };
        let lines = errors.count().saturating_add(1);
        let (request_id, causes) = (self.request_id.as_str(), causes(first));
        match first.kind() {
            FaultKind::Busy => tracing::warn!(request_id, lines, causes, "lines of a bulk failed"),
            FaultKind::Unavailable | FaultKind::Internal => {
                tracing::error!(request_id, lines, causes, "lines of a bulk failed");
            }
        }
    }

    /// What the client is told of a failure that has been logged.
    pub(super) fn tell(&self, kind: FaultKind) -> Error {
        let (code, text) = told(kind);
        self.error(text, code)
    }

    /// An argument of a query that is out of bounds, at this path of the field's arguments.
    pub(super) fn invalid_argument(&self, field: &[&str], text: impl std::fmt::Display) -> Error {
        let path: Vec<Value> = field.iter().map(|part| Value::from(*part)).collect();
        self.error(format!("{} {text}", field.join(".")), codes::INVALID_ARGUMENT)
            .extend_with(|_error, extensions| extensions.set("field", Value::List(path)))
    }

    /// The caller has none of the scopes that are needed.
    pub(super) fn forbidden(&self, needs: Needs) -> Error {
        let text = format!("this needs the scope {needs}, which the caller does not have");
        let scopes: Vec<Value> = needs.names().map(Value::from).collect();
        self.error(text, codes::FORBIDDEN)
            .extend_with(|_error, extensions| extensions.set("scopes", Value::List(scopes)))
    }

    /// The answer would have more than `values_max` values.
    pub(super) fn too_complex(&self, values_max: u64) -> Error {
        let text = format!(
            "the answer would cost more than {values_max} values; ask for shorter pages, fewer \
             nested ones, or fewer fields"
        );
        self.error(text, codes::QUERY_TOO_COMPLEX)
            .extend_with(|_error, extensions| extensions.set("limit", values_max))
    }

    fn error(&self, text: impl Into<String>, code: &'static str) -> Error {
        Error::new(text)
            .extend_with(|_error, extensions| describe(extensions, code, &self.request_id))
    }
}

/// What the client is told of a line of a bulk that failed.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineFailure {
    pub(super) code: InventoryLineFailureCode,
    pub(super) message: &'static str,
    /// After how long it may be worth trying again, where that can be told.
    pub(super) retry_after: Option<Duration>,
}

impl LineFailure {
    pub(super) fn of(error: &LedgerError) -> Self {
        let (code, message) = match (error, error.kind()) {
            (LedgerError::GivenUp, _) => (
                InventoryLineFailureCode::Timeout,
                "the line was not answered in time, and may have been carried out; send it again, \
                 with the same idempotency key",
            ),
            (LedgerError::NotBegun, _) => (
                InventoryLineFailureCode::Busy,
                "the line was not begun in time; send it again, with the same idempotency key",
            ),
            (_, FaultKind::Busy) => (InventoryLineFailureCode::Busy, told(FaultKind::Busy).1),
            (_, FaultKind::Unavailable) => {
                (InventoryLineFailureCode::Unavailable, told(FaultKind::Unavailable).1)
            }
            (_, FaultKind::Internal) => {
                (InventoryLineFailureCode::Internal, told(FaultKind::Internal).1)
            }
        };
        Self { code, message, retry_after: error.retry_after() }
    }
}

/// The code and the text of a failure.
fn told(kind: FaultKind) -> (&'static str, &'static str) {
    match kind {
        FaultKind::Busy => (
            codes::BUSY,
            "too much is going on at once; send the same request again, with the same idempotency key",
        ),
        FaultKind::Unavailable => (
            codes::UNAVAILABLE,
            "the database cannot be reached; send the same request again later, with the same idempotency key",
        ),
        FaultKind::Internal => {
            (codes::INTERNAL, "the server failed; its log tells more under the request id")
        }
    }
}

/// Puts what every error says into its extensions.
pub(super) fn describe(extensions: &mut ErrorExtensionValues, code: &str, request_id: &str) {
    extensions.set("code", code);
    extensions.set("retryable", code == codes::BUSY || code == codes::UNAVAILABLE);
    extensions.set("requestId", request_id);
}
