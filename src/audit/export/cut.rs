//! Where an export ends: at an id behind which, one day, there is more, and before which there never
//! is.
//!
//! SQLite has one writer, so an id that is seen has all lower ones before it. The servers give an id
//! when an entry is inserted, and show the entry when its transaction commits: a lower id may appear
//! after a higher one. An entry is *settled* when none below it can appear any more. What tells is
//! time. A transaction of the ledger is given up after 20 s, and the database ends a session that was
//! abandoned in one after 30 s more; and what the ledger stamps an entry with is taken at most those
//! 20 s before its id is. So an entry that is older than 70 s has nothing below it that is still to
//! come. [`UNSETTLED`] is longer by what the clocks of the servers may be apart.
//!
//! Of what is younger, ids without a gap are settled as well: nothing fits between them. So the cut
//! is the last id before the first gap behind the newest entry that is old enough; a shop without
//! rolled back transactions is cut at its newest entry. MariaDB and MySQL take ids for a statement of
//! many rows in advance and leave gaps behind it (their manuals, "`AUTO_INCREMENT` Handling in
//! InnoDB"), so that a busy shop is cut there two minutes ago.
//!
//! What none of this sees is a commit that the database itself holds back while others go on, as one
//! that waits for a standby which was lost in the middle of it.
//!
//! A replica that is connected to as if it were the primary shows the primary as it was some time
//! ago, and how long ago nobody tells. Its newest entry was not written later than that, so its time
//! is taken for the present.

use chrono::{DateTime, TimeDelta, Utc};
use entity::inventory_flow::{Column, Entity};
use sea_orm::sea_query::{Order, SelectStatement};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QueryResult,
    QuerySelect as _, QueryTrait as _,
};

use super::primary;
use crate::db::{Database, Fault};
use crate::domain::FlowId;

/// For how long something may still appear below an entry.
const UNSETTLED: TimeDelta = TimeDelta::seconds(120);

/// Ids of one statement that looks for a gap.
const LOOK_IDS: u64 = 10_000;

/// Such statements at the most: what a busy shop has written since is cut by the next export.
const LOOKS_MAX: usize = 10;

/// The newest settled entry; `None` if there is none.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn settled(database: &Database) -> Result<Option<FlowId>, Fault> {
    let Some(newest) = one(database, newest()).await? else { return Ok(None) };
    let newest_id = FlowId(newest.try_get_by_index(0)?);
    let Some(told) = database.told().await? else { return Ok(Some(newest_id)) };
    let clock = DateTime::from_timestamp_micros(told.clock_us).unwrap_or_default();
    let now = if told.read_only {
        let written_at: DateTime<Utc> = newest.try_get_by_index(1)?;
        clock.min(written_at)
    } else {
        clock
    };
    // Years that no calendar has are none that a database's clock shows.
    let before = now.checked_sub_signed(UNSETTLED).unwrap_or_default();
    let old_enough = one(database, newest_before(database, before)).await?;
    let old_enough = old_enough.map(|row| row.try_get_by_index(0)).transpose()?;
    let cut = before_gap(database, old_enough.unwrap_or(0)).await?;
    Ok((cut > 0).then_some(FlowId(cut)))
}

/// The last id of those that follow `settled` without a gap.
async fn before_gap(database: &Database, mut settled: i64) -> Result<i64, Fault> {
    for _look in 0..LOOKS_MAX {
        let rows = database.read(statement(database, &behind(settled)), primary()).await?.rows;
        let begun_at = settled;
        for row in &rows {
            let id: i64 = row.try_get_by_index(0)?;
            if settled.checked_add(1) != Some(id) {
                return Ok(settled);
            }
            settled = id;
        }
        let looked = settled.saturating_sub(begun_at);
        if u64::try_from(looked).is_ok_and(|looked| looked < LOOK_IDS) {
            break;
        }
    }
    Ok(settled)
}

fn newest() -> SelectStatement {
    Entity::find()
        .select_only()
        .columns([Column::Id, Column::CreatedAt])
        .order_by_desc(Column::Id)
        .limit(1)
        .into_query()
}

fn newest_before(database: &Database, before: DateTime<Utc>) -> SelectStatement {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::CreatedAt.lt(database.dialect().instant(before)))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(1)
        .into_query()
}

fn behind(id: i64) -> SelectStatement {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.gt(id))
        .order_by(Column::Id, Order::Asc)
        .limit(LOOK_IDS)
        .into_query()
}

async fn one(database: &Database, select: SelectStatement) -> Result<Option<QueryResult>, Fault> {
    let rows = database.read(statement(database, &select), primary()).await?.rows;
    Ok(rows.into_iter().next())
}

fn statement(database: &Database, select: &SelectStatement) -> sea_orm::Statement {
    database.dialect().backend().build(select)
}
