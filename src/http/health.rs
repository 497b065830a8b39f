//! Two questions of those who run the server: does it live, and may it be sent requests.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures_util::future::BoxFuture;
use serde_json::json;

use super::Stopping;

/// Why the server should not be sent requests. The cause is in the log, not in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unready {
    /// The database does not answer.
    DatabaseUnreachable,
    /// The database answers, but its tables are not those of this version.
    NotMigrated,
    /// As many changes of stock wait as may.
    QueueFull,
    /// The server was asked to stop.
    Draining,
}

impl Unready {
    fn check(self) -> &'static str {
        match self {
            Self::DatabaseUnreachable => "database",
            Self::NotMigrated => "migrations",
            Self::QueueFull => "ledger",
            Self::Draining => "draining",
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::DatabaseUnreachable => "the database does not answer",
            Self::NotMigrated => "the tables are not up to date; run `stockflow migrate up`",
            Self::QueueFull => "as many changes of stock wait as may",
            Self::Draining => "the server was asked to stop",
        }
    }
}

/// Knows whether the server can do its work. Handed in, so that this room needs no database.
pub trait Readiness: Send + Sync {
    /// Looks, or tells what it has seen a moment ago: anybody may ask, as often as they like. Answers
    /// within a few seconds, whatever it finds.
    fn check(&self) -> BoxFuture<'_, Result<(), Unready>>;
}

/// What answers the two questions.
pub(super) struct Health {
    pub(super) readiness: Arc<dyn Readiness>,
    pub(super) stopping: Stopping,
}

const HEALTHZ: &str = "/healthz";
const READYZ: &str = "/readyz";

/// The routes of the two questions.
pub(super) fn router(health: Health) -> Router {
    Router::new().route(HEALTHZ, get(alive)).route(READYZ, get(ready)).with_state(Arc::new(health))
}

/// Whether a path is one of theirs.
pub(super) fn is_asked(path: &str) -> bool {
    [HEALTHZ, READYZ].contains(&path)
}

/// `GET /healthz`: the process lives. Asks nothing of anybody, because a server that is
/// restarted for its database's failure helps nobody.
async fn alive() -> &'static str {
    "ok"
}

/// `GET /readyz`: nobody has asked for the end, the database answers and is migrated, and changes of
/// stock are taken.
async fn ready(State(health): State<Arc<Health>>) -> Response {
    match health.check().await {
        Ok(()) => Json(json!({ "ready": true })).into_response(),
        Err(unready) => {
            let body = json!({
                "ready": false,
                "failed": unready.check(),
                "message": unready.message(),
            });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}

impl Health {
    async fn check(&self) -> Result<(), Unready> {
        if self.stopping.is_draining() {
            return Err(Unready::Draining);
        }
        self.readiness.check().await
    }
}
