//! Why the ledger could not say what became of a command.

use std::sync::Arc;

use crate::db::Fault;
use crate::domain::FaultKind;

/// Why a command was not decided, as far as is known.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LedgerError {
    /// As many commands wait as may. Nothing was done.
    #[error("the ledger's queue is full")]
    QueueFull,
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
            Self::QueueFull => FaultKind::Busy,
            Self::Stopped => FaultKind::Unavailable,
            Self::Lost => FaultKind::Internal,
            Self::Database(fault) => fault.kind(),
        }
    }
}
