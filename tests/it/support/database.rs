//! A fresh database, with its tables up to date.

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, TransactionTrait as _,
};
use stockflow::db::{Database, DatabaseSettings};
use tempfile::TempDir;

use super::books;
use crate::servers;

/// Which database a test runs against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    MariaDb,
    Postgres,
}

/// A database of a test's own.
#[derive(Debug)]
pub struct TestDatabase {
    pub kind: Kind,
    pub url: String,
    _folder: Option<TempDir>,
}

impl TestDatabase {
    /// A migrated database; `None` where the server is not installed (which was said aloud).
    pub async fn fresh(kind: Kind) -> Option<Self> {
        let database = Self::empty(kind).await?;
        database.connect().await.migrate_up().await.unwrap();
        Some(database)
    }

    /// A database without any table.
    pub async fn empty(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let url = format!("sqlite://{}", folder.path().join("stock.db").display());
                Some(Self { kind, url, _folder: Some(folder) })
            }
            Kind::MariaDb => {
                let url = servers::mariadb()?.create_database().await;
                Some(Self { kind, url, _folder: None })
            }
            Kind::Postgres => {
                let url = servers::postgres()?.create_database().await;
                Some(Self { kind, url, _folder: None })
            }
        }
    }

    /// The way to it that the server takes.
    pub async fn connect(&self) -> Database {
        Database::connect(&DatabaseSettings::new(&self.url)).await.unwrap()
    }

    /// A plain connection, for looking behind the server's back.
    pub async fn plain(&self) -> DatabaseConnection {
        sea_orm::Database::connect(&self.url).await.unwrap()
    }

    /// Locks the stock of a SKU, as a person with a SQL prompt may; on SQLite the whole file.
    pub async fn lock_stock(&self, sku_id: i64) -> DatabaseTransaction {
        let transaction = self.plain().await.begin().await.unwrap();
        let sql = match self.kind {
            Kind::Sqlite => "UPDATE t_inventory SET version = version".to_owned(),
            Kind::MariaDb | Kind::Postgres => {
                format!("SELECT * FROM t_inventory WHERE sku_id = {sku_id} FOR UPDATE")
            }
        };
        transaction.execute_unprepared(&sql).await.unwrap();
        transaction
    }

    /// Makes a SKU that has only its opening hold as much as an amount can, but for `room`. A
    /// million at a time it would take long to get there.
    pub async fn fill_up(&self, sku_id: i64, room: i32) {
        let amount = i32::MAX - room;
        let plain = self.plain().await;
        for sql in [
            format!(
                "UPDATE t_inventory SET leaved_amount = {amount}, chain_sequence = 0, \
                 chain_head = NULL WHERE sku_id = {sku_id}"
            ),
            format!(
                "UPDATE t_inventory_flow SET leaved_after = {amount}, quantity_trade = -{amount}, \
                 entry_hash = NULL WHERE sku_id = {sku_id}"
            ),
        ] {
            plain.execute_unprepared(&sql).await.unwrap();
        }
        // Chains it anew.
        self.connect().await.migrate_up().await.unwrap();
    }

    /// Checks the identities that hold at every commit.
    pub async fn audit(&self) {
        books::audit(&self.plain().await).await;
    }
}
