//! Carries batches out, again and again while what hinders them may pass, and answers the callers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use tokio::time::Instant;

use super::LedgerError;
use super::post::{Done, KeyReading, Poster};
use super::queue::{Answer, Batch, Hold};
use super::submission::{Became, Submission, command_count};
use crate::db::{Cause, Dialect, Fault};
use crate::telemetry::trace::SharedSpan;

/// How long a batch is carried out again and again before its callers are told to come back.
/// Longer than a restart of a server that was stopped in good order; shorter than the patience of
/// those who wait.
const RETRY_MAX: Duration = Duration::from_secs(5);

/// How often at the most. With the pauses below the time is over first, unless the database
/// refuses at once each time.
const ATTEMPTS_MAX: usize = 20;

/// Batches that look for all their keys first, once one was found to have been carried out before.
const WARY_BATCHES: u32 = 64;

/// How long one attempt may take. Waiting for a lock ends by itself, long before; a database whose
/// host has vanished without a word never answers, and the writer must not wait for it for ever.
const ATTEMPT_MAX: Duration = Duration::from_secs(20);

/// Carries out what a lane takes. Clones share everything.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    poster: Poster,
    /// Batches that are still to look for all their keys first.
    wary: Arc<AtomicU32>,
}

impl Writer {
    pub(super) fn new(poster: Poster) -> Self {
        Self { poster, wary: Arc::default() }
    }

    /// Carries a batch out and answers each of its callers.
    pub(super) async fn carry_out(&self, batch: Batch) {
        let Batch { submissions, answers, mut hold } = batch;
        let waiting = answers.iter().map(Answer::waiting);
        let count = command_count(&submissions);
        let span = SharedSpan::begin("ledger.wait", "ledger.batch", waiting, count);
        match span.around(self.post(&submissions, Some(&mut hold))).await {
            Ok(became) => {
                // Before those are answered whose traces it is part of.
                drop(span);
                answer_each(answers, became);
            }
            // What is nobody's passing trouble is one submission's own. Alone, the others succeed.
            Err(fault) if fault.cause == Cause::Other && submissions.len() > 1 => {
                self.one_by_one(submissions, answers).await;
            }
            // Who needs a stock that somebody else holds must not hold up those who do not.
            Err(fault) if fault.cause == Cause::Contended && submissions.len() > 1 => {
                self.without_the_stuck(submissions, answers, fault).await;
            }
            Err(fault) => self.fail_all(answers, fault),
        }
    }

    fn fail_all(&self, answers: Vec<Answer>, fault: Fault) {
        self.poster.metrics().failed(answers.len());
        let error = LedgerError::Database(fault.into());
        for answer in answers {
            answer.send(Err(error.clone()));
        }
    }

    async fn one_by_one(&self, submissions: Vec<Submission>, answers: Vec<Answer>) {
        let mut waiting = submissions.into_iter().zip(answers);
        for (submission, answer) in waiting.by_ref() {
            if answer.is_closed() {
                continue;
            }
            match self.post(std::slice::from_ref(&submission), None).await {
                Ok(mut became) => answer.send(became.pop().ok_or(LedgerError::Lost)),
                // The database is in trouble by now; it would be for each of the others.
                Err(fault) if fault.is_transient() => {
                    let rest =
                        std::iter::once(answer).chain(waiting.map(|(_submission, answer)| answer));
                    return self.fail_all(rest.collect(), fault);
                }
                Err(fault) => self.fail_all(vec![answer], fault),
            }
        }
    }

    /// Answers those who need a locked stock that they may try again, and carries the others out.
    async fn without_the_stuck(
        &self,
        submissions: Vec<Submission>,
        answers: Vec<Answer>,
        fault: Fault,
    ) {
        let stuck = match self.poster.dialect() {
            // The whole file is locked, for everybody.
            Dialect::Sqlite => return self.fail_all(answers, fault),
            Dialect::MariaDb | Dialect::MySql | Dialect::Postgres => {
                self.poster.stuck(&submissions).await
            }
        };
        let stuck = match stuck {
            Ok(stuck) => stuck,
            Err(fault) => return self.fail_all(answers, fault),
        };
        let (mut free, mut free_answers, mut stuck_answers) = (Vec::new(), Vec::new(), Vec::new());
        for ((submission, answer), stuck) in submissions.into_iter().zip(answers).zip(stuck) {
            if stuck {
                stuck_answers.push(answer);
            } else {
                free.push(submission);
                free_answers.push(answer);
            }
        }
        tracing::warn!(
            stuck = stuck_answers.len(),
            free = free.len(),
            "stocks are locked elsewhere"
        );
        self.fail_all(stuck_answers, fault);
        if free.is_empty() {
            return;
        }
        match self.post(&free, None).await {
            Ok(became) => answer_each(free_answers, became),
            Err(fault) => self.fail_all(free_answers, fault),
        }
    }

    /// Posts, again and again while what hinders it may pass. `hold` is given where the submissions
    /// are all that the SKUs are held for.
    async fn post(
        &self,
        submissions: &[Submission],
        mut hold: Option<&mut Hold>,
    ) -> Result<Vec<Became>, Fault> {
        let started = Instant::now();
        let pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(2))
            .with_max_delay(Duration::from_millis(500))
            .with_max_times(ATTEMPTS_MAX)
            .with_jitter();
        let mut pauses = pauses.build();
        let mut keys = self.keys();
        loop {
            let fault = match self.attempt(submissions, keys, hold.as_deref_mut()).await {
                Ok(done) => {
                    if done.replays {
                        self.wary.store(WARY_BATCHES, Ordering::Relaxed);
                    }
                    return Ok(done.became);
                }
                Err(fault) => fault,
            };
            // What is tried again may have been written, now or before.
            keys = KeyReading::Always;
            let pause = pauses
                .next()
                .filter(|_pause| fault.is_transient() && started.elapsed() < RETRY_MAX);
            let Some(pause) = pause else { return Err(fault) };
            self.poster.metrics().retry(fault.cause);
            tracing::debug!(cause = ?fault.cause, error = %fault.source, ?pause, "a batch is carried out again");
            tokio::time::sleep(pause).await;
        }
    }

    /// Which keys to read first. Where one was sent again others are likely to be, as after a
    /// crash, and a batch that finds out only when it writes has done its work in vain.
    fn keys(&self) -> KeyReading {
        let spent = self
            .wary
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |batches| batches.checked_sub(1));
        if spent.is_ok() { KeyReading::Always } else { KeyReading::WhereInDoubt }
    }

    async fn attempt(
        &self,
        submissions: &[Submission],
        keys: KeyReading,
        hold: Option<&mut Hold>,
    ) -> Result<Done, Fault> {
        let posted = self.poster.post(submissions, keys, hold);
        let answer = tokio::time::timeout(ATTEMPT_MAX, posted).await;
        answer.unwrap_or_else(|_elapsed| Err(Fault::silent()))
    }
}

fn answer_each(answers: Vec<Answer>, became: Vec<Became>) {
    for (answer, became) in answers.into_iter().zip(became) {
        // A caller who has gone asks again under the same key.
        answer.send(Ok(became));
    }
}
