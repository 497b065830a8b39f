//! What a client may ask of a connection: its time to send the head of a request and to rest, the
//! head's size; and how many connections there may be.

use std::process::Command;

use super::server;
use super::wire::{Wire, question};
use crate::support::{Kind, TestDatabase, TestServer, code};

#[tokio::test]
async fn a_head_that_does_not_come_ends_the_connection() {
    let (_database, server) = server(&[("STOCKFLOW_LIMITS__HEADER_TIMEOUT_MS", "2000")]).await;
    for sent in ["", "POST /graphql HT", "GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-trickle: "]
    {
        let mut wire = Wire::connect(&server.url).await;
        wire.send(sent).await;
        assert_eq!(wire.closed().await, b"", "{sent}");
    }
    // After a request it is the same.
    let mut wire = Wire::connect(&server.url).await;
    wire.send(question()).await;
    assert_eq!(wire.answer().await.unwrap().status, 200);
    wire.send("POST /graphql HT").await;
    assert_eq!(wire.closed().await, b"");
    // Who sends it in pieces, but in time, is answered.
    let mut wire = Wire::connect(&server.url).await;
    let question = question();
    let (one, other) = question.split_at(20);
    wire.send(one).await;
    wire.send(other).await;
    assert_eq!(wire.answer().await.unwrap().status, 200);
}

/// A head may take less time than a rest, so it is not this that ends the connection.
#[tokio::test]
async fn a_connection_that_rests_ends() {
    let limits = [
        ("STOCKFLOW_LIMITS__HEADER_TIMEOUT_MS", "60000"),
        ("STOCKFLOW_LIMITS__IDLE_TIMEOUT_MS", "2000"),
    ];
    let (_database, server) = server(&limits).await;
    let mut wire = Wire::connect(&server.url).await;
    for _request in 0..3 {
        wire.send(question()).await;
        let answer = wire.answer().await.unwrap();
        assert_eq!(answer.status, 200);
        assert!(!answer.head.contains("connection: close"), "{}", answer.head);
    }
    assert_eq!(wire.closed().await, b"");
}

#[tokio::test]
async fn a_head_has_a_largest_size() {
    let (_database, server) = server(&[("STOCKFLOW_LIMITS__HEAD_BYTES_MAX", "8192")]).await;
    let begin = "GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-padding: ";
    for (bytes, status) in [(8_000, 200), (8_192, 200), (20_000, 431)] {
        let padding = "x".repeat(bytes - begin.len() - 4);
        let mut wire = Wire::connect(&server.url).await;
        wire.send(format!("{begin}{padding}\r\n\r\n")).await;
        assert_eq!(wire.answer().await.unwrap().status, status, "{bytes} bytes");
    }
    let many = "x-one: 1\r\n".repeat(101);
    let mut wire = Wire::connect(&server.url).await;
    wire.send(format!("GET /healthz HTTP/1.1\r\nhost: localhost\r\n{many}\r\n")).await;
    assert_eq!(wire.answer().await.unwrap().status, 431, "more than 100 fields");
}

#[tokio::test]
async fn there_are_so_many_connections_and_the_next_waits() {
    let (_database, server) = server(&[("STOCKFLOW_LIMITS__CONNECTIONS_MAX", "2")]).await;
    let mut inside = [Wire::connect(&server.url).await, Wire::connect(&server.url).await];
    for wire in &mut inside {
        wire.send(question()).await;
        assert_eq!(wire.answer().await.unwrap().status, 200);
    }
    let mut outside = Wire::connect(&server.url).await;
    outside.send(question()).await;
    for _round in 0..20 {
        for wire in &mut inside {
            wire.send(question()).await;
            assert_eq!(wire.answer().await.unwrap().status, 200);
        }
        assert!(outside.is_silent(), "it is answered beside two others");
    }
    drop(inside);
    assert_eq!(outside.answer().await.unwrap().status, 200);
}

/// The system gives no file descriptors any more: that is told once, those inside go on, and when
/// there are some again the others are let in.
#[tokio::test]
async fn a_server_without_file_descriptors_goes_on() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let (server, mut log) = TestServer::start_logging(&database.url, &[], &[]).await;
    let mut inside = Wire::connect(&server.url).await;
    inside.send(question()).await;
    assert_eq!(inside.answer().await.unwrap().status, 200);
    let open = std::fs::read_dir(format!("/proc/{}/fd", server.id())).unwrap().count();
    let limit = |count: usize| {
        let pid = server.id().to_string();
        let limit = format!("--nofile={count}:");
        let set = Command::new("prlimit").args(["--pid", &pid, &limit]).status().unwrap();
        assert!(set.success());
    };
    limit(open + 3);
    let mut others = Vec::new();
    for _connection in 0..20 {
        let mut wire = Wire::connect(&server.url).await;
        wire.send(question()).await;
        others.push(wire);
    }
    log.says("no connection can be accepted").await;
    inside.send(question()).await;
    assert_eq!(inside.answer().await.unwrap().status, 200);
    limit(1_024);
    for wire in &mut others {
        assert_eq!(wire.answer().await.unwrap().status, 200);
    }
}

/// What is not HTTP is not answered as if it were.
#[tokio::test]
async fn bytes_of_any_kind_end_the_connection_and_nothing_else() {
    let (_database, server) = server(&[]).await;
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"\0\0\0\0\0\0\0\0\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\ntransfer-encoding: gzip\r\n\r\n",
    ] {
        let mut wire = Wire::connect(&server.url).await;
        wire.send(bytes).await;
        wire.end().await;
        let answer = String::from_utf8(wire.closed().await).unwrap();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{bytes:?}: {answer}");
    }
    let answer = server.graphql("{ __typename }", serde_json::Value::Null).await;
    assert_eq!(code(&answer), "");
}
