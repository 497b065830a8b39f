//! What became of order lines.

use std::collections::HashMap;

use entity::inventory_flow::{Column, Entity};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryResult, QueryTrait as _,
    Statement,
};

use super::branches::{self, BRANCHES_MAX};
use super::keyset::rows_max;
use super::sums::big;
use super::{Asked, Found, Loaded, Store};
use crate::db::Dialect;
use crate::domain::order_trail::{OrderTrail, TRAIL_SKUS_MAX, TrailSums};
use crate::domain::{Flow, FlowCursor, FlowKind, Page, PageRequest, SkuId, Visibility};

/// The sums of an order line, each by what it is called and of what kind of entries, and what is added
/// up of those.
const SUMS: [(&str, FlowKind, &str); 4] = [
    ("deductions", FlowKind::Deduction, "1"),
    ("refunds", FlowKind::Refund, "1"),
    ("deducted", FlowKind::Deduction, "quantity_trade"),
    ("refunded", FlowKind::Refund, "-quantity_trade"),
];

impl Store {
    /// What became of order lines, in one statement; those of which no entry is seen are left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn load_order_trails(
        &self,
        order_detail_ids: &[String],
        asked: &Asked,
    ) -> Loaded<Found<HashMap<String, OrderTrail>>> {
        let mut trails: HashMap<String, OrderTrail> = HashMap::new();
        if order_detail_ids.is_empty() {
            return Ok(Found::of_nobody(trails));
        }
        let query = trails_query(self.database.dialect(), order_detail_ids, asked.visibility);
        let found = self.query(&query, asked).await?;
        for row in &found.rows {
            let order_detail_id: String = row.try_get("", "order_detail_id")?;
            let sku_id = SkuId(row.try_get("", "sku_id")?);
            let of_sku = (sku_id, sums(row, "")?);
            if let Some(trail) = trails.get_mut(&order_detail_id) {
                trail.skus.push(of_sku);
            } else {
                let trail = OrderTrail {
                    order_detail_id: order_detail_id.clone(),
                    sums: sums(row, "all_")?,
                    sku_count: row.try_get("", "sku_count")?,
                    skus: vec![of_sku],
                };
                trails.insert(order_detail_id, trail);
            }
        }
        Ok(Found { value: trails, origin: found.origin })
    }

    /// For each order line a page of its deductions, in the order in which they took effect; every one
    /// is in the answer.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn load_order_deductions(
        &self,
        order_detail_ids: &[String],
        page: &PageRequest<FlowCursor>,
        asked: &Asked,
    ) -> Loaded<Found<HashMap<String, Page<Flow>>>> {
        let mut fetched: HashMap<String, Vec<Flow>> =
            order_detail_ids.iter().map(|id| (id.clone(), Vec::new())).collect();
        let mut origin = None;
        for chunk in order_detail_ids.chunks(BRANCHES_MAX) {
            let branches = chunk.iter().map(|id| deductions_query(id, page, asked.visibility));
            let Some(query) = branches::union(branches) else { continue };
            for flow in self.flows(&query, asked).await?.noted(&mut origin) {
                if let Some(own) =
                    flow.order_detail_id.as_deref().and_then(|id| fetched.get_mut(id))
                {
                    own.push(flow);
                }
            }
        }
        // A union promises no order.
        let in_order = |(id, mut flows): (String, Vec<Flow>)| {
            flows.sort_unstable_by_key(|flow| flow.id);
            (id, Page::from_fetched(flows, page))
        };
        Ok(Found::of_several(fetched.into_iter().map(in_order).collect(), origin))
    }

    /// The statements that tell of order lines, for looking at their plans: their sums, and a page of
    /// the deductions of the first.
    pub fn order_trail_statements(
        &self,
        order_detail_ids: &[String],
        page: &PageRequest<FlowCursor>,
        asked: &Asked,
    ) -> Vec<Statement> {
        let sums = trails_query(self.database.dialect(), order_detail_ids, asked.visibility);
        let first = order_detail_ids.first();
        let deductions = first.map(|id| deductions_query(id, page, asked.visibility));
        [Some(sums), deductions].iter().flatten().map(|query| self.statement(query)).collect()
    }
}

