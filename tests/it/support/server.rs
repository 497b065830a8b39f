//! The real program, started on a free port, and stopped with the test.

use std::ops::Deref;
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

use super::{Api, TestDatabase};

/// How long a server may take to say what a test waits for.
const SAYS_WITHIN: Duration = Duration::from_mins(2);

/// The next line that it says; a server that says nothing is not waited for without an end.
async fn next<R: tokio::io::AsyncRead + Unpin>(
    lines: &mut tokio::io::Lines<BufReader<R>>,
    awaited: &str,
) -> String {
    let line = tokio::time::timeout(SAYS_WITHIN, lines.next_line()).await;
    let line =
        line.unwrap_or_else(|_elapsed| panic!("in {SAYS_WITHIN:?} it does not say {awaited}"));
    line.unwrap().unwrap_or_else(|| panic!("it ended before it said {awaited}"))
}

/// A server of a test's own, which is asked as whoever shows no token ([`Api`]).
#[derive(Debug)]
pub struct TestServer {
    child: Child,
    stdout: tokio::io::Lines<BufReader<ChildStdout>>,
    api: Api,
}

impl Deref for TestServer {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

impl TestServer {
    /// Starts the program over `database` and waits until it listens.
    pub async fn start(database: &TestDatabase) -> Self {
        Self::start_with(&database.url, &[], &[]).await
    }

    /// Starts the program with more arguments and settings of the environment.
    pub async fn start_with(
        database_url: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let mut program = program();
        Self::begin(program.stdout(Stdio::piped()), database_url, arguments, environment).await
    }

    /// Starts the program, and reads what it logs as well.
    pub async fn start_logging(
        database_url: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> (Self, Log) {
        let mut program = program();
        program.stderr(Stdio::piped());
        let mut server = Self::begin(&mut program, database_url, arguments, environment).await;
        let lines = BufReader::new(server.child.stderr.take().unwrap()).lines();
        (server, Log(lines))
    }

    /// Starts the program with a log that goes elsewhere, each request being told there.
    pub async fn start_logged(
        log: Stdio,
        database: &TestDatabase,
        environment: &[(&str, &str)],
    ) -> Self {
        let told = [&[("STOCKFLOW_LOG__FILTER", "info")], environment].concat();
        Self::begin(program().stderr(log), &database.url, &[], &told).await
    }

    async fn begin(
        program: &mut Command,
        database_url: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let mut child = program
            .args(["serve", "--listen", "127.0.0.1:0", "--database-url", database_url])
            .args(arguments)
            // Where a test says otherwise, by an argument or by the same name, that goes before.
            .env("STOCKFLOW_LEDGER__LANES", super::ledger::lanes().to_string())
            .env("STOCKFLOW_SERVER__DRAIN_DELAY_MS", "0")
            // Thousands of requests are of no interest to whoever reads what failed.
            .env("STOCKFLOW_LOG__FILTER", "info,stockflow::request=off,sqlx=warn")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = loop {
            let line = next(&mut stdout, "that it listens").await;
            if let Some(rest) = line.split("listening on ").nth(1) {
                break rest.split_whitespace().next().unwrap().trim_end_matches('/').to_owned();
            }
        };
        Self { child, stdout, api: Api::of(url, None) }
    }

    /// Waits until it says a line that has `text` in it, and answers what follows that.
    pub async fn says(&mut self, text: &str) -> String {
        loop {
            let line = next(&mut self.stdout, text).await;
            if let Some((_before, after)) = line.split_once(text) {
                return after.to_owned();
            }
        }
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Kills it as a crash would, and waits until it is gone.
    pub async fn crash(mut self) {
        self.kill();
        self.child.wait().await.unwrap();
    }

    /// Kills it as a crash would.
    pub fn kill(&self) {
        self.signal(Signal::SIGKILL);
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        self.signal(Signal::SIGTERM);
    }

    fn signal(&self, signal: Signal) {
        let id = self.child.id().expect("it runs");
        kill(Pid::from_raw(id.try_into().unwrap()), signal).unwrap();
    }

    /// Waits until it ends by itself, and tells its exit code.
    pub async fn exit_code(mut self) -> Option<i32> {
        while let Ok(Some(_line)) = self.stdout.next_line().await {}
        self.child.wait().await.unwrap().code()
    }
}

/// What a server logs.
#[derive(Debug)]
pub struct Log(tokio::io::Lines<BufReader<ChildStderr>>);

impl Log {
    /// Waits until there is a line that has `text` in it, and answers the line.
    pub async fn says(&mut self, text: &str) -> String {
        loop {
            let line = next(&mut self.0, text).await;
            if line.contains(text) {
                return line;
            }
        }
    }
}

/// The program under test, without any setting of the environment it is tested in.
pub fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_stockflow"));
    for (name, _value) in std::env::vars() {
        if name.starts_with("STOCKFLOW_") || name.starts_with("OTEL_") {
            program.env_remove(name);
        }
    }
    program.kill_on_drop(true).stdin(Stdio::null());
    program
}
