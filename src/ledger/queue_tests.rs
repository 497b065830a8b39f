//! Who is served when. No database, and no time but the one that a test lets pass.

use super::*;
use crate::domain::{Command, DeductLine, IdempotencyKey, Operation, OrderDetailId, Visibility};
use crate::ledger::LedgerMetrics;

fn settings(lanes: usize) -> LedgerSettings {
    LedgerSettings { queue_max: 100, batch_max: 20, lanes, ..LedgerSettings::default() }
}

fn queue(settings: LedgerSettings) -> Arc<Queue> {
    Arc::new(Queue::new(settings, LedgerMetrics::new().queue))
}

fn line(sku_id: i64) -> DeductLine {
    DeductLine {
        sku_id: SkuId(sku_id),
        order_detail_id: OrderDetailId::new("order".to_owned()).unwrap(),
        quantity: 1,
    }
}

fn cart(key: &str, sku_ids: &[i64]) -> Command {
    Command {
        scope: "tests".to_owned(),
        key: IdempotencyKey::new(key.to_owned()).unwrap(),
        actor: "tests".to_owned(),
        visibility: Visibility::All,
        reason: None,
        operation: Operation::DeductBatch(sku_ids.iter().copied().map(line).collect()),
    }
}

fn keys(batch: &Batch) -> Vec<&str> {
    let commands = batch.submissions.iter().flat_map(Submission::commands);
    commands.map(|command| command.key.as_str()).collect()
}

/// Polls once, and tells whether there is nothing to take.
fn has_nothing(queue: &Arc<Queue>) -> bool {
    let mut take = Box::pin(queue.take());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    take.as_mut().poll(&mut context).is_pending()
}

#[tokio::test]
async fn a_batch_is_bounded_by_commands_and_by_lines_and_loses_none() {
    let queue = queue(settings(1));
    let mut places = Vec::new();
    for lines in std::iter::repeat_n(1, 25).chain(std::iter::repeat_n(250, 15)) {
        places.push(queue.join(cart("key", &vec![1; lines]), None).unwrap());
    }
    queue.close();
    let mut sizes = Vec::new();
    while let Some(batch) = queue.take().await {
        sizes.push(batch.submissions.len());
    }
    assert_eq!(sizes, [20, 14, 6]);
}

#[tokio::test]
async fn a_bundle_of_more_lines_than_a_batch_has_goes_by_itself() {
    let queue = queue(settings(1));
    let bundle = |count| Submission::Bundle(vec![cart("bundle", &[1]); count]);
    let _before = queue.join(cart("before", &[1]), None).unwrap();
    let _large = queue.join(bundle(5_000), None).unwrap();
    let _behind = queue.join(cart("behind", &[1]), None).unwrap();
    let _small = queue.join(bundle(3), None).unwrap();
    assert_eq!(keys(&queue.take().await.unwrap()), ["before"]);
    assert_eq!(keys(&queue.take().await.unwrap()), vec!["bundle"; 5_000]);
    assert_eq!(keys(&queue.take().await.unwrap()), ["behind", "bundle", "bundle", "bundle"]);
}

#[tokio::test]
async fn a_caller_who_has_gone_is_left_out() {
    let queue = queue(settings(1));
    drop(queue.join(cart("gone", &[1]), None).unwrap());
    let _place = queue.join(cart("waits", &[1]), None).unwrap();
    assert_eq!(keys(&queue.take().await.unwrap()), ["waits"]);
}

#[tokio::test]
async fn within_a_sku_the_first_to_come_is_the_first_to_be_served() {
    let queue = queue(settings(2));
    let _first = queue.join(cart("hot 1", &[1]), None).unwrap();
    let mut one = queue.take().await.unwrap();
    assert_eq!(keys(&one), ["hot 1"]);
    // A cart over the hot SKU and a cold one keeps its place in both.
    let waiting: Vec<Place> = [
        cart("hot 2", &[1]),
        cart("cart", &[1, 2]),
        cart("cold after the cart", &[2]),
        cart("elsewhere", &[3]),
        cart("hot 3", &[1]),
    ]
    .into_iter()
    .map(|command| queue.join(command, None).unwrap())
    .collect();
    let other = queue.take().await.unwrap();
    assert_eq!(keys(&other), ["elsewhere"]);
    assert!(has_nothing(&queue), "all that waits is for a SKU that is held, or behind such");
    // Handed on at the commit, not only at the end of the batch.
    one.hold.hand_on();
    let next = queue.take().await.unwrap();
    assert_eq!(keys(&next), ["hot 2", "cart", "cold after the cart", "hot 3"]);
    assert_eq!(waiting.len(), 5);
}

