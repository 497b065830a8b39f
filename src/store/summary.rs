//! What entries come to, group by group.
//!
//! Groups by a period are found by walking on from the cursor: the next entry is looked for by index, and
//! so many periods from there on are added up in one statement, which is given their first instants as
//! parameters and has nothing to know of time zones. So a page reads the entries of its own periods, and
//! stretches without entries cost a look-up, however long they are. Where one period has many groups,
//! fewer periods are taken at once.
//!
//! Which period an entry lies in is told by a tree of comparisons, eight at the most: a table of the
//! periods to be joined would be gone through for each entry, where a filter has the entries read by
//! another index than that of time.

use chrono::{DateTime, Utc};
use entity::inventory_flow::{Column, Entity};
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{
    Alias, Condition, Expr, ExprTrait as _, Func, NullOrdering, Order, Query, SelectStatement,
};
use sea_orm::{ColumnTrait as _, QueryResult, Statement};

use super::flows::{condition, matches_nothing};
use super::keyset::rows_max;
use super::sums::{totals, totals_of};
use super::view::older;
use super::{Asked, Found, Loaded, Store};
use crate::db::{CorruptRow, Dialect, Fault};
use crate::domain::filter::{FlowFilter, InstantRange};
use crate::domain::{
    Calendar, FlowId, FlowKind, Group, GroupKey, GroupPart, Grouping, Origin, Page, PageRequest,
    SkuId,
};

/// Periods of one statement.
const PERIODS_MAX: usize = 256;

/// Statements that add up for one page. A page that has groups by then ends there.
const STEPS_MAX: usize = 32;

/// The same where each of them reads all that the filter lets through.
const SELECTIVE_STEPS_MAX: usize = 3;

/// What a group's column of the period is called.
const PERIOD: &str = "period";

impl Store {
    /// A page of the groups of those entries that the filter lets through, by their keys. It may end
    /// early where groups lie far apart. Groups without entries are none.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn list_flow_groups(
        &self,
        filter: &FlowFilter,
        grouping: &Grouping,
        page: &PageRequest<GroupKey>,
        asked: &Asked,
    ) -> Loaded<Found<Page<Group>>> {
        let Found { value: seen, origin } = self.seen_flows(filter, asked).await?;
        let Some(filter) = seen.filter(|filter| !matches_nothing(filter)) else {
            return Ok(Found { value: Page::from_fetched(Vec::new(), page), origin });
        };
        let found = if let Some(calendar) = grouping.calendar {
            self.groups_by_period(&filter, calendar, grouping, page, asked).await?
        } else {
            let chunk = Chunk { starts: &[], after: page.after.as_ref(), limit: rows_max(page) };
            let groups = self.groups(&filter, grouping, &chunk, asked).await?;
            groups.map(|groups| Page::from_fetched(groups, page))
        };
        Ok(older(found, origin))
    }

    /// The statement that adds up the groups of some periods, if it is by periods, which begin at these
    /// instants, the last of which is behind them; for looking at its plan. The SKUs are taken to be
    /// seen.
    pub fn flow_groups_statement(
        &self,
        filter: &FlowFilter,
        grouping: &Grouping,
        starts: &[DateTime<Utc>],
        page: &PageRequest<GroupKey>,
    ) -> Statement {
        let chunk = Chunk { starts, after: page.after.as_ref(), limit: rows_max(page) };
        self.statement(&groups_query(self.database.dialect(), filter, grouping, &chunk))
    }

    async fn groups_by_period(
        &self,
        filter: &FlowFilter,
        calendar: Calendar,
        grouping: &Grouping,
        page: &PageRequest<GroupKey>,
        asked: &Asked,
    ) -> Loaded<Found<Page<Group>>> {
        let wanted = rows_max(page);
        let one_each = grouping.parts.is_empty();
        let mut periods = match usize::try_from(wanted) {
            Ok(wanted) if one_each => wanted.next_power_of_two().min(PERIODS_MAX),
            // Each statement reads all that the filter lets through, so a few must do.
            Ok(_) | Err(_) if is_selective(filter) => PERIODS_MAX,
            Ok(_) | Err(_) => 1,
        };
        let mut filter = filter.clone();
        let after = page.after.as_ref();
        if let Some(start) = after.and_then(|key| key.period_start) {
            let from = if one_each { calendar.end_of(start) } else { start };
            filter.created_at.from = Ord::max(filter.created_at.from, Some(from));
        }
        let until = filter.created_at.to;
        let (mut groups, mut origin): (Vec<Group>, Option<Origin>) = (Vec::new(), None);
        let mut left_over = false;
        let steps_max = if is_selective(&filter) { SELECTIVE_STEPS_MAX } else { STEPS_MAX };
        for step in 0..=steps_max {
            let next = self.next_written(&filter, asked).await?.noted(&mut origin);
            let Some(next) = next else { break };
            if step == steps_max {
                left_over = true;
                break;
            }
            let starts = calendar.starts_from(next, periods);
            let end = starts.last().copied().filter(|end| *end > next);
            let to = [until, end].into_iter().flatten().min();
            let within = InstantRange { from: filter.created_at.from, to };
            let chunk_filter = FlowFilter { created_at: within, ..filter.clone() };
            let so_many = u64::try_from(groups.len()).unwrap_or(u64::MAX);
            let limit = wanted.saturating_sub(so_many);
            let chunk = Chunk { starts: &starts, after, limit };
            let found = self.groups(&chunk_filter, grouping, &chunk, asked).await?;
            groups.extend(found.noted(&mut origin));
            let full = u64::try_from(groups.len()).is_ok_and(|groups| groups >= wanted);
            let Some(end) = end.filter(|end| !full && until.is_none_or(|until| *end < until))
            else {
                break;
            };
            filter.created_at.from = Some(end);
            periods = periods.saturating_mul(2).min(PERIODS_MAX);
        }
        let mut page = Page::from_fetched(groups, page);
        page.has_next |= left_over;
        Ok(Found::of_several(page, origin))
    }

    /// When the first of those entries was written that the filter lets through; `None` if there are
    /// none.
    async fn next_written(
        &self,
        filter: &FlowFilter,
        asked: &Asked,
    ) -> Loaded<Found<Option<DateTime<Utc>>>> {
        let found = self.query(&next_query(self.database.dialect(), filter), asked).await?;
        let next = found.rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(Found { value: next.flatten(), origin: found.origin })
    }

    async fn groups(
        &self,
        filter: &FlowFilter,
        grouping: &Grouping,
        chunk: &Chunk<'_>,
        asked: &Asked,
    ) -> Loaded<Found<Vec<Group>>> {
        // All entries are one group, behind which there is none.
        if chunk.after.is_some() && grouping.calendar.is_none() && grouping.parts.is_empty() {
            return Ok(Found::of_nobody(Vec::new()));
        }
        let query = groups_query(self.database.dialect(), filter, grouping, chunk);
        let found = self.query(&query, asked).await?;
        let groups: Result<Vec<Group>, Fault> = found
            .rows
            .iter()
            .map(|row| group(row, grouping, chunk.starts))
            .filter(|group| group.as_ref().map_or(true, |group| group.totals.entries > 0))
            .collect();
        Ok(Found { value: groups?, origin: found.origin })
    }
}

