//! Each operation of the contract, and each code with which it can refuse, over HTTP against the
//! real program.

use serde_json::{Value, json};

use crate::support::{TestDatabase, TestServer, codes, on_each_database};

/// The one user error of a payload that did nothing.
fn refusal(payload: &Value) -> &Value {
    let errors = payload["userErrors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{payload}");
    assert_eq!(payload["replayed"], false);
    for nothing in ["inventory", "flow"] {
        assert!(payload[nothing].is_null(), "{payload}");
    }
    if let Some(flows) = payload.get("flows") {
        assert_eq!(flows, &json!([]), "{payload}");
    }
    &errors[0]
}

async fn create(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    let input = |quantity: i32, key: &str| json!({ "skuId": "1001", "quantity": quantity, "reason": "opening day", "idempotencyKey": key });
    let payload = server.mutate("inventoryCreate", input(0, "a")).await;
    assert_eq!(codes(&payload), [""; 0]);
    assert_eq!(payload["inventory"]["leavedAmount"], 0);
    assert_eq!(payload["inventory"]["version"], "1");
    let flow = &payload["flow"];
    assert_eq!(flow["kind"], "OPENING");
    assert_eq!(flow["quantityTrade"], 0);
    assert_eq!(flow["sequence"], "1");
    assert_eq!(flow["actor"], "anonymous");
    assert_eq!(flow["reason"], "opening day");
    assert_eq!(flow["orderDetailId"], Value::Null);

    let payload = server.mutate("inventoryCreate", input(5, "b")).await;
    let error = refusal(&payload);
    assert_eq!(error["code"], "SKU_ALREADY_EXISTS");
    assert_eq!(error["field"], json!(["input", "skuId"]));
    assert_eq!(error["skuId"], "1001");
}

async fn deduct(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    let payload = server.mutate("inventoryDeduct", TestServer::deduction("a", 1001, 3)).await;
    assert_eq!(codes(&payload), [""; 0]);
    assert_eq!(payload["replayed"], false);
    assert_eq!(payload["inventory"]["leavedAmount"], 7);
    assert_eq!(payload["inventory"]["version"], "2");
    let flow = &payload["flow"];
    assert_eq!(flow["kind"], "DEDUCTION");
    assert_eq!(flow["quantityTrade"], 3);
    assert_eq!(flow["quantityBefore"], 10);
    assert_eq!(flow["quantityAfter"], 7);
    assert_eq!(flow["orderDetailId"], "order a");
    assert_eq!(flow["refundableQuantity"], 3);

    let payload = server.mutate("inventoryDeduct", TestServer::deduction("b", 1001, 8)).await;
    let error = refusal(&payload);
    assert_eq!(error["code"], "INSUFFICIENT_STOCK");
    assert_eq!(error["field"], json!(["input", "quantity"]));
    assert_eq!((&error["requested"], &error["available"]), (&json!(8), &json!(7)));

    let payload = server.mutate("inventoryDeduct", TestServer::deduction("c", 1002, 1)).await;
    assert_eq!(refusal(&payload)["code"], "SKU_NOT_FOUND");
    assert_eq!(server.left(1001).await, 7);
}

