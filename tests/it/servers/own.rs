//! A server of a test's own, which it may kill and start again.

use super::ServerKind;
use super::running::Running;

/// A server of a test's own, with the durability that its makers ship.
#[derive(Debug)]
pub struct OwnServer(Running);

impl OwnServer {
    /// Starts one; `None` if it is not installed.
    pub async fn start(kind: ServerKind) -> Option<Self> {
        tokio::task::spawn_blocking(move || Running::start(kind, true)).await.unwrap().map(Self)
    }

    /// A fresh, empty database; answers its URL.
    pub async fn create_database(&self) -> String {
        self.0.create_database("shop").await
    }

    /// Kills it as a crash would.
    pub fn kill(&mut self) {
        self.0.kill();
    }

    /// Starts it again, on the same port and data.
    pub async fn restart(&mut self) {
        self.0.restart();
    }
}
