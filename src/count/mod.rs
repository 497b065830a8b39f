//! Stocktakes: sessions in which a merchant's shelves are counted while the shop sells.
//!
//! A count is started over some SKUs ([`start`]); observations of their shelves are recorded
//! ([`record`]), by several people, late and out of order; what they come to is read ([`results`]);
//! and in the end the count is completed ([`complete`]) or abandoned ([`abandon`]), once and for ever.
//!
//! What is written here lies beside the stocks, in transactions that have the count's row locked: who
//! records, and who abandons, finds it open, and nobody closes it meanwhile. It is the [`Ledger`] that
//! adjusts the stocks. It locks the count's row in the same transaction, finds it open and at the
//! revision by which it was reckoned, adjusts all SKUs and marks it completed: so there is no moment at
//! which a count is half completed, whatever is killed, and no two people complete it twice. A record
//! that came in between has changed the revision; then the count is reckoned anew.
//!
//! Everything is read from the primary, for people decide by it: counts are few, and short.
//!
//! What an observation means is told by [`crate::domain::count`].

mod abandon;
mod complete;
mod error;
mod find;
mod observations;
mod places;
mod record;
mod results;
mod rows;
mod start;
mod statement;

use std::sync::Arc;
use std::time::Duration;

use backon::ExponentialBuilder;
use sea_orm::{DatabaseTransaction, Statement};
use tokio::sync::{Semaphore, SemaphorePermit};

pub use complete::CompleteCount;
pub use error::CountError;
pub use find::CountFilter;

use crate::db::{Database, Dialect, Fault, ReadFrom, Rows, Wanted};
use crate::domain::{Clock, ReadAfter, Visibility};
use crate::ledger::Ledger;
use crate::store::Store;

/// Rules that whoever runs the server sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountSettings {
    /// Units of variance, over and short together, above which a count must be completed by somebody
    /// who neither started it nor counted; `None` for never.
    pub second_person_above_units: Option<i64>,
}

/// Carries counts out. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Counts {
    database: Database,
    ledger: Ledger,
    clock: Clock,
    settings: CountSettings,
    /// One for the transaction that may be under way: the connections that write beside the stocks are
    /// few, and others need them.
    turns: Arc<Semaphore>,
}

impl Counts {
    /// Counts over the books that `store` reads and `ledger` writes.
    pub fn new(store: &Store, ledger: Ledger, settings: CountSettings) -> Self {
        let database = store.database().clone();
        let turns = Arc::new(Semaphore::new(1));
        Self { database, ledger, clock: Clock::system(), settings, turns }
    }

    fn dialect(&self) -> Dialect {
        self.database.dialect()
    }

    /// A transaction beside the stocks, when it has its turn, which lasts as long as it does.
    async fn begin(&self) -> Result<(SemaphorePermit<'_>, DatabaseTransaction), Fault> {
        let turn = self.turns.acquire().await.map_err(|_closed| Fault::lost())?;
        Ok((turn, self.database.begin_beside_stock().await?))
    }

    /// Reads from the primary.
    async fn read(&self, statement: Statement) -> Result<Rows, Fault> {
        let any = ReadAfter::default();
        let wanted = Wanted {
            from: ReadFrom::Primary,
            reached: &any,
            visibility: Visibility::All,
            few: true,
        };
        self.database.read(statement, wanted).await
    }
}

/// How often what a passing trouble hinders is carried out again: for as long as the ledger would.
fn retries() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(2))
        .with_max_delay(Duration::from_millis(500))
        .with_max_times(12)
        .with_jitter()
}

/// Commits what was done, or rolls back what failed.
async fn ended<T>(transaction: DatabaseTransaction, done: Result<T, Fault>) -> Result<T, Fault> {
    match done {
        Ok(value) => {
            transaction.commit().await?;
            Ok(value)
        }
        Err(fault) => {
            // The first fault is the one that tells why.
            if let Err(error) = transaction.rollback().await {
                tracing::debug!(%error, "a rollback failed");
            }
            Err(fault)
        }
    }
}
