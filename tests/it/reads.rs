//! Everything in the contract's Query, over HTTP against the real program.

use serde_json::{Value, json};

use crate::support::{Answer, TestDatabase, TestServer, code, on_each_database};

/// A shop with three SKUs and some history; answers the ids of SKU 1001's deductions.
async fn shop(server: &TestServer) -> Vec<String> {
    for (sku_id, quantity) in [(1001, 500), (1002, 20), (1003, 0)] {
        server.create(sku_id, quantity).await;
    }
    let mut deductions = Vec::new();
    for sale in 0..12 {
        let input = TestServer::deduction(&format!("sale {sale}"), 1001, 2);
        let payload = server.mutate("inventoryDeduct", input).await;
        deductions.push(payload["flow"]["id"].as_str().unwrap().to_owned());
        if sale % 4 == 0 {
            let input = TestServer::deduction(&format!("other sale {sale}"), 1002, 1);
            server.mutate("inventoryDeduct", input).await;
        }
    }
    for (step, flow_id) in deductions.iter().take(3).enumerate() {
        let input = json!({
            "flowId": flow_id, "quantity": 1, "idempotencyKey": format!("refund {step}"),
        });
        server.mutate("inventoryRefund", input).await;
    }
    deductions
}

async fn flows(server: &TestServer, arguments: &str) -> Answer {
    let query = format!(
        "{{ inventoryFlows({arguments}) {{ nodes {{ id }} edges {{ cursor node {{ id }} }} \
         pageInfo {{ hasPreviousPage hasNextPage startCursor endCursor }} totalCount }} }}"
    );
    server.graphql(&query, Value::Null).await
}

