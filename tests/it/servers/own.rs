//! A server of a test's own, which it may kill and start again.

use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::guardian::Guardian;
use super::{ServerKind, mariadb, postgres};

/// How long a server may take to be ready; a loaded machine recovering a killed one is slow.
const READY_WITHIN: Duration = Duration::from_secs(90);

/// A server that runs.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) kind: ServerKind,
    port: u16,
    folder: PathBuf,
    guardian: Guardian,
}

impl Running {
    pub(super) fn start(kind: ServerKind, durable: bool) -> Option<Self> {
        // The guardian removes the folder, for it outlives this process.
        let folder = tempfile::Builder::new().prefix("stockflow-server-").tempdir().unwrap().keep();
        let port = free_port();
        let command = match kind {
            ServerKind::MariaDb => mariadb::prepare(&folder, port, durable),
            ServerKind::Postgres => postgres::prepare(&folder, port, durable),
        };
        let Some(command) = command else {
            std::fs::remove_dir_all(&folder).unwrap();
            return None;
        };
        let guardian = Guardian::start(&folder, &command);
        let running = Self { kind, port, folder, guardian };
        running.wait_until_ready();
        Some(running)
    }

    pub(super) fn url(&self, database: &str) -> String {
        self.kind.url(self.port, database)
    }

    /// Knocks until the server greets. `MariaDB` speaks first; `PostgreSQL` is asked whether it
    /// speaks TLS, which it answers with one byte once it accepts connections.
    fn wait_until_ready(&self) {
        let deadline = Instant::now() + READY_WITHIN;
        while !self.greets() {
            assert!(
                Instant::now() < deadline,
                "{:?} is not ready: {}",
                self.kind,
                std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
            );
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    fn greets(&self) -> bool {
        use std::io::{Read as _, Write as _};
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        match self.kind {
            // The fifth byte is the protocol's version, 10; an error begins with 255.
            ServerKind::MariaDb => {
                let mut greeting = [0; 5];
                stream.read_exact(&mut greeting).is_ok() && greeting[4] == 10
            }
            // A start-up message for user and database postgres; 'R' is "authenticated", 'E' says
            // that the database is still starting.
            ServerKind::Postgres => {
                let body = b"\x00\x03\x00\x00user\0postgres\0database\0postgres\0\0";
                let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
                let mut answer = [0; 1];
                stream.write_all(&[&length[..], body].concat()).is_ok()
                    && stream.read_exact(&mut answer).is_ok()
                    && answer == *b"R"
            }
        }
    }
}

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
        self.0.guardian.kill_server();
    }

    /// Starts it again, on the same port and data.
    pub async fn restart(&mut self) {
        self.0.guardian.start_server();
        self.0.wait_until_ready();
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
