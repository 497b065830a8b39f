//! The upgrade: who gets a socket, and who an answer of HTTP.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;

use super::client::{Client, SUBPROTOCOL};
use super::server;
use crate::servers::until;
use crate::support::{Answer, code, metric};

/// What a GET of `/graphql` with these headers is answered.
async fn asked(url: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, Answer) {
    let mut all = HeaderMap::new();
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        all.append(name, HeaderValue::from_str(value).unwrap());
    }
    let get = reqwest::Client::new().get(format!("{url}/graphql")).headers(all);
    let response = get.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, Answer(response.json().await.unwrap_or_default()))
}

#[tokio::test]
async fn an_upgrade_that_is_not_well_formed_is_told_what_is_wrong() {
    let (_database, server) = server(&[]).await;
    let good = [
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("sec-websocket-protocol", SUBPROTOCOL),
    ];
    let (status, headers, _answer) = asked(&server.url, &good).await;
    assert_eq!(status, 101);
    assert_eq!(headers["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert!(headers.contains_key("x-request-id"));
    for (name, value, status, part) in [
        ("sec-websocket-version", "12", 426, "version 13"),
        ("sec-websocket-key", "short", 400, "Sec-WebSocket-Key"),
        ("sec-websocket-protocol", "graphql-ws", 400, "graphql-transport-ws"),
        ("sec-websocket-protocol", "", 400, "graphql-transport-ws"),
        ("connection", "close", 400, "Connection"),
    ] {
        let headers = good.map(|(key, given)| (key, if key == name { value } else { given }));
        let (answered, told, answer) = asked(&server.url, &headers).await;
        assert_eq!((answered, code(&answer)), (status, "BAD_REQUEST"), "{name}: {value}");
        let message = answer.at("/errors/0/message").as_str().unwrap();
        assert!(message.contains(part), "{message}");
        assert_eq!(told.get("sec-websocket-version").is_some(), status == 426);
    }
    // One of several is enough, as browsers send them.
    let several = good.map(|(key, given)| match key {
        "sec-websocket-protocol" => (key, "graphql-ws, graphql-transport-ws"),
        "connection" => (key, "keep-alive, Upgrade"),
        _ => (key, given),
    });
    assert_eq!(asked(&server.url, &several).await.0, 101);
}

#[tokio::test]
async fn a_get_that_wants_no_socket_is_answered_as_ever() {
    let (_database, server) = server(&[]).await;
    let response = server.get("/graphql?query=%7B__typename%7D").await;
    assert_eq!(response.status(), 200);
    let (status, _headers, answer) = asked(&server.url, &[("upgrade", "h2c")]).await;
    assert_eq!((status, code(&answer)), (400, "BAD_REQUEST"));
    assert!(answer.at("/errors/0/message").as_str().unwrap().contains("query"));
}

#[tokio::test]
async fn pages_of_elsewhere_get_no_socket() {
    let listed = [("STOCKFLOW_SERVER__CORS_ORIGINS", "https://shop.example")];
    let (_database, server) = server(&listed).await;
    let own = server.url.clone();
    for (origin, lets_in) in
        [("https://shop.example", true), (own.as_str(), true), ("https://evil.example", false)]
    {
        let opened = Client::try_open(&server.url, &[("origin", origin)]).await;
        match opened {
            Ok(client) => {
                assert!(lets_in, "{origin}");
                client.initialised(&json!({})).await;
            }
            Err((status, answer)) => {
                assert!(!lets_in, "{origin}");
                assert_eq!((status, code(&answer)), (403, "ORIGIN_NOT_ALLOWED"));
            }
        }
    }
    let foreign = Client::try_open(&server.url, &[("host", "evil.example:8000")]).await;
    assert_eq!(foreign.err().unwrap().0, 403, "a name that is not the server's own");
}

#[tokio::test]
async fn there_are_so_many_sockets_and_no_more() {
    let (_database, server) = server(&[("STOCKFLOW_LIVE__SOCKETS_MAX", "2")]).await;
    let [one, _other] = [Client::ready(&server).await, Client::ready(&server).await];
    let (status, answer) = Client::try_open(&server.url, &[]).await.err().unwrap();
    assert_eq!((status, code(&answer)), (503, "BUSY"));
    assert_eq!(answer.at("/errors/0/extensions/retryable"), true);
    let text = server.metrics().await;
    assert_eq!(metric(&text, "stockflow_sockets_open"), 2);
    one.close().await;
    until("there is room again", async || Client::try_open(&server.url, &[]).await.is_ok()).await;
    let text = server.metrics_when(|text| metric(text, "stockflow_sockets_open") < 3).await;
    assert_eq!(metric(&text, "stockflow_sockets_closed_total{code=\"client\"}"), 1);
}

/// A socket is one of the server's connections, for as long as it is open.
#[tokio::test]
async fn a_socket_is_a_connection() {
    let (_database, server) = server(&[("STOCKFLOW_LIMITS__CONNECTIONS_MAX", "2")]).await;
    let [one, mut other] = [Client::ready(&server).await, Client::ready(&server).await];
    let mut asking = Box::pin(reqwest::get(format!("{}/healthz", server.url)));
    tokio::select! {
        answer = &mut asking => panic!("{answer:?}"),
        () = async {
            for id in 0..20 {
                other.subscribe(&id.to_string(), "{ __typename }", json!({})).await;
                other.hears().await;
                other.hears().await;
            }
        } => {}
    }
    one.close().await;
    assert_eq!(asking.await.unwrap().status(), 200);
}