fn ids(answer: &Answer) -> Vec<u64> {
    let nodes = answer.field()["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["id"].as_str().unwrap().parse().unwrap()).collect()
}

fn cursor(answer: &Answer, which: &str) -> String {
    answer.field()["pageInfo"][which].as_str().unwrap().to_owned()
}

async fn pages_lead_through_the_whole_history_both_ways(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    shop(&server).await;
    for (filter, count) in [
        ("", 21),
        ("where: { skuId: [\"1001\"] }, ", 16),
        ("where: { skuId: [\"1001\", \"1002\"] }, ", 20),
        ("where: { skuId: [\"1001\"], kind: [DEDUCTION] }, ", 12),
        ("where: { kind: [REFUND, OPENING] }, ", 6),
        ("where: { createdAt: { from: \"2000-01-01T00:00:00Z\" } }, ", 21),
        ("where: { createdAt: { to: \"2000-01-01T00:00:00Z\" } }, ", 0),
        ("where: { quantityTrade: { min: 2, max: 2 } }, ", 12),
        ("where: { orderDetailId: [\"order sale 3\", \"order sale 5\"] }, ", 2),
        ("where: { actor: [\"anonymous\"], idempotencyKey: \"sale 3\" }, ", 1),
        ("where: { skuId: [] }, ", 0),
    ] {
        for order in ["NEWEST_FIRST", "OLDEST_FIRST"] {
            let list = format!("{filter}orderBy: {order}, ");
            let all = ids(&flows(&server, &format!("{list}first: 200")).await);
            assert_eq!(all.len(), count, "{list}");
            let mut sorted = all.clone();
            sorted.sort_unstable();
            if order == "NEWEST_FIRST" {
                sorted.reverse();
            }
            assert_eq!(all, sorted, "{list}");

            let mut page = flows(&server, &format!("{list}first: 3")).await;
            assert_eq!(page.field()["totalCount"], count.to_string(), "{list}");
            let mut seen = ids(&page);
            while page.field()["pageInfo"]["hasNextPage"] == true {
                let after = cursor(&page, "endCursor");
                page = flows(&server, &format!("{list}first: 3, after: \"{after}\"")).await;
                assert_eq!(page.field()["pageInfo"]["hasPreviousPage"], true);
                seen.extend(ids(&page));
            }
            assert_eq!(seen, all, "forward through {list}");

            let mut page = flows(&server, &format!("{list}last: 4")).await;
            let mut seen = vec![ids(&page)];
            while page.field()["pageInfo"]["hasPreviousPage"] == true {
                let before = cursor(&page, "startCursor");
                page = flows(&server, &format!("{list}last: 4, before: \"{before}\"")).await;
                seen.push(ids(&page));
            }
            seen.reverse();
            assert_eq!(seen.concat(), all, "backward through {list}");
        }
    }
}

async fn a_cursor_survives_new_entries(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    shop(&server).await;
    for filter in ["", "where: { skuId: [\"1001\"] }, ", "where: { skuId: [\"1001\", \"1002\"] }, "]
    {
        let before = ids(&flows(&server, &format!("{filter}first: 200")).await);
        let mut page = flows(&server, &format!("{filter}first: 4")).await;
        let mut seen = ids(&page);
        let mut sale = 0;
        while page.field()["pageInfo"]["hasNextPage"] == true {
            sale += 1;
            let key = format!("meanwhile {filter} {sale}");
            server.mutate("inventoryDeduct", TestServer::deduction(&key, 1001, 1)).await;
            let after = cursor(&page, "endCursor");
            page = flows(&server, &format!("{filter}first: 4, after: \"{after}\"")).await;
            seen.extend(ids(&page));
        }
        assert_eq!(seen, before, "{filter}");
    }
}

async fn nested_objects_tell_the_story_of_a_deduction(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    let deductions = shop(&server).await;
    let query = "query($id: ID!) { inventoryFlow(id: $id) { kind refundedQuantity refundableQuantity \
                 refunds { quantityTrade deduction { id } refundableQuantity } \
                 inventory { skuId leavedAmount } deduction { id } } }";
    let answer = server.graphql(query, json!({ "id": deductions[0] })).await;
    assert_eq!(
        answer.field(),
        &json!({
            "kind": "DEDUCTION",
            "refundedQuantity": 1,
            "refundableQuantity": 1,
            "refunds": [{
                "quantityTrade": -1,
                "deduction": { "id": deductions[0] },
                "refundableQuantity": 0,
            }],
            "inventory": { "skuId": "1001", "leavedAmount": 479 },
            "deduction": null,
        })
    );
    let answer = server.graphql(query, json!({ "id": "987654321" })).await;
    assert_eq!(answer.field(), &Value::Null);
}

async fn each_sku_of_a_page_has_its_own_page_of_flows(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    shop(&server).await;
    let query = "{ inventories { nodes { skuId flows(first: 2, where: { kind: [DEDUCTION] }) \
                 { nodes { quantityTrade skuId } totalCount pageInfo { hasNextPage } } } } }";
    let answer = server.graphql(query, Value::Null).await;
    let flows = |sku_id: &str, quantity: i32, count: usize, total: &str, more: bool| {
        let node = json!({ "quantityTrade": quantity, "skuId": sku_id });
        json!({ "skuId": sku_id, "flows": {
            "nodes": vec![node; count], "totalCount": total, "pageInfo": { "hasNextPage": more },
        } })
    };
    assert_eq!(
        answer.field()["nodes"],
        json!([
            flows("1001", 2, 2, "12", true),
            flows("1002", 1, 2, "3", true),
            flows("1003", 0, 0, "0", false),
        ])
    );
}

async fn stocks_are_listed_by_sku_and_by_what_is_left(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    for (sku_id, quantity) in [(1, 5), (2, 0), (3, 5), (4, 9), (5, 0), (6, 5)] {
        server.create(sku_id, quantity).await;
    }
    for (order, expected) in [
        ("SKU_ASC", ["1", "2", "3", "4", "5", "6"]),
        ("SKU_DESC", ["6", "5", "4", "3", "2", "1"]),
        ("LEAVED_AMOUNT_ASC", ["2", "5", "1", "3", "6", "4"]),
        ("LEAVED_AMOUNT_DESC", ["4", "6", "3", "1", "5", "2"]),
    ] {
        for (end, more, cursor, direction) in [
            ("first", "hasNextPage", "endCursor", "after"),
            ("last", "hasPreviousPage", "startCursor", "before"),
        ] {
            let mut pages: Vec<Vec<String>> = Vec::new();
            let mut from = String::new();
            loop {
                let query = format!(
                    "{{ inventories(orderBy: {order}, {end}: 2{from}) {{ nodes {{ skuId }} \
                     pageInfo {{ {more} {cursor} }} totalCount }} }}"
                );
                let answer = server.graphql(&query, Value::Null).await;
                let field = answer.field();
                assert_eq!(field["totalCount"], "6");
                let nodes = field["nodes"].as_array().unwrap();
                let skus = nodes.iter().map(|node| node["skuId"].as_str().unwrap().to_owned());
                pages.push(skus.collect());
                if field["pageInfo"][more] == false {
                    break;
                }
                from = format!(", {direction}: {}", field["pageInfo"][cursor]);
            }
            if end == "last" {
                pages.reverse();
            }
            assert_eq!(pages.concat(), expected, "{order} {end}");
        }
    }
    for (filter, expected) in [
        ("leavedAmount: { max: 0 }", json!([{ "skuId": "2" }, { "skuId": "5" }])),
        ("leavedAmount: { min: 6 }", json!([{ "skuId": "4" }])),
        ("skuId: [\"3\", \"1\", \"77\"]", json!([{ "skuId": "1" }, { "skuId": "3" }])),
        ("updatedAt: { to: \"2001-01-01T00:00:00+02:00\" }", json!([])),
        ("fromSkuId: 4", json!([{ "skuId": "4" }, { "skuId": "5" }, { "skuId": "6" }])),
        ("toSkuId: 1", json!([{ "skuId": "1" }])),
        ("fromSkuId: 2, toSkuId: 3", json!([{ "skuId": "2" }, { "skuId": "3" }])),
        ("fromSkuId: 3, skuId: [2, 3]", json!([{ "skuId": "3" }])),
    ] {
        let query = format!("{{ inventories(where: {{ {filter} }}) {{ nodes {{ skuId }} }} }}");
        let answer = server.graphql(&query, Value::Null).await;
        assert_eq!(answer.field()["nodes"], expected, "{filter}");
    }
}

async fn availability_adds_the_lines_of_a_sku_up(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 5).await;
    let query = "query($lines: [InventoryAvailabilityLineInput!]!) { inventoryAvailability(lines: $lines) \
                 { available lines { skuId requested leavedAmount available } } }";
    let line = |sku_id: &str, quantity: i32| json!({ "skuId": sku_id, "quantity": quantity });
    let lines = json!([line("1001", 3), line("1002", 1), line("1001", 2)]);
    let answer = server.graphql(query, json!({ "lines": lines })).await;
    assert_eq!(
        answer.field(),
        &json!({
            "available": false,
            "lines": [
                { "skuId": "1001", "requested": 5, "leavedAmount": 5, "available": true },
                { "skuId": "1002", "requested": 1, "leavedAmount": 0, "available": false },
            ],
        })
    );
    let answer = server.graphql(query, json!({ "lines": [line("1001", 5)] })).await;
    assert_eq!(answer.field()["available"], true);
}

