//! The writer's loop: takes a batch, has it carried out, answers; until nobody can ask any more.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use tokio::time::Instant;

use super::LedgerError;
use super::post::Poster;
use super::queue::{Queue, Ticket};
use crate::db::{Cause, Fault};
use crate::domain::{Command, Outcome};

/// How long a batch is carried out again and again before its callers are told to come back.
/// Longer than a restart of a server that was stopped in good order; shorter than the patience of
/// those who wait.
const RETRY_MAX: Duration = Duration::from_secs(5);

/// How often at the most. With the pauses below the time is over first, unless the database
/// refuses at once each time.
const ATTEMPTS_MAX: usize = 20;

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
    let (commands, answers): (Vec<Command>, Vec<_>) =
        batch.into_iter().map(|ticket| (ticket.command, ticket.answer)).unzip();
    match post(&poster, &commands).await {
        Ok(outcomes) => {
            for (answer, outcome) in answers.into_iter().zip(outcomes) {
                // A caller who has gone asks again under the same key.
                drop(answer.send(Ok(outcome)));
            }
        }
        // What is nobody's passing trouble is one command's own. Alone, the others succeed.
        Err(fault) if fault.cause == Cause::Other && commands.len() > 1 => {
            for (command, answer) in commands.into_iter().zip(answers) {
                let outcome = post(&poster, std::slice::from_ref(&command)).await;
                drop(answer.send(single(outcome)));
            }
        }
        Err(fault) => {
            let error = LedgerError::Database(fault.into());
            for answer in answers {
                drop(answer.send(Err(error.clone())));
            }
        }
    }
}

fn single(posted: Result<Vec<Outcome>, Fault>) -> Result<Outcome, LedgerError> {
    posted.map_err(|fault| LedgerError::Database(fault.into()))?.pop().ok_or(LedgerError::Lost)
}

/// Posts, again and again while what hinders it may pass.
async fn post(poster: &Poster, commands: &[Command]) -> Result<Vec<Outcome>, Fault> {
    let started = Instant::now();
    let pauses = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(2))
        .with_max_delay(Duration::from_millis(500))
        .with_max_times(ATTEMPTS_MAX)
        .with_jitter();
    (|| poster.post(commands))
        .retry(pauses)
        .when(|fault| fault.is_transient() && started.elapsed() < RETRY_MAX)
        .notify(|fault, pause| {
            tracing::debug!(cause = ?fault.cause, error = %fault.source, ?pause, "a batch is carried out again");
        })
        .await
}
