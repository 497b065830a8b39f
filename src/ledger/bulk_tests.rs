//! Who of many waits for whom. No database, and no time but the one that a test lets pass.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use tokio::time::advance;

use super::super::queue::{Batch, Queue};
use super::*;
use crate::domain::{DeductLine, IdempotencyKey, Operation, OrderDetailId, SkuId, Visibility};
use crate::ledger::LedgerMetrics;

/// Half a batch is 10.
fn settings() -> LedgerSettings {
    LedgerSettings { queue_max: 100, batch_max: 20, ..LedgerSettings::default() }
}

/// A row that nobody takes anything from but the test.
fn entrance(settings: LedgerSettings) -> Arc<Entrance> {
    let queue = Arc::new(Queue::new(settings, LedgerMetrics::new().queue));
    let (deadline, turns) = (settings.deadline, Turns::new(settings));
    Arc::new(Entrance { queue, deadline, early: None, turns })
}

fn command(number: usize) -> Command {
    let order_detail_id = OrderDetailId::new("order".to_owned()).unwrap();
    let line = DeductLine { sku_id: SkuId(1), order_detail_id, quantity: 1 };
    Command {
        scope: "tests".to_owned(),
        key: IdempotencyKey::new(number.to_string()).unwrap(),
        actor: "tests".to_owned(),
        visibility: Visibility::All,
        reason: None,
        operation: Operation::Deduct(line),
    }
}

fn commands(count: usize) -> Vec<Command> {
    (0..count).map(command).collect()
}

fn keys(batch: &Batch) -> Vec<String> {
    let commands = batch.submissions.iter().flat_map(Submission::commands);
    commands.map(|command| command.key.to_string()).collect()
}

fn numbers(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|number| number.to_string()).collect()
}

fn done() -> Outcome {
    Outcome::Done { receipt: Vec::new(), replayed: false }
}

fn carry_out(batch: Batch) {
    for (submission, answer) in batch.submissions.iter().zip(batch.answers) {
        let outcomes = &mut std::iter::repeat(Some(done()));
        answer.send(Ok(Became::next_of(submission, outcomes)));
    }
}

fn fail(batch: Batch, error: &LedgerError) {
    for answer in batch.answers {
        answer.send(Err(error.clone()));
    }
}

/// Whether anybody waits who has not gone.
fn has_waiting(entrance: &Entrance) -> bool {
    let mut take = Box::pin(entrance.queue.take());
    poll(&mut take).is_some()
}

/// Polls once; what comes of it if anything does.
fn poll<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    let mut context = Context::from_waker(Waker::noop());
    match std::pin::Pin::new(future).poll(&mut context) {
        std::task::Poll::Ready(output) => Some(output),
        std::task::Poll::Pending => None,
    }
}

#[tokio::test]
async fn half_of_each_batch_is_left_to_others_and_lines_keep_their_order() {
    let entrance = entrance(settings());
    let second = (100..125).map(command).collect();
    let (one, other) =
        (submit_each(&entrance, commands(25), None), submit_each(&entrance, second, None));
    let mut both = pin!(async { tokio::join!(one, other) });
    let (mut seen, mut buyers) = (Vec::new(), Vec::new());
    let (one, other) = loop {
        if let Some(answers) = poll(&mut both) {
            break answers;
        }
        // A buyer who comes behind both bulks is in the next batch all the same.
        buyers.push(entrance.queue.join(command(1_000), None).unwrap());
        let batch = entrance.queue.take().await.unwrap();
        let mut lines = keys(&batch);
        assert_eq!(lines.pop().unwrap(), "1000");
        assert!((1..=10).contains(&lines.len()), "{lines:?}");
        seen.extend(lines);
        carry_out(batch);
    };
    assert_eq!((one.len(), other.len()), (25, 25));
    assert!(one.iter().chain(&other).all(Result::is_ok));
    let (first, second): (Vec<_>, Vec<_>) = seen.into_iter().partition(|key| key.len() < 3);
    assert_eq!((first, second), (numbers(0..25), numbers(100..125)));
}