async fn an_operation_is_found_by_its_key(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 5).await;
    let line = |order: &str| json!({ "skuId": "1001", "orderDetailId": order, "quantity": 1 });
    let input = json!({ "lines": [line("b"), line("a")], "idempotencyKey": "cart" });
    let payload = server.mutate("inventoryDeductBatch", input).await;
    let query = "query($key: String!) { inventoryOperation(idempotencyKey: $key) \
                 { idempotencyKey createdAt flows { orderDetailId createdAt } } }";
    let answer = server.graphql(query, json!({ "key": "cart" })).await;
    let created_at = &payload["flows"][0]["createdAt"];
    assert_eq!(
        answer.field(),
        &json!({
            "idempotencyKey": "cart",
            "createdAt": created_at,
            "flows": [
                { "orderDetailId": "b", "createdAt": created_at },
                { "orderDetailId": "a", "createdAt": created_at },
            ],
        })
    );
    let answer = server.graphql(query, json!({ "key": "Cart" })).await;
    assert_eq!(answer.field(), &Value::Null);
}

async fn an_instant_has_six_digits_and_is_utc(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 5).await;
    let answer = server.graphql("{ inventory(skuId: 1001) { createdAt } }", Value::Null).await;
    let created_at = answer.field()["createdAt"].as_str().unwrap().to_owned();
    assert_eq!(created_at.len(), "2026-11-22T09:50:00.123456Z".len(), "{created_at}");
    assert!(created_at.ends_with('Z'));
    // What comes out goes in: from is included, to is not.
    for (range, count) in [("from", "1"), ("to", "0")] {
        let query = format!(
            "{{ inventoryFlows(where: {{ createdAt: {{ {range}: \"{created_at}\" }} }}) \
             {{ totalCount }} }}"
        );
        let answer = server.graphql(&query, Value::Null).await;
        assert_eq!(answer.field()["totalCount"], count, "{range}");
    }
}

