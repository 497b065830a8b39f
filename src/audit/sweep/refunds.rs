//! Compares what was given back with the deductions, as refunds of all SKUs go by.

use std::collections::{HashMap, VecDeque};

use sea_orm::Statement;

use super::super::{Audit, any, wanted};
use crate::db::{Fault, ReadFrom, Table};
use crate::domain::{Flow, FlowId, FlowKind, SkuId};

/// Refunds that are remembered before their deductions are looked up; each takes 40 bytes.
const REMEMBERED_MAX: usize = 1_000_000;

/// Deductions that went by and are remembered, 24 bytes each: most are given back soon, and then need
/// not be looked up.
const RECENT_MAX: usize = 500_000;

/// Deductions of one statement.
const LOOKED_UP: usize = 1_000;

/// Units of a deduction that were given back to a SKU.
#[derive(Clone, Copy, Debug)]
struct Refund {
    deduction_id: FlowId,
    quantity: i64,
    sku_id: SkuId,
    /// What the deduction took from that SKU, where it went by not long ago.
    taken: Option<i64>,
}

/// Refunds whose deductions are not looked up yet.
#[derive(Debug, Default)]
pub(super) struct Refunds {
    seen: Vec<Refund>,
    /// The deductions that went by last, in the order of their ids.
    recent: VecDeque<(FlowId, SkuId, i32)>,
    /// Whether some went by at another time, so that those that did now are not all.
    partial: bool,
}

impl Refunds {
    /// Of all refunds, or of some.
    pub(super) fn new(partial: bool) -> Self {
        Self { partial, ..Self::default() }
    }

    /// Takes an entry.
    pub(super) fn entry(&mut self, flow: &Flow) {
        match (flow.kind, flow.deduction_id) {
            (FlowKind::Deduction, _) => {
                if self.recent.len() >= RECENT_MAX {
                    self.recent.pop_front();
                }
                self.recent.push_back((flow.id, flow.sku_id, flow.quantity_trade));
            }
            (FlowKind::Refund, Some(deduction_id)) => {
                let quantity = i64::from(flow.quantity_trade).saturating_neg();
                let taken = self.recently_taken(deduction_id, flow.sku_id);
                let sku_id = flow.sku_id;
                self.seen.push(Refund { deduction_id, quantity, sku_id, taken });
            }
            (_, _) => {}
        }
    }

    /// What a deduction took from a SKU, if it went by not long ago.
    fn recently_taken(&self, deduction_id: FlowId, sku_id: SkuId) -> Option<i64> {
        let place = self.recent.binary_search_by_key(&deduction_id, |(id, ..)| *id).ok()?;
        let (_id, of, quantity) = self.recent.get(place)?;
        (*of == sku_id).then_some(i64::from(*quantity))
    }

    /// Whether it is time to look the deductions up.
    pub(super) fn is_full(&self) -> bool {
        self.seen.len() >= REMEMBERED_MAX
    }

    /// What was given back of each deduction, in the order of their ids, to the first SKU that names
    /// it; and the other SKUs that do, which is wrong whatever it is.
    fn take(&mut self) -> (Vec<Refund>, Vec<SkuId>) {
        let mut refunds = std::mem::take(&mut self.seen);
        refunds.sort_unstable_by_key(|refund| (refund.deduction_id, refund.sku_id));
        let mut wrong = Vec::new();
        refunds.dedup_by(|next, first| {
            let same = next.deduction_id == first.deduction_id;
            if same && next.sku_id == first.sku_id {
                first.quantity = first.quantity.saturating_add(next.quantity);
                first.taken = first.taken.or(next.taken);
            } else if same {
                wrong.push(next.sku_id);
                wrong.push(first.sku_id);
            }
            same
        });
        (refunds, wrong)
    }
}

impl Audit {
    /// Looks the deductions up, and tells the SKUs with which something is wrong.
    pub(super) async fn judge_refunds(&self, refunds: &mut Refunds) -> Result<Vec<SkuId>, Fault> {
        let (mut refunded, mut wrong) = refunds.take();
        if !refunds.partial {
            let is_right = |refund: &Refund| refund.taken.is_some_and(|it| refund.quantity <= it);
            refunded.retain(|refund| !is_right(refund));
        }
        for chunk in refunded.chunks(LOOKED_UP) {
            let found = self.look_up(chunk, refunds.partial).await?;
            let is_wrong = |refund: &&Refund| {
                !found.get(&refund.deduction_id).is_some_and(|deduction| {
                    let refunded = deduction.refunded.unwrap_or(refund.quantity);
                    deduction.sku_id == refund.sku_id && refunded <= deduction.quantity
                })
            };
            wrong.extend(chunk.iter().filter(is_wrong).map(|refund| refund.sku_id));
        }
        // Those that come now are not all that there are.
        refunds.partial = true;
        Ok(wrong)
    }

    /// The deductions among these entries; with what was given back of each in all, if that is wanted.
    async fn look_up(
        &self,
        refunds: &[Refund],
        refunded: bool,
    ) -> Result<HashMap<FlowId, LookedUp>, Fault> {
        let dialect = self.database().dialect();
        let integer = dialect.big_integer();
        let refunded = if refunded {
            format!(
                "(SELECT CAST(-SUM(r.quantity_trade) AS {integer}) FROM t_inventory_flow AS r \
                 WHERE r.deduction_id = d.id)"
            )
        } else {
            format!("CAST(NULL AS {integer})")
        };
        let ids = Table::of_integers("id", refunds.iter().map(|refund| refund.deduction_id.0));
        let (table, join) = (ids.sql(dialect, 1), dialect.join_in_order());
        // Asked for the kind, too, SQLite would begin with all entries of that kind.
        let sql = format!(
            "SELECT d.id, d.sku_id, CAST(d.quantity_trade AS {integer}), {refunded}, \
             CAST(d.kind AS {integer}) FROM {table} {join} t_inventory_flow AS d ON d.id = c.id"
        );
        let (any, values) = (any(), ids.into_values(dialect)?);
        let wanted = wanted(ReadFrom::Primary, &any);
        let statement = Statement::from_sql_and_values(dialect.backend(), sql, values);
        let mut found = HashMap::with_capacity(refunds.len());
        for row in self.database().read(statement, wanted).await?.rows {
            let kind: i64 = row.try_get_by_index(4)?;
            if kind != i64::from(FlowKind::Deduction.code()) {
                continue;
            }
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
