//! Amounts are told as they are, and then the newest of those that change.

use serde_json::{Value, json};
use stockflow::auth::Scope;
use stockflow::live::LiveSettings;

use super::{STOCKS, Shop, caller, done};
use crate::support::stock::number;
use crate::support::{TestDatabase, ledger, on_each_database};

fn amount(stock: &Value) -> (i64, i64, i64) {
    (number(&stock["skuId"]), number(&stock["version"]), number(&stock["leavedAmount"]))
}

async fn first_the_amounts_and_then_their_changes(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    for sku_id in [1, 2, 3] {
        shop.submit(ledger::create(&format!("c{sku_id}"), sku_id, 10)).await;
    }
    let mut told = shop.subscribe(STOCKS, json!({ "ids": ["2", "1", "2", "9"] })).await;
    assert_eq!(amount(&told.next().await), (1, 1, 10));
    assert_eq!(amount(&told.next().await), (2, 1, 10));
    shop.submit(ledger::deduct("d3", 3, 1)).await;
    shop.submit(ledger::deduct("d2", 2, 1)).await;
    assert_eq!(amount(&told.next().await), (2, 2, 9));
    // One that is put on the books later, by another server.
    let other = ledger::start(database).await;
    done(&other, ledger::create("c9", 9, 5)).await;
    assert_eq!(amount(&told.next().await), (9, 1, 5));
    done(&other, ledger::deduct("d9", 9, 2)).await;
    assert_eq!(amount(&told.next().await), (9, 2, 3));
    assert_eq!(told.now(), None);
}

async fn who_is_slow_is_told_the_newest(database: &TestDatabase) {
    let settings = LiveSettings { buffer_entries: 20, ..LiveSettings::default() };
    // Within what is kept, and far beyond it.
    for (skus, deductions) in [([1, 2], 4), ([3, 4], 50)] {
        let shop = Shop::with(database.connect().await, settings);
        for sku_id in skus {
            shop.submit(ledger::create(&format!("c{sku_id}"), sku_id, 100)).await;
        }
        let ids = skus.map(|id| id.to_string());
        let mut told = shop.subscribe(STOCKS, json!({ "ids": ids })).await;
        assert_eq!(amount(&told.next().await), (skus[0], 1, 100));
        for number in 0..deductions {
            for sku_id in skus {
                let deduct = ledger::deduct(&format!("d{sku_id}-{number}"), sku_id, 1);
                shop.submit(deduct).await;
            }
        }
        shop.looks().await;
        // It has not been told of the second yet, and is told its newest amount at once.
        let mut newest = [amount(&told.next().await), amount(&told.next().await)];
        newest.sort_unstable();
        assert_eq!(newest, skus.map(|id| (id, 1 + deductions, 100 - deductions)));
        shop.looks().await;
        assert_eq!(told.now(), None);
    }
}

async fn another_merchant_s_skus_are_as_if_they_did_not_exist(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    shop.submit(ledger::create("c1", 1, 10)).await;
    let other = caller(Some(7), &[Scope::StockRead]);
    let mut told = shop.subscribe_as(&other, STOCKS, json!({ "ids": ["1", "2"] })).await;
    let own = caller(Some(1), &[Scope::StockRead]);
    let mut seen = shop.subscribe_as(&own, STOCKS, json!({ "ids": ["1", "2"] })).await;
    assert_eq!(amount(&seen.next().await), (1, 1, 10));
    shop.submit(ledger::create("c2", 2, 10)).await;
    shop.submit(ledger::deduct("d1", 1, 1)).await;
    assert_eq!(amount(&seen.next().await), (2, 1, 10));
    assert_eq!(amount(&seen.next().await), (1, 2, 9));
    assert_eq!(told.now(), None);
}

on_each_database!(
    first_the_amounts_and_then_their_changes,
    who_is_slow_is_told_the_newest,
    another_merchant_s_skus_are_as_if_they_did_not_exist,
);
