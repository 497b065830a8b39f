//! What an operator says of the database.

use std::time::Duration;

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
        }
    }

    /// The URL as it may be shown: the password is replaced by `***`, and so are parameters, one of
    /// which may be another spelling of it.
    pub fn url_shown(&self) -> String {
        let (url, parameters) = match self.url.split_once('?') {
            Some((url, _parameters)) => (url, "?***"),
            None => (self.url.as_str(), ""),
        };
        let shown = url.split_once("://").and_then(|(scheme, rest)| {
            let (user, host) = rest.rsplit_once('@')?;
            let (name, _password) = user.split_once(':')?;
            Some(format!("{scheme}://{name}:***@{host}"))
        });
        shown.unwrap_or_else(|| url.to_owned()) + parameters
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
