//! A log that is written to a file, and read when the server has ended.

use std::fs::File;
use std::process::Stdio;

use serde_json::Value;
use tempfile::NamedTempFile;

use crate::support::{TestDatabase, TestServer};

/// A file that a server logs to.
pub struct LogFile(NamedTempFile);

impl LogFile {
    /// Starts a server that logs to a file of its own, and tells each request.
    pub async fn of_server(
        database: &TestDatabase,
        environment: &[(&str, &str)],
    ) -> (TestServer, Self) {
        let file = NamedTempFile::new().unwrap();
        let log = Stdio::from(File::options().append(true).open(file.path()).unwrap());
        (TestServer::start_logged(log, database, environment).await, Self(file))
    }

    /// What is in it once the server, which is asked to stop, has ended.
    pub async fn when_ended(self, server: TestServer) -> String {
        server.terminate();
        assert_eq!(server.exit_code().await, Some(0));
        std::fs::read_to_string(self.0.path()).unwrap()
    }
}

/// The lines of requests, each an object.
pub fn requests(log: &str) -> Vec<Value> {
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect(line));
    lines.filter(|line| line["target"] == "stockflow::request").collect()
}
