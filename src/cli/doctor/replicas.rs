//! Each replica: whether it can be reached, is a replica of these books, and keeps up.

use std::time::Duration;

use futures_util::future::join_all;

use super::finding::Finding;
use super::{CONNECT_MAX, Scene, unanswered};
use crate::cli::{Failure, start};
use crate::db::{DatabaseSettings, Fault, Inspection};

/// A beat that is older than this tells that no server keeps it.
const BEATING: Duration = Duration::from_secs(3);

pub(super) async fn check(scene: &Scene) -> Vec<Finding> {
    let settings = start::database_settings(&scene.settings);
    // All at once, so that those that hang do not add up.
    join_all(settings.replica_urls.iter().map(async |url| {
        let mut replica = DatabaseSettings::new(url);
        replica.acquire_timeout = CONNECT_MAX;
        let looked = tokio::time::timeout(CONNECT_MAX, look(scene, &replica)).await;
        looked.unwrap_or_else(|_elapsed| {
            Finding::fail(
                format!(
                    "{} gives no answer within {} s",
                    replica.url_shown(),
                    CONNECT_MAX.as_secs()
                ),
                "see whether it runs; the server leaves it out until it answers",
            )
        })
    }))
    .await
}

async fn look(scene: &Scene, settings: &DatabaseSettings) -> Finding {
    let url = settings.url_shown();
    let replica = match Inspection::open(settings).await {
        Ok(replica) => replica,
        Err(error) => {
            return Finding::fail(
                Failure::connect(settings, &error).to_string(),
                "the server leaves it out until it answers",
            );
        }
    };
    let finding = match judge(scene, &replica, &url).await {
        Ok(finding) => finding,
        Err(fault) if fault.is_denied() => Finding::fail(
            format!("{url}: its user may not read the tables"),
            "GRANT SELECT on them to that user; see deploy/grants",
        ),
        Err(fault) => unanswered(settings, &fault),
    };
    replica.close().await;
    finding
}

async fn judge(scene: &Scene, replica: &Inspection, url: &str) -> Result<Finding, Fault> {
    if !replica.told().await?.is_some_and(|told| told.read_only) {
        return Ok(Finding::fail(
            format!("{url} takes changes: it is a primary, or would let anybody spoil its copy"),
            "set read_only on it, or take it out of database.replica_urls",
        ));
    }
    let Some(primary) = &scene.primary else {
        return Ok(Finding::warn(
            format!("{url} answers; how far it lags is not known without the primary"),
            "see to the primary first",
        ));
    };
    if replica.founded_at().await? != primary.founded_at().await? {
        return Ok(Finding::fail(
            format!("{url} has other books than the primary"),
            "name replicas of this primary by database.replica_urls",
        ));
    }
    let shown_us = replica.beat_us().await?.unwrap_or_default();
    let beat_us = primary.beat_us().await?.unwrap_or_default();
    let clock_us = primary.told().await?.map_or(beat_us, |told| told.clock_us);
    let since = |us: i64| micros(clock_us.saturating_sub(us));
    Ok(lag(url, since(shown_us), since(beat_us), scene.settings.database.replica_lag_max))
}

fn micros(us: i64) -> Duration {
    Duration::from_micros(u64::try_from(us).unwrap_or_default())
}

/// By how old the beat is that the replica shows, and how old the primary's own one is.
fn lag(url: &str, shown: Duration, beat: Duration, lag_max: Duration) -> Finding {
    let behind = shown.saturating_sub(beat);
    if beat > BEATING {
        if behind.is_zero() {
            return Finding::ok(format!(
                "{url} has everything up to the last beat; no server that reads from replicas \
                 runs now, so that its lag cannot be measured"
            ));
        }
        return Finding::fail(
            format!("{url} has not got what the primary had {} s ago", beat.as_secs()),
            "see on it why replication stands still",
        );
    }
    let told = format!("{url} lags behind by {} ms at the most", shown.as_millis());
    if shown <= lag_max {
        return Finding::ok(told);
    }
    Finding::fail(
        format!("{told}, more than database.replica_lag_ms_max allows ({})", lag_max.as_millis()),
        "see on it why replication is slow or stands still; the server does not read from it \
         meanwhile",
    )
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn lag_is_judged_by_the_beat_if_there_is_one() {
        let level = |shown, beat| {
            let [shown, beat] = [shown, beat].map(Duration::from_millis);
            lag("url", shown, beat, Duration::from_secs(5)).level
        };
        assert_eq!(level(100, 50), Level::Ok);
        assert_eq!(level(5_000, 50), Level::Ok);
        assert_eq!(level(5_001, 50), Level::Fail);
        assert_eq!(level(100_000, 100_000), Level::Ok, "no server keeps the beat");
        assert_eq!(level(100_000, 90_000), Level::Fail);
    }
}
