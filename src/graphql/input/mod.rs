//! What clients send: the inputs of mutations, and the filters and orders of lists.

mod count;
mod anomaly;
mod bulk;
mod filter;
mod grouping;
mod order;
mod refusal;
mod write;

pub(super) use count::{
    InventoryCountAbandonInput, InventoryCountCompleteInput, InventoryCountRecordInput,
    InventoryCountStartInput, InventoryCountWhere,
};
pub(super) use grouping::{InventoryFlowGroup, read_grouping};
pub(super) use filter::{DateTimeRange, InventoryFlowWhere, InventoryWhere, instants};
pub(super) use anomaly::InventoryAnomalyWhere;
pub(super) use bulk::{
    InventoryDeductManyInput, InventoryErrorPolicy, InventoryReplenishManyInput,
};
pub(super) use order::{InventoryFlowOrder, InventoryOrder, ReadConsistency};
pub(super) use refusal::{
    InventoryRefusalGroupBy, InventoryRefusalWhere, grouping as refusal_grouping,
};
pub(super) use write::{
    InventoryAvailabilityLineInput, InventoryCreateInput, InventoryDeductBatchInput,
    InventoryDeductInput, InventoryRefundBatchInput, InventoryRefundInput, InventoryReplenishInput,
    InventorySetQuantityInput,
};
