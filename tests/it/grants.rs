//! The rights of least privilege, as `deploy/grants` gives them: enough to serve, and no more.

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::servers::{ServerKind, on_each_kind, until};
use crate::support::granted::{Granted, run, said};
use crate::support::stock::Question;
use crate::support::{TestServer, codes};

on_each_kind!(
    who_serves_can_do_all_that_clients_ask_and_cannot_touch_history,
    who_may_not_change_tables_is_told_what_is_missing,
    api_keys_are_looked_up_and_their_use_is_noted_and_no_more,
);

async fn who_serves_can_do_all_that_clients_ask_and_cannot_touch_history(kind: ServerKind) {
    let Some(granted) = Granted::start(kind).await else { return };
    // Applied again, the files change nothing.
    granted.apply("tables").await;
    // The replica is the primary itself, as another user.
    let replica = granted.url("reader");
    let arguments = ["--replica-url", replica.as_str()];
    let soon = [("STOCKFLOW_REFUSALS__WRITE_INTERVAL_MS", "100")];
    let server = TestServer::start_with(&granted.url("server"), &arguments, &soon).await;
    everything(&server).await;

    let serving = granted.plain("server").await;
    // What is kept of refusals is deleted some day.
    let old = "DELETE FROM t_inventory_refusal WHERE refused_minute < 0";
    serving.execute_unprepared(old).await.unwrap();
    for forbidden in [
        "UPDATE t_inventory_flow SET reason = NULL",
        "DELETE FROM t_inventory_flow",
        "TRUNCATE TABLE t_inventory_flow",
        "DELETE FROM t_inventory",
        "UPDATE t_inventory_count_observation SET quantity = 0",
        "DELETE FROM t_inventory_count",
        "INSERT INTO t_heartbeat (id, beat_us) VALUES (2, 0)",
        "DELETE FROM seaql_migrations",
        "DELETE FROM t_inventory_seal",
        "DELETE FROM t_inventory_checkpoint",
        "CREATE TABLE t_other (id int)",
        "DROP TABLE t_inventory_flow",
    ] {
        let error = serving.execute_unprepared(forbidden).await.expect_err(forbidden);
        assert!(is_denied(&error.to_string()), "{forbidden}: {error}");
    }
    let reading = granted.plain("reader").await;
    for forbidden in [
        "UPDATE t_inventory SET leaved_amount = 0",
        "INSERT INTO t_inventory_flow (id) VALUES (1)",
        "UPDATE t_heartbeat SET beat_us = 0",
        "DELETE FROM t_inventory_refusal",
    ] {
        let error = reading.execute_unprepared(forbidden).await.expect_err(forbidden);
        assert!(is_denied(&error.to_string()), "{forbidden}: {error}");
    }
}

fn is_denied(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["denied", "must be owner"].iter().any(|word| lower.contains(word))
}

/// Every mutation, and a question of each kind.
async fn everything(server: &TestServer) {
    let mutate = async |mutation: &str, input: Value| {
        let payload = server.mutate(mutation, input).await;
        assert_eq!(codes(&payload), [""; 0], "{mutation}: {payload}");
        payload
    };
    server.create(1, 10).await;
    server.create(2, 10).await;
    let deducted = mutate("inventoryDeduct", TestServer::deduction("d", 1, 2)).await;
    let flow_id = deducted["flow"]["id"].clone();
    let lines = json!([
        { "skuId": "1", "orderDetailId": "o1", "quantity": 1 },
        { "skuId": "2", "orderDetailId": "o2", "quantity": 1 },
    ]);
    let cart = json!({ "lines": lines, "idempotencyKey": "cart" });
    let cart = mutate("inventoryDeductBatch", cart).await;
    let refund = json!({ "flowId": flow_id, "quantity": 1, "idempotencyKey": "r" });
    mutate("inventoryRefund", refund).await;
    let refunds: Vec<_> = cart["flows"].as_array().unwrap().iter().collect();
    let refunds: Vec<_> = refunds.iter().map(|flow| json!({ "flowId": flow["id"] })).collect();
    let refunds = json!({ "lines": refunds, "idempotencyKey": "rs" });
    mutate("inventoryRefundBatch", refunds).await;
    let more = json!({ "skuId": "1", "quantity": 5, "idempotencyKey": "m" });
    mutate("inventoryReplenish", more).await;
    let count = json!({ "skuId": "2", "quantity": 3, "changeFromQuantity": 10, "reason": "count", "idempotencyKey": "s" });
    mutate("inventorySetQuantity", count).await;
    assert_eq!((server.left(1).await, server.left(2).await), (14, 3));

    count_shelves(server).await;
    for query in [
        "{ inventories(first: 5) { nodes { skuId leavedAmount } } }",
        "{ inventoryFlows(first: 50) { nodes { id refundableQuantity deduction { id } } totalCount } }",
        "{ inventoryAvailability(lines: [{ skuId: \"1\", quantity: 1 }]) { available } }",
        "{ inventoryOperation(idempotencyKey: \"cart\") { flows { id } } }",
        "{ inventorySoldOutSpans(skuId: 1) { nodes { durationMs refusals { refusalCount } } } }",
    ] {
        server.graphql(query, Value::Null).await.field();
    }
    let refused = TestServer::deduction("too many", 1, 1_000);
    assert_eq!(codes(&server.mutate("inventoryDeduct", refused).await), ["INSUFFICIENT_STOCK"]);
    until("what was refused is kept", async || {
        let query = "{ inventoryRefusals { nodes { unitsMissing } } }";
        let answer = server.graphql(query, Value::Null).await;
        *answer.field() == json!({ "nodes": [{ "unitsMissing": "986" }] })
    })
    .await;
    until("a replica is read from by the reading user", async || {
        let answer = server.ask(Question::Stock("REPLICA"), 1, None).await.unwrap();
        answer.at("/extensions/read/source") == "REPLICA"
    })
    .await;
}

