//! Stocks as they were at a point of the past.
//!
//! Whatever the point is, it becomes a cut by id: an instant is the newest entry that was written at it
//! or before. So all SKUs are cut at the same entry, and a cut that a client was told gives the same
//! amounts for ever. The amount of a SKU is what its newest entry up to the cut has left, found by one
//! seek in an index that begins with the SKU; the length of its history does not matter.
//!
//! Where several servers write, or several lanes, their clocks differ by a little and entries are not
//! written quite in the order of their instants: of those of the last second before the newest the one with
//! the greatest id counts.
//!
//! What is not older than a replica may be is asked of the primary.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{inventory, inventory_flow};
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, Order, QueryFilter as _, QuerySelect as _, QueryTrait as _,
    Statement,
};

use super::branches::{self, BRANCHES_MAX};
use super::keyset::stock_page;
use super::stocks::condition;
use super::view::seen_stocks;
use super::{Asked, Found, Loaded, Store};
use crate::db::{Dialect, inventory_from_row};
use crate::domain::filter::{Consistency, InventoryFilter, InventoryOrder};
use crate::domain::{
    Cut, Flow, FlowId, Inventory, InventoryCursor, Page, PageRequest, Point, SkuId,
};

/// How much clocks of servers may differ.
const CLOCKS_DIFFER_MS: i64 = 1_000;

/// The index by which the newest entry up to a cut is found.
const SKU_INDEX: &str = "t_inventory_flow_sku";

