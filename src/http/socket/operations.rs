//! The operations of a socket that are under way.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream::{AbortHandle, Abortable, BoxStream, SelectAll};

use super::operation::{Sent, Told, told};

/// They go on while the next message of any of them is waited for.
#[derive(Default)]
pub(super) struct Operations {
    streams: SelectAll<Abortable<BoxStream<'static, Told>>>,
    by_id: HashMap<Arc<str>, AbortHandle>,
}

impl Operations {
    /// Whether none is under way.
    pub(super) fn is_empty(&self) -> bool {
        self.streams.is_empty()
    }

    /// Begins one.
    pub(super) fn begin(&mut self, sent: Sent) {
        let id = Arc::clone(&sent.id);
        let (abort, registration) = AbortHandle::new_pair();
        self.streams.push(Abortable::new(told(sent), registration));
        self.by_id.insert(id, abort);
    }

    /// Gives one up. Nothing more is heard of it.
    pub(super) fn cancel(&mut self, id: &str) {
        if let Some(abort) = self.by_id.remove(id) {
            abort.abort();
        }
    }

    /// One is over.
    pub(super) fn forget(&mut self, id: &str) {
        self.by_id.remove(id);
    }

    /// Gives all of them up.
    pub(super) fn clear(&mut self) {
        self.by_id.clear();
        self.streams.clear();
    }

    /// The next message of any; `None` if none is under way any more. May be dropped at any time.
    pub(super) async fn next(&mut self) -> Option<Told> {
        self.streams.next().await
    }
}
