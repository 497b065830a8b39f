//! Whether the server that connections lead to takes no changes any more.
//!
//! When another becomes the primary under the same address, connections that stay open to the old
//! one would be believed for half an hour: changes would fail, and reads be answered by what it had.
//! The heartbeat finds out, and as long as it is so no connection is used a second time, so that the
//! next one leads wherever the address does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Known to all pools of the primary. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Demotion(Arc<AtomicBool>);

impl Demotion {
    /// Whether it is so.
    pub(super) fn is_known(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Says whether it is so; tells whether that is news.
    pub(super) fn is_news(&self, demoted: bool) -> bool {
        self.0.swap(demoted, Ordering::Relaxed) != demoted
    }
}
