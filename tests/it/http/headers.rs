//! What each answer tells browsers and caches, in one table.

use reqwest::{Client, Method};

use super::server;

const POLICY: &str = "content-security-policy";

/// Names and values.
type Headers = &'static [(&'static str, &'static str)];

/// Answers, and the headers that only some of them have.
const ANSWERS: [(&str, &str, u16, Headers); 8] = [
    ("GET", "/graphql?query={__typename}", 200, &[("cache-control", "no-store")]),
    ("GET", "/graphql", 400, &[("cache-control", "no-store")]),
    ("DELETE", "/graphql", 405, &[("cache-control", "no-store"), ("allow", "GET,HEAD,POST")]),
    ("GET", "/nowhere", 404, &[("cache-control", "no-store")]),
    ("GET", "/healthz", 200, &[("cache-control", "no-store")]),
    ("GET", "/readyz", 200, &[("cache-control", "no-store")]),
    ("GET", "/metrics", 200, &[("cache-control", "no-store")]),
    (
        "GET",
        "/",
        200,
        &[
            ("cache-control", "no-cache"),
            ("cross-origin-opener-policy", "same-origin"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
        ],
    ),
];

#[tokio::test]
async fn each_answer_has_its_headers() {
    let (_database, server) = server(&[]).await;
    for (method, path, status, expected) in ANSWERS {
        let method: Method = method.parse().unwrap();
        let request = Client::new().request(method, format!("{}{path}", server.url));
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
        let headers = response.headers();
        assert!(headers.contains_key("x-request-id"), "{path}");
        assert!(!headers.contains_key("strict-transport-security"), "{path}: not without TLS");
        assert!(!headers.contains_key("access-control-allow-origin"), "{path}");
        let always = [
            ("x-content-type-options", "nosniff"),
            ("cross-origin-resource-policy", "same-origin"),
        ];
        for (name, value) in expected.iter().chain(&always) {
            assert_eq!(headers.get(*name).map(|it| it.to_str().unwrap()), Some(*value), "{path}");
        }
        assert_eq!(headers.contains_key(POLICY), path == "/", "{path}");
        assert_eq!(headers.contains_key("permissions-policy"), path == "/", "{path}");
    }
}

#[tokio::test]
async fn without_graphiql_there_is_no_page() {
    let assets = |page: &str| -> Vec<String> {
        let parts = page.split('"').filter(|part| part.starts_with("/assets/"));
        parts.map(str::to_owned).collect()
    };
    let (_database, with) = server(&[]).await;
    let page = reqwest::get(format!("{}/", with.url)).await.unwrap().text().await.unwrap();
    let (_database, without) = server(&[("STOCKFLOW_SERVER__GRAPHIQL", "false")]).await;
    for path in assets(&page).iter().map(String::as_str).chain(["/"]) {
        let there = reqwest::get(format!("{}{path}", with.url)).await.unwrap();
        assert_eq!(there.status(), 200, "{path}");
        let gone = reqwest::get(format!("{}{path}", without.url)).await.unwrap();
        assert_eq!(gone.status(), 404, "{path}");
    }
    let answer = without.graphql("{ __typename }", serde_json::Value::Null).await;
    assert_eq!(answer.at("/data/__typename"), "Query");
}
