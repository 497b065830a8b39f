//! What an operator says of the database.

use std::time::Duration;

use crate::config::url_shown;

/// How long a read may wait for a connection to a replica.
const REPLICA_ACQUIRE_MAX: Duration = Duration::from_secs(1);

/// Why a URL does not name a database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    /// The scheme is none that the server knows.
    #[error(
        "a database URL begins with sqlite:, mysql://, mariadb:// or postgres://, \
         as sqlite://stockflow.db or postgres://user:password@host/name"
    )]
    Scheme,
    /// SQLite in memory would be another database on every connection, and gone at the end.
    #[error("an SQLite database must be a file: the books are kept, as in sqlite://stockflow.db")]
    InMemory,
}

/// Why a URL names no replica of the database. It is shown without its password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReplica {
    /// The database is a file.
    #[error("database.replica_urls: an SQLite database has no replicas")]
    OfFile,
    /// It is of another family.
    #[error("database.replica_urls: {0} is not the same kind of database as the primary")]
    Other(String),
    /// It makes no sense to the driver.
    #[error("database.replica_urls: {0} is no URL of a database")]
    Url(String),
}

/// How to reach the database, and how hard to try.
#[derive(Clone, Debug)]
pub struct DatabaseSettings {
    /// Where it is: `sqlite://FILE`, `mysql://…`, `mariadb://…` or `postgres://…`.
    pub url: String,
    /// Connections that the ledger may hold at once; SQLite has one, whatever this says.
    pub writer_connections_max: u32,
    /// Connections that readers may hold at once.
    pub reader_connections_max: u32,
    /// How long to wait for a connection before the database counts as unavailable.
    pub acquire_timeout: Duration,
    /// How long one statement may wait for a lock that somebody else holds.
    pub lock_timeout: Duration,
    /// Replicas to read from, each by a URL of its own; one server behind each. None on SQLite.
    pub replica_urls: Vec<String>,
    /// How far a replica may lag behind the primary to be read from.
    pub replica_lag_max: Duration,
    /// Reads that may be with the primary at once in place of replicas.
    pub replica_fallback_max: usize,
    /// Whether the primary is asked for its clock, and whether it takes changes, also where there are
    /// no replicas.
    pub keep_clock: bool,
}

impl DatabaseSettings {
    /// The settings that hold unless an operator says otherwise.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            writer_connections_max: 5,
            reader_connections_max: 16,
            acquire_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(5),
            replica_urls: Vec::new(),
            replica_lag_max: Duration::from_secs(5),
            replica_fallback_max: 8,
            keep_clock: false,
        }
    }

    /// The same, and nothing is read from replicas.
    #[must_use]
    pub fn without_replicas(self) -> Self {
        Self { replica_urls: Vec::new(), keep_clock: false, ..self }
    }

    /// What holds for one of the replicas. Whoever waits for a connection to one had better ask
    /// another.
    pub(super) fn of_replica(&self, url: &str) -> Self {
        Self { url: url.to_owned(), acquire_timeout: REPLICA_ACQUIRE_MAX, ..self.clone() }
    }

    /// The URL as it may be shown: the password is replaced by `***`, and so are parameters, one of
    /// which may be another spelling of it.
    pub fn url_shown(&self) -> String {
        url_shown(&self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let shown = |url: &str| DatabaseSettings::new(url).url_shown();
        assert_eq!(
            shown("postgres://shop:s3cr@t@db:5432/stock"),
            "postgres://shop:***@db:5432/stock"
        );
        assert_eq!(shown("postgres://db/stock?password=s3cret"), "postgres://db/stock?***");
        assert_eq!(shown("mysql://root@localhost/stock"), "mysql://root@localhost/stock");
        assert_eq!(shown("sqlite://stockflow.db"), "sqlite://stockflow.db");
    }
}
