//! Bytes at random over a socket: whatever comes, the server closes the socket with a code of its own,
//! or answers; it tells nothing of a panic, and serves the next.

use std::process::Stdio;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_tungstenite::tungstenite::Message;

use super::client::Client;
use crate::support::{Kind, TestDatabase, TestServer, metric};

const CASES: u64 = 300;

/// The pieces that messages are made of.
const PIECES: [&str; 18] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "1e999",
    "\"type\"",
    "\"id\"",
    "\"payload\"",
    "\"query\"",
    "\"subscribe\"",
    "\"connection_init\"",
    "\"complete\"",
    "\"ping\"",
    "\"\\u0000\\ud800\"",
    "ä",
];

/// A message that is nearly one.
fn message(random: &mut fastrand::Rng) -> String {
    let whole = [
        json!({ "type": "connection_init" }).to_string(),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": "{ __typename }" } })
            .to_string(),
        json!({ "type": "ping", "payload": { "a": 1 } }).to_string(),
        json!({ "type": "complete", "id": "1" }).to_string(),
    ];
    match random.u8(..4) {
        0 => (0..random.usize(..20)).map(|_piece| PIECES[random.usize(..PIECES.len())]).collect(),
        1 => {
            let mut bytes = whole[random.usize(..whole.len())].clone().into_bytes();
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..128);
            String::from_utf8(bytes).unwrap()
        }
        _ => whole[random.usize(..whole.len())].clone(),
    }
}

/// Sends messages that are nearly right until the server closes the socket, or it was enough.
async fn nearly_right(server: &TestServer, random: &mut fastrand::Rng) {
    let mut client = Client::open(server).await;
    for _message in 0..random.usize(1..8) {
        let message = if random.u8(..10) == 0 {
            Message::binary(vec![random.u8(..); random.usize(..50)])
        } else {
            Message::text(message(random))
        };
        if futures_util::SinkExt::send(&mut client.socket, message).await.is_err() {
            break;
        }
    }
}

/// Sends bytes that are hardly frames, and reads until the server has had enough.
async fn hardly_frames(server: &TestServer, random: &mut fastrand::Rng) {
    let mut client = Client::ready(server).await;
    let stream = client.socket.get_mut();
    let mut bytes: Vec<u8> = (0..random.usize(1..200)).map(|_byte| random.u8(..)).collect();
    if random.bool() {
        // The head of a text, of a ping or of a close, with a mask.
        bytes[0] = [0x81, 0x01, 0x80, 0x89, 0x88][random.usize(..5)];
        if let Some(length) = bytes.get_mut(1) {
            *length |= 0x80;
        }
    }
    if stream.write_all(&bytes).await.is_ok() && stream.shutdown().await.is_ok() {
        let mut read = Vec::new();
        // The server may break the connection off.
        stream.read_to_end(&mut read).await.ok();
    }
}

#[tokio::test]
async fn no_bytes_harm_the_server() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let log = Stdio::from(std::fs::File::create(&path).unwrap());
    let server = TestServer::start_logged(log, &database, &[]).await;
    let seed = std::env::var("STOCKFLOW_FUZZ_SEED")
        .map_or_else(|_unset| fastrand::u64(..), |seed| seed.parse().unwrap());
    for case in 0..CASES {
        let seed = seed.wrapping_add(case);
        let mut random = fastrand::Rng::with_seed(seed);
        let tried = async {
            if random.bool() {
                nearly_right(&server, &mut random).await;
            } else {
                hardly_frames(&server, &mut random).await;
            }
        };
        let minute = std::time::Duration::from_mins(1);
        let done = tokio::time::timeout(minute, tried).await;
        assert!(done.is_ok(), "STOCKFLOW_FUZZ_SEED={seed} is not answered");
    }
    server.metrics_when(|text| metric(text, "stockflow_sockets_open") == 0).await;
    let mut client = Client::ready(&server).await;
    client.subscribe("a", "{ __typename }", json!({})).await;
    assert_eq!(client.hears().await["type"], "next");
    client.close().await;
    server.terminate();
    assert_eq!(server.exit_code().await, Some(0));
    let log = std::fs::read_to_string(path).unwrap();
    for word in ["ERROR", "panicked"] {
        assert!(!log.contains(word), "STOCKFLOW_FUZZ_SEED={seed}: {log}");
    }
}
