//! A bulk takes neither all places in the ledger's row nor all of its time.

use serde_json::Value;

use super::{deduction, each, outcomes, together};
use crate::support::{TestDatabase, TestServer, codes, on_each_database};

fn id(flow: &Value) -> i64 {
    flow["id"].as_str().unwrap().parse().unwrap()
}

/// Single purchases, one after the other, for as long as a bulk is under way: they are written
/// between its lines.
async fn a_flash_sale_goes_on_beside_a_bulk(database: &TestDatabase) {
    let server = TestServer::start_with(&database.url, &["--ledger-batch-max", "100"], &[]).await;
    server.create(1001, 100_000).await;
    server.create(1002, 100_000).await;
    let lines: Vec<Value> =
        (0..3_000).map(|line| deduction(&format!("line {line}"), 1001, 1)).collect();
    let bulk = each(&server, &lines);
    let mut bulk = std::pin::pin!(bulk);
    let mut bought = Vec::new();
    let payload = loop {
        let input = TestServer::deduction(&format!("buyer {}", bought.len()), 1002, 1);
        let purchase = server.mutate("inventoryDeduct", input);
        let mut purchase = std::pin::pin!(purchase);
        tokio::select! {
            payload = &mut bulk => {
                bought.push(purchase.await);
                break payload;
            }
            bought_now = &mut purchase => bought.push(bought_now),
        }
    };
    assert_eq!(payload["writtenCount"], 3_000);
    let results = payload["results"].as_array().unwrap();
    let (first, last) = (id(&results[0]["flow"]), id(&results[2_999]["flow"]));
    assert!(bought.iter().all(|payload| codes(payload).is_empty()));
    let between = bought.iter().map(|payload| id(&payload["flow"]));
    let between = between.filter(|id| (first..last).contains(id)).count();
    // There are sixty batches; a buyer waits for two of them at the most, and is then on the way.
    assert!(between >= 5, "{between} purchases between the lines of a bulk");
}

/// More lines than the row has places, from several bulks at once.
async fn a_bulk_never_finds_the_row_full(database: &TestDatabase) {
    let arguments = ["--ledger-batch-max", "20", "--ledger-queue-max", "40"];
    let server = TestServer::start_with(&database.url, &arguments, &[]).await;
    server.create(1001, 100_000).await;
    let bulk = async |name: &str| {
        let lines: Vec<Value> =
            (0..300).map(|line| deduction(&format!("{name} {line}"), 1001, 1)).collect();
        each(&server, &lines).await
    };
    let (a, b, c) = tokio::join!(bulk("a"), bulk("b"), bulk("c"));
    for payload in [a, b, c] {
        assert_eq!(outcomes(&payload), ["WRITTEN"; 300]);
    }
    assert_eq!(server.left(1001).await, 99_100);
}

/// Bundles come one after the other, with others between them.
async fn many_bundles_at_once_are_all_carried_out(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 100_000).await;
    let bundle = async |name: usize| {
        let lines: Vec<Value> =
            (0..300).map(|line| deduction(&format!("{name} {line}"), 1001, 1)).collect();
        together(&server, &lines).await
    };
    for payload in futures_util::future::join_all((0..6).map(bundle)).await {
        assert_eq!(outcomes(&payload), ["WRITTEN"; 300]);
    }
    assert_eq!(server.left(1001).await, 98_200);
}

on_each_database!(
    a_flash_sale_goes_on_beside_a_bulk,
    a_bulk_never_finds_the_row_full,
    many_bundles_at_once_are_all_carried_out,
);