/// A stocktake that is completed, and one that is abandoned.
async fn count_shelves(server: &TestServer) {
    let start = "mutation($key: String!) { inventoryCountStart(input: { idempotencyKey: $key }) \
                 { count { id } userErrors { message } } }";
    for (key, end) in [("one", "inventoryCountComplete"), ("other", "inventoryCountAbandon")] {
        let started = server.graphql(start, json!({ "key": key })).await.field().clone();
        let id = started["count"]["id"].as_str().unwrap();
        let change = format!(
            "mutation {{ inventoryCountRecord(input: {{ countId: {id}, lines: [ \
             {{ skuId: 1, quantity: 14, idempotencyKey: \"{key} 1\" }} \
             {{ skuId: 2, quantity: 3, idempotencyKey: \"{key} 2\" }}] }}) \
             {{ userErrors {{ message }} }} \
             {end}(input: {{ countId: {id} }}) {{ userErrors {{ message }} \
             count {{ summary {{ countedCount }} observations {{ totalCount }} }} }} }}"
        );
        let answer = server.graphql(&change, Value::Null).await;
        let counted = answer.at(&format!("/data/{end}/count/summary/countedCount"));
        assert_eq!(counted, 2, "{}", answer.0);
    }
}

async fn who_may_not_change_tables_is_told_what_is_missing(kind: ServerKind) {
    let Some(granted) = Granted::start(kind).await else { return };
    granted.migrate(&["down", "--yes"]).await;
    let (url, listen) = (granted.url("server"), ["--listen", "127.0.0.1:0"]);
    for (subcommand, more) in [("serve", &listen[..]), ("migrate", &["up"])] {
        let output = run(&[&[subcommand], more, &["--database-url", &url]].concat()).await;
        let told = said(&output);
        assert_eq!(output.status.code(), Some(1), "{told}");
        for part in ["m20", "may not change them", "stockflow migrate up"] {
            assert!(told.contains(part), "{subcommand}: {part} is not in {told}");
        }
        assert!(!told.contains(crate::support::granted::PASSWORD), "{told}");
    }
    // Once somebody who may has migrated, serving needs no such right.
    granted.migrate(&["up"]).await;
    granted.apply("tables").await;
    let server = TestServer::start_with(&url, &[], &[]).await;
    let ready = format!("{}/readyz", server.url);
    assert!(run(&["healthcheck", "--url", &ready]).await.status.success());
}

async fn api_keys_are_looked_up_and_their_use_is_noted_and_no_more(kind: ServerKind) {
    let Some(granted) = Granted::start(kind).await else { return };
    let serving = granted.plain("server").await;
    for allowed in ["SELECT secret_hash FROM t_api_key", "UPDATE t_api_key SET last_used_at = NULL"]
    {
        serving.execute_unprepared(allowed).await.unwrap();
    }
    let reading = granted.plain("reader").await;
    for (user, forbidden) in [
        (&serving, "UPDATE t_api_key SET secret_hash = NULL"),
        (&serving, "INSERT INTO t_api_key (id) VALUES ('a')"),
        (&serving, "DELETE FROM t_api_key"),
        (&reading, "SELECT secret_hash FROM t_api_key"),
    ] {
        let error = user.execute_unprepared(forbidden).await.expect_err(forbidden);
        assert!(is_denied(&error.to_string()), "{forbidden}: {error}");
    }
}
