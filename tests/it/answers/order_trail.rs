//! What became of order lines, over a random history.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::history::{Entry, Writer, all_pages, merchant_of, random};
use crate::access::shop::{Shop, trusted};
use crate::support::{TestDatabase, code, on_each_database};

on_each_database!(
    trails_are_those_of_a_model,
    a_trail_of_many_skus_is_bounded,
    so_many_order_lines_cost_as_many_statements_as_one,
);

const SUMS: &str = "deducted refunded refundable deductionCount refundCount firstAt lastAt";

fn query() -> String {
    format!(
        "query($lines: [String!]!) {{ inventoryOrderTrails(orderDetailIds: $lines) {{ \
         orderDetailId {SUMS} skuCount skus {{ skuId {SUMS} }} \
         deductions(first: 2) {{ totalCount pageInfo {{ hasNextPage }} nodes {{ id refundedQuantity \
         refundableQuantity refunds {{ id quantityTrade }} }} }} }} }}"
    )
}

fn sums(entries: &[&Entry]) -> Value {
    let of = |kind: i16| entries.iter().filter(move |entry| entry.kind == kind);
    let units = |kind: i16| of(kind).map(|entry| i64::from(entry.quantity_trade)).sum::<i64>();
    let (deducted, refunded) = (units(2), -units(3));
    let spelled = |at: Option<chrono::DateTime<chrono::Utc>>| {
        at.unwrap().to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
    };
    json!({
        "deducted": deducted.to_string(),
        "refunded": refunded.to_string(),
        "refundable": (deducted - refunded).to_string(),
        "deductionCount": of(2).count().to_string(),
        "refundCount": of(3).count().to_string(),
        "firstAt": spelled(entries.iter().map(|entry| entry.created_at).min()),
        "lastAt": spelled(entries.iter().map(|entry| entry.created_at).max()),
    })
}

fn with(mut value: Value, more: &Value) -> Value {
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    value
}

/// The trail of an order line, by all the entries of it that are seen.
fn trail(line: &str, entries: &[&Entry]) -> Value {
    let sku_ids: BTreeSet<i64> = entries.iter().map(|entry| entry.sku_id).collect();
    let skus: Vec<Value> = sku_ids
        .iter()
        .map(|sku_id| {
            let own: Vec<&Entry> =
                entries.iter().copied().filter(|entry| entry.sku_id == *sku_id).collect();
            with(sums(&own), &json!({ "skuId": sku_id.to_string() }))
        })
        .collect();
    let deductions: Vec<&&Entry> = entries.iter().filter(|entry| entry.kind == 2).collect();
    let nodes: Vec<Value> = deductions
        .iter()
        .take(2)
        .map(|deduction| {
            let refunds: Vec<&&Entry> =
                entries.iter().filter(|entry| entry.deduction_id == Some(deduction.id)).collect();
            let refunded = -refunds.iter().map(|refund| refund.quantity_trade).sum::<i32>();
            let refunds: Vec<Value> = refunds
                .iter()
                .map(|it| json!({ "id": it.id.to_string(), "quantityTrade": it.quantity_trade }))
                .collect();
            json!({
                "id": deduction.id.to_string(),
                "refundedQuantity": refunded,
                "refundableQuantity": deduction.quantity_trade - refunded,
                "refunds": refunds,
            })
        })
        .collect();
    let told = json!({
        "orderDetailId": line,
        "skuCount": skus.len().to_string(),
        "skus": skus,
        "deductions": {
            "totalCount": deductions.len().to_string(),
            "pageInfo": { "hasNextPage": deductions.len() > 2 },
            "nodes": nodes,
        },
    });
    with(told, &sums(entries))
}

async fn trails_are_those_of_a_model(database: &TestDatabase) {
    let entries = random(database, 9, 250, 30).await;
    let shop = Shop::over(database).await;
    let lines = ["line-7", "line-1", "none", "line-3", "line-1", "LINE-3", "line-3 ", "line-8"];
    for merchant in [None, Some(1), Some(2), Some(3)] {
        let caller = trusted("caller", merchant);
        let answer = shop.ask(&caller, &query(), json!({ "lines": lines })).await;
        let mut expected = Vec::new();
        for line in ["line-7", "line-1", "line-3", "line-8"] {
            let seen = |entry: &&Entry| merchant.is_none_or(|it| it == merchant_of(entry.sku_id));
            let of_line = entries.iter().filter(|it| it.order_detail_id.as_deref() == Some(line));
            let own: Vec<&Entry> = of_line.filter(seen).collect();
            if !own.is_empty() {
                expected.push(trail(line, &own));
            }
        }
        assert_eq!(*answer.field(), json!(expected), "{merchant:?}");
        let one =
            "query($line: String!) { inventoryOrderTrail(orderDetailId: $line) { deducted } }";
        let answer = shop.ask(&caller, one, json!({ "line": "none" })).await;
        assert_eq!(*answer.field(), Value::Null);
    }
    let pages = "query($first: Int, $after: String) { inventoryOrderTrail(orderDetailId: \"line-1\") \
                 { deductions(first: $first, after: $after) { nodes { id } \
                 pageInfo { hasNextPage endCursor } } } }";
    let page = (3, "/data/inventoryOrderTrail/deductions");
    let nodes = all_pages(&shop, &trusted("platform", None), pages, json!({}), page).await;
    let of_line = entries.iter().filter(|it| it.order_detail_id.as_deref() == Some("line-1"));
    let deductions = of_line.filter(|entry| entry.kind == 2);
    let expected: Vec<Value> =
        deductions.map(|entry| json!({ "id": entry.id.to_string() })).collect();
    assert_eq!(nodes, expected);
}

async fn a_trail_of_many_skus_is_bounded(database: &TestDatabase) {
    let writer = Writer::over(database).await;
    writer.set("2025-01-01T00:00:00Z".parse().unwrap());
    for sku_id in 1..=120 {
        writer.create(sku_id, 1, 10).await;
        writer.deduct(sku_id, "basket", 2).await;
    }
    let shop = Shop::over(database).await;
    let answer =
        shop.ask(&trusted("platform", None), &query(), json!({ "lines": ["basket"] })).await;
    let trail = &answer.field()[0];
    assert_eq!((&trail["skuCount"], &trail["deducted"]), (&json!("120"), &json!("240")));
    let skus = trail["skus"].as_array().unwrap();
    assert_eq!((skus.len(), &skus[99]["skuId"]), (100, &json!("100")));
    let lines: Vec<String> = (0..51).map(|line| line.to_string()).collect();
    let refused = shop.ask(&trusted("platform", None), &query(), json!({ "lines": lines })).await;
    assert_eq!(code(&refused), "INVALID_ARGUMENT");
    assert_eq!(refused.at("/errors/0/extensions/field"), &json!(["orderDetailIds"]));
}

async fn so_many_order_lines_cost_as_many_statements_as_one(database: &TestDatabase) {
    random(database, 4, 120, 10).await;
    let shop = Shop::over(database).await;
    let caller = trusted("platform", None);
    let asked = async |lines: &[&str]| {
        let before = shop.database.statements_read();
        let answer = shop.ask(&caller, &query(), json!({ "lines": lines })).await;
        assert_eq!(answer.field().as_array().unwrap().len(), lines.len());
        shop.database.statements_read() - before
    };
    let one = asked(&["line-1"]).await;
    assert_eq!(asked(&["line-1", "line-2", "line-3", "line-4", "line-5"]).await, one);
    // The sums, the deductions, their refunds and what these come to.
    assert_eq!(one, 4);
}
