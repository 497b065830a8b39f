//! A bundle does all that its commands would do by themselves, or nothing at all.

use chrono::DateTime;
use proptest::prelude::*;

use super::super::decide;
use super::*;
use crate::domain::{
    DeductLine, Flow, FlowId, FlowKind, IdempotencyKey, Inventory, MerchantId, Operation,
    OrderDetailId, RefundLine, SkuId, Visibility,
};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_764_000_000_000_000).unwrap()
}

fn stock(sku_id: i64, leaved_amount: i32) -> Inventory {
    Inventory {
        sku_id: SkuId(sku_id),
        merchant_id: MerchantId(1),
        leaved_amount,
        version: 3,
        created_at: now(),
        updated_at: now(),
    }
}

/// Two SKUs, and a deduction of six units of the first.
fn books(one: i32, other: i32) -> Books {
    let deduction = Flow {
        id: FlowId(1),
        sku_id: SkuId(1),
        merchant_id: MerchantId(1),
        sequence: 2,
        kind: FlowKind::Deduction,
        order_detail_id: Some("order".to_owned()),
        quantity_trade: 6,
        leaved_after: 0,
        deduction_id: None,
        idempotency_scope: "tests".to_owned(),
        idempotency_key: "earlier".to_owned(),
        line: 0,
        request_hash: [0; 32],
        actor: "tests".to_owned(),
        reason: None,
        created_at: now(),
        entry_hash: None,
    };
    Books {
        stocks: [stock(1, one), stock(2, other)].map(|stock| (stock.sku_id, stock)).into(),
        entries: [(deduction.id, deduction)].into(),
        ..Books::default()
    }
}

fn command(key: &str, operation: Operation) -> Command {
    Command {
        scope: "tests".to_owned(),
        key: IdempotencyKey::new(key.to_owned()).unwrap(),
        actor: "tests".to_owned(),
        visibility: Visibility::All,
        reason: None,
        operation,
    }
}

fn deduct(key: &str, sku_id: i64, quantity: i32) -> Command {
    let order_detail_id = OrderDetailId::new("order".to_owned()).unwrap();
    let line = DeductLine { sku_id: SkuId(sku_id), order_detail_id, quantity };
    command(key, Operation::Deduct(line))
}

fn one(command: Command) -> Submission {
    Submission::One(command)
}

#[test]
fn what_a_refused_bundle_took_is_there_for_those_behind_it() {
    let bundle = vec![deduct("a", 1, 4), deduct("b", 2, 9), deduct("c", 1, 2), deduct("d", 1, 1)];
    let submissions = [Submission::Bundle(bundle), one(deduct("e", 1, 6))];
    let plan = decide_all(&submissions, &books(6, 8), now());
    let [
        Verdict::Withhold,
        Verdict::Refuse(short),
        Verdict::Withhold,
        Verdict::Refuse(gone),
        Verdict::Write(written),
    ] = &plan.verdicts[..]
    else {
        panic!("{:?}", plan.verdicts);
    };
    // Each that falls short is told, with what was left for it.
    assert_eq!((short.len(), gone.len()), (1, 1));
    assert_eq!((written.clone(), plan.entries.len()), (0..1, 1));
    assert_eq!(plan.changes.len(), 1);
    assert_eq!((plan.changes[0].taken, plan.changes[0].entries), (6, 1));
}

#[test]
fn what_had_been_done_before_is_told_by_a_refused_bundle_and_asks_for_nothing() {
    let first = decide(&[deduct("a", 1, 4)], &books(6, 8), now());
    let written = first.entries.into_iter().map(|entry| entry.flow).collect::<Vec<_>>();
    let key = ("tests".to_owned(), "a".to_owned());
    let books = Books { written: [(key, written)].into(), ..books(2, 8) };
    let bundle = |quantity| {
        [Submission::Bundle(vec![deduct("a", 1, 4), deduct("b", 1, quantity), deduct("c", 2, 1)])]
    };
    let verdicts = decide_all(&bundle(2), &books, now()).verdicts;
    assert!(
        matches!(&verdicts[..], [Verdict::Replay(_), Verdict::Write(_), Verdict::Write(_)]),
        "{verdicts:?}"
    );
    let verdicts = decide_all(&bundle(3), &books, now()).verdicts;
    assert!(
        matches!(&verdicts[..], [Verdict::Replay(_), Verdict::Refuse(_), Verdict::Withhold]),
        "{verdicts:?}"
    );
}

