//! The one writer: every change of stock, of whatever kind, goes through here.
//!
//! Commands wait in one row ([`queue`]). A lane ([`lane`]) takes those that wait, as many as there
//! are, and has them carried out in one database transaction ([`post`]): it locks the SKUs
//! concerned, in ascending order of their ids; reads what the commands need besides ([`read`]);
//! decides in memory, one command after the other, what becomes of each ([`decide`]); writes;
//! commits; and only then answers. What hinders it for a moment is tried again ([`writer`]). A
//! batch of one is the plain transaction of the textbook: there is no second way to write. Nothing
//! waits for a timer: a batch grows by itself while the one before it commits.
//!
//! There may be several lanes, so that one batch is prepared while another's log is flushed. No two
//! of them are at work on one SKU, but for the moment of the commit: when a batch asks for it, its
//! SKUs are handed on, and the next batch, which needs the same rows, waits for them in the
//! database. Between lanes, as between servers, the row locks have the last word.
//!
//! The lanes have a thread of their own ([`thread`]): each of their steps waits for the database, and
//! what it answers must not wait in turn behind hundreds of requests that are being parsed.
//!
//! What holds here, and nowhere else needs to be looked after:
//!
//! - A transaction belongs to a lane, never to a request. A client that hangs up drops an answer,
//!   not a transaction.
//! - Whatever may have gone wrong for a moment is carried out again from the beginning. What had
//!   been committed after all is recognised by its key and answered as done.
//! - The callers of one batch share nothing else. One command's refusal, or the mistake of the
//!   server with it, never touches its neighbours.
//! - Within a SKU the first to come is the first to be served; nobody waits beyond a deadline
//!   without having been begun, and what was refused for that is never carried out later.
//!
//! A stocktake is completed in the very transaction that adjusts its SKUs ([`count`]); all else about
//! stocktakes is the affair of [`crate::count`], which is above this room.
//!
//! Only [`Ledger`] writes. [`decide`] and the [`books`] that it decides by are public because they
//! are pure, and are measured by themselves.
//!
//! One caller may come with many commands ([`bulk`]): each goes its own way, or all of them are one
//! submission ([`submission`]), which is carried out as a whole or not at all.
//!
//! What is hopeless may be refused before it waits ([`early`]), by copies of the stocks; the lanes
//! see to it that these are renewed with each commit. Nothing is ever granted by a copy.
//!
//! What it refuses for want of stock is told to the room of [`refusals`](crate::refusals), which counts
//! it in memory; nobody waits for that.
//!
//! This room does not know GraphQL, HTTP or the store.

pub mod books;
mod bulk;
mod count;
pub mod decide;
mod early;
mod error;
mod lane;
mod link;
mod metrics;
mod post;
mod queue;
mod read;
mod statement;
mod submission;
mod thread;
mod undecided;
mod work;
mod writer;

use std::io;
use std::slice;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

pub(crate) use count::adjusted_since;
pub use error::LedgerError;
pub use metrics::LedgerMetrics;
pub use thread::LanesEnded;

use crate::cache::StockCache;
use crate::db::{Database, Dialect};
use crate::domain::{Clock, Command, Origin, Outcome, ReadAfter, Source};
use crate::refusals::RefusalRecorder;
use bulk::Turns;
use early::EarlyRefusal;
use queue::{Place, Queue};
use submission::Became;
use undecided::Entered;
use work::Work;

/// Bounds of the ledger's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerSettings {
    /// Commands that may wait, 1 upward. One more is refused as busy at once, for a caller who
    /// waits behind so many has long lost patience.
    pub queue_max: usize,
    /// Commands of one transaction, 1 upward. More of them make it longer, not cheaper.
    pub batch_max: usize,
    /// Batches that may be under way at once, 1 upward. SQLite has one whatever this says, for
    /// the file has one writer.
    pub lanes: usize,
    /// How long a command may wait before it is begun.
    pub deadline: Duration,
    /// How old the copy of a stock may be by which a deduction is refused before it waits; zero
    /// for none to be.
    pub early_refusal_age_max: Duration,
}

impl Default for LedgerSettings {
    fn default() -> Self {
        Self {
            queue_max: 10_000,
            batch_max: 500,
            lanes: 1,
            deadline: Duration::from_secs(10),
            early_refusal_age_max: Duration::from_millis(500),
        }
    }
}

/// The way into the ledger. Cheap to clone; when the last clone is dropped the lanes end, once
/// they have answered everything that waits.
#[derive(Clone, Debug)]
pub struct Ledger {
    inside: Inside,
    /// Counts the demand that it refuses, where that is counted.
    refusals: Option<RefusalRecorder>,
}

#[derive(Clone, Debug)]
enum Inside {
    /// Commands join the row.
    Row(Arc<Entrance>),
    /// There are no books, and nobody is kept waiting.
    AtOnce(fn(&Command) -> Outcome),
}

/// Closes the row when nobody can join it any more.
#[derive(Debug)]
struct Entrance {
    queue: Arc<Queue>,
    deadline: Duration,
    early: Option<EarlyRefusal>,
    turns: Turns,
}

