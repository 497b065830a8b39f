//! Reads entries by their ids, from the primary.
//!
//! A statement is bounded by ids, not only by the rows that it answers: what a rare filter lets through
//! is looked for in one stretch of the history after the other, so that none takes long.

use entity::inventory_flow::{Column, Entity};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QueryResult,
    QuerySelect as _, QueryTrait as _, Select, Statement,
};

use std::sync::Arc;

use crate::db::{Database, Fault, ReadFrom, Wanted, flow_from_result};
use crate::domain::filter::FlowFilter;
use crate::domain::{Flow, FlowCursor, FlowId, ReadAfter, SkuId, Visibility};
use crate::store::condition;

/// Entries of a page. Whoever listens keeps them in memory until they are taken.
const PAGE_ENTRIES_MAX: usize = 50;

/// Ids of the stretch that one statement looks through.
const STRETCH: i64 = 10_000;

/// Some entries, and up to which id there are no others.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) entries: Vec<Arc<Flow>>,
    pub(super) until: i64,
}

/// The next entries behind an id that a filter lets through, up to another id; perhaps none, if there
/// are none for a long stretch.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn page(
    database: &Database,
    filter: &FlowFilter,
    behind: i64,
    until: i64,
) -> Result<Page, Fault> {
    let end = behind.saturating_add(STRETCH).min(until);
    let query = Entity::find()
        .filter(condition(database.dialect(), filter))
        .filter(Column::Id.gt(behind))
        .filter(Column::Id.lte(end))
        .order_by_asc(Column::Id)
        .limit(u64::try_from(PAGE_ENTRIES_MAX).unwrap_or(u64::MAX))
        .into_query();
    let (entries, last) = read(database, database.dialect().backend().build(&query)).await?;
    let until = match last {
        // The page may be full; otherwise there is nothing else in the stretch.
        Some(Last { id, rows }) if rows >= PAGE_ENTRIES_MAX => id,
        None if end < until => next(database, end).await?.map_or(until, |id| id.min(until)),
        Some(_) | None => end,
    };
    Ok(Page { entries, until })
}

/// The id behind which the next entry is, whichever: ids may have been left out by the million.
async fn next(database: &Database, behind: i64) -> Result<Option<i64>, Fault> {
    let query = Entity::find()
        .select_only()
        .column_as(Column::Id.min(), "id")
        .filter(Column::Id.gt(behind))
        .into_query();
    let rows = database.read(database.dialect().backend().build(&query), primary(&any())).await?;
    let id: Option<i64> = match rows.rows.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    Ok(id.map(|id| id.saturating_sub(1)))
}

/// Whether a cursor is a place in these books: that of an entry which is on them and may be seen, or one
/// before the first.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn has_place(
    database: &Database,
    cursor: &FlowCursor,
    visibility: Visibility,
) -> Result<bool, Fault> {
    let FlowId(id) = cursor.id;
    if id <= 0 {
        return Ok(true);
    }
    let mut query = places().filter(Column::Id.eq(id));
    if let Some(merchant_id) = visibility.only() {
        query = query.filter(Column::MerchantId.eq(merchant_id.0));
    }
    let statement = database.dialect().backend().build(&query.into_query());
    let rows = database.read(statement, primary(&any())).await?.rows;
    match rows.first() {
        Some(row) => Ok(place(row, 0)? == *cursor),
        None => Ok(next(database, 0).await?.is_some_and(|before_first| id <= before_first)),
    }
}

/// Entries, with no more of each than a cursor has.
pub(super) fn places() -> Select<Entity> {
    Entity::find().select_only().columns([
        Column::Id,
        Column::SkuId,
        Column::Sequence,
        Column::CreatedAt,
    ])
}

/// The cursor of a row of [`places`], or of one that has their columns from `first` on.
///
/// # Errors
///
/// [`Fault`] when a column holds what the server never writes.
pub(super) fn place(row: &QueryResult, first: usize) -> Result<FlowCursor, Fault> {
    let at = |column: usize| first.saturating_add(column);
    Ok(FlowCursor {
        id: FlowId(row.try_get_by_index(at(0))?),
        sku_id: SkuId(row.try_get_by_index(at(1))?),
        sequence: row.try_get_by_index(at(2))?,
        created_at: row.try_get_by_index(at(3))?,
    })
}

/// The last row of an answer, and how many rows that has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Last {
    pub(super) id: i64,
    rows: usize,
}

/// The entries that a statement answers, in its order. One that makes no sense is told to the log and
/// left out: it must not keep everybody from those behind it.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn read(
    database: &Database,
    statement: Statement,
) -> Result<(Vec<Arc<Flow>>, Option<Last>), Fault> {
    let rows = database.read(statement, primary(&any())).await?.rows;
    let mut entries = Vec::with_capacity(rows.len());
    for row in &rows {
        match flow_from_result(row) {
            Ok(flow) => entries.push(Arc::new(flow)),
            Err(fault) => {
                let error = fault.source.to_string();
                tracing::error!(error, "an entry cannot be told of");
            }
        }
    }
    let last = rows.last().map(|row| row.try_get_by_index(0)).transpose()?;
    Ok((entries, last.map(|id| Last { id, rows: rows.len() })))
}

/// What any source has reached.
pub(super) fn any() -> ReadAfter {
    ReadAfter::default()
}

/// What is asked of the primary, by a few at once.
pub(super) fn primary(reached: &ReadAfter) -> Wanted<'_> {
    Wanted { from: ReadFrom::Primary, reached, visibility: Visibility::All, few: true }
}
