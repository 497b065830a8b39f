//! Exports of the history: what is in them, where they end, and how one that is not whole is known.

mod callers;
mod command;
mod content;
mod cut;
mod transfer;

use serde_json::{Value, json};

use crate::support::{Api, TestServer, codes};

/// The two forms.
const CSV: &str = "/export/flows.csv";
const JSON_LINES: &str = "/export/flows.jsonl";

/// Texts that would be formulas, or end a cell or a line.
const TEXTS: [&str; 6] = [
    "=HYPERLINK(\"http://evil\")",
    "+1,5",
    "-2\r\nnext line",
    "'@quoted\"",
    "\u{ff1d}cmd|' /C calc'!A0",
    "",
];

/// All the bytes of an export.
async fn export(api: &Api, path: &str) -> Vec<u8> {
    let response = api.get(path).await;
    assert_eq!(response.status().as_u16(), 200, "{path}");
    response.bytes().await.unwrap().to_vec()
}

/// An export in JSON Lines: its entries and its manifest.
fn read(bytes: &[u8]) -> (Vec<Value>, Value) {
    let text = std::str::from_utf8(bytes).unwrap();
    let mut lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let manifest = lines.pop().unwrap()["manifest"].clone();
    assert!(manifest.is_object(), "{text}");
    (lines, manifest)
}

/// The ids of entries, in their order.
fn ids(entries: &[Value]) -> Vec<i64> {
    entries.iter().map(|entry| entry["id"].as_str().unwrap().parse().unwrap()).collect()
}

/// Some history of three SKUs, with every kind of entry.
async fn trade(server: &TestServer) {
    for sku_id in 1..=3 {
        server.create(sku_id, 1_000).await;
    }
    let mut done = Vec::new();
    for (number, reason) in (0..).zip(TEXTS) {
        let mut input = TestServer::deduction(&format!("take {number}"), 1 + number % 3, 5);
        input["reason"] = json!(reason);
        done.push(server.mutate("inventoryDeduct", input).await);
    }
    let flow_id = done[0]["flow"]["id"].clone();
    let refund = json!({ "flowId": flow_id, "quantity": 2, "idempotencyKey": "=refund" });
    done.push(server.mutate("inventoryRefund", refund).await);
    let delivery = json!({ "skuId": "2", "quantity": 7, "idempotencyKey": "delivery" });
    done.push(server.mutate("inventoryReplenish", delivery).await);
    let count = json!({ "skuId": "3", "quantity": 1, "changeFromQuantity": null,
                        "reason": "counted", "idempotencyKey": "count" });
    done.push(server.mutate("inventorySetQuantity", count).await);
    for payload in &done {
        assert_eq!(codes(payload), [""; 0]);
    }
}
