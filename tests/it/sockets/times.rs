//! For how long a socket is kept on which nothing is said, or nothing is read.

use std::time::{Duration, Instant};

use futures_util::SinkExt as _;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_tungstenite::tungstenite::Message;

use super::client::{Client, FOLLOW};
use super::server;
use crate::support::metric;

/// A question with an answer of some 100 kB.
const LONG: &str = "{ __schema { types { name description fields { name description } } } }";

#[tokio::test]
async fn who_does_not_initialise_the_connection_in_time_is_let_go() {
    let (_database, server) = server(&[("STOCKFLOW_LIVE__INIT_TIMEOUT_MS", "300")]).await;
    let began = Instant::now();
    let mut silent = Client::open(&server).await;
    let overdue = (4408, "Connection initialisation timeout".to_owned());
    assert_eq!(silent.closed().await, overdue);
    assert!(began.elapsed() >= Duration::from_millis(300));
    // Pings are no initialisation.
    let mut pinging = Client::open(&server).await;
    for _ping in 0..3 {
        pinging.say(&json!({ "type": "ping" })).await;
    }
    assert_eq!(pinging.closed().await, overdue);
}

/// A socket on which nothing is said lives for as long as its client answers pings, however short a
/// connection may rest otherwise.
#[tokio::test]
async fn a_client_that_answers_pings_is_kept() {
    let (_database, server) = server(&[
        ("STOCKFLOW_LIVE__PING_INTERVAL_MS", "500"),
        ("STOCKFLOW_LIMITS__IDLE_TIMEOUT_MS", "200"),
        ("STOCKFLOW_LIMITS__HEADER_TIMEOUT_MS", "200"),
        ("STOCKFLOW_LIMITS__REQUEST_TIMEOUT_MS", "200"),
    ])
    .await;
    let mut client = Client::ready(&server).await;
    for _ping in 0..4 {
        client.is_pinged().await;
    }
    client.subscribe("a", "{ __typename }", json!({})).await;
    assert_eq!(client.hears().await["type"], "next");
    client.close().await;
}

#[tokio::test]
async fn a_client_that_answers_nothing_is_let_go() {
    let (_database, server) = server(&[("STOCKFLOW_LIVE__PING_INTERVAL_MS", "200")]).await;
    let mut client = Client::ready(&server).await;
    // Without the library, which would answer.
    let mut bytes = Vec::new();
    client.socket.get_mut().read_to_end(&mut bytes).await.unwrap();
    // A ping, and then the close frame with its code.
    assert_eq!(bytes[..2], [0x89, 0], "{bytes:?}");
    assert_eq!(bytes[2], 0x88, "{bytes:?}");
    assert_eq!(u16::from_be_bytes([bytes[4], bytes[5]]), 1001);
}

/// Bytes that trickle do not keep a socket, if they never finish a message.
#[tokio::test]
async fn a_client_that_does_not_finish_a_message_is_let_go() {
    let (_database, server) = server(&[("STOCKFLOW_LIMITS__IDLE_TIMEOUT_MS", "600")]).await;
    let mut client = Client::ready(&server).await;
    let stream = client.socket.get_mut();
    // The head of a text of 64 kB, with a mask of zeros.
    stream.write_all(&[0x81, 0xfe, 0xff, 0xff, 0, 0, 0, 0]).await.unwrap();
    let mut ticks = tokio::time::interval(Duration::from_millis(50));
    while stream.write_all(b"x").await.is_ok() {
        ticks.tick().await;
    }
    let text = server.metrics_when(|text| metric(text, "stockflow_sockets_open") == 0).await;
    assert_eq!(metric(&text, "stockflow_sockets_closed_total{code=\"1001\"}"), 1);
}

/// What a client does not read waits with the client: nothing more is executed for it, what it sends
/// is soon not read, and after a while it is let go.
#[tokio::test]
async fn a_client_that_does_not_read_is_let_go() {
    let (_database, server) = server(&[("STOCKFLOW_LIMITS__IDLE_TIMEOUT_MS", "1000")]).await;
    let mut client = Client::ready(&server).await;
    let resident = |text: &str| metric(text, "stockflow_process_resident_memory_bytes");
    let before = resident(&server.metrics().await);
    // Some 100 kB of answer each, until the server takes no more, and then lets go.
    let variables = json!({ "padding": "x".repeat(100_000) });
    for id in 0_u64.. {
        let payload = json!({ "query": LONG, "variables": variables });
        let sent = json!({ "type": "subscribe", "id": id.to_string(), "payload": payload });
        if client.socket.send(Message::text(sent.to_string())).await.is_err() {
            break;
        }
    }
    let text = server.metrics_when(|text| metric(text, "stockflow_sockets_open") == 0).await;
    assert_eq!(metric(&text, "stockflow_sockets_closed_total{code=\"unread\"}"), 1);
    let grown = resident(&text).saturating_sub(before);
    assert!(grown < 64 * 1024 * 1024, "{grown} bytes more");
}