impl Store {
    /// The cut at a point, by whoever sees these books, at the instant `now`; `None` within if the
    /// point is an entry that does not exist.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn find_cut(
        &self,
        point: Point,
        now: DateTime<Utc>,
        asked: &Asked,
    ) -> Loaded<Found<Option<Cut>>> {
        match point {
            Point::Instant(at) => {
                let since = self.since(at, now, asked);
                let newest = self.query(&self.newest_query(at, asked), &since).await?;
                let Some(row) = newest.rows.first() else {
                    let none = Cut { flow_id: FlowId(0), reached_at: at };
                    return Ok(Found { value: Some(none), origin: newest.origin });
                };
                let newest_at: DateTime<Utc> = row.try_get_by_index(0)?;
                let query = self.greatest_id_query(newest_at, at, asked);
                let greatest = self.query(&query, &since).await?;
                let id = greatest.rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
                let flow_id = FlowId(id.flatten().unwrap_or_default());
                let origin = greatest.origin.or_older(newest.origin);
                Ok(Found { value: Some(Cut { flow_id, reached_at: at }), origin })
            }
            Point::Entry(id) => {
                let found = self.load_flows(&[id], asked).await?;
                // A replica may not have heard of it.
                let found = if found.value.is_empty() {
                    let primary = asked.with_consistency(Consistency::Primary);
                    self.load_flows(&[id], &primary).await?
                } else {
                    found
                };
                Ok(found.map(|flows| {
                    let flow = flows.into_values().next()?;
                    Some(Cut { flow_id: flow.id, reached_at: flow.created_at })
                }))
            }
        }
    }

    /// For each SKU its newest entry up to a cut, at the instant `now`; those that were not on the
    /// books then are left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn load_as_of(
        &self,
        sku_ids: &[SkuId],
        cut: Cut,
        now: DateTime<Utc>,
        asked: &Asked,
    ) -> Loaded<Found<HashMap<SkuId, Flow>>> {
        let asked = self.since(cut.reached_at, now, asked);
        let mut flows = HashMap::with_capacity(sku_ids.len());
        let mut origin = None;
        for chunk in sku_ids.chunks(BRANCHES_MAX) {
            let dialect = self.database.dialect();
            let Some(query) = as_of_query(dialect, chunk, cut.flow_id) else { continue };
            for flow in self.flows(&query, &asked).await?.noted(&mut origin) {
                let wanted = flow.id <= cut.flow_id && chunk.contains(&flow.sku_id);
                if wanted && asked.visibility.shows(flow.merchant_id) {
                    flows.insert(flow.sku_id, flow);
                }
            }
        }
        Ok(Found::of_several(flows, origin))
    }

    /// A page of stocks as they were at a cut, in the order of their SKUs; those that were not on the
    /// books then are left out. The filter's amounts and instants are left aside.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn list_inventories_as_of(
        &self,
        filter: &InventoryFilter,
        order: InventoryOrder,
        page: &PageRequest<InventoryCursor>,
        (cut, now): (Cut, DateTime<Utc>),
        asked: &Asked,
    ) -> Loaded<Found<Page<Inventory>>> {
        let Some(filter) = seen_stocks(filter, asked) else {
            return Ok(Found::of_nobody(Page::from_fetched(Vec::new(), page)));
        };
        let mut query = inventory::Entity::find()
            .filter(condition(self.database.dialect(), &filter))
            .filter(existed(cut.flow_id))
            .into_query();
        stock_page(&mut query, order, page);
        let since = self.since(cut.reached_at, now, asked);
        let Found { value: rows, origin } = self.rows::<inventory::Model>(&query, &since).await?;
        let stocks: Vec<Inventory> = rows.iter().map(inventory_from_row).collect();
        let sku_ids: Vec<SkuId> = stocks.iter().map(|stock| stock.sku_id).collect();
        let flows = self.load_as_of(&sku_ids, cut, now, asked).await?;
        let as_of = |stock: &Inventory| {
            Some(Inventory::after(flows.value.get(&stock.sku_id)?, stock.created_at))
        };
        let fetched = stocks.iter().filter_map(as_of).collect();
        let page = Page::from_fetched(fetched, page);
        Ok(Found { value: page, origin: flows.origin.or_older(origin) })
    }

    /// How many stocks were on the books at a cut, of those that the filter lets through. It counts
    /// them all.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn count_inventories_as_of(
        &self,
        filter: &InventoryFilter,
        (cut, now): (Cut, DateTime<Utc>),
        asked: &Asked,
    ) -> Loaded<Found<i64>> {
        let Some(filter) = seen_stocks(filter, asked) else { return Ok(Found::of_nobody(0)) };
        let query = inventory::Entity::find()
            .select_only()
            .column_as(inventory::Column::SkuId.count(), "count")
            .filter(condition(self.database.dialect(), &filter))
            .filter(existed(cut.flow_id))
            .into_query();
        self.count(&query, &self.since(cut.reached_at, now, asked)).await
    }

    /// The statements by which the amounts of SKUs at an instant are found, for looking at their
    /// plans: the cut, and then the amounts at a cut.
    pub fn as_of_statements(
        &self,
        sku_ids: &[SkuId],
        (newest_at, at): (DateTime<Utc>, DateTime<Utc>),
        cut: FlowId,
        asked: &Asked,
    ) -> Vec<Statement> {
        let amounts = as_of_query(self.database.dialect(), sku_ids, cut);
        let cut = [self.newest_query(at, asked), self.greatest_id_query(newest_at, at, asked)];
        let queries = cut.into_iter().chain(amounts);
        queries.map(|query| self.statement(&query)).collect()
    }

    /// When the newest entry was written, at an instant or before.
    fn newest_query(&self, at: DateTime<Utc>, asked: &Asked) -> SelectStatement {
        use inventory_flow::Column::CreatedAt;
        let mut query = self.written_until(at, asked);
        query.column(CreatedAt).order_by(CreatedAt, Order::Desc).limit(1);
        query
    }

    /// The greatest id of the entries that were written at an instant or before, and not much before
    /// the newest of these.
    fn greatest_id_query(
        &self,
        newest_at: DateTime<Utc>,
        at: DateTime<Utc>,
        asked: &Asked,
    ) -> SelectStatement {
        use inventory_flow::Column::{CreatedAt, Id};
        let differ = TimeDelta::milliseconds(CLOCKS_DIFFER_MS);
        let from = newest_at.checked_sub_signed(differ).unwrap_or(newest_at);
        let mut query = self.written_until(at, asked);
        query
            // Asked for the greatest id itself, PostgreSQL walks the primary key backwards until one
            // is old enough, which may be through everything that was written since.
            .expr(Expr::col(Id).add(0).max())
            .and_where(CreatedAt.gte(self.database.dialect().instant(from)));
        query
    }

    /// The entries that were written at an instant or before, by the index of those who see them.
    fn written_until(&self, at: DateTime<Utc>, asked: &Asked) -> SelectStatement {
        use inventory_flow::Column::{CreatedAt, MerchantId};
        let only = asked.visibility.only();
        let mut query = Query::select().from(inventory_flow::Entity).take();
        query.and_where(CreatedAt.lte(self.database.dialect().instant(at)));
        if let Some(merchant_id) = only {
            query.and_where(MerchantId.eq(merchant_id.0));
        }
        let index = match only {
            Some(_) => "t_inventory_flow_merchant_created_at",
            None => "t_inventory_flow_created_at",
        };
        query.force_index(Alias::new(index), IndexHintScope::All);
        query
    }

    /// The statement that finds the newest entry of each SKU up to a cut, and perhaps entries of other
    /// SKUs; `None` if there are no SKUs.
    pub(crate) fn newest_entries_query(
        &self,
        sku_ids: &[SkuId],
        cut: FlowId,
    ) -> Option<SelectStatement> {
        as_of_query(self.database.dialect(), sku_ids, cut)
    }

    /// What is asked of whoever has to know all that was written until an instant.
    fn since(&self, at: DateTime<Utc>, now: DateTime<Utc>, asked: &Asked) -> Asked {
        let lag_max = TimeDelta::from_std(self.database.replica_lag_max());
        let differ = TimeDelta::milliseconds(CLOCKS_DIFFER_MS);
        let old_enough = lag_max
            .ok()
            .and_then(|lag_max| lag_max.checked_add(&differ))
            .is_some_and(|age_min| now.signed_duration_since(at) > age_min);
        if old_enough { asked.clone() } else { asked.with_consistency(Consistency::Primary) }
    }
}

