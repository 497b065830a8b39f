//! Which refusals are counted, and for how many units.

use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::{Value, json};

use super::{BY_THE_LEDGER, SOON, by_sku, groups, page, refuse, rows, start, until_written};
use crate::bulk;
use crate::support::{TestDatabase, TestServer, codes, metric, on_each_database};

/// Copies refuse for as long as they may.
const BY_COPIES: [&str; 4] =
    ["--ledger-early-refusal-age-ms-max", "10000", "--cache-age-ms-max", "10000"];

fn cart(key: &str, lines: &[(i64, i32)]) -> Value {
    let line = |(sku_id, quantity): &(i64, i32)| json!({ "skuId": sku_id.to_string(), "orderDetailId": "o", "quantity": quantity });
    json!({ "lines": lines.iter().map(line).collect::<Vec<_>>(), "idempotencyKey": key })
}

/// Two servers over one database, one of which refuses by copies: each counts what it told.
async fn what_a_client_is_told_is_counted_once_whoever_refused_it(database: &TestDatabase) {
    let (early, plain) =
        tokio::join!(start(database, &BY_COPIES, SOON), start(database, &BY_THE_LEDGER, SOON));
    for (sku_id, quantity) in [(1001, 1), (1002, 3)] {
        early.create(sku_id, quantity).await;
    }
    let first = early.mutate("inventoryDeduct", TestServer::deduction("first", 1001, 1)).await;
    assert_eq!(codes(&first), [""; 0]);
    let requests = [
        ("inventoryDeduct", TestServer::deduction("one", 1001, 1), 1),
        ("inventoryDeduct", TestServer::deduction("five", 1002, 5), 1),
        ("inventoryDeductBatch", cart("two lines", &[(1001, 2), (1002, 9)]), 2),
        ("inventoryDeductBatch", cart("one line", &[(1002, 2), (1002, 2)]), 1),
    ];
    for (server, source) in [(&early, "CACHE"), (&plain, "PRIMARY")] {
        for (mutation, input, refused) in &requests {
            let answer = server.try_mutate(mutation, input.clone()).await.unwrap();
            assert_eq!(codes(answer.field()), vec!["INSUFFICIENT_STOCK"; *refused], "{}", answer.0);
            assert_eq!(answer.at("/extensions/read/source"), source, "{}", answer.0);
        }
    }
    // A line that falls short beside one that is at fault for another reason.
    let mixed = early.mutate("inventoryDeductBatch", cart("mixed", &[(1001, 1), (9, 1)])).await;
    assert_eq!(codes(&mixed), ["INSUFFICIENT_STOCK", "SKU_NOT_FOUND"]);
    // What is refused otherwise, or done, is no demand that was not met.
    for input in [
        TestServer::deduction("unknown", 9, 1),
        TestServer::deduction("first", 1001, 7),
        TestServer::deduction("first", 1001, 1),
        TestServer::deduction("none", 1001, 0),
    ] {
        early.mutate("inventoryDeduct", input).await;
    }
    until_written(&plain, 13 - 2).await;
    let expected = [("1001".to_owned(), (5, 7, 7)), ("1002".to_owned(), (6, 32, 18))];
    assert_eq!(by_sku(&plain).await, expected);
    // Nothing is added when it is written again.
    refuse(&early, 1001, 1).await;
    until_written(&plain, 12).await;
    assert_eq!(by_sku(&plain).await[1], expected[1]);
}

/// What of a bulk is refused for want of stock, by itself or so that all the others are withheld.
async fn lines_of_a_bulk_count_as_deductions_do(database: &TestDatabase) {
    let server = start(database, &BY_THE_LEDGER, SOON).await;
    server.create(1001, 3).await;
    server.create(1002, 3).await;
    let lines = |round: &str| {
        [(1001, 5), (1002, 1), (1001, 4)].map(|(sku_id, quantity)| {
            bulk::deduction(&format!("{round} {sku_id} {quantity}"), sku_id, quantity)
        })
    };
    let payload = bulk::each(&server, &lines("each")).await;
    assert_eq!(bulk::outcomes(&payload), ["REFUSED", "WRITTEN", "REFUSED"]);
    let payload = bulk::together(&server, &lines("together")).await;
    assert_eq!(bulk::outcomes(&payload), ["REFUSED", "WITHHELD", "REFUSED"]);
    until_written(&server, 4).await;
    assert_eq!(by_sku(&server).await, [("1001".to_owned(), (4, 18, 6))]);
}

async fn a_storm_of_refusals_makes_a_few_rows(database: &TestDatabase) {
    let server = start(database, &[], SOON).await;
    server.create(1001, 1).await;
    server.mutate("inventoryDeduct", TestServer::deduction("first", 1001, 1)).await;
    let late = stream::iter(0..2_000).map(|buyer| {
        let input = TestServer::deduction(&format!("buyer {buyer}"), 1001, 1);
        server.mutate("inventoryDeduct", input)
    });
    late.buffer_unordered(64)
        .for_each(async |payload| {
            assert_eq!(codes(&payload), ["INSUFFICIENT_STOCK"]);
        })
        .await;
    until_written(&server, 2_000).await;
    let rows = rows(database).await;
    let mut minutes: Vec<i64> = rows.iter().map(|row| row.1).collect();
    minutes.dedup();
    assert_eq!(rows.len(), minutes.len(), "a row for each minute: {rows:?}");
    let text = server.metrics().await;
    let metric = |name: &str| metric(&text, &format!("stockflow_refusals_{name}_total"));
    assert!(metric("rows_written") >= 1);
    assert_eq!((metric("left_out"), metric("write_failures")), (0, 0));
}

