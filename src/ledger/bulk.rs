//! Many commands of one caller: each by itself, or all of them together.
//!
//! Commands by themselves join the row one after the other, in their order, so that within a SKU the
//! first is served first; and so many at a time, of all bulks of this server together, that half of
//! each batch and most of the row are left to whoever comes with a single command. A bundle is one
//! transaction, which may be long; so there is one of them in the row, and the next one joins it
//! behind all who came meanwhile.
//!
//! What became of a command is told whatever becomes of the others. Once one of them has found that
//! the database is away, or the row full for as long as a command may wait, no more are begun.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::queue::Place;
use super::submission::{Became, Submission};
use super::{Entrance, Inside, Ledger, LedgerError, LedgerSettings};
use crate::domain::{Command, FaultKind, Operation, Outcome};

/// What is begun in this part of the time that there is, out of [`PARTS`], can be waited for.
const PARTS_TO_BEGIN: u32 = 8;
/// In this part, what has not been answered is given up, so that the rest can be.
const PARTS_TO_WAIT: u32 = 9;
const PARTS: u32 = 10;

/// Where bulks wait for their turn.
#[derive(Debug)]
pub(super) struct Turns {
    /// One for each command that may be in the row.
    commands: Arc<Semaphore>,
    /// One for the bundle, or the stocktake, that may.
    bundles: Semaphore,
}

impl Turns {
    /// For a row with these bounds.
    pub(super) fn new(settings: LedgerSettings) -> Self {
        let commands = (settings.batch_max / 2).min(settings.queue_max / 4);
        let commands = commands.clamp(1, Semaphore::MAX_PERMITS);
        Self { commands: Arc::new(Semaphore::new(commands)), bundles: Semaphore::new(1) }
    }
}

impl Ledger {
    /// Has each of `commands` carried out by itself, in their order, and tells what became of each.
    /// All is told somewhat before `answer_by`, if that is given: commands that were not begun by
    /// then are left out, and those that were are given up.
    ///
    /// Dropping the future begins no more of them; see [`Ledger::submit`].
    pub async fn submit_each(
        &self,
        commands: Vec<Command>,
        answer_by: Option<std::time::Instant>,
    ) -> Vec<Result<Outcome, LedgerError>> {
        let answers = match &self.inside {
            Inside::AtOnce(answer) => commands.iter().map(|command| Ok(answer(command))).collect(),
            Inside::Row(entrance) => {
                submit_each(entrance, commands, answer_by.map(Instant::from_std)).await
            }
        };
        answers.into_iter().map(|answer| answer.map(|outcome| self.noted(outcome))).collect()
    }

    /// Has all of `commands` carried out in one transaction, or none of them, but for those that had
    /// been carried out before, under keys of their own. Tells what became of each; `None` of one
    /// that was withheld because another was refused.
    ///
    /// # Errors
    ///
    /// As [`Ledger::submit`].
    pub async fn submit_together(
        &self,
        commands: Vec<Command>,
    ) -> Result<Vec<Option<Outcome>>, LedgerError> {
        let outcomes: Vec<Option<Outcome>> = match &self.inside {
            Inside::AtOnce(answer) => {
                commands.iter().map(|command| Some(answer(command))).collect()
            }
            Inside::Row(entrance) => entrance.submit_together(commands).await?,
        };
        Ok(outcomes.into_iter().map(|outcome| outcome.map(|one| self.noted(one))).collect())
    }
}

impl Entrance {
    /// A turn for what may be a long transaction of its own.
    async fn long_turn(&self, arrived: Instant) -> Result<SemaphorePermit<'_>, LedgerError> {
        let turn = by(arrived.checked_add(self.deadline), self.turns.bundles.acquire()).await;
        turn.ok_or(LedgerError::NotBegun)?.map_err(|_closed| LedgerError::Stopped)
    }

    /// The same for a command that adjusts a whole stocktake; `None` for the others, which are short.
    pub(super) async fn turn_if_long(
        &self,
        command: &Command,
        arrived: Instant,
    ) -> Result<Option<SemaphorePermit<'_>>, LedgerError> {
        match &command.operation {
            Operation::Count { .. } => self.long_turn(arrived).await.map(Some),
            Operation::Create { .. }
            | Operation::Deduct(_)
            | Operation::DeductBatch(_)
            | Operation::Refund(_)
            | Operation::RefundBatch(_)
            | Operation::Replenish { .. }
            | Operation::SetQuantity { .. } => Ok(None),
        }
    }

    async fn submit_together(
        &self,
        commands: Vec<Command>,
    ) -> Result<Vec<Option<Outcome>>, LedgerError> {
        let arrived = Instant::now();
        let _turn = self.long_turn(arrived).await?;
        let undecided = self.enter(&commands);
        let place = self.queue.join(Submission::Bundle(commands), undecided)?;
        match self.wait(place, arrived).await? {
            Became::Bundle(outcomes) => Ok(outcomes),
            Became::One(_) => Err(LedgerError::Lost),
        }
    }
}

