//! No statement of a search reads more than its bounds say, however long the history: by the counts of
//! the databases themselves, over 200,000 entries.

use sea_orm::{ConnectOptions, ConnectionTrait as _, EntityTrait as _, QueryFilter as _};
use stockflow::audit::{AnomalyBounds, Audit};
use stockflow::cache::StockCache;
use stockflow::db::flow_from_row;
use stockflow::domain::filter::FlowFilter;
use stockflow::domain::{AnomalyRule, AnomalyRules, Flow, FlowId, MerchantId, SkuId};
use stockflow::store::Store;

use crate::plans::{ENTRIES, fill, first_instant, rows_touched};
use crate::support::{TestDatabase, on_each_database};

on_each_database!(a_search_reads_no_more_than_its_bounds);

/// A step of 500 entries; the thousand entries beside the border of a span; the thousand of an actor,
/// of two actors: with what a database reads on the way, and once more where branches are put
/// together.
const ROWS_TOUCHED_MAX: i64 = 6_000;

async fn a_search_reads_no_more_than_its_bounds(database: &TestDatabase) {
    // One connection, for MariaDB counts by connection.
    let mut options = ConnectOptions::new(&database.url);
    let plain = sea_orm::Database::connect(options.max_connections(1).to_owned()).await.unwrap();
    fill(&plain).await;
    let bounds = AnomalyBounds { step_entries: 500, ..AnomalyBounds::default() };
    let store = Store::new(database.connect().await, StockCache::none());
    let audit = Audit::new(store).with_anomaly_bounds(bounds);
    let rules = AnomalyRules::default();
    let adjustments = rules.only(|rule| rule == AnomalyRule::LargeAdjustment);
    let deductions = rules.only(|rule| rule == AnomalyRule::DuplicateOrderDetail);
    let everything = FlowFilter::default();
    let skus = FlowFilter { sku_ids: Some((1..=50).map(SkuId).collect()), ..everything.clone() };
    let actors = FlowFilter {
        actors: Some(["auditor", "shop"].map(str::to_owned).to_vec()),
        ..everything.clone()
    };
    let of_merchant =
        |filter: &FlowFilter| FlowFilter { merchant_id: Some(MerchantId(2)), ..filter.clone() };
    for (name, filter, rules) in [
        ("everything", everything.clone(), &rules),
        ("of a merchant", of_merchant(&everything), &rules),
        ("SKUs", skus, &rules),
        ("actors", actors.clone(), &rules),
        ("actors for a merchant", of_merchant(&actors), &rules),
        ("adjustments", everything.clone(), &adjustments),
        ("adjustments of a merchant", of_merchant(&everything), &adjustments),
        ("deductions of a merchant", of_merchant(&everything), &deductions),
    ] {
        for n in [1, 59_000, ENTRIES / 2, ENTRIES - 30] {
            let entries = entries(&plain, n).await;
            let at = first_instant() + chrono::TimeDelta::seconds(n);
            let place = (FlowId(n), at);
            for statement in audit.anomaly_statements(&filter, rules, place, &entries).unwrap() {
                let told: String = statement.to_string().chars().take(2_000).collect();
                let touched = rows_touched(&plain, statement).await;
                assert!(touched <= ROWS_TOUCHED_MAX, "{name} at {n}: {touched} rows\n{told}");
            }
        }
    }
    // What was filled in is no history that adds up.
    plain.execute_unprepared("DELETE FROM t_inventory_flow").await.unwrap();
}

/// The entry of an id, which is one of the shop's, and the same made by the auditor, who has few.
async fn entries(plain: &sea_orm::DatabaseConnection, n: i64) -> Vec<Flow> {
    use entity::inventory_flow::{Column, Entity};
    let filter = sea_orm::ColumnTrait::eq(&Column::Id, n);
    let row = Entity::find().filter(filter).one(plain).await.unwrap().unwrap();
    let flow = flow_from_row(row).unwrap();
    let auditor = Flow { actor: "auditor".to_owned(), ..flow.clone() };
    vec![flow, auditor]
}
