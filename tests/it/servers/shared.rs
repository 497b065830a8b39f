//! One server of each kind for the whole test process; every test has databases of its own on it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::database::{Role, ServerKind};
use super::running::Running;

/// A private server, ready for connections.
#[derive(Debug)]
pub struct Server {
    kind: ServerKind,
    running: Running,
    databases: AtomicU32,
}

impl Server {
    fn start(kind: ServerKind) -> Option<Self> {
        let running = kind.start(Role::Shared)?;
        Some(Self { kind, running, databases: AtomicU32::new(0) })
    }

    /// A fresh, empty database; answers its URL.
    pub async fn create_database(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        self.kind.create_database(self.running.port(), &format!("test_{number}")).await
    }
}

/// The shared `MariaDB`; `None` if it is not installed.
pub fn mariadb() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(ServerKind::MariaDb)).as_ref()
}

/// The shared `PostgreSQL`; `None` if it is not installed.
pub fn postgres() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(ServerKind::Postgres)).as_ref()
}
