//! The rules of stock, one by one. Random sequences of commands against a model are in `tests/`.

use chrono::DateTime;

use super::*;
use crate::domain::{IdempotencyKey, OrderDetailId, Visibility};

const SHIRT: SkuId = SkuId(1);
const SHOES: SkuId = SkuId(2);
const OWN: MerchantId = MerchantId(1);
const OTHER: MerchantId = MerchantId(2);

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_764_000_000_000_000).unwrap()
}

fn books(stocks: &[(SkuId, i32)]) -> Books {
    let stock = |sku_id, leaved_amount| Inventory {
        sku_id,
        merchant_id: OWN,
        leaved_amount,
        version: 7,
        created_at: now(),
        updated_at: now(),
    };
    Books {
        stocks: stocks.iter().map(|(sku_id, left)| (*sku_id, stock(*sku_id, *left))).collect(),
        ..Books::default()
    }
}

fn deduction(id: i64, quantity: i32) -> Flow {
    Flow {
        id: FlowId(id),
        sku_id: SHIRT,
        merchant_id: OWN,
        sequence: 7,
        kind: FlowKind::Deduction,
        order_detail_id: Some("order".to_owned()),
        quantity_trade: quantity,
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

fn line(sku_id: SkuId, quantity: i32) -> DeductLine {
    DeductLine {
        sku_id,
        order_detail_id: OrderDetailId::new("order".to_owned()).unwrap(),
        quantity,
    }
}

fn cart(key: &str, lines: &[(SkuId, i32)]) -> Command {
    let lines = lines.iter().map(|(sku_id, quantity)| line(*sku_id, *quantity)).collect();
    command(key, Operation::DeductBatch(lines))
}

fn refund(key: &str, flow_id: i64, quantity: Option<i32>) -> Command {
    command(key, Operation::Refund(RefundLine { flow_id: FlowId(flow_id), quantity }))
}

fn violations(verdict: &Verdict) -> Vec<Violation> {
    let Verdict::Refuse(refusals) = verdict else { panic!("not refused: {verdict:?}") };
    refusals.iter().map(|refusal| refusal.violation.clone()).collect()
}

#[test]
fn one_cart_cannot_take_the_same_units_in_two_lines() {
    let plan = decide(&[cart("a", &[(SHIRT, 3), (SHIRT, 3)])], &books(&[(SHIRT, 5)]), now());
    assert_eq!(
        violations(&plan.verdicts[0]),
        [Violation::InsufficientStock { sku_id: SHIRT, requested: 3, available: 2 }]
    );
    assert!(plan.entries.is_empty() && plan.changes.is_empty());
}

#[test]
fn a_refused_cart_leaves_everything_to_the_next_one() {
    let commands = [cart("a", &[(SHIRT, 5), (SHOES, 9)]), cart("b", &[(SHIRT, 5), (SHOES, 2)])];
    let plan = decide(&commands, &books(&[(SHIRT, 5), (SHOES, 2)]), now());
    assert_eq!(violations(&plan.verdicts[0]).len(), 1);
    assert_eq!(plan.verdicts[1], Verdict::Write(0..2));
    let change = |sku_id, taken| Change { sku_id, version: 7, taken, entries: 1 };
    assert_eq!(plan.changes, [change(SHIRT, 5), change(SHOES, 2)]);
}

#[test]
fn a_refusal_names_every_line_that_falls_short() {
    let lines = [(SHIRT, 9), (SkuId(3), 1), (SHIRT, 4), (SHIRT, 2)];
    let plan = decide(&[cart("a", &lines)], &books(&[(SHIRT, 5)]), now());
    assert_eq!(
        violations(&plan.verdicts[0]),
        [
            Violation::InsufficientStock { sku_id: SHIRT, requested: 9, available: 5 },
            Violation::SkuNotFound { sku_id: SkuId(3) },
            Violation::InsufficientStock { sku_id: SHIRT, requested: 2, available: 1 },
        ]
    );
}

#[test]
fn entries_follow_each_other_without_a_gap() {
    let commands = [
        command("a", Operation::Deduct(line(SHIRT, 2))),
        command("b", Operation::Replenish { sku_id: SHIRT, quantity: 4 }),
        command(
            "c",
            Operation::SetQuantity { sku_id: SHIRT, quantity: 1, change_from_quantity: Some(7) },
        ),
    ];
    let plan = decide(&commands, &books(&[(SHIRT, 5)]), now());
    let written: Vec<_> = plan
        .entries
        .iter()
        .map(|entry| (entry.flow.sequence, entry.flow.quantity_trade, entry.flow.leaved_after))
        .collect();
    assert_eq!(written, [(8, 2, 3), (9, -4, 7), (10, 6, 1)]);
    assert_eq!(plan.changes, [Change { sku_id: SHIRT, version: 7, taken: 4, entries: 3 }]);
}

#[test]
fn a_sku_may_be_created_and_sold_in_one_batch() {
    let commands = [
        command("a", Operation::Create { sku_id: SHOES, merchant_id: OWN, quantity: 3 }),
        command("b", Operation::Deduct(line(SHOES, 2))),
        command("c", Operation::Create { sku_id: SHOES, merchant_id: OWN, quantity: 3 }),
    ];
    let plan = decide(&commands, &books(&[]), now());
    assert_eq!(plan.openings.len(), 1);
    assert_eq!((plan.openings[0].leaved_amount, plan.openings[0].version), (1, 2));
    assert!(plan.changes.is_empty());
    assert_eq!(violations(&plan.verdicts[2]), [Violation::SkuAlreadyExists { sku_id: SHOES }]);
}

#[test]
fn refunds_of_one_batch_add_up() {
    let mut books = books(&[(SHIRT, 0)]);
    books.entries.insert(FlowId(70), deduction(70, 10));
    books.refunded.insert(FlowId(70), 4);
    let commands = [
        refund("a", 70, Some(4)),
        refund("b", 70, Some(3)),
        refund("c", 70, None),
        refund("d", 70, None),
        refund("e", 71, None),
    ];
    let plan = decide(&commands, &books, now());
    let exceeds = |requested, available| Violation::RefundExceedsDeducted {
        flow_id: FlowId(70),
        sku_id: SHIRT,
        requested,
        available,
    };
    assert_eq!(plan.verdicts[0], Verdict::Write(0..1));
    assert_eq!(violations(&plan.verdicts[1]), [exceeds(Some(3), 2)]);
    assert_eq!(plan.verdicts[2], Verdict::Write(1..2));
    assert_eq!(violations(&plan.verdicts[3]), [exceeds(None, 0)]);
    assert_eq!(violations(&plan.verdicts[4]), [Violation::FlowNotFound { flow_id: FlowId(71) }]);
    assert_eq!(plan.entries[1].flow.quantity_trade, -2);
    assert_eq!(plan.entries[1].flow.order_detail_id.as_deref(), Some("order"));
}

#[test]
fn only_a_deduction_can_be_refunded() {
    let mut books = books(&[(SHIRT, 0)]);
    books.entries.insert(FlowId(70), Flow { kind: FlowKind::Replenishment, ..deduction(70, -5) });
    let plan = decide(&[refund("a", 70, Some(1))], &books, now());
    assert_eq!(
        violations(&plan.verdicts[0]),
        [Violation::NotADeduction { flow_id: FlowId(70), sku_id: SHIRT }]
    );
}

#[test]
fn one_key_is_carried_out_once_within_a_batch() {
    let take = |key: &str, quantity| command(key, Operation::Deduct(line(SHIRT, quantity)));
    let mut other_scope = take("a", 2);
    other_scope.scope = "somebody else".to_owned();
    let commands = [take("a", 2), take("a", 2), take("a", 1), other_scope];
    let plan = decide(&commands, &books(&[(SHIRT, 5)]), now());
    assert_eq!(plan.verdicts[0], Verdict::Write(0..1));
    assert_eq!(plan.verdicts[1], Verdict::Repeat(0..1));
    assert_eq!(violations(&plan.verdicts[2]), [Violation::IdempotencyKeyReused]);
    assert_eq!(plan.verdicts[3], Verdict::Write(1..2));
}

#[test]
fn one_key_is_carried_out_once_for_ever() {
    let take = |quantity| command("a", Operation::Deduct(line(SHIRT, quantity)));
    let mut books = books(&[(SHIRT, 5)]);
    let earlier = Flow { request_hash: Fingerprint::of(&take(2)).0, ..deduction(70, 2) };
    books.written.insert(("tests".to_owned(), "a".to_owned()), vec![earlier.clone()]);
    let plan = decide(&[take(2), take(1)], &books, now());
    let Verdict::Replay(receipt) = &plan.verdicts[0] else { panic!("not replayed") };
    assert_eq!(receipt[0].flow, earlier);
    assert_eq!(receipt[0].inventory.leaved_amount, earlier.leaved_after);
    assert_eq!(violations(&plan.verdicts[1]), [Violation::IdempotencyKeyReused]);
    assert!(plan.entries.is_empty());
}

#[test]
fn a_refused_request_may_try_again_under_its_key() {
    let take = |quantity| command("a", Operation::Deduct(line(SHIRT, quantity)));
    let plan = decide(&[take(9), take(5)], &books(&[(SHIRT, 5)]), now());
    assert_eq!(violations(&plan.verdicts[0]).len(), 1);
    assert_eq!(plan.verdicts[1], Verdict::Write(0..1));
}

#[test]
fn an_amount_stays_within_32_bits() {
    let replenish = |sku_id, quantity| command("a", Operation::Replenish { sku_id, quantity });
    let full = i32::MAX - 1;
    let plan = decide(&[replenish(SHIRT, 2)], &books(&[(SHIRT, full)]), now());
    assert_eq!(
        violations(&plan.verdicts[0]),
        [Violation::QuantityOverflow { sku_id: SHIRT, quantity: 2, leaved_amount: full }]
    );
    let plan = decide(&[replenish(SHIRT, 1)], &books(&[(SHIRT, full)]), now());
    assert_eq!(plan.entries[0].flow.leaved_after, i32::MAX);
}

#[test]
fn a_count_holds_only_against_the_amount_believed_in() {
    let set = |change_from_quantity| {
        let operation = Operation::SetQuantity { sku_id: SHIRT, quantity: 5, change_from_quantity };
        decide(&[command("a", operation)], &books(&[(SHIRT, 5)]), now())
    };
    assert_eq!(
        violations(&set(Some(4)).verdicts[0]),
        [Violation::ChangeFromQuantityStale { sku_id: SHIRT, expected: 4, actual: 5 }]
    );
    for held in [set(Some(5)), set(None)] {
        assert_eq!(held.entries[0].flow.kind, FlowKind::Adjustment);
        assert_eq!(held.entries[0].flow.quantity_trade, 0);
    }
}

#[test]
fn what_another_merchant_has_is_refused_like_what_does_not_exist() {
    let deduction_id = FlowId(9);
    let books = Books {
        entries: HashMap::from([(deduction_id, deduction(9, 4))]),
        ..books(&[(SHIRT, 10)])
    };
    // The id is all that differs.
    let told = |refusal: &Refusal| {
        (refusal.field, refusal.violation.to_string().replace("99", "9").replace('2', "1"))
    };
    let asks = |operations: &dyn Fn(SkuId, FlowId) -> Operation, sku_id, flow_id| {
        let command = command("a", operations(sku_id, flow_id));
        let command = Command { visibility: Visibility::Only(OTHER), ..command };
        let plan = decide(&[command], &books, now());
        assert_eq!((plan.entries.len(), plan.changes.len()), (0, 0));
        let Verdict::Refuse(refusals) = &plan.verdicts[0] else { panic!("{plan:?}") };
        refusals.iter().map(told).collect()
    };
    let operations: [&dyn Fn(SkuId, FlowId) -> Operation; 5] = [
        &|sku_id, _| Operation::Deduct(line(sku_id, 1)),
        &|sku_id, _| Operation::DeductBatch(vec![line(sku_id, 99), line(sku_id, 1)]),
        &|sku_id, _| Operation::Replenish { sku_id, quantity: 1 },
        &|sku_id, _| Operation::SetQuantity { sku_id, quantity: 1, change_from_quantity: Some(7) },
        &|_, flow_id| Operation::Refund(RefundLine { flow_id, quantity: Some(99) }),
    ];
    for operation in operations {
        let foreign: Vec<(Field, String)> = asks(operation, SHIRT, deduction_id);
        assert_eq!(foreign, asks(operation, SHOES, FlowId(99)));
    }
}

#[test]
fn an_id_that_another_merchant_has_is_taken() {
    let create = command("a", Operation::Create { sku_id: SHIRT, merchant_id: OTHER, quantity: 1 });
    let create = Command { visibility: Visibility::Only(OTHER), ..create };
    let plan = decide(&[create], &books(&[(SHIRT, 10)]), now());
    let Verdict::Refuse(refusals) = &plan.verdicts[0] else { panic!("{plan:?}") };
    assert_eq!(refusals[0].violation, Violation::SkuAlreadyExists { sku_id: SHIRT });
}
