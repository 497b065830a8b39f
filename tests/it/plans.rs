//! A page of the history touches about as many rows as it has, however long the history is: told
//! by the databases' own counts, over 200,000 entries, a third of them of one SKU that sold much
//! but long ago.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde_json::Value;
use stockflow::cache::StockCache;
use stockflow::domain::filter::{Consistency, FlowFilter, FlowOrder, InstantRange};
use stockflow::domain::{FlowCursor, FlowId, FlowKind, MerchantId, PageRequest, SkuId, Visibility};
use stockflow::store::{Asked, Store};

use crate::support::{TestDatabase, on_each_database};

pub const ENTRIES: i64 = 200_000;

/// SKU 1 has the first entries; then SKUs 2 to 101 have one each in turn.
const DORMANT: SkuId = SkuId(1);
const DORMANT_ENTRIES: i64 = 60_000;

/// Rows that a page of 50 may touch: itself, for each SKU asked for, with room for what a
/// statement reads on its way to the first row; far from any scan.
const ROWS_TOUCHED_MAX: i64 = 1_000;

pub fn first_instant() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap()
}

/// Entry `n` is written at second `n`.
fn cursor(n: i64) -> FlowCursor {
    let (sku_id, sequence) = if n <= DORMANT_ENTRIES {
        (DORMANT, n)
    } else {
        let place = n - DORMANT_ENTRIES - 1;
        (SkuId(2 + place % 100), 1 + place / 100)
    };
    let created_at = first_instant() + TimeDelta::seconds(n);
    FlowCursor { id: FlowId(n), sku_id, sequence, created_at }
}

/// Puts them on the books, by nobody's request.
pub async fn fill(connection: &DatabaseConnection) {
    let (instant, hash) = match connection.get_database_backend() {
        DbBackend::Sqlite => {
            ("strftime('%Y-%m-%dT%H:%M:%S+00:00', 1700000000 + n, 'unixepoch')", "zeroblob(32)")
        }
        DbBackend::Postgres => ("to_timestamp(1700000000 + n)", "decode(repeat('00', 32), 'hex')"),
        _ => ("TIMESTAMPADD(SECOND, n, '2023-11-14 22:13:20')", "REPEAT('0', 32)"),
    };
    let place = format!("(n - {DORMANT_ENTRIES} - 1)");
    // Division of whole numbers is spelled apart by MariaDB, so it is a subtraction first.
    let sequence = format!("1 + ({place} - {place} % 100) / 100");
    let digits = "SELECT 0 AS x UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 \
                  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9";
    let sql = format!(
        "INSERT INTO t_inventory_flow (id, sku_id, sequence, kind, order_detail_id, quantity_trade, \
         leaved_after, idempotency_scope, idempotency_key, line, request_hash, actor, created_at, \
         merchant_id) \
         SELECT n, \
         CASE WHEN n <= {DORMANT_ENTRIES} THEN 1 ELSE 2 + {place} % 100 END, \
         CASE WHEN n <= {DORMANT_ENTRIES} THEN n ELSE {sequence} END, \
         CASE WHEN n % 20000 = 10 THEN 5 WHEN n % 50 = 0 THEN 4 ELSE 2 END, \
         CONCAT('order-', n - n % 3), 1, 0, 'tests', CONCAT('key-', n), 0, {hash}, \
         CASE WHEN n % 20000 = 10 THEN 'auditor' ELSE 'shop' END, {instant}, \
         CASE WHEN n <= {DORMANT_ENTRIES} THEN 1 WHEN {place} % 10 = 0 THEN 2 ELSE 3 END \
         FROM (SELECT 1 + a.x + 10 * b.x + 100 * c.x + 1000 * d.x + 10000 * e.x + 100000 * f.x AS n \
         FROM ({digits}) a, ({digits}) b, ({digits}) c, ({digits}) d, ({digits}) e, \
         (SELECT 0 AS x UNION ALL SELECT 1) f) numbers ORDER BY n"
    );
    connection.execute_unprepared(&sql).await.unwrap();
    let analyze = match connection.get_database_backend() {
        DbBackend::MySql => "ANALYZE TABLE t_inventory_flow",
        DbBackend::Postgres => "VACUUM ANALYZE t_inventory_flow",
        _ => "ANALYZE",
    };
    connection.execute_unprepared(analyze).await.unwrap();
}

