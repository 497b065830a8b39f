//! Whether the server tells what its schema is.

use serde_json::json;

use super::{post, refused, server};

const ASK: [&str; 5] = [
    "{ __schema { queryType { name } } }",
    "{ __type(name: \"Inventory\") { name } }",
    "{ ... on Query { s: __schema { types { name } } } }",
    "{ ...F } fragment F on Query { inventory(skuId: 1001) { skuId } __type(name: \"Query\") { name } }",
    "query A { __typename } query B { __schema { types { name } } }",
];

#[tokio::test]
async fn the_schema_is_told_unless_it_is_switched_off() {
    let (_database, open) = server(&[]).await;
    let (_database, silent) = server(&[("introspection", "false")]).await;
    for query in ASK {
        let body =
            json!({ "query": query, "operationName": query.contains("query B").then_some("A") });
        let answered = post(&open, &body).await;
        assert_eq!(refused(&answered), "", "{}", answered.1.0);
        let answered = post(&silent, &body).await;
        assert_eq!(refused(&answered), "INTROSPECTION_DISABLED", "{}", answered.1.0);
        assert!(answered.1.at("/errors/0/locations/0/line").is_u64(), "{}", answered.1.0);
    }
}

#[tokio::test]
async fn what_a_client_needs_is_answered_all_the_same() {
    let (_database, silent) = server(&[("introspection", "false")]).await;
    let query = "query($c: ReadConsistency = PRIMARY) { __typename inventory(skuId: 1001, consistency: \
                 $c) { __typename skuId } }";
    for _time in 0..2 {
        let answered = post(&silent, &json!({ "query": query })).await;
        let stock = json!({ "__typename": "Inventory", "skuId": "1001" });
        assert_eq!(answered.1.0["data"], json!({ "__typename": "Query", "inventory": stock }));
    }
    assert_eq!(silent.left(1001).await, 10);
}
