//! Tests of [`decide`](super::super::decide) over stocktakes.

use chrono::DateTime;

use super::super::super::books::{Books, CountState};
use super::super::{Plan, Verdict, decide};
use crate::domain::{
    Command, CountId, CountLine, CountStatus, CountViolation, IdempotencyKey, Inventory,
    MerchantId, Operation, SkuId, Violation, Visibility,
};

const SKU: SkuId = SkuId(1);
const COUNT: CountId = CountId(17);

/// A SKU that has 7 of its 10 units left, at version 5.
fn before() -> Books {
    let at = DateTime::from_timestamp(1_764_000_000, 0).unwrap();
    let stock = Inventory {
        sku_id: SKU,
        merchant_id: MerchantId(1),
        leaved_amount: 7,
        version: 5,
        created_at: at,
        updated_at: at,
    };
    let state = CountState { merchant_id: MerchantId(1), status: CountStatus::Open, revision: 3 };
    Books { stocks: [(SKU, stock)].into(), counts: [(COUNT, state)].into(), ..Books::default() }
}

fn command(key: &str, operation: Operation) -> Command {
    Command {
        scope: "tests".to_owned(),
        key: IdempotencyKey::new(key.to_owned()).unwrap(),
        actor: "auditor".to_owned(),
        visibility: Visibility::All,
        reason: None,
        operation,
    }
}

fn count(key: &str, quantity: i32) -> Command {
    let line = CountLine { sku_id: SKU, quantity, version: 2, leaved_after: 10 };
    command(key, Operation::Count { count_id: COUNT, revision: 3, lines: vec![line] })
}

fn decided(commands: &[Command], books: &Books) -> Plan {
    decide(commands, books, DateTime::from_timestamp(1_764_000_001, 0).unwrap())
}

fn violation(plan: &Plan) -> Violation {
    match plan.verdicts.last() {
        Some(Verdict::Refuse(refusals)) => refusals[0].violation.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_amount_changes_by_the_variance() {
    let plan = decided(&[count("a", 8)], &before());
    let entry = &plan.entries[0].flow;
    assert_eq!((entry.quantity_trade, entry.leaved_after), (2, 5));
    assert_eq!(plan.closed_counts[0].count_id, COUNT);
    assert_eq!(plan.closed_counts[0].closed_by, "auditor");
    // A count that agrees is written, too.
    let plan = decided(&[count("a", 10)], &before());
    assert_eq!((plan.entries[0].flow.quantity_trade, plan.entries[0].flow.leaved_after), (0, 7));
}

#[test]
fn what_was_adjusted_since_is_not_adjusted_again() {
    let mut books = before();
    books.adjusted.insert((SKU, 2), -2);
    let plan = decided(&[count("a", 8)], &books);
    assert_eq!(plan.entries[0].flow.quantity_trade, 0);
    // Nor what the same batch adjusts.
    let set = Operation::SetQuantity { sku_id: SKU, quantity: 6, change_from_quantity: None };
    let plan = decided(&[command("s", set), count("a", 8)], &before());
    assert_eq!((plan.entries[1].flow.quantity_trade, plan.entries[1].flow.leaved_after), (1, 5));
}

#[test]
fn a_shelf_that_cannot_have_had_what_was_sold_is_to_be_counted_again() {
    let plan = decided(&[count("a", 2)], &before());
    let stale = CountViolation::Stale { sku_id: SKU, missing: 8, available: 7 };
    assert_eq!(violation(&plan), stale.into());
    assert_eq!((plan.entries.len(), plan.closed_counts.len()), (0, 0));
}

#[test]
fn a_count_is_completed_as_it_was_looked_at_or_not_at_all() {
    let mut books = before();
    let state = books.counts.get_mut(&COUNT).unwrap();
    state.revision = 4;
    let changed = CountViolation::Changed { count_id: COUNT, revision: 4 };
    assert_eq!(violation(&decided(&[count("a", 8)], &books)), changed.into());
    let state = books.counts.get_mut(&COUNT).unwrap();
    (state.revision, state.status) = (3, CountStatus::Abandoned);
    let closed = CountViolation::NotOpen { count_id: COUNT, status: CountStatus::Abandoned };
    assert_eq!(violation(&decided(&[count("a", 8)], &books)), closed.into());
    let bound = Command { visibility: Visibility::Only(MerchantId(2)), ..count("a", 8) };
    let missing = CountViolation::NotFound(COUNT);
    assert_eq!(violation(&decided(&[bound], &books)), missing.into());
}
