//! What was given back of deductions.

use std::collections::HashMap;

use entity::inventory_flow::{Column, Entity};
use sea_orm::sea_query::{Alias, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
};

use super::branches::{self, BRANCHES_MAX};
use super::{Asked, Found, Loaded, Store};
use crate::domain::limits::REFUNDS_SHOWN_MAX;
use crate::domain::{Flow, FlowId};

#[derive(FromQueryResult)]
struct RefundedRow {
    deduction_id: i64,
    quantity: i64,
}

impl Store {
    /// For each deduction its refunds, oldest first, up to [`REFUNDS_SHOWN_MAX`] of them; every id
    /// is in the answer.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn load_refunds(
        &self,
        deduction_ids: &[FlowId],
        asked: &Asked,
    ) -> Loaded<Found<HashMap<FlowId, Vec<Flow>>>> {
        let mut refunds: HashMap<FlowId, Vec<Flow>> =
            deduction_ids.iter().map(|id| (*id, Vec::new())).collect();
        let mut origin = None;
        for chunk in deduction_ids.chunks(BRANCHES_MAX) {
            let branches = chunk.iter().map(|id| {
                Entity::find()
                    .filter(Column::DeductionId.eq(id.0))
                    .order_by_asc(Column::Id)
                    .limit(u64::from(REFUNDS_SHOWN_MAX))
                    .into_query()
            });
            let Some(query) = branches::union(branches) else { continue };
            for flow in self.flows(&query, asked).await?.noted(&mut origin) {
                if let Some(deduction_id) = flow.deduction_id {
                    refunds.entry(deduction_id).or_default().push(flow);
                }
            }
        }
        for flows in refunds.values_mut() {
            flows.sort_unstable_by_key(|flow| flow.id);
        }
        Ok(Found::of_several(refunds, origin))
    }

    /// For each deduction the units given back so far; 0 for every other id.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn load_refunded_quantities(
        &self,
        deduction_ids: &[FlowId],
        asked: &Asked,
    ) -> Loaded<Found<HashMap<FlowId, i32>>> {
        let mut quantities: HashMap<FlowId, i32> =
            deduction_ids.iter().map(|id| (*id, 0)).collect();
        if deduction_ids.is_empty() {
            return Ok(Found::of_nobody(quantities));
        }
        let integer = self.database.dialect().big_integer();
        let query = Entity::find()
            .select_only()
            .column(Column::DeductionId)
            .column_as(Column::QuantityTrade.sum().cast_as(Alias::new(integer)), "quantity")
            .filter(Column::DeductionId.is_in(deduction_ids.iter().map(|id| id.0)))
            .group_by(Column::DeductionId)
            .into_query();
        let rows = self.rows::<RefundedRow>(&query, asked).await?;
        Ok(rows.map(|rows| {
            for row in rows {
                // Units that came in are negative, and never more than a deduction took.
                let quantity = i32::try_from(row.quantity.saturating_neg()).unwrap_or(i32::MAX);
                quantities.insert(FlowId(row.deduction_id), quantity);
            }
            quantities
        }))
    }
}
