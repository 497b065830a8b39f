//! Connections that this server may open, against those that the primary allows.

use super::Scene;
use super::finding::Finding;
use crate::db::{Dialect, Fault, Inspection};

/// Servers that there should be room for at the least: while one takes the other's place there are
/// two.
const SERVERS_MIN: i64 = 2;

pub(super) async fn check(scene: &Scene) -> Vec<Finding> {
    let Some(primary) = &scene.primary else { return Vec::new() };
    if primary.dialect() == Dialect::Sqlite {
        return Vec::new();
    }
    let database = &scene.database;
    // The ledger's connections are opened by its own door, and the heartbeat's by the other one.
    let writers = i64::from(database.writer_connections_max).saturating_mul(2);
    let opened = writers.saturating_add(database.reader_connections_max.into());
    match allowed(primary).await {
        Ok(allowed) => vec![judge(opened, allowed)],
        Err(fault) => vec![scene.unanswered(&fault)],
    }
}

async fn allowed(primary: &Inspection) -> Result<i64, Fault> {
    let names = ["max_connections", "superuser_reserved_connections", "reserved_connections"];
    let variables = primary.variables(&names).await?;
    let value = |name: &str| variables.get(name).and_then(|value| value.parse().ok());
    let [all, superusers, reserved] = names.map(|name| value(name).unwrap_or(0_i64));
    let allowed = all.saturating_sub(superusers).saturating_sub(reserved);
    let of_user = primary.connections_of_user_max().await?;
    Ok(of_user.map_or(allowed, |of_user| of_user.min(allowed)))
}

fn judge(opened: i64, allowed: i64) -> Finding {
    let servers = allowed.checked_div(opened).unwrap_or_default();
    let told = format!(
        "the server may open {opened} connections to the primary, which allows {allowed}: room for \
         {servers} such servers"
    );
    let advice = "lower database.reader_connections_max or ledger.lanes, or raise max_connections \
                  (or the user's own bound) of the database";
    match servers {
        0 => Finding::fail(told, advice),
        servers if servers < SERVERS_MIN => Finding::warn(told, advice),
        _ => Finding::ok(told),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn there_should_be_room_for_two() {
        for (opened, allowed, level) in [
            (20, 40, Level::Ok),
            (20, 39, Level::Warn),
            (20, 20, Level::Warn),
            (20, 19, Level::Fail),
        ] {
            assert_eq!(judge(opened, allowed).level, level, "{opened} of {allowed}");
        }
    }
}