// The entrance is shared, not lent: of closures that take what is lent the compiler cannot tell that
// they do so for whatever time.
async fn submit_each(
    entrance: &Arc<Entrance>,
    commands: Vec<Command>,
    answer_by: Option<Instant>,
) -> Vec<Result<Outcome, LedgerError>> {
    let count = commands.len();
    let times = Times::until(answer_by);
    let stopped = Arc::new(OnceLock::new());
    let feed = Feed {
        entrance: Arc::clone(entrance),
        commands: commands.into_iter(),
        times,
        stopped: Arc::clone(&stopped),
    };
    let begun = stream::unfold(feed, |mut feed| async move {
        let begun = feed.next().await?;
        Some((begun, feed))
    });
    let answered = begun.enumerate().map(|(number, begun)| {
        let (entrance, stopped) = (Arc::clone(entrance), Arc::clone(&stopped));
        async move {
            let answer = match begun {
                Ok(begun) => entrance.answer(begun, times).await,
                Err(error) => Err(error),
            };
            if let Err(error) = &answer
                && error.kind() == FaultKind::Unavailable
            {
                stop(&stopped, error);
            }
            (number, answer)
        }
    });
    let mut answered: Vec<_> = answered.buffer_unordered(count.max(1)).collect().await;
    answered.sort_unstable_by_key(|(number, _answer)| *number);
    answered.into_iter().map(|(_number, answer)| answer).collect()
}

/// Has no more commands begun, for this reason or an earlier one.
fn stop(stopped: &OnceLock<LedgerError>, error: &LedgerError) {
    stopped.get_or_init(|| error.clone());
}

impl Entrance {
    async fn answer(&self, begun: Begun, times: Times) -> Result<Outcome, LedgerError> {
        let Begun { place, arrived, _turn } = begun;
        match by(times.wait, self.wait(place, arrived)).await {
            Some(became) => became?.alone(),
            None => Err(LedgerError::GivenUp),
        }
    }
}

/// How long commands are begun, and waited for; `None` for as long as it takes.
#[derive(Clone, Copy)]
struct Times {
    begin: Option<Instant>,
    wait: Option<Instant>,
}

impl Times {
    fn until(answer_by: Option<Instant>) -> Self {
        let now = Instant::now();
        let left = answer_by.map(|answer_by| answer_by.saturating_duration_since(now));
        let part = |parts: u32| {
            let time = left?.checked_div(PARTS)?.checked_mul(parts)?;
            now.checked_add(time)
        };
        Self { begin: part(PARTS_TO_BEGIN), wait: part(PARTS_TO_WAIT) }
    }
}

/// A command that has joined the row.
struct Begun {
    place: Place,
    arrived: Instant,
    /// Free for the next one when this one is answered.
    _turn: OwnedSemaphorePermit,
}

/// Has commands join the row, one after the other.
struct Feed {
    entrance: Arc<Entrance>,
    commands: std::vec::IntoIter<Command>,
    times: Times,
    /// Why no more are begun.
    stopped: Arc<OnceLock<LedgerError>>,
}

impl Feed {
    /// The next command, once it has joined the row, or why it has not.
    async fn next(&mut self) -> Option<Result<Begun, LedgerError>> {
        let command = self.commands.next()?;
        if let Some(error) = self.stopped.get() {
            return Some(Err(error.clone()));
        }
        let begun = self.begin(command).await;
        if let Err(error) = &begun {
            stop(&self.stopped, error);
        }
        Some(begun)
    }

    async fn begin(&self, command: Command) -> Result<Begun, LedgerError> {
        let Entrance { queue, turns, deadline, .. } = &*self.entrance;
        let turn = by(self.times.begin, Arc::clone(&turns.commands).acquire_owned()).await;
        let turn = turn.ok_or(LedgerError::NotBegun)?.map_err(|_closed| LedgerError::Stopped)?;
        // What was found while this one waited holds for it, too.
        if let Some(error) = self.stopped.get() {
            return Err(error.clone());
        }
        let patience = Instant::now().checked_add(*deadline);
        loop {
            let arrived = Instant::now();
            let undecided = self.entrance.enter(std::slice::from_ref(&command));
            match queue.join(command.clone(), undecided) {
                Ok(place) => return Ok(Begun { place, arrived, _turn: turn }),
                Err(LedgerError::QueueFull { retry_after }) => {
                    let again = self.again(arrived, retry_after, patience);
                    sleep_until(again.ok_or(LedgerError::QueueFull { retry_after })?).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// When to try again to join a row that is full; `None` if that is too late.
    fn again(&self, now: Instant, after: Duration, patience: Option<Instant>) -> Option<Instant> {
        let again = now.checked_add(after)?;
        let ends = [self.times.begin, patience].into_iter().flatten().min();
        ends.is_none_or(|end| again <= end).then_some(again)
    }
}

/// What comes of `future` by an instant; `None` if nothing does.
async fn by<F: Future>(instant: Option<Instant>, future: F) -> Option<F::Output> {
    match instant {
        Some(instant) => timeout_at(instant, future).await.ok(),
        None => Some(future.await),
    }
}

#[cfg(test)]
#[path = "bulk_tests.rs"]
mod tests;
