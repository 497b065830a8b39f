//! Whether URLs name databases, told without asking any.

use std::str::FromStr as _;

use sea_orm::sqlx::mysql::MySqlConnectOptions;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;

use super::connect::{family, of_driver};
use super::settings::{InvalidReplica, InvalidUrl};
use super::{DatabaseSettings, Dialect};
use crate::config::url_shown;

/// Why a URL names no database that could be connected to. No password is shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDatabase {
    /// It is of no kind that the server knows.
    #[error("database.url: {0}")]
    Kind(#[from] InvalidUrl),
    /// It makes no sense to the driver.
    #[error("database.url: {0} is no URL of a database")]
    Url(String),
    /// It names no replica.
    #[error(transparent)]
    Replica(#[from] InvalidReplica),
}

/// Everything that is wrong with the URLs; [`super::Database::connect`] stops at the first of it.
pub fn check_urls(settings: &DatabaseSettings) -> Vec<InvalidDatabase> {
    let primary = match family(&settings.url) {
        Ok(primary) => primary,
        Err(invalid) => return vec![invalid.into()],
    };
    let mut invalid = Vec::new();
    if !is_understood(primary, &settings.url) {
        invalid.push(InvalidDatabase::Url(settings.url_shown()));
    }
    for url in &settings.replica_urls {
        let fault = match family(url) {
            _ if primary == Dialect::Sqlite => Some(InvalidReplica::OfFile),
            Ok(family) if family != primary => Some(InvalidReplica::Other(url_shown(url))),
            Ok(family) if is_understood(family, url) => None,
            Ok(_) | Err(_) => Some(InvalidReplica::Url(url_shown(url))),
        };
        invalid.extend(fault.map(Into::into));
    }
    invalid
}

fn is_understood(family: Dialect, url: &str) -> bool {
    let url = of_driver(url);
    match family {
        Dialect::Sqlite => SqliteConnectOptions::from_str(&url).is_ok(),
        Dialect::MariaDb | Dialect::MySql => MySqlConnectOptions::from_str(&url).is_ok(),
        Dialect::Postgres => PgConnectOptions::from_str(&url).is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_url_that_names_no_database_is_told_without_its_password() {
        let told = |url: &str, replicas: &[&str]| {
            let replica_urls = replicas.iter().map(|&url| url.to_owned()).collect();
            let settings = DatabaseSettings { replica_urls, ..DatabaseSettings::new(url) };
            check_urls(&settings).iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        };
        for (url, replicas, expected) in [
            ("sqlite://stock.db", &[][..], ""),
            ("mariadb://u:s3cret@h/s", &["mysql://u@r:1/s"], ""),
            ("postgres://u:s3cret@h:5432/s", &["postgres://u:s3cret@r/s"], ""),
            ("oracle://u:s3cret@h/s", &[], "database.url: a database URL begins with"),
            ("postgres://u:s3cret@h:port/s", &[], "postgres://u:***@h:port/s is no URL"),
            ("sqlite://stock.db", &["sqlite://r.db"], "an SQLite database has no replicas"),
            ("mysql://h/s", &["postgres://u:s3cret@r/s"], "is not the same kind"),
            ("mysql://h/s", &["mysql://u:s3cret@r:x/s"], "mysql://u:***@r:x/s is no URL"),
        ] {
            let told = told(url, replicas);
            let fits = if expected.is_empty() { told.is_empty() } else { told.contains(expected) };
            assert!(fits && !told.contains("s3cret"), "{url}: {told}");
        }
    }
}
