//! Up to which id the history is settled: no entry with such an id can appear any more.
//!
//! The databases give an entry its id before its transaction commits, so that of two SKUs' entries the
//! one with the greater id may be seen first. Whoever told of it and went on from there would miss the
//! other. So a look at what is visible behind the settled id ([`Look`]) makes a target of the newest of
//! it, which is settled once nobody can still be at work on a lesser one; that is told by what each
//! database knows of its writers, and never by how long it has been:
//!
//! - **SQLite** has one writer. What is visible is settled.
//! - **PostgreSQL** has a writer take the table's `RowExclusiveLock` before the sequence gives it an id
//!   (the table is locked when the INSERT is analysed, or its plan is taken out of the cache), and
//!   release it after its entries became visible (`CommitTransaction` takes the transaction out of
//!   the running ones first). Ids are given in order, so whoever has one below a visible one got it
//!   before that one was seen; and is therefore among those who hold the lock when they are asked for
//!   *after* the snapshot, or has ended. `pg_locks` is read while the statement is executed, when its
//!   snapshot has been taken. Once each of those has ended, be it by a rollback or with its connection,
//!   everything up to the target is settled, and another statement sees all of it. Who is in a long
//!   transaction, but has not written to this table, holds up nobody.
//! - **MariaDB and MySQL** keep an entry that is not committed in the index all the same, with its
//!   writer's lock. A read that asks for shared locks meets it, and with `NOWAIT` fails there at once
//!   instead of holding a connection; what it reads is the newest that was committed. It goes down
//!   from the target, for on the way up it would also touch the entry behind the target. At READ
//!   COMMITTED it locks no gaps, entries are never updated by those who serve, and its locks end with
//!   the statement: it is in nobody's way. There is a moment between an id and its entry: an INSERT of
//!   ours, which selects its rows, holds the table's lock for ids until it has written all of them
//!   (`innodb_autoinc_lock_mode` 0 and 1); where the mode is 2 it does not, and there a target must
//!   have been visible for [`UNWRITTEN_MAX`] first, which is a thousand times as long as that moment.
//!   All who write must do so on the node that is read: another's locks are not seen. MySQL before 8.0.22
//!   refuses such a read to who may only SELECT.
//!
//! The follower begins a little before the newest entry, with nobody to have been waited for: so what is
//! being written before that is waited for first, on PostgreSQL by its writers as ever, on MariaDB and
//! MySQL by a search of [`SEARCHED_BEFORE`] entries more.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use entity::inventory_flow::{Column, Entity};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _, Statement,
};

use super::pages::{any, place, places, primary, read};
use crate::db::{Cause, Database, Dialect, Fault};
use crate::domain::{Flow, FlowCursor};

/// Ids of one look.
pub(super) const LOOK_IDS_MAX: usize = 10_000;

/// Entries before the newest with which the follower begins: less than one look sees, so that who begins
/// to listen knows which are no news.
const BEGIN_BEFORE: usize = 5_000;

/// Entries before those in which MariaDB and MySQL are searched for one that is still being written when
/// the follower begins. They tell of no writers but by their entries, so one that has more than this
/// written behind it while it is open is missed by who begins to listen in the meantime.
const SEARCHED_BEFORE: u64 = 20_000;

/// How long an id may be without its entry, where nothing is held in between.
const UNWRITTEN_MAX: Duration = Duration::from_millis(200);

/// What is visible behind the settled id.
#[derive(Debug)]
pub(super) struct Look {
    /// The ids, ascending, up to [`LOOK_IDS_MAX`] of them.
    pub(super) ids: Arc<[i64]>,
    /// Whether the entry of the settled id is still there, and the same.
    pub(super) has_anchor: bool,
    /// Who may be about to write others, as PostgreSQL calls them.
    writers: BTreeSet<String>,
}

/// What is about to be settled.
#[derive(Debug)]
struct Target {
    until: i64,
    since: Instant,
    /// Who may be about to write a lesser id.
    writers: BTreeSet<String>,
}

/// Moves the settled id on.
#[derive(Debug)]
pub(super) struct Settling {
    /// Everything up to this id is settled, or is taken to be none of anybody's business.
    pub(super) behind: i64,
    /// Whether there is an entry of that id.
    anchored: bool,
    /// That entry, as soon as it is known: ids come again when books are put back, entries do not.
    anchor: Option<FlowCursor>,
    /// Whether a lesser id than the one it begins with may still appear, as nobody has been waited for.
    is_young: bool,
    target: Option<Target>,
    /// Whether ids are given out without a lock that is held until their entries are there.
    interleaved: bool,
}

