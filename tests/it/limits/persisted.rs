//! Documents that clients send once with their hash, and then name by it.

use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{get, post, refused, server};
use crate::support::{Answer, TestServer, code, metric};

const LOOK: &str = "query Look($id: ID!) { inventory(skuId: $id) { skuId } }";
const SELL: &str = "mutation Sell($key: String!) { inventoryDeduct(input: { skuId: 1001, quantity: 1, \
                    orderDetailId: \"o\", idempotencyKey: $key }) { replayed userErrors { code } } }";

/// The SHA-256 of a text, in hexadecimal digits.
pub(super) fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn extensions(text: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash(text) } })
}

/// Names a document by its hash, and sends it along or not.
async fn ask(
    server: &TestServer,
    text: &str,
    along: bool,
    variables: Value,
) -> (StatusCode, Answer) {
    let mut body = json!({ "extensions": extensions(text), "variables": variables });
    if along {
        body["query"] = text.into();
    }
    post(server, &body).await
}

/// As Apollo's link does: by the hash, and with the document if that is not known.
async fn as_apollo(server: &TestServer, text: &str, variables: Value) -> Answer {
    let (status, answer) = ask(server, text, false, variables.clone()).await;
    if code(&answer) != "PERSISTED_QUERY_NOT_FOUND" {
        return answer;
    }
    assert_eq!(status, StatusCode::OK);
    assert_eq!(*answer.at("/errors/0/message"), "PersistedQueryNotFound");
    ask(server, text, true, variables).await.1
}

#[tokio::test]
async fn a_document_is_sent_once() {
    let (database, server) = server(&[]).await;
    let id = json!({ "id": "1001" });
    assert_eq!(code(&ask(&server, LOOK, false, id.clone()).await.1), "PERSISTED_QUERY_NOT_FOUND");
    for _time in 0..2 {
        let answer = as_apollo(&server, LOOK, id.clone()).await;
        assert_eq!(*answer.at("/data/inventory/skuId"), "1001", "{}", answer.0);
    }
    let answered = ask(&server, LOOK, false, id).await;
    assert_eq!(refused(&answered), "", "{}", answered.1.0);
    for key in ["a", "b"] {
        let answer = as_apollo(&server, SELL, json!({ "key": key })).await;
        assert_eq!(*answer.at("/data/inventoryDeduct/replayed"), false, "{}", answer.0);
    }
    assert_eq!(server.left(1001).await, 8);
    database.audit().await;
}