fn filters() -> Vec<(&'static str, FlowFilter, Option<i64>)> {
    let skus = |ids: &[i64]| Some(ids.iter().copied().map(SkuId).collect::<Vec<_>>());
    let all = FlowFilter::default;
    let of = |ids: &[i64]| FlowFilter { sku_ids: skus(ids), ..all() };
    let kinds = |kind| Some(vec![kind]);
    let between = |from: i64, to: i64| InstantRange {
        from: Some(first_instant() + TimeDelta::seconds(from)),
        to: Some(first_instant() + TimeDelta::seconds(to)),
    };
    let middle = DORMANT_ENTRIES / 2;
    vec![
        ("everything", all(), None),
        ("everything, deep", all(), Some(ENTRIES / 2)),
        ("a SKU", of(&[7]), None),
        ("a SKU that sold long ago", of(&[1]), None),
        ("a SKU that sold long ago, deep", of(&[1]), Some(middle)),
        ("several SKUs", of(&[1, 2, 3, 4, 5]), None),
        (
            "a kind within a SKU, deep",
            FlowFilter { kinds: kinds(FlowKind::Replenishment), ..of(&[1]) },
            Some(middle),
        ),
        (
            "a common kind within a SKU, deep",
            FlowFilter { kinds: kinds(FlowKind::Deduction), ..of(&[1]) },
            Some(middle),
        ),
        (
            "a kind within a SKU",
            FlowFilter { kinds: kinds(FlowKind::Replenishment), ..of(&[1]) },
            None,
        ),
        (
            "a rare kind within a SKU",
            FlowFilter { kinds: kinds(FlowKind::Adjustment), ..of(&[1]) },
            None,
        ),
        ("a rare kind", FlowFilter { kinds: kinds(FlowKind::Adjustment), ..all() }, None),
        (
            "an order line",
            FlowFilter { order_detail_ids: Some(vec!["order-3000".to_owned()]), ..all() },
            None,
        ),
        ("a span of time", FlowFilter { created_at: between(50_000, 150_000), ..all() }, None),
        (
            "a span of time, deep",
            FlowFilter { created_at: between(50_000, 150_000), ..all() },
            Some(100_000),
        ),
        ("a key", FlowFilter { idempotency_key: Some("key-777".to_owned()), ..all() }, None),
        (
            "an actor who did little",
            FlowFilter { actors: Some(vec!["auditor".to_owned()]), ..all() },
            None,
        ),
        ("refunds of a deduction", FlowFilter { deduction_id: Some(FlowId(5)), ..all() }, None),
    ]
}

