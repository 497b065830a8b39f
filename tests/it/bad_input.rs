//! Hostile and careless requests: each gets a clear error with a code, writes nothing, and leaves
//! the server alive.

use reqwest::StatusCode;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::support::{Answer, Kind, TestDatabase, TestServer, code};

async fn server() -> (TestDatabase, TestServer) {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    server.create(1001, 10).await;
    (database, server)
}

/// Posts a raw body, and answers the status and what came back.
async fn post(
    server: &TestServer,
    content_type: &str,
    body: impl Into<reqwest::Body>,
) -> (StatusCode, Answer) {
    let response = reqwest::Client::new()
        .post(format!("{}/graphql", server.url))
        .header(CONTENT_TYPE, content_type)
        .body(body)
        .send()
        .await
        .unwrap();
    let status = response.status();
    (status, Answer(response.json().await.unwrap()))
}

/// The server still does its work, and nothing was written since the SKU was created.
async fn unharmed(database: &TestDatabase, server: &TestServer) {
    assert_eq!(server.left(1001).await, 10);
    database.audit().await;
}

const DEDUCT: &str = "mutation { inventoryDeduct(input: { skuId: 1001, orderDetailId: \"o\", \
                      quantity: 1, idempotencyKey: \"k\" }) { replayed } }";

#[tokio::test]
async fn what_is_not_a_request_is_refused() {
    let (database, server) = server().await;
    for body in ["", "{", "[]", "nonsense", "42", "{\"query\": 1}", "{\"variables\": {}}", "\u{0}"]
    {
        let (status, answer) = post(&server, "application/json", body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body:?}");
        assert!(!code(&answer).is_empty(), "{body:?}: {}", answer.0);
        assert!(answer.at("/errors/0/extensions/requestId").is_string(), "{body:?}");
    }
    let batch = format!("[{}, {}]", json!({ "query": DEDUCT }), json!({ "query": DEDUCT }));
    let (status, _answer) = post(&server, "application/json", batch).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    unharmed(&database, &server).await;
}

#[tokio::test]
async fn what_a_form_of_another_site_could_send_is_refused() {
    let (database, server) = server().await;
    let body = json!({ "query": DEDUCT }).to_string();
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
        "application/graphql",
    ] {
        let (status, answer) = post(&server, content_type, body.clone()).await;
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
        assert_eq!(code(&answer), "UNSUPPORTED_MEDIA_TYPE");
    }
    let response = reqwest::Client::new()
        .get(format!("{}/graphql", server.url))
        .query(&[("query", DEDUCT)])
        .header(ACCEPT, "application/json")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    unharmed(&database, &server).await;
}

#[tokio::test]
async fn a_huge_body_is_refused() {
    let (database, server) = server().await;
    let body = json!({ "query": DEDUCT, "variables": { "padding": "x".repeat(10_000_000) } });
    let (status, answer) = post(&server, "application/json", body.to_string()).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(code(&answer), "PAYLOAD_TOO_LARGE");
    unharmed(&database, &server).await;
}

