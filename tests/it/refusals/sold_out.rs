//! The times in which a SKU had nothing left.

use std::time::Duration;

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::{BY_THE_LEDGER, SOON, number, refuse, start, until_written};
use crate::support::{Kind, TestDatabase, TestServer, codes, on_each_database};

/// A page, with what stands around it; null if there is no such SKU.
async fn page(server: &TestServer, arguments: &Value) -> Value {
    let query = "query($sku: ID!, $at: DateTimeRange, $first: Int, $after: String) \
                 { inventorySoldOutSpans(skuId: $sku, ranOutAt: $at, first: $first, after: $after) \
                 { nodes { durationMs ranOutFlow { id sequence createdAt kind quantityAfter } \
                 cameBackFlow { id sequence createdAt kind quantityBefore quantityAfter } \
                 refusals { refusalCount unitsRequested unitsMissing } } \
                 edges { cursor node { ranOutFlow { sequence } } } \
                 pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
    server.graphql(query, arguments.clone()).await.field().clone()
}

/// Between which entries each time of a page lay, by their sequence.
fn between(page: &Value) -> Vec<(i64, Option<i64>)> {
    let sequence = |flow: &Value| (!flow.is_null()).then(|| number(flow, "sequence"));
    let nodes = page["nodes"].as_array().unwrap_or_else(|| panic!("{page}"));
    let node =
        |node: &Value| (sequence(&node["ranOutFlow"]).unwrap(), sequence(&node["cameBackFlow"]));
    nodes.iter().map(node).collect()
}

/// SKU 1001 runs out three times, each time otherwise. Answers the ids of the deductions.
async fn history(server: &TestServer) {
    let take = async |key: &str, quantity: i32| {
        let input = TestServer::deduction(key, 1001, quantity);
        let payload = server.mutate("inventoryDeduct", input).await;
        assert_eq!(codes(&payload), [""; 0]);
        payload["flow"]["id"].clone()
    };
    let count = async |key: &str, quantity: i32| {
        let input = json!({ "skuId": "1001", "quantity": quantity, "changeFromQuantity": null,
                            "reason": "count", "idempotencyKey": key });
        assert_eq!(codes(&server.mutate("inventorySetQuantity", input).await), [""; 0]);
    };
    server.create(1001, 2).await; // 1
    take("a", 1).await; // 2
    let last = take("b", 1).await; // 3: nothing left
    count("still nothing", 0).await; // 4
    count("nothing again", 0).await; // 5
    let refund = json!({ "flowId": last, "idempotencyKey": "r" });
    assert_eq!(codes(&server.mutate("inventoryRefund", refund).await), [""; 0]); // 6
    count("lost", 0).await; // 7: nothing left
    count("found", 5).await; // 8
    take("c", 5).await; // 9: nothing left
    count("and nothing", 0).await; // 10
}

const TIMES: [(i64, Option<i64>); 3] = [(9, None), (7, Some(8)), (3, Some(6))];

async fn every_time_is_told_with_both_its_entries(database: &TestDatabase) {
    let server = start(database, &BY_THE_LEDGER, SOON).await;
    history(&server).await;
    let all = page(&server, &json!({ "sku": "1001" })).await;
    assert_eq!(between(&all), TIMES);
    assert_eq!(all["pageInfo"]["hasNextPage"], false);
    let [lasting, counted, refunded] = all["nodes"].as_array().unwrap().as_slice() else {
        panic!("{all}")
    };
    assert_eq!(lasting["durationMs"], Value::Null);
    assert_eq!(lasting["ranOutFlow"]["quantityAfter"], 0);
    assert_eq!(counted["cameBackFlow"]["quantityBefore"], 0);
    assert_eq!(counted["cameBackFlow"]["quantityAfter"], 5);
    assert_eq!(refunded["cameBackFlow"]["kind"], "REFUND");
    let instant = |flow: &Value| -> chrono::DateTime<chrono::Utc> {
        flow["createdAt"].as_str().unwrap().parse().unwrap()
    };
    let lasted = instant(&refunded["cameBackFlow"]) - instant(&refunded["ranOutFlow"]);
    assert_eq!(number(refunded, "durationMs"), lasted.num_milliseconds());

    // One a page.
    let (mut paged, mut after) = (Vec::new(), Value::Null);
    for place in 0..TIMES.len() {
        let arguments = json!({ "sku": "1001", "first": 1, "after": after });
        let page = page(&server, &arguments).await;
        paged.extend(between(&page));
        assert_eq!(page["pageInfo"]["hasPreviousPage"], place > 0);
        assert_eq!(page["pageInfo"]["hasNextPage"], place + 1 < TIMES.len());
        after = page["pageInfo"]["endCursor"].clone();
        assert_eq!(after, page["edges"][0]["cursor"]);
    }
    assert_eq!(paged, TIMES);
    let behind = page(&server, &json!({ "sku": "1001", "after": after })).await;
    assert_eq!((between(&behind), &behind["pageInfo"]["endCursor"]), (vec![], &Value::Null));
    let none = page(&server, &json!({ "sku": "1001", "first": 0 })).await;
    assert_eq!((between(&none), &none["pageInfo"]["hasNextPage"]), (vec![], &json!(true)));
    let after = &none["pageInfo"]["endCursor"];
    assert_eq!(between(&page(&server, &json!({ "sku": "1001", "after": after })).await), TIMES);

    // From the instant of the second on, and before it.
    let at = &counted["ranOutFlow"]["createdAt"];
    let since = page(&server, &json!({ "sku": "1001", "at": { "from": at } })).await;
    assert_eq!(between(&since), TIMES[..2]);
    let before = page(&server, &json!({ "sku": "1001", "at": { "to": at } })).await;
    assert_eq!(between(&before), TIMES[2..]);
    let never = json!({ "from": "2020-01-01T00:00:00Z", "to": "2020-01-02T00:00:00Z" });
    assert_eq!(between(&page(&server, &json!({ "sku": "1001", "at": never })).await), []);

    assert_eq!(page(&server, &json!({ "sku": "9" })).await, Value::Null);
    server.create(1002, 0).await;
    let from_the_first = page(&server, &json!({ "sku": "1002" })).await;
    assert_eq!(between(&from_the_first), [(1, None)]);
}

