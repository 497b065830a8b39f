//! A server that executes the documents which it was given, and no others.

use std::path::PathBuf;

use reqwest::StatusCode;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::persisted::hash;
use super::{get, post, refused};
use crate::support::server::program;
use crate::support::{Kind, TestDatabase, TestServer};

const LOOK: &str = "query Look($id: ID!) { inventory(skuId: $id) { skuId leavedAmount } }";
const CREATE: &str = "mutation Create($input: InventoryCreateInput!) { inventoryCreate(input: $input) \
                      { replayed userErrors { code } } }";
const TWO: &str = "query A($n: Int) { inventories(first: $n) { totalCount } } \
                   query B { inventoryFlows { totalCount } }";
const SCHEMA: &str = "{ __schema { queryType { name } } }";

/// A file of a test's own.
fn file(content: &Value) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("persisted-documents.json");
    std::fs::write(&path, content.to_string()).unwrap();
    (folder, path)
}

fn manifest(texts: &[&str]) -> Value {
    Value::Object(texts.iter().map(|text| (hash(text), Value::from(*text))).collect::<Map<_, _>>())
}

async fn server(content: &Value) -> (TestDatabase, TestServer) {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let (_folder, path) = file(content);
    let flags = ["--trusted-documents", path.to_str().unwrap()];
    let server = TestServer::start_with(&database.url, &flags, &[]).await;
    (database, server)
}

/// What the program says when it is to trust these documents and cannot.
async fn told(content: &str, environment: &[(&str, &str)]) -> String {
    let (folder, path) = file(&Value::Null);
    std::fs::write(&path, content).unwrap();
    let books = format!("sqlite://{}", folder.path().join("books.db").display());
    let output = program()
        .args(["serve", "--listen", "127.0.0.1:0", "--database-url", &books])
        .env("STOCKFLOW_GRAPHQL__TRUSTED_DOCUMENTS_FILE", &path)
        .envs(environment.iter().copied())
        .output()
        .await
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    told
}

#[tokio::test]
async fn what_is_in_the_file_is_executed_however_it_is_named() {
    let mut content = manifest(&[LOOK, TWO]);
    content[format!("sha256:{}", hash(CREATE))] = CREATE.into();
    let (database, server) = server(&content).await;
    let input = json!({ "skuId": "1001", "quantity": 10, "idempotencyKey": "create" });
    let id = format!("sha256:{}", hash(CREATE));
    let created =
        post(&server, &json!({ "documentId": id, "variables": { "input": input } })).await;
    assert_eq!(*created.1.at("/data/inventoryCreate/replayed"), false, "{}", created.1.0);
    let apollo = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash(LOOK) } });
    let id = format!("sha256:{}", hash(LOOK));
    for named in [
        json!({ "documentId": id }),
        json!({ "extensions": apollo }),
        json!({ "query": LOOK }),
        json!({ "query": LOOK, "documentId": id }),
        json!({ "query": LOOK, "extensions": apollo }),
    ] {
        let mut body = named;
        body["variables"] = json!({ "id": "1001" });
        let answered = post(&server, &body).await;
        assert_eq!(*answered.1.at("/data/inventory/leavedAmount"), 10, "{body}: {}", answered.1.0);
    }
    let (status, answer) =
        get(&server, &[("documentId", &id), ("variables", "{\"id\": 1001}")]).await;
    assert_eq!(status, StatusCode::OK, "{}", answer.0);
    for name in ["A", "B"] {
        let body = json!({ "documentId": format!("sha256:{}", hash(TWO)), "operationName": name });
        assert_eq!(refused(&post(&server, &body).await), "");
    }
    let id = format!("sha256:{}", hash(CREATE));
    let variables = json!({ "input": input }).to_string();
    let (status, _answer) = get(&server, &[("documentId", &id), ("variables", &variables)]).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    database.audit().await;
}

