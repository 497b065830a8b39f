//! How to tell that a server is ready.
//!
//! Its log tells that it is ours that listens on the port, and not a stranger that was quicker;
//! its greeting tells that it takes connections.

use std::time::{Duration, Instant};

use super::program::Program;

/// How long a server may take to be ready; a loaded machine recovering a killed one is slow.
pub(super) const READY_WITHIN: Duration = Duration::from_secs(90);

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

pub(super) fn state(program: &Program, port: u16, log: &str) -> State {
    if HINDRANCES.iter().any(|hindrance| log.contains(hindrance)) {
        State::Hindered
    } else if log.contains(program.listens) && (program.greets)(port) {
        State::Ready
    } else {
        State::Starting
    }
}

/// Asks again and again until `condition` holds, which `what` names should it never do.
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + READY_WITHIN;
    let mut pause = tokio::time::interval(Duration::from_millis(20));
    // One at a time, also after a question that took long.
    pause.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        pause.tick().await;
        if condition().await {
            return;
        }
        assert!(Instant::now() < deadline, "in {READY_WITHIN:?} it did not happen that {what}");
    }
}
