//! Who calls over a socket, and for how long that holds.

use std::time::{Duration, Instant};

use chrono::Utc;
use serde_json::{Value, json};

use super::client::Client;
use super::server;
use crate::auth::api_keys::{ALL, create, id, token};
use crate::auth::issuer::claims_with;
use crate::auth::jwt::{SECRET, hs256};
use crate::auth::server::{start_with_jwts, variables};
use crate::servers::{OwnServer, ServerKind, on_each_kind};
use crate::support::{Kind, TestDatabase, TestServer, metric};

/// Which code and reason whoever says this in `connection_init` is told.
async fn refused(server: &TestServer, payload: &Value) -> (u16, String) {
    let mut client = Client::open(server).await;
    client.say(&json!({ "type": "connection_init", "payload": payload })).await;
    client.closed().await
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// A token that expires so many seconds from now.
fn expiring_in(seconds: i64) -> String {
    hs256(&claims_with("exp", json!(Utc::now().timestamp() + seconds)), SECRET.as_bytes())
}

async fn server_with_jwts(settings: &[(&str, &str)]) -> (TestDatabase, TestServer) {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let settings = [&[("jwt_secret", SECRET), ("jwt_leeway_ms", "0")], settings].concat();
    let server = start_with_jwts(&database, "HS256", &settings).await;
    (database, server)
}

#[tokio::test]
async fn a_token_comes_in_the_header_or_in_the_payload() {
    let (_database, server) = server_with_jwts(&[]).await;
    let good = bearer(&expiring_in(600));
    for key in ["authorization", "Authorization"] {
        Client::open(&server).await.initialised(&json!({ key: good })).await.close().await;
    }
    let by_header = Client::try_open(&server.url, &[("authorization", &good)]).await.unwrap();
    let payload = json!({ "authorization": "nonsense" });
    let mut client = by_header.initialised(&payload).await;
    client.subscribe("a", "{ inventories { totalCount } }", json!({})).await;
    assert_eq!(client.hears().await["payload"]["data"]["inventories"]["totalCount"], "0");
    for (payload, reason) in [
        (json!({}), "there is no token"),
        (json!({ "authorization": "nonsense" }), "Bearer TOKEN"),
        (json!({ "authorization": 1 }), "Bearer TOKEN"),
        (json!({ "authorization": "Bearer x.y.z" }), "not valid for this server"),
        (json!({ "authorization": bearer(&expiring_in(-5)) }), "has expired"),
    ] {
        let (code, told) = refused(&server, &payload).await;
        assert_eq!(code, 4403, "{payload}");
        assert!(told.starts_with("Forbidden: ") && told.contains(reason), "{told}");
    }
    let bad = Client::try_open(&server.url, &[("authorization", "Bearer x")]).await.unwrap();
    let mut bad = bad;
    bad.say(&json!({ "type": "connection_init", "payload": { "authorization": good } })).await;
    assert_eq!(bad.closed().await.0, 4403, "the header goes before the payload");
}

/// What a caller may not do is an error of the operation, and the socket stays.
#[tokio::test]
async fn scopes_hold_over_a_socket() {
    let (_database, server) = server_with_jwts(&[]).await;
    let reader = hs256(&claims_with("scope", json!("stock:read")), SECRET.as_bytes());
    let payload = json!({ "authorization": bearer(&reader) });
    let mut client = Client::open(&server).await.initialised(&payload).await;
    client.deduct("a", 1001).await;
    let next = client.hears().await;
    assert_eq!(next["payload"]["errors"][0]["extensions"]["code"], "FORBIDDEN", "{next}");
    assert_eq!(client.hears().await["type"], "complete");
    client.subscribe("a", "{ inventories { totalCount } }", json!({})).await;
    assert_eq!(client.hears().await["type"], "next");
}

#[tokio::test]
async fn a_socket_is_closed_when_its_token_expires() {
    let (_database, server) = server_with_jwts(&[]).await;
    let began = Instant::now();
    let token = bearer(&expiring_in(2));
    let mut client =
        Client::open(&server).await.initialised(&json!({ "authorization": token })).await;
    client.subscribe("a", "{ inventories { totalCount } }", json!({})).await;
    assert_eq!(client.hears().await["type"], "next");
    let expired = (4403, "Forbidden: the token has expired".to_owned());
    assert_eq!(client.closed().await, expired);
    // Long before it is looked at by the clock.
    let took = began.elapsed();
    assert!(took < Duration::from_secs(4), "{took:?}");
}

#[tokio::test]
async fn a_socket_is_closed_soon_after_its_key_was_revoked() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let mut settings = variables(&[("api_keys", "true"), ("api_key_cache_ms", "100")]);
    settings.push(("STOCKFLOW_LIVE__TOKEN_CHECK_INTERVAL_MS".to_owned(), "100".to_owned()));
    let settings: Vec<(&str, &str)> =
        settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let server = TestServer::start_with(&database.url, &[], &settings).await;
    let key = create(&database, "shop", None, &ALL).await;
    let other = create(&database, "other", None, &ALL).await;
    let by_key = |key: &str| json!({ "authorization": bearer(key) });
    let mut revoked = Client::open(&server).await.initialised(&by_key(&key)).await;
    let mut good = Client::open(&server).await.initialised(&by_key(&other)).await;
    assert_eq!(token(&database.url, &["revoke", id(&key)]).await.0, Some(0));
    let refused = (4403, "Forbidden: the token is not valid for this server".to_owned());
    assert_eq!(revoked.closed().await, refused);
    good.subscribe("a", "{ __typename }", json!({})).await;
    assert_eq!(good.hears().await["type"], "next", "others stay");
}

