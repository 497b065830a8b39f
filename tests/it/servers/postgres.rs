//! `PostgreSQL`: its files and its command line.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::binaries;
use super::database::Role;
use super::program::Program;
use super::running::succeed;

pub(super) const PROGRAM: Program = Program {
    name: "PostgreSQL",
    // Immediate shutdown: as quick as signal 9, but it gives its shared memory back, which outlives
    // both the process and the folder.
    end_signal: "QUIT",
    // Connections, or read-only connections.
    listens: "ready to accept",
    greets,
};

/// Makes the server's files in `folder` and answers its command line; `None` if it is not
/// installed.
///
/// The server refuses to run as root, so for root it runs as the user `postgres`, whom Debian's
/// package brings. Its locale is fixed, so that every machine sorts alike. What its `role` does not
/// ask for is as its makers ship it.
pub(super) fn prepare(folder: &Path, port: u16, role: Role) -> Option<Vec<String>> {
    // Beside it are the others, of the same version; not so beside a link to it.
    let initdb = binaries::find(&["initdb"], &binaries::postgres_folders())?;
    let initdb = initdb.canonicalize().unwrap();
    let prefix = user_prefix(folder);
    let data = folder.join("data").display().to_string();
    let mut words = prefix.clone();
    if let Role::Replica { primary, .. } = role {
        words.push(initdb.with_file_name("pg_basebackup").display().to_string());
        words.push(format!("--port={primary}"));
        words.extend(
            // `-R` makes it a replica.
            ["-h", "127.0.0.1", "-U", "postgres", "-R", "--checkpoint=fast", "--no-sync", "-D"]
                .map(str::to_owned),
        );
    } else {
        words.push(initdb.display().to_string());
        words.extend(
            ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync", "-D"]
                .map(str::to_owned),
        );
    }
    words.push(data.clone());
    // From a folder that its user may enter, or it complains of ours.
    succeed(Command::new(&words[0]).args(&words[1..]).current_dir(folder));

    let mut words = prefix;
    words.extend([initdb.with_file_name("postgres").display().to_string(), "-D".to_owned(), data]);
    words.extend(["-c".to_owned(), format!("port={port}")]);
    let common = [
        "listen_addresses=127.0.0.1",
        // None: the path of a temporary folder might be too long for a socket.
        "unix_socket_directories=",
        "max_connections=500",
    ];
    for setting in common.iter().chain(settings(role)) {
        words.extend(["-c".to_owned(), (*setting).to_owned()]);
    }
    Some(words)
}

fn settings(role: Role) -> &'static [&'static str] {
    match role {
        // Only a machine that crashes would lose what is not flushed.
        Role::Shared => &["fsync=off"],
        Role::Own => &[],
        // There are several of them for one test. A replica that was away finds what it missed.
        Role::Primary => &["shared_buffers=32MB", "wal_keep_size=512MB"],
        // It looks for a primary that was away every so often.
        Role::Replica { .. } => {
            &["shared_buffers=32MB", "fsync=off", "wal_retrieve_retry_interval=200ms"]
        }
    }
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

/// A start-up message for user and database postgres; 'R' is "authenticated", 'E' says that the
/// database is still starting.
fn greets(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let body = b"\x00\x03\x00\x00user\0postgres\0database\0postgres\0\0";
    let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
    let mut answer = [0; 1];
    stream.write_all(&[&length[..], body].concat()).is_ok()
        && stream.read_exact(&mut answer).is_ok()
        && answer == *b"R"
}
