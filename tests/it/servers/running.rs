//! A server from the choice of its port until it is ready.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::spawn_blocking;

use super::guardian::Guardian;
use super::program::Program;
use super::readiness::{READY_WITHIN, State, state};

/// How often another program may snatch the port that was chosen.
const PORTS_MAX: usize = 5;

/// A server that runs.
#[derive(Debug)]
pub(super) struct Running {
    program: &'static Program,
    port: u16,
    folder: PathBuf,
    guardian: Guardian,
}

impl Running {
    /// Starts one and waits until it is ready; `None` if it is not installed.
    ///
    /// `prepare` makes its files in a folder, for a port, and answers its command line, or `None`
    /// if it is not installed.
    pub(super) fn start(
        program: &'static Program,
        choose_port: fn() -> u16,
        prepare: impl Fn(&Path, u16) -> Option<Vec<String>>,
    ) -> Option<Self> {
        for _attempt in 0..PORTS_MAX {
            let folder = tempfile::Builder::new().prefix("stockflow-server-").tempdir().unwrap();
            let port = choose_port();
            let command = prepare(folder.path(), port)?;
            // From here on the guardian removes the folder, for it outlives this process.
            let folder = folder.keep();
            let guardian = Guardian::start(&folder, program.end_signal, &command);
            let running = Self { program, port, folder, guardian };
            if running.wait() == State::Ready {
                return Some(running);
            }
        }
        panic!("{} found no free port in {PORTS_MAX} attempts", program.name);
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Kills it as a crash would.
    pub(super) fn kill(&self) {
        self.guardian.kill_server();
    }

    /// Makes it hang: it keeps its connections, and answers nobody.
    pub(super) fn pause(&self) {
        self.guardian.pause_server();
    }

    /// Lets it go on.
    pub(super) fn resume(&self) {
        self.guardian.resume_server();
    }

    /// Starts it again after a crash, on the same port and data, and waits until it is ready.
    pub(super) async fn restart(self: &Arc<Self>) {
        let running = self.clone();
        spawn_blocking(move || running.start_again()).await.unwrap();
    }

    fn start_again(&self) {
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            self.guardian.start_server();
            // What a killed server left behind may hold the port or the memory for a moment.
            if self.wait() == State::Ready {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "{} does not come back: {}",
                self.program.name,
                self.log()
            );
        }
    }

    /// Looks again and again until it is ready, or is hindered.
    fn wait(&self) -> State {
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            let state = state(self.program, self.port, &self.log());
            if state != State::Starting {
                return state;
            }
            assert!(
                Instant::now() < deadline,
                "{} is not ready: {}",
                self.program.name,
                self.log()
            );
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    fn log(&self) -> String {
        let log = std::fs::read(self.folder.join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
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
