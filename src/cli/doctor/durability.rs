//! Whether what was acknowledged outlives a crash of the database, and a power cut.
//!
//! What a crash of the database's process alone would lose, or leave broken, fails; what only a
//! crash of its whole machine loses is warned of.

use std::collections::BTreeMap;

use super::Scene;
use super::finding::Finding;
use crate::db::Dialect;

const OF_MYSQL: [&str; 3] = ["innodb_flush_log_at_trx_commit", "sync_binlog", "log_bin"];

const OF_POSTGRES: [&str; 3] = ["fsync", "synchronous_commit", "full_page_writes"];

pub(super) async fn check(scene: &Scene) -> Vec<Finding> {
    let Some(primary) = &scene.primary else { return Vec::new() };
    let names = match primary.dialect() {
        Dialect::Sqlite => {
            return vec![Finding::ok("WAL and synchronous FULL, which the server sets itself")];
        }
        Dialect::MariaDb | Dialect::MySql => OF_MYSQL,
        Dialect::Postgres => OF_POSTGRES,
    };
    match primary.variables(&names).await {
        Ok(variables) => judge(&variables),
        Err(fault) => vec![scene.unanswered(&fault)],
    }
}

fn judge(variables: &BTreeMap<String, String>) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        variables.iter().filter_map(|(name, value)| weakness(name, value, variables)).collect();
    if findings.is_empty() {
        let told: Vec<String> =
            variables.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        findings.push(Finding::ok(told.join(", ")));
    }
    findings
}

fn weakness(name: &str, value: &str, all: &BTreeMap<String, String>) -> Option<Finding> {
    let told = |what: &str| format!("{name} = {value}: {what}");
    match (name, value) {
        ("innodb_flush_log_at_trx_commit", "0") => Some(Finding::fail(
            told("a crash of the database loses about a second of what was acknowledged"),
            "SET GLOBAL innodb_flush_log_at_trx_commit = 1, and in its configuration",
        )),
        ("innodb_flush_log_at_trx_commit", "2") => Some(Finding::warn(
            told("a crash of its machine loses about a second of what was acknowledged"),
            "SET GLOBAL innodb_flush_log_at_trx_commit = 1, and in its configuration",
        )),
        ("sync_binlog", value)
            if value != "1" && all.get("log_bin").is_some_and(|on| on == "ON") =>
        {
            Some(Finding::warn(
                told(
                    "after a crash of its machine, what the binary log has not got may be undone, or \
                     be missing on replicas",
                ),
                "SET GLOBAL sync_binlog = 1, and in its configuration",
            ))
        }
        ("fsync", "off") => Some(Finding::fail(
            told("a crash of its machine may leave the database broken"),
            "set fsync = on in postgresql.conf",
        )),
        ("full_page_writes", "off") => Some(Finding::fail(
            told("a crash of its machine may leave pages broken"),
            "set full_page_writes = on in postgresql.conf, unless the file system writes whole pages",
        )),
        ("synchronous_commit", "off") => Some(Finding::fail(
            told("a crash of the database loses what was acknowledged last"),
            "set synchronous_commit = on, for this user at least: ALTER ROLE … SET \
             synchronous_commit = on",
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn what_would_lose_an_acknowledged_write_is_told() {
        for (pairs, level) in [
            (&[("innodb_flush_log_at_trx_commit", "1"), ("log_bin", "OFF")][..], Level::Ok),
            (&[("sync_binlog", "0"), ("log_bin", "OFF")], Level::Ok),
            (&[("sync_binlog", "0"), ("log_bin", "ON")], Level::Warn),
            (&[("innodb_flush_log_at_trx_commit", "2")], Level::Warn),
            (&[("innodb_flush_log_at_trx_commit", "0")], Level::Fail),
            (&[("fsync", "on"), ("synchronous_commit", "remote_apply")], Level::Ok),
            (&[("fsync", "off")], Level::Fail),
            (&[("synchronous_commit", "off")], Level::Fail),
            (&[("full_page_writes", "off")], Level::Fail),
        ] {
            let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            let found = judge(&pairs.iter().map(owned).collect());
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found.iter().all(|finding| finding.level == level), "{found:?}");
        }
    }
}