/// An instant that a driver cannot spell once cost a connection each time it was asked for.
async fn an_instant_beyond_the_calendar_is_refused_and_reads_go_on(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 5).await;
    for instant in
        ["0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "0999-12-31T23:59:59Z"]
    {
        let query = "query($at: DateTime) { inventoryFlows(where: { createdAt: { from: $at } }) { totalCount } }";
        let answer = server.graphql(query, json!({ "at": instant })).await;
        assert_eq!(code(&answer), "BAD_USER_INPUT", "{instant}: {}", answer.0);
    }
    for instant in ["1000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
        let query = "query($at: DateTime) { inventoryFlows(where: { createdAt: { to: $at } }) { totalCount } }";
        let answer = server.graphql(query, json!({ "at": instant })).await;
        let expected = if instant.starts_with('1') { "0" } else { "1" };
        assert_eq!(answer.field()["totalCount"], expected, "{instant}");
    }
    assert_eq!(server.left(1001).await, 5);
}

async fn a_bad_question_gets_a_clear_error(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    for (query, path) in [
        ("{ inventory(skuId: \"shirt\") { skuId } }", json!(["skuId"])),
        ("{ inventoryFlow(id: \"0x1\") { id } }", json!(["id"])),
        ("{ inventoryFlows(first: -1) { totalCount } }", json!(["first"])),
        ("{ inventoryFlows(first: 201) { totalCount } }", json!(["first"])),
        ("{ inventoryFlows(last: 201) { totalCount } }", json!(["last"])),
        ("{ inventoryFlows(after: \"nonsense\") { totalCount } }", json!(["after"])),
        ("{ inventories(before: \"Zmxvdzox\") { totalCount } }", json!(["before"])),
        (
            "{ inventoryFlows(where: { skuId: [\"1\", \"x\"] }) { totalCount } }",
            json!(["where", "skuId", "1"]),
        ),
        (
            "{ inventoryFlows(where: { quantityTrade: { min: 3, max: 2 } }) { totalCount } }",
            json!(["where", "quantityTrade"]),
        ),
        (
            "{ inventoryFlows(where: { actor: [\"a\\u0000b\"] }) { totalCount } }",
            json!(["where", "actor", "0"]),
        ),
        (
            "{ inventoryOperation(idempotencyKey: \"a\\u0000b\") { createdAt } }",
            json!(["idempotencyKey"]),
        ),
        ("{ inventoryAvailability(lines: []) { available } }", json!(["lines"])),
        (
            "{ inventoryAvailability(lines: [{ skuId: \"1\", quantity: 0 }]) { available } }",
            json!(["lines", "0", "quantity"]),
        ),
    ] {
        let answer = server.graphql(query, Value::Null).await;
        assert_eq!(code(&answer), "INVALID_ARGUMENT", "{query}: {}", answer.0);
        assert_eq!(answer.at("/errors/0/extensions/field"), &path, "{query}");
        assert_eq!(answer.at("/errors/0/extensions/retryable"), false);
        assert!(answer.at("/errors/0/extensions/requestId").is_string());
    }
}

