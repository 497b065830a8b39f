//! Why the ledger could not say what became of a command.

use std::sync::Arc;
use std::time::Duration;

use crate::db::{Cause, Fault};
use crate::domain::FaultKind;

/// After how long a caller may come back when somebody else holds what is needed: as long as the
/// ledger itself was patient, more or less.
const RETRY_AFTER_CONTENTION: Duration = Duration::from_secs(1);

/// Why a command was not decided, as far as is known.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LedgerError {
    /// As many commands wait as may. Nothing was done.
    #[error("the ledger's queue is full")]
    QueueFull {
        /// After how long it may be worth trying again.
        retry_after: Duration,
    },
    /// The command waited for as long as it may, and was not begun. Nothing was done, and nothing
    /// will be.
    #[error("the command waited for too long")]
    Overdue {
        /// After how long it may be worth trying again.
        retry_after: Duration,
    },
    /// It is one of many, and its turn had not come when there was no more time. Nothing was done,
    /// and nothing will be.
    #[error("the command's turn did not come in time")]
    NotBegun,
    /// It is one of many, and had not been answered when there was no more time. It may have been
    /// carried out, or may yet be.
    #[error("the command was not answered in time")]
    GivenUp,
    /// The server is stopping. Nothing was done.
    #[error("the ledger has stopped")]
    Stopped,
    /// The writer failed over this command.
    #[error("the ledger's writer failed")]
    Lost,
    /// The database failed, and went on failing for as long as was tried.
    #[error("the ledger could not write")]
    Database(#[source] Arc<Fault>),
}

impl LedgerError {
    /// How a caller should take it.
    pub fn kind(&self) -> FaultKind {
        match self {
            Self::QueueFull { .. } | Self::Overdue { .. } | Self::NotBegun | Self::GivenUp => {
                FaultKind::Busy
            }
            Self::Stopped => FaultKind::Unavailable,
            Self::Lost => FaultKind::Internal,
            Self::Database(fault) => fault.kind(),
        }
    }

    /// After how long it may be worth trying again, where that can be told.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::QueueFull { retry_after } | Self::Overdue { retry_after } => Some(*retry_after),
            Self::Database(fault) => match fault.cause {
                Cause::Contended | Cause::Duplicate => Some(RETRY_AFTER_CONTENTION),
                Cause::Unreachable | Cause::Other => None,
            },
            Self::NotBegun | Self::GivenUp | Self::Stopped | Self::Lost => None,
        }
    }
}
