//! `PostgreSQL`: its files and its command line.

use std::path::Path;
use std::process::{Command, Stdio};

use super::binaries;

/// Makes the server's files in `folder` and answers its command line; `None` if it is not
/// installed.
///
/// The server refuses to run as root, so for root it runs as the user `postgres`, whom Debian's
/// package brings.
pub(super) fn prepare(folder: &Path, port: u16, durable: bool) -> Option<Vec<String>> {
    let server = binaries::find("postgres", &binaries::postgres_folders())?;
    let initdb = binaries::find("initdb", &binaries::postgres_folders())?;
    let data = folder.join("data").display().to_string();
    let prefix = user_prefix(folder);
    let mut words = prefix.clone();
    words.extend([initdb.display().to_string(), "-D".to_owned(), data.clone()]);
    words.extend(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"].map(str::to_owned));
    let status = Command::new(&words[0])
        .args(&words[1..])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "initdb failed");
    let mut words = prefix;
    words.extend([
        server.display().to_string(),
        "-D".to_owned(),
        data,
        "-p".to_owned(),
        port.to_string(),
        "-k".to_owned(),
        folder.display().to_string(),
    ]);
    let fsync = if durable { "on" } else { "off" };
    for setting in [
        "listen_addresses=127.0.0.1".to_owned(),
        "max_connections=500".to_owned(),
        format!("fsync={fsync}"),
    ] {
        words.extend(["-c".to_owned(), setting]);
    }
    Some(words)
}

/// How to become somebody who may run the server: `setpriv` replaces itself by the server, so that
/// what the guardian kills is the server.
fn user_prefix(folder: &Path) -> Vec<String> {
    if !nix::unistd::geteuid().is_root() {
        return Vec::new();
    }
    let user = nix::unistd::User::from_name("postgres").unwrap().expect("the user postgres");
    nix::unistd::chown(folder, Some(user.uid), Some(user.gid)).unwrap();
    ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"].map(str::to_owned).into()
}
