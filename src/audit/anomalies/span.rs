//! Between which ids the entries of a span of time are.
//!
//! Anomalies are looked for in the order of the ids, which no clock disturbs; but what is asked for is
//! a span of time. The clocks of servers differ a little, and a clock that is wrong may put an entry
//! anywhere. So the border is not taken from one entry beside it, but from where nine in ten of a
//! thousand are. What lies within and outside of the span is then told by each entry's own time.

use chrono::{DateTime, TimeDelta, Utc};
use entity::inventory_flow::{Column, Entity};
use sea_orm::ColumnTrait as _;
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{Alias, Order, Query, SelectStatement};

use crate::db::{Database, Dialect, Fault, Wanted};
use crate::domain::clock::keepable;

/// How much earlier, or later, entries are looked at than the span says.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(1);

/// Entries beside the border that are looked at.
const LOOK_ENTRIES: u64 = 1_000;

/// The id behind which the entries are that were written at an instant or later.
pub(super) async fn behind(
    database: &Database,
    from: DateTime<Utc>,
    wanted: Wanted<'_>,
) -> Result<i64, Fault> {
    let ids = ids(database, &before_query(database.dialect(), from), wanted).await?;
    Ok(border(&ids, 10).unwrap_or(0))
}

/// The id up to which the entries are that were written before an instant.
pub(super) async fn until(
    database: &Database,
    to: Option<DateTime<Utc>>,
    wanted: Wanted<'_>,
) -> Result<i64, Fault> {
    let Some(to) = to.filter(|to| has_a_behind(*to)) else { return Ok(i64::MAX) };
    let ids = ids(database, &behind_query(database.dialect(), to), wanted).await?;
    Ok(border(&ids, 90).unwrap_or(i64::MAX))
}

/// The last entries by time that were written before an instant.
pub(super) fn before_query(dialect: Dialect, from: DateTime<Utc>) -> SelectStatement {
    let from = from.checked_sub_signed(CLOCKS_DIFFER).unwrap_or(from);
    let mut query = beside(&Order::Desc);
    query.and_where(Column::CreatedAt.lt(dialect.instant(from)));
    query
}

/// The first entries by time that were written at an instant or later.
pub(super) fn behind_query(dialect: Dialect, to: DateTime<Utc>) -> SelectStatement {
    let to = to.checked_add_signed(CLOCKS_DIFFER).unwrap_or(to);
    let mut query = beside(&Order::Asc);
    query.and_where(Column::CreatedAt.gte(dialect.instant(to)));
    query
}

/// Whether an entry may have been written behind an instant. Behind the end of the calendar is none,
/// and databases take an instant there for anything.
fn has_a_behind(to: DateTime<Utc>) -> bool {
    to.checked_add_signed(CLOCKS_DIFFER).and_then(keepable).is_some()
}

fn beside(order: &Order) -> SelectStatement {
    let mut query = Query::select().column(Column::Id).from(Entity).take();
    query
        .order_by(Column::CreatedAt, order.clone())
        .order_by(Column::Id, order.clone())
        .limit(LOOK_ENTRIES)
        .force_index(Alias::new("t_inventory_flow_created_at"), IndexHintScope::All);
    query
}

async fn ids(
    database: &Database,
    query: &SelectStatement,
    wanted: Wanted<'_>,
) -> Result<Vec<i64>, Fault> {
    let statement = database.dialect().backend().build(query);
    let rows = database.read(statement, wanted).await?.rows;
    let ids: Result<Vec<i64>, _> = rows.iter().map(|row| row.try_get_by_index(0)).collect();
    Ok(ids?)
}

/// The id below which so many in a hundred of these are; `None` if they are so few that one wrong
/// clock tells more than the others, and that the walk may as well go over all of them.
fn border(ids: &[i64], percent: usize) -> Option<i64> {
    if u64::try_from(ids.len()).is_ok_and(|count| count < LOOK_ENTRIES) {
        return None;
    }
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    let place = ids.len().saturating_mul(percent).checked_div(100)?;
    ids.get(place).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_wrong_clocks_do_not_move_the_border() {
        let mut ids: Vec<i64> = (1_001..=2_000).collect();
        for place in [3, 77, 500] {
            ids[place] = 1;
            ids[place + 1] = 1_000_000;
        }
        assert!((1_090..1_110).contains(&border(&ids, 10).unwrap()));
        assert!((1_890..1_910).contains(&border(&ids, 90).unwrap()));
        assert_eq!(border(&ids[..999], 10), None);
    }

    #[test]
    fn nothing_is_behind_the_end_of_the_calendar() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert!(has_a_behind(at("9999-12-31T23:58:59Z")));
        assert!(!has_a_behind(at("9999-12-31T23:59:00Z")));
        assert!(!has_a_behind(DateTime::<Utc>::MAX_UTC));
    }
}