async fn deduct_batch(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    server.create(1002, 2).await;
    let line = |sku_id: &str, quantity: i32| json!({ "skuId": sku_id, "orderDetailId": format!("line of {sku_id}"), "quantity": quantity });
    let cart = |key: &str, lines: Vec<Value>| json!({ "lines": lines, "idempotencyKey": key });

    let lines = vec![line("1002", 1), line("1001", 4), line("1001", 2)];
    let payload = server.mutate("inventoryDeductBatch", cart("a", lines)).await;
    assert_eq!(codes(&payload), [""; 0]);
    let flows = payload["flows"].as_array().unwrap();
    let told: Vec<_> = flows
        .iter()
        .map(|flow| (flow["skuId"].as_str().unwrap(), &flow["quantityAfter"]))
        .collect();
    assert_eq!(told, [("1002", &json!(1)), ("1001", &json!(6)), ("1001", &json!(4))]);

    // One line that falls short, one that does not exist, one that would do: nothing is taken.
    let lines = vec![line("1002", 5), line("1001", 1), line("1003", 1)];
    let payload = server.mutate("inventoryDeductBatch", cart("b", lines)).await;
    assert_eq!(codes(&payload), ["INSUFFICIENT_STOCK", "SKU_NOT_FOUND"]);
    let errors = payload["userErrors"].as_array().unwrap();
    assert_eq!(errors[0]["field"], json!(["input", "lines", "0", "quantity"]));
    assert_eq!((&errors[0]["requested"], &errors[0]["available"]), (&json!(5), &json!(1)));
    assert_eq!(errors[1]["field"], json!(["input", "lines", "2", "skuId"]));
    assert_eq!(payload["flows"], json!([]));
    assert_eq!((server.left(1001).await, server.left(1002).await), (4, 1));

    let payload =
        server.mutate("inventoryDeductBatch", cart("c", vec![line("1001", 1); 251])).await;
    assert_eq!(refusal(&payload)["code"], "TOO_MANY_LINES");
    let payload = server.mutate("inventoryDeductBatch", cart("d", vec![])).await;
    assert_eq!(refusal(&payload)["code"], "INVALID_ARGUMENT");
    assert_eq!(refusal(&payload)["field"], json!(["input", "lines"]));
}

async fn refund(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    let deducted = server.mutate("inventoryDeduct", TestServer::deduction("a", 1001, 6)).await;
    let flow_id = deducted["flow"]["id"].as_str().unwrap();
    let input = |key: &str, quantity: Option<i32>| json!({ "flowId": flow_id, "quantity": quantity, "idempotencyKey": key });

    let payload = server.mutate("inventoryRefund", input("b", Some(2))).await;
    assert_eq!(codes(&payload), [""; 0]);
    assert_eq!(payload["inventory"]["leavedAmount"], 6);
    let flow = &payload["flow"];
    assert_eq!(flow["kind"], "REFUND");
    assert_eq!(flow["quantityTrade"], -2);
    assert_eq!(flow["deduction"]["id"], flow_id);
    assert_eq!(flow["orderDetailId"], "order a");

    let payload = server.mutate("inventoryRefund", input("c", Some(5))).await;
    let error = refusal(&payload);
    assert_eq!(error["code"], "REFUND_EXCEEDS_DEDUCTED");
    assert_eq!((&error["requested"], &error["available"]), (&json!(5), &json!(4)));

    // No quantity: all that is left.
    let payload = server.mutate("inventoryRefund", input("d", None)).await;
    assert_eq!(payload["flow"]["quantityTrade"], -4);
    let payload = server.mutate("inventoryRefund", input("e", None)).await;
    assert_eq!(refusal(&payload)["code"], "REFUND_EXCEEDS_DEDUCTED");

    let refund_of_a_refund = json!({ "flowId": flow["id"], "quantity": 1, "idempotencyKey": "f" });
    let payload = server.mutate("inventoryRefund", refund_of_a_refund).await;
    assert_eq!(refusal(&payload)["code"], "NOT_A_DEDUCTION");
    let unknown = json!({ "flowId": "999999", "idempotencyKey": "g" });
    let payload = server.mutate("inventoryRefund", unknown).await;
    assert_eq!(refusal(&payload)["code"], "FLOW_NOT_FOUND");
    assert_eq!(refusal(&payload)["field"], json!(["input", "flowId"]));
    assert_eq!(server.left(1001).await, 10);
}