impl Settling {
    /// Begins a little before the newest entry.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database fails.
    pub(super) async fn begin(database: &Database) -> Result<Self, Fault> {
        let newest = Entity::find()
            .select_only()
            .column(Column::Id)
            .order_by_desc(Column::Id)
            .limit(u64::try_from(BEGIN_BEFORE.saturating_add(1)).unwrap_or(u64::MAX))
            .into_query();
        let ids = ids(database, &newest).await?;
        // Of a short history all is told.
        let whole = ids.len() <= BEGIN_BEFORE;
        let behind = ids.last().copied().filter(|_id| !whole);
        let interleaved = match database.dialect() {
            Dialect::Sqlite | Dialect::Postgres => false,
            Dialect::MariaDb | Dialect::MySql => {
                let sql = "SELECT CAST(@@innodb_autoinc_lock_mode AS SIGNED)";
                let mode = Statement::from_string(database.dialect().backend(), sql);
                let rows = database.read(mode, primary(&any())).await?.rows;
                let mode: Option<i64> =
                    rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
                mode.is_none_or(|mode| mode > 1)
            }
        };
        let (behind, anchored) = (behind.unwrap_or_default(), behind.is_some());
        // `SQLite` has one writer: what is visible is settled.
        let is_young = anchored && database.dialect() != Dialect::Sqlite;
        Ok(Self { behind, anchored, anchor: None, is_young, target: None, interleaved })
    }

    /// Looks at what is visible behind the settled id, and at who writes.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database fails.
    pub(super) async fn look(&mut self, database: &Database) -> Result<Look, Fault> {
        let (mut ids, anchor, writers) = if database.dialect() == Dialect::Postgres {
            let sql = postgres_look(self.behind);
            let statement = Statement::from_string(database.dialect().backend(), sql);
            let rows = database.read(statement, primary(&any())).await?.rows;
            let row = rows.first().ok_or_else(Fault::silent)?;
            let (ids, writers): (String, String) =
                (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let writers = writers.split_whitespace().map(str::to_owned).collect();
            let ids: Vec<i64> = ids.split_whitespace().filter_map(|id| id.parse().ok()).collect();
            let anchor = match row.try_get_by_index::<Option<i64>>(2)? {
                Some(_id) => Some(place(row, 2)?),
                None => None,
            };
            (ids, anchor, writers)
        } else {
            let visible = places()
                .filter(Column::Id.gte(self.behind))
                .order_by_asc(Column::Id)
                .limit(u64::try_from(LOOK_IDS_MAX.saturating_add(1)).unwrap_or(u64::MAX))
                .into_query();
            let statement = database.dialect().backend().build(&visible);
            let rows = database.read(statement, primary(&any())).await?.rows;
            let ids: Result<Vec<i64>, _> = rows.iter().map(|row| row.try_get_by_index(0)).collect();
            let first = rows.first().map(|row| place(row, 0)).transpose()?;
            (ids?, first.filter(|first| first.id.0 == self.behind), BTreeSet::new())
        };
        ids.retain(|id| *id > self.behind);
        Ok(Look { ids: ids.into(), has_anchor: self.is_anchor(anchor), writers })
    }

    /// Whether what is there under the settled id is the entry that was.
    fn is_anchor(&mut self, there: Option<FlowCursor>) -> bool {
        if !self.anchored {
            return true;
        }
        let Some(there) = there else { return false };
        *self.anchor.get_or_insert(there) == there
    }

    /// Whether it can be told where now is: no lesser id than the settled one can appear any more, and
    /// the look saw all that is behind it.
    pub(super) fn tells_now(&self, look: &Look) -> bool {
        !self.is_young && look.ids.len() < LOOK_IDS_MAX
    }

    /// Settles what can be settled by a look: all the entries behind the settled id that was, and up to
    /// the one that is now.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database fails. Nothing is settled then.
    pub(super) async fn settle(
        &mut self,
        database: &Database,
        look: Look,
    ) -> Result<Vec<Arc<Flow>>, Fault> {
        let newest = look.ids.last().copied();
        let until = match database.dialect() {
            Dialect::Sqlite => newest,
            Dialect::Postgres => self.without_writers(newest, look.writers),
            Dialect::MariaDb | Dialect::MySql => return self.by_locks(database, newest).await,
        };
        let Some(until) = until else { return Ok(Vec::new()) };
        let query = between(self.behind, until).order_by_asc(Column::Id).into_query();
        let statement = database.dialect().backend().build(&query);
        let (entries, _last) = read(database, statement).await?;
        self.move_to(until, &entries);
        Ok(entries)
    }

    /// Whether something is visible that is not settled yet.
    pub(super) fn is_waiting(&self) -> bool {
        self.target.is_some()
    }

    /// The id up to which nobody is at work any more, if there is a further one.
    fn without_writers(&mut self, newest: Option<i64>, writers: BTreeSet<String>) -> Option<i64> {
        if writers.is_empty() {
            return newest;
        }
        let reached = self
            .target
            .take_if(|target| target.writers.is_disjoint(&writers))
            .map(|target| target.until);
        let newest = newest.filter(|newest| reached.is_none_or(|reached| reached < *newest));
        if let (None, Some(until)) = (&self.target, newest) {
            self.target = Some(Target { until, since: Instant::now(), writers });
        }
        reached
    }

    async fn by_locks(
        &mut self,
        database: &Database,
        newest: Option<i64>,
    ) -> Result<Vec<Arc<Flow>>, Fault> {
        if let (None, Some(until)) = (&self.target, newest) {
            let (since, writers) = (Instant::now(), BTreeSet::new());
            self.target = Some(Target { until, since, writers });
        }
        let due = |target: &&Target| !self.interleaved || target.since.elapsed() >= UNWRITTEN_MAX;
        let Some(until) = self.target.as_ref().filter(due).map(|target| target.until) else {
            return Ok(Vec::new());
        };
        if self.is_young && self.is_older_written(database).await? {
            return Ok(Vec::new());
        }
        let query = between(self.behind, until).order_by_desc(Column::Id).into_query();
        match read(database, locking(database.dialect(), &query)).await {
            Ok((mut entries, _last)) => {
                entries.reverse();
                self.move_to(until, &entries);
                Ok(entries)
            }
            // Somebody is still at one of these.
            Err(fault) if fault.cause == Cause::Contended => Ok(Vec::new()),
            Err(fault) => Err(fault),
        }
    }

    /// Whether somebody is still at an entry before those with which it began.
    async fn is_older_written(&mut self, database: &Database) -> Result<bool, Fault> {
        let query = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::Id.lte(self.behind))
            .order_by_desc(Column::Id)
            .limit(SEARCHED_BEFORE)
            .into_query();
        let searched = database.read(locking(database.dialect(), &query), primary(&any())).await;
        match searched {
            Ok(_none) => {
                self.is_young = false;
                Ok(false)
            }
            Err(fault) if fault.cause == Cause::Contended => Ok(true),
            Err(fault) => Err(fault),
        }
    }

