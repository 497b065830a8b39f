//! What a document may have, and which documents are executed at all.
//!
//! Each limit is tried under, at and over its bound, with the setting that moves it.

mod complexity;
mod defaults;
mod documents;
mod holes;
mod introspection;
mod persisted;
mod strings;
mod trusted;
mod values;

use reqwest::StatusCode;
use reqwest::header::ACCEPT;
use serde_json::Value;

use crate::support::{Answer, Kind, TestDatabase, TestServer, code};

/// The media type in which the status tells what became of a request.
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

/// A server with settings of section `graphql`, and its books with one SKU of ten units.
async fn server(settings: &[(&str, &str)]) -> (TestDatabase, TestServer) {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let names =
        settings.iter().map(|(key, _)| format!("STOCKFLOW_GRAPHQL__{}", key.to_uppercase()));
    let names: Vec<String> = names.collect();
    let values = settings.iter().map(|(_key, value)| *value);
    let environment: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(values).collect();
    let server = TestServer::start_with(&database.url, &[], &environment).await;
    server.create(1001, 10).await;
    (database, server)
}

/// Sends a body, and answers the status and what came back.
async fn post(server: &TestServer, body: &Value) -> (StatusCode, Answer) {
    let request = reqwest::Client::new().post(format!("{}/graphql", server.url)).json(body);
    let response = request.header(ACCEPT, GRAPHQL_RESPONSE).send().await.unwrap();
    (response.status(), Answer(response.json().await.unwrap()))
}

/// Asks by GET, with these parameters.
async fn get(server: &TestServer, parameters: &[(&str, &str)]) -> (StatusCode, Answer) {
    let request = reqwest::Client::new().get(format!("{}/graphql", server.url)).query(parameters);
    let response = request.header(ACCEPT, GRAPHQL_RESPONSE).send().await.unwrap();
    (response.status(), Answer(response.json().await.unwrap()))
}

/// The code of the only error of a request that was refused before anything was executed; empty if
/// it was executed.
fn refused((status, answer): &(StatusCode, Answer)) -> &str {
    let code = code(answer);
    assert_eq!(code.is_empty(), answer.0.get("data").is_some(), "{}", answer.0);
    assert_eq!(code.is_empty(), *status == StatusCode::OK, "{}", answer.0);
    code
}
