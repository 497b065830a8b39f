//! What is answered from many entries reads those, and no others: told by the databases' own counts,
//! over 200,000 entries.

use chrono::TimeDelta;
use sea_orm::{ConnectOptions, ConnectionTrait as _, DatabaseConnection, Statement, Values};
use stockflow::cache::StockCache;
use stockflow::domain::filter::{Consistency, FlowFilter, InstantRange};
use stockflow::domain::{
    Calendar, CauseEntries, FlowKind, GroupKey, GroupPart, Grouping, MerchantId, PageRequest,
    Period, Reasoned, SkuId, Stretch, Visibility, Zone,
};
use stockflow::store::{Asked, Store};

use crate::plans::{ENTRIES, fill, first_instant, rows_touched};
use crate::support::{Kind, TestDatabase, on_each_database};

on_each_database!(sums_read_no_more_than_they_add_up);

/// Rows that may be read for each that is added up, and beside them: an index entry and its row, the
/// groups, and what is sorted.
fn allowed(added_up: i64) -> i64 {
    added_up * 6 + 1_000
}

async fn sums_read_no_more_than_they_add_up(database: &TestDatabase) {
    let mut options = ConnectOptions::new(&database.url);
    let plain = sea_orm::Database::connect(options.max_connections(1).to_owned()).await.unwrap();
    fill(&plain).await;
    let store = Store::new(database.connect().await, StockCache::none());
    let page = |after| PageRequest::<GroupKey> {
        after,
        ..PageRequest::new(Some(50), None, None, None).unwrap()
    };
    let all = FlowFilter::default;
    let hour = Calendar { zone: Zone::UTC, period: Period::Hour };
    let starts = hour.starts_from(first_instant() + TimeDelta::seconds(100_000), 1);
    let within = InstantRange { from: Some(starts[0]), to: Some(starts[1]) };
    let by = |calendar, parts: &[GroupPart]| Grouping { calendar, parts: parts.to_vec() };
    let mut asked = Vec::new();
    for (name, merchant_id, added_up) in
        [("all", None, 3_600), ("a merchant", Some(MerchantId(2)), 360)]
    {
        for parts in [&[][..], &[GroupPart::Sku, GroupPart::Kind]] {
            let filter = FlowFilter { created_at: within, merchant_id, ..all() };
            let statement =
                store.flow_groups_statement(&filter, &by(Some(hour), parts), &starts, &page(None));
            asked.push((format!("an hour of {name} by {parts:?}"), statement, added_up));
        }
    }
    // SKU 1 has the first 60,000 entries, and all others 1,400 each.
    let behind = GroupKey { sku_id: Some(SkuId(70)), ..GroupKey::default() };
    let statement =
        store.flow_groups_statement(&all(), &by(None, &[GroupPart::Sku]), &[], &page(Some(behind)));
    asked.push(("SKUs, from the middle on".to_owned(), statement, 31 * 1_400));
    let one = FlowFilter { sku_ids: Some(vec![SkuId(5)]), ..all() };
    let statement =
        store.flow_groups_statement(&one, &by(None, &[GroupPart::Kind]), &[], &page(None));
    asked.push(("a SKU by kind".to_owned(), statement, 1_400));
    let stretch = Stretch { sku_id: SkuId(1), after: 30_000, until: 31_000 };
    let cause = CauseEntries::Of(Reasoned { kind: FlowKind::Replenishment, reason: None });
    let flows = PageRequest::new(Some(50), None, None, None).unwrap();
    for statement in store.explanation_statements(stretch, &cause, &flows) {
        asked.push(("a stretch of a long history".to_owned(), statement, 1_000));
    }
    let lines: Vec<String> = (1..=50).map(|line| format!("order-{}", line * 3)).collect();
    for visibility in [Visibility::All, Visibility::Only(MerchantId(1))] {
        let seen = Asked { visibility, ..Asked::of(Consistency::Primary) };
        for statement in store.order_trail_statements(&lines, &flows, &seen) {
            asked.push((format!("order lines for {visibility:?}"), statement, 150));
        }
    }
    let mut faults = Vec::new();
    for (name, statement, added_up) in asked {
        faults.extend(fault(&plain, database.kind, &name, statement, added_up).await);
    }
    plain.execute_unprepared("DELETE FROM t_inventory_flow").await.unwrap();
    assert_eq!(faults, [""; 0], "{}", faults.join("\n"));
}

/// What is wrong with the way in which a statement is carried out.
async fn fault(
    plain: &DatabaseConnection,
    kind: Kind,
    name: &str,
    statement: Statement,
    added_up: i64,
) -> Option<String> {
    let told = statement.to_string();
    if kind != Kind::Sqlite {
        let touched = rows_touched(plain, statement).await;
        let fault = format!("{name}: {touched} rows of {ENTRIES}, for {added_up}\n{told}");
        return (touched > allowed(added_up)).then_some(fault);
    }
    // It does not count; its plan tells.
    let explain = Statement::from_sql_and_values(
        statement.db_backend,
        format!("EXPLAIN QUERY PLAN {}", statement.sql),
        statement.values.unwrap_or(Values(Vec::new())),
    );
    let rows = plain.query_all_raw(explain).await.unwrap();
    let steps: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
    let scans = steps.iter().any(|step| step.contains("SCAN t_inventory_flow"));
    scans.then(|| format!("{name}: {steps:?}\n{told}"))
}
