//! Each line by itself.

use serde_json::{Value, json};

use super::{deduction, each, outcomes, refusal, replenishment, try_many};
use crate::support::{TestDatabase, TestServer, codes, on_each_database};

async fn each_line_has_an_outcome_of_its_own(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    server.create(1002, 5).await;
    server.mutate("inventoryDeduct", TestServer::deduction("before", 1001, 1)).await;
    let mut nameless = deduction("", 1001, 0);
    nameless["skuId"] = json!("one");
    let lines = [
        deduction("a", 1001, 3),
        deduction("b", 1002, 6),
        deduction("c", 1003, 1),
        deduction("d", 1001, 0),
        nameless,
        // What was done before, alone; and what was done before is not this.
        deduction("before", 1001, 1),
        deduction("before", 1001, 2),
        // The same twice in one request, and another under the same key.
        deduction("a", 1001, 3),
        deduction("a", 1001, 4),
        // Those of one SKU take one after the other.
        deduction("e", 1002, 4),
        deduction("f", 1002, 2),
        deduction("g", 1002, 1),
    ];
    let payload = each(&server, &lines).await;
    assert_eq!(
        outcomes(&payload),
        [
            "WRITTEN", "REFUSED", "REFUSED", "REFUSED", "REFUSED", "REPLAYED", "REFUSED",
            "REPLAYED", "REFUSED", "WRITTEN", "REFUSED", "WRITTEN"
        ]
    );
    for (line, code, argument) in [
        (1, "INSUFFICIENT_STOCK", "quantity"),
        (2, "SKU_NOT_FOUND", "skuId"),
        (3, "INVALID_QUANTITY", "quantity"),
        (6, "IDEMPOTENCY_KEY_REUSED", "idempotencyKey"),
        (8, "IDEMPOTENCY_KEY_REUSED", "idempotencyKey"),
        (10, "INSUFFICIENT_STOCK", "quantity"),
    ] {
        assert_eq!(refusal(&payload, line), (code, format!("input.lines.{line}.{argument}")));
    }
    let all_wrong: Vec<&Value> = payload["results"][4]["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["field"][3])
        .collect();
    assert_eq!(all_wrong, ["skuId", "quantity", "idempotencyKey"]);
    let short = &payload["results"][10]["userErrors"][0];
    assert_eq!((&short["requested"], &short["available"]), (&json!(2), &json!(1)));
    assert_eq!(payload["results"][7]["flow"], payload["results"][0]["flow"]);
    assert_eq!((server.left(1001).await, server.left(1002).await), (6, 0));

    // Sent again as it is, it is answered the same, but for what was refused and may now be done.
    server.mutate("inventoryReplenish", replenishment("more", 1002, 8)).await;
    let again = each(&server, &lines).await;
    assert_eq!(again["results"][0]["flow"], payload["results"][0]["flow"]);
    assert_eq!(
        outcomes(&again),
        [
            "REPLAYED", "WRITTEN", "REFUSED", "REFUSED", "REFUSED", "REPLAYED", "REFUSED",
            "REPLAYED", "REFUSED", "REPLAYED", "WRITTEN", "REPLAYED"
        ]
    );
    assert_eq!((server.left(1001).await, server.left(1002).await), (6, 0));
}

/// A line and a change that comes alone are the same to each other, and to whoever looks for either.
async fn a_line_is_the_same_as_a_change_of_its_own(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    let mut with_reason = deduction("reason", 1001, 1);
    with_reason["reason"] = json!("because");
    let payload = each(&server, &[deduction("line", 1001, 2), with_reason.clone()]).await;
    for (line, input) in [deduction("line", 1001, 2), with_reason].into_iter().enumerate() {
        let alone = server.mutate("inventoryDeduct", input.clone()).await;
        assert_eq!((codes(&alone), &alone["replayed"]), (vec![], &json!(true)));
        assert_eq!(alone["flow"]["id"], payload["results"][line]["flow"]["id"]);
        let mut other = input;
        other["quantity"] = json!(9);
        let alone = server.mutate("inventoryDeduct", other).await;
        assert_eq!(codes(&alone), ["IDEMPOTENCY_KEY_REUSED"]);
    }
    let query = "{ inventoryOperation(idempotencyKey: \"line\") { flows { id } } }";
    let found = server.graphql(query, Value::Null).await;
    assert_eq!(found.field()["flows"], json!([{ "id": payload["results"][0]["flow"]["id"] }]));

    let lines = [replenishment("in", 1001, 5), replenishment("none", 1002, 5)];
    let answer =
        try_many(&server, "inventoryReplenishMany", &lines, "REJECT_FAILED").await.unwrap();
    let payload = answer.field();
    assert_eq!(outcomes(payload), ["WRITTEN", "REFUSED"]);
    assert_eq!(payload["results"][0]["flow"]["quantityTrade"], -5);
    assert_eq!(refusal(payload, 1), ("SKU_NOT_FOUND", "input.lines.1.skuId".to_owned()));
    let alone = server.mutate("inventoryReplenish", lines[0].clone()).await;
    assert_eq!(alone["replayed"], true);
    assert_eq!(server.left(1001).await, 12);
}

async fn a_bulk_without_lines_or_with_too_many_is_refused_as_a_whole(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    let many: Vec<Value> = (0..5_001).map(|line| deduction(&format!("{line}"), 1001, 1)).collect();
    for (lines, code) in [(&many[..], "TOO_MANY_LINES"), (&[][..], "INVALID_ARGUMENT")] {
        for policy in ["REJECT_FAILED", "REJECT_ALL"] {
            let answer = try_many(&server, "inventoryDeductMany", lines, policy).await.unwrap();
            let payload = answer.field();
            assert_eq!(outcomes(payload), [""; 0]);
            assert_eq!(
                payload["userErrors"],
                json!([{ "code": code, "field": ["input", "lines"] }])
            );
        }
    }
    assert_eq!(server.left(1001).await, 10);
}

/// What the next read is to see.
async fn a_bulk_has_a_token_for_what_reads_after_it(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    server.create(1002, 10).await;
    let query = "mutation($lines: [InventoryDeductManyLineInput!]!) \
                 { inventoryDeductMany(input: { lines: $lines }) \
                 { readToken results { inventory { version leavedAmount } } } }";
    let lines = [deduction("a", 1001, 1), deduction("b", 1002, 1), deduction("c", 1001, 1)];
    let answer = server.graphql(query, json!({ "lines": lines })).await;
    let payload = answer.field();
    assert_eq!(payload["readToken"], "v1.1001-3.1002-2");
    assert_eq!(payload["results"][2]["inventory"], json!({ "version": "3", "leavedAmount": 8 }));
    let answer = server.graphql(query, json!({ "lines": [deduction("d", 1001, 100)] })).await;
    assert_eq!(answer.field()["readToken"], Value::Null);
}

on_each_database!(
    each_line_has_an_outcome_of_its_own,
    a_line_is_the_same_as_a_change_of_its_own,
    a_bulk_without_lines_or_with_too_many_is_refused_as_a_whole,
    a_bulk_has_a_token_for_what_reads_after_it,
);
