//! What one request takes between HTTP and the books, with the cache of documents on and off: a
//! purchase over a ledger that answers at once, and a page of history out of memory.
//!
//! The floor (`floor.rs`) measures the same from outside, through HTTP and with many clients.

#![expect(clippy::unwrap_used, reason = "what it needs is made here, in a folder of its own")]

mod history;

use chrono::{DateTime, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use mimalloc::MiMalloc;
use serde_json::{Value, json};
use stockflow::auth::Caller;
use stockflow::cache::StockCache;
use stockflow::db::{Database, DatabaseSettings};
use stockflow::domain::{Command, Inventory, Operation, Outcome, ReceiptLine};
use stockflow::graphql::{
    ExecuteOptions, GraphqlMetrics, ReadTokens, Schema, SchemaSettings, Stage, build_schema,
    execute,
};
use stockflow::ledger::Ledger;
use stockflow::store::Store;
use tokio::runtime::Runtime;

/// The server's own allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const DEDUCT: &str = "mutation Deduct($input: InventoryDeductInput!) { inventoryDeduct(input: \
                      $input) { replayed inventory { leavedAmount version } flow { id \
                      quantityAfter } userErrors { code message } } }";

const FLOWS: &str = "query Flows($sku: ID!) { inventoryFlows(where: {skuId: [$sku]}, first: 50) \
                     { nodes { id kind orderDetailId quantityTrade quantityBefore quantityAfter \
                     sequence reason actor idempotencyKey createdAt } pageInfo { hasNextPage \
                     endCursor } } }";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_764_000_000_000_000).unwrap()
}

/// Answers a purchase as the ledger does once it has carried it out.
fn answer(command: &Command) -> Outcome {
    let Operation::Deduct(line) = &command.operation else {
        return Outcome::Refused(Vec::new());
    };
    let flow = history::entry(line.sku_id, 1, now());
    let line = ReceiptLine { inventory: Inventory::after(&flow, flow.created_at), flow };
    Outcome::Done { receipt: vec![line], replayed: false }
}

/// A store that is asked for nothing but the page in memory.
async fn store(folder: &tempfile::TempDir) -> Store {
    let url = format!("sqlite://{}", folder.path().join("documents.db").display());
    let database = Database::connect(&DatabaseSettings::new(url)).await.unwrap();
    database.migrate_up().await.unwrap();
    Store::new(database, StockCache::none()).with_page_in_memory(history::page(now()))
}

/// What a client gets. It must be what was asked for.
async fn ask(schema: &Schema, document: &str, variables: Value) -> String {
    let variables = async_graphql::Variables::from_json(variables);
    let request = async_graphql::Request::new(document).variables(variables);
    let options = ExecuteOptions {
        caller: Caller::anonymous(),
        request_id: "bench".to_owned(),
        allow_mutations: true,
        read_tokens: ReadTokens::default(),
        answer_by: None,
    };
    let executed = execute(schema, request, options).await;
    assert!(executed.stage == Stage::Executed && executed.response.errors.is_empty());
    serde_json::to_string(&executed.response).unwrap()
}

fn documents(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = runtime.block_on(store(&folder));
    let input = json!({
        "skuId": "1", "orderDetailId": "order-7f3a9c52d1e84b06-line-1", "quantity": 1,
        "idempotencyKey": "checkout-7f3a9c52d1e84b06",
    });
    let mut group = criterion.benchmark_group("documents");
    for (cache, document_cache_bytes) in
        [("on", SchemaSettings::default().document_cache_bytes), ("off", 0)]
    {
        let schema = build_schema(
            store.clone(),
            Ledger::at_once(answer),
            SchemaSettings { document_cache_bytes, ..SchemaSettings::default() },
            GraphqlMetrics::default(),
        );
        for (name, document, variables) in [
            ("deduct", DEDUCT, json!({ "input": input })),
            ("page of 50", FLOWS, json!({ "sku": "1" })),
        ] {
            group.bench_function(format!("{name}, cache {cache}"), |bencher| {
                bencher.iter(|| runtime.block_on(ask(&schema, document, variables.clone())));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, documents);
criterion_main!(benches);
