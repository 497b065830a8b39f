//! Free ports.
//!
//! They lie below those that Linux gives to outgoing connections and to whoever asks for any port:
//! a server that was killed finds its port free when it comes back. They are drawn by lot, for
//! other tests look for theirs at the same moment.

use std::hash::{BuildHasher as _, RandomState};
use std::net::TcpListener;
use std::ops::Range;

const PORTS: Range<u16> = 12_000..22_000;

/// How far above its port a node of a Redis cluster listens for the other nodes; those ports are
/// no server's own, as `PORTS` ends below them.
const BUS_ABOVE: u16 = 10_000;

/// How many ports are tried; a machine on which so many are taken has another problem.
const TRIES_MAX: u64 = 1_000;

/// A port that was free a moment ago.
pub(super) fn free() -> u16 {
    draw(is_free)
}

/// A port that was free a moment ago, and so was that of a cluster's bus above it.
pub(super) fn free_with_bus() -> u16 {
    draw(|port| is_free(port) && is_free(port + BUS_ABOVE))
}

fn draw(fits: impl Fn(u16) -> bool) -> u16 {
    let lots = RandomState::new();
    let width = u64::from(PORTS.end - PORTS.start);
    (0..TRIES_MAX)
        .map(|lot| PORTS.start + u16::try_from(lots.hash_one(lot) % width).unwrap())
        .find(|port| fits(*port))
        .expect("no port is free")
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}
