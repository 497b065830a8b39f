//! Whoever proves the books by replicas finds nothing wrong because one of them is behind the other.
//!
//! The stock is read from one and the entries from whichever comes next: unless it is asked whether it
//! has come as far, the entries of the newest changes are missing there, which looks like damage.

use serde_json::{Value, json};

use super::{
    LAGS_LONG, NO_CACHE, ask, deduct, on_each_kind, reads, replica_urls, replicated, serve, source,
};
use crate::servers::ServerKind;
use crate::support::TestServer;

const SKU: i64 = 1001;

/// Replicas have their turns: with another question beside it, each part of a question is read by the
/// other one than without.
const BESIDE: [&str; 2] = ["", "beside: inventoryFlow(id: 1) { id }"];

/// Each question, where in its answer the count of entries stands, and where whether all is well.
const QUESTIONS: [(&str, &str, &str); 3] = [
    (
        "inventoryReconciliation(where: { skuId: [1001] }) { nodes { entryCount agrees \
         findings { kind } } }",
        "/nodes/0/entryCount",
        "/nodes/0/agrees",
    ),
    (
        "inventory(skuId: 1001, consistency: REPLICA) { proof { entryCount agrees } }",
        "/proof/entryCount",
        "/proof/agrees",
    ),
    (
        "inventoryVerify(skuId: 1001) { entryCount agrees complete findings { kind } }",
        "/entryCount",
        "/agrees",
    ),
];

async fn two_that_lag_differently_are_no_damage(kind: ServerKind) {
    let Some(servers) = replicated(kind).await else { return };
    let settings = [NO_CACHE, LAGS_LONG].concat();
    let server = serve(&servers, &replica_urls(&servers), &settings).await;
    server.create(SKU, 1_000).await;
    let mut last = String::new();
    for (index, end) in [(0, 3), (1, 7)] {
        let begin = end - 2;
        for number in begin..=end {
            last = deduct(&server, SKU, &format!("{index} {number}")).await.0;
        }
        servers.caught_up(index).await;
        servers.caught_up(1).await;
        servers.stop_replication(index).await;
    }
    refund(&server, &last).await;
    let from_replicas = reads(&server, "replica").await;
    for (query, count, well) in QUESTIONS {
        let mut counts = Vec::new();
        for beside in BESIDE.repeat(4) {
            let document = format!("{{ asked: {query} {beside} }}");
            let answer = ask(&server, &document, Value::Null, None).await;
            let field = answer.at("/data/asked");
            assert_eq!(field.pointer(well), Some(&json!(true)), "{query}: {field}");
            counts.push(field.pointer(count).cloned().unwrap_or_default());
            assert_ne!(source(&answer), "CACHE");
        }
        counts.sort_by_key(ToString::to_string);
        counts.dedup();
        // Each replica's own, or what the primary has where neither has come so far.
        let known = [json!("4"), json!("7"), json!("8")];
        assert!(counts.iter().all(|count| known.contains(count)), "{query}: {counts:?}");
    }
    assert!(reads(&server, "replica").await > from_replicas, "they are asked");
}

async fn refund(server: &TestServer, flow_id: &str) {
    let query = "mutation($input: InventoryRefundInput!) { inventoryRefund(input: $input) \
                 { userErrors { code } } }";
    let input = json!({ "flowId": flow_id, "idempotencyKey": "back" });
    let answer = ask(server, query, json!({ "input": input }), None).await;
    assert_eq!(answer.field()["userErrors"], json!([]));
}

on_each_kind!(two_that_lag_differently_are_no_damage);