#[tokio::test]
async fn a_bundle_joins_behind_all_who_came_while_the_one_before_it_was_carried_out() {
    let entrance = entrance(settings());
    let mut one = pin!(entrance.submit_together(commands(3)));
    let mut other = pin!(entrance.submit_together(commands(2)));
    assert!(poll(&mut one).is_none() && poll(&mut other).is_none());
    let first = entrance.queue.take().await.unwrap();
    assert_eq!(keys(&first), numbers(0..3));
    let _buyer = entrance.queue.join(command(1_000), None).unwrap();
    carry_out(first);
    assert_eq!(poll(&mut one).unwrap().unwrap().len(), 3);
    assert!(poll(&mut other).is_none());
    let next = entrance.queue.take().await.unwrap();
    assert_eq!(keys(&next), [numbers(1_000..1_001), numbers(0..2)].concat());
    carry_out(next);
    assert_eq!(other.await.unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_bundle_whose_turn_does_not_come_is_told_that_it_was_not_begun() {
    let entrance = entrance(settings());
    let mut one = pin!(entrance.submit_together(commands(3)));
    assert!(poll(&mut one).is_none());
    let batch = entrance.queue.take().await.unwrap();
    let refused = entrance.submit_together(commands(2)).await.unwrap_err();
    assert!(matches!(refused, LedgerError::NotBegun), "{refused:?}");
    carry_out(batch);
    assert!(one.await.is_ok());
    assert!(!has_waiting(&entrance));
}

#[tokio::test(start_paused = true)]
async fn when_time_is_short_no_more_are_begun_and_what_is_known_is_told() {
    let entrance = entrance(settings());
    let answer_by = Instant::now() + Duration::from_secs(5);
    let mut bulk = pin!(submit_each(&entrance, commands(25), Some(answer_by)));
    assert!(poll(&mut bulk).is_none());
    carry_out(entrance.queue.take().await.unwrap());
    assert!(poll(&mut bulk).is_none());
    let stuck = entrance.queue.take().await.unwrap();
    assert_eq!(keys(&stuck), numbers(10..20));
    // The rest has no turn before the time is nearly over.
    let answers = bulk.await;
    assert!(Instant::now() < answer_by, "there is time to answer");
    assert!(answers[..10].iter().all(Result::is_ok), "{answers:?}");
    let given_up = |answer: &Result<_, _>| matches!(answer, Err(LedgerError::GivenUp));
    assert!(answers[10..20].iter().all(given_up), "{answers:?}");
    let not_begun = |answer: &Result<_, _>| matches!(answer, Err(LedgerError::NotBegun));
    assert!(answers[20..].iter().all(not_begun), "{answers:?}");
    drop(stuck);
    assert!(!has_waiting(&entrance));
}

#[tokio::test(start_paused = true)]
async fn a_row_that_is_full_is_tried_again_for_as_long_as_a_command_may_wait() {
    let entrance = entrance(LedgerSettings { queue_max: 4, ..settings() });
    let waiting: Vec<Place> =
        (0..4).map(|number| entrance.queue.join(command(1_000 + number), None).unwrap()).collect();
    let mut bulk = pin!(submit_each(&entrance, commands(2), None));
    assert!(poll(&mut bulk).is_none());
    // One who was in the way has gone.
    assert!(entrance.queue.leave(waiting[0].0).is_some());
    advance(Duration::from_millis(60)).await;
    assert!(poll(&mut bulk).is_none());
    let batch = entrance.queue.take().await.unwrap();
    assert_eq!(keys(&batch), [numbers(1_001..1_004), numbers(0..1)].concat());
    carry_out(batch);
    assert!(poll(&mut bulk).is_none());
    carry_out(entrance.queue.take().await.unwrap());
    assert!(bulk.await.iter().all(Result::is_ok));

    let _waiting: Vec<Place> =
        (0..4).map(|number| entrance.queue.join(command(1_000 + number), None).unwrap()).collect();
    let answers = submit_each(&entrance, commands(3), None).await;
    let full = |answer: &Result<_, _>| matches!(answer, Err(LedgerError::QueueFull { .. }));
    assert!(answers.iter().all(full), "{answers:?}");
}

#[tokio::test]
async fn when_the_database_is_away_no_more_are_begun() {
    let entrance = entrance(settings());
    let mut bulk = pin!(submit_each(&entrance, commands(25), None));
    assert!(poll(&mut bulk).is_none());
    carry_out(entrance.queue.take().await.unwrap());
    assert!(poll(&mut bulk).is_none());
    let away = LedgerError::Stopped;
    fail(entrance.queue.take().await.unwrap(), &away);
    let answers = bulk.await;
    assert!(answers[..10].iter().all(Result::is_ok), "{answers:?}");
    assert!(answers[10..].iter().all(Result::is_err), "{answers:?}");
}

#[test]
fn bulks_have_a_part_of_the_row_whatever_its_bounds() {
    for (batch_max, queue_max, expected) in
        [(500, 10_000, 250), (1, 10_000, 1), (500, 100, 25), (500, 1, 1), (1, 1, 1)]
    {
        let turns = Turns::new(LedgerSettings { queue_max, batch_max, ..settings() });
        assert_eq!(turns.commands.available_permits(), expected);
    }
}
