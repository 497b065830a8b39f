//! A server of a test's own, which it may kill and start again.

use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::database::{Role, ServerKind};
use super::running::Running;

/// A server of a test's own, with the durability that its makers ship.
#[derive(Debug)]
pub struct OwnServer {
    kind: ServerKind,
    running: Arc<Running>,
}

impl OwnServer {
    /// Starts one; `None` if it is not installed.
    pub async fn start(kind: ServerKind) -> Option<Self> {
        let running = spawn_blocking(move || kind.start(Role::Own)).await.unwrap()?;
        Some(Self { kind, running: Arc::new(running) })
    }

    /// A fresh, empty database; answers its URL.
    pub async fn create_database(&self) -> String {
        self.kind.create_database(self.running.port(), "shop").await
    }

    /// Kills it as a crash would.
    pub fn kill(&mut self) {
        self.running.kill();
    }

    /// Makes it hang: it keeps its connections, and answers nobody.
    pub fn pause(&self) {
        self.running.pause();
    }

    /// Starts it again, on the same port and data.
    pub async fn restart(&mut self) {
        self.running.restart().await;
    }
}