/// Whether a SKU was on the books at a cut: whether its first entry lies within.
fn existed(cut: FlowId) -> Expr {
    use inventory_flow::Column::{Id, Sequence, SkuId};
    let first = Query::select()
        .expr(Expr::val(1))
        .from(inventory_flow::Entity)
        .and_where(
            Expr::col((inventory_flow::Entity, SkuId))
                .equals((inventory::Entity, inventory::Column::SkuId)),
        )
        .and_where(Expr::col((inventory_flow::Entity, Sequence)).eq(1))
        .and_where(Expr::col((inventory_flow::Entity, Id)).lte(cut.0))
        .take();
    Expr::exists(first)
}

/// For each SKU its newest entry up to a cut: a branch for each.
///
/// PostgreSQL would rather walk the primary key backwards from the cut until it meets the SKU, which
/// may be through everybody else's entries (measured: 40,050 rows for one). Asked for the last entry
/// that is not behind a SKU and an id, in the order of both, it has one index for that; of a SKU that
/// has none so far that is an entry of the SKU before it, which is left out where it is taken.
fn as_of_query(dialect: Dialect, sku_ids: &[SkuId], cut: FlowId) -> Option<SelectStatement> {
    use inventory_flow::Column::{Id, SkuId as Sku};
    branches::union(sku_ids.iter().map(|sku_id| {
        let mut query = inventory_flow::Entity::find().limit(1).into_query();
        match dialect {
            Dialect::Postgres => {
                let place = Expr::tuple([Expr::col(Sku), Expr::col(Id)]);
                let wanted = Expr::tuple([Expr::val(sku_id.0), Expr::val(cut.0)]);
                query.and_where(place.lte(wanted)).order_by(Sku, Order::Desc);
            }
            Dialect::Sqlite | Dialect::MariaDb | Dialect::MySql => {
                query.and_where(Sku.eq(sku_id.0)).and_where(Id.lte(cut.0));
            }
        }
        query.order_by(Id, Order::Desc);
        query.force_index(Alias::new(SKU_INDEX), IndexHintScope::All);
        query
    }))
}
