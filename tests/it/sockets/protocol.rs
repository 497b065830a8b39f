//! The messages of the protocol, and the codes with which a socket is closed.

use futures_util::SinkExt as _;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio_tungstenite::tungstenite::Message;

use super::client::{Client, FOLLOW};
use super::server;
use crate::support::{TestServer, metric};

const QUESTION: &str = "{ __typename }";

/// With which code and reason a socket is closed when a client that was not acknowledged says this.
async fn closed_by(server: &TestServer, message: &str) -> (u16, String) {
    let mut client = Client::open(server).await;
    client.send(Message::text(message)).await;
    client.closed().await
}

#[tokio::test]
async fn what_is_no_message_of_the_protocol_closes_the_socket_with_what_is_wrong() {
    let (_database, server) = server(&[]).await;
    let long = format!(r#"{{"type":"{}"}}"#, "ä".repeat(500));
    for (message, part) in [
        ("", "not JSON"),
        ("nonsense", "not JSON"),
        ("[]", "an object"),
        (r#"{"type":"start"}"#, "there is no type start"),
        (r#"{"type":"next","id":"1"}"#, "next is for the server to send"),
        (r#"{"type":"connection_init","payload":1}"#, "payload"),
        (r#"{"type":"subscribe","id":"1","payload":{}}"#, "query is missing"),
        (&long, "there is no type ää"),
    ] {
        let (code, reason) = closed_by(&server, message).await;
        assert_eq!(code, 4400, "{message}: {reason}");
        assert!(reason.starts_with("Invalid message: ") && reason.contains(part), "{reason}");
        assert!(reason.len() <= 123, "{reason}");
    }
    let mut client = Client::open(&server).await;
    client.send(Message::binary(r#"{"type":"connection_init"}"#)).await;
    assert_eq!(client.closed().await.0, 4400, "what is binary");
    let counted = "stockflow_sockets_closed_total{code=\"4400\"}";
    server.metrics_when(|text| metric(text, counted) == 9).await;
}

#[tokio::test]
async fn a_connection_is_initialised_once_and_before_all_else() {
    let (_database, server) = server(&[]).await;
    let subscribe = r#"{"type":"subscribe","id":"1","payload":{"query":"{ __typename }"}}"#;
    let unauthorized = (4401, "Unauthorized".to_owned());
    assert_eq!(closed_by(&server, subscribe).await, unauthorized);
    let mut client = Client::ready(&server).await;
    client.say(&json!({ "type": "connection_init" })).await;
    let too_many = (4429, "Too many initialisation requests".to_owned());
    assert_eq!(client.closed().await, too_many);
}

#[tokio::test]
async fn an_operation_is_answered_and_over() {
    let (database, server) = server(&[]).await;
    server.create(1001, 10).await;
    let mut client = Client::ready(&server).await;
    client.subscribe("a", QUESTION, json!({})).await;
    let next =
        json!({ "id": "a", "type": "next", "payload": { "data": { "__typename": "Query" } } });
    assert_eq!(client.hears().await, next);
    assert_eq!(client.hears().await, json!({ "id": "a", "type": "complete" }));
    // Its id may be used again.
    client.deduct("a", 1001).await;
    let payload = client.hears().await["payload"].clone();
    let done = json!({ "inventoryDeduct": { "replayed": false, "userErrors": [] } });
    assert_eq!(payload["data"], done);
    assert_eq!(client.hears().await["type"], "complete");
    assert_eq!(server.left(1001).await, 9);
    client.close().await;
    database.audit().await;
    let text = server.metrics_when(|text| metric(text, "stockflow_sockets_open") == 0).await;
    assert_eq!(metric(&text, "stockflow_sockets_operations_total"), 2);
    assert_eq!(metric(&text, "stockflow_sockets_operations_under_way"), 0);
    assert_eq!(metric(&text, "stockflow_sockets_results_total"), 2);
}

/// What is refused before it is executed is an error, and over; what fails while it is executed has
/// its errors beside its data.
#[tokio::test]
async fn a_refusal_is_an_error_with_a_code() {
    let (_database, server) = server(&[]).await;
    let mut client = Client::ready(&server).await;
    for (query, code) in [
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("query($id: ID!) { inventory(skuId: $id) { skuId } }", "BAD_USER_INPUT"),
    ] {
        client.subscribe("a", query, json!({})).await;
        let error = client.hears().await;
        assert_eq!((&error["id"], &error["type"]), (&json!("a"), &json!("error")), "{error}");
        let extensions = &error["payload"][0]["extensions"];
        assert_eq!(extensions["code"], code, "{error}");
        assert_eq!(extensions["retryable"], false);
        assert!(extensions["requestId"].is_string());
    }
    client.subscribe("a", "{ inventories(first: -1) { totalCount } }", json!({})).await;
    let next = client.hears().await;
    assert_eq!(next["type"], "next", "{next}");
    assert_eq!(next["payload"]["errors"][0]["extensions"]["code"], "INVALID_ARGUMENT");
    assert_eq!(client.hears().await["type"], "complete");
    let read_after = json!({ "stockflow-read-after": "nonsense" });
    let payload = json!({ "query": QUESTION, "extensions": read_after });
    client.say(&json!({ "type": "subscribe", "id": "a", "payload": payload })).await;
    assert_eq!(client.hears().await["payload"][0]["extensions"]["code"], "BAD_REQUEST");
}

#[tokio::test]
async fn pings_are_answered_with_what_they_carry() {
    let (_database, server) = server(&[]).await;
    let mut client = Client::open(&server).await;
    client.say(&json!({ "type": "ping" })).await;
    assert_eq!(client.hears().await, json!({ "type": "pong" }));
    let payload = json!({ "at": 1.5, "who": ["a", null] });
    client.say(&json!({ "type": "ping", "payload": payload })).await;
    assert_eq!(client.hears().await, json!({ "type": "pong", "payload": payload }));
    client.say(&json!({ "type": "pong" })).await;
    let mut client = client.initialised(&json!({})).await;
    client.say(&json!({ "type": "complete", "id": "unknown" })).await;
    client.say(&json!({ "type": "ping" })).await;
    assert_eq!(client.hears().await, json!({ "type": "pong" }), "nobody minds what has ended");
}

/// What a client has given up is heard of no more; what the ledger has of it is carried out.
#[tokio::test]
async fn an_id_is_used_once_at_a_time_and_given_up_by_its_client() {
    let (database, server) = server(&[]).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    let mut client = Client::ready(&server).await;
    client.deduct("a", 1001).await;
    server.metrics_when(|text| crate::support::metrics::begun(text) == 2).await;
    client.say(&json!({ "type": "complete", "id": "a" })).await;
    server.metrics_when(|text| metric(text, "stockflow_sockets_operations_under_way") == 0).await;
    client.subscribe("a", QUESTION, json!({})).await;
    assert_eq!(client.hears().await["payload"]["data"]["__typename"], "Query");
    assert_eq!(client.hears().await["type"], "complete");
    client.subscribe("b", FOLLOW, json!({})).await;
    client.subscribe("b", QUESTION, json!({})).await;
    let exists = (4409, "Subscriber for b already exists".to_owned());
    assert_eq!(client.closed().await, exists);
    held.rollback().await.unwrap();
    crate::servers::until("it is carried out", async || server.left(1001).await == 9).await;
    database.audit().await;
}

#[tokio::test]
async fn there_are_so_many_operations_on_a_socket_and_no_more() {
    let (database, server) = server(&[("STOCKFLOW_LIVE__OPERATIONS_PER_SOCKET_MAX", "3")]).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    let mut client = Client::ready(&server).await;
    for id in ["a", "b", "c"] {
        client.deduct(id, 1001).await;
    }
    client.subscribe("d", QUESTION, json!({})).await;
    let error = client.hears().await;
    assert_eq!((&error["id"], &error["type"]), (&json!("d"), &json!("error")));
    assert_eq!(error["payload"][0]["extensions"]["code"], "BUSY");
    assert_eq!(error["payload"][0]["extensions"]["retryable"], true);
    held.rollback().await.unwrap();
    for _message in 0..6 {
        assert_ne!(client.hears().await["type"], "error");
    }
    client.subscribe("d", QUESTION, json!({})).await;
    assert_eq!(client.hears().await["type"], "next");
}

#[tokio::test]
async fn what_websocket_forbids_closes_the_socket() {
    let (_database, server) = server(&[("STOCKFLOW_SERVER__BODY_BYTES_MAX", "2048")]).await;
    let mut client = Client::ready(&server).await;
    client.send(Message::text(" ".repeat(2_049))).await;
    let (code, reason) = client.closed().await;
    assert_eq!(code, 1009);
    assert!(reason.contains("2048"), "{reason}");
    // A text frame with its mask, which is zero: no UTF-8; one without a mask; one of no kind.
    for (bytes, code) in [
        (&[0x81, 0x81, 0, 0, 0, 0, 0xff][..], 1007),
        (&[0x81, 0x01, b'x'], 1002),
        (&[0x83, 0x80, 0, 0, 0, 0], 1002),
    ] {
        let mut client = Client::ready(&server).await;
        client.socket.get_mut().write_all(bytes).await.unwrap();
        assert_eq!(client.closed().await.0, code, "{bytes:?}");
    }
}

/// Who has not said yet who they are is not listened to for long.
#[tokio::test]
async fn whoever_is_not_known_is_not_read_without_an_end() {
    let (_database, server) = server(&[]).await;
    let mut client = Client::open(&server).await;
    let payload = json!({ "padding": "x".repeat(20_000) });
    client.say(&json!({ "type": "connection_init", "payload": payload })).await;
    assert_eq!(client.closed().await.0, 1009);
    let mut client = Client::ready(&server).await;
    client.subscribe("a", QUESTION, payload).await;
    assert_eq!(client.hears().await["type"], "next", "who is known is");
}

#[tokio::test]
async fn a_long_ping_closes_the_socket() {
    let (_database, server) = server(&[]).await;
    let mut client = Client::ready(&server).await;
    let payload = json!({ "padding": "x".repeat(1_024) });
    client.say(&json!({ "type": "ping", "payload": payload })).await;
    let (code, reason) = client.closed().await;
    assert_eq!(code, 4400);
    assert!(reason.contains("1024 bytes"), "{reason}");
}

/// What is no operation is no request of its caller, and is bounded all the same.
#[tokio::test]
async fn a_flood_of_messages_closes_the_socket() {
    let (_database, server) = server(&[]).await;
    let complete = json!({ "type": "complete", "id": "unknown" }).to_string();
    for message in [Message::text(complete), Message::Ping("x".into())] {
        let mut client = Client::ready(&server).await;
        while client.socket.send(message.clone()).await.is_ok() {}
        server.metrics_when(|text| metric(text, "stockflow_sockets_open") == 0).await;
    }
    let text = server.metrics().await;
    assert_eq!(metric(&text, "stockflow_sockets_closed_total{code=\"1013\"}"), 2);
}

/// A long answer comes in pieces, and whole.
#[tokio::test]
async fn a_long_answer_is_whole() {
    let (_database, server) = server(&[]).await;
    let query = "{ __schema { types { name description fields { name description } } } }";
    let by_post = server.graphql(query, json!({})).await;
    assert!(by_post.0.to_string().len() > 50_000);
    let mut client = Client::ready(&server).await;
    client.subscribe("a", query, json!({})).await;
    assert_eq!(client.hears().await["payload"], by_post.0);
}

/// 20,000 subscriptions on one socket: the server takes as many as it says, answers each of the others,
/// and does not grow.
#[tokio::test]
async fn a_flood_of_operations_stays_bounded() {
    const FLOOD: usize = 20_000;
    let (_database, server) = server(&[]).await;
    let mut client = Client::ready(&server).await;
    let resident = |text: &str| metric(text, "stockflow_process_resident_memory_bytes");
    let before = resident(&server.metrics().await);
    let mut refused = 0;
    for batch in 0..FLOOD / 100 {
        for number in 0..100 {
            client.subscribe(&format!("{batch} {number}"), FOLLOW, json!({})).await;
        }
        let due = if batch == 0 { 50 } else { 100 };
        for _refusal in 0..due {
            let error: Value = client.hears().await;
            assert_eq!(error["payload"][0]["extensions"]["code"], "BUSY", "{error}");
            refused += 1;
        }
    }
    assert_eq!(refused, FLOOD - 50);
    let text = server.metrics().await;
    assert_eq!(metric(&text, "stockflow_sockets_operations_under_way"), 50);
    let grown = resident(&text).saturating_sub(before);
    assert!(grown < 32 * 1024 * 1024, "{grown} bytes more");
}
