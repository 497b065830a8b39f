//! Demand that was refused for want of stock, added up.
//!
//! Where it is added up by the minute, a page reads about the rows of its own minutes: those of all SKUs
//! lie in their order in an index, and those of several SKUs are read by a branch for each. Where it is
//! not, a page adds up every row of its SKUs, or of the span of time, whichever the database finds the
//! shorter way.

use entity::inventory_refusal::{Column, Entity};
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{
    Alias, Condition, Expr, ExprTrait as _, IntoColumnRef, Order, Query, SelectStatement,
};
use sea_orm::{ColumnTrait as _, DbErr, QueryResult, Statement};

use super::branches;
use super::keyset::rows_max;
use super::view::older;
use super::{Asked, Found, Loaded, Store};
use crate::db::Dialect;
use crate::domain::filter::{FlowFilter, RefusalFilter};
use crate::domain::{
    Minute, Page, PageRequest, RefusalCursor, RefusalGroup, RefusalGrouping, RefusalSums, SkuId,
};

/// The columns that are added up.
const SUMS: [&str; 3] = ["refusal_count", "units_requested", "units_missing"];

/// The columns of a group besides.
const FIRST: &str = "first_minute";
const LAST: &str = "last_minute";
const PLACE: &str = "place";

impl Store {
    /// A page of groups of refusals, by their minutes and then by their SKUs. Only pages that begin at
    /// the beginning of what is left are known.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn list_refusals(
        &self,
        filter: &RefusalFilter,
        grouping: RefusalGrouping,
        page: &PageRequest<RefusalCursor>,
        asked: &Asked,
    ) -> Loaded<Found<Page<RefusalGroup>>> {
        // SKUs of others are left out as they are where their entries are asked for.
        let of_skus = FlowFilter {
            merchant_id: filter.merchant_id,
            sku_ids: filter.sku_ids.clone(),
            ..FlowFilter::default()
        };
        let Found { value: seen, origin } = self.seen_flows(&of_skus, asked).await?;
        let seen = seen.filter(|seen| seen.sku_ids.as_ref().is_none_or(|ids| !ids.is_empty()));
        let is_over = grouping == RefusalGrouping::default() && page.after.is_some();
        let Some(seen) = seen.filter(|_seen| !is_over) else {
            return Ok(Found { value: Page::from_fetched(Vec::new(), page), origin });
        };
        let FlowFilter { merchant_id, sku_ids, .. } = seen;
        let filter = RefusalFilter { merchant_id, sku_ids, ..filter.clone() };
        let Some(query) = page_query(self.database.dialect(), &filter, grouping, page) else {
            return Ok(Found { value: Page::from_fetched(Vec::new(), page), origin });
        };
        let found = self.query(&query, asked).await?;
        let groups = found.rows.iter().map(|row| group(row, grouping));
        let groups: Result<Vec<Option<RefusalGroup>>, DbErr> = groups.collect();
        let groups = groups?.into_iter().flatten().collect();
        let found = Found { value: Page::from_fetched(groups, page), origin: found.origin };
        Ok(older(found, origin))
    }

    /// The statement by which [`Store::list_refusals`] reads a page, for looking at its plan. The SKUs
    /// are taken to be seen.
    pub fn refusal_page_statement(
        &self,
        filter: &RefusalFilter,
        grouping: RefusalGrouping,
        page: &PageRequest<RefusalCursor>,
    ) -> Option<Statement> {
        let query = page_query(self.database.dialect(), filter, grouping, page);
        query.map(|query| self.statement(&query))
    }

    /// What the refusals of a SKU add up to in each of some spans, from a minute to another, both
    /// within; in their order.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn load_refusal_sums(
        &self,
        sku_id: SkuId,
        spans: &[(Minute, Minute)],
        asked: &Asked,
    ) -> Loaded<Found<Vec<RefusalSums>>> {
        let mut sums = vec![RefusalSums::default(); spans.len()];
        let mut origin = None;
        let places: Vec<usize> = (0..spans.len()).collect();
        for chunk in places.chunks(branches::BRANCHES_MAX) {
            let branches = chunk.iter().filter_map(|place| {
                let (from, until) = spans.get(*place)?;
                let mut query = sums_query(self.database.dialect());
                query.and_where(Column::SkuId.eq(sku_id.0));
                query.and_where(Column::RefusedMinute.gte(from.0));
                query.and_where(Column::RefusedMinute.lte(until.0));
                let place = format!("CAST({place} AS {})", self.database.dialect().big_integer());
                Some(query.expr_as(Expr::cust(place), Alias::new(PLACE)).take())
            });
            let Some(query) = branches::union(branches) else { continue };
            let read = self.query(&query, asked).await?;
            let rows = Found { value: read.rows, origin: read.origin }.noted(&mut origin);
            for row in rows {
                let place: i64 = row.try_get("", PLACE)?;
                let place = usize::try_from(place).ok().and_then(|place| sums.get_mut(place));
                if let (Some(place), Some(told)) = (place, sums_of(&row)?) {
                    *place = told;
                }
            }
        }
        Ok(Found::of_several(sums, origin))
    }
}

