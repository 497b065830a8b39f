//! Turns rows into what they mean.

use entity::{inventory, inventory_flow};
use sea_orm::DbErr;

use super::Fault;
use crate::domain::{Flow, FlowId, FlowKind, Inventory, SkuId};

/// A row that no version of the server can have written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("t_inventory_flow row {id} is corrupt: column {column}")]
pub struct CorruptRow {
    /// The row.
    pub id: i64,
    /// The column that makes no sense.
    pub column: &'static str,
}

impl From<CorruptRow> for Fault {
    fn from(row: CorruptRow) -> Self {
        DbErr::Custom(row.to_string()).into()
    }
}

/// The stock that a row tells.
pub fn inventory_from_row(row: &inventory::Model) -> Inventory {
    Inventory {
        sku_id: SkuId(row.sku_id),
        leaved_amount: row.leaved_amount,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The entry that a row tells.
///
/// # Errors
///
/// [`CorruptRow`] when a column holds what the server never writes.
pub fn flow_from_row(row: inventory_flow::Model) -> Result<Flow, CorruptRow> {
    let corrupt = |column| CorruptRow { id: row.id, column };
    let kind = FlowKind::from_code(row.kind).ok_or_else(|| corrupt("kind"))?;
    let request_hash =
        row.request_hash.as_slice().try_into().map_err(|_length| corrupt("request_hash"))?;
    Ok(Flow {
        id: FlowId(row.id),
        sku_id: SkuId(row.sku_id),
        sequence: row.sequence,
        kind,
        order_detail_id: row.order_detail_id,
        quantity_trade: row.quantity_trade,
        leaved_after: row.leaved_after,
        deduction_id: row.deduction_id.map(FlowId),
        idempotency_key: row.idempotency_key,
        line: row.line,
        request_hash,
        actor: row.actor,
        reason: row.reason,
        created_at: row.created_at,
    })
}