async fn refund_batch(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    server.create(1002, 10).await;
    let mut flow_ids = Vec::new();
    for (key, sku_id) in [("a", 1001), ("b", 1002)] {
        let payload = server.mutate("inventoryDeduct", TestServer::deduction(key, sku_id, 4)).await;
        flow_ids.push(payload["flow"]["id"].clone());
    }
    let lines = |quantities: [i32; 3]| {
        json!([
            { "flowId": flow_ids[0], "quantity": quantities[0] },
            { "flowId": flow_ids[1], "quantity": quantities[1] },
            { "flowId": flow_ids[0], "quantity": quantities[2] },
        ])
    };
    let input = |key: &str, lines: Value| json!({ "lines": lines, "idempotencyKey": key });

    // The first and the third line give back parts of one deduction: 3 + 2 of 4 are too many.
    let payload = server.mutate("inventoryRefundBatch", input("c", lines([3, 1, 2]))).await;
    assert_eq!(codes(&payload), ["REFUND_EXCEEDS_DEDUCTED"]);
    assert_eq!(payload["userErrors"][0]["field"], json!(["input", "lines", "2", "quantity"]));
    assert_eq!(payload["userErrors"][0]["available"], 1);
    assert_eq!((server.left(1001).await, server.left(1002).await), (6, 6));

    let payload = server.mutate("inventoryRefundBatch", input("d", lines([3, 1, 1]))).await;
    assert_eq!(codes(&payload), [""; 0]);
    assert_eq!(payload["flows"].as_array().unwrap().len(), 3);
    assert_eq!((server.left(1001).await, server.left(1002).await), (10, 7));
}

async fn replenish(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    let input = |sku_id: &str, quantity: i32, key: &str| json!({ "skuId": sku_id, "quantity": quantity, "idempotencyKey": key });
    let payload = server.mutate("inventoryReplenish", input("1001", 5, "a")).await;
    assert_eq!(payload["inventory"]["leavedAmount"], 15);
    assert_eq!(payload["flow"]["kind"], "REPLENISHMENT");
    assert_eq!(payload["flow"]["quantityTrade"], -5);
    let payload = server.mutate("inventoryReplenish", input("1002", 5, "b")).await;
    assert_eq!(refusal(&payload)["code"], "SKU_NOT_FOUND");
    for quantity in [0, -1, 1_000_001] {
        let payload = server.mutate("inventoryReplenish", input("1001", quantity, "c")).await;
        assert_eq!(refusal(&payload)["code"], "INVALID_QUANTITY");
        assert_eq!(refusal(&payload)["field"], json!(["input", "quantity"]));
    }
}

async fn an_amount_never_leaves_32_bits(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    database.fill_up(1001, 5).await;
    let input = |quantity: i32, key: &str| json!({ "skuId": "1001", "quantity": quantity, "idempotencyKey": key });
    let payload = server.mutate("inventoryReplenish", input(6, "a")).await;
    assert_eq!(refusal(&payload)["code"], "QUANTITY_OVERFLOW");
    let payload = server.mutate("inventoryReplenish", input(5, "a")).await;
    assert_eq!(payload["inventory"]["leavedAmount"], i32::MAX);
}

async fn set_quantity(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    let input = |quantity: i32, from: Value, key: &str| {
        json!({
            "skuId": "1001", "quantity": quantity, "changeFromQuantity": from,
            "reason": "stocktake", "idempotencyKey": key,
        })
    };
    let payload = server.mutate("inventorySetQuantity", input(7, json!(10), "a")).await;
    assert_eq!(payload["inventory"]["leavedAmount"], 7);
    assert_eq!(payload["flow"]["kind"], "ADJUSTMENT");
    assert_eq!(payload["flow"]["quantityTrade"], 3);

    let payload = server.mutate("inventorySetQuantity", input(9, json!(10), "b")).await;
    let error = refusal(&payload);
    assert_eq!(error["code"], "CHANGE_FROM_QUANTITY_STALE");
    assert_eq!(error["field"], json!(["input", "changeFromQuantity"]));
    assert_eq!(error["available"], 7);

    // A count that agrees is written too, as proof that it was made; null skips the comparison.
    let payload = server.mutate("inventorySetQuantity", input(7, json!(7), "c")).await;
    assert_eq!(payload["flow"]["quantityTrade"], 0);
    let payload = server.mutate("inventorySetQuantity", input(0, Value::Null, "d")).await;
    assert_eq!(payload["inventory"]["leavedAmount"], 0);

    let mut without = input(1, Value::Null, "e");
    without.as_object_mut().unwrap().remove("changeFromQuantity");
    let payload = server.mutate("inventorySetQuantity", without).await;
    assert_eq!(refusal(&payload)["code"], "INVALID_ARGUMENT");
    assert_eq!(refusal(&payload)["field"], json!(["input", "changeFromQuantity"]));
}