impl Drop for Entrance {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl Ledger {
    /// Starts the lanes over `database`. After each commit `cache` has what they know. What is
    /// answered besides ends when the last of them has.
    ///
    /// # Errors
    ///
    /// [`io::Error`] when the system has no thread for them.
    pub fn start(
        database: Database,
        cache: StockCache,
        settings: LedgerSettings,
        clock: Clock,
        metrics: LedgerMetrics,
    ) -> io::Result<(Self, LanesEnded)> {
        let lanes = match database.dialect() {
            Dialect::Sqlite => 1,
            Dialect::MariaDb | Dialect::MySql | Dialect::Postgres => settings.lanes.max(1),
        };
        let settings = LedgerSettings {
            queue_max: settings.queue_max.max(1),
            batch_max: settings.batch_max.max(1),
            lanes,
            ..settings
        };
        let LedgerMetrics { queue, batches, early } = metrics;
        let age_max = settings.early_refusal_age_max;
        let early = (cache.is_on() && !age_max.is_zero())
            .then(|| EarlyRefusal::new(&database, cache.clone(), age_max, clock.clone(), early));
        let queue = Arc::new(Queue::new(settings, queue));
        let work = Work { database, cache, clock, metrics: batches };
        let ended = thread::start(Arc::clone(&queue), work, lanes)?;
        let turns = Turns::new(settings);
        let entrance = Entrance { queue, deadline: settings.deadline, early, turns };
        Ok((Self { inside: Inside::Row(Arc::new(entrance)), refusals: None }, ended))
    }

    /// A ledger without books, which answers at once whatever `answer` makes of a command: what all
    /// the rest of a request costs, for benchmarks to compare with.
    pub fn at_once(answer: fn(&Command) -> Outcome) -> Self {
        Self { inside: Inside::AtOnce(answer), refusals: None }
    }

    /// The same ledger, whose refusals for want of stock are counted.
    #[must_use]
    pub fn recording(self, refusals: RefusalRecorder) -> Self {
        Self { refusals: Some(refusals), ..self }
    }

    /// Tells from now on whether the row is full.
    pub fn fullness(&self) -> Fullness {
        Fullness(match &self.inside {
            Inside::AtOnce(_) => None,
            Inside::Row(entrance) => Some(Arc::clone(&entrance.queue)),
        })
    }

    /// Has `command` carried out, and waits until that is committed.
    ///
    /// Dropping the future changes nothing about what becomes of a command that a lane has taken;
    /// one that still waits is then left out.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when it is not known what became of the command. Submitting the same
    /// command again, under the same key, tells or does it; it is never done twice.
    pub async fn submit(&self, command: Command) -> Result<Outcome, LedgerError> {
        let outcome = match &self.inside {
            Inside::AtOnce(answer) => answer(&command),
            Inside::Row(entrance) => {
                let arrived = Instant::now();
                let _turn = entrance.turn_if_long(&command, arrived).await?;
                let undecided = entrance.enter(slice::from_ref(&command));
                entrance.submit(command, undecided, arrived).await?
            }
        };
        Ok(self.noted(outcome))
    }

    /// The same, unless the command is hopeless by what is known already: then it is refused
    /// without being submitted. A copy of a stock that has not reached `read_after` does not count.
    /// Also tells from where the answer is.
    ///
    /// # Errors
    ///
    /// As [`Ledger::submit`].
    pub async fn submit_unless_hopeless(
        &self,
        command: Command,
        read_after: &ReadAfter,
    ) -> Result<(Outcome, Origin), LedgerError> {
        // It is decided after this instant, by all that was committed before.
        let origin = Origin { source: Source::Primary, as_of: std::time::Instant::now() };
        let entrance = match &self.inside {
            Inside::AtOnce(answer) => return Ok((self.noted(answer(&command)), origin)),
            Inside::Row(entrance) => entrance,
        };
        let arrived = Instant::now();
        let undecided = entrance.enter(slice::from_ref(&command));
        if let (Some(early), Some(entered)) = (&entrance.early, &undecided)
            && let Some((refusals, origin)) = early.refusals(&command, entered, read_after).await
        {
            return Ok((self.noted(Outcome::Refused(refusals)), origin));
        }
        let outcome = entrance.submit(command, undecided, arrived).await?;
        Ok((self.noted(outcome), origin))
    }

    /// What is about to be answered, whoever decided it: what of it is refused for want of stock is
    /// counted here and nowhere else.
    fn noted(&self, outcome: Outcome) -> Outcome {
        if let (Some(recorder), Outcome::Refused(refusals)) = (&self.refusals, &outcome) {
            recorder.note(refusals);
        }
        outcome
    }
}

/// Knows whether as many commands wait as may. Does not keep the ledger from ending.
#[derive(Clone, Debug)]
pub struct Fullness(Option<Arc<Queue>>);

impl Fullness {
    /// Whether one more command would be refused as busy, as of now.
    pub fn is_full(&self) -> bool {
        self.0.as_ref().is_some_and(|queue| queue.is_full())
    }
}

impl Entrance {
    /// From now on the commands are undecided, where that matters to anybody.
    fn enter(&self, commands: &[Command]) -> Option<Entered> {
        self.early.as_ref().map(|early| early.undecided().enter(commands))
    }

    /// Has a command that arrived at an instant take its place in the row, and waits.
    async fn submit(
        &self,
        command: Command,
        undecided: Option<Entered>,
        arrived: Instant,
    ) -> Result<Outcome, LedgerError> {
        let place = self.queue.join(command, undecided)?;
        self.wait(place, arrived).await?.alone()
    }

    /// Waits for what becomes of what has taken a place in the row, and arrived at an instant.
    async fn wait(&self, place: Place, arrived: Instant) -> Result<Became, LedgerError> {
        let (number, mut answered) = place;
        let answer = match arrived.checked_add(self.deadline) {
            Some(deadline) => match tokio::time::timeout_at(deadline, &mut answered).await {
                Ok(answer) => answer,
                Err(_elapsed) => match self.queue.leave(number) {
                    Some(overdue) => return Err(overdue),
                    // It has been begun: what becomes of it is worth waiting for.
                    None => answered.await,
                },
            },
            None => answered.await,
        };
        answer.unwrap_or(Err(LedgerError::Lost))
    }
}