/// What one statement adds up.
struct Chunk<'a> {
    /// The first instants of its periods, and the first behind them; none if it is not by periods.
    starts: &'a [DateTime<Utc>],
    /// Only groups behind this one.
    after: Option<&'a GroupKey>,
    /// So many groups at the most.
    limit: u64,
}

/// Whether a filter has entries found by another index than that of time.
fn is_selective(filter: &FlowFilter) -> bool {
    filter.sku_ids.is_some()
        || filter.order_detail_ids.is_some()
        || filter.actors.is_some()
        || filter.idempotency_key.is_some()
        || filter.deduction_id.is_some()
}

/// The index of time, for those who see one merchant's entries or all.
fn time_index(filter: &FlowFilter) -> Alias {
    Alias::new(match filter.merchant_id {
        Some(_) => "t_inventory_flow_merchant_created_at",
        None => "t_inventory_flow_created_at",
    })
}

fn next_query(dialect: Dialect, filter: &FlowFilter) -> SelectStatement {
    let mut query = Query::select().from(Entity).cond_where(condition(dialect, filter)).take();
    if is_selective(filter) {
        // Asked for the least instant alone, PostgreSQL walks the index of time until an entry fits,
        // which may be through everybody else's.
        query.expr(Expr::col(Column::CreatedAt).min()).expr(Expr::cust("COUNT(*)"));
    } else {
        query.column(Column::CreatedAt).order_by(Column::CreatedAt, Order::Asc).limit(1);
        query.force_index(time_index(filter), IndexHintScope::All);
    }
    query
}

fn groups_query(
    dialect: Dialect,
    filter: &FlowFilter,
    grouping: &Grouping,
    chunk: &Chunk<'_>,
) -> SelectStatement {
    let mut entries = Query::select()
        .columns([Column::Id, Column::QuantityTrade])
        .columns(grouping.parts.iter().map(|part| column(*part)))
        .from(Entity)
        .cond_where(condition(dialect, filter))
        .take();
    if let Some(after) = chunk.after {
        entries.cond_where(behind(dialect, after, grouping, chunk.starts));
    }
    if !is_selective(filter) {
        if !chunk.starts.is_empty() {
            entries.force_index(time_index(filter), IndexHintScope::All);
        } else if grouping.parts.first() == Some(&GroupPart::Sku)
            && filter.merchant_id.is_none()
            && !filter.created_at.is_bounded()
        {
            entries.force_index(Alias::new("t_inventory_flow_sequence"), IndexHintScope::All);
        }
    }
    let mut groups = Query::select();
    if let [_first, inner @ .., _end] = chunk.starts {
        entries.expr_as(place(dialect, inner, 0), Alias::new(PERIOD));
        let period = Expr::col(Alias::new(PERIOD)).cast_as(Alias::new(dialect.big_integer()));
        groups.expr_as(period, Alias::new("place")).add_group_by([Expr::col(Alias::new(PERIOD))]);
        groups.order_by(Alias::new(PERIOD), Order::Asc);
    }
    for part in &grouping.parts {
        let column = column(*part);
        groups.column(column).add_group_by([Expr::col(column)]);
        groups.order_by_with_nulls(column, Order::Asc, NullOrdering::First);
    }
    totals(&mut groups, dialect);
    groups
        .expr_as(Func::min(Expr::col(Column::Id)), Alias::new("first_id"))
        .expr_as(Func::max(Expr::col(Column::Id)), Alias::new("last_id"))
        .from_subquery(entries, Alias::new("entry"))
        .limit(chunk.limit)
        .take()
}

