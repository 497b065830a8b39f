//! Refused demand by the hours, days and months of a calendar.
//!
//! Groups are found by walking on from the cursor: the next minute that has something is sought by index,
//! and so many periods from there on are added up in one statement, which has a branch for each and
//! nothing to know of time zones. So a page reads the rows of its own periods, and stretches without any
//! cost a look-up, however long they are.

use chrono::{DateTime, Utc};
use entity::inventory_refusal::{Column, Entity};
use sea_orm::ColumnTrait as _;
use sea_orm::sea_query::{Alias, Asterisk, Order, Query, SelectStatement};

use super::branches::{self, BRANCHES_MAX};
use super::keyset::rows_max;
use super::refusals::{PLACE, bounds, by_minute, group, span_query};
use super::{Asked, Found, Loaded, Store};
use crate::db::Dialect;
use crate::domain::filter::RefusalFilter;
use crate::domain::{
    Calendar, Minute, MinuteSpan, Origin, Page, PageRequest, RefusalCursor, RefusalGroup,
    RefusalGrouping,
};

/// Statements that add up for one page. A page that has groups by then ends there.
const STEPS_MAX: usize = 32;

impl Store {
    /// A page of groups by the periods of a calendar.
    pub(super) async fn refusals_by_period(
        &self,
        filter: &RefusalFilter,
        calendar: Calendar,
        grouping: RefusalGrouping,
        page: &PageRequest<RefusalCursor>,
        asked: &Asked,
    ) -> Loaded<Found<Page<RefusalGroup>>> {
        let wanted = rows_max(page);
        // Where a period may have many groups fewer periods are taken at first.
        let mut periods = match usize::try_from(wanted) {
            Ok(wanted) if !grouping.by_sku => wanted.min(BRANCHES_MAX),
            Ok(_) | Err(_) => 1,
        };
        let mut from = filter.from;
        if let Some(after) = &page.after {
            let start = if grouping.by_sku { after.minute } else { end_of(calendar, after.minute) };
            from = from.max(Some(start));
        }
        let (mut groups, mut origin): (Vec<RefusalGroup>, Option<Origin>) = (Vec::new(), None);
        let mut is_left_over = false;
        for step in 0..=STEPS_MAX {
            let left = RefusalFilter { from, ..filter.clone() };
            let next = self.next_refused(&left, asked).await?.noted(&mut origin);
            let Some(next) = next.and_then(Minute::begins_at) else { break };
            if step == STEPS_MAX {
                is_left_over = true;
                break;
            }
            let spans = spans(calendar, next, periods);
            let Some(end) = spans.last().map(|span| span.end) else { break };
            let so_many = u64::try_from(groups.len()).unwrap_or(u64::MAX);
            let chunk = Chunk {
                spans: &spans,
                after: page.after.as_ref(),
                by_sku: grouping.by_sku,
                limit: wanted.saturating_sub(so_many),
            };
            groups.extend(self.chunk(filter, &chunk, asked).await?.noted(&mut origin));
            if u64::try_from(groups.len()).is_ok_and(|groups| groups >= wanted) {
                break;
            }
            from = Some(end);
            periods = periods.saturating_mul(2).min(BRANCHES_MAX);
        }
        let mut page = Page::from_fetched(groups, page);
        page.has_next |= is_left_over;
        Ok(Found::of_several(page, origin))
    }

    /// The first minute that has something that the filter lets through; `None` if there is none.
    async fn next_refused(
        &self,
        filter: &RefusalFilter,
        asked: &Asked,
    ) -> Loaded<Found<Option<Minute>>> {
        let Some(query) = next_query(filter) else { return Ok(Found::of_nobody(None)) };
        let read = self.query(&query, asked).await?;
        let next: Option<i64> = read.rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(Found { value: next.map(Minute), origin: read.origin })
    }

