//! The way to the primary, and whether it is a database that the server can work with.

use super::finding::Finding;
use crate::cli::Failure;
use crate::db::{DatabaseSettings, Dialect, Inspection};

/// Connects, and looks at kind and version.
pub(super) async fn open(settings: &DatabaseSettings) -> (Option<Inspection>, Vec<Finding>) {
    let url = settings.url_shown();
    if is_missing_file(&settings.url) {
        let finding = Finding::warn(
            format!("{url} does not exist yet"),
            "it is created by `stockflow serve` or `stockflow migrate up`; if it should exist, see \
             whether the path is right and from which folder it is meant",
        );
        return (None, vec![finding]);
    }
    let primary = match Inspection::open(settings).await {
        Ok(primary) => primary,
        Err(error) => {
            let finding = Finding::fail(
                Failure::connect(settings, &error).to_string(),
                "what depends on it was not looked at",
            );
            return (None, vec![finding]);
        }
    };
    let finding = match primary.version().await {
        Ok(version) => judge(primary.dialect(), &version, &url),
        Err(fault) => super::unanswered(settings, &fault),
    };
    (Some(primary), vec![finding])
}

/// The file of an SQLite URL.
pub(super) fn file(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    Some(rest.split_once('?').map_or(rest, |(file, _parameters)| file))
}

fn is_missing_file(url: &str) -> bool {
    file(url).is_some_and(|file| !std::path::Path::new(file).exists())
}

/// By what the server needs: `JSON_TABLE` of MariaDB, the exact collation of MySQL.
fn judge(dialect: Dialect, version: &str, url: &str) -> Finding {
    let (name, min, tested) = match dialect {
        Dialect::Sqlite => ("SQLite", [3, 35, 0], ""),
        Dialect::MariaDb => ("MariaDB", [10, 6, 0], ""),
        Dialect::MySql => ("MySQL", [8, 0, 17], ", on which the server is not tested"),
        Dialect::Postgres => ("PostgreSQL", [15, 0, 0], ""),
    };
    let told = format!("{name} {version} at {url}{tested}");
    if numbers(version) >= min {
        return Finding::ok(told);
    }
    let [major, minor, patch] = min;
    if dialect == Dialect::Postgres {
        return Finding::warn(told, format!("the server is tested on {major} and may need it"));
    }
    Finding::fail(told, format!("the server needs {major}.{minor}.{patch} or newer"))
}

fn numbers(version: &str) -> [u32; 3] {
    let mut parts = version.split(|sign: char| !sign.is_ascii_digit());
    [(); 3].map(|()| parts.next().and_then(|part| part.parse().ok()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        for (dialect, version, level) in [
            (Dialect::MariaDb, "10.11.6-MariaDB-0+deb12u1", Level::Ok),
            (Dialect::MariaDb, "10.6.0-MariaDB", Level::Ok),
            (Dialect::MariaDb, "10.5.21-MariaDB", Level::Fail),
            (Dialect::MySql, "8.0.17", Level::Ok),
            (Dialect::MySql, "8.0.9", Level::Fail),
            (Dialect::MySql, "5.7.44-log", Level::Fail),
            (Dialect::Postgres, "15.8 (Debian 15.8-0+deb12u1)", Level::Ok),
            (Dialect::Postgres, "14.1", Level::Warn),
            (Dialect::Sqlite, "3.46.0", Level::Ok),
        ] {
            assert_eq!(judge(dialect, version, "url").level, level, "{version}");
        }
    }

    #[test]
    fn a_file_is_found_in_its_url() {
        assert_eq!(file("sqlite:///var/stock.db?mode=rwc"), Some("/var/stock.db"));
        assert_eq!(file("sqlite:stock.db"), Some("stock.db"));
        assert_eq!(file("mysql://h/s"), None);
    }
}
