//! An amount, proved by the entries that made it.

use async_graphql::SimpleObject;

use super::flow::{InventoryFlow, InventoryFlowKind};
use crate::audit::Proof;
use crate::domain::FlowKind;
use crate::graphql::scalar::BigInt;

/// What the entries of one kind add up to.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub(in crate::graphql) struct InventoryProofSum {
    /// Of which kind they are.
    kind: InventoryFlowKind,
    /// How many there are.
    entry_count: BigInt,
    /// What they took from stock, all in all; negative when units came in.
    quantity_trade: BigInt,
}

/// The entries that made an amount, added up: those up to the version of the stock that it was asked
/// of, so that both are of one moment.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryProof {
    /// The amount with which the SKU was put on the books.
    opening_quantity: BigInt,
    /// A sum for each kind of entries.
    sums: Vec<InventoryProofSum>,
    /// How many entries there are. It should be the stock's version.
    entry_count: BigInt,
    /// The amount that they leave: minus the sum of all that they took.
    leaved_amount: BigInt,
    /// The newest of them; its `quantityAfter` should be the amount. Null if it is missing.
    last_flow: Option<InventoryFlow>,
    /// The sequence up to which the sums had been kept from an earlier time, and were compared with
    /// the entry there; 0 if every entry was added up now. `inventoryReconciliation` adds up every
    /// entry and compares what was kept.
    checkpoint_sequence: BigInt,
    /// Whether all of that makes the stock's amount.
    agrees: bool,
}

impl From<Proof> for InventoryProof {
    fn from(proof: Proof) -> Self {
        let Proof { sums, last, checkpoint, agrees } = proof;
        let sum = |kind: FlowKind| InventoryProofSum {
            kind: kind.into(),
            entry_count: BigInt(sums.of(kind).count),
            quantity_trade: BigInt(sums.of(kind).quantity),
        };
        Self {
            opening_quantity: BigInt(sums.of(FlowKind::Opening).quantity.saturating_neg()),
            sums: FlowKind::ALL.map(sum).into(),
            entry_count: BigInt(sums.count()),
            leaved_amount: BigInt(sums.leaved()),
            last_flow: last.map(Into::into),
            checkpoint_sequence: BigInt(checkpoint),
            agrees,
        }
    }
}
