//! Demand that was refused for want of stock: every refusal that a client was told is counted, once,
//! whoever refused it; what is lost, and what is not, when a server, the database or the network between
//! them goes; and the times in which a SKU had nothing left.

mod count;
mod keep;
mod periods;
mod plans;
mod retention;
mod sold_out;
mod stop;

use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use stockflow::db::Database;
use stockflow::domain::{Argument, Clock, Field, Refusal, SkuId, Violation};
use stockflow::refusals::{RefusalKeeper, RefusalMetrics, RefusalRecorder, RefusalSettings};

use crate::servers::until;
use crate::support::{Api, TestDatabase, TestServer};

/// What is counted is written as soon as it may be.
const SOON: (&str, &str) = ("STOCKFLOW_REFUSALS__WRITE_INTERVAL_MS", "100");

/// What is counted is not written before the server stops, but for what is counted as it starts.
const LATE: (&str, &str) = ("STOCKFLOW_REFUSALS__WRITE_INTERVAL_MS", "60000");

/// Who asks is refused by the ledger, never by a copy.
const BY_THE_LEDGER: [&str; 2] = ["--ledger-early-refusal-age-ms-max", "0"];

async fn start(database: &TestDatabase, arguments: &[&str], kept: (&str, &str)) -> TestServer {
    TestServer::start_with(&database.url, arguments, &[kept]).await
}

/// What a SKU's refusals add up to: how many, units asked for, units missing.
type Sums = (i64, i64, i64);

fn number(node: &Value, name: &str) -> i64 {
    node[name].as_str().unwrap_or_else(|| panic!("{name}: {node}")).parse().unwrap()
}

fn sums(node: &Value) -> Sums {
    let number = |name| number(node, name);
    (number("refusalCount"), number("unitsRequested"), number("unitsMissing"))
}

const GROUP: &str = "skuId periodStart periodEnd refusalCount unitsRequested unitsMissing \
                     firstMinute lastMinute";

/// A page of groups, with what stands around them.
async fn page(api: &Api, arguments: &Value) -> Value {
    let query = format!(
        "query($where: InventoryRefusalWhere, $by: [InventoryRefusalGroupBy!]! = [SKU], \
         $zone: String, $first: Int, $after: String) {{ inventoryRefusals(where: $where, \
         groupBy: $by, timeZone: $zone, first: $first, after: $after) {{ nodes {{ {GROUP} }} \
         edges {{ cursor node {{ skuId }} }} \
         pageInfo {{ hasNextPage hasPreviousPage endCursor }} }} }}"
    );
    api.graphql(&query, arguments.clone()).await.field().clone()
}

/// The groups of a page.
async fn groups(api: &Api, arguments: Value) -> Vec<Value> {
    page(api, &arguments).await["nodes"].as_array().unwrap().clone()
}

/// What the refusals of each SKU that has some add up to.
async fn by_sku(api: &Api) -> Vec<(String, Sums)> {
    let groups = groups(api, json!({})).await;
    let of_sku = |group: &Value| (group["skuId"].as_str().unwrap().to_owned(), sums(group));
    groups.iter().map(of_sku).collect()
}

/// How many refusals are written.
async fn written(api: &Api) -> i64 {
    groups(api, json!({ "by": [] })).await.first().map_or(0, |group| sums(group).0)
}

async fn until_written(api: &Api, refusals: i64) {
    until("the refusals were written", async || written(api).await == refusals).await;
}

/// Refuses a unit of a SKU that has none left, so many times.
async fn refuse(server: &TestServer, sku_id: i64, times: usize) {
    for _time in 0..times {
        let key = format!("late {}", next_key());
        let payload =
            server.mutate("inventoryDeduct", TestServer::deduction(&key, sku_id, 1)).await;
        assert_eq!(crate::support::codes(&payload), ["INSUFFICIENT_STOCK"]);
    }
}

/// A number that no other request has in its key.
fn next_key() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A recorder, and what keeps in `database` what it counts for 400 days.
fn keeper(database: &Database, clock: Clock) -> (RefusalRecorder, RefusalKeeper) {
    let recorder = RefusalRecorder::new(clock, RefusalMetrics::new());
    let settings =
        RefusalSettings { write_interval: std::time::Duration::from_secs(1), retention_days: 400 };
    (recorder.clone(), RefusalKeeper::new(recorder, database.clone(), settings))
}

/// A line that asked for two units where there was one.
fn short(sku_id: i64) -> Refusal {
    let violation =
        Violation::InsufficientStock { sku_id: SkuId(sku_id), requested: 2, available: 1 };
    Refusal { field: Field::of(Argument::Quantity), violation }
}

/// The rows of the table: SKU, minute, and how many refusals each has.
async fn rows(database: &TestDatabase) -> Vec<(i64, i64, i64)> {
    let plain = database.plain().await;
    let sql = "SELECT sku_id, refused_minute, refusal_count FROM t_inventory_refusal \
               ORDER BY sku_id, refused_minute, writer_id";
    let statement = Statement::from_string(plain.get_database_backend(), sql);
    let rows = plain.query_all_raw(statement).await.unwrap();
    let row = |row: &sea_orm::QueryResult| {
        (
            row.try_get_by_index(0).unwrap(),
            row.try_get_by_index(1).unwrap(),
            row.try_get_by_index(2).unwrap(),
        )
    };
    rows.iter().map(row).collect()
}