/// A row for each order line and SKU, with what the order line comes to over all its SKUs, too.
fn trails_query(
    dialect: Dialect,
    order_detail_ids: &[String],
    visibility: Visibility,
) -> SelectStatement {
    const BY_LINE: &str = "PARTITION BY order_detail_id";
    let mut skus = Query::select()
        .columns([Column::OrderDetailId, Column::SkuId])
        .expr_as(Column::CreatedAt.min(), Alias::new("first_at"))
        .expr_as(Column::CreatedAt.max(), Alias::new("last_at"))
        .from(Entity)
        .and_where(Column::OrderDetailId.is_in(order_detail_ids))
        .add_group_by([Expr::col(Column::OrderDetailId), Expr::col(Column::SkuId)])
        .take();
    if let Some(merchant_id) = visibility.only() {
        skus.and_where(Column::MerchantId.eq(merchant_id.0));
    }
    let mut lines = Query::select();
    lines.columns([Column::OrderDetailId, Column::SkuId]);
    lines.columns(["first_at", "last_at"].map(Alias::new));
    for (name, kind, summand) in SUMS {
        let sum = format!("SUM(CASE WHEN kind = {} THEN {summand} ELSE 0 END)", kind.code());
        skus.expr_as(big(dialect, &sum), Alias::new(name));
        let over = big(dialect, &format!("SUM({name}) OVER ({BY_LINE})"));
        lines.column(Alias::new(name)).expr_as(over, Alias::new(format!("all_{name}")));
    }
    for (name, over) in [
        ("all_first_at", format!("MIN(first_at) OVER ({BY_LINE})")),
        ("all_last_at", format!("MAX(last_at) OVER ({BY_LINE})")),
        ("sku_count", format!("COUNT(*) OVER ({BY_LINE})")),
        ("place", format!("ROW_NUMBER() OVER ({BY_LINE} ORDER BY sku_id)")),
    ] {
        lines.expr_as(Expr::cust(over), Alias::new(name));
    }
    lines.from_subquery(skus, Alias::new("sku"));
    Query::select()
        .column(sea_orm::sea_query::Asterisk)
        .from_subquery(lines.take(), Alias::new("line"))
        .and_where(Expr::col(Alias::new("place")).lte(TRAIL_SKUS_MAX))
        .order_by(Column::OrderDetailId, Order::Asc)
        .order_by(Column::SkuId, Order::Asc)
        .take()
}

fn deductions_query(
    order_detail_id: &str,
    page: &PageRequest<FlowCursor>,
    visibility: Visibility,
) -> SelectStatement {
    let mut query = Entity::find()
        .filter(Column::OrderDetailId.eq(order_detail_id))
        .filter(Column::Kind.eq(FlowKind::Deduction.code()))
        .into_query();
    if let Some(merchant_id) = visibility.only() {
        query.and_where(Column::MerchantId.eq(merchant_id.0));
    }
    if let Some(after) = &page.after {
        query.and_where(Column::Id.gt(after.id.0));
    }
    query.order_by(Column::Id, Order::Asc).limit(rows_max(page));
    query
}

fn sums(row: &QueryResult, prefix: &str) -> Result<TrailSums, DbErr> {
    Ok(TrailSums {
        deductions: row.try_get(prefix, "deductions")?,
        refunds: row.try_get(prefix, "refunds")?,
        deducted: row.try_get(prefix, "deducted")?,
        refunded: row.try_get(prefix, "refunded")?,
        first_at: row.try_get(prefix, "first_at")?,
        last_at: row.try_get(prefix, "last_at")?,
    })
}