async fn a_key_is_carried_out_once_and_answers_the_same_for_ever(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    let input = TestServer::deduction("a", 1001, 3);
    let first = server.mutate("inventoryDeduct", input.clone()).await;
    server.mutate("inventoryDeduct", TestServer::deduction("b", 1001, 1)).await;
    server.crash().await;

    let server = TestServer::start(database).await;
    let replay = server.mutate("inventoryDeduct", input).await;
    assert_eq!(replay["replayed"], true);
    assert_eq!(replay["flow"]["id"], first["flow"]["id"]);
    assert_eq!(replay["inventory"], first["inventory"]);

    let other_quantity = TestServer::deduction("a", 1001, 4);
    let payload = server.mutate("inventoryDeduct", other_quantity).await;
    assert_eq!(refusal(&payload)["code"], "IDEMPOTENCY_KEY_REUSED");
    let other_operation = json!({ "skuId": "1001", "quantity": 3, "idempotencyKey": "a" });
    let payload = server.mutate("inventoryReplenish", other_operation).await;
    assert_eq!(refusal(&payload)["code"], "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(refusal(&payload)["field"], json!(["input", "idempotencyKey"]));
    assert_eq!(server.left(1001).await, 6);
}

async fn a_refused_request_may_be_tried_again_under_its_key(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 1).await;
    let input = TestServer::deduction("a", 1001, 3);
    let payload = server.mutate("inventoryDeduct", input.clone()).await;
    assert_eq!(refusal(&payload)["code"], "INSUFFICIENT_STOCK");
    let more = json!({ "skuId": "1001", "quantity": 5, "idempotencyKey": "more" });
    server.mutate("inventoryReplenish", more).await;
    let payload = server.mutate("inventoryDeduct", input).await;
    assert_eq!((codes(&payload), &payload["replayed"]), (vec![], &json!(false)));
    assert_eq!(server.left(1001).await, 3);
}

async fn texts_are_kept_and_compared_byte_for_byte(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 1_000).await;
    let texts = [
        "key",
        "KEY",
        "key ",
        " key",
        "kéy",
        "ke\u{301}y",
        "🧺",
        "🧺🧺",
        "quote ' \" \\ %s",
        "\u{1}\t\n",
        "<script>",
        "{\"a\":1}",
        "ＫＥＹ",
        "straße",
        "strasse",
    ];
    for text in texts {
        let input = json!({
            "skuId": "1001", "orderDetailId": text, "quantity": 1, "reason": text,
            "idempotencyKey": text,
        });
        let payload = server.mutate("inventoryDeduct", input).await;
        assert_eq!((codes(&payload), &payload["replayed"]), (vec![], &json!(false)), "{text:?}");
        for field in ["orderDetailId", "reason", "idempotencyKey"] {
            assert_eq!(payload["flow"][field], text);
        }
        let query = "query($text: String!) { inventoryFlows(where: { orderDetailId: [$text] }) \
                     { nodes { orderDetailId idempotencyKey } } }";
        let answer = server.graphql(query, json!({ "text": text })).await;
        let expected = json!([{ "orderDetailId": text, "idempotencyKey": text }]);
        assert_eq!(answer.field()["nodes"], expected, "{text:?}");
        let query = "query($text: String!) { inventoryOperation(idempotencyKey: $text) \
                     { flows { reason } } }";
        let answer = server.graphql(query, json!({ "text": text })).await;
        assert_eq!(answer.field()["flows"], json!([{ "reason": text }]));
    }
}

