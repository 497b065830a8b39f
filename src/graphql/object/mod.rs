//! What clients get: the objects of the schema.

mod anomaly;
mod availability;
mod bulk;
mod connection;
mod count;
mod count_lines;
mod count_observations;
mod count_payload;
mod explanation;
mod finding;
mod flow;
mod inventory;
mod operation;
mod order_trail;
mod payload;
mod proof;
mod reconciliation;
mod refusal;
mod seal;
mod sold_out;
mod summary;
mod user_error;
mod verification;

pub(super) use anomaly::{InventoryAnomalyConnection, InventoryAnomalyRule};
pub(super) use availability::{InventoryAvailability, InventoryAvailabilityLine};
pub(super) use bulk::{
    BulkResults, InventoryDeductManyPayload, InventoryLineFailureCode,
    InventoryReplenishManyPayload,
};
pub(super) use connection::{InventoryConnection, InventoryFlowConnection, InventoryFlowEdge};
pub(super) use count::{
    InventoryCount, InventoryCountConnection, InventoryCountStatus, spend_on_count_texts,
};
pub(super) use count_payload::{
    InventoryCountAbandonPayload, InventoryCountCompletePayload, InventoryCountRecordPayload,
    InventoryCountStartPayload,
};
pub(super) use explanation::InventoryExplanation;
pub(super) use flow::{InventoryFlow, InventoryFlowKind};
pub(super) use inventory::Inventory;
pub(super) use operation::InventoryOperation;
pub(super) use order_trail::InventoryOrderTrail;
pub(super) use payload::{
    InventoryCreatePayload, InventoryDeductBatchPayload, InventoryDeductPayload,
    InventoryRefundBatchPayload, InventoryRefundPayload, InventoryReplenishPayload,
    InventorySetQuantityPayload,
};
pub(super) use reconciliation::InventoryReconciliationConnection;
pub(super) use refusal::InventoryRefusalGroupConnection;
pub(super) use seal::InventorySealConnection;
pub(super) use sold_out::InventorySoldOutSpanConnection;
pub(super) use summary::InventoryFlowSummaryConnection;
pub(super) use user_error::InventoryErrorCode;
pub(super) use verification::InventoryVerification;
