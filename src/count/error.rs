//! Why it is not known what became of a request about a count.

use std::time::Duration;

use crate::db::Fault;
use crate::domain::FaultKind;
use crate::ledger::LedgerError;

/// Why a request about a count came to no end. The same request may be sent again: nothing is done
/// twice.
#[derive(Debug, thiserror::Error)]
pub enum CountError {
    /// The database failed.
    #[error("the count could not be read or written")]
    Database(#[from] Fault),
    /// The ledger did not say what became of the adjustments.
    #[error("the count could not be put on the books")]
    Ledger(#[from] LedgerError),
}

impl CountError {
    /// How a caller should take it.
    pub fn kind(&self) -> FaultKind {
        match self {
            Self::Database(fault) => fault.kind(),
            Self::Ledger(error) => error.kind(),
        }
    }

    /// After how long it may be worth trying again, where that can be told.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Database(_) => None,
            Self::Ledger(error) => error.retry_after(),
        }
    }
}
