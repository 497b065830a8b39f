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
//! What the findings are is told by the domain ([`crate::domain::finding`]); this room brings the rows.
//! It adds rows of its own beside the books, and never changes these. It knows neither the ledger nor
//! GraphQL nor HTTP.

pub(crate) mod entries;
pub mod seal;

pub use entries::{Read, Unreadable};

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::db::{Database, Fault};
use crate::store::{Loaded, Store};

/// Long pieces of work that may be under way at once, by all callers together: each keeps a
/// connection of the readers busy.
const TURNS_MAX: usize = 4;

/// How long one may wait for its turn.
const TURN_WAIT_MAX: Duration = Duration::from_secs(1);

/// Proves the books. Cheap to clone; all clones share the turns.
#[derive(Clone, Debug)]
pub struct Audit {
    store: Store,
    turns: Arc<Semaphore>,
}

/// A turn at long work, for as long as it lives.
#[derive(Debug)]
pub struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl Audit {
    /// An auditor of the books that `store` reads.
    pub fn new(store: Store) -> Self {
        Self { store, turns: Arc::new(Semaphore::new(TURNS_MAX)) }
    }

    /// The readers of the same books.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Where the books are.
    pub(crate) fn database(&self) -> &Database {
        self.store().database()
    }

    /// A turn at work that reads many thousands of entries.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError), as busy, when others have all of them and none comes
    /// free in a second.
    pub async fn turn(&self) -> Loaded<Turn> {
        let turn = tokio::time::timeout(TURN_WAIT_MAX, Arc::clone(&self.turns).acquire_owned());
        match turn.await {
            Ok(Ok(permit)) => Ok(Turn { _permit: permit }),
            Ok(Err(_closed)) => Err(Fault::lost().into()),
            Err(_elapsed) => Err(Fault::crowded().into()),
        }
    }
}
