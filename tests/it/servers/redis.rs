//! Redis: its command line, and how to command it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::binaries;
use super::program::Program;

pub(super) const PROGRAM: Program = Program {
    name: "Redis",
    // It leaves nothing behind outside its folder, and the folder is not needed again.
    end_signal: "KILL",
    listens: "Ready to accept connections",
    greets,
};

/// Answers the command line of a server that keeps nothing on disk, with the `settings` that are
/// not as its makers ship them; `None` if it is not installed.
pub(super) fn prepare(folder: &Path, port: u16, settings: &[&str]) -> Option<Vec<String>> {
    let server = binaries::find(&["redis-server"], &binaries::system_folders())?;
    binaries::find(&["redis-cli"], &[])?;
    let (server, port) = (server.display().to_string(), port.to_string());
    let folder = folder.display().to_string();
    let common = [&server, "--port", &port, "--dir", &folder, "--bind", "127.0.0.1"];
    let nothing_on_disk = ["--save", "", "--appendonly", "no"];
    Some(
        [&common, &nothing_on_disk[..], settings].concat().into_iter().map(str::to_owned).collect(),
    )
}

/// The answer to a command, as `redis-cli` prints it: a list one item a line, nothing as nothing,
/// an error by its text.
pub(super) async fn command(port: u16, words: &[&str]) -> String {
    let output = Command::new("redis-cli")
        .args(["-p", &port.to_string()])
        .args(words)
        .stdin(Stdio::null())
        // Who does not wait for a server that hangs leaves nobody behind who does.
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let answer = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "redis-cli {words:?} failed: {answer}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    answer.strip_suffix('\n').unwrap_or(&answer).to_owned()
}

/// How often a server carried out a command, by its own statistics.
pub(super) async fn calls(port: u16, name: &str) -> u64 {
    let prefix = format!("cmdstat_{}:calls=", name.to_lowercase());
    let statistics = command(port, &["INFO", "commandstats"]).await;
    // It does not list what it never did.
    let count = statistics.lines().find_map(|line| line.strip_prefix(&prefix));
    count.map_or(0, |rest| rest.split(',').next().unwrap().parse().unwrap())
}

/// Whether it answers a ping; one that is still loading does not.
fn greets(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut answer = [0; 5];
    stream.write_all(b"PING\r\n").is_ok()
        && stream.read_exact(&mut answer).is_ok()
        && answer == *b"+PONG"
}