#[tokio::test]
async fn what_a_batch_held_is_free_when_it_ends_however_it_ends() {
    let queue = queue(settings(2));
    let _first = queue.join(cart("a", &[1]), None).unwrap();
    let batch = queue.take().await.unwrap();
    let _second = queue.join(cart("b", &[1]), None).unwrap();
    assert!(has_nothing(&queue));
    drop(batch);
    assert_eq!(keys(&queue.take().await.unwrap()), ["b"]);
}

#[tokio::test]
async fn a_lane_that_waits_is_told_when_a_sku_is_handed_on() {
    let queue = queue(settings(2));
    let _first = queue.join(cart("a", &[1]), None).unwrap();
    let batch = queue.take().await.unwrap();
    let _second = queue.join(cart("b", &[1]), None).unwrap();
    let mut other = Box::pin(queue.take());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(other.as_mut().poll(&mut context).is_pending());
    drop(batch);
    assert_eq!(keys(&other.await.unwrap()), ["b"]);
}

#[tokio::test(start_paused = true)]
async fn what_waited_beyond_its_deadline_is_refused_and_never_carried_out() {
    let queue = queue(settings(1));
    let (_number, answered) = queue.join(cart("late", &[1]), None).unwrap();
    tokio::time::advance(Duration::from_secs(10)).await;
    let _place = queue.join(cart("in time", &[1]), None).unwrap();
    assert_eq!(keys(&queue.take().await.unwrap()), ["in time"]);
    let answer = answered.await.unwrap();
    assert!(matches!(answer, Err(LedgerError::Overdue { .. })), "{answer:?}");
}

#[tokio::test]
async fn whoever_leaves_is_not_carried_out_and_whoever_was_begun_cannot_leave() {
    let queue = queue(settings(1));
    let (number, _answered) = queue.join(cart("leaves", &[1]), None).unwrap();
    let (stays, _answered_too) = queue.join(cart("stays", &[1]), None).unwrap();
    assert!(matches!(queue.leave(number), Some(LedgerError::Overdue { .. })));
    assert_eq!(keys(&queue.take().await.unwrap()), ["stays"]);
    assert!(queue.leave(stays).is_none());
}

#[tokio::test(start_paused = true)]
async fn a_full_row_turns_away_at_once_and_says_when_to_come_back() {
    let queue = queue(LedgerSettings { queue_max: 2, batch_max: 1, ..settings(1) });
    let _one = queue.join(cart("1", &[1]), None).unwrap();
    let _two = queue.join(cart("2", &[1]), None).unwrap();
    let turned_away = |queue: &Queue| match queue.join(cart("3", &[1]), None) {
        Err(LedgerError::QueueFull { retry_after }) => retry_after,
        other => panic!("{other:?}"),
    };
    assert_eq!(turned_away(&queue), RETRY_AFTER_MIN);
    tokio::time::advance(Duration::from_secs(3)).await;
    drop(queue.take().await.unwrap());
    let _three = queue.join(cart("3", &[1]), None).unwrap();
    assert_eq!(turned_away(&queue), Duration::from_secs(3), "as long as the last one waited");
}

#[tokio::test]
async fn lanes_end_when_the_row_is_closed_and_empty() {
    let queue = queue(settings(2));
    let _place = queue.join(cart("last", &[1]), None).unwrap();
    queue.close();
    assert!(matches!(queue.join(cart("too late", &[1]), None), Err(LedgerError::Stopped)));
    assert_eq!(keys(&queue.take().await.unwrap()), ["last"]);
    // Each of the lanes learns of it, whichever asks first.
    assert!(queue.take().await.is_none());
    assert!(queue.take().await.is_none());
}
