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
    Minute, MinuteSpan, Page, PageRequest, RefusalCursor, RefusalGroup, RefusalGrouping,
    RefusalPeriod, RefusalSums, SkuId,
};

/// The columns that are added up.
const SUMS: [&str; 3] = ["refusal_count", "units_requested", "units_missing"];

/// The columns of a group besides.
const FIRST: &str = "first_minute";
const LAST: &str = "last_minute";
pub(super) const PLACE: &str = "place";

impl Store {
    /// A page of groups of refusals, by their periods and then by their SKUs. It may end early where
    /// groups lie far apart.
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
        let found = match grouping.period {
            Some(RefusalPeriod::Calendar(calendar)) => {
                self.refusals_by_period(&filter, calendar, grouping, page, asked).await?
            }
            Some(RefusalPeriod::Minute) | None => {
                let query = page_query(self.database.dialect(), &filter, grouping, page);
                let groups = match query {
                    Some(query) => self.refusal_groups(&query, grouping, asked).await?,
                    None => Found::of_nobody(Vec::new()),
                };
                groups.map(|groups| Page::from_fetched(groups, page))
            }
        };
        Ok(older(found, origin))
    }

    /// The groups that a statement adds up, whose periods are their minutes, if they have any.
    async fn refusal_groups(
        &self,
        query: &SelectStatement,
        grouping: RefusalGrouping,
        asked: &Asked,
    ) -> Loaded<Found<Vec<RefusalGroup>>> {
        let read = self.query(query, asked).await?;
        let mut groups = Vec::with_capacity(read.rows.len());
        for row in &read.rows {
            let minute: Option<i64> = match grouping.period {
                Some(_) => Some(row.try_get("", "refused_minute")?),
                None => None,
            };
            let minute = minute.map(Minute);
            let period = minute.map(|start| MinuteSpan { start, end: start.next() });
            groups.extend(group(row, period, grouping.by_sku)?);
        }
        Ok(Found { value: groups, origin: read.origin })
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

    /// What the refusals of a SKU add up to in each of some spans, in their order.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn load_refusal_sums(
        &self,
        sku_id: SkuId,
        spans: &[MinuteSpan],
        asked: &Asked,
    ) -> Loaded<Found<Vec<RefusalSums>>> {
        let mut sums = vec![RefusalSums::default(); spans.len()];
        let mut origin = None;
        let places: Vec<usize> = (0..spans.len()).collect();
        for chunk in places.chunks(branches::BRANCHES_MAX) {
            let dialect = self.database.dialect();
            let branches = chunk.iter().filter_map(|place| {
                let mut query = span_query(dialect, *spans.get(*place)?, *place);
                Some(query.and_where(Column::SkuId.eq(sku_id.0)).take())
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
        Some(sku_ids) if grouping.period.is_some() && sku_ids.len() > 1 => {
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
            if grouping.period.is_some() {
                by_minute(&mut query, filter);
            }
            Some(grouped(&mut query, grouping, limit))
        }
    }
}

/// Tells MariaDB and MySQL by which index to walk minutes.
pub(super) fn by_minute(query: &mut SelectStatement, filter: &RefusalFilter) {
    let index = match (&filter.sku_ids, filter.merchant_id) {
        (Some(_), _) => "PRIMARY",
        (None, Some(_)) => "t_inventory_refusal_merchant_minute",
        (None, None) => "t_inventory_refusal_minute",
    };
    query.force_index(Alias::new(index), IndexHintScope::All);
}

/// What the rows of a span add up to, with the place of that span among others.
pub(super) fn span_query(dialect: Dialect, span: MinuteSpan, place: usize) -> SelectStatement {
    let mut query = sums_query(dialect);
    query.and_where(Column::RefusedMinute.gte(span.start.0));
    query.and_where(Column::RefusedMinute.lt(span.end.0));
    let place = format!("CAST({place} AS {})", dialect.big_integer());
    query.expr_as(Expr::cust(place), Alias::new(PLACE)).take()
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
    bounds(&mut query, filter);
    query
}

/// What the filter lets through, its SKUs left aside.
pub(super) fn bounds(query: &mut SelectStatement, filter: &RefusalFilter) {
    let conditions = [
        filter.merchant_id.map(|id| Column::MerchantId.eq(id.0)),
        filter.from.map(|from| Column::RefusedMinute.gte(from.0)),
        filter.to.map(|to| Column::RefusedMinute.lt(to.0)),
    ];
    for condition in conditions.into_iter().flatten() {
        query.and_where(condition);
    }
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
    let by_minute = grouping.period.map(|_minute| Column::RefusedMinute);
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
    match (grouping.period.is_some(), grouping.by_sku) {
        (true, true) => Condition::all().add(Column::RefusedMinute.gte(minute)).add(
            Condition::any().add(Column::RefusedMinute.gt(minute)).add(Column::SkuId.gt(sku_id)),
        ),
        (true, false) => Condition::all().add(Column::RefusedMinute.gt(minute)),
        (false, true) => Condition::all().add(Column::SkuId.gt(sku_id)),
        (false, false) => Condition::all(),
    }
}

/// The group that a row tells, of a period; `None` if it adds up nothing.
pub(super) fn group(
    row: &QueryResult,
    period: Option<MinuteSpan>,
    by_sku: bool,
) -> Result<Option<RefusalGroup>, DbErr> {
    let Some(sums) = sums_of(row)? else { return Ok(None) };
    let sku_id: Option<i64> = if by_sku { Some(row.try_get("", "sku_id")?) } else { None };
    let (first, last) = (row.try_get("", FIRST)?, row.try_get("", LAST)?);
    Ok(Some(RefusalGroup {
        sku_id: sku_id.map(SkuId),
        period,
        sums,
        first_minute: Minute(first),
        last_minute: Minute(last),
    }))
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
