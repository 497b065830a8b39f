//! What clients send: the inputs of mutations, and the filters and orders of lists.

mod count;
mod anomaly;
mod filter;
mod order;
mod write;

pub(super) use count::{
    InventoryCountAbandonInput, InventoryCountCompleteInput, InventoryCountRecordInput,
    InventoryCountStartInput, InventoryCountWhere,
};
pub(super) use anomaly::InventoryAnomalyWhere;
pub(super) use filter::{InventoryFlowWhere, InventoryWhere};
pub(super) use order::{InventoryFlowOrder, InventoryOrder, ReadConsistency};
pub(super) use write::{
    InventoryAvailabilityLineInput, InventoryCreateInput, InventoryDeductBatchInput,
    InventoryDeductInput, InventoryRefundBatchInput, InventoryRefundInput, InventoryReplenishInput,
    InventorySetQuantityInput,
};
