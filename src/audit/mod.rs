//! Proves the books: what they hold is recomputed from the entries, whatever wrote them.
//!
//! Everything here reads in pages of some thousands of entries ([`entries`]), so that memory does not
//! grow with the history, whoever asks can go away at any page, and no statement and no transaction
//! is long. No snapshot is held either, and none is needed: an entry never changes, and a stock of
//! version `v` is committed together with its entries 1 to `v`. So whoever reads the stock first, and
//! then the entries up to its version, has seen both as they were at one moment, however long it took;
//! and what lies beyond that version must be known to the primary's own stock, asked again at the end.
//! A sale under way is never a finding.
//!
//! What adds up may look unusual all the same ([`anomalies`]); that is for people to judge.
//!
//! What the findings are is told by the domain ([`crate::domain::finding`]); this room brings the rows.
//! It adds rows of its own beside the books, and never changes these. It knows neither the ledger nor
//! GraphQL nor HTTP.

mod anomalies;
mod checkpoints;
pub(crate) mod entries;
pub mod export;
mod history;
mod proof;
mod reconcile;
pub mod seal;
mod stocks;
mod sweep;
mod verify;

pub use anomalies::{AnomalyBounds, AnomalyPage};
pub use entries::{Read, Unreadable};
pub use proof::Proof;
pub use sweep::{Checks, Place, Swept, Watcher};
pub use verify::Verified;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::db::{Database, Fault, ReadFrom, Wanted};
use crate::domain::{AnomalyRules, Clock, Cut, Point, ReadAfter, Visibility};
use crate::store::{Asked, Loaded, Store};

/// Long pieces of work that may be under way at once, by all callers together: each keeps a
/// connection of the readers busy.
const TURNS_MAX: usize = 4;

/// How long one may wait for its turn.
const TURN_WAIT_MAX: Duration = Duration::from_secs(1);

/// What is asked of a source whose answers are nobody's yet: everybody's books.
fn wanted(from: ReadFrom, reached: &ReadAfter) -> Wanted<'_> {
    Wanted { from, reached, visibility: Visibility::All, few: false }
}

/// What any source has reached.
fn any() -> ReadAfter {
    ReadAfter::default()
}

/// Proves the books. Cheap to clone; all clones share the turns.
#[derive(Clone, Debug)]
pub struct Audit {
    store: Store,
    clock: Clock,
    turns: Arc<Semaphore>,
    export_turns: Arc<Semaphore>,
    anomaly_rules: Arc<AnomalyRules>,
    anomaly_bounds: AnomalyBounds,
}

/// A turn at long work, for as long as it lives.
#[derive(Debug)]
pub struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl Audit {
    /// An auditor of the books that `store` reads.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            clock: Clock::system(),
            turns: Arc::new(Semaphore::new(TURNS_MAX)),
            export_turns: Arc::new(Semaphore::new(TURNS_MAX)),
            anomaly_rules: Arc::default(),
            anomaly_bounds: AnomalyBounds::default(),
        }
    }

    /// The same, by another clock than the machine's.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The same, that finds anomalies by other rules than those of the default settings.
    #[must_use]
    pub fn with_anomaly_rules(self, rules: AnomalyRules) -> Self {
        Self { anomaly_rules: Arc::new(rules), ..self }
    }

    /// The same, that looks for anomalies in pages of another size.
    #[must_use]
    pub fn with_anomaly_bounds(self, bounds: AnomalyBounds) -> Self {
        Self { anomaly_bounds: bounds, ..self }
    }

    /// By which it tells what is past.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The readers of the same books.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Where the books are.
    pub(crate) fn database(&self) -> &Database {
        self.store().database()
    }

    /// The cut of the books at a point of the past; `None` if the point is an entry that does not
    /// exist.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails.
    pub async fn find_cut(&self, point: Point, asked: &Asked) -> Loaded<Option<Cut>> {
        Ok(self.store.find_cut(point, self.clock.now(), asked).await?.value)
    }

    /// A turn at work that reads many thousands of entries.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError), as busy, when others have all of them and none comes
    /// free in a second.
    pub async fn turn(&self) -> Loaded<Turn> {
        take(&self.turns).await
    }

    /// A turn at an export, which takes as long as its reader: others must not have to wait for that.
    ///
    /// # Errors
    ///
    /// As [`Audit::turn`].
    pub async fn export_turn(&self) -> Loaded<Turn> {
        take(&self.export_turns).await
    }
}

async fn take(turns: &Arc<Semaphore>) -> Loaded<Turn> {
    let turn = tokio::time::timeout(TURN_WAIT_MAX, Arc::clone(turns).acquire_owned());
    match turn.await {
        Ok(Ok(permit)) => Ok(Turn { _permit: permit }),
        Ok(Err(_closed)) => Err(Fault::lost().into()),
        Err(_elapsed) => Err(Fault::crowded().into()),
    }
}