#[tokio::test]
async fn a_query_that_does_not_fit_the_schema_is_told_where() {
    let (database, server) = server().await;
    for (query, variables, expected) in [
        ("{ inventory(skuId: 1001) { price } }", Value::Null, "GRAPHQL_VALIDATION_FAILED"),
        ("{ inventory { skuId } }", Value::Null, "GRAPHQL_VALIDATION_FAILED"),
        ("{ inventory(skuId: {}) { skuId } }", Value::Null, "GRAPHQL_VALIDATION_FAILED"),
        ("query($id: ID!) { inventory(skuId: $id) { skuId } }", json!({}), "BAD_USER_INPUT"),
        (
            "query($id: ID!) { inventory(skuId: $id) { skuId } }",
            json!({ "id": null }),
            "BAD_USER_INPUT",
        ),
        (
            "query($n: Int!) { inventoryFlows(first: $n) { totalCount } }",
            json!({ "n": "many" }),
            "BAD_USER_INPUT",
        ),
        (
            "query($n: Int!) { inventoryFlows(first: $n) { totalCount } }",
            json!({ "n": 3_000_000_000_i64 }),
            "BAD_USER_INPUT",
        ),
        (
            "query($b: Boolean!) { inventory(skuId: 1001) @include(if: $b) { skuId } }",
            json!({ "b": "yes" }),
            "BAD_USER_INPUT",
        ),
        (
            "query($id: ID!) { inventory(sku: $id) { skuId } }",
            json!({ "id": "1001" }),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("{ inventory(skuId: 1001 { skuId } }", Value::Null, "GRAPHQL_PARSE_FAILED"),
    ] {
        let answer = server.graphql(query, variables).await;
        assert_eq!(code(&answer), expected, "{query}: {}", answer.0);
        assert_eq!(answer.at("/errors/0/extensions/retryable"), false);
    }
    unharmed(&database, &server).await;
}

#[tokio::test]
async fn a_parse_error_does_not_echo_the_query() {
    let (_database, server) = server().await;
    let query = format!("{{ inventory(skuId: 1001) {{ skuId }} }} }} # {}", "secret".repeat(1_000));
    let answer = server.graphql(&query, Value::Null).await;
    assert_eq!(code(&answer), "GRAPHQL_PARSE_FAILED");
    assert!(!answer.0.to_string().contains("secret"), "{}", answer.0);
}

#[tokio::test]
async fn a_query_nested_a_hundred_deep_is_refused() {
    let (database, server) = server().await;
    let query = format!(
        "{{ inventoryFlow(id: 1) {{ {} id {} }} }}",
        "deduction { ".repeat(100),
        "} ".repeat(100)
    );
    let answer = server.graphql(&query, Value::Null).await;
    assert_eq!(code(&answer), "QUERY_TOO_DEEP", "{}", answer.0);
    unharmed(&database, &server).await;
}

/// Each fragment spreads the next one ten times: eight of them are a hundred million fields, in a
/// kilobyte.
#[tokio::test]
async fn fragments_that_spread_each_other_are_counted_not_followed() {
    let (database, server) = server().await;
    let mut query = "{ inventoryFlow(id: 1) { ...f0 } }".to_owned();
    for fragment in 0..8 {
        let spreads = format!("...f{} ", fragment + 1).repeat(10);
        query += &format!(" fragment f{fragment} on InventoryFlow {{ {spreads} }}");
    }
    query += " fragment f8 on InventoryFlow { id }";
    let answer = server.graphql(&query, Value::Null).await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{}", answer.0);
    let cycle = "{ inventoryFlow(id: 1) { ...a } } fragment a on InventoryFlow { ...b } \
                 fragment b on InventoryFlow { ...a }";
    let answer = server.graphql(cycle, Value::Null).await;
    assert!(!code(&answer).is_empty(), "{}", answer.0);
    unharmed(&database, &server).await;
}

/// What took the process down, or a core for hours, in less than a request may have.
#[tokio::test]
async fn chains_of_fragments_that_lead_nowhere_harm_nothing() {
    let (database, server) = server().await;
    let chain = |count: usize, times: usize, end: &str| {
        let fragments = (0..count).map(|place| {
            let spread = format!("...f{} ", place + 1).repeat(times);
            format!(" fragment f{place} on Query {{ {spread} }}")
        });
        format!(
            "{{ __typename }} {} fragment f{count} on Query {{ {end} }}",
            fragments.collect::<String>()
        )
    };
    for (query, expected) in [
        (chain(20_000, 1, "__typename"), "QUERY_TOO_LONG"),
        (chain(1_500, 1, "__typename"), "QUERY_TOO_COMPLEX"),
        (chain(150, 1, "__typename"), "QUERY_TOO_DEEP"),
        (chain(40, 2, "...missing"), "QUERY_TOO_DEEP"),
        (chain(20, 2, "...missing"), "QUERY_TOO_COMPLEX"),
    ] {
        let answer = server.graphql(&query, Value::Null).await;
        assert_eq!(code(&answer), expected, "{}", answer.0);
    }
    unharmed(&database, &server).await;
}

#[tokio::test]
async fn pages_within_pages_do_not_multiply_without_end() {
    let (database, server) = server().await;
    for sale in 0..30 {
        let input = TestServer::deduction(&format!("sale {sale}"), 1001, 1);
        server
            .mutate(
                "inventoryReplenish",
                json!({ "skuId": "1001", "quantity": 1, "idempotencyKey": format!("more {sale}") }),
            )
            .await;
        server.mutate("inventoryDeduct", input).await;
    }
    let mut pages = "id".to_owned();
    for _level in 0..5 {
        pages = format!("inventory {{ flows(first: 200) {{ nodes {{ {pages} }} }} }}");
    }
    let query = format!("{{ inventoryFlows {{ nodes {{ {pages} }} }} }}");
    let answer = server.graphql(&query, Value::Null).await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{}", answer.at("/errors/0"));
    let counts: String = (0..100).map(|place| format!("c{place}: totalCount ")).collect();
    let answer = server.graphql(&format!("{{ inventoryFlows {{ {counts} }} }}"), Value::Null).await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{}", answer.at("/errors/0"));
    unharmed(&database, &server).await;
}

/// The entries are read whether or not anything is selected of them.
#[tokio::test]
async fn pages_of_which_nothing_is_shown_cost_too() {
    let (database, server) = server().await;
    for sku_id in 1..=20 {
        server.create(sku_id, 1).await;
    }
    let pages: String = (0..150)
        .map(|page| format!("p{page}: flows(first: {}) {{ __typename }} ", 200 - page))
        .collect();
    let query = format!("{{ inventories {{ nodes {{ {pages} }} }} }}");
    let answer = server.graphql(&query, Value::Null).await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{}", answer.at("/errors/0"));
    unharmed(&database, &server).await;
}

/// The library looks for each use of a variable among all of them.
#[tokio::test]
async fn a_document_of_variables_is_refused() {
    let (database, server) = server().await;
    let declared: String = (0..3_000).map(|place| format!("$v{place}: ID ")).collect();
    let used: String = (0..3_000).map(|place| format!("$v{place} ")).collect();
    let query = format!(
        "query({declared}) {{ inventories(where: {{ skuId: [{used}] }}) {{ totalCount }} }}"
    );
    let answer = server.graphql(&query, Value::Null).await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{}", answer.at("/errors/0"));
    unharmed(&database, &server).await;
}

#[tokio::test]
async fn a_document_that_is_wrong_everywhere_has_a_short_answer() {
    let (_database, server) = server().await;
    let arguments: String = (0..4_000).map(|place| format!("a{place}: $b ")).collect();
    let query = format!("query($b: Int) {{ inventories({arguments}) {{ totalCount }} }}");
    let answer = server.graphql(&query, Value::Null).await;
    assert!(answer.0["errors"].as_array().unwrap().len() <= 100);
}

#[tokio::test]
async fn what_graphiql_asks_first_is_answered() {
    let (_database, server) = server().await;
    let types = "kind name ofType { ".repeat(9) + "name" + &" }".repeat(9);
    let query = format!(
        "{{ __schema {{ types {{ name fields {{ name args {{ type {{ {types} }} }} }} }} }} }}"
    );
    let query = query.as_str();
    let answer = server.graphql(query, Value::Null).await;
    assert!(answer.field()["types"].as_array().unwrap().len() > 20);
}