fn column(part: GroupPart) -> Column {
    match part {
        GroupPart::Sku => Column::SkuId,
        GroupPart::Kind => Column::Kind,
        GroupPart::Actor => Column::Actor,
        GroupPart::OrderDetail => Column::OrderDetailId,
    }
}

/// The place of the period that an entry lies in, among those whose first instants these are; the very
/// first is left out, and has the place `first`.
fn place(dialect: Dialect, starts: &[DateTime<Utc>], first: usize) -> Expr {
    let middle = starts.len() / 2;
    let (before, rest) = starts.split_at(middle);
    let Some((start, behind)) = rest.split_first() else {
        // Not a parameter, for PostgreSQL would have to be told its type.
        return Expr::cust(first.to_string());
    };
    let is_before = Column::CreatedAt.lt(dialect.instant(*start));
    let next = first.saturating_add(middle).saturating_add(1);
    Expr::case(is_before, place(dialect, before, first))
        .finally(place(dialect, behind, next))
        .into()
}

/// The entries of groups behind a cursor. Its period is the first of a statement, if that has it.
fn behind(
    dialect: Dialect,
    after: &GroupKey,
    grouping: &Grouping,
    starts: &[DateTime<Utc>],
) -> Condition {
    let mut behind = Condition::any();
    let mut equal = Condition::all();
    let first = after
        .period_start
        .map_or(Some(()), |start| starts.first().filter(|first| **first == start).map(|_first| ()));
    if first.is_none() {
        return Condition::all();
    }
    if let [_first, second, ..] = starts {
        behind = behind.add(Column::CreatedAt.gte(dialect.instant(*second)));
    }
    for part in &grouping.parts {
        let (is_greater, is_equal) = compared(*part, after);
        behind = behind.add(equal.clone().add(is_greater));
        equal = equal.add(is_equal);
    }
    let all = Condition::all().add(behind);
    match (grouping.parts.first(), after.sku_id) {
        // It follows, and is what an index can seek by.
        (Some(GroupPart::Sku), Some(sku_id)) if starts.is_empty() => {
            all.add(Column::SkuId.gte(sku_id.0))
        }
        _ => all,
    }
}

/// That a part of an entry is greater than that of a group, and that it is the same.
fn compared(part: GroupPart, key: &GroupKey) -> (Expr, Expr) {
    let column = column(part);
    let by = |value: sea_orm::Value| (column.gt(value.clone()), column.eq(value));
    match part {
        GroupPart::Sku => by(key.sku_id.map(|sku_id| sku_id.0).into()),
        GroupPart::Kind => by(key.kind.map(FlowKind::code).into()),
        GroupPart::Actor => by(key.actor.clone().into()),
        GroupPart::OrderDetail => match key.order_detail_id.clone().flatten() {
            Some(line) => by(line.into()),
            None => (column.is_not_null(), column.is_null()),
        },
    }
}

fn group(row: &QueryResult, grouping: &Grouping, starts: &[DateTime<Utc>]) -> Result<Group, Fault> {
    let mut key = GroupKey::default();
    let mut period_end = None;
    if grouping.calendar.is_some() {
        let place: i64 = row.try_get("", "place")?;
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        key.period_start = starts.get(place).copied();
        period_end = starts.get(place.saturating_add(1)).copied();
    }
    let first: Option<i64> = row.try_get("", "first_id")?;
    let last: Option<i64> = row.try_get("", "last_id")?;
    for part in &grouping.parts {
        match part {
            GroupPart::Sku => key.sku_id = Some(SkuId(row.try_get("", "sku_id")?)),
            GroupPart::Kind => {
                let corrupt = CorruptRow { id: first.unwrap_or_default(), column: "kind" };
                let kind = FlowKind::from_code(row.try_get("", "kind")?);
                key.kind = Some(kind.ok_or(corrupt)?);
            }
            GroupPart::Actor => key.actor = Some(row.try_get("", "actor")?),
            GroupPart::OrderDetail => {
                key.order_detail_id = Some(row.try_get("", "order_detail_id")?);
            }
        }
    }
    Ok(Group {
        key,
        period_end,
        totals: totals_of(row, "")?,
        first: FlowId(first.unwrap_or_default()),
        last: FlowId(last.unwrap_or_default()),
    })
}
