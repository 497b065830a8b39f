//! Whether the server's sessions are as the ledger needs them, and the primary takes changes.

use super::Scene;
use super::finding::Finding;
use crate::db::{Dialect, Inspection};

/// The largest statement has 2,500 entries with the longest texts: some 11 MB.
const PACKET_BYTES_MIN: u64 = 16 * 1024 * 1024;

const OF_MYSQL: [&str; 7] = [
    "transaction_isolation",
    "tx_isolation",
    "time_zone",
    "max_allowed_packet",
    "binlog_format",
    "log_bin",
    "sql_mode",
];

const OF_POSTGRES: [&str; 2] = ["transaction_isolation", "TimeZone"];

pub(super) async fn check(scene: &Scene) -> Vec<Finding> {
    let Some(primary) = &scene.primary else { return Vec::new() };
    let found = match primary.dialect() {
        Dialect::Sqlite => return Vec::new(),
        Dialect::MariaDb | Dialect::MySql => of_server(primary, &OF_MYSQL).await,
        Dialect::Postgres => of_server(primary, &OF_POSTGRES).await,
    };
    found.unwrap_or_else(|fault| vec![scene.unanswered(&fault)])
}

async fn of_server(primary: &Inspection, names: &[&str]) -> Result<Vec<Finding>, crate::db::Fault> {
    let variables = primary.variables(names).await?;
    let value = |name: &str| variables.get(name).map_or("", String::as_str);
    let mut findings = Vec::new();
    if primary.told().await?.is_some_and(|told| told.read_only) {
        findings.push(Finding::fail(
            "the primary takes no changes: it is a replica, or read_only is on",
            "name the primary by database.url, or promote this one",
        ));
    }
    let isolation = if value("transaction_isolation").is_empty() {
        "tx_isolation"
    } else {
        "transaction_isolation"
    };
    let isolation = value(isolation).to_uppercase().replace('-', " ");
    if isolation != "READ COMMITTED" {
        findings.push(Finding::fail(
            format!("sessions are {isolation}, though the server asks for READ COMMITTED"),
            "see whether something between the server and the database sets it, as a proxy may",
        ));
    }
    let zone = [value("time_zone"), value("TimeZone")].concat();
    if !matches!(zone.as_str(), "+00:00" | "UTC" | "Etc/UTC") {
        findings.push(Finding::fail(
            format!("sessions are in the time zone {zone}, though the server asks for UTC"),
            "see whether something between the server and the database sets it, as a proxy may",
        ));
    }
    if value("binlog_format") == "STATEMENT" && value("log_bin") == "ON" {
        findings.push(Finding::fail(
            "binlog_format = STATEMENT: the database refuses changes that are READ COMMITTED",
            "SET GLOBAL binlog_format = ROW, or MIXED, and in its configuration",
        ));
    }
    if let Ok(bytes) = value("max_allowed_packet").parse::<u64>()
        && bytes < PACKET_BYTES_MIN
    {
        findings.push(Finding::warn(
            format!("max_allowed_packet = {bytes}: a large batch may not fit in"),
            format!("SET GLOBAL max_allowed_packet = {PACKET_BYTES_MIN}, and in its configuration"),
        ));
    }
    if findings.is_empty() {
        findings.push(Finding::ok(format!("{isolation}, {zone}, and the primary takes changes")));
    }
    Ok(findings)
}