/// A page: by one statement, or by a branch for each SKU where there are several and their minutes
/// would have to be sorted.
fn page_query(
    dialect: Dialect,
    filter: &RefusalFilter,
    grouping: RefusalGrouping,
    page: &PageRequest<RefusalCursor>,
) -> Option<SelectStatement> {
    let limit = rows_max(page);
    let after = page.after.as_ref();
    match filter.sku_ids.as_deref() {
        Some([]) => None,
        Some(sku_ids) if grouping.by_minute && sku_ids.len() > 1 => {
            let branches = sku_ids.chunks(branches::BRANCHES_MAX).flatten().map(|sku_id| {
                let mut query = rows_query(dialect, filter);
                query.and_where(Column::SkuId.eq(sku_id.0));
                if let Some(after) = after {
                    let same = grouping.by_sku && *sku_id > after.sku_id;
                    let from = if same { after.minute } else { after.minute.next() };
                    query.and_where(Column::RefusedMinute.gte(from.0));
                }
                query.column(Column::SkuId).column(Column::RefusedMinute);
                query.group_by_columns([Column::SkuId, Column::RefusedMinute]);
                query.order_by(Column::RefusedMinute, Order::Asc).limit(limit);
                query.force_index(Alias::new("PRIMARY"), IndexHintScope::All).take()
            });
            let mut groups = Query::select();
            add_up(&mut groups, dialect, FIRST, LAST);
            groups.from_subquery(branches::union(branches)?, Alias::new("part"));
            Some(grouped(&mut groups, grouping, limit))
        }
        sku_ids => {
            let mut query = rows_query(dialect, filter);
            if let Some(sku_ids) = sku_ids {
                query.and_where(Column::SkuId.is_in(sku_ids.iter().map(|sku_id| sku_id.0)));
            }
            if let Some(after) = after {
                query.cond_where(behind(grouping, after));
            }
            if grouping.by_minute {
                let index = match (sku_ids, filter.merchant_id) {
                    (Some(_), _) => "PRIMARY",
                    (None, Some(_)) => "t_inventory_refusal_merchant_minute",
                    (None, None) => "t_inventory_refusal_minute",
                };
                query.force_index(Alias::new(index), IndexHintScope::All);
            }
            Some(grouped(&mut query, grouping, limit))
        }
    }
}

/// What rows add up to, of all that are.
fn sums_query(dialect: Dialect) -> SelectStatement {
    let mut query = Query::select().from(Entity).take();
    let minute = Column::RefusedMinute;
    add_up(&mut query, dialect, minute, minute);
    query
}

