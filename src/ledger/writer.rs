//! The writer's loop: takes a batch, has it carried out, answers; until nobody can ask any more.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::LedgerError;
use super::post::Poster;
use super::queue::{Queue, Ticket};
use crate::db::{Cause, Dialect, Fault};
use crate::domain::{Command, Outcome};

/// How long a batch is carried out again and again before its callers are told to come back.
/// Longer than a restart of a server that was stopped in good order; shorter than the patience of
/// those who wait.
const RETRY_MAX: Duration = Duration::from_secs(5);

/// How often at the most. With the pauses below the time is over first, unless the database
/// refuses at once each time.
const ATTEMPTS_MAX: usize = 20;

/// How long one attempt may take. Waiting for a lock ends by itself, long before; a database whose
/// host has vanished without a word never answers, and the writer must not wait for it for ever.
const ATTEMPT_MAX: Duration = Duration::from_secs(20);

/// Where a caller waits.
type Answer = oneshot::Sender<Result<Outcome, LedgerError>>;

/// Carries batches out until the queue ends.
#[expect(clippy::disallowed_methods, reason = "a panic over one batch must not end the writer")]
pub(super) async fn run(mut queue: Queue, poster: Poster) {
    while let Some(batch) = queue.take().await {
        let batch = tokio::spawn(carry_out(poster.clone(), batch));
        if let Err(error) = batch.await {
            // Its callers are told by their channels, which were dropped.
            tracing::error!(%error, "the writer failed over a batch");
        }
    }
}

async fn carry_out(poster: Poster, batch: Vec<Ticket>) {
    let (commands, answers): (Vec<Command>, Vec<Answer>) =
        batch.into_iter().map(|ticket| (ticket.command, ticket.answer)).unzip();
    match post(&poster, &commands).await {
        Ok(outcomes) => answer_each(answers, outcomes),
        // What is nobody's passing trouble is one command's own. Alone, the others succeed.
        Err(fault) if fault.cause == Cause::Other && commands.len() > 1 => {
            one_by_one(&poster, commands, answers).await;
        }
        // Who needs a stock that somebody else holds must not hold up those who do not.
        Err(fault) if fault.cause == Cause::Contended && commands.len() > 1 => {
            without_the_stuck(&poster, commands, answers, fault).await;
        }
        Err(fault) => fail_all(answers, fault),
    }
}

fn answer_each(answers: Vec<Answer>, outcomes: Vec<Outcome>) {
    for (answer, outcome) in answers.into_iter().zip(outcomes) {
        // A caller who has gone asks again under the same key.
        drop(answer.send(Ok(outcome)));
    }
}

fn fail_all(answers: Vec<Answer>, fault: Fault) {
    let error = LedgerError::Database(fault.into());
    for answer in answers {
        drop(answer.send(Err(error.clone())));
    }
}

async fn one_by_one(poster: &Poster, commands: Vec<Command>, answers: Vec<Answer>) {
    let mut waiting = commands.into_iter().zip(answers);
    for (command, answer) in waiting.by_ref() {
        if answer.is_closed() {
            continue;
        }
        match post(poster, std::slice::from_ref(&command)).await {
            Ok(mut outcomes) => drop(answer.send(outcomes.pop().ok_or(LedgerError::Lost))),
            // The database is in trouble by now; it would be for each of the others.
            Err(fault) if fault.is_transient() => {
                let rest = std::iter::once(answer).chain(waiting.map(|(_command, answer)| answer));
                return fail_all(rest.collect(), fault);
            }
            Err(fault) => fail_all(vec![answer], fault),
        }
    }
}

/// Answers those who need a locked stock that they may try again, and carries the others out.
async fn without_the_stuck(
    poster: &Poster,
    commands: Vec<Command>,
    answers: Vec<Answer>,
    fault: Fault,
) {
    let stuck = match poster.dialect() {
        // The whole file is locked, for everybody.
        Dialect::Sqlite => return fail_all(answers, fault),
        Dialect::MariaDb | Dialect::MySql | Dialect::Postgres => poster.stuck(&commands).await,
    };
    let stuck = match stuck {
        Ok(stuck) => stuck,
        Err(fault) => return fail_all(answers, fault),
    };
    let (mut free, mut free_answers, mut stuck_answers) = (Vec::new(), Vec::new(), Vec::new());
    for ((command, answer), stuck) in commands.into_iter().zip(answers).zip(stuck) {
        if stuck {
            stuck_answers.push(answer);
        } else {
            free.push(command);
            free_answers.push(answer);
        }
    }
    tracing::warn!(stuck = stuck_answers.len(), free = free.len(), "stocks are locked elsewhere");
    fail_all(stuck_answers, fault);
    if free.is_empty() {
        return;
    }
    match post(poster, &free).await {
        Ok(outcomes) => answer_each(free_answers, outcomes),
        Err(fault) => fail_all(free_answers, fault),
    }
}

/// Posts, again and again while what hinders it may pass.
async fn post(poster: &Poster, commands: &[Command]) -> Result<Vec<Outcome>, Fault> {
    let started = Instant::now();
    let pauses = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(2))
        .with_max_delay(Duration::from_millis(500))
        .with_max_times(ATTEMPTS_MAX)
        .with_jitter();
    (|| attempt(poster, commands))
        .retry(pauses)
        .when(|fault| fault.is_transient() && started.elapsed() < RETRY_MAX)
        .notify(|fault, pause| {
            tracing::debug!(cause = ?fault.cause, error = %fault.source, ?pause, "a batch is carried out again");
        })
        .await
}

async fn attempt(poster: &Poster, commands: &[Command]) -> Result<Vec<Outcome>, Fault> {
    let answer = tokio::time::timeout(ATTEMPT_MAX, poster.post(commands)).await;
    answer.unwrap_or_else(|_elapsed| Err(Fault::silent()))
}
