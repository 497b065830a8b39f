//! Servers side by side make a seal when one is due, and none makes one too many.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use stockflow::audit::seal::{SealMetrics, SealSchedule, SealTurn};
use stockflow::domain::{Clock, SealId};
use stockflow::telemetry::Metrics;

use super::{Shop, instant};
use crate::servers::until;
use crate::support::{Kind, TestDatabase, TestServer, metric, on_each_database};

on_each_database!(of_two_servers_one_makes_the_seal_that_is_due);

async fn of_two_servers_one_makes_the_seal_that_is_due(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let seconds = Arc::new(AtomicI64::new(0));
    let schedule = |clock: Clock| SealSchedule {
        audit: shop.audit.clone(),
        key: None,
        clock,
        interval: Duration::from_hours(1),
        metrics: SealMetrics::new(),
    };
    let now = Arc::clone(&seconds);
    let clock = Clock::from_fn(move || instant(now.load(Ordering::Relaxed)));
    let (one, other) = (schedule(clock.clone()), schedule(clock.clone()));
    assert_eq!(one.turn().await.unwrap(), SealTurn::Made(SealId(1)));
    for second in [0, 1, 3_599] {
        seconds.store(second, Ordering::Relaxed);
        for server in [&one, &other] {
            assert_eq!(server.turn().await.unwrap(), SealTurn::NotDue, "after {second} s");
        }
    }
    seconds.store(3_600, Ordering::Relaxed);
    assert_eq!(other.turn().await.unwrap(), SealTurn::Made(SealId(2)));
    assert_eq!(one.turn().await.unwrap(), SealTurn::NotDue);

    // Both look at the same moment: by the second look at the clock each has read everything.
    seconds.store(7_200, Ordering::Relaxed);
    let both = Arc::new(Barrier::new(2));
    let turns = [(); 2].map(|()| {
        let (both, looks) = (Arc::clone(&both), AtomicI64::new(0));
        let clock = clock.clone();
        let clock = Clock::from_fn(move || {
            if looks.fetch_add(1, Ordering::Relaxed) == 1 {
                // So that no task that the other needs waits behind this one.
                tokio::task::block_in_place(|| both.wait());
            }
            clock.now()
        });
        let schedule = schedule(clock);
        tokio::spawn(async move { schedule.turn().await.unwrap() })
    });
    let mut became = Vec::new();
    for turn in turns {
        became.push(turn.await.unwrap());
    }
    assert!(became.contains(&SealTurn::Made(SealId(3))), "{became:?}");
    assert!(became.contains(&SealTurn::MadeElsewhere(SealId(3))), "{became:?}");
    let newest = shop.audit.newest_seal().await.unwrap().unwrap();
    let check = shop.audit.check_seal(&newest, None).await.unwrap();
    assert!(check.holds() && check.seal_count == 3, "{check:?}");

    let mut metrics = Metrics::new();
    other.metrics.register(&mut metrics);
    let text = metrics.text();
    assert_eq!(metric(&text, "stockflow_audit_seals_total{outcome=\"made\"}"), 1);
    assert_eq!(metric(&text, "stockflow_audit_seals_total{outcome=\"failed\"}"), 0);
}

/// A server that is told to makes them, and stops with one under way or none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_seals_by_itself() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let every_second = [("STOCKFLOW_AUDIT__SEAL_INTERVAL_MS", "1000")];
    let server = TestServer::start_with(&database.url, &[], &every_second).await;
    server.create(1001, 10).await;
    until("two seals were made", async || {
        let query = "{ inventorySeals { nodes { id skuCount } } }";
        let answer = server.graphql(query, serde_json::json!({})).await;
        let newest = &answer.field()["nodes"][0];
        newest["skuCount"] == "1" && newest["id"] != "1"
    })
    .await;
    let text = server.metrics().await;
    assert!(metric(&text, "stockflow_audit_seals_total{outcome=\"made\"}") >= 2, "{text}");
    assert!(text.contains("stockflow_audit_newest_seal_timestamp_seconds 1"), "{text}");
    server.terminate();
    assert_eq!(server.exit_code().await, Some(0));
    database.audit().await;
}
