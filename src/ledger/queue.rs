//! Commands that wait for a lane.
//!
//! What waits stands in one row, in the order of its arrival. A lane that is free takes from the
//! front of it; with several lanes it passes over what names a SKU that another lane is at work on,
//! and then over everything behind that names one of the same SKUs. So within a SKU the first to
//! come is the first to be served, whatever the lanes do, and a cart over a hot and a cold SKU
//! keeps its place in both: nobody who came later gets past it.
//!
//! A refund names no SKU, only a deduction; where it meets another lane the database's row lock
//! decides between them, as it does between servers.
//!
//! Nothing here knows a database. The lock is held for the time it takes to look at what waits,
//! never across an await.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

use super::metrics::QueueMetrics;
use super::submission::{Became, Submission};
use super::undecided::Entered;
use super::{LedgerError, LedgerSettings};
use crate::domain::SkuId;
use crate::telemetry::trace::Waiting;

/// Entries that one transaction writes at the most. A cart has up to 250 lines, so a batch is
/// bounded by lines as well as by commands: the transaction must stay short. A bundle of more goes
/// by itself.
const BATCH_LINES_MAX: usize = 2_500;

/// Commands that a lane looks at, at the most, for one batch. What is not found so far from the
/// front waits for the lane that is at work on it.
const LOOKED_AT_MAX: usize = 4_096;

/// The shortest and the longest time after which a caller is told to come back.
const RETRY_AFTER_MIN: Duration = Duration::from_millis(50);
const RETRY_AFTER_MAX: Duration = Duration::from_secs(5);

/// Where a caller waits. Until it is answered or dropped, its command counts as undecided.
#[derive(Debug)]
pub(super) struct Answer {
    caller: oneshot::Sender<Result<Became, LedgerError>>,
    undecided: Option<Entered>,
    /// The caller's trace.
    waiting: Waiting,
}

impl Answer {
    /// The caller's trace, since when they wait.
    pub(super) fn waiting(&self) -> &Waiting {
        &self.waiting
    }

    /// Whether the caller has gone.
    pub(super) fn is_closed(&self) -> bool {
        self.caller.is_closed()
    }

    /// Tells the caller, if they are still there. Whoever has gone asks again under the same key.
    pub(super) fn send(self, answer: Result<Became, LedgerError>) {
        // What is decided is on the books by now, where who asks again finds it.
        drop(self.undecided);
        drop(self.caller.send(answer));
    }
}

/// A submission, and where its caller waits for the answer.
#[derive(Debug)]
struct Ticket {
    number: u64,
    submission: Submission,
    answer: Answer,
    arrived: Instant,
}

/// What is to be carried out in one transaction, in the order of its arrival.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) submissions: Vec<Submission>,
    /// One for each submission.
    pub(super) answers: Vec<Answer>,
    /// The SKUs that no other lane touches meanwhile.
    pub(super) hold: Hold,
}

/// SKUs that one lane is at work on. They are free for the others when it hands them on, and at the
/// latest when this is dropped.
#[derive(Debug)]
pub(super) struct Hold {
    queue: Arc<Queue>,
    sku_ids: Vec<SkuId>,
}

impl Hold {
    /// Lets another lane have the SKUs.
    pub(super) fn hand_on(&mut self) {
        if self.sku_ids.is_empty() {
            return;
        }
        let mut row = self.queue.row();
        for sku_id in self.sku_ids.drain(..) {
            row.held.remove(&sku_id);
        }
        let anybody = !row.waiting.is_empty();
        drop(row);
        if anybody {
            self.queue.arrival.notify_one();
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.hand_on();
    }
}

/// The row, and who is told when somebody joins it.
#[derive(Debug)]
pub(super) struct Queue {
    row: Mutex<Row>,
    arrival: Notify,
    settings: LedgerSettings,
    metrics: QueueMetrics,
}

#[derive(Debug, Default)]
struct Row {
    waiting: VecDeque<Ticket>,
    /// SKUs that lanes are at work on.
    held: HashSet<SkuId>,
    /// Nobody will join any more.
    closed: bool,
    next_number: u64,
    /// How long the command waited that was last taken from the front.
    waited: Duration,
}

/// A place in the row, or none.
pub(super) type Place = (u64, oneshot::Receiver<Result<Became, LedgerError>>);

impl Queue {
    /// An empty row. `settings.lanes` is how many lanes there really are.
    pub(super) fn new(settings: LedgerSettings, metrics: QueueMetrics) -> Self {
        Self { row: Mutex::default(), arrival: Notify::new(), settings, metrics }
    }