    /// Everything up to an entry is settled.
    fn move_to(&mut self, until: i64, entries: &[Arc<Flow>]) {
        self.behind = until;
        self.anchored = true;
        let last = entries.last().map(|flow| FlowCursor::from(&**flow));
        self.anchor = last.filter(|last| last.id.0 == until);
        self.is_young = false;
        self.target.take_if(|target| target.until <= until);
    }
}

/// The entries behind an id and up to another.
fn between(behind: i64, until: i64) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::Id.gt(behind)).filter(Column::Id.lte(until))
}

/// A read of MariaDB or MySQL that fails where somebody is still at one of its rows.
fn locking(dialect: Dialect, query: &SelectStatement) -> Statement {
    let mut statement = dialect.backend().build(query);
    statement.sql.push_str(match dialect {
        Dialect::MySql => " FOR SHARE NOWAIT",
        Dialect::MariaDb | Dialect::Sqlite | Dialect::Postgres => " LOCK IN SHARE MODE NOWAIT",
    });
    statement
}

async fn ids(database: &Database, query: &SelectStatement) -> Result<Vec<i64>, Fault> {
    let statement = database.dialect().backend().build(query);
    let rows = database.read(statement, primary(&any())).await?.rows;
    let ids: Result<Vec<i64>, _> = rows.iter().map(|row| row.try_get_by_index(0)).collect();
    Ok(ids?)
}

/// The visible ids from one on, and who holds the lock of those who write entries, each list with
/// spaces between its items; and the entry of that one id. One statement, so that all are of one
/// snapshot.
fn postgres_look(from: i64) -> String {
    let limit = LOOK_IDS_MAX.saturating_add(1);
    format!(
        "SELECT COALESCE((SELECT string_agg(page.id::text, ' ' ORDER BY page.id) FROM \
         (SELECT id FROM t_inventory_flow WHERE id >= {from} ORDER BY id LIMIT {limit}) AS page), \
         ''), \
         COALESCE((SELECT string_agg(held.virtualtransaction, ' ') FROM pg_locks AS held WHERE \
         held.locktype = 'relation' AND held.mode = 'RowExclusiveLock' AND held.granted \
         AND held.relation = 't_inventory_flow'::regclass AND held.database = \
         (SELECT oid FROM pg_database WHERE datname = current_database())), ''), \
         anchor.id, anchor.sku_id, anchor.sequence, anchor.created_at FROM (SELECT 1) AS one \
         LEFT JOIN t_inventory_flow AS anchor ON anchor.id = {from}"
    )
}
