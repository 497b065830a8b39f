//! Whether the database's user may do what serving needs, and no more with the history.

use super::Scene;
use super::finding::{Finding, Level};
use crate::config::RefusalsSection;
use crate::db::Action::{Delete, Insert, Select, Update};
use crate::db::{Action, Dialect, Fault, Inspection, Right};

/// What serving needs: a table, a column of it that the server writes, and what it does. A table
/// that a later step adds has its line here, and its rights in `deploy/grants`.
const NEEDED: [(&str, &str, &[Action]); 10] = [
    ("t_inventory", "leaved_amount", &[Select, Insert, Update]),
    ("t_inventory_flow", "quantity_trade", &[Select, Insert]),
    ("t_inventory_checkpoint", "opening_count", &[Select, Insert]),
    ("t_inventory_seal", "sku_count", &[Select, Insert]),
    ("t_inventory_seal_head", "sequence", &[Select, Insert]),
    ("t_inventory_count", "closed_by", &[Select, Insert, Update]),
    ("t_inventory_count_sku", "observation_id", &[Select, Insert, Update]),
    ("t_inventory_count_observation", "quantity", &[Select, Insert]),
    ("seaql_migrations", "version", &[Select]),
    ("t_heartbeat", "beat_us", &[Select, Update]),
];

/// What serving needs besides where API keys are taken. That it writes when they were last used can
/// be done without.
const NEEDED_FOR_KEYS: (&str, &str, &[Action]) = ("t_api_key", "last_used_at", &[Select]);

/// What keeping refused demand needs, where it is kept: rows are deleted only if they grow too old.
fn needed_for_refusals(
    settings: &RefusalsSection,
) -> (&'static str, &'static str, &'static [Action]) {
    let actions: &[Action] = match (settings.write_interval, settings.retention_days) {
        (None, _) => &[Select],
        (Some(_), 0) => &[Select, Insert, Update],
        (Some(_), _) => &[Select, Insert, Update, Delete],
    };
    ("t_inventory_refusal", "refusal_count", actions)
}

/// The table whose rights only a server needs that reads from replicas. One that comes to do so later
/// should find them, so that it is told of them all the same.
const FOR_REPLICAS: &str = "t_heartbeat";

/// What nobody who serves should be able to do: history is added to, and never changed.
const TOO_MUCH: [(&str, &str, &[Action]); 1] =
    [("t_inventory_flow", "quantity_trade", &[Update, Delete])];

pub(super) async fn check(scene: &Scene) -> Vec<Finding> {
    let Some(primary) = &scene.primary else { return Vec::new() };
    // The rights to a file are those of the file; whoever may write it may write all of it.
    if primary.dialect() == Dialect::Sqlite {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for looked in [needed(primary, scene).await, too_much(primary).await] {
        match looked {
            Ok(found) => findings.extend(found),
            Err(fault) => findings.push(scene.unanswered(&fault)),
        }
    }
    if findings.is_empty() {
        findings.push(Finding::ok("what serving needs and no more"));
    }
    findings
}

async fn needed(primary: &Inspection, scene: &Scene) -> Result<Vec<Finding>, Fault> {
    let keys = scene.settings.auth.api_keys.then_some(NEEDED_FOR_KEYS);
    let has_replicas = !scene.settings.database.replica_urls.is_empty();
    let mut findings = Vec::new();
    let refusals = needed_for_refusals(&scene.settings.refusals);
    for (table, column, actions) in NEEDED.into_iter().chain([refusals]).chain(keys) {
        for &action in actions {
            match primary.may(action, table, column).await? {
                Right::Granted => {}
                Right::Denied if table == FOR_REPLICAS && !has_replicas => {
                    findings.push(Finding::warn(
                        format!("the database's user may not {action} {table}"),
                        format!(
                            "GRANT {action} ON {table} to that user before the server is to read \
                             from replicas; see deploy/grants"
                        ),
                    ));
                }
                Right::Denied => findings.push(Finding::fail(
                    format!("the database's user may not {action} {table}"),
                    format!("GRANT {action} ON {table} to that user; see deploy/grants"),
                )),
                // Told once, and by which step.
                Right::NoTable => {
                    findings.push(Finding::fail(
                        format!("there is no table {table}"),
                        "run `stockflow migrate up`; if that was done, see whether database.url \
                         names the right database",
                    ));
                    break;
                }
            }
        }
    }
    if findings.iter().all(|it| it.level != Level::Fail) && !primary.may_number_entries().await? {
        findings.push(Finding::fail(
            "the database's user may not take numbers for new entries",
            "GRANT USAGE ON SEQUENCE t_inventory_flow_id_seq to that user; see deploy/grants",
        ));
    }
    Ok(findings)
}

async fn too_much(primary: &Inspection) -> Result<Vec<Finding>, Fault> {
    let mut findings = Vec::new();
    for (table, column, actions) in TOO_MUCH {
        let mut may = Vec::new();
        for &action in actions {
            if primary.may(action, table, column).await? == Right::Granted {
                may.push(action.to_string());
            }
        }
        if !may.is_empty() {
            let may = may.join(" and ");
            findings.push(Finding::warn(
                format!(
                    "the database's user may {may} {table}, so that history is append-only by \
                         the server's word alone"
                ),
                "serve as a user of the rights in deploy/grants",
            ));
        }
    }
    if primary.may_change_tables().await? {
        findings.push(Finding::warn(
            "the database's user may change tables, which only `stockflow migrate up` needs",
            "migrate as another user than the one who serves; see deploy/grants",
        ));
    }
    Ok(findings)
}
