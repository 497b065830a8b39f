//! What is old enough is deleted, and nothing else.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ConnectionTrait as _;
use stockflow::db::{Database, DatabaseSettings};
use stockflow::domain::Clock;
use stockflow::refusals::{RefusalKeeper, RefusalMetrics, RefusalRecorder, RefusalSettings};
use tokio_util::sync::CancellationToken;

use super::{keeper, rows};
use crate::servers::until;
use crate::support::{Kind, TestDatabase, on_each_database};

const DAY: i64 = 24 * 60;

/// A minute of a day of the tests' own.
const TODAY: i64 = 29_405_000;

fn today() -> DateTime<Utc> {
    DateTime::from_timestamp(TODAY * 60, 0).unwrap()
}

fn clock() -> Clock {
    Clock::from_fn(today)
}

/// Rows of these minutes, one for each of so many SKUs.
async fn write(database: &TestDatabase, minutes: &[i64], skus: i64) {
    let plain = database.plain().await;
    for minute in minutes {
        let rows: Vec<String> =
            (1..=skus).map(|sku_id| format!("({sku_id}, {minute}, 1, 1, 1, 1, 1)")).collect();
        let sql = format!("INSERT INTO t_inventory_refusal VALUES {}", rows.join(", "));
        plain.execute_unprepared(&sql).await.unwrap();
    }
}

async fn only_what_is_old_is_deleted(database: &TestDatabase) {
    let before = TODAY - 400 * DAY;
    write(database, &[before - 1_000_000, before - 1, before, before + 1, TODAY], 2).await;
    let connected = database.connect().await;
    let (_recorder, keeper) = keeper(&connected, clock());
    let stop = CancellationToken::new();
    assert_eq!(keeper.delete_old(&stop).await.unwrap(), 4);
    assert_eq!(keeper.delete_old(&stop).await.unwrap(), 0);
    let left: Vec<i64> = rows(database).await.iter().map(|row| row.1).collect();
    assert_eq!(left, [[before, before + 1, TODAY]; 2].concat());
}

async fn several_servers_delete_each_row_once(database: &TestDatabase) {
    let before = TODAY - 400 * DAY;
    write(database, &[before - 3, before - 2, before - 1, before], 700).await;
    let connected = database.connect().await;
    let keepers = [(); 3].map(|()| keeper(&connected, clock()).1);
    let stop = CancellationToken::new();
    let all = keepers.iter().map(|keeper| keeper.delete_old(&stop));
    let deleted = futures_util::future::join_all(all).await;
    let mut deleted: u64 = deleted.into_iter().map(Result::unwrap).sum();
    // Who met rows that another one had locked leaves them to the next time.
    deleted += keepers[0].delete_old(&stop).await.unwrap();
    assert_eq!(deleted, 2_100, "each row is deleted by one of them");
    assert_eq!(rows(database).await.len(), 700);
}

async fn without_a_bound_everything_is_kept(database: &TestDatabase) {
    write(database, &[0, TODAY], 1).await;
    let connected = database.connect().await;
    let recorder = RefusalRecorder::new(clock(), RefusalMetrics::new());
    let settings = RefusalSettings { write_interval: Duration::from_secs(1), retention_days: 0 };
    let keeper = RefusalKeeper::new(recorder, connected, settings);
    assert_eq!(keeper.delete_old(&CancellationToken::new()).await.unwrap(), 0);
    assert_eq!(rows(database).await.len(), 2);
}

/// A server whose clock is far ahead must not take what is young for old.
async fn a_clock_that_is_ahead_of_the_primarys_deletes_nothing(kind: Kind) {
    let Some(database) = TestDatabase::fresh(kind).await else { return };
    let minute = Utc::now().timestamp() / 60;
    write(&database, &[minute - 500 * DAY, minute], 1).await;
    let settings = DatabaseSettings { keep_clock: true, ..DatabaseSettings::new(&database.url) };
    let connected = Database::connect(&settings).await.unwrap();
    until("the primary's clock is known", async || {
        connected.clock().earliest_us(Instant::now()).is_some()
    })
    .await;
    let ahead = Clock::from_fn(|| Utc::now() + TimeDelta::days(100_000));
    let (_recorder, keeper) = keeper(&connected, ahead);
    assert_eq!(keeper.delete_old(&CancellationToken::new()).await.unwrap(), 1);
    assert_eq!(rows(&database).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_ahead_of_mariadb_s_deletes_nothing() {
    a_clock_that_is_ahead_of_the_primarys_deletes_nothing(Kind::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_ahead_of_postgres_deletes_nothing() {
    a_clock_that_is_ahead_of_the_primarys_deletes_nothing(Kind::Postgres).await;
}

on_each_database!(
    only_what_is_old_is_deleted,
    several_servers_delete_each_row_once,
    without_a_bound_everything_is_kept,
);
