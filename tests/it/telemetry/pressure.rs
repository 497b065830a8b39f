//! A log that nobody takes holds up nobody.

use std::io::Read as _;
use std::process::Stdio;

use crate::support::{Kind, TestDatabase, TestServer, metric};

/// More than the pipe and the server together hold.
const REQUESTS: usize = 2_000;

const DROPPED: &str = "stockflow_log_lines_dropped_total";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_are_answered_while_the_log_stands_still() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let (mut reader, writer) = std::io::pipe().unwrap();
    let bound = [("STOCKFLOW_LOG__WAITING_LINES_MAX", "100")];
    let server = TestServer::start_logged(Stdio::from(writer), &database, &bound).await;
    server.create(1, 1).await;
    assert_eq!(metric(&server.metrics().await, DROPPED), 0);
    // Nobody reads: the pipe fills, then what may wait, and then lines are dropped.
    let mut sent = 0;
    while metric(&server.metrics().await, DROPPED) == 0 {
        assert!(sent < REQUESTS, "no line was dropped");
        for _request in 0..50 {
            assert_eq!(server.left(1).await, 1);
            sent += 1;
        }
    }
    // Nor does the end wait for it.
    server.terminate();
    assert_eq!(server.exit_code().await, Some(0));
    let mut read = String::new();
    reader.read_to_string(&mut read).unwrap();
    assert!(read.contains("stockflow::request"), "{read}");
}