#[test]
fn a_key_that_a_refused_bundle_had_is_free_again() {
    let bundle = vec![deduct("a", 1, 1), deduct("a", 1, 1), deduct("b", 2, 9)];
    let submissions = [
        one(deduct("before", 1, 1)),
        Submission::Bundle([bundle, vec![deduct("before", 1, 1)]].concat()),
        one(deduct("a", 2, 2)),
        one(deduct("before", 1, 1)),
    ];
    let verdicts = decide_all(&submissions, &books(6, 8), now()).verdicts;
    assert_eq!(verdicts[0], Verdict::Write(0..1));
    // The repeat of what is not written is not written, that of another's is answered.
    assert_eq!(verdicts[1..3], [Verdict::Withhold, Verdict::Withhold]);
    assert!(matches!(verdicts[3], Verdict::Refuse(_)), "{verdicts:?}");
    assert_eq!(verdicts[4], Verdict::Repeat(0..1));
    assert_eq!(verdicts[5..], [Verdict::Write(1..2), Verdict::Repeat(0..1)]);
}

/// A command under one of a few keys, so that keys meet again.
fn any_command() -> impl Strategy<Value = Command> {
    let key = (0..40_u8).prop_map(|key| format!("key {key}"));
    prop_oneof![
        6 => (key.clone(), 1..4_i64, 1..6_i32)
            .prop_map(|(key, sku_id, quantity)| deduct(&key, sku_id, quantity)),
        2 => (key.clone(), 1..3_i64, 1..6_i32).prop_map(|(key, sku_id, quantity)| {
            command(&key, Operation::Replenish { sku_id: SkuId(sku_id), quantity })
        }),
        1 => (key.clone(), prop::option::of(1..4_i32)).prop_map(|(key, quantity)| {
            command(&key, Operation::Refund(RefundLine { flow_id: FlowId(1), quantity }))
        }),
        1 => (key, 0..9_i32).prop_map(|(key, quantity)| {
            let (sku_id, merchant_id) = (SkuId(3), MerchantId(1));
            command(&key, Operation::Create { sku_id, merchant_id, quantity })
        }),
    ]
}

fn any_submission() -> impl Strategy<Value = Submission> {
    prop_oneof![
        any_command().prop_map(Submission::One),
        prop::collection::vec(any_command(), 1..6).prop_map(Submission::Bundle),
    ]
}

/// Tells what one by one would become of everybody but those whose bundle is refused.
fn model(submissions: &[Submission], books: &Books) -> (Plan, Vec<Verdict>) {
    let mut counted: Vec<Command> = Vec::new();
    let mut verdicts = Vec::new();
    for submission in submissions {
        let before = decide(&counted, books, now()).entries.len();
        let all = [counted.as_slice(), submission.commands()].concat();
        let mut of_it = decide(&all, books, now()).verdicts.split_off(counted.len());
        let falls =
            matches!(submission, Submission::Bundle(_)) && of_it.iter().any(Verdict::is_refusal);
        if falls {
            for verdict in &mut of_it {
                let is_new = match verdict {
                    Verdict::Write(_) => true,
                    Verdict::Repeat(of) => of.start >= before,
                    Verdict::Replay(_) | Verdict::Refuse(_) | Verdict::Withhold => false,
                };
                if is_new {
                    *verdict = Verdict::Withhold;
                }
            }
        } else {
            counted = all;
        }
        verdicts.extend(of_it);
    }
    (decide(&counted, books, now()), verdicts)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_refused_bundle_leaves_everything_as_if_it_had_not_come(
        submissions in prop::collection::vec(any_submission(), 1..9),
        one in 0..20_i32,
        other in 0..20_i32,
    ) {
        let books = books(one, other);
        let plan = decide_all(&submissions, &books, now());
        let (expected, verdicts) = model(&submissions, &books);
        prop_assert_eq!(plan.verdicts, verdicts);
        prop_assert_eq!(plan.entries, expected.entries);
        prop_assert_eq!(plan.changes, expected.changes);
        prop_assert_eq!(plan.openings, expected.openings);
    }
}
