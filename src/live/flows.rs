//! One who listens to entries.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::pages::{has_place, page};
use super::ring::Seen;
use super::{By, Listening, Live, NotBegun, Start, lost};
use crate::db::Fault;
use crate::domain::filter::{FlowFilter, FlowMatcher};
use crate::domain::{Flow, FlowCursor, Visibility};
use crate::store::{Loaded, matches_nothing};

/// Entries that one who listens takes at once. They stay in memory until they are told, however
/// slowly that is.
const TAKEN_MAX: usize = 16;

/// Pauses after a page that could not be read, the first and the longest.
const PAUSE_MIN: Duration = Duration::from_millis(200);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Is told every entry that a filter lets through, once and in order of their ids.
#[derive(Debug)]
pub struct FlowListener {
    listening: Listening,
    moved: watch::Receiver<()>,
    /// `None` if nothing can ever match.
    filter: Option<FlowMatcher>,
    epoch: u64,
    /// Everything up to this id was told, or is not wanted.
    place: i64,
    /// What was visible behind the place when listening began, and is no news.
    seen: Arc<[i64]>,
    taken: VecDeque<Arc<Flow>>,
}

impl Live {
    /// Begins to listen to the entries that a filter lets through and that are shown to whom it is `by`:
    /// those behind a cursor, or those that are committed from now on.
    ///
    /// # Errors
    ///
    /// [`NotBegun`] when the cursor is no place in these books, as many listen as may, or the primary does
    /// not tell in time where to begin.
    pub async fn flows(
        &self,
        filter: FlowFilter,
        after: Option<FlowCursor>,
        by: By<'_>,
    ) -> Result<FlowListener, NotBegun> {
        let By { caller, visibility } = by;
        let listening = Listening::begin(&self.shared, "flows", caller)?;
        let moved = self.shared.moved.subscribe();
        let Start { epoch, behind, seen } = match after {
            Some(cursor) => {
                // First the epoch: books that are put back from here on are others.
                let epoch = self.shared.ring().epoch();
                if !listening.has_place(&cursor, visibility).await? {
                    return Err(NotBegun::NoSuchEntry);
                }
                Start { epoch, behind: cursor.id.0, seen: Arc::default() }
            }
            None => self.shared.start().await?,
        };
        let seen_by = visibility.narrowed(filter.merchant_id);
        let filter = seen_by
            .map(|seen_by| FlowFilter { merchant_id: seen_by.only(), ..filter })
            .filter(|filter| !matches_nothing(filter))
            .map(FlowMatcher::new);
        let (place, taken) = (behind, VecDeque::new());
        Ok(FlowListener { listening, moved, filter, epoch, place, seen, taken })
    }
}

impl Listening {
    /// Whether a cursor is a place in the books, and not one that they had before they were put back to
    /// an older state.
    async fn has_place(&self, cursor: &FlowCursor, visibility: Visibility) -> Loaded<bool> {
        let is_here =
            self.shared.ring().entry(cursor.id).map(|flow| {
                visibility.shows(flow.merchant_id) && FlowCursor::from(&**flow) == *cursor
            });
        if let Some(is_here) = is_here {
            return Ok(is_here);
        }
        let _turn = self.turn().await;
        Ok(has_place(self.shared.database(), cursor, visibility).await?)
    }
}

impl FlowListener {
    /// The next entry. It can be dropped at any time, and nothing is lost.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when nothing more can be told: the books were put back
    /// to an older state, or the server ends.
    pub async fn next(&mut self) -> Loaded<Arc<Flow>> {
        loop {
            if let Some(flow) = self.taken.pop_front() {
                return Ok(flow);
            }
            self.moved.borrow_and_update();
            match self.look() {
                Seen::Entries(taken, place) => {
                    self.taken = taken.into();
                    self.place = place;
                }
                Seen::Nothing => {
                    self.moved.changed().await.map_err(|_ended| lost())?;
                }
                Seen::Behind(settled) => self.catch_up(settled).await?,
                Seen::Gone => return Err(lost()),
            }
        }
    }

    fn look(&self) -> Seen {
        let Some(filter) = &self.filter else { return Seen::Nothing };
        let wanted =
            |flow: &Flow| filter.matches(flow) && self.seen.binary_search(&flow.id.0).is_err();
        self.listening.shared.ring().behind((self.epoch, self.place), TAKEN_MAX, wanted)
    }

    /// Reads a page of the history, when it is this one's turn. What hinders it for a moment is waited
    /// for.
    async fn catch_up(&mut self, settled: i64) -> Loaded<()> {
        let Some(filter) = &self.filter else { return Ok(()) };
        let shared = Arc::clone(&self.listening.shared);
        let mut pause = PAUSE_MIN;
        loop {
            let turn = self.listening.turn().await;
            let read = page(shared.database(), filter.filter(), self.place, settled).await;
            drop(turn);
            match read {
                Ok(page) => {
                    shared.metrics.catch_up_pages.inc();
                    self.place = page.until;
                    let mut entries = page.entries;
                    entries.retain(|flow| self.seen.binary_search(&flow.id.0).is_err());
                    self.taken = entries.into();
                    return Ok(());
                }
                Err(fault) => wait_out(fault, &mut pause).await?,
            }
        }
    }
}

/// Waits a little, and then longer, if what failed may succeed later.
pub(super) async fn wait_out(fault: Fault, pause: &mut Duration) -> Loaded<()> {
    if !fault.is_transient() {
        return Err(fault.into());
    }
    tracing::debug!(error = %fault.source, "history could not be read for one who listens");
    tokio::time::sleep(*pause).await;
    *pause = pause.saturating_mul(2).min(PAUSE_MAX);
    Ok(())
}
