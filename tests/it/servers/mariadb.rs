//! `MariaDB`: its files and its command line.

use std::io::Read as _;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::binaries;
use super::database::Role;
use super::program::Program;
use super::running::succeed;

pub(super) const PROGRAM: Program = Program {
    name: "MariaDB",
    // It leaves nothing behind outside its folder, and the folder is not needed again.
    end_signal: "KILL",
    listens: "ready for connections",
    greets,
};

/// Makes the server's files in `folder` and answers its command line; `None` if it is not
/// installed.
///
/// What its `role` does not ask for is as its makers ship it.
pub(super) fn prepare(folder: &Path, port: u16, role: Role) -> Option<Vec<String>> {
    let server = binaries::find(&["mariadbd", "mysqld"], &binaries::system_folders())?;
    let installer =
        binaries::find(&["mariadb-install-db", "mysql_install_db"], &binaries::system_folders())?;
    let mut common = vec![
        "--no-defaults".to_owned(),
        format!("--datadir={}", folder.join("data").display()),
        // A server that starts removes the temporary tables of all who share its folder for them.
        format!("--tmpdir={}", folder.display()),
    ];
    if nix::unistd::geteuid().is_root() {
        // It would refuse to run as root unless told; anybody else cannot change who owns files.
        common.push("--user=root".to_owned());
    }
    if matches!(role, Role::Primary | Role::Replica { .. }) {
        // There are several of them for one test.
        common.push("--innodb-log-file-size=16M".to_owned());
        common.push("--innodb-buffer-pool-size=32M".to_owned());
    }
    succeed(
        Command::new(installer)
            .args(&common)
            .args(["--auth-root-authentication-method=normal", "--skip-test-db"]),
    );
    let mut words = vec![server.display().to_string()];
    words.extend(common);
    words.extend(
        [
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            // In its data folder: the whole path might be too long for a socket.
            "--socket=socket",
            "--max-connections=500",
        ]
        .map(str::to_owned),
    );
    words.push(format!("--port={port}"));
    words.extend(settings(role));
    Some(words)
}

fn settings(role: Role) -> Vec<String> {
    // At every commit it flushes to disk (1), writes, which outlives all but a crash of the machine
    // (2), or does neither (0).
    let flush = |flush: u8| format!("--innodb-flush-log-at-trx-commit={flush}");
    match role {
        Role::Shared => vec![flush(0)],
        Role::Own => vec![flush(1)],
        Role::Primary => vec![flush(1), "--server-id=1".to_owned(), "--log-bin=binlog".to_owned()],
        Role::Replica { index, .. } => vec![
            flush(2),
            format!("--server-id={}", index + 2),
            "--relay-log=relay".to_owned(),
            "--read-only=1".to_owned(),
        ],
    }
}

/// It speaks first. The fifth byte is the protocol's version, 10; an error begins with 255.
fn greets(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut greeting = [0; 5];
    stream.read_exact(&mut greeting).is_ok() && greeting[4] == 10
}
