//! The schema as it is committed, as it is served, and as the page's examples use it.

use std::path::Path;
use std::process::Stdio;

use serde_json::json;

use crate::support::server::program;
use crate::support::{Kind, TestDatabase, TestServer};

fn committed(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[tokio::test]
async fn the_committed_schema_is_the_one_that_is_printed() {
    let output = program().arg("schema").stderr(Stdio::null()).output().await.unwrap();
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(
        printed == committed("schema.graphql"),
        "schema.graphql is not current: cargo run -- schema > schema.graphql"
    );
}

/// Every type and field, every argument and every value tells its reader what it is.
#[tokio::test]
async fn everything_in_the_schema_is_described() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    let query = "{ __schema { types { name description \
                 fields { name description args { name description } } \
                 inputFields { name description } enumValues { name description } } } }";
    let answer = server.graphql(query, json!({})).await;
    let mut bare = Vec::new();
    for kind in answer.field()["types"].as_array().unwrap() {
        let name = kind["name"].as_str().unwrap();
        // Those that GraphQL brings along need no telling.
        if name.starts_with("__") || ["Boolean", "Float", "ID", "Int", "String"].contains(&name) {
            continue;
        }
        describe(name, kind, &mut bare);
    }
    assert_eq!(bare, [""; 0], "without a description");
}

fn describe(path: &str, node: &serde_json::Value, bare: &mut Vec<String>) {
    if node["description"].as_str().unwrap_or_default().is_empty() {
        bare.push(path.to_owned());
    }
    for children in ["fields", "args", "inputFields", "enumValues"] {
        for child in node[children].as_array().into_iter().flatten() {
            describe(&format!("{path}.{}", child["name"].as_str().unwrap()), child, bare);
        }
    }
}

/// README lists every code that a client may meet.
#[tokio::test]
async fn every_code_stands_in_the_readme() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    let query = "{ __type(name: \"InventoryErrorCode\") { enumValues { name } } }";
    let answer = server.graphql(query, json!({})).await;
    let readme = committed("README.md");
    let values = answer.field()["enumValues"].as_array().unwrap();
    let codes = values.iter().map(|value| value["name"].as_str().unwrap());
    for code in codes.chain(stockflow::graphql::codes::ALL).chain(stockflow::http::code::ALL) {
        assert!(readme.contains(&format!("`{code}`")), "README does not explain {code}");
    }
}
