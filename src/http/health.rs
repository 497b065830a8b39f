//! Two questions of those who run the server: does it live, and may it be sent requests.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use futures_util::future::BoxFuture;
use serde_json::json;

use super::HttpState;

/// How long the database may take to give a sign of life.
const CHECK_MAX: Duration = Duration::from_secs(2);

/// Why the server should not be sent requests. The cause is in the log, not in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unready {
    /// The database does not answer.
    DatabaseUnreachable,
    /// The database answers, but its tables are not those of this version.
    NotMigrated,
}

impl Unready {
    fn check(self) -> &'static str {
        match self {
            Self::DatabaseUnreachable => "database",
            Self::NotMigrated => "migrations",
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::DatabaseUnreachable => "the database does not answer",
            Self::NotMigrated => "the tables are not up to date; run `stockflow migrate up`",
        }
    }
}

/// Knows whether the server can do its work. Handed in, so that this room needs no database.
pub trait Readiness: Send + Sync {
    /// Looks, now.
    fn check(&self) -> BoxFuture<'_, Result<(), Unready>>;
}

/// `GET /healthz`: the process lives. Asks nothing of anybody, because a server that is
/// restarted for its database's failure helps nobody.
pub(super) async fn alive() -> &'static str {
    "ok"
}

/// `GET /readyz`: migrated, and the database answers.
pub(super) async fn ready(State(state): State<Arc<HttpState>>) -> Response {
    let checked =
        tokio::time::timeout(CHECK_MAX, state.readiness.check()).await.unwrap_or_else(|_elapsed| {
            tracing::warn!("the database gave no sign of life in time");
            Err(Unready::DatabaseUnreachable)
        });
    match checked {
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
