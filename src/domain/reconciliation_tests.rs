//! What is found, one kind after the other; that books that fit give no finding stands first.

use chrono::DateTime;

use super::super::flow::sample;
use super::*;

const SKU: SkuId = SkuId(7);

fn stock(leaved_amount: i32, version: i64) -> Inventory {
    let at = DateTime::from_timestamp(1_764_000_000, 0).unwrap();
    Inventory {
        sku_id: SKU,
        merchant_id: MerchantId(1),
        leaved_amount,
        version,
        created_at: at,
        updated_at: at,
    }
}

fn entry(sequence: i64, kind: FlowKind, quantity_trade: i32, leaved_after: i32) -> Flow {
    Flow { kind, quantity_trade, leaved_after, ..sample(SKU, sequence) }
}

/// Ten put on the books, four taken, one of these given back.
fn history() -> Vec<Flow> {
    vec![
        entry(1, FlowKind::Opening, -10, 10),
        entry(2, FlowKind::Deduction, 4, 6),
        Flow { deduction_id: Some(FlowId(102)), ..entry(3, FlowKind::Refund, -1, 7) },
    ]
}

fn reconciled(stock: Option<Inventory>, history: &[Flow], now: Option<i64>) -> Reconciliation {
    let mut reconciler = Reconciler::new(SKU, stock);
    for flow in history {
        reconciler.entry(flow);
    }
    let known = history.iter().filter(|flow| flow.kind == FlowKind::Deduction);
    let known = known.map(|flow| {
        let quantity = Some(flow.quantity_trade.into());
        (flow.id, Deduction { sku_id: flow.sku_id, quantity })
    });
    reconciler.deductions(&known.collect());
    if reconciler.is_beyond() {
        reconciler.stock_again(now);
    }
    reconciler.finish()
}

fn kinds(stock: Option<Inventory>, history: &[Flow], now: Option<i64>) -> Vec<FindingKind> {
    let found = reconciled(stock, history, now).findings;
    found.kept.iter().map(|finding| finding.kind).collect()
}

#[test]
fn books_that_fit_give_no_finding_whatever_is_written_meanwhile() {
    let fits = reconciled(Some(stock(7, 3)), &history(), None);
    assert_eq!(fits.findings, Findings::default());
    assert_eq!((fits.leaved_by_entries, fits.entry_count), (7, 3));
    // The stock was read when there were two entries; now there are three, or more.
    for now in [3, 9] {
        assert_eq!(kinds(Some(stock(6, 2)), &history(), Some(now)), []);
    }
    assert_eq!(kinds(None, &[], None), []);
}

#[test]
fn what_does_not_fit_is_found_and_named() {
    use super::FindingKind::{
        AmountMismatch, BalanceBreak, EntryMissing, EntryOutOfOrder, EntryUnaccounted,
        MerchantMismatch, OpeningMisplaced, RefundExceedsDeducted, RefundWithoutDeduction,
        StockMissing, VersionMismatch,
    };
    let fits = Some(stock(7, 3));
    let changed = |change: fn(&mut Vec<Flow>)| {
        let mut history = history();
        change(&mut history);
        history
    };
    let of = |change: fn(&mut Vec<Flow>)| kinds(fits, &changed(change), None);
    assert_eq!(kinds(Some(stock(8, 3)), &history(), None), [AmountMismatch]);
    assert_eq!(kinds(Some(stock(7, 2)), &history(), Some(2)), [EntryUnaccounted, AmountMismatch]);
    assert_eq!(kinds(Some(stock(7, 4)), &history(), None), [EntryMissing, VersionMismatch]);
    assert_eq!(kinds(None, &history(), None), [StockMissing]);
    assert_eq!(of(|it| it[1].quantity_trade = 3), [BalanceBreak, AmountMismatch]);
    assert_eq!(of(|it| it[1].leaved_after = 5), [BalanceBreak, BalanceBreak]);
    assert_eq!(
        of(|it| drop(it.remove(1))),
        [EntryMissing, RefundWithoutDeduction, VersionMismatch, AmountMismatch]
    );
    assert_eq!(of(|it| it[2].id = FlowId(102)), [EntryOutOfOrder, RefundWithoutDeduction]);
    assert_eq!(of(|it| it[0].kind = FlowKind::Replenishment), [OpeningMisplaced]);
    assert_eq!(of(|it| it[1].merchant_id = MerchantId(2)), [MerchantMismatch]);
    assert_eq!(of(|it| it[2].deduction_id = None), [RefundWithoutDeduction]);
    assert_eq!(of(|it| it[2].deduction_id = Some(FlowId(101))), [RefundWithoutDeduction]);
    assert_eq!(of(|it| it[1].deduction_id = Some(FlowId(101))), [RefundWithoutDeduction]);
    let refund_too_many = changed(|it| {
        let again = Flow { deduction_id: Some(FlowId(102)), ..entry(4, FlowKind::Refund, -4, 11) };
        it.push(again);
    });
    let found = reconciled(Some(stock(11, 4)), &refund_too_many, None).findings.kept;
    assert_eq!(found[0].kind, RefundExceedsDeducted);
    assert_eq!(found[0].flow_ids, [FlowId(102), FlowId(104)]);
    assert_eq!(found.len(), 1);
}

#[test]
fn an_entry_that_cannot_be_read_is_named_and_the_others_are_judged() {
    let mut reconciler = Reconciler::new(SKU, Some(stock(7, 3)));
    let history = history();
    reconciler.entry(&history[0]);
    reconciler.unreadable(2, FlowId(102), "column kind");
    reconciler.entry(&history[2]);
    reconciler
        .deductions(&HashMap::from([(FlowId(102), Deduction { sku_id: SKU, quantity: Some(4) })]));
    let found = reconciler.finish().findings.kept;
    assert_eq!(found[0].kind, FindingKind::EntryUnreadable);
    assert_eq!((found[0].sequence, &found[0].flow_ids), (Some(2), &vec![FlowId(102)]));
    assert_eq!(found[1].kind, FindingKind::AmountMismatch);
    assert_eq!(found.len(), 2);
}
