//! Anomalies as a client meets them: what it did through the API, and what it is told of it.

use serde_json::{Value, json};

use crate::access::shop::{Shop, trusted};
use crate::support::{Kind, TestDatabase, TestServer, code, on_each_database};

on_each_database!(
    each_rule_finds_what_was_done_and_not_what_is_like_it,
    settings_say_what_is_found,
    another_merchants_anomalies_are_none,
);

const ANOMALY: &str = "rule message skuId actor orderDetailId measured bound from to flowId flowIds \
                       flowCount flows { id kind }";

async fn found(server: &TestServer, filter: Value) -> Value {
    let query = format!(
        "query($where: InventoryAnomalyWhere) {{ inventoryAnomalies(where: $where) {{ \
         entriesExamined examinedTo rules pageInfo {{ hasNextPage startCursor endCursor }} \
         edges {{ cursor node {{ flowId }} }} nodes {{ {ANOMALY} }} }} }}"
    );
    let answer = server.graphql(&query, json!({ "where": filter })).await;
    answer.field().clone()
}

/// The rules and the ids of their entries.
fn told(page: &Value) -> Vec<(String, Vec<String>)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let nodes = page["nodes"].as_array().unwrap().iter();
    nodes
        .map(|node| {
            let ids = node["flowIds"].as_array().unwrap().iter().map(text).collect();
            assert_eq!(node["flows"].as_array().unwrap().len(), node["flowCount"], "{node}");
            (text(&node["rule"]), ids)
        })
        .collect()
}

/// Deducts, and answers the id of the entry.
async fn deduct(server: &TestServer, key: &str, sku_id: i64, line: &str) -> String {
    let mut input = TestServer::deduction(key, sku_id, 2);
    input["orderDetailId"] = json!(line);
    let payload = server.mutate("inventoryDeduct", input).await;
    payload["flow"]["id"].as_str().unwrap_or_else(|| panic!("{payload}")).to_owned()
}

async fn refund(server: &TestServer, flow_id: &str) -> String {
    let input = json!({ "flowId": flow_id, "idempotencyKey": format!("refund {flow_id}") });
    let payload = server.mutate("inventoryRefund", input).await;
    payload["flow"]["id"].as_str().unwrap_or_else(|| panic!("{payload}")).to_owned()
}

async fn set(server: &TestServer, key: &str, sku_id: i64, quantity: i32) -> String {
    let input = json!({
        "skuId": sku_id.to_string(),
        "quantity": quantity,
        "changeFromQuantity": null,
        "reason": "counted",
        "idempotencyKey": key,
    });
    let payload = server.mutate("inventorySetQuantity", input).await;
    payload["flow"]["id"].as_str().unwrap_or_else(|| panic!("{payload}")).to_owned()
}

