//! Whether the server can do its work, as `/readyz` asks.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use crate::db::Database;
use crate::http::{Readiness, Unready};
use crate::ledger::Fullness;

/// Asks the database, and the ledger's queue.
#[derive(Clone, Debug)]
pub(super) struct ServerReadiness {
    pub(super) database: Database,
    pub(super) queue: Fullness,
}

impl Readiness for ServerReadiness {
    fn check(&self) -> BoxFuture<'_, Result<(), Unready>> {
        async {
            self.database.ping().await.map_err(|fault| {
                tracing::warn!(error = %fault.source, "the database gives no sign of life");
                Unready::DatabaseUnreachable
            })?;
            let migrations = self.database.migrations().await.map_err(|error| {
                tracing::warn!(%error, "the database does not tell how its tables stand");
                Unready::NotMigrated
            })?;
            let migrated = migrations.iter().all(|migration| migration.applied);
            if !migrated {
                return Err(Unready::NotMigrated);
            }
            if self.queue.is_full() { Err(Unready::QueueFull) } else { Ok(()) }
        }
        .boxed()
    }
}
