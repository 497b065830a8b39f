//! Clocks that are wrong, or far ahead: the books keep what they are told, and their order.

use chrono::{DateTime, TimeDelta, Utc};
use stockflow::cache::StockCache;
use stockflow::domain::filter::{Consistency, FlowFilter, FlowOrder, InstantRange};
use stockflow::domain::{Clock, PageRequest, SkuId};
use stockflow::ledger::{Ledger, LedgerMetrics};
use stockflow::store::{Asked, Store};

use crate::support::{TestDatabase, ledger, on_each_database};

async fn at(database: &TestDatabase, instant: &str) -> Ledger {
    let instant: DateTime<Utc> = instant.parse().unwrap();
    let clock = Clock::from_fn(move || instant);
    Ledger::start(
        database.connect().await,
        StockCache::none(),
        ledger::settings(),
        clock,
        LedgerMetrics::new(),
    )
    .unwrap()
    .0
}

/// The 32 bits of a TIMESTAMP end in 2038.
async fn the_books_go_on_beyond_2038(database: &TestDatabase) {
    let instant = "2104-02-29T23:59:59.123456Z";
    let ledger = at(database, instant).await;
    ledger::done(ledger.submit(ledger::create("create", 1, 10)).await.unwrap());
    let (flows, _replayed) =
        ledger::done(ledger.submit(ledger::deduct("deduct", 1, 1)).await.unwrap());
    let instant: DateTime<Utc> = instant.parse().unwrap();
    assert_eq!(flows[0].created_at, instant);

    let store = Store::new(database.connect().await, StockCache::none());
    let page = PageRequest::new(None, None, None, None).unwrap();
    let asked = Asked::of(Consistency::Primary);
    let microsecond = TimeDelta::microseconds(1);
    for (from, to, found) in [
        (instant, instant + microsecond, 2),
        (instant + microsecond, instant + microsecond, 0),
        (instant - microsecond, instant, 0),
    ] {
        let created_at = InstantRange { from: Some(from), to: Some(to) };
        let filter = FlowFilter { created_at, ..FlowFilter::default() };
        let page = store.list_flows(&filter, FlowOrder::NewestFirst, &page, &asked).await;
        let page = page.unwrap().value;
        assert_eq!(page.nodes.len(), found, "from {from} to {to}");
        assert!(page.nodes.iter().all(|flow| flow.created_at == instant));
    }
}

async fn a_clock_that_is_set_back_does_not_turn_history_round(database: &TestDatabase) {
    let fast = at(database, "2030-01-01T00:00:00Z").await;
    ledger::done(fast.submit(ledger::create("create", 1, 10)).await.unwrap());
    let right = at(database, "2026-01-01T00:00:00Z").await;
    ledger::done(right.submit(ledger::deduct("deduct", 1, 1)).await.unwrap());

    let store = Store::new(database.connect().await, StockCache::none());
    let page = PageRequest::new(None, None, None, None).unwrap();
    let filter = FlowFilter { sku_ids: Some(vec![SkuId(1)]), ..FlowFilter::default() };
    let asked = Asked::of(Consistency::Primary);
    let history = store.list_flows(&filter, FlowOrder::OldestFirst, &page, &asked).await;
    let history = history.unwrap().value;
    let told: Vec<_> =
        history.nodes.iter().map(|flow| (flow.sequence, flow.leaved_after)).collect();
    assert_eq!(told, [(1, 10), (2, 9)]);
}

on_each_database!(
    the_books_go_on_beyond_2038,
    a_clock_that_is_set_back_does_not_turn_history_round,
);
