//! A fresh database, with its tables up to date.

use sea_orm::DatabaseConnection;
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

    /// Checks the identities that hold at every commit.
    pub async fn audit(&self) {
        books::audit(&self.plain().await).await;
    }
}
