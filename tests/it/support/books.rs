//! An auditor of the books: checks, from the rows alone, what holds at every commit.

use std::collections::BTreeMap;

use entity::{inventory, inventory_flow};
use sea_orm::{DatabaseConnection, EntityTrait, QueryOrder};
use stockflow::db::{chain_from_row, flow_from_row};
use stockflow::domain::Chain;

const DEDUCTION: i16 = 2;
const REFUND: i16 = 3;

/// The fingerprint of a request.
type Hash<'a> = &'a [u8];

/// Panics, naming what is wrong, unless all the identities hold:
///
/// - the amount of a SKU is minus the sum of what its entries traded, and its version their count;
/// - sequences run 1, 2, 3 … and ids with them; `leaved_after` of each entry is that of the one
///   before it minus what it traded, never below zero; the newest equals the amount;
/// - the refunds of a deduction, all of its own SKU and order line, never sum to more than it took;
/// - each entry has the hash that follows from what it says and from the one before it, and the stock
///   has that of the newest;
/// - a request's lines run 0, 1, 2 … under one fingerprint.
pub async fn audit(connection: &DatabaseConnection) {
    let stocks = inventory::Entity::find().all(connection).await.unwrap();
    let entries = inventory_flow::Entity::find()
        .order_by_asc(inventory_flow::Column::SkuId)
        .order_by_asc(inventory_flow::Column::Sequence)
        .all(connection)
        .await
        .unwrap();
    let mut histories: BTreeMap<i64, Vec<&inventory_flow::Model>> = BTreeMap::new();
    for entry in &entries {
        histories.entry(entry.sku_id).or_default().push(entry);
    }
    assert_eq!(stocks.len(), histories.len(), "a SKU without history, or history without a SKU");
    for stock in &stocks {
        history(stock, &histories[&stock.sku_id]);
    }
    refunds(&entries);
    requests(&entries);
}

fn history(stock: &inventory::Model, entries: &[&inventory_flow::Model]) {
    let traded: i64 = entries.iter().map(|entry| i64::from(entry.quantity_trade)).sum();
    assert_eq!(i64::from(stock.leaved_amount), -traded, "{stock:?}: the sum of its entries");
    assert_eq!(stock.version, i64::try_from(entries.len()).unwrap(), "{stock:?}: entry count");
    let mut leaved = 0;
    let mut id = 0;
    let mut chain = Chain::EMPTY;
    for (entry, sequence) in entries.iter().zip(1..) {
        let mut flow = flow_from_row((*entry).clone()).unwrap();
        let stored = flow.entry_hash;
        chain.add(&mut flow);
        assert_eq!(stored, flow.entry_hash, "{entry:?}: its hash");
        assert_eq!(entry.sequence, sequence, "{entry:?}: a gap in the sequence");
        assert!(entry.id > id, "{entry:?}: ids run against the sequence");
        leaved -= entry.quantity_trade;
        id = entry.id;
        assert_eq!(entry.leaved_after, leaved, "{entry:?}: leaved_after");
        assert!(leaved >= 0, "{entry:?}: below zero");
    }
    assert_eq!(stock.leaved_amount, leaved, "{stock:?}: the newest entry");
    assert_eq!(chain_from_row(stock), chain, "{stock:?}: the end of its chain");
}

fn refunds(entries: &[inventory_flow::Model]) {
    let by_id: BTreeMap<i64, &inventory_flow::Model> =
        entries.iter().map(|entry| (entry.id, entry)).collect();
    let mut refunded: BTreeMap<i64, i32> = BTreeMap::new();
    for entry in entries {
        assert_eq!(entry.kind == REFUND, entry.deduction_id.is_some(), "{entry:?}: its deduction");
        if let Some(deduction_id) = entry.deduction_id {
            let deduction = by_id[&deduction_id];
            assert_eq!(deduction.kind, DEDUCTION, "{entry:?} refunds {deduction:?}");
            assert_eq!(deduction.sku_id, entry.sku_id, "{entry:?} refunds {deduction:?}");
            assert_eq!(deduction.order_detail_id, entry.order_detail_id, "{entry:?}");
            *refunded.entry(deduction_id).or_default() -= entry.quantity_trade;
        }
    }
    for (deduction_id, refunded) in refunded {
        let deduction = by_id[&deduction_id];
        assert!(refunded <= deduction.quantity_trade, "{refunded} refunded of {deduction:?}");
    }
}

fn requests(entries: &[inventory_flow::Model]) {
    let mut requests: BTreeMap<(&str, &str), Vec<(i32, Hash<'_>)>> = BTreeMap::new();
    for entry in entries {
        requests
            .entry((&entry.idempotency_scope, &entry.idempotency_key))
            .or_default()
            .push((entry.line, &entry.request_hash));
    }
    for (key, mut lines) in requests {
        lines.sort_unstable();
        let hash = lines[0].1;
        for (place, (line, line_hash)) in (0..).zip(lines) {
            assert_eq!((line, line_hash), (place, hash), "the lines of {key:?}");
        }
    }
}
