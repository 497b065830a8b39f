//! Whether the server can do its work, as `/readyz` asks.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use crate::db::Database;
use crate::http::{Readiness, Unready};

/// Asks the database.
#[derive(Clone, Debug)]
pub(super) struct DatabaseReadiness(pub(super) Database);

impl Readiness for DatabaseReadiness {
    fn check(&self) -> BoxFuture<'_, Result<(), Unready>> {
        async {
            self.0.ping().await.map_err(|fault| {
                tracing::warn!(error = %fault.source, "the database gives no sign of life");
                Unready::DatabaseUnreachable
            })?;
            let migrations = self.0.migrations().await.map_err(|error| {
                tracing::warn!(%error, "the database does not tell how its tables stand");
                Unready::NotMigrated
            })?;
            let migrated = migrations.iter().all(|migration| migration.applied);
            migrated.then_some(()).ok_or(Unready::NotMigrated)
        }
        .boxed()
    }
}