async fn refusals_are_added_up_as_they_are_asked_for(database: &TestDatabase) {
    let server = start(database, &BY_THE_LEDGER, SOON).await;
    let plain = database.plain().await;
    for sku_id in 1..=3 {
        server.create(sku_id, 0).await;
    }
    // SKU 1 in minutes 0 and 2, by two servers in the first; SKU 2 in minutes 1 and 2; 29,405,000
    // minutes after 1970 it was 03:20.
    for (sku_id, minute, writer, count) in
        [(1, 0, 1, 1), (1, 0, 2, 2), (1, 2, 1, 4), (2, 1, 1, 8), (2, 2, 1, 16)]
    {
        let sql = format!(
            "INSERT INTO t_inventory_refusal (sku_id, refused_minute, writer_id, merchant_id, \
             refusal_count, units_requested, units_missing) VALUES ({sku_id}, \
             {}, {writer}, 1, {count}, {}, {count})",
            29_405_000 + minute,
            10 * count
        );
        sea_orm::ConnectionTrait::execute_unprepared(&plain, &sql).await.unwrap();
    }
    let told = async |arguments: Value| {
        let groups = groups(&server, arguments).await;
        let part = |group: &Value| {
            let minute = group["periodStart"].as_str().map_or("", |start| &start[14..16]);
            let sku_id = group["skuId"].as_str().unwrap_or_default();
            format!("{sku_id}@{minute}={}", group["refusalCount"].as_str().unwrap())
        };
        groups.iter().map(part).collect::<Vec<_>>()
    };
    assert_eq!(told(json!({})).await, ["1@=7", "2@=24"]);
    assert_eq!(told(json!({ "by": [] })).await, ["@=31"]);
    assert_eq!(told(json!({ "by": ["MINUTE"] })).await, ["@20=3", "@21=8", "@22=20"]);
    let each = ["1@20=3", "2@21=8", "1@22=4", "2@22=16"];
    let both = ["MINUTE", "SKU"];
    assert_eq!(told(json!({ "by": both })).await, each);
    // The same of SKUs that are named, which are read another way.
    let skus = json!({ "skuId": ["1", "2", "3"] });
    assert_eq!(told(json!({ "by": both, "where": skus })).await, each);
    assert_eq!(
        told(json!({ "by": ["MINUTE"], "where": skus })).await,
        ["@20=3", "@21=8", "@22=20"]
    );
    assert_eq!(told(json!({ "where": { "skuId": ["2", "3"] } })).await, ["2@=24"]);
    assert_eq!(told(json!({ "where": { "skuId": [] } })).await, [""; 0]);
    assert_eq!(told(json!({ "where": { "merchantId": "2" }, "by": [] })).await, [""; 0]);
    // A minute belongs to the span that it begins in.
    let from = json!({ "refusedAt": { "from": "2025-11-28T03:20:00.000001Z", "to": "2025-11-28T03:22:00Z" } });
    assert_eq!(told(json!({ "by": ["MINUTE"], "where": from })).await, ["@21=8"]);

    let whole = groups(&server, json!({ "by": [] })).await;
    let [only] = whole.as_slice() else { panic!("{whole:?}") };
    assert_eq!(
        *only,
        json!({
            "skuId": null, "periodStart": null, "periodEnd": null, "refusalCount": "31",
            "unitsRequested": "310", "unitsMissing": "31",
            "firstMinute": "2025-11-28T03:20:00.000000Z", "lastMinute": "2025-11-28T03:22:00.000000Z",
        })
    );
    for (by, filter, count) in [
        (json!(both), json!(null), 4),
        (json!(both), skus.clone(), 4),
        (json!(["MINUTE"]), json!(null), 3),
        (json!(["MINUTE"]), skus.clone(), 3),
        (json!(["SKU"]), json!(null), 2),
        (json!(["SKU"]), skus.clone(), 2),
        (json!([]), json!(null), 1),
    ] {
        let whole = groups(&server, json!({ "by": by, "where": filter })).await;
        assert_eq!(whole.len(), count);
        assert_eq!(paged(&server, &by, &filter).await, whole, "{by} {filter}");
    }
}

/// The whole list, one group a page.
async fn paged(server: &TestServer, by: &Value, filter: &Value) -> Vec<Value> {
    let (mut nodes, mut after) = (Vec::new(), Value::Null);
    loop {
        let arguments = json!({ "by": by, "where": filter, "first": 1, "after": after });
        let page = page(server, &arguments).await;
        let of_page = page["nodes"].as_array().unwrap();
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_null());
        assert_eq!(page["edges"].as_array().unwrap().len(), of_page.len());
        nodes.extend(of_page.clone());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            return nodes;
        }
        assert_eq!(of_page.len(), 1);
    }
}

on_each_database!(
    what_a_client_is_told_is_counted_once_whoever_refused_it,
    lines_of_a_bulk_count_as_deductions_do,
    a_storm_of_refusals_makes_a_few_rows,
    refusals_are_added_up_as_they_are_asked_for,
);
