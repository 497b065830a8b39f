//! Whether the tables are those of this version.

use super::Scene;
use super::finding::Finding;

pub(super) async fn check(scene: &Scene) -> Vec<Finding> {
    let Some(primary) = &scene.primary else { return Vec::new() };
    let steps = match primary.migrations().await {
        Ok(steps) => steps,
        Err(fault) if fault.is_denied() => {
            return vec![Finding::fail(
                "the database's user may not read seaql_migrations, which tells the steps taken",
                "GRANT SELECT ON seaql_migrations to that user",
            )];
        }
        Err(fault) => {
            return vec![Finding::fail(
                format!("the database does not tell which steps were taken: {}", fault.source),
                "if it has steps of a newer version, run that version",
            )];
        }
    };
    let missing: Vec<&str> =
        steps.iter().filter(|step| !step.applied).map(|step| step.name.as_str()).collect();
    if missing.is_empty() {
        return vec![Finding::ok(format!("all {} steps were taken", steps.len()))];
    }
    vec![Finding::fail(
        format!("not migrated: missing {}", missing.join(", ")),
        "run `stockflow migrate up` as a user who may change tables; or this user may not see the \
         tables: then apply deploy/grants",
    )]
}
