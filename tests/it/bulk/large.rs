//! As many lines as there may be.

use std::time::Instant;

use serde_json::{Value, json};

use super::{deduction, each, outcomes, together, try_many};
use crate::support::{Kind, TestDatabase, TestServer, metric, on_each_database};

const LINES: i64 = 5_000;
const SKUS: i64 = 40;

fn lines(run: &str) -> Vec<Value> {
    // A key as clients make it, and an order line as shops have it.
    let line = |line: i64| {
        let key = format!("{run}-1f6f3c1e-0000-4000-8000-{line:012}");
        json!({ "skuId": (1001 + line % SKUS).to_string(), "quantity": 1,
                "orderDetailId": format!("SO-2026-{line:06}-01"), "idempotencyKey": key })
    };
    (0..LINES).map(line).collect()
}

/// With the defaults of everything, but for batches of 400.
async fn start(database: &TestDatabase) -> TestServer {
    let arguments = ["--ledger-batch-max", "400"];
    let server = TestServer::start_with(&database.url, &arguments, &[]).await;
    for sku_id in 1001..1001 + SKUS {
        server.create(sku_id, 1_000).await;
    }
    server
}

/// All are written, each SKU's in the order of the lines.
fn assert_written(payload: &Value) {
    assert_eq!(outcomes(payload), vec!["WRITTEN"; usize::try_from(LINES).unwrap()]);
    let results = payload["results"].as_array().unwrap();
    for sku in 0..SKUS {
        let of_it = results.iter().skip(usize::try_from(sku).unwrap()).step_by(40);
        let left: Vec<i64> =
            of_it.map(|line| line["flow"]["quantityAfter"].as_i64().unwrap()).collect();
        assert_eq!(left, (875..1_000).rev().collect::<Vec<_>>(), "of SKU {}", 1001 + sku);
    }
}

fn ids(payload: &Value) -> Vec<&str> {
    let results = payload["results"].as_array().unwrap().iter();
    results.map(|line| line["flow"]["id"].as_str().unwrap()).collect()
}

async fn five_thousand_lines_by_themselves(database: &TestDatabase) {
    let server = start(database).await;
    let begun = Instant::now();
    let payload = each(&server, &lines("a")).await;
    eprintln!("{:?}: 5,000 lines by themselves took {:?}", database.kind, begun.elapsed());
    assert_written(&payload);
    let begun = Instant::now();
    let again = each(&server, &lines("a")).await;
    eprintln!("{:?}: the same again took {:?}", database.kind, begun.elapsed());
    assert_eq!(again["replayedCount"], LINES);
    assert_eq!(ids(&again), ids(&payload));
    // Half of a batch was left to others each time.
    let told = server.metrics().await;
    let halves = metric(&told, "stockflow_ledger_batch_commands_bucket{le=\"200.0\"}");
    assert_eq!(halves, metric(&told, "stockflow_ledger_batch_commands_count"));
}

async fn five_thousand_lines_in_one_transaction(database: &TestDatabase) {
    let server = start(database).await;
    let begun = Instant::now();
    let payload = together(&server, &lines("a")).await;
    eprintln!("{:?}: 5,000 lines together took {:?}", database.kind, begun.elapsed());
    assert_written(&payload);
    let begun = Instant::now();
    let again = together(&server, &lines("a")).await;
    eprintln!("{:?}: the same again took {:?}", database.kind, begun.elapsed());
    assert_eq!(again["replayedCount"], LINES);
    assert_eq!(ids(&again), ids(&payload));
    // One that falls short keeps all the others from it.
    let mut one_too_many = lines("b");
    one_too_many.push(deduction("more", 1001, 1_000));
    one_too_many.remove(0);
    let payload = together(&server, &one_too_many).await;
    assert_eq!((&payload["withheldCount"], &payload["refusedCount"]), (&json!(4_999), &json!(1)));
    assert_eq!(server.left(1001).await, 875);
}

/// The longest keys and order lines that there may be, with a server that reads as long a body.
async fn five_thousand_of_the_longest_lines(database: &TestDatabase) {
    if database.kind == Kind::Sqlite {
        // It has no bound on what one statement is given that others would not have first.
        return;
    }
    let long = [("STOCKFLOW_SERVER__BODY_BYTES_MAX", "67108864")];
    let server = TestServer::start_with(&database.url, &[], &long).await;
    server.create(1001, 10_000).await;
    let line = |line: i64| {
        json!({ "skuId": "1001", "quantity": 1, "orderDetailId": "🧺".repeat(128),
                "reason": "\u{1}".repeat(500), "idempotencyKey": format!("{line:0>128}") })
    };
    let lines: Vec<Value> = (0..LINES).map(line).collect();
    let answer = try_many(&server, "inventoryDeductMany", &lines, "REJECT_ALL").await.unwrap();
    assert_eq!(answer.field()["writtenCount"], LINES);
    assert_eq!(server.left(1001).await, 5_000);
}

on_each_database!(
    five_thousand_lines_by_themselves,
    five_thousand_lines_in_one_transaction,
    five_thousand_of_the_longest_lines,
);
