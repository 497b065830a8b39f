//! How to tell that a server is ready.
//!
//! Its log tells that it is ours that listens on the port, and not a stranger that was quicker;
//! its greeting tells that it takes connections.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::{ServerKind, mariadb, postgres};

/// How far a server has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Starting,
    Ready,
    /// It ended, because something that it needs is in use by somebody else.
    Hindered,
}

/// What a server logs that ends for want of its port, or of the memory that the processes of a
/// killed `PostgreSQL` still hold for a moment.
const HINDRANCES: [&str; 2] = ["Address already in use", "pre-existing shared memory block"];

pub(super) fn state(kind: ServerKind, port: u16, log: &str) -> State {
    let listens = match kind {
        ServerKind::MariaDb => mariadb::LISTENS,
        ServerKind::Postgres => postgres::LISTENS,
    };
    if HINDRANCES.iter().any(|hindrance| log.contains(hindrance)) {
        State::Hindered
    } else if log.contains(listens) && greets(kind, port) {
        State::Ready
    } else {
        State::Starting
    }
}

fn greets(kind: ServerKind, port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    match kind {
        // It speaks first. The fifth byte is the protocol's version, 10; an error begins with 255.
        ServerKind::MariaDb => {
            let mut greeting = [0; 5];
            stream.read_exact(&mut greeting).is_ok() && greeting[4] == 10
        }
        // A start-up message for user and database postgres; 'R' is "authenticated", 'E' says that
        // the database is still starting.
        ServerKind::Postgres => {
            let body = b"\x00\x03\x00\x00user\0postgres\0database\0postgres\0\0";
            let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
            let mut answer = [0; 1];
            stream.write_all(&[&length[..], body].concat()).is_ok()
                && stream.read_exact(&mut answer).is_ok()
                && answer == *b"R"
        }
    }
}
