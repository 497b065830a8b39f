//! The end of the server, step by step: what those who take part in it are told, and when.

use tokio_util::sync::CancellationToken;

/// The end of a server, as far as it has come. Clones are one and the same.
///
/// First it is asked for, and the server says that it will not be ready for long; then, after a
/// delay that a second asking skips, it accepts nobody any more; and those who are still waiting
/// when its patience is over are cut off.
#[derive(Clone, Debug, Default)]
pub struct Stopping {
    draining: CancellationToken,
    hurried: CancellationToken,
    closed: CancellationToken,
    cut_off: CancellationToken,
}

impl Stopping {
    /// Nobody has asked for it yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for the end; a second time, not to delay it.
    pub fn ask(&self) {
        if self.is_draining() {
            self.hurried.cancel();
        } else {
            self.draining.cancel();
        }
    }

    /// Whether somebody has asked for it.
    pub fn is_draining(&self) -> bool {
        self.draining.is_cancelled()
    }

    /// Waits until somebody asks for it.
    pub(super) async fn draining(&self) {
        self.draining.cancelled().await;
    }

    /// Waits until somebody asks a second time.
    pub(super) async fn hurried(&self) {
        self.hurried.cancelled().await;
    }

    /// Accepts nobody any more from now on.
    pub(super) fn close(&self) {
        self.closed.cancel();
    }

    /// Whether nobody is accepted any more.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.is_cancelled()
    }

    /// Waits until nobody is accepted any more.
    pub(super) async fn closed(&self) {
        self.closed.cancelled().await;
    }

    /// Has every request that is still under way answered that the server stops.
    pub(super) fn cut_off(&self) {
        self.cut_off.cancel();
    }

    /// Waits until requests are to be cut off.
    pub(super) async fn is_cut_off(&self) {
        self.cut_off.cancelled().await;
    }
}
