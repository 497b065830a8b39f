//! What clients send: the inputs of mutations, and the filters and orders of lists.

mod bulk;
mod filter;
mod order;
mod write;

pub(super) use bulk::{
    InventoryDeductManyInput, InventoryErrorPolicy, InventoryReplenishManyInput,
};
pub(super) use filter::{InventoryFlowWhere, InventoryWhere};
pub(super) use order::{InventoryFlowOrder, InventoryOrder, ReadConsistency};
pub(super) use write::{
    InventoryAvailabilityLineInput, InventoryCreateInput, InventoryDeductBatchInput,
    InventoryDeductInput, InventoryRefundBatchInput, InventoryRefundInput, InventoryReplenishInput,
    InventorySetQuantityInput,
};