#[tokio::test]
async fn anything_else_is_not() {
    let (_database, server) = server(&manifest(&[LOOK])).await;
    let apollo =
        |text: &str| json!({ "persistedQuery": { "version": 1, "sha256Hash": hash(text) } });
    for (body, expected) in [
        (json!({ "query": TWO }), "DOCUMENT_NOT_TRUSTED"),
        (json!({ "query": format!("{LOOK} ") }), "DOCUMENT_NOT_TRUSTED"),
        (json!({ "query": "{ __typename }" }), "DOCUMENT_NOT_TRUSTED"),
        (json!({ "query": SCHEMA }), "DOCUMENT_NOT_TRUSTED"),
        (json!({ "query": "nonsense" }), "DOCUMENT_NOT_TRUSTED"),
        (json!({ "query": "" }), "DOCUMENT_NOT_TRUSTED"),
        (json!({ "documentId": format!("sha256:{}", hash(TWO)) }), "DOCUMENT_NOT_TRUSTED"),
        (json!({ "documentId": hash(LOOK) }), "DOCUMENT_NOT_TRUSTED"),
        (json!({ "documentId": "look" }), "DOCUMENT_NOT_TRUSTED"),
        (json!({ "extensions": apollo(TWO) }), "DOCUMENT_NOT_TRUSTED"),
        (json!({ "query": TWO, "extensions": apollo(TWO) }), "DOCUMENT_NOT_TRUSTED"),
        (json!({ "query": TWO, "extensions": apollo(LOOK) }), "PERSISTED_QUERY_HASH_MISMATCH"),
    ] {
        for _time in 0..2 {
            let answered = post(&server, &body).await;
            assert_eq!(refused(&answered), expected, "{body}: {}", answered.1.0);
        }
    }
}

#[tokio::test]
async fn the_schema_is_told_to_those_whose_document_is_listed() {
    let (_database, server) = server(&manifest(&[SCHEMA])).await;
    assert_eq!(refused(&post(&server, &json!({ "query": SCHEMA })).await), "");
    let silent = [("STOCKFLOW_GRAPHQL__INTROSPECTION", "false")];
    let told = told(&manifest(&[SCHEMA]).to_string(), &silent).await;
    assert!(told.contains("does not tell what its schema is"), "{told}");
}

#[tokio::test]
async fn whatever_is_wrong_with_the_file_is_told_at_the_start() {
    for (content, expected) in [
        ("", "must be an object"),
        ("[]", "must be an object"),
        ("{\"a\": 1}", "must be an object"),
        ("{}", "no documents"),
    ] {
        let told = told(content, &[]).await;
        assert!(told.contains(expected) && told.contains("trusted_documents_file"), "{told}");
    }
    let missing = [("STOCKFLOW_GRAPHQL__TRUSTED_DOCUMENTS_FILE", "/none/documents.json")];
    let told_missing = told("", &missing).await;
    assert!(told_missing.contains("/none/documents.json"), "{told_missing}");
    let wrong = [
        "{ inventory(skuId: 1001) { price } }",
        "{ inventory(skuId: 1001 { skuId } }",
        "query A { __typename } query B { inventory { skuId } }",
        "query($n: Int!) { inventories(first: $n) { totalCount } } fragment F on Query { __typename }",
        "{ __typename @later }",
        "{ inventories(first: 200) { nodes { flows(first: 200) { nodes { id kind skuId actor reason } } } } }",
        "subscription { inventory }",
        "mutation($input: InventoryDeductInput!) { inventoryDeduct(input: $input) { price } }",
    ];
    let mut content = manifest(&wrong);
    content["sha256:nonsense"] = LOOK.into();
    let told = told(&content.to_string(), &[]).await;
    for text in wrong {
        assert!(told.contains(&format!("{}: ", hash(text))), "{text} is not in {told}");
    }
    assert!(told.contains("sha256:nonsense is not the SHA-256"), "{told}");
    assert!(told.contains(&format!("{} is", hash(LOOK))), "{told}");
}