async fn each_rule_finds_what_was_done_and_not_what_is_like_it(database: &TestDatabase) {
    let settings = [
        ("STOCKFLOW_ANOMALIES__QUICK_REFUNDS_MAX", "2"),
        ("STOCKFLOW_ANOMALIES__BURST_ENTRIES_MAX", "25"),
    ];
    let server = TestServer::start_with(&database.url, &[], &settings).await;
    for sku_id in [1, 2] {
        server.create(sku_id, 100).await;
    }
    // A replacement after a refund, two SKUs of one order line, two lines of one request.
    let replaced = deduct(&server, "a1", 1, "replaced").await;
    refund(&server, &replaced).await;
    deduct(&server, "a2", 1, "replaced").await;
    deduct(&server, "b1", 1, "bundle").await;
    deduct(&server, "b2", 2, "bundle").await;
    let line = json!({ "skuId": "1", "orderDetailId": "twice in a cart", "quantity": 1 });
    let cart = json!({ "lines": [line, line], "idempotencyKey": "cart" });
    server.mutate("inventoryDeductBatch", cart).await;
    // An adjustment up, a small one, and one more refund, which is the second.
    set(&server, "up", 2, 200).await;
    set(&server, "down", 2, 150).await;
    let quick = deduct(&server, "c1", 2, "c").await;
    let second = refund(&server, &quick).await;
    let page = found(&server, json!({})).await;
    assert_eq!(told(&page), [], "{page}");
    assert_eq!(page["pageInfo"]["hasNextPage"], false);
    assert!(page["pageInfo"]["endCursor"].is_string() && page["examinedTo"].is_string(), "{page}");
    assert_eq!(page["entriesExamined"], "13");

    let first = deduct(&server, "d1", 1, "twice").await;
    let again = deduct(&server, "d2", 1, "twice").await;
    let removed = set(&server, "theft", 2, 20).await;
    let third = refund(&server, &first).await;
    let page = found(&server, json!({})).await;
    let first_refund = (replaced.parse::<i64>().unwrap() + 1).to_string();
    let expected = [
        ("DUPLICATE_ORDER_DETAIL", vec![first, again.clone()]),
        ("LARGE_ADJUSTMENT", vec![removed.clone()]),
        ("QUICK_REFUNDS", vec![first_refund, second, third.clone()]),
    ];
    assert_eq!(told(&page), expected.map(|(rule, ids)| (rule.to_owned(), ids)), "{page}");
    let [duplicate, adjustment, refunds] = page["nodes"].as_array().unwrap().as_slice() else {
        panic!("{page}")
    };
    assert_eq!(duplicate["orderDetailId"], "twice");
    assert_eq!((&duplicate["skuId"], &duplicate["actor"]), (&json!("1"), &json!("anonymous")));
    assert_eq!((&duplicate["measured"], &duplicate["bound"]), (&json!(2.0), &json!(0.0)));
    assert_eq!(
        (&adjustment["measured"], &adjustment["flowId"]),
        (&json!(130.0 / 150.0), &json!(removed))
    );
    assert_eq!((&refunds["skuId"], &refunds["measured"]), (&json!(null), &json!(3.0)));

    // The next entries make a burst, which is found behind the cursor.
    let after = page["pageInfo"]["endCursor"].clone();
    for n in 0..9 {
        deduct(&server, &format!("burst {n}"), 2, &format!("burst {n}")).await;
    }
    let query = "query($after: String) { inventoryAnomalies(after: $after) \
                 { nodes { rule flowCount } pageInfo { hasPreviousPage } } }";
    let answer = server.graphql(query, json!({ "after": after })).await;
    assert_eq!(answer.field()["nodes"], json!([{ "rule": "BURST", "flowCount": 26 }]));
    assert_eq!(answer.field()["pageInfo"]["hasPreviousPage"], true);
    filters_say_what_is_told(&server).await;
}

async fn filters_say_what_is_told(server: &TestServer) {
    for (filter, rules) in [
        (json!({ "skuId": ["1"] }), vec!["DUPLICATE_ORDER_DETAIL"]),
        (json!({ "skuId": ["2"] }), vec!["LARGE_ADJUSTMENT"]),
        (json!({ "rule": ["BURST"] }), vec!["BURST"]),
        (json!({ "actor": ["somebody"] }), vec![]),
        (json!({ "merchantId": "2" }), vec![]),
        (json!({ "createdAt": { "to": "2026-01-01T00:00:00Z" } }), vec![]),
    ] {
        let page = found(server, filter.clone()).await;
        let found: Vec<String> = told(&page).into_iter().map(|(rule, _ids)| rule).collect();
        assert_eq!(found, rules, "{filter}");
    }
}

async fn settings_say_what_is_found(database: &TestDatabase) {
    let rules = async |settings: &[(&str, &str)]| {
        let server = TestServer::start_with(&database.url, &[], settings).await;
        let page = found(&server, json!({})).await;
        let rules: Vec<String> = told(&page).into_iter().map(|(rule, _ids)| rule).collect();
        (rules, page["rules"].clone())
    };
    let server = TestServer::start(database).await;
    server.create(1, 100).await;
    for n in 0..3 {
        let flow_id = deduct(&server, &format!("d{n}"), 1, "line").await;
        if n < 2 {
            refund(&server, &flow_id).await;
        }
    }
    set(&server, "s", 1, 60).await;
    drop(server);
    let all =
        "DUPLICATE_ORDER_DETAIL QUICK_REFUNDS BURST LARGE_ADJUSTMENT ODD_HOURS CLOCK_BACKWARDS";
    let all: Vec<&str> = all.split(' ').collect();
    assert_eq!(rules(&[]).await, (vec![], json!(all)));
    let strict = [
        ("STOCKFLOW_ANOMALIES__QUICK_REFUNDS_MAX", "1"),
        ("STOCKFLOW_ANOMALIES__BURST_ENTRIES_MAX", "6"),
        ("STOCKFLOW_ANOMALIES__LARGE_ADJUSTMENT_SHARE_MAX", "0.2"),
    ];
    let found = ["QUICK_REFUNDS", "BURST", "LARGE_ADJUSTMENT"];
    assert_eq!(rules(&strict).await.0, found);
    let passed_over = ("STOCKFLOW_ANOMALIES__ACTORS_PASSED_OVER", "user:a,anonymous");
    assert_eq!(rules(&[&strict[..], &[passed_over]].concat()).await.0, found[2..]);
    let off = [
        ("STOCKFLOW_ANOMALIES__QUICK_REFUNDS_MAX", "0"),
        ("STOCKFLOW_ANOMALIES__LARGE_ADJUSTMENT_UNITS_MIN", "0"),
    ];
    let left: Vec<&str> =
        all.into_iter().filter(|it| !["QUICK_REFUNDS", "LARGE_ADJUSTMENT"].contains(it)).collect();
    assert_eq!(rules(&off).await, (vec![], json!(left)));
}

