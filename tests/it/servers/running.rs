//! A server from the choice of its port until it is ready.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sea_orm::ConnectionTrait as _;

use super::guardian::Guardian;
use super::readiness::{State, state};
use super::{ServerKind, mariadb, postgres};

/// How long a server may take to be ready; a loaded machine recovering a killed one is slow.
const READY_WITHIN: Duration = Duration::from_secs(90);

/// How often another program may snatch the port that was chosen.
const PORTS_MAX: usize = 5;

/// A server that runs.
#[derive(Debug)]
pub(super) struct Running {
    kind: ServerKind,
    port: u16,
    folder: PathBuf,
    guardian: Guardian,
}

impl Running {
    /// Starts one and waits until it is ready; `None` if it is not installed.
    pub(super) fn start(kind: ServerKind, durable: bool) -> Option<Self> {
        for _attempt in 0..PORTS_MAX {
            let running = Self::launch(kind, durable)?;
            if running.wait() == State::Ready {
                return Some(running);
            }
        }
        panic!("{kind:?} found no free port in {PORTS_MAX} attempts");
    }

    fn launch(kind: ServerKind, durable: bool) -> Option<Self> {
        let folder = tempfile::Builder::new().prefix("stockflow-server-").tempdir().unwrap();
        let port = free_port();
        let (signal, command) = match kind {
            ServerKind::MariaDb => {
                (mariadb::END_SIGNAL, mariadb::prepare(folder.path(), port, durable)?)
            }
            ServerKind::Postgres => {
                (postgres::END_SIGNAL, postgres::prepare(folder.path(), port, durable)?)
            }
        };
        // From here on the guardian removes the folder, for it outlives this process.
        let folder = folder.keep();
        let guardian = Guardian::start(&folder, signal, &command);
        Some(Self { kind, port, folder, guardian })
    }

    /// Kills it as a crash would.
    pub(super) fn kill(&mut self) {
        self.guardian.kill_server();
    }

    /// Starts it again after a crash, on the same port and data, and waits until it is ready.
    pub(super) fn restart(&mut self) {
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            self.guardian.start_server();
            // What a killed server left behind may hold the port or the memory for a moment.
            if self.wait() == State::Ready {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "{:?} does not come back: {}",
                self.kind,
                self.log()
            );
        }
    }

    /// Looks again and again until it is ready, or is hindered.
    fn wait(&self) -> State {
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            let state = state(self.kind, self.port, &self.log());
            if state != State::Starting {
                return state;
            }
            assert!(Instant::now() < deadline, "{:?} is not ready: {}", self.kind, self.log());
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    fn log(&self) -> String {
        let log = std::fs::read(self.folder.join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    /// Creates a database and answers its URL.
    pub(super) async fn create_database(&self, name: &str) -> String {
        let url = self.kind.url(self.port, self.kind.first_database());
        let connection = sea_orm::Database::connect(url).await.unwrap();
        connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        connection.close().await.unwrap();
        self.kind.url(self.port, name)
    }
}

/// Runs `command`, which prepares a server, to its end.
pub(super) fn succeed(command: &mut Command) {
    let output = command.env("LC_ALL", "C").stdin(Stdio::null()).output().unwrap();
    assert!(
        output.status.success(),
        "{command:?} failed: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
