//! `PostgreSQL`: its files and its command line.

use std::path::Path;
use std::process::Command;

use super::binaries;
use super::running::succeed;

/// Immediate shutdown: as quick as signal 9, but it gives its shared memory back, which outlives
/// both the process and the folder.
pub(super) const END_SIGNAL: &str = "QUIT";

/// What it logs once it listens.
pub(super) const LISTENS: &str = "ready to accept connections";

/// Makes the server's files in `folder` and answers its command line; `None` if it is not
/// installed.
///
/// The server refuses to run as root, so for root it runs as the user `postgres`, whom Debian's
/// package brings. Without `durable` it does not flush to disk, which only matters to a machine
/// that crashes. Its locale is fixed, so that every machine sorts alike. Everything else is as its
/// makers ship it.
pub(super) fn prepare(folder: &Path, port: u16, durable: bool) -> Option<Vec<String>> {
    let initdb = binaries::find(&["initdb"], &binaries::postgres_folders())?;
    let server = initdb.with_file_name("postgres");
    let data = folder.join("data").display().to_string();
    let prefix = user_prefix(folder);
    let mut words = prefix.clone();
    words.extend([initdb.display().to_string(), "-D".to_owned(), data.clone()]);
    words.extend(
        ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"]
            .map(str::to_owned),
    );
    // From a folder that its user may enter, or it complains of ours.
    succeed(Command::new(&words[0]).args(&words[1..]).current_dir(folder));

    let mut words = prefix;
    words.extend([server.display().to_string(), "-D".to_owned(), data]);
    let fsync = if durable { "on" } else { "off" };
    for setting in [
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        // None: the path of a temporary folder might be too long for a socket.
        "unix_socket_directories=".to_owned(),
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
