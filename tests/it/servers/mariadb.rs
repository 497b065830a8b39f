//! `MariaDB`: its files and its command line.

use std::path::Path;
use std::process::{Command, Stdio};

use super::binaries;

/// Makes the server's files in `folder` and answers its command line; `None` if it is not
/// installed.
///
/// `durable` keeps the flush at every commit, which a server that is only killed does not need.
pub(super) fn prepare(folder: &Path, port: u16, durable: bool) -> Option<Vec<String>> {
    let server = binaries::find("mariadbd", &binaries::system_folders())?;
    let installer = binaries::find("mariadb-install-db", &binaries::system_folders())?;
    let data = format!("--datadir={}", folder.join("data").display());
    let status = Command::new(installer)
        .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
        .args([&data, "--user=root"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "mariadb-install-db failed");
    let flush = if durable { 1 } else { 0 };
    Some(vec![
        server.display().to_string(),
        "--no-defaults".to_owned(),
        "--user=root".to_owned(),
        data,
        format!("--port={port}"),
        format!("--socket={}", folder.join("socket").display()),
        "--bind-address=127.0.0.1".to_owned(),
        "--skip-name-resolve".to_owned(),
        "--max-connections=1000".to_owned(),
        format!("--innodb-flush-log-at-trx-commit={flush}"),
    ])
}
