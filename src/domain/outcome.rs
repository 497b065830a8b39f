//! What became of a command.

use super::{Flow, Inventory, Refusal};

/// One entry that a command wrote, and the stock as it left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptLine {
    /// The entry.
    pub flow: Flow,
    /// The stock right after it.
    pub inventory: Inventory,
}

/// What became of a command that the ledger could decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was carried out: one entry a line, in the order of the request. If `replayed`, that was
    /// earlier, and nothing was written now.
    Done {
        /// What was written, then or now.
        receipt: Vec<ReceiptLine>,
        /// Whether it had been carried out before.
        replayed: bool,
    },
    /// It was refused, for these reasons, and nothing was written.
    Refused(Vec<Refusal>),
}