    async fn chunk(
        &self,
        filter: &RefusalFilter,
        chunk: &Chunk<'_>,
        asked: &Asked,
    ) -> Loaded<Found<Vec<RefusalGroup>>> {
        let Some(query) = chunk_query(self.database.dialect(), filter, chunk) else {
            return Ok(Found::of_nobody(Vec::new()));
        };
        let read = self.query(&query, asked).await?;
        let mut groups = Vec::with_capacity(read.rows.len());
        for row in &read.rows {
            let place: i64 = row.try_get("", PLACE)?;
            let span = usize::try_from(place).ok().and_then(|place| chunk.spans.get(place));
            groups.extend(group(row, span.copied(), chunk.by_sku)?);
        }
        Ok(Found { value: groups, origin: read.origin })
    }
}

/// What one statement adds up.
struct Chunk<'a> {
    /// Its periods.
    spans: &'a [MinuteSpan],
    /// Of the period of this one only SKUs behind its.
    after: Option<&'a RefusalCursor>,
    by_sku: bool,
    /// So many groups at the most.
    limit: u64,
}

/// So many periods, from that of an instant on. Where one does not begin with a minute, as when clocks
/// showed the time of their own town, the minute belongs to the one before.
fn spans(calendar: Calendar, from: DateTime<Utc>, periods: usize) -> Vec<MinuteSpan> {
    let starts = calendar.starts_from(from, periods);
    let span = |pair: &[DateTime<Utc>]| match pair {
        [start, end] => Some(MinuteSpan { start: Minute::from(*start), end: Minute::from(*end) }),
        _ => None,
    };
    starts.windows(2).filter_map(span).collect()
}

/// The first minute behind the period that begins with one.
fn end_of(calendar: Calendar, start: Minute) -> Minute {
    let end = start.begins_at().map(|start| calendar.end_of(calendar.start_of(start)));
    end.map_or(start.next(), Minute::from).max(start.next())
}

/// The first minute of those that the filter lets through: of each SKU that it names, where it does.
fn next_query(filter: &RefusalFilter) -> Option<SelectStatement> {
    let first = || {
        let mut query = Query::select().column(Column::RefusedMinute).from(Entity).take();
        bounds(&mut query, filter);
        by_minute(&mut query, filter);
        query.order_by(Column::RefusedMinute, Order::Asc).limit(1).take()
    };
    let Some(sku_ids) = &filter.sku_ids else { return Some(first()) };
    let branches =
        sku_ids.iter().map(|sku_id| first().and_where(Column::SkuId.eq(sku_id.0)).take());
    let union = branches::union(branches)?;
    let minute = Alias::new("refused_minute");
    let mut query =
        Query::select().column(minute.clone()).from_subquery(union, Alias::new("part")).take();
    Some(query.order_by(minute, Order::Asc).limit(1).take())
}

fn chunk_query(
    dialect: Dialect,
    filter: &RefusalFilter,
    chunk: &Chunk<'_>,
) -> Option<SelectStatement> {
    let branches = chunk.spans.iter().zip(0_usize..).map(|(span, place)| {
        let mut query = span_query(dialect, *span, place);
        bounds(&mut query, filter);
        by_minute(&mut query, filter);
        if let Some(sku_ids) = &filter.sku_ids {
            query.and_where(Column::SkuId.is_in(sku_ids.iter().map(|sku_id| sku_id.0)));
        }
        if chunk.by_sku {
            if let Some(after) = chunk.after.filter(|after| after.minute == span.start) {
                query.and_where(Column::SkuId.gt(after.sku_id.0));
            }
            query.column(Column::SkuId).group_by_col(Column::SkuId);
            query.order_by(Column::SkuId, Order::Asc).limit(chunk.limit);
        }
        query
    });
    let union = branches::union(branches)?;
    let mut query =
        Query::select().column(Asterisk).from_subquery(union, Alias::new("part")).take();
    query.order_by(Alias::new(PLACE), Order::Asc);
    if chunk.by_sku {
        query.order_by(Alias::new("sku_id"), Order::Asc);
    }
    // Without SKUs a period in which nothing was refused is a row of nothing.
    if chunk.by_sku { Some(query.limit(chunk.limit).take()) } else { Some(query) }
}