async fn a_time_tells_what_was_refused_in_it(database: &TestDatabase) {
    let server = start(database, &BY_THE_LEDGER, SOON).await;
    server.create(1001, 0).await;
    refuse(&server, 1001, 4).await;
    until_written(&server, 4).await;
    let all = page(&server, &json!({ "sku": "1001" })).await;
    assert_eq!(super::sums(&all["nodes"][0]["refusals"]), (4, 4, 4));
    // What is refused of another SKU is another one's, as is what was refused before.
    server.create(1002, 0).await;
    let plain = database.plain().await;
    let sql = "INSERT INTO t_inventory_refusal VALUES (1001, 1000, 1, 1, 9, 9, 9), \
               (1002, 29405000, 1, 1, 9, 9, 9)";
    plain.execute_unprepared(sql).await.unwrap();
    let all = page(&server, &json!({ "sku": "1001" })).await;
    assert_eq!(super::sums(&all["nodes"][0]["refusals"]), (4, 4, 4));
}

on_each_database!(
    every_time_is_told_with_both_its_entries,
    a_time_tells_what_was_refused_in_it,
    a_page_that_finds_nothing_tells_where_to_go_on,
);

/// A SKU that ran out long ago and has sold a quarter of a million times since.
async fn a_page_that_finds_nothing_tells_where_to_go_on(database: &TestDatabase) {
    let server = start(database, &BY_THE_LEDGER, SOON).await;
    server.create(1001, 250_003).await;
    let plain = database.plain().await;
    let (now, zeros) = match database.kind {
        Kind::Sqlite => ("'2026-11-22T09:50:00+00:00'", "zeroblob(32)"),
        Kind::MariaDb => ("'2026-11-22 09:50:00'", "REPEAT('0', 32)"),
        Kind::Postgres => {
            ("'2026-11-22T09:50:00+00:00'::timestamptz", "decode(repeat('00', 32), 'hex')")
        }
    };
    let digits = "SELECT 0 AS x UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 \
                  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9";
    let sql = format!(
        "INSERT INTO t_inventory_flow (sku_id, sequence, kind, order_detail_id, quantity_trade, \
         leaved_after, idempotency_scope, idempotency_key, line, request_hash, actor, created_at, \
         merchant_id) \
         SELECT 1001, n, CASE WHEN n % 10 = 3 THEN 4 ELSE 2 END, 'o', \
         CASE WHEN n = 3 THEN -9 ELSE 1 END, \
         CASE WHEN n = 2 THEN 0 ELSE 9 END, 'tests', CONCAT('key-', n), 0, {zeros}, 'shop', {now}, 1 \
         FROM (SELECT 2 + a.x + 10 * b.x + 100 * c.x + 1000 * d.x + 10000 * e.x + 100000 * f.x AS n \
         FROM ({digits}) a, ({digits}) b, ({digits}) c, ({digits}) d, ({digits}) e, \
         (SELECT 0 AS x UNION ALL SELECT 1 UNION ALL SELECT 2) f) numbers WHERE n <= 250003 ORDER BY n"
    );
    plain.execute_unprepared(&sql).await.unwrap();
    let sql = "UPDATE t_inventory SET version = 250003 WHERE sku_id = 1001";
    plain.execute_unprepared(sql).await.unwrap();
    let (mut pages, mut found, mut after) = (0, Vec::new(), Value::Null);
    loop {
        let arguments = json!({ "sku": "1001", "after": after });
        let begun = std::time::Instant::now();
        let page = page(&server, &arguments).await;
        assert!(begun.elapsed() < Duration::from_secs(20), "a page is bounded work");
        pages += 1;
        found.extend(between(&page));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        assert!(after.is_string());
    }
    assert_eq!((pages, found), (3, vec![(2, Some(3))]));
    // What was filled in is no history that adds up.
    for sql in ["DELETE FROM t_inventory_flow", "DELETE FROM t_inventory"] {
        plain.execute_unprepared(sql).await.unwrap();
    }
}
