//! The operations of a socket that are under way.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_util::stream::{AbortHandle, Abortable, BoxStream, SelectAll};
use futures_util::{Stream, StreamExt as _};

use super::operation::{Sent, Told, told};

/// They go on while the next message of any of them is waited for, which is always: one that is not
/// polled would keep whatever it holds.
#[derive(Default)]
pub(super) struct Operations {
    streams: SelectAll<Abortable<Slot>>,
    by_id: HashMap<Arc<str>, (AbortHandle, Slot)>,
}

/// Where an operation is for as long as it is wanted. What it holds is gone the moment that it is given
/// up, and not only when it is polled the next time.
#[derive(Clone)]
struct Slot(Arc<Mutex<Option<BoxStream<'static, Told>>>>);

impl Slot {
    fn empty(&self) {
        let stream = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(stream);
    }
}

impl Stream for Slot {
    type Item = Told;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Told>> {
        // Nobody else is here: it is emptied by the task that polls it.
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stream.as_mut().map_or(Poll::Ready(None), |stream| stream.poll_next_unpin(context))
    }
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
        let slot = Slot(Arc::new(Mutex::new(Some(told(sent)))));
        self.streams.push(Abortable::new(slot.clone(), registration));
        self.by_id.insert(id, (abort, slot));
    }

    /// Gives one up. Nothing more is heard of it.
    pub(super) fn cancel(&mut self, id: &str) {
        if let Some((abort, slot)) = self.by_id.remove(id) {
            slot.empty();
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
