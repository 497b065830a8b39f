//! A server of a test's own, which it may kill and start again.

use tokio::task::spawn_blocking;

use super::ServerKind;
use super::running::Running;

/// A server of a test's own, with the durability that its makers ship.
#[derive(Debug)]
pub struct OwnServer {
    /// `None` only while it starts again.
    running: Option<Running>,
}

impl OwnServer {
    /// Starts one; `None` if it is not installed.
    pub async fn start(kind: ServerKind) -> Option<Self> {
        let running = spawn_blocking(move || Running::start(kind, true)).await.unwrap()?;
        Some(Self { running: Some(running) })
    }

    /// A fresh, empty database; answers its URL.
    pub async fn create_database(&self) -> String {
        self.running.as_ref().unwrap().create_database("shop").await
    }

    /// Kills it as a crash would.
    pub fn kill(&mut self) {
        self.running.as_mut().unwrap().kill();
    }

    /// Starts it again, on the same port and data.
    pub async fn restart(&mut self) {
        let mut running = self.running.take().unwrap();
        let restart = move || {
            running.restart();
            running
        };
        self.running = Some(spawn_blocking(restart).await.unwrap());
    }
}
