//! `MariaDB`: its files and its command line.

use std::path::Path;
use std::process::Command;

use super::binaries;
use super::running::succeed;

/// Signal 9: it leaves nothing behind outside its folder, and the folder is not needed again.
pub(super) const END_SIGNAL: &str = "KILL";

/// What it logs once it listens.
pub(super) const LISTENS: &str = "ready for connections";

/// Makes the server's files in `folder` and answers its command line; `None` if it is not
/// installed.
///
/// Without `durable` it does not flush at every commit, which only matters to a server that
/// crashes. Everything else is as its makers ship it.
pub(super) fn prepare(folder: &Path, port: u16, durable: bool) -> Option<Vec<String>> {
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
    words.push(format!("--innodb-flush-log-at-trx-commit={}", u8::from(durable)));
    Some(words)
}