/// While it cannot be told whether a key holds, its socket stays, and begins nothing.
async fn what_cannot_be_told_closes_no_socket(kind: ServerKind) {
    let Some(mut own) = OwnServer::start(kind).await else { return };
    let url = own.create_database().await;
    let wish = ["create", "--label", "shop", "--all-merchants", "--scope", "stock:read"];
    let (_code, key, _) = token(&url, &wish).await;
    let settings = [("api_keys", "true"), ("api_key_cache_ms", "50")];
    let mut settings = variables(&settings);
    settings.push(("STOCKFLOW_LIVE__TOKEN_CHECK_INTERVAL_MS".to_owned(), "100".to_owned()));
    let settings: Vec<(&str, &str)> =
        settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let server = TestServer::start_with(&url, &[], &settings).await;
    let payload = json!({ "authorization": bearer(key.trim_end()) });
    let mut client = Client::open(&server).await.initialised(&payload).await;
    own.kill();
    // What it is answered, each time that it asks.
    let mut asked = 0;
    let mut answered = async |client: &mut Client| {
        asked += 1;
        client.subscribe(&asked.to_string(), "{ __typename }", json!({})).await;
        let told = client.hears().await;
        if told["type"] == "next" {
            assert_eq!(client.hears().await["type"], "complete");
            return String::new();
        }
        told["payload"][0]["extensions"]["code"].as_str().unwrap().to_owned()
    };
    while answered(&mut client).await != "UNAVAILABLE" {}
    assert_eq!(refused(&server, &payload).await.0, 1013, "who comes now may come again later");
    own.restart().await;
    while !answered(&mut client).await.is_empty() {}
}

on_each_kind!(what_cannot_be_told_closes_no_socket);

#[tokio::test]
async fn each_init_and_each_operation_is_a_request_of_its_caller() {
    let (_database, server) = server(&[
        ("STOCKFLOW_LIMITS__REQUESTS_PER_SECOND", "1"),
        ("STOCKFLOW_LIMITS__REQUESTS_BURST", "5"),
    ])
    .await;
    let mut client = Client::ready(&server).await;
    let mut limited = None;
    for id in 0..10 {
        client.subscribe(&id.to_string(), "{ __typename }", json!({})).await;
        let told = client.hears().await;
        if told["type"] == "error" {
            limited = Some(told["payload"][0]["extensions"].clone());
            break;
        }
        assert_eq!(client.hears().await["type"], "complete");
    }
    let limited = limited.expect("one of ten in a moment is too many");
    assert_eq!(limited["code"], "RATE_LIMITED");
    let after = limited["retryAfterMs"].as_u64().unwrap();
    assert!((1..=1_000).contains(&after), "{after}");
    let mut other = Client::open(&server).await;
    other.say(&json!({ "type": "connection_init" })).await;
    let (code, reason) = other.closed().await;
    assert_eq!(code, 1013, "{reason}");
}

#[tokio::test]
async fn a_caller_has_so_many_sockets_and_no_more() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let mut settings = variables(&[("api_keys", "true")]);
    settings.push(("STOCKFLOW_LIVE__SOCKETS_PER_CALLER_MAX".to_owned(), "2".to_owned()));
    let settings: Vec<(&str, &str)> =
        settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let server = TestServer::start_with(&database.url, &[], &settings).await;
    let (one, other) =
        (create(&database, "a", None, &ALL).await, create(&database, "b", None, &ALL).await);
    let by_key = |key: &str| json!({ "authorization": bearer(key) });
    let first = Client::open(&server).await.initialised(&by_key(&one)).await;
    let _second = Client::open(&server).await.initialised(&by_key(&one)).await;
    assert_eq!(refused(&server, &by_key(&one)).await.0, 1013);
    let _of_another = Client::open(&server).await.initialised(&by_key(&other)).await;
    first.close().await;
    let clerk = server.with_token(&one);
    clerk.metrics_when(|text| metric(text, "stockflow_sockets_open") == 2).await;
    Client::open(&server).await.initialised(&by_key(&one)).await;
}

/// Neither the token nor what is told of it is anywhere in the log.
#[tokio::test]
async fn no_token_is_in_the_log() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let mut settings = variables(&[("api_keys", "true")]);
    settings.push(("STOCKFLOW_LOG__FILTER".to_owned(), "trace,sqlx=warn".to_owned()));
    let settings: Vec<(&str, &str)> =
        settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let file = std::process::Stdio::from(std::fs::File::create(&path).unwrap());
    let key = create(&database, "shop", None, &ALL).await;
    let server = TestServer::start_logged(file, &database, &settings).await;
    let payload = json!({ "authorization": bearer(&key) });
    Client::open(&server).await.initialised(&payload).await.close().await;
    let header = [("authorization", &*bearer(&key))];
    let by_header = Client::try_open(&server.url, &header).await.unwrap();
    by_header.initialised(&json!({})).await.close().await;
    let clerk = server.with_token(&key);
    clerk.metrics_when(|text| metric(text, "stockflow_sockets_open") == 0).await;
    server.terminate();
    assert_eq!(server.exit_code().await, Some(0));
    let log = std::fs::read_to_string(path).unwrap();
    // The key without what everybody may see of it.
    let secret = key.rsplit('_').next().unwrap();
    assert!(log.contains("socket") && log.contains("key:shop"), "{log}");
    assert!(!log.contains(secret), "the key is in the log");
}
