//! Sockets when the server stops.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::client::{Client, FOLLOW};
use super::server;
use crate::support::metrics::begun;
use crate::support::{TestServer, metric};

const STOPPING: &str = "Going away: the server is stopping";

/// A socket that rests is closed, and so is one on which answers keep coming: not as if these had come
/// to their end, for its client is to ask another server for the rest.
#[tokio::test]
async fn sockets_are_closed_with_going_away() {
    let (_database, server) = server(&[]).await;
    let mut resting = Client::ready(&server).await;
    let mut waiting = Client::open(&server).await;
    let mut following = Client::ready(&server).await;
    following.subscribe("a", FOLLOW, json!({})).await;
    server.metrics_when(|text| metric(text, "stockflow_sockets_operations_total") == 1).await;
    server.terminate();
    let stopping = (1001, STOPPING.to_owned());
    assert_eq!(resting.closed().await, stopping);
    assert_eq!(waiting.closed().await, stopping);
    let next: Value = match futures_util::StreamExt::next(&mut following.socket).await {
        Some(Ok(Message::Close(Some(frame)))) => json!(u16::from(frame.code)),
        other => panic!("{other:?}"),
    };
    assert_eq!(next, 1001, "no complete comes before that");
    drop((resting, waiting, following));
    assert_eq!(server.exit_code().await, Some(0));
}

/// What is under way is answered first, and nothing is begun any more.
#[tokio::test]
async fn what_is_under_way_is_finished() {
    let (database, server) = server(&[]).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    let mut client = Client::ready(&server).await;
    client.deduct("a", 1001).await;
    server.metrics_when(|text| begun(text) == 2).await;
    server.terminate();
    // The server goes on for a moment; then it begins nothing.
    let mut number = 0;
    let error = loop {
        number += 1;
        client.subscribe(&number.to_string(), "{ __typename }", json!({})).await;
        let told = client.hears().await;
        if told["type"] == "error" {
            break told;
        }
        assert_eq!(client.hears().await["type"], "complete");
    };
    let extensions = &error["payload"][0]["extensions"];
    assert_eq!(
        (&extensions["code"], &extensions["retryable"]),
        (&json!("UNAVAILABLE"), &json!(true))
    );
    held.rollback().await.unwrap();
    let next = client.hears().await;
    assert_eq!((&next["id"], &next["type"]), (&json!("a"), &json!("next")), "{next}");
    assert_eq!(client.hears().await["type"], "complete");
    assert_eq!(client.closed().await, (1001, STOPPING.to_owned()));
    drop(client);
    assert_eq!(server.exit_code().await, Some(0));
    let left = TestServer::start(&database).await.left(1001).await;
    assert_eq!(left, 9);
    database.audit().await;
}

/// Patience has an end: who still waits then is told, and who does not read is left behind.
#[tokio::test]
async fn the_server_stops_whatever_its_clients_do() {
    let (database, server) = server(&[("STOCKFLOW_SERVER__SHUTDOWN_TIMEOUT_MS", "300")]).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    let mut waiting = Client::ready(&server).await;
    waiting.deduct("a", 1001).await;
    let mut deaf = Client::ready(&server).await;
    let padding = json!({ "type": "ping", "payload": { "padding": "x".repeat(100_000) } });
    let padding = padding.to_string();
    let fill = async {
        loop {
            let sent = futures_util::SinkExt::send(&mut deaf.socket, Message::text(&*padding));
            if sent.await.is_err() {
                return;
            }
        }
    };
    let stop = async {
        server.metrics_when(|text| begun(text) == 2).await;
        server.terminate();
        let error = waiting.hears().await;
        assert_eq!(error["payload"][0]["extensions"]["code"], "UNAVAILABLE", "{error}");
        assert_eq!(waiting.closed().await, (1001, STOPPING.to_owned()));
        held.rollback().await.unwrap();
    };
    tokio::join!(fill, stop);
    drop(waiting);
    assert_eq!(server.exit_code().await, Some(0));
}
