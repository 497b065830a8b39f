//! Holds operations back while their client does not read.
//!
//! An operation waits here before each of its answers, where it holds nothing that others wait for: no
//! connection to the database, no turn, no lock. Once past it goes on to its answer whatever the client
//! does, so that nothing stops half-way; hence what waits for a client is one answer of each operation
//! at the most, and what was sent and is not begun, whose text is bounded ([`Gate::has_room`]).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

/// The gate of a socket.
#[derive(Debug)]
pub(super) struct Gate {
    is_open: watch::Sender<bool>,
    /// Bytes of the messages whose operations have not passed yet.
    waiting: Arc<AtomicUsize>,
}

impl Default for Gate {
    fn default() -> Self {
        Self { is_open: watch::Sender::new(true), waiting: Arc::default() }
    }
}

impl Gate {
    /// Is open from now on, or closed.
    pub(super) fn set_open(&self, is_open: bool) {
        self.is_open.send_if_modified(|was| std::mem::replace(was, is_open) != is_open);
    }

    /// Whether an operation of so many bytes may wait, among so many of all: one always may.
    pub(super) fn has_room(&self, bytes: usize, bytes_max: usize) -> bool {
        let waiting = self.waiting.load(Ordering::Relaxed);
        waiting == 0 || waiting.saturating_add(bytes) <= bytes_max
    }

    /// For whoever is to pass.
    pub(super) fn pass(&self) -> Pass {
        Pass(self.is_open.subscribe())
    }

    /// Counts bytes among those that wait, until it is dropped.
    pub(super) fn weigh(&self, bytes: usize) -> Weight {
        self.waiting.fetch_add(bytes, Ordering::Relaxed);
        Weight { waiting: Arc::clone(&self.waiting), bytes }
    }
}

/// The way of one operation through the gate.
#[derive(Debug)]
pub(super) struct Pass(watch::Receiver<bool>);

impl Pass {
    /// Waits until the gate is open, or its socket gone.
    pub(super) async fn opened(&mut self) {
        self.0.wait_for(|is_open| *is_open).await.ok();
    }
}

/// The bytes of an operation that waits.
#[derive(Debug)]
pub(super) struct Weight {
    waiting: Arc<AtomicUsize>,
    bytes: usize,
}

impl Drop for Weight {
    fn drop(&mut self) {
        self.waiting.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn whoever_comes_waits_while_it_is_closed() {
        let gate = Gate::default();
        let mut pass = gate.pass();
        assert!(pass.opened().now_or_never().is_some());
        gate.set_open(false);
        assert!(pass.opened().now_or_never().is_none());
        assert!(gate.pass().opened().now_or_never().is_none());
        gate.set_open(true);
        assert!(pass.opened().now_or_never().is_some());
    }

    #[test]
    fn so_many_bytes_wait_and_no_more() {
        let gate = Gate::default();
        assert!(gate.has_room(11, 10), "one always may");
        let first = gate.weigh(6);
        assert!(gate.has_room(4, 10) && !gate.has_room(5, 10));
        drop(first);
        assert!(gate.has_room(11, 10), "what has passed takes no room");
    }
}