/// A client declares its optional variables once, and sends those that it has.
async fn a_variable_that_is_left_out_leaves_the_default(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    shop(&server).await;
    let query = "query($order: InventoryFlowOrder, $first: Int, $consistency: ReadConsistency) { \
                 inventory(skuId: 1001, consistency: $consistency) { \
                 flows(orderBy: $order, first: $first) { nodes { sequence } } } }";
    for (variables, sequence, count) in [
        (json!({}), "16", 16),
        (json!({ "first": 2 }), "16", 2),
        (json!({ "order": "OLDEST_FIRST", "consistency": "PRIMARY" }), "1", 16),
    ] {
        let answer = server.graphql(query, variables).await;
        let nodes = answer.field()["flows"]["nodes"].as_array().unwrap();
        assert_eq!((&nodes[0]["sequence"], nodes.len()), (&json!(sequence), count));
    }
    // What is left out is validated all the same.
    for query in [
        "query($id: ID) { inventory(skuId: $id) { skuId } }",
        "query($first: Nothing) { inventories(first: $first) { totalCount } }",
        "query($unused: Int) { inventories { totalCount } }",
    ] {
        let answer = server.graphql(query, json!({})).await;
        assert_eq!(code(&answer), "GRAPHQL_VALIDATION_FAILED", "{query}: {}", answer.0);
    }
}

/// Clients rely on the schema: what may not be null is there, or nothing around it is.
async fn a_field_that_fails_is_null_or_makes_null_what_is_around_it(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    shop(&server).await;
    for (query, data) in [
        (
            "{ a: inventory(skuId: \"x\") { skuId } b: inventory(skuId: 1001) { skuId } }",
            json!({ "a": null, "b": { "skuId": "1001" } }),
        ),
        ("{ a: inventory(skuId: \"x\") { skuId } }", json!({ "a": null })),
        (
            "{ a: inventory(skuId: 1001) { skuId flows(first: -1) { totalCount } } \
             b: inventory(skuId: 1002) { skuId } }",
            json!({ "a": null, "b": { "skuId": "1002" } }),
        ),
        ("{ inventories { nodes { skuId flows(first: -1) { totalCount } } } }", Value::Null),
    ] {
        let answer = server.graphql(query, Value::Null).await;
        assert_eq!(answer.0["data"], data, "{query}");
        assert_eq!(code(&answer), "INVALID_ARGUMENT", "{query}");
    }
}

on_each_database!(
    pages_lead_through_the_whole_history_both_ways,
    a_cursor_survives_new_entries,
    nested_objects_tell_the_story_of_a_deduction,
    each_sku_of_a_page_has_its_own_page_of_flows,
    stocks_are_listed_by_sku_and_by_what_is_left,
    availability_adds_the_lines_of_a_sku_up,
    an_operation_is_found_by_its_key,
    an_instant_has_six_digits_and_is_utc,
    an_instant_beyond_the_calendar_is_refused_and_reads_go_on,
    a_bad_question_gets_a_clear_error,
    a_variable_that_is_left_out_leaves_the_default,
    a_field_that_fails_is_null_or_makes_null_what_is_around_it,
);
