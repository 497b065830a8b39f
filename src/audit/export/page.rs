//! Reads the entries of an export, some thousands at a time.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use entity::inventory_flow::{Column, Entity};
use sea_orm::sea_query::{Alias, Expr, Func, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
};

use super::{ExportError, primary};
use crate::audit::Read;
use crate::audit::entries::{self, PAGE_ENTRIES_MAX};
use crate::db::{Database, Fault, ReadFrom, Wanted};
use crate::domain::FlowId;
use crate::domain::filter::FlowFilter;
use crate::store::condition;

/// Ids that a statement looks at, where much fits and where nothing does: a million rows that do not
/// fit are passed by in less than a second.
const SPAN_MIN: i64 = 50_000;
const SPAN_MAX: i64 = 1_000_000;

/// Up to so many entries within a span of time have their ids looked up, to begin and end there.
const IN_TIME_MAX: u64 = 1_000_000;

/// Pages that the primary is asked for before a replica is tried again that was too old.
const PAGES_BEFORE_REPLICA: u32 = 16;

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    /// Behind this id.
    after: i64,
    /// How many ids are looked at.
    span: i64,
    /// Behind which id nothing is wanted, once that is known.
    last: Option<i64>,
}

impl Position {
    /// Before the first entry.
    pub(super) const FIRST: Self = Self { after: 0, span: SPAN_MIN, last: None };
}

/// Some entries, and where those behind them begin.
#[derive(Debug)]
pub(super) struct Page {
    /// May be none though there are more.
    pub(super) entries: Vec<Read>,
    /// `None` behind the last page.
    pub(super) next: Option<Position>,
}

/// All the pages of an export.
#[derive(Debug)]
pub(super) struct Pages {
    database: Database,
    filter: FlowFilter,
    cut: FlowId,
    /// When the cut was known: all that is up to it was committed before.
    known_at: Instant,
    page_time_max: Duration,
    /// Pages that are still asked of the primary alone.
    of_primary: AtomicU32,
}

impl Pages {
    pub(super) fn new(
        database: Database,
        filter: FlowFilter,
        cut: FlowId,
        known_at: Instant,
        page_time_max: Duration,
    ) -> Self {
        // No replica has come as far as what was just settled.
        let of_primary = AtomicU32::new(PAGES_BEFORE_REPLICA);
        Self { database, filter, cut, known_at, page_time_max, of_primary }
    }

    /// Reads a page.
    ///
    /// # Errors
    ///
    /// [`ExportError`] when the database fails, or takes too long.
    pub(super) async fn read(&self, position: Position) -> Result<Page, ExportError> {
        let read = tokio::time::timeout(self.page_time_max, self.read_in_time(position));
        read.await.map_err(|_elapsed| ExportError::TooLong(self.page_time_max))?
    }

    async fn read_in_time(&self, position: Position) -> Result<Page, ExportError> {
        let Position { after, span, last } = match position.last {
            Some(_known) => position,
            None => match self.bounded(position).await? {
                Some(bounded) => bounded,
                None => return Ok(Page { entries: Vec::new(), next: None }),
            },
        };
        let last = last.unwrap_or(self.cut.0);
        let until = after.saturating_add(span).min(last);
        let entries = self.entries(after, until).await?;
        let is_full = u64::try_from(entries.len()).is_ok_and(|found| found >= PAGE_ENTRIES_MAX);
        let (behind, span) = if is_full {
            (entries.last().map_or(until, id), span)
        } else if entries.is_empty() {
            (until, span.saturating_mul(2).min(SPAN_MAX))
        } else {
            (until, span)
        };
        let next = Position { after: behind, span, last: Some(last) };
        Ok(Page { entries, next: (behind < last).then_some(next) })
    }

    /// The position before the first entry that can fit, and the last one; `None` if none can.
    async fn bounded(&self, position: Position) -> Result<Option<Position>, Fault> {
        let is_bounded = self.filter.created_at.is_bounded();
        let bounds = if is_bounded { self.ids_in_time().await? } else { InTime::Many };
        Ok(match bounds {
            InTime::Many => Some(Position { last: Some(self.cut.0), ..position }),
            InTime::None => None,
            InTime::Between(first, last) => {
                let after = first.saturating_sub(1);
                let last = last.min(self.cut.0);
                (after < last).then_some(Position { after, last: Some(last), ..position })
            }
        })
    }

    /// The first and the last id of the entries in the filter's span of time.
    async fn ids_in_time(&self) -> Result<InTime, Fault> {
        let dialect = self.database.dialect();
        let span = FlowFilter { created_at: self.filter.created_at, ..FlowFilter::default() };
        let ids = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(condition(dialect, &span))
            .limit(IN_TIME_MAX.saturating_add(1))
            .into_query();
        let id = || Expr::col(Column::Id);
        let bounds = Query::select()
            .exprs([Func::min(id()), Func::max(id()), Func::count(id())])
            .from_subquery(ids, Alias::new("in_time"))
            .take();
        let rows = self.database.read(dialect.backend().build(&bounds), primary()).await?.rows;
        let Some(row) = rows.first() else { return Ok(InTime::None) };
        let count: i64 = row.try_get_by_index(2)?;
        if u64::try_from(count).is_ok_and(|count| count > IN_TIME_MAX) {
            return Ok(InTime::Many);
        }
        let (first, last) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        Ok(Option::zip(first, last)
            .map_or(InTime::None, |(first, last)| InTime::Between(first, last)))
    }

    /// The first entries that fit with ids behind `after` and up to `until`, from a source that has
    /// all of them.
    async fn entries(&self, after: i64, until: i64) -> Result<Vec<Read>, Fault> {
        let select = self.select(after, until);
        if self.asks_replica() {
            let replica = Wanted { from: ReadFrom::Replica, ..primary() };
            let (entries, origin) =
                entries::read_with_origin(&self.database, &select, replica).await?;
            if origin.as_of >= self.known_at {
                return Ok(entries);
            }
            self.of_primary.store(PAGES_BEFORE_REPLICA, Ordering::Relaxed);
        }
        entries::read(&self.database, &select, primary()).await
    }

    /// Whether a replica may be asked; counts.
    fn asks_replica(&self) -> bool {
        let left = self.of_primary.load(Ordering::Relaxed);
        self.of_primary.store(left.saturating_sub(1), Ordering::Relaxed);
        left == 0 && self.database.has_replicas()
    }

    fn select(&self, after: i64, until: i64) -> SelectStatement {
        Entity::find()
            .filter(condition(self.database.dialect(), &self.filter))
            .filter(Column::Id.gt(after))
            .filter(Column::Id.lte(until))
            .order_by(Column::Id, Order::Asc)
            .limit(PAGE_ENTRIES_MAX)
            .into_query()
    }
}

/// What is known of the ids of entries within a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InTime {
    /// There are none.
    None,
    /// They lie between these two.
    Between(i64, i64),
    /// There are too many to tell.
    Many,
}

fn id(entry: &Read) -> i64 {
    match entry {
        Ok(flow) => flow.id.0,
        Err(unreadable) => unreadable.id.0,
    }
}
