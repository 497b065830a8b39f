//! What listening costs the database does not depend on how many listen.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use stockflow::live::LiveSettings;

use super::{ALL, STOCKS, Shop, Told};
use crate::support::stock::number;
use crate::support::{Kind, TestDatabase, ledger};

const DEDUCTIONS: usize = 50;

/// Statements for so many entries, with so many who are told each.
async fn statements(listeners: usize) -> u64 {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let settings = LiveSettings {
        poll_interval: Duration::from_mins(1),
        subscriptions_per_caller_max: 2_000,
        ..LiveSettings::default()
    };
    let shop = Shop::with(database.connect().await, settings);
    shop.submit(ledger::create("c", 1, 100)).await;
    let all = (0..listeners).map(|_listener| shop.subscribe(ALL, json!({})));
    let mut all: Vec<Told> = join_all(all).await;
    let stocks = (0..listeners).map(|_listener| shop.subscribe(STOCKS, json!({ "ids": ["1"] })));
    let mut stocks: Vec<Told> = join_all(stocks).await;
    for told in &mut stocks {
        told.next().await;
    }
    let before = shop.database.statements_read();
    let mut last = 0;
    for number in 0..DEDUCTIONS {
        last = shop.submit(ledger::deduct(&format!("d{number}"), 1, 1)).await.id.0;
    }
    for told in &mut all {
        assert_eq!(told.ids(DEDUCTIONS).await.last(), Some(&last));
    }
    for told in &mut stocks {
        while number(&told.next().await["version"]) <= i64::try_from(DEDUCTIONS).unwrap() {}
    }
    shop.database.statements_read() - before
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_who_listen_cost_the_database_what_one_does() {
    // At the most a look and a read for each entry.
    let most = u64::try_from(2 * DEDUCTIONS + 2).unwrap();
    for listeners in [1, 1_000] {
        let statements = statements(listeners).await;
        assert!(statements <= most, "{statements} statements for {listeners}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_nobody_listens_nothing_is_asked() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let settings =
        LiveSettings { poll_interval: Duration::from_millis(20), ..LiveSettings::default() };
    let shop = Shop::with(database.connect().await, settings);
    shop.submit(ledger::create("c", 1, 100)).await;
    let told = shop.subscribe(ALL, json!({})).await;
    shop.looks().await;
    drop(told);
    // One look may be under way.
    let before = shop.metric("looks_total");
    for number in 0..20 {
        shop.submit(ledger::deduct(&format!("d{number}"), 1, 1)).await;
    }
    assert!(shop.metric("looks_total") <= before + 1);
}
