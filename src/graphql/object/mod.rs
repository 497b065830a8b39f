//! What clients get: the objects of the schema.

mod availability;
mod bulk;
mod connection;
mod finding;
mod flow;
mod inventory;
mod operation;
mod payload;
mod proof;
mod reconciliation;
mod seal;
mod user_error;
mod verification;

pub(super) use availability::{InventoryAvailability, InventoryAvailabilityLine};
pub(super) use bulk::{
    BulkResults, InventoryDeductManyPayload, InventoryLineFailureCode,
    InventoryReplenishManyPayload,
};
pub(super) use connection::{InventoryConnection, InventoryFlowConnection};
pub(super) use flow::{InventoryFlow, InventoryFlowKind};
pub(super) use inventory::Inventory;
pub(super) use operation::InventoryOperation;
pub(super) use payload::{
    InventoryCreatePayload, InventoryDeductBatchPayload, InventoryDeductPayload,
    InventoryRefundBatchPayload, InventoryRefundPayload, InventoryReplenishPayload,
    InventorySetQuantityPayload,
};
pub(super) use reconciliation::InventoryReconciliationConnection;
pub(super) use seal::InventorySealConnection;
pub(super) use user_error::InventoryErrorCode;
pub(super) use verification::InventoryVerification;