#[tokio::test]
async fn a_document_may_be_named_by_its_id_and_asked_for_by_get() {
    let (database, server) = server(&[]).await;
    as_apollo(&server, LOOK, json!({ "id": "1001" })).await;
    as_apollo(&server, SELL, json!({ "key": "a" })).await;
    let (id, extensions) = (format!("sha256:{}", hash(LOOK)), extensions(LOOK).to_string());
    let variables = ("variables", "{\"id\": \"1001\"}");
    for parameter in [("documentId", id.as_str()), ("extensions", extensions.as_str())] {
        let (status, answer) = get(&server, &[parameter, variables]).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(*answer.at("/data/inventory/skuId"), "1001", "{}", answer.0);
    }
    let body = json!({ "documentId": id, "variables": { "id": "1001" } });
    assert_eq!(refused(&post(&server, &body).await), "");
    // What changes something is asked for by POST alone.
    let id = format!("sha256:{}", hash(SELL));
    let answered = get(&server, &[("documentId", &id), ("variables", "{\"key\": \"b\"}")]).await;
    assert_eq!(answered.0, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(server.left(1001).await, 9);
    database.audit().await;
}

#[tokio::test]
async fn a_hash_must_be_that_of_the_document() {
    let (_database, server) = server(&[]).await;
    let asked = |extensions: Value| json!({ "query": LOOK, "extensions": extensions, "variables": { "id": "1" } });
    let named = |version: Value, hash: Value| json!({ "persistedQuery": { "version": version, "sha256Hash": hash } });
    for (body, expected) in [
        (asked(extensions(SELL)), "PERSISTED_QUERY_HASH_MISMATCH"),
        (asked(named(json!(1), json!("none"))), "PERSISTED_QUERY_HASH_MISMATCH"),
        (
            json!({ "query": LOOK, "documentId": format!("sha256:{}", hash(SELL)) }),
            "PERSISTED_QUERY_HASH_MISMATCH",
        ),
        (asked(named(json!(2), json!(hash(LOOK)))), "PERSISTED_QUERY_NOT_SUPPORTED"),
        (asked(named(json!(1), json!(1))), "BAD_USER_INPUT"),
        (asked(json!({ "persistedQuery": [] })), "BAD_USER_INPUT"),
    ] {
        let answered = post(&server, &body).await;
        assert_eq!(refused(&answered), expected, "{body}: {}", answered.1.0);
    }
    for body in
        [json!({ "documentId": 1 }), json!({ "documentId": null }), json!({ "query": null })]
    {
        assert_eq!(refused(&post(&server, &body).await), "BAD_REQUEST", "{body}");
    }
    // What was refused is not kept under either hash.
    for text in [LOOK, SELL] {
        let (_status, answer) = ask(&server, text, false, Value::Null).await;
        assert_eq!(code(&answer), "PERSISTED_QUERY_NOT_FOUND");
    }
}

#[tokio::test]
async fn only_what_was_executed_is_kept() {
    let (_database, server) = server(&[]).await;
    for (text, variables) in [
        ("{ price }", Value::Null),
        ("{ price", Value::Null),
        (LOOK, json!({})),
        (
            "{ inventories(first: 200) { nodes { flows(first: 200) { nodes { id kind skuId reason actor } } } } }",
            Value::Null,
        ),
    ] {
        assert_ne!(refused(&ask(&server, text, true, variables.clone()).await), "", "{text}");
        let (_status, answer) = ask(&server, text, false, variables).await;
        assert_eq!(code(&answer), "PERSISTED_QUERY_NOT_FOUND", "{text}");
    }
}

#[tokio::test]
async fn a_document_that_is_named_is_known_as_one_that_is_sent() {
    let (_database, server) = server(&[]).await;
    let known = async || {
        let text = reqwest::get(format!("{}/metrics", server.url)).await.unwrap();
        metric(&text.text().await.unwrap(), "stockflow_graphql_documents_known_total")
    };
    let id = json!({ "id": "1001" });
    server.graphql(LOOK, id.clone()).await;
    let before = known().await;
    ask(&server, LOOK, true, id.clone()).await;
    ask(&server, LOOK, false, id).await;
    assert_eq!(known().await, before + 2);
}

#[tokio::test]
async fn without_room_documents_are_executed_and_not_kept() {
    let (_database, server) = server(&[("persisted_queries_bytes", "0")]).await;
    let id = json!({ "id": "1001" });
    let answered = ask(&server, LOOK, false, id.clone()).await;
    assert_eq!(refused(&answered), "PERSISTED_QUERY_NOT_SUPPORTED");
    assert_eq!(*answered.1.at("/errors/0/message"), "PersistedQueryNotSupported");
    assert_eq!(refused(&ask(&server, LOOK, true, id.clone()).await), "");
    assert_eq!(refused(&ask(&server, LOOK, false, id).await), "PERSISTED_QUERY_NOT_SUPPORTED");
}

/// A document has room up to a 16th of it.
#[tokio::test]
async fn the_room_is_the_setting() {
    let (_database, server) = server(&[("persisted_queries_bytes", "16384")]).await;
    for (bytes, kept) in [(768, true), (769, false)] {
        let text = format!("{{ __typename }} #{}", "-".repeat(bytes - "{ __typename } #".len()));
        assert_eq!(refused(&ask(&server, &text, true, Value::Null).await), "");
        let (_status, answer) = ask(&server, &text, false, Value::Null).await;
        assert_eq!(code(&answer).is_empty(), kept, "{bytes}: {}", answer.0);
    }
}
