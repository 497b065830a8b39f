//! What was counted is written once, however often that takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use sea_orm::ConnectionTrait as _;
use stockflow::db::{Database, DatabaseSettings};
use stockflow::domain::Clock;

use super::{keeper, rows, short};
use crate::servers::{OwnServer, ServerKind, until};
use crate::support::proxy::Proxy;
use crate::support::{Kind, TestDatabase, TestServer, ledger, on_each_database};

/// Puts SKU 1 on the books, with nothing left.
async fn with_sku(database: &Database) {
    let ledger = ledger::start_over(database.clone());
    ledger::done(ledger.submit(ledger::create("create", 1, 0)).await.unwrap());
}

/// A clock that a test sets to a minute.
fn clock() -> (Arc<AtomicI64>, Clock) {
    let minute = Arc::new(AtomicI64::new(29_405_000));
    let told = Arc::clone(&minute);
    let clock = Clock::from_fn(move || {
        let seconds = told.load(Ordering::Relaxed) * 60 + 30;
        chrono::DateTime::from_timestamp(seconds, 0).unwrap()
    });
    (minute, clock)
}

/// The rows were written, and the answer to that was lost.
async fn a_write_whose_answer_is_lost_counts_once(kind: Kind) {
    let Some(database) = TestDatabase::fresh(kind).await else { return };
    with_sku(&database.connect().await).await;
    let (proxy, url) = Proxy::start(&database.url).await;
    let through = Database::connect(&DatabaseSettings::new(&url)).await.unwrap();
    let (recorder, keeper) = keeper(&through, clock().1);
    for round in 1..=3 {
        recorder.note(&[short(1)]);
        proxy.lose_commits(1);
        assert!(keeper.write().await.is_err());
        assert_eq!(proxy.commits_to_lose(), 0);
        assert_eq!(rows(&database).await, [(1, 29_405_000, 2 * round - 1)], "it was written");
        recorder.note(&[short(1)]);
        until("it is written again", async || keeper.write().await.is_ok()).await;
        assert_eq!(rows(&database).await, [(1, 29_405_000, 2 * round)]);
    }
    database.audit().await;
}

#[tokio::test]
async fn a_write_whose_answer_mariadb_lost_counts_once() {
    a_write_whose_answer_is_lost_counts_once(Kind::MariaDb).await;
}

#[tokio::test]
async fn a_write_whose_answer_postgres_lost_counts_once() {
    a_write_whose_answer_is_lost_counts_once(Kind::Postgres).await;
}

/// What is counted while the database is away waits for it.
async fn what_is_counted_while_the_database_is_away_is_written_when_it_is_back(kind: ServerKind) {
    let Some(mut own) = OwnServer::start(kind).await else { return };
    let url = own.create_database().await;
    let server = TestServer::start_with(&url, &[], &[super::SOON]).await;
    server.create(1, 0).await;
    super::refuse(&server, 1, 2).await;
    super::until_written(&server, 2).await;
    let database = Database::connect(&DatabaseSettings::new(&url)).await.unwrap();
    let (minute, clock) = clock();
    let (recorder, keeper) = keeper(&database, clock);
    own.kill();
    for _minute in 0..3 {
        recorder.note(&[short(1)]);
        assert!(keeper.write().await.is_err());
        minute.fetch_add(1, Ordering::Relaxed);
    }
    server.metrics_when(|text| text.contains("stockflow_refusals_write_failures_total")).await;
    own.restart().await;
    until("it is written", async || keeper.write().await.is_ok()).await;
    super::until_written(&server, 5).await;
    // The server itself goes on, too.
    super::refuse(&server, 1, 1).await;
    super::until_written(&server, 6).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_counted_while_mariadb_is_away_is_written_when_it_is_back() {
    let kind = ServerKind::MariaDb;
    what_is_counted_while_the_database_is_away_is_written_when_it_is_back(kind).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_counted_while_postgres_is_away_is_written_when_it_is_back() {
    let kind = ServerKind::Postgres;
    what_is_counted_while_the_database_is_away_is_written_when_it_is_back(kind).await;
}

/// What is refused while it writes waits for the next time: a sale must not keep it writing.
async fn a_write_comes_to_an_end_while_a_sale_goes_on(database: &TestDatabase) {
    let connected = database.connect().await;
    with_sku(&connected).await;
    let (recorder, keeper) = keeper(&connected, clock().1);
    recorder.note(&[short(1)]);
    let over = Arc::new(AtomicBool::new(false));
    let (seller, sold_out) = (recorder.clone(), Arc::clone(&over));
    let selling = std::thread::spawn(move || {
        while !sold_out.load(Ordering::Relaxed) {
            seller.note(&[short(1)]);
            std::thread::yield_now();
        }
    });
    let written = tokio::time::timeout(Duration::from_secs(20), keeper.write()).await;
    over.store(true, Ordering::Relaxed);
    selling.join().unwrap();
    written.expect("it comes to an end").unwrap();
}

async fn a_clock_that_is_set_back_adds_to_an_earlier_minute(database: &TestDatabase) {
    let connected = database.connect().await;
    with_sku(&connected).await;
    let (minute, clock) = clock();
    let (recorder, keeper) = keeper(&connected, clock);
    for now in [29_405_000, 29_405_001, 29_405_010, 29_405_000, 29_405_010] {
        minute.store(now, Ordering::Relaxed);
        recorder.note(&[short(1), short(1)]);
        keeper.write().await.unwrap();
    }
    let mut sums = std::collections::BTreeMap::new();
    for (_sku_id, minute, count) in rows(database).await {
        *sums.entry(minute).or_insert(0) += count;
    }
    assert_eq!(sums, [(29_405_000, 4), (29_405_001, 2), (29_405_010, 4)].into());
}

/// More rows than a statement takes, by several servers at once.
async fn many_skus_are_written_in_pieces_by_several_servers(database: &TestDatabase) {
    let connected = database.connect().await;
    let ledger = ledger::start_over(connected.clone());
    let created = (1..=1_200).map(|sku_id| {
        let ledger = ledger.clone();
        async move {
            let create = ledger::create(&format!("create {sku_id}"), sku_id, 0);
            ledger::done(ledger.submit(create).await.unwrap());
        }
    });
    futures_util::future::join_all(created).await;
    let keepers = [(); 3].map(|()| keeper(&connected, clock().1));
    for round in 1..=2 {
        let writes = keepers.iter().map(|(recorder, keeper)| {
            for sku_id in 1..=1_200 {
                recorder.note(&[short(sku_id)]);
            }
            keeper.write()
        });
        for written in futures_util::future::join_all(writes).await {
            written.unwrap();
        }
        let rows = rows(database).await;
        assert_eq!(rows.len(), 3_600);
        assert!(rows.iter().all(|row| row.2 == round));
    }
    // What is no SKU of the books has no merchant, and is left out.
    let (recorder, keeper) = &keepers[0];
    recorder.note(&[short(5_000), short(1)]);
    keeper.write().await.unwrap();
    assert!(rows(database).await.iter().all(|row| row.0 < 5_000));
    let plain = database.plain().await;
    plain.execute_unprepared("DELETE FROM t_inventory_refusal").await.unwrap();
}

on_each_database!(
    a_write_comes_to_an_end_while_a_sale_goes_on,
    a_clock_that_is_set_back_adds_to_an_earlier_minute,
    many_skus_are_written_in_pieces_by_several_servers,
);