/// What was begun goes on whether its client reads or not: its time runs out, and it gives back what it
/// holds.
#[tokio::test]
async fn what_is_under_way_goes_on_while_its_client_does_not_read() {
    let (database, server) = server(&[("STOCKFLOW_LIMITS__REQUEST_TIMEOUT_MS", "3000")]).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    let mut client = Client::ready(&server).await;
    client.deduct("a", 1001).await;
    server.metrics_when(|text| crate::support::metrics::begun(text) == 2).await;
    // Until the server reads no more, for so much waits to be read by the client.
    let padding = "x".repeat(10_000);
    for id in 0_u64.. {
        let payload = json!({ "query": LONG, "variables": { "padding": padding } });
        let sent = json!({ "type": "subscribe", "id": id.to_string(), "payload": payload });
        let sent = client.socket.send(Message::text(sent.to_string()));
        if tokio::time::timeout(Duration::from_secs(1), sent).await.is_err() {
            break;
        }
    }
    let timed_out = |text: &str| {
        let mut outcomes = text.lines().filter(|line| line.contains("outcome=\"TIMEOUT\""));
        outcomes.any(|line| !line.ends_with(" 0"))
    };
    server.metrics_when(timed_out).await;
    held.rollback().await.unwrap();
}

/// What is given up is gone at once, also while its client does not read.
#[tokio::test]
async fn what_is_given_up_is_gone_while_nothing_is_read() {
    let (_database, server) = server(&[]).await;
    let mut client = Client::ready(&server).await;
    // More than the network takes, in fewer messages than may wait before nothing is read.
    let schema = "__schema { types { name description fields { name description } } }";
    let aliases = (0..8).map(|alias| format!("_{alias}: {schema}")).collect::<Vec<_>>();
    let longer = format!("{{ {} }}", aliases.join(" "));
    for id in 0..12 {
        client.subscribe(&id.to_string(), &longer, json!({})).await;
    }
    for number in 0..400 {
        let id = format!("live {number}");
        client.subscribe(&id, FOLLOW, json!({})).await;
        client.say(&json!({ "type": "complete", "id": id })).await;
    }
    for id in 0..12 {
        client.say(&json!({ "type": "complete", "id": id.to_string() })).await;
    }
    server.metrics_when(|text| metric(text, "stockflow_sockets_operations_under_way") == 0).await;
    client.subscribe("last", "{ __typename }", json!({})).await;
    while client.hears().await["id"] != "last" {}
}

/// An operation over a socket has the time of a request.
#[tokio::test]
async fn an_operation_has_the_time_of_a_request() {
    let (database, server) = server(&[("STOCKFLOW_LIMITS__REQUEST_TIMEOUT_MS", "300")]).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    let mut client = Client::ready(&server).await;
    client.deduct("a", 1001).await;
    let error = client.hears().await;
    assert_eq!(error["type"], "error", "{error}");
    assert_eq!(error["payload"][0]["extensions"]["code"], "TIMEOUT");
    assert_eq!(error["payload"][0]["extensions"]["retryable"], true);
    held.rollback().await.unwrap();
}

/// Operations take the places of requests.
#[tokio::test]
async fn an_operation_has_the_place_of_a_request() {
    let (database, server) = server(&[("STOCKFLOW_LIMITS__CONCURRENT_REQUESTS_MAX", "2")]).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    let mut client = Client::ready(&server).await;
    for id in ["a", "b", "c"] {
        client.deduct(id, 1001).await;
    }
    let error = client.hears().await;
    assert_eq!((&error["id"], &error["type"]), (&json!("c"), &json!("error")), "{error}");
    assert_eq!(error["payload"][0]["extensions"]["code"], "BUSY");
    held.rollback().await.unwrap();
    for _message in 0..4 {
        client.hears().await;
    }
    client.subscribe("c", "{ __typename }", json!({})).await;
    assert_eq!(client.hears().await["type"], "next");
}
