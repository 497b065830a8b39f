//! Turns rows into what they mean.

use entity::{inventory, inventory_flow};
use sea_orm::{DbErr, QueryResult};

use super::Fault;
use crate::domain::{Chain, Flow, FlowId, FlowKind, Hash, Inventory, MerchantId, SkuId};

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
        merchant_id: MerchantId(row.merchant_id),
        leaved_amount: row.leaved_amount,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// How far the entries of a stock are chained, as its row tells. A head that is no hash, which no
/// version of the server writes, is none that any entry has.
pub fn chain_from_row(row: &inventory::Model) -> Chain {
    let head = row.chain_head.as_deref().map(Hash::try_from);
    Chain { sequence: row.chain_sequence, head: head.and_then(Result::ok).unwrap_or(Hash::NOTHING) }
}

/// The entry that a row tells whose columns stand in the order of the entity, as those of every
/// statement do that is made of it. They are taken by their place: to find seventeen columns by their
/// names takes longer than to read what is in them.
///
/// # Errors
///
/// [`Fault`] when a column holds what the server never writes.
pub fn flow_from_result(row: &QueryResult) -> Result<Flow, Fault> {
    Ok(flow_from_row(inventory_flow::Model {
        id: row.try_get_by_index(0)?,
        sku_id: row.try_get_by_index(1)?,
        sequence: row.try_get_by_index(2)?,
        kind: row.try_get_by_index(3)?,
        order_detail_id: row.try_get_by_index(4)?,
        quantity_trade: row.try_get_by_index(5)?,
        leaved_after: row.try_get_by_index(6)?,
        deduction_id: row.try_get_by_index(7)?,
        idempotency_scope: row.try_get_by_index(8)?,
        idempotency_key: row.try_get_by_index(9)?,
        line: row.try_get_by_index(10)?,
        request_hash: row.try_get_by_index(11)?,
        actor: row.try_get_by_index(12)?,
        reason: row.try_get_by_index(13)?,
        created_at: row.try_get_by_index(14)?,
        merchant_id: row.try_get_by_index(15)?,
        entry_hash: row.try_get_by_index(16)?,
    })?)
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
    let entry_hash = row.entry_hash.as_deref().map(Hash::try_from).transpose();
    Ok(Flow {
        id: FlowId(row.id),
        sku_id: SkuId(row.sku_id),
        merchant_id: MerchantId(row.merchant_id),
        sequence: row.sequence,
        kind,
        order_detail_id: row.order_detail_id,
        quantity_trade: row.quantity_trade,
        leaved_after: row.leaved_after,
        deduction_id: row.deduction_id.map(FlowId),
        idempotency_scope: row.idempotency_scope,
        idempotency_key: row.idempotency_key,
        line: row.line,
        request_hash,
        actor: row.actor,
        reason: row.reason,
        created_at: row.created_at,
        entry_hash: entry_hash.map_err(|_length| corrupt("entry_hash"))?,
    })
}

#[cfg(test)]
mod tests {
    use entity::inventory_flow::Column;
    use sea_orm::{IdenStatic as _, Iterable as _};

    #[test]
    fn columns_stand_where_they_are_taken_from() {
        let columns: Vec<&str> = Column::iter().map(|column| column.as_str()).collect();
        assert_eq!(
            columns,
            [
                "id",
                "sku_id",
                "sequence",
                "kind",
                "order_detail_id",
                "quantity_trade",
                "leaved_after",
                "deduction_id",
                "idempotency_scope",
                "idempotency_key",
                "line",
                "request_hash",
                "actor",
                "reason",
                "created_at",
                "merchant_id",
                "entry_hash",
            ]
        );
    }
}