async fn another_merchants_anomalies_are_none(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let platform = trusted("platform", None);
    for merchant_id in [1, 2] {
        let sku_id = format!("{merchant_id}00");
        let new = json!({ "skuId": sku_id, "merchantId": merchant_id.to_string(), "quantity": 100,
                          "idempotencyKey": format!("c{merchant_id}") });
        shop.mutate(&platform, "inventoryCreate", new).await;
        for n in 0..2 {
            let input = json!({ "skuId": sku_id, "orderDetailId": "line", "quantity": 1,
                                "idempotencyKey": format!("{n}") });
            shop.mutate(&trusted("seller", Some(merchant_id)), "inventoryDeduct", input).await;
        }
        // 303 entries in all, of which no merchant has more than 153.
        for n in 0..150 {
            let input = json!({ "skuId": sku_id, "quantity": 1,
                                "idempotencyKey": format!("r{merchant_id} {n}") });
            shop.mutate(&platform, "inventoryReplenish", input).await;
        }
    }
    let ask = async |merchant_id: Option<i64>, filter: &str| {
        let query = format!(
            "{{ inventoryAnomalies(where: {{{filter}}}) {{ entriesExamined \
             nodes {{ rule skuId actor }} }} }}"
        );
        let answer = shop.ask(&trusted("a", merchant_id), &query, json!({})).await;
        let page = answer.at("/data/inventoryAnomalies").clone();
        let nodes = page["nodes"].as_array().unwrap_or_else(|| panic!("{}", answer.0));
        let nodes = nodes.iter().map(|node| format!("{} {}", node["rule"], node["skuId"]));
        (page["entriesExamined"].clone(), nodes.collect::<Vec<_>>().join(", ").replace('"', ""))
    };
    let duplicate = |sku_id: &str| format!("DUPLICATE_ORDER_DETAIL {sku_id}");
    let (one, two) = (duplicate("100"), duplicate("200"));
    assert_eq!(ask(Some(1), "").await, (json!("153"), one.clone()));
    assert_eq!(ask(Some(2), "").await, (json!("153"), two.clone()));
    assert_eq!(ask(Some(3), "").await, (json!("0"), String::new()));
    assert_eq!(ask(Some(1), "skuId: [200]").await, (json!("0"), String::new()));
    assert_eq!(ask(Some(1), "merchantId: 2").await, (json!("0"), String::new()));
    // The platform's own burst is seen by who sees all of it.
    assert_eq!(ask(None, "merchantId: 2").await, (json!("153"), two.clone()));
    assert_eq!(ask(None, "").await, (json!("306"), format!("{one}, {two}, BURST null")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_out_of_bounds_is_told_with_its_path() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    for (arguments, field) in [
        ("where: { skuId: [1], rule: [BURST] }", json!(["where", "rule"])),
        ("where: { skuId: [\"x\"] }", json!(["where", "skuId", "0"])),
        ("where: { actor: [\"a\", \"b\\u0000\"] }", json!(["where", "actor", "1"])),
        (
            "where: { createdAt: { from: \"2026-02-01T00:00:00Z\", to: \"2026-01-01T00:00:00Z\" } }",
            json!(["where", "createdAt"]),
        ),
        ("first: 201", json!(["first"])),
        ("after: \"Zmxvdw\"", json!(["after"])),
    ] {
        let query = format!("{{ inventoryAnomalies({arguments}) {{ entriesExamined }} }}");
        let answer = server.graphql(&query, Value::Null).await;
        assert_eq!(code(&answer), "INVALID_ARGUMENT", "{arguments}: {}", answer.0);
        assert_eq!(answer.at("/errors/0/extensions/field"), &field, "{arguments}");
    }
    let query = "{ inventoryAnomalies(first: 0) { nodes { rule } pageInfo { endCursor } } }";
    assert_eq!(server.graphql(query, Value::Null).await.field()["nodes"], json!([]));
}
