//! A document that is known is answered as one that is met for the first time.
//!
//! Two servers over equal books are asked the same, one that keeps documents and one that keeps
//! none: a corpus of right and wrong requests through HTTP, and variables at random.

mod corpus;
mod random;
mod validated;

use std::collections::BTreeSet;

use reqwest::Client;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::support::{Kind, TestDatabase, TestServer};
use corpus::Case;

const MEDIA_TYPES: [&str; 2] = ["application/json", "application/graphql-response+json"];

/// What came back, but for what differs each time.
#[derive(Debug, PartialEq)]
struct Seen {
    status: u16,
    content_type: String,
    body: Value,
}

impl Seen {
    /// The codes of all errors.
    fn codes(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().into_iter().flatten();
        errors.map(|error| error["extensions"]["code"].as_str().unwrap().to_owned()).collect()
    }
}

async fn ask(client: &Client, server: &TestServer, case: &Case, media_type: &str) -> Seen {
    let url = format!("{}/graphql", server.url);
    let request = if case.by_get {
        let variables = case.variables.to_string();
        let name = case.operation_name.map(|name| ("operationName", name));
        let pairs = [("query", case.query.as_str()), ("variables", variables.as_str())];
        client.get(url).query(&pairs.into_iter().chain(name).collect::<Vec<_>>())
    } else {
        let mut body = json!({ "query": case.query, "variables": case.variables });
        if let Some(name) = case.operation_name {
            body["operationName"] = name.into();
        }
        client.post(url).json(&body)
    };
    let response = request.header(ACCEPT, media_type).send().await.unwrap();
    let status = response.status().as_u16();
    let content_type = response.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
    let mut body: Value = response.json().await.unwrap();
    if let Some(errors) = body.get_mut("errors").and_then(Value::as_array_mut) {
        for error in errors.iter_mut() {
            assert!(error["extensions"]["requestId"].is_string(), "{error}");
            error["extensions"]["requestId"] = "masked".into();
        }
        // Some rules of the library tell what they find in no order.
        errors.sort_by_key(ToString::to_string);
    }
    // How old an answer is differs each time, and so, at times, does where it is from.
    if let Some(read) = body.pointer_mut("/extensions/read") {
        assert!(read["ageMs"].is_u64(), "{read}");
        *read = "masked".into();
    }
    Seen { status, content_type, body }
}

async fn fresh(environment: &[(&str, &str)]) -> (TestDatabase, TestServer) {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start_with(&database.url, &[], environment).await;
    for sku_id in 1001..=1003 {
        server.create(sku_id, 100).await;
    }
    (database, server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_document_is_answered_as_an_unknown_one() {
    let (with_books, with) = fresh(&[]).await;
    let (without_books, without) = fresh(&[("STOCKFLOW_GRAPHQL__DOCUMENT_CACHE_BYTES", "0")]).await;
    let (client, corpus) = (Client::new(), corpus::all());
    let (mut codes, mut statuses) = (BTreeSet::new(), BTreeSet::new());
    let mut right = 0;
    // In the second round every document is known that can be, also to the requests that came
    // before the one that made it known.
    for round in 0..2 {
        for case in &corpus {
            for media_type in MEDIA_TYPES {
                for time in 0..3 {
                    let expected = ask(&client, &without, case, media_type).await;
                    let seen = ask(&client, &with, case, media_type).await;
                    assert_eq!(seen, expected, "round {round}, time {time}: {case:#?}");
                    codes.extend(expected.codes());
                    statuses.insert(expected.status);
                    right += usize::from(expected.codes().is_empty());
                }
            }
        }
    }
    // A corpus that had become all wrong, or all right, would show nothing.
    for code in [
        "BAD_USER_INPUT",
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "INVALID_ARGUMENT",
        "MUTATION_OVER_GET",
        "QUERY_TOO_COMPLEX",
        "QUERY_TOO_DEEP",
        "QUERY_TOO_LONG",
    ] {
        assert!(codes.contains(code), "{code} is not among {codes:?}");
    }
    assert_eq!(statuses, BTreeSet::from([200, 400, 405]));
    let all = 2 * 2 * 3 * corpus.len();
    assert!(right > all / 4 && right < all * 3 / 4, "{right} of {all} are right");
    for sku_id in 1001..=1003 {
        assert_eq!(with.left(sku_id).await, without.left(sku_id).await);
    }
    with_books.audit().await;
    without_books.audit().await;
}

/// Another value in one place is seen: the comparison compares.
#[tokio::test]
async fn a_difference_would_be_seen() {
    let (_database, server) = fresh(&[]).await;
    let query = "query($id: ID!) { inventory(skuId: $id) { skuId } }";
    let client = Client::new();
    let ask =
        async |variables| ask(&client, &server, &Case::new(query, variables), MEDIA_TYPES[0]).await;
    let right = ask(json!({ "id": "1001" })).await;
    assert_eq!(right, ask(json!({ "id": 1001 })).await);
    for other in
        [json!({ "id": "1002" }), json!({ "id": null }), json!({ "id": [1001] }), json!({})]
    {
        assert_ne!(right, ask(other).await);
    }
}
