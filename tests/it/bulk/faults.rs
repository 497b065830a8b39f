//! What fails in between: what became of the others is told all the same.

use serde_json::{Value, json};

use super::{deduction, each, outcomes, together, try_many};
use crate::support::metrics::begun;
use crate::support::{Kind, TestDatabase, TestServer, code, on_each_database};

const IMPATIENT: (&str, &str) = ("STOCKFLOW_DATABASE__LOCK_TIMEOUT_MS", "500");

fn over_four_skus(count: i64) -> Vec<Value> {
    (0..count).map(|line| deduction(&format!("line {line}"), 1001 + line % 4, 1)).collect()
}

/// A SKU that somebody else holds fails its own lines, and no others.
async fn a_locked_sku_fails_its_own_lines_alone(database: &TestDatabase) {
    if database.kind == Kind::Sqlite {
        // Its only lock is that of the whole file.
        return;
    }
    let server = TestServer::start_with(&database.url, &[], &[IMPATIENT]).await;
    for sku_id in 1001..=1004 {
        server.create(sku_id, 100).await;
    }
    let held = database.lock_stock(1001).await;
    let lines = over_four_skus(40);
    let payload = each(&server, &lines).await;
    for (line, outcome) in outcomes(&payload).into_iter().enumerate() {
        assert_eq!(outcome, if line % 4 == 0 { "FAILED" } else { "WRITTEN" }, "line {line}");
    }
    let failure = &payload["results"][0]["failure"];
    assert_eq!((&failure["code"], &failure["retryable"]), (&json!("BUSY"), &json!(true)));
    assert!(failure["retryAfterMs"].as_i64().is_some_and(|ms| ms > 0), "{failure}");
    assert!(failure["message"].as_str().unwrap().contains("same idempotency key"), "{failure}");
    // All or none: the request as a whole is to be sent again.
    let bundle: Vec<Value> =
        (0..4).map(|line| deduction(&format!("bundle {line}"), 1001 + line, 1)).collect();
    let answer = try_many(&server, "inventoryDeductMany", &bundle, "REJECT_ALL").await.unwrap();
    assert_eq!(code(&answer), "BUSY", "{}", answer.0);
    assert_eq!(answer.at("/errors/0/extensions/retryable"), true);

    held.rollback().await.unwrap();
    let payload = each(&server, &lines).await;
    for (line, outcome) in outcomes(&payload).into_iter().enumerate() {
        assert_eq!(outcome, if line % 4 == 0 { "WRITTEN" } else { "REPLAYED" }, "line {line}");
    }
    assert_eq!(outcomes(&together(&server, &bundle).await), ["WRITTEN"; 4]);
    assert_eq!((server.left(1001).await, server.left(1004).await), (89, 89));
}

/// The request has less time than the database takes: it is answered in time, line by line.
async fn when_the_time_is_over_what_is_known_is_told(database: &TestDatabase) {
    let arguments = ["--ledger-batch-max", "20", "--ledger-lanes", "1"];
    let short = [("STOCKFLOW_LIMITS__REQUEST_TIMEOUT_MS", "2000")];
    let server = TestServer::start_with(&database.url, &arguments, &short).await;
    for sku_id in 1001..=1004 {
        server.create(sku_id, 100).await;
    }
    let held = database.lock_stock(1001).await;
    let lines = over_four_skus(40);
    let payload = each(&server, &lines).await;
    let failures: Vec<&str> = payload["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["failure"]["code"].as_str().unwrap())
        .collect();
    // Ten were begun, and it is not known what will become of them; the others were not.
    assert_eq!(failures, [["TIMEOUT"; 10].as_slice(), &["BUSY"; 30]].concat());
    held.rollback().await.unwrap();
    let payload = each(&server, &lines).await;
    for outcome in outcomes(&payload) {
        assert!(["WRITTEN", "REPLAYED"].contains(&outcome), "{outcome}");
    }
    for sku_id in 1001..=1004 {
        assert_eq!(server.left(sku_id).await, 90);
    }
}

/// Whoever hangs up has no more lines begun; what was begun is found when they ask again.
async fn whoever_hangs_up_finds_what_was_done(database: &TestDatabase) {
    let arguments = ["--ledger-batch-max", "20"];
    let server = TestServer::start_with(&database.url, &arguments, &[]).await;
    for sku_id in 1001..=1004 {
        server.create(sku_id, 1_000).await;
    }
    let before = begun(&server.metrics().await);
    let lines = over_four_skus(2_000);
    {
        let bulk = std::pin::pin!(each(&server, &lines));
        let some = server.metrics_when(|text| begun(text) > before + 50);
        tokio::select! {
            biased;
            _text = some => {}
            _payload = bulk => {}
        }
    }
    let payload = each(&server, &lines).await;
    for outcome in outcomes(&payload) {
        assert!(["WRITTEN", "REPLAYED"].contains(&outcome), "{outcome}");
    }
    assert_ne!(payload["replayedCount"], 0);
    for sku_id in 1001..=1004 {
        assert_eq!(server.left(sku_id).await, 500);
    }
}

on_each_database!(
    a_locked_sku_fails_its_own_lines_alone,
    when_the_time_is_over_what_is_known_is_told,
    whoever_hangs_up_finds_what_was_done,
);
