//! What may not be asked, and what asking costs.

use serde_json::{Value, json};

use super::history::random;
use crate::access::shop::{Shop, trusted};
use crate::support::{TestDatabase, code, on_each_database};

on_each_database!(
    what_cannot_be_grouped_is_refused,
    many_summaries_at_once_are_too_many,
    the_longest_cursor_is_taken,
);

const QUERY: &str = "query($by: [InventoryFlowGroup!]!, $zone: String, $first: Int, $after: String) \
                     { inventoryFlowSummary(groupBy: $by, timeZone: $zone, first: $first, \
                     after: $after) { nodes { entryCount } pageInfo { endCursor hasNextPage } } }";

async fn what_cannot_be_grouped_is_refused(database: &TestDatabase) {
    random(database, 6, 20, 10).await;
    let shop = Shop::over(database).await;
    let caller = trusted("platform", None);
    let cursor = async |by: Value, zone: Value| {
        let variables = json!({ "by": by, "zone": zone, "first": 1 });
        let answer = shop.ask(&caller, QUERY, variables).await;
        answer.field()["pageInfo"]["endCursor"].clone()
    };
    let of_day = cursor(json!(["DAY"]), json!("Asia/Kolkata")).await;
    let of_sku = cursor(json!(["SKU"]), Value::Null).await;
    for (variables, field) in [
        (json!({ "by": ["DAY", "SKU", "MONTH"] }), json!(["groupBy", "2"])),
        (json!({ "by": ["HOUR", "DAY"] }), json!(["groupBy", "1"])),
        (json!({ "by": vec!["SKU"; 251] }), json!(["groupBy"])),
        (json!({ "by": ["DAY"], "zone": "Mars/Olympus" }), json!(["timeZone"])),
        (json!({ "by": [], "zone": "" }), json!(["timeZone"])),
        (json!({ "by": ["SKU"], "first": 201 }), json!(["first"])),
        (json!({ "by": ["SKU"], "after": "x" }), json!(["after"])),
        (json!({ "by": ["KIND"], "after": of_sku }), json!(["after"])),
        (json!({ "by": ["DAY"], "after": of_sku }), json!(["after"])),
        // No day begins there.
        (json!({ "by": ["DAY"], "zone": "Europe/Berlin", "after": of_day }), json!(["after"])),
    ] {
        let answer = shop.ask(&caller, QUERY, variables.clone()).await;
        assert_eq!(code(&answer), "INVALID_ARGUMENT", "{variables}: {}", answer.0);
        assert_eq!(answer.at("/errors/0/extensions/field"), &field, "{variables}");
    }
    // The same twice is once; none is one group, behind which there is nothing.
    for (variables, groups) in [
        (json!({ "by": ["DAY", "DAY", "SKU", "SKU"], "first": 1 }), 1),
        (json!({ "by": [] }), 1),
        (json!({ "by": [], "first": 0 }), 0),
        (json!({ "by": [], "after": cursor(json!([]), Value::Null).await }), 0),
    ] {
        let answer = shop.ask(&caller, QUERY, variables.clone()).await;
        assert_eq!(answer.field()["nodes"].as_array().unwrap().len(), groups, "{variables}");
    }
}

/// Each costs as much as a count, and is taken from what one request may cost.
async fn many_summaries_at_once_are_too_many(database: &TestDatabase) {
    random(database, 6, 5, 10).await;
    let shop = Shop::over(database).await;
    for field in [
        "inventoryFlowSummary(groupBy: [], first: 1) { nodes { entryCount } }",
        "inventoryExplain(skuId: 1) { agrees }",
    ] {
        let many: String = (0..25).map(|place| format!("f{place}: {field} ")).collect();
        let answer =
            shop.ask(&trusted("platform", None), &format!("{{ {many} }}"), json!({})).await;
        assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{}", answer.0);
    }
}

/// An actor and an order line of as many characters as they may have, of the longest there are.
async fn the_longest_cursor_is_taken(database: &TestDatabase) {
    let writer = super::history::Writer::over(database).await;
    writer.set("2025-01-01T00:00:00Z".parse().unwrap());
    let name = "🧺".repeat(127);
    writer.create(i64::MAX, 1, 1_000).await;
    for place in 1..=3 {
        let request = stockflow::domain::request::DeductRequest {
            sku_id: i64::MAX.to_string(),
            order_detail_id: format!("{name}{place}"),
            quantity: 1,
        };
        let command = |envelope| stockflow::domain::Command::deduct(envelope, &request).unwrap();
        assert_eq!(writer.write(&name, None, command).await.len(), 1);
    }
    let shop = Shop::over(database).await;
    let by = json!(["MONTH", "SKU", "KIND", "ACTOR", "ORDER_DETAIL"]);
    let page = (1, "/data/inventoryFlowSummary");
    let variables = json!({ "by": by, "zone": "Asia/Kolkata" });
    let caller = trusted("platform", None);
    let nodes = super::history::all_pages(&shop, &caller, QUERY, variables, page).await;
    assert_eq!(nodes.len(), 4);
}
