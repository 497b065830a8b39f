//! The way to the database: connections, dialects, rows, and what its errors mean.
//!
//! There are two doors. [`Database::writer`] is for the ledger alone; every transaction that
//! changes something goes through it. [`Database::reader`] serves everybody else and never
//! changes anything. On SQLite they are two pools over one file, because the file has one writer;
//! on MariaDB, MySQL and PostgreSQL they are two pools over the primary, so that readers cannot
//! keep the ledger waiting for a connection.
//!
//! This room knows neither the ledger nor the store; no rule about stock is decided here.

mod connect;
mod dialect;
mod fault;
mod migrate;
mod rows;
mod settings;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};

pub use connect::ConnectError;
pub use dialect::{Column, Dialect};
pub use fault::{Cause, Fault};
pub use migrate::{MigrateError, MigrationState};
pub use rows::{CorruptRow, flow_from_row, inventory_from_row};
pub use settings::{DatabaseSettings, InvalidUrl};

/// A database that is connected. Cheap to clone; all clones share the pools.
#[derive(Clone, Debug)]
pub struct Database {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    dialect: Dialect,
    statements_read: Arc<AtomicU64>,
}

impl Database {
    /// The ledger's own door.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// The door of everybody who only reads.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Which SQL it speaks.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// How many statements readers have sent so far.
    pub fn statements_read(&self) -> u64 {
        self.statements_read.load(Ordering::Relaxed)
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

    /// Closes every connection, once those that are in use have come back.
    ///
    /// # Errors
    ///
    /// Those of the driver. There is nothing left to do about them but to tell.
    pub async fn close(self) -> Result<(), DbErr> {
        self.reader.close().await?;
        self.writer.close().await
    }
}
