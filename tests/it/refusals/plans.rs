//! What is read of many refusals, and of a long history, is read by index: a page touches about as many
//! rows as it adds up.

use sea_orm::{ConnectOptions, ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use stockflow::cache::StockCache;
use stockflow::domain::filter::RefusalFilter;
use stockflow::domain::{
    MerchantId, Minute, PageRequest, RefusalCursor, RefusalGrouping, RefusalPeriod, SkuId,
};
use stockflow::store::Store;

use crate::plans::{explain, rows_touched};
use crate::support::{TestDatabase, on_each_database};

/// Rows of each of 100 SKUs, one a minute; those of every tenth are of merchant 2.
const MINUTES: i64 = 1_000;

/// Rows that a page may touch that adds up so many SKUs' fifty minutes.
const ROWS_TOUCHED_MAX: i64 = 6_000;

async fn fill(connection: &DatabaseConnection) {
    for minute in 0..MINUTES {
        let rows: Vec<String> = (1..=100)
            .map(|sku_id| {
                let merchant_id = if sku_id % 10 == 0 { 2 } else { 1 };
                format!("({sku_id}, {minute}, 7, {merchant_id}, 1, 1, 1)")
            })
            .collect();
        let sql = format!("INSERT INTO t_inventory_refusal VALUES {}", rows.join(", "));
        connection.execute_unprepared(&sql).await.unwrap();
    }
    let analyze = match connection.get_database_backend() {
        DbBackend::MySql => "ANALYZE TABLE t_inventory_refusal",
        DbBackend::Postgres => "VACUUM ANALYZE t_inventory_refusal",
        _ => "ANALYZE",
    };
    connection.execute_unprepared(analyze).await.unwrap();
}

async fn a_page_of_minutes_touches_what_it_adds_up(database: &TestDatabase) {
    let mut options = ConnectOptions::new(&database.url);
    let plain = sea_orm::Database::connect(options.max_connections(1).to_owned()).await.unwrap();
    fill(&plain).await;
    let store = Store::new(database.connect().await, StockCache::none());
    let skus = |ids: &[i64]| Some(ids.iter().copied().map(SkuId).collect::<Vec<_>>());
    let all = RefusalFilter::default;
    let filters = [
        ("everything", all()),
        ("a merchant", RefusalFilter { merchant_id: Some(MerchantId(2)), ..all() }),
        ("a SKU", RefusalFilter { sku_ids: skus(&[7]), ..all() }),
        ("several SKUs", RefusalFilter { sku_ids: skus(&[7, 8, 9, 10]), ..all() }),
        ("a span", RefusalFilter { from: Some(Minute(400)), to: Some(Minute(900)), ..all() }),
    ];
    for (name, filter) in filters {
        for by_sku in [false, true] {
            for after in [None, Some(RefusalCursor { minute: Minute(500), sku_id: SkuId(8) })] {
                let page = PageRequest::new(Some(50), after, None, None).unwrap();
                let grouping = RefusalGrouping { by_sku, period: Some(RefusalPeriod::Minute) };
                let statement = store.refusal_page_statement(&filter, grouping, &page).unwrap();
                let told = statement.to_string();
                let touched = touched(&plain, statement).await;
                assert!(touched <= ROWS_TOUCHED_MAX, "{name}, {by_sku}: {touched} rows\n{told}");
            }
        }
    }
    let oldest = stockflow::refusals::oldest_statement(store_dialect(database).await);
    let touched = touched(&plain, oldest).await;
    assert!(touched <= 50, "{touched} rows");
    plain.execute_unprepared("DELETE FROM t_inventory_refusal").await.unwrap();
}

async fn store_dialect(database: &TestDatabase) -> stockflow::db::Dialect {
    database.connect().await.dialect()
}

/// Rows that a statement touches. SQLite does not count, but its plan tells whether it seeks, and
/// whether it has to sort what it found.
async fn touched(connection: &DatabaseConnection, statement: Statement) -> i64 {
    if connection.get_database_backend() != DbBackend::Sqlite {
        return rows_touched(connection, statement).await;
    }
    let explain = explain("EXPLAIN QUERY PLAN ", statement);
    let rows = connection.query_all_raw(explain).await.unwrap();
    let plan: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
    // A scan of an index goes in the order of the list, and stops when the page is full. What is sorted
    // are the pages of several SKUs.
    let of_parts = plan.iter().any(|step| step.contains("SCAN part") || step.contains("UNION"));
    let bad = plan.iter().any(|step| {
        (step.contains("SCAN t_inventory_refusal") && !step.contains("USING"))
            || (step.contains("TEMP B-TREE") && !of_parts)
    });
    if bad { MINUTES * 100 } else { 50 }
}

/// Looking through a SKU's entries for those that left nothing stops when the page is full, and an end
/// is found by a seek.
async fn times_that_a_sku_was_sold_out_are_found_by_its_sequence(database: &TestDatabase) {
    let mut options = ConnectOptions::new(&database.url);
    let plain = sea_orm::Database::connect(options.max_connections(1).to_owned()).await.unwrap();
    crate::plans::fill(&plain).await;
    let store = Store::new(database.connect().await, StockCache::none());
    // Every entry of this SKU left nothing, so that a page is full at once.
    for statement in store.sold_out_statements(SkuId(1), (0, 60_000), 51, &[59_998, 59_999, 60_000])
    {
        let told = statement.to_string();
        let touched = rows_touched(&plain, statement).await;
        assert!(touched <= 1_000, "{touched} rows\n{told}");
    }
    plain.execute_unprepared("DELETE FROM t_inventory_flow").await.unwrap();
}

on_each_database!(
    a_page_of_minutes_touches_what_it_adds_up,
    times_that_a_sku_was_sold_out_are_found_by_its_sequence,
);