/// The same of those that the filter lets through, its SKUs left aside.
fn rows_query(dialect: Dialect, filter: &RefusalFilter) -> SelectStatement {
    let mut query = sums_query(dialect);
    let conditions = [
        filter.merchant_id.map(|id| Column::MerchantId.eq(id.0)),
        filter.from.map(|from| Column::RefusedMinute.gte(from.0)),
        filter.to.map(|to| Column::RefusedMinute.lt(to.0)),
    ];
    for condition in conditions.into_iter().flatten() {
        query.and_where(condition);
    }
    query
}

/// Selects what the rows of each group add up to, and between which minutes they lie.
fn add_up(
    query: &mut SelectStatement,
    dialect: Dialect,
    first: impl IntoColumnRef,
    last: impl IntoColumnRef,
) {
    let integer = Alias::new(dialect.big_integer());
    for name in SUMS {
        let column = Alias::new(name);
        let sum = Expr::col(column.clone()).sum().cast_as(integer.clone());
        query.expr_as(sum, column);
    }
    query.expr_as(Expr::col(first).min(), Alias::new(FIRST));
    query.expr_as(Expr::col(last).max(), Alias::new(LAST));
}

/// Groups, orders and limits. The columns of the key have their names in a branch as in the table.
fn grouped(query: &mut SelectStatement, grouping: RefusalGrouping, limit: u64) -> SelectStatement {
    let by_minute = grouping.by_minute.then_some(Column::RefusedMinute);
    let by_sku = grouping.by_sku.then_some(Column::SkuId);
    for column in [by_minute, by_sku].into_iter().flatten() {
        let column = Alias::new(sea_orm::IdenStatic::as_str(&column));
        query.column(column.clone()).group_by_col(column.clone()).order_by(column, Order::Asc);
    }
    query.limit(limit).take()
}

/// The rows of groups behind a cursor. The first condition follows from the second, and is what an
/// index can seek by.
fn behind(grouping: RefusalGrouping, after: &RefusalCursor) -> Condition {
    let (minute, sku_id) = (after.minute.0, after.sku_id.0);
    match (grouping.by_minute, grouping.by_sku) {
        (true, true) => Condition::all().add(Column::RefusedMinute.gte(minute)).add(
            Condition::any().add(Column::RefusedMinute.gt(minute)).add(Column::SkuId.gt(sku_id)),
        ),
        (true, false) => Condition::all().add(Column::RefusedMinute.gt(minute)),
        (false, true) => Condition::all().add(Column::SkuId.gt(sku_id)),
        (false, false) => Condition::all(),
    }
}

/// The group that a row tells; `None` if it adds up nothing.
fn group(row: &QueryResult, grouping: RefusalGrouping) -> Result<Option<RefusalGroup>, DbErr> {
    let Some(sums) = sums_of(row)? else { return Ok(None) };
    let key = |name: &str, is_grouped: bool| -> Result<Option<i64>, DbErr> {
        if is_grouped { row.try_get("", name) } else { Ok(None) }
    };
    let minute = key("refused_minute", grouping.by_minute)?.map(Minute);
    let sku_id = key("sku_id", grouping.by_sku)?.map(SkuId);
    let (first, last) = (row.try_get("", FIRST)?, row.try_get("", LAST)?);
    let (first_minute, last_minute) = (Minute(first), Minute(last));
    Ok(Some(RefusalGroup { sku_id, minute, sums, first_minute, last_minute }))
}

/// What a row adds up to; `None` if it is no row.
fn sums_of(row: &QueryResult) -> Result<Option<RefusalSums>, DbErr> {
    let mut numbers = [0_i64; SUMS.len()];
    for (number, name) in numbers.iter_mut().zip(SUMS) {
        let told: Option<i64> = row.try_get("", name)?;
        let Some(told) = told else { return Ok(None) };
        *number = told;
    }
    let [refusal_count, units_requested, units_missing] = numbers;
    Ok(Some(RefusalSums { refusal_count, units_requested, units_missing }))
}
