//! Whose web pages may make a visitor's browser call the server.

use reqwest::header::{CONTENT_TYPE, HOST, ORIGIN};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::server;
use crate::support::{Answer, TestServer, code};

const SHOP: &str = "https://shop.example";
const EVIL: &str = "https://evil.example";

const DEDUCT: &str = "mutation { inventoryDeduct(input: { skuId: 1001, orderDetailId: \"o\", \
                      quantity: 1, idempotencyKey: \"k\" }) { replayed } }";

fn post(server: &TestServer) -> RequestBuilder {
    let body = json!({ "query": DEDUCT }).to_string();
    let request = Client::new().post(format!("{}/graphql", server.url));
    request.header(CONTENT_TYPE, "application/json").body(body)
}

async fn preflight(server: &TestServer, origin: &str, headers: &str) -> Response {
    Client::new()
        .request(Method::OPTIONS, format!("{}/graphql", server.url))
        .header(ORIGIN, origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", headers)
        .send()
        .await
        .unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn refused(request: RequestBuilder) {
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 403);
    let answer = Answer(response.json().await.unwrap());
    assert_eq!(code(&answer), "ORIGIN_NOT_ALLOWED");
}

#[tokio::test]
async fn without_origins_no_page_of_elsewhere_calls() {
    let (_database, server) = server(&[]).await;
    server.create(1001, 10).await;
    for origin in [EVIL, "null", "http://localhost:1"] {
        refused(post(&server).header(ORIGIN, origin)).await;
        let preflight = preflight(&server, origin, "content-type").await;
        assert_eq!(header(&preflight, "access-control-allow-origin"), "", "{origin}");
        let query = format!("{}/graphql?query={{__typename}}", server.url);
        refused(Client::new().get(query).header(ORIGIN, origin)).await;
    }
    assert_eq!(server.left(1001).await, 10);
    // Its own page does.
    let response = post(&server).header(ORIGIN, &server.url).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(server.left(1001).await, 9);
}

#[tokio::test]
async fn pages_of_listed_origins_call() {
    let listed = format!("{SHOP}, http://localhost:3000");
    let (_database, server) = server(&[("STOCKFLOW_SERVER__CORS_ORIGINS", &listed)]).await;
    server.create(1001, 10).await;
    let needed = "content-type, authorization, stockflow-read-after, x-request-id, traceparent";
    for origin in [SHOP, "http://localhost:3000"] {
        let preflight = preflight(&server, origin, needed).await;
        assert_eq!(preflight.status(), 200);
        assert_eq!(header(&preflight, "access-control-allow-origin"), origin);
        let allowed = header(&preflight, "access-control-allow-headers");
        for name in needed.split(", ") {
            assert!(allowed.split(',').any(|one| one.trim() == name), "{name}: {allowed}");
        }
        assert_eq!(header(&preflight, "access-control-allow-credentials"), "");
        let response = post(&server).header(ORIGIN, origin).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "access-control-allow-origin"), origin);
        let exposed = header(&response, "access-control-expose-headers");
        assert!(exposed.contains("x-request-id") && exposed.contains("retry-after"), "{exposed}");
        assert!(header(&response, "vary").contains("origin"));
    }
    let preflight = preflight(&server, EVIL, "content-type").await;
    assert_eq!(header(&preflight, "access-control-allow-origin"), "");
    refused(post(&server).header(ORIGIN, EVIL)).await;
    assert_eq!(server.left(1001).await, 9);
}

#[tokio::test]
async fn a_star_lets_any_page_call_without_credentials() {
    let (_database, server) = server(&[("STOCKFLOW_SERVER__CORS_ORIGINS", "*")]).await;
    server.create(1001, 10).await;
    let response = post(&server).header(ORIGIN, EVIL).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    assert_eq!(header(&response, "access-control-allow-credentials"), "");
}

/// What a browser sends across sites without asking first: forms, and `fetch` with simple types.
#[tokio::test]
async fn what_needs_no_preflight_writes_nothing() {
    let (_database, server) = server(&[("STOCKFLOW_SERVER__CORS_ORIGINS", "*")]).await;
    server.create(1001, 10).await;
    let body = json!({ "query": DEDUCT }).to_string();
    for content_type in [
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=b"),
        Some("text/plain"),
        Some("text/plain; application/json"),
        None,
    ] {
        let request = Client::new().post(format!("{}/graphql", server.url)).header(ORIGIN, EVIL);
        let request = match content_type {
            Some(content_type) => request.header(CONTENT_TYPE, content_type),
            None => request,
        };
        let response = request.body(body.clone()).send().await.unwrap();
        assert_eq!(response.status(), 415, "{content_type:?}");
    }
    let url = format!("{}/graphql", server.url);
    let request = Client::new().get(url).query(&[("query", DEDUCT)]).header(ORIGIN, EVIL);
    assert_eq!(request.send().await.unwrap().status(), 405);
    assert_eq!(server.left(1001).await, 10);
}

/// A page whose name was given this machine's address is of one origin with the server, to the
/// browser; and sends no origin at all with GET.
#[tokio::test]
async fn a_server_on_loopback_is_called_by_its_own_names() {
    let (_database, server) = server(&[("STOCKFLOW_SERVER__HOSTS", "stock.example")]).await;
    server.create(1001, 10).await;
    let evil = "evil.example:8000";
    refused(post(&server).header(HOST, evil).header(ORIGIN, format!("http://{evil}"))).await;
    for path in ["graphql?query={__typename}", "metrics", ""] {
        let url = format!("{}/{path}", server.url);
        refused(Client::new().get(&url).header(HOST, evil)).await;
        for host in ["localhost:8000", "stock.example"] {
            let response = Client::new().get(&url).header(HOST, host).send().await.unwrap();
            assert_eq!(response.status(), 200, "{path} of {host}");
        }
    }
    assert_eq!(server.left(1001).await, 10);
    let answer = server.graphql("{ __typename }", Value::Null).await;
    assert_eq!(code(&answer), "");
}