async fn what_is_out_of_bounds_is_told_with_its_path(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    let long = "🧺".repeat(129);
    for (argument, value, code) in [
        ("skuId", json!("shirt"), "INVALID_ARGUMENT"),
        ("skuId", json!("-1"), "INVALID_ARGUMENT"),
        ("skuId", json!("99999999999999999999"), "INVALID_ARGUMENT"),
        ("orderDetailId", json!(""), "INVALID_ARGUMENT"),
        ("orderDetailId", json!(long), "INVALID_ARGUMENT"),
        ("orderDetailId", json!("a\u{0}b"), "INVALID_ARGUMENT"),
        ("quantity", json!(0), "INVALID_QUANTITY"),
        ("quantity", json!(-3), "INVALID_QUANTITY"),
        ("quantity", json!(1_000_001), "INVALID_QUANTITY"),
        ("idempotencyKey", json!(""), "INVALID_ARGUMENT"),
        ("idempotencyKey", json!(long), "INVALID_ARGUMENT"),
        ("reason", json!("r".repeat(501)), "INVALID_ARGUMENT"),
    ] {
        let mut input = TestServer::deduction("a", 1001, 1);
        input[argument] = value.clone();
        let payload = server.mutate("inventoryDeduct", input).await;
        let error = refusal(&payload);
        assert_eq!(error["code"], code, "{argument} = {value}");
        assert_eq!(error["field"], json!(["input", argument]), "{argument} = {value}");
    }
    let mut longest = TestServer::deduction("a", 1001, 1);
    longest["idempotencyKey"] = json!("🧺".repeat(128));
    longest["reason"] = json!("🧺".repeat(500));
    longest["orderDetailId"] = json!("🧺".repeat(128));
    let payload = server.mutate("inventoryDeduct", longest).await;
    assert_eq!(codes(&payload), [""; 0]);
}

async fn the_largest_ids_are_exact(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    for sku_id in [i64::MAX, i64::MAX - 1, (1 << 53) + 1] {
        server.create(sku_id, 7).await;
        let key = sku_id.to_string();
        let payload =
            server.mutate("inventoryDeduct", TestServer::deduction(&key, sku_id, 1)).await;
        assert_eq!(payload["flow"]["skuId"], key);
        assert_eq!(server.left(sku_id).await, 6);
    }
}

/// What one change of a document has loaded is not what the next one shows.
async fn each_change_of_a_document_shows_what_it_left(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    let deducted = server.mutate("inventoryDeduct", TestServer::deduction("a", 1001, 4)).await;
    let flow = deducted["flow"]["id"].as_str().unwrap();
    let refund = |name: &str| {
        format!(
            "{name}: inventoryRefund(input: {{ flowId: \"{flow}\", quantity: 1, idempotencyKey: \
             \"{name}\" }}) {{ inventory {{ version }} flow {{ inventory {{ version }} deduction \
             {{ refundedQuantity }} }} }} "
        )
    };
    let document = format!("mutation {{ {}{} }}", refund("one"), refund("two"));
    let answer = server.graphql(&document, json!({})).await;
    for (name, version, refunded) in [("one", "3", 1), ("two", "4", 2)] {
        let payload = answer.at(&format!("/data/{name}"));
        assert_eq!(payload["inventory"]["version"], version, "{payload}");
        assert_eq!(payload["flow"]["inventory"]["version"], version, "{payload}");
        assert_eq!(payload["flow"]["deduction"]["refundedQuantity"], refunded, "{payload}");
    }
}

on_each_database!(
    create,
    deduct,
    deduct_batch,
    each_change_of_a_document_shows_what_it_left,
    refund,
    refund_batch,
    replenish,
    an_amount_never_leaves_32_bits,
    set_quantity,
    a_key_is_carried_out_once_and_answers_the_same_for_ever,
    a_refused_request_may_be_tried_again_under_its_key,
    texts_are_kept_and_compared_byte_for_byte,
    what_is_out_of_bounds_is_told_with_its_path,
    the_largest_ids_are_exact,
);
