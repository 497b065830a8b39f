//! What a count comes to is read by index, however long the histories of its SKUs are.

use sea_orm::{ConnectOptions, ConnectionTrait as _};
use stockflow::cache::StockCache;
use stockflow::count::{CountSettings, Counts};
use stockflow::domain::CountId;
use stockflow::store::Store;

use crate::plans::{fill, rows_touched};
use crate::support::{Kind, TestDatabase, ledger, on_each_database};

on_each_database!(what_a_count_comes_to_is_read_by_index);

/// SKUs of the count.
const SKUS: i64 = 50;

/// The SKU, its stock, its few adjustments and its observations, of each; far from any history.
const ROWS_TOUCHED_MAX: i64 = 1_000;

async fn what_a_count_comes_to_is_read_by_index(database: &TestDatabase) {
    // One connection, for MariaDB counts by connection.
    let mut options = ConnectOptions::new(&database.url);
    let plain = sea_orm::Database::connect(options.max_connections(1).to_owned()).await.unwrap();
    fill(&plain).await;
    let instant = match database.kind {
        Kind::MariaDb => "'2026-11-22 09:50:00'",
        Kind::Sqlite | Kind::Postgres => "'2026-11-22T09:50:00+00:00'",
    };
    for sku_id in 1..=SKUS {
        for sql in [
            format!(
                "INSERT INTO t_inventory (sku_id, leaved_amount, version, created_at, updated_at) \
                 VALUES ({sku_id}, 10, 1, {instant}, {instant})"
            ),
            format!(
                "INSERT INTO t_inventory_count_sku (count_id, sku_id, observation_id, quantity, \
                 version, leaved_after, counted_at) VALUES (1, {sku_id}, 1, 1, 1, 1, {instant})"
            ),
        ] {
            plain.execute_unprepared(&sql).await.unwrap();
        }
    }
    let connected = database.connect().await;
    let store = Store::new(connected.clone(), StockCache::none());
    let counts = Counts::new(&store, ledger::start_over(connected), CountSettings::default());
    let statement = counts.results_statement(CountId(1));
    let told = statement.to_string();
    let touched = rows_touched(&plain, statement).await;
    assert!(touched <= ROWS_TOUCHED_MAX, "{touched} rows\n{told}");
    // What was filled in is no history that adds up.
    for table in ["t_inventory_flow", "t_inventory"] {
        plain.execute_unprepared(&format!("DELETE FROM {table}")).await.unwrap();
    }
}