    /// Nothing that is done under the lock panics; if it ever did, the row would still be a row.
    fn row(&self) -> MutexGuard<'_, Row> {
        self.row.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Joins the row.
    ///
    /// # Errors
    ///
    /// [`LedgerError::QueueFull`] and [`LedgerError::Stopped`].
    pub(super) fn join(
        &self,
        submission: impl Into<Submission>,
        undecided: Option<Entered>,
    ) -> Result<Place, LedgerError> {
        let submission = submission.into();
        let (caller, answered) = oneshot::channel();
        let answer = Answer { caller, undecided, waiting: Waiting::begin() };
        let arrived = Instant::now();
        let mut row = self.row();
        if row.closed {
            return Err(LedgerError::Stopped);
        }
        if row.waiting.len() >= self.settings.queue_max {
            let retry_after = row.retry_after();
            drop(row);
            self.metrics.full();
            return Err(LedgerError::QueueFull { retry_after });
        }
        let number = row.next_number;
        row.next_number = number.wrapping_add(1);
        // Whoever is at work on its SKU tells when they are done; nobody else need look.
        let free = !submission.sku_ids().any(|sku_id| row.held.contains(&sku_id));
        row.waiting.push_back(Ticket { number, submission, answer, arrived });
        self.metrics.waiting(row.waiting.len());
        drop(row);
        if free {
            self.arrival.notify_one();
        }
        Ok((number, answered))
    }

    /// Whether one more would not be let in.
    pub(super) fn is_full(&self) -> bool {
        self.row().waiting.len() >= self.settings.queue_max
    }

    /// Leaves the row, because the command's time is over; `None` if it is being carried out
    /// already, and then its caller waits for what becomes of it.
    pub(super) fn leave(&self, number: u64) -> Option<LedgerError> {
        let mut row = self.row();
        let place = row.waiting.iter().position(|ticket| ticket.number == number)?;
        drop(row.waiting.remove(place));
        self.metrics.waiting(row.waiting.len());
        let retry_after = row.retry_after();
        drop(row);
        self.metrics.overdue();
        Some(LedgerError::Overdue { retry_after })
    }

    /// Lets nobody in any more. The lanes end once nothing waits.
    pub(super) fn close(&self) {
        self.row().closed = true;
        self.arrival.notify_waiters();
        // One who has looked, and not begun to wait yet, finds this.
        self.arrival.notify_one();
    }

    /// Takes what may be carried out now, up to the bounds of a batch. Waits while nothing may;
    /// `None` when nothing ever will.
    pub(super) async fn take(self: &Arc<Self>) -> Option<Batch> {
        loop {
            let arrival = self.arrival.notified();
            let (batch, ended, more) = {
                let mut row = self.row();
                let batch = self.next_batch(&mut row);
                self.metrics.waiting(row.waiting.len());
                let rest = !row.waiting.is_empty();
                (batch, row.closed && !rest, rest)
            };
            if !batch.submissions.is_empty() {
                // A notice counts for one lane; what this one leaves may be for another.
                if more && self.settings.lanes > 1 {
                    self.arrival.notify_one();
                }
                return Some(batch);
            }
            if ended {
                // The other lanes are to learn of it, too.
                self.arrival.notify_one();
                return None;
            }
            arrival.await;
        }
    }

    /// Commands whose callers have gone are left out, for nobody would learn of them; so are those
    /// whose time is over.
    fn next_batch(self: &Arc<Self>, row: &mut Row) -> Batch {
        let now = Instant::now();
        let several = self.settings.lanes > 1;
        let (mut submissions, mut answers) = (Vec::new(), Vec::new());
        let mut lines = 0_usize;
        let mut taken: HashSet<SkuId> = HashSet::new();
        let mut passed_over: HashSet<SkuId> = HashSet::new();
        let mut left: Vec<Ticket> = Vec::new();
        let mut oldest: Option<Instant> = None;
        for _look in 0..LOOKED_AT_MAX {
            let Some(ticket) = row.waiting.pop_front() else { break };
            if ticket.answer.is_closed() {
                continue;
            }
            let waited = now.saturating_duration_since(ticket.arrived);
            if waited >= self.settings.deadline {
                self.metrics.overdue();
                let retry_after = row.retry_after();
                ticket.answer.send(Err(LedgerError::Overdue { retry_after }));
                continue;
            }
            let submission = &ticket.submission;
            if several
                && submission
                    .sku_ids()
                    .any(|sku_id| row.held.contains(&sku_id) || passed_over.contains(&sku_id))
            {
                passed_over.extend(submission.sku_ids());
                left.push(ticket);
                continue;
            }
            let with_it = lines.saturating_add(submission.line_count());
            if with_it > BATCH_LINES_MAX && !submissions.is_empty() {
                row.waiting.push_front(ticket);
                break;
            }
            lines = with_it;
            if several {
                taken.extend(submission.sku_ids());
            }
            oldest.get_or_insert(ticket.arrived);
            self.metrics.waited(waited);
            submissions.push(ticket.submission);
            answers.push(ticket.answer);
            if submissions.len() >= self.settings.batch_max {
                break;
            }
        }
        for ticket in left.into_iter().rev() {
            row.waiting.push_front(ticket);
        }
        if let Some(oldest) = oldest {
            row.waited = now.saturating_duration_since(oldest);
        }
        row.held.extend(&taken);
        let hold = Hold { queue: Arc::clone(self), sku_ids: taken.into_iter().collect() };
        Batch { submissions, answers, hold }
    }
}

impl Row {
    /// When a caller who cannot wait here may come back: after as long as the last one waited.
    fn retry_after(&self) -> Duration {
        self.waited.clamp(RETRY_AFTER_MIN, RETRY_AFTER_MAX)
    }
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;
