//! A Redis of a test's own.

use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::running::Running;
use super::{ports, redis};

/// A Redis that keeps nothing on disk.
#[derive(Debug)]
pub struct RedisServer {
    running: Arc<Running>,
}

impl RedisServer {
    /// Starts one; `None` if it is not installed.
    pub async fn start() -> Option<Self> {
        let start = || {
            Running::start(&redis::PROGRAM, ports::free, |folder, port| {
                redis::prepare(folder, port, &[])
            })
        };
        let running = spawn_blocking(start).await.unwrap()?;
        Some(Self { running: Arc::new(running) })
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.running.port())
    }

    /// The answer to a command, as `redis-cli` prints it: a list one item a line, nothing as
    /// nothing, an error by its text. It waits for as long as the server hangs, and panics if the
    /// server does not run.
    pub async fn command(&self, words: &[&str]) -> String {
        redis::command(self.running.port(), words).await
    }

    /// How often the server carried out a command.
    pub async fn calls(&self, command: &str) -> u64 {
        redis::calls(self.running.port(), command).await
    }

    /// Kills it as a crash would.
    pub fn kill(&self) {
        self.running.kill();
    }

    /// Starts it again after a crash, on the same port; it is empty.
    pub async fn restart(&self) {
        self.running.restart().await;
    }

    /// Makes it hang: it keeps its connections, and answers nobody.
    pub fn pause(&self) {
        self.running.pause();
    }

    /// Lets it go on after it hung.
    pub fn resume(&self) {
        self.running.resume();
    }
}
