//! One replica: its connections, and what it showed when it was last asked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use entity::inventory::{Column, Entity};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ColumnTrait as _, ConnectOptions, ConnectionTrait as _, DatabaseConnection, DbErr,
    EntityTrait as _, QueryFilter as _, QueryResult, QuerySelect as _, QueryTrait as _, Statement,
};
use tokio::sync::watch;
use tokio::time::timeout;

use super::Fault;
use super::read::{READ_MAX, Wanted};
use super::seen::Seen;

/// One replica.
#[derive(Debug)]
pub(super) struct Replica {
    /// Its place among the URLs, from 1.
    pub(super) number: usize,
    /// Its URL without the password.
    pub(super) url_shown: String,
    options: ReplicaOptions,
    pool: RwLock<DatabaseConnection>,
    /// Whether a fault was told since it became reachable.
    fault_told: AtomicBool,
}

/// How a replica is connected to.
#[derive(Clone, Debug)]
pub(super) struct ReplicaOptions {
    /// By readers: each connection must show what was seen last.
    pub(super) reader: ConnectOptions,
    /// By who asks what it shows, whatever that is.
    pub(super) probe: ConnectOptions,
    /// What was seen last.
    pub(super) seen: watch::Sender<Seen>,
}

/// Why a replica does not answer.
#[derive(Debug)]
pub(super) enum Miss {
    /// It has not come as far as it must.
    Behind,
    /// It failed, or went away.
    Failed(Fault),
    /// It took longer than a read may.
    TooLong,
}

impl From<DbErr> for Miss {
    fn from(error: DbErr) -> Self {
        Self::Failed(error.into())
    }
}

impl Replica {
    /// A replica of which nothing is known yet.
    ///
    /// # Errors
    ///
    /// Those of the driver, when it does not understand the options.
    pub(super) async fn open(
        number: usize,
        url_shown: String,
        options: ReplicaOptions,
    ) -> Result<Self, DbErr> {
        let pool = RwLock::new(lazy(&options.reader).await?);
        Ok(Self { number, url_shown, options, pool, fault_told: AtomicBool::new(false) })
    }

    /// What it showed when it was last asked.
    pub(super) fn seen(&self) -> Seen {
        *self.options.seen.borrow()
    }

    /// Keeps which beat it showed; `None` if it did not answer. Reads that are under way give it up
    /// then, and if it fell back.
    pub(super) fn keep(&self, shown_us: Option<i64>) {
        self.options.seen.send_modify(|seen| *seen = seen.then(shown_us));
    }

    /// The rows, once it has reached the versions that are wanted. What becomes unreachable meanwhile is given up at once: a server that stands still says nothing at all.
    /// So is what falls back behind what was seen of it `before`, by which the rows are judged.
    ///
    /// # Errors
    ///
    /// [`Miss`] when it has not come so far, fails at the statement or is given up.
    pub(super) async fn read(
        &self,
        statement: &Statement,
        wanted: Wanted<'_>,
        before: Seen,
    ) -> Result<Vec<QueryResult>, Miss> {
        let pool = self.pool();
        let rows = async {
            if !wanted.reached.is_empty() && !has_reached(&pool, wanted).await? {
                return Err(Miss::Behind);
            }
            Ok(pool.query_all_raw(statement.clone()).await?)
        };
        let mut seen = self.options.seen.subscribe();
        let gone = async { drop(seen.wait_for(|seen| seen.is_set_back_since(before)).await) };
        tokio::select! {
            // First, since a connection that was opened after a setback answers less.
            biased;
            () = gone => Err(Miss::Failed(Fault::gone())),
            rows = timeout(READ_MAX, rows) => rows.unwrap_or(Err(Miss::TooLong)),
        }
    }

    /// Tells of a fault, once as long as it is reachable; that it is not is told by who asks it.
    pub(super) fn tell(&self, fault: &Fault) {
        let (replica, url, error) = (self.number, &self.url_shown, &fault.source);
        if !self.seen().reachable || self.fault_told.swap(true, Ordering::Relaxed) {
            tracing::debug!(replica, url, %error, "a replica failed at a read");
        } else {
            tracing::warn!(
                replica,
                url,
                %error,
                "a replica failed at a read, which another source answers; the next such failures \
                 are told at level debug"
            );
        }
    }

    /// A pool of one connection, to ask what it shows: those of readers may all be in use.
    ///
    /// # Errors
    ///
    /// Those of the driver, when it does not understand the options.
    pub(super) async fn open_probe(&self) -> Result<DatabaseConnection, DbErr> {
        let mut options = self.options.probe.clone();
        options.max_connections(1);
        lazy(&options).await
    }

    /// Forgets its connections, for new ones to be opened: those to a server that stands still, or
    /// whose host is gone, may not come back for a quarter of an hour.
    ///
    /// # Errors
    ///
    /// Those of the driver, when it does not understand the options.
    pub(super) async fn reopen(&self) -> Result<(), DbErr> {
        let pool = lazy(&self.options.reader).await?;
        *self.pool.write().unwrap_or_else(PoisonError::into_inner) = pool;
        self.fault_told.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Closes its connections, once those that are in use have come back.
    ///
    /// # Errors
    ///
    /// Those of the driver.
    pub(super) async fn close(&self) -> Result<(), DbErr> {
        self.pool().close().await
    }

    /// The pool of its readers.
    pub(super) fn pool(&self) -> DatabaseConnection {
        self.pool.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn lazy(options: &ConnectOptions) -> Result<DatabaseConnection, DbErr> {
    // Boxed, for it is large, and none of the many reads needs it.
    Box::pin(sea_orm::Database::connect(options.clone())).await
}

/// Whether every SKU is there, and seen, in its version or a newer one.
async fn has_reached(pool: &DatabaseConnection, wanted: Wanted<'_>) -> Result<bool, DbErr> {
    let Wanted { reached, visibility, .. } = wanted;
    let sku_ids = reached.versions().map(|(sku_id, _version)| sku_id.0);
    let query = Entity::find()
        .select_only()
        .columns([Column::SkuId, Column::Version])
        .filter(Column::SkuId.is_in(sku_ids))
        .filter(
            Condition::all()
                .add_option(visibility.only().map(|only| Column::MerchantId.eq(only.0))),
        )
        .into_query();
    let rows = pool.query_all_raw(pool.get_database_backend().build(&query)).await?;
    let mut has = HashMap::with_capacity(rows.len());
    for row in rows {
        has.insert(row.try_get_by_index::<i64>(0)?, row.try_get_by_index::<i64>(1)?);
    }
    Ok(reached.versions().all(|(sku_id, version)| {
        has.get(&sku_id.0).is_some_and(|has_version| *has_version >= version)
    }))
}