/// The same for merchant 2, who has a tenth of the later entries.
fn filters_of_a_merchant() -> Vec<(&'static str, FlowFilter, Option<i64>)> {
    let seen = |(_, filter, _): &(&'static str, FlowFilter, Option<i64>)| filter.sku_ids.is_none();
    // SKUs are looked up before: their entries are read without a further condition.
    let of_all = filters().into_iter().filter(seen);
    let of_merchant = |(name, filter, deep)| {
        (name, FlowFilter { merchant_id: Some(MerchantId(2)), ..filter }, deep)
    };
    of_all.map(of_merchant).collect()
}

async fn a_page_touches_no_more_than_it_shows(database: &TestDatabase) {
    // One connection, for MariaDB counts by connection.
    let mut options = ConnectOptions::new(&database.url);
    let plain = sea_orm::Database::connect(options.max_connections(1).to_owned()).await.unwrap();
    fill(&plain).await;
    let store = Store::new(database.connect().await, StockCache::none());
    for (name, filter, deep) in filters().into_iter().chain(filters_of_a_merchant()) {
        for order in [FlowOrder::NewestFirst, FlowOrder::OldestFirst] {
            let page = PageRequest::new(Some(50), deep.map(cursor), None, None).unwrap();
            let statement = store.flow_page_statement(&filter, order, &page).unwrap();
            let told = statement.to_string();
            let touched = rows_touched(&plain, statement).await;
            let whose = filter.merchant_id.map(|merchant_id| format!(" of merchant {merchant_id}"));
            let name = format!("{name}{}", whose.unwrap_or_default());
            assert!(touched <= ROWS_TOUCHED_MAX, "{name}, {order:?}: {touched} rows\n{told}");
        }
    }
    amounts_of_the_past_are_found_by_index(&plain, &store).await;
    // What was filled in is no history that adds up.
    plain.execute_unprepared("DELETE FROM t_inventory_flow").await.unwrap();
}

/// The amounts of fifty SKUs at an instant, by whoever sees all merchants or one: neither the length of
/// a history nor what was written since matters.
async fn amounts_of_the_past_are_found_by_index(plain: &DatabaseConnection, store: &Store) {
    let sku_ids: Vec<SkuId> = (1..=50).map(SkuId).collect();
    for visibility in [Visibility::All, Visibility::Only(MerchantId(2))] {
        let asked = Asked { visibility, ..Asked::of(Consistency::Primary) };
        for n in [10, DORMANT_ENTRIES, ENTRIES / 2, ENTRIES] {
            let at = first_instant() + TimeDelta::seconds(n);
            // As many entries as a busy second has.
            let span = (at - TimeDelta::seconds(500), at);
            for statement in store.as_of_statements(&sku_ids, span, FlowId(n), &asked) {
                let told = statement.to_string();
                let touched = rows_touched(plain, statement).await;
                assert!(touched <= ROWS_TOUCHED_MAX, "as of {n}: {touched} rows\n{told}");
            }
        }
    }
}

pub async fn rows_touched(connection: &DatabaseConnection, statement: Statement) -> i64 {
    match connection.get_database_backend() {
        DbBackend::Postgres => {
            let explain = explain("EXPLAIN (ANALYZE, FORMAT JSON) ", statement);
            let row = connection.query_one_raw(explain).await.unwrap().unwrap();
            let plan: Value = row.try_get_by_index(0).unwrap();
            scanned(&plan[0]["Plan"])
        }
        DbBackend::MySql => {
            connection.execute_unprepared("FLUSH STATUS").await.unwrap();
            connection.query_all_raw(statement).await.unwrap();
            let status = "SELECT CAST(SUM(variable_value) AS signed) FROM information_schema.session_status \
                          WHERE variable_name IN ('Handler_read_key', 'Handler_read_next', \
                          'Handler_read_prev', 'Handler_read_rnd_next')";
            let status = Statement::from_string(DbBackend::MySql, status);
            let row = connection.query_one_raw(status).await.unwrap().unwrap();
            row.try_get_by_index(0).unwrap()
        }
        _ => {
            let explain = explain("EXPLAIN QUERY PLAN ", statement);
            let rows = connection.query_all_raw(explain).await.unwrap();
            let plan: Vec<String> =
                rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
            sqlite_scans(&plan)
        }
    }
}

fn explain(how: &str, mut statement: Statement) -> Statement {
    statement.sql.insert_str(0, how);
    statement
}

/// Rows that the scans of a plan read, those that their filters dropped included.
fn scanned(plan: &Value) -> i64 {
    let loops = plan["Actual Loops"].as_f64().unwrap();
    let number = |name: &str| plan[name].as_f64().unwrap_or_default();
    let rows = number("Actual Rows") + number("Rows Removed by Filter");
    #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "a count of rows")]
    let own = if plan["Node Type"].as_str().unwrap().contains("Scan") {
        (rows * loops) as i64
    } else {
        0
    };
    let below = plan["Plans"].as_array().into_iter().flatten().map(scanned);
    own + below.sum::<i64>()
}

/// SQLite does not count, but its plan tells: a page by an index in the list's own order stops
/// when it is full; a scan of the table, or a sort of it, does not. The whole history is listed by
/// the primary key, which it calls a scan of nothing else.
fn sqlite_scans(plan: &[String]) -> i64 {
    let whole = plan.len() == 1 && plan[0] == "SCAN t_inventory_flow";
    // What is sorted is a page of each branch, or what was written under one key or for one order
    // line.
    let few = plan.iter().any(|step| {
        ["UNION ALL", "t_inventory_flow_idempotency", "t_inventory_flow_order_line"]
            .iter()
            .any(|few| step.contains(few))
    });
    let bad = plan.iter().any(|step| {
        step.contains("SCAN t_inventory_flow") || (step.contains("TEMP B-TREE") && !few)
    });
    if bad && !whole { ENTRIES } else { 50 }
}

on_each_database!(a_page_touches_no_more_than_it_shows);
