//! A log that nobody takes holds up nobody.

use std::io::{BufRead as _, BufReader, PipeReader};
use std::process::Stdio;

use crate::support::{Kind, TestDatabase, TestServer, metric};

/// More than the pipe and the server together hold.
const REQUESTS: usize = 5_000;

const DROPPED: &str = "stockflow_log_lines_dropped_total";

/// A server whose log nobody reads, and which has dropped lines of it. It answers all the same.
async fn server_that_drops(database: &TestDatabase) -> (TestServer, PipeReader) {
    let (reader, writer) = std::io::pipe().unwrap();
    let bound = [("STOCKFLOW_LOG__WAITING_LINES_MAX", "100")];
    let server = TestServer::start_logged(Stdio::from(writer), database, &bound).await;
    server.create(1, 1).await;
    assert_eq!(metric(&server.metrics().await, DROPPED), 0);
    // The pipe fills, then what may wait, and then lines are dropped.
    let mut sent = 0;
    while metric(&server.metrics().await, DROPPED) == 0 {
        assert!(sent < REQUESTS, "no line was dropped");
        for _request in 0..50 {
            assert_eq!(server.left(1).await, 1);
            sent += 1;
        }
    }
    (server, reader)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neither_requests_nor_the_end_wait_for_a_log_that_stands_still() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let (server, reader) = server_that_drops(&database).await;
    server.terminate();
    assert_eq!(server.exit_code().await, Some(0));
    drop(reader);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_dropped_is_told_once_the_log_gets_on() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let (server, reader) = server_that_drops(&database).await;
    let told = tokio::task::spawn_blocking(move || {
        let lines = BufReader::new(reader).lines().map(Result::unwrap);
        let mut told = lines.filter(|line| line.contains("lines of the log were dropped"));
        told.next().expect("the log ended")
    });
    let told = told.await.unwrap();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["level"], "WARN");
    assert!(told["lines"].as_u64().unwrap() > 0, "{told}");
    drop(server);
}
