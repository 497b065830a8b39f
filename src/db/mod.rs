//! The way to the database: connections, dialects, rows, and what its errors mean.
//!
//! There are three doors. [`Database::open_writer`] is for the ledger alone; every transaction that
//! changes stock goes through it. [`Database::writer`] is for whoever changes tables.
//! [`Database::reader`] serves everybody else and never changes anything. On SQLite they are two pools over one file, because the file has one writer;
//! on MariaDB, MySQL and PostgreSQL they are two pools over the primary, so that readers cannot
//! keep the ledger waiting for a connection.
//!
//! [`Database::read`] is how the books are read: from the primary, or from a replica that is not
//! too old for the question. How old replicas are is measured by a [`heartbeat`] on the primary,
//! which each of them is asked for time and again.
//!
//! [`Inspection`] is for those who operate the database, and looks without changing anything.
//!
//! This room knows neither the ledger nor the store; no rule about stock is decided here.

mod chaining;
mod check;
mod connect;
mod demotion;
mod dialect;
mod fault;
mod heartbeat;
mod inspection;
mod metrics;
mod migrate;
mod pools;
mod probe;
mod read;
mod replica;
mod replicas;
mod rows;
mod seen;
mod settings;
mod table;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait as _,
};
use tokio::sync::Notify;

pub use check::{InvalidDatabase, check_urls};
pub use connect::ConnectError;
pub use dialect::{Dialect, InsertedIds};
pub use fault::{Cause, Fault};
pub use inspection::{Action, BooksFound, Inspection, Right, Told};
pub use metrics::DbMetrics;
pub use migrate::{MigrateError, MigrationState};
pub use read::{ReadFrom, Rows, Wanted};
pub use rows::{CorruptRow, chain_from_row, flow_from_result, flow_from_row, inventory_from_row};
pub use settings::{DatabaseSettings, InvalidReplica, InvalidUrl};
pub use table::{Cells, Table};

use crate::domain::BooksClock;
use crate::telemetry::Metrics;
use pools::Pools;
use replicas::Replicas;

/// A database that is connected. Cheap to clone; all clones share the pools.
#[derive(Clone, Debug)]
pub struct Database {
    writer: DatabaseConnection,
    writer_options: Arc<ConnectOptions>,
    reader: DatabaseConnection,
    dialect: Dialect,
    inserted_ids: InsertedIds,
    statements_read: Arc<AtomicU64>,
    clock: BooksClock,
    replicas: Arc<Replicas>,
    pools: Pools,
    metrics: DbMetrics,
    entries_written: Arc<Notify>,
}

impl Database {
    /// The door of whoever changes tables.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// A transaction of whoever changes tables, or rows beside the stocks: no stock is changed in it, for
    /// that is the ledger's. On SQLite it has the file at once, for one that reads first and writes
    /// later fails when another wrote in between.
    ///
    /// # Errors
    ///
    /// Those of the database.
    #[expect(clippy::disallowed_methods, reason = "no stock is changed in it")]
    pub(crate) async fn begin_beside_stock(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.dialect == Dialect::Sqlite)
                .then_some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        self.writer.begin_with_options(options).await
    }

    /// A door of the ledger's own, whose connections are opened when they are first needed.
    ///
    /// A connection belongs to the runtime on which it was opened, and is driven by it: the ledger
    /// has one of its own, so that its answers from the database do not wait behind requests.
    ///
    /// # Errors
    ///
    /// Those of the driver, when it does not understand the options, which it did before.
    pub async fn open_writer(&self) -> Result<DatabaseConnection, DbErr> {
        let mut options = ConnectOptions::clone(&self.writer_options);
        options.connect_lazy(true);
        let writer = sea_orm::Database::connect(options).await?;
        self.pools.keep_writer(&writer);
        Ok(writer)
    }

    /// The door of everybody who only reads.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Which SQL it speaks.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// How the ids of rows that one statement inserted are learnt of.
    pub fn inserted_ids(&self) -> InsertedIds {
        self.inserted_ids
    }

    /// The same database, written to as MySQL must be, which knows no `RETURNING`: so that this way
    /// is tested where there is no MySQL.
    #[must_use]
    pub fn without_returning(self) -> Self {
        Self { inserted_ids: InsertedIds::LookedUp, ..self }
    }

    /// How old what a replica shows may be for it to be read from; zero where there are none.
    pub fn replica_lag_max(&self) -> Duration {
        if self.replicas.is_empty() { Duration::ZERO } else { self.replicas.lag_max() }
    }

    /// The primary's clock. It is known where there are replicas, or settings ask for it.
    pub fn clock(&self) -> &BooksClock {
        &self.clock
    }

    /// Registers what is counted of reads, replicas and pools.
    pub fn register_metrics(&self, metrics: &mut Metrics) {
        self.metrics.register(metrics);
        metrics.room("db").register_collector(Box::new(self.pools.clone()));
    }

    /// How many statements readers have sent to the primary so far.
    pub fn statements_read(&self) -> u64 {
        self.statements_read.load(Ordering::Relaxed)
    }

    /// Tells that this server has committed entries of the flow table. Nobody is waited for, and who is
    /// told once need not be told again until they have looked.
    pub fn tell_of_entries(&self) {
        self.entries_written.notify_one();
    }

    /// Waits until this server has committed entries since it was last waited for. Others write, too,
    /// and tell nobody. It is for one who waits.
    pub async fn entries_written(&self) {
        self.entries_written.notified().await;
    }

    /// Asks for a sign of life.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database does not answer.
    pub async fn ping(&self) -> Result<(), Fault> {
        let statement = Statement::from_string(self.dialect.backend(), "SELECT 1");
        self.reader.query_one_raw(statement).await.map_err(Fault::from)?;
        Ok(())
    }

    /// Closes every connection, once those that are in use have come back. Nothing is measured any
    /// more.
    ///
    /// # Errors
    ///
    /// Those of the driver. There is nothing left to do about them but to tell.
    pub async fn close(self) -> Result<(), DbErr> {
        self.replicas.stop().cancel();
        self.reader.close().await?;
        self.writer.close().await?;
        self.replicas.close().await
    }
}
