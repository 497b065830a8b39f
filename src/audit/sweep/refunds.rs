//! Compares what was given back with the deductions, as refunds of all SKUs go by.

use std::collections::HashMap;

use sea_orm::Statement;

use super::super::{Audit, wanted};
use crate::db::{Dialect, Fault, ReadFrom};
use crate::domain::{Flow, FlowId, FlowKind, ReadAfter, SkuId};

/// Deductions that are remembered before they are looked up; each takes some 40 bytes.
const REMEMBERED_MAX: usize = 1_000_000;

/// Deductions of one statement.
const LOOKED_UP: usize = 1_000;

/// What was given back, by deduction, of those that are not looked up yet.
#[derive(Debug, Default)]
pub(super) struct Refunds {
    quantities: HashMap<FlowId, (i64, SkuId)>,
    /// Whether some refunds went by at another time, so that those that did now are not all.
    partial: bool,
}

impl Refunds {
    /// Of all refunds, or of some.
    pub(super) fn new(partial: bool) -> Self {
        Self { quantities: HashMap::new(), partial }
    }

    /// Takes an entry; tells whether it is a refund that names another SKU's deduction, which is
    /// wrong whatever that is.
    pub(super) fn entry(&mut self, flow: &Flow) -> bool {
        let (FlowKind::Refund, Some(deduction_id)) = (flow.kind, flow.deduction_id) else {
            return false;
        };
        let (quantity, sku_id) = self.quantities.entry(deduction_id).or_insert((0, flow.sku_id));
        *quantity = quantity.saturating_sub(flow.quantity_trade.into());
        *sku_id != flow.sku_id
    }

    /// Whether it is time to look them up.
    pub(super) fn is_full(&self) -> bool {
        self.quantities.len() >= REMEMBERED_MAX
    }
}

impl Audit {
    /// Looks the deductions up, and tells the SKUs with which something is wrong.
    pub(super) async fn judge_refunds(&self, refunds: &mut Refunds) -> Result<Vec<SkuId>, Fault> {
        let mut wrong = Vec::new();
        let mut quantities: Vec<_> = refunds.quantities.drain().collect();
        quantities.sort_unstable_by_key(|(deduction_id, _quantity)| *deduction_id);
        for chunk in quantities.chunks(LOOKED_UP) {
            let ids: Vec<FlowId> = chunk.iter().map(|(deduction_id, _)| *deduction_id).collect();
            let found = self.look_up(&ids, refunds.partial).await?;
            for (deduction_id, (refunded, sku_id)) in chunk {
                let right = found.get(deduction_id).is_some_and(|deduction| {
                    let refunded = deduction.refunded.unwrap_or(*refunded);
                    deduction.sku_id == *sku_id && refunded <= deduction.quantity
                });
                if !right {
                    wrong.push(*sku_id);
                }
            }
        }
        // Those that come now are not all that there are.
        refunds.partial = true;
        Ok(wrong)
    }

    /// The deductions among these entries; with what was given back of each in all, if that is wanted.
    async fn look_up(
        &self,
        ids: &[FlowId],
        refunded: bool,
    ) -> Result<HashMap<FlowId, LookedUp>, Fault> {
        let dialect = self.database().dialect();
        let integer = match dialect {
            Dialect::MariaDb | Dialect::MySql => "signed",
            Dialect::Sqlite | Dialect::Postgres => "bigint",
        };
        let refunded = if refunded {
            format!(
                "(SELECT CAST(-SUM(r.quantity_trade) AS {integer}) FROM t_inventory_flow AS r \
                 WHERE r.deduction_id = d.id)"
            )
        } else {
            format!("CAST(NULL AS {integer})")
        };
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let sql = format!(
            "SELECT d.id, d.sku_id, CAST(d.quantity_trade AS {integer}), {refunded} \
             FROM t_inventory_flow AS d WHERE d.id IN ({}) AND d.kind = {}",
            ids.join(", "),
            FlowKind::Deduction.code()
        );
        let any = ReadAfter::default();
        let wanted = wanted(ReadFrom::Primary, &any);
        let statement = Statement::from_string(dialect.backend(), sql);
        let mut found = HashMap::with_capacity(ids.len());
        for row in self.database().read(statement, wanted).await?.rows {
            let looked_up = LookedUp {
                sku_id: SkuId(row.try_get_by_index(1)?),
                quantity: row.try_get_by_index(2)?,
                refunded: row.try_get_by_index(3)?,
            };
            found.insert(FlowId(row.try_get_by_index(0)?), looked_up);
        }
        Ok(found)
    }
}

/// A deduction.
struct LookedUp {
    sku_id: SkuId,
    quantity: i64,
    /// What was given back of it in all, if that was asked for.
    refunded: Option<i64>,
}
