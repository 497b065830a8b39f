//! Who answers what: replicas in turn whatever may be a little old, the primary the rest.
//!
//! One replica stands still earlier than the other, so that each answer shows by its version who
//! gave it, whatever it says of itself.

use serde_json::{Value, json};

use super::{
    LAGS_LONG, NO_CACHE, ask, deduct, on_each_kind, reads, replica_urls, replicated, serve, source,
    version,
};
use crate::servers::ServerKind;

const SKU: i64 = 1001;

async fn reads_go_to_replicas_in_turn_and_the_rest_to_the_primary(kind: ServerKind) {
    let Some(servers) = replicated(kind).await else { return };
    let settings = [NO_CACHE, LAGS_LONG].concat();
    let server = serve(&servers, &replica_urls(&servers), &settings).await;
    server.create(SKU, 1_000).await;
    servers.caught_up(0).await;
    servers.caught_up(1).await;
    servers.stop_replication(0).await;
    deduct(&server, SKU, "second").await;
    servers.caught_up(1).await;
    servers.stop_replication(1).await;
    let (third, token) = deduct(&server, SKU, "third").await;

    let before = [reads(&server, "primary").await, reads(&server, "fallback").await];
    let mut versions = Vec::new();
    for consistency in ["REPLICA", "CACHED", "REPLICA", "REPLICA", "CACHED", "CACHED"] {
        let (version, source) = version(&server, SKU, consistency, None).await;
        assert_eq!(source, "REPLICA");
        versions.push(version);
    }
    let turns = [[1, 2].repeat(3), [2, 1].repeat(3)];
    assert!(turns.contains(&versions), "each has its turn: {versions:?}");
    for (query, old) in [
        (format!("{{ inventoryFlow(id: \"{third}\") {{ id }} }}"), json!(null)),
        (
            "{ inventoryFlows(where: { idempotencyKey: \"third\" }) { totalCount } }".to_owned(),
            json!({ "totalCount": "0" }),
        ),
        (
            "{ inventories(where: { leavedAmount: { max: 998 } }) { nodes { skuId } } }".to_owned(),
            json!({ "nodes": [] }),
        ),
        (
            "{ inventoryAvailability(consistency: REPLICA, lines: \
             [{ skuId: \"1001\", quantity: 999 }]) { available } }"
                .to_owned(),
            json!({ "available": true }),
        ),
    ] {
        for _turn in 0..2 {
            let answer = ask(&server, &query, Value::Null, None).await;
            assert_eq!((answer.field(), source(&answer)), (&old, "REPLICA"), "{query}");
        }
    }
    assert_eq!(
        [reads(&server, "primary").await, reads(&server, "fallback").await],
        before,
        "nobody asked the primary"
    );

    assert_eq!(version(&server, SKU, "PRIMARY", None).await, (3, "PRIMARY".to_owned()));
    let query = "{ inventoryOperation(idempotencyKey: \"third\") { flows { id } } }";
    let answer = ask(&server, query, Value::Null, None).await;
    assert_eq!(answer.field()["flows"][0]["id"], third);
    assert_eq!(source(&answer), "PRIMARY");
    // What a mutation answers beneath its payload is as new as what it wrote.
    let query = "mutation { inventoryReplenish(input: \
                 { skuId: \"1001\", quantity: 1, idempotencyKey: \"fourth\" }) \
                 { inventory { version flows(first: 1) { nodes { sequence } totalCount } } } }";
    let answer = ask(&server, query, Value::Null, None).await;
    let stock = &answer.field()["inventory"];
    let newest = json!({ "nodes": [{ "sequence": "4" }], "totalCount": "4" });
    assert_eq!((&stock["version"], &stock["flows"]), (&json!("4"), &newest));
    assert_eq!(source(&answer), "PRIMARY");

    servers.start_replication(0).await;
    servers.start_replication(1).await;
    servers.caught_up(0).await;
    servers.caught_up(1).await;
    for _turn in 0..2 {
        let answered = version(&server, SKU, "REPLICA", Some(&token)).await;
        assert_eq!(answered, (4, "REPLICA".to_owned()));
    }
}

on_each_kind!(reads_go_to_replicas_in_turn_and_the_rest_to_the_primary);
