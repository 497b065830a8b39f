//! A page costs a fixed number of statements, however long it is and however deep the question.

use async_graphql::Request;
use stockflow::auth::Caller;
use stockflow::cache::StockCache;
use stockflow::graphql::{
    self, ExecuteOptions, GraphqlMetrics, ReadTokens, Schema, SchemaSettings,
};
use stockflow::store::Store;

use crate::support::{TestDatabase, ledger, on_each_database};

async fn ask(schema: &Schema, query: &str) -> serde_json::Value {
    let options = ExecuteOptions {
        caller: Caller::anonymous(),
        request_id: "test".to_owned(),
        allow_mutations: false,
        read_tokens: ReadTokens::default(),
        answer_by: None,
    };
    let executed = graphql::execute(schema, Request::new(query), options).await;
    assert!(executed.response.errors.is_empty(), "{:?}", executed.response.errors);
    serde_json::to_value(&executed.response.data).unwrap()
}

async fn a_page_costs_a_fixed_number_of_statements(database: &TestDatabase) {
    let connected = database.connect().await;
    let ledger = ledger::start_over(connected.clone());
    for sku_id in 1..=10 {
        let create = ledger::create(&format!("create {sku_id}"), sku_id, 1_000);
        ledger::done(ledger.submit(create).await.unwrap());
    }
    for sale in 0..30 {
        let deduct = ledger::deduct(&format!("sale {sale}"), 1 + sale % 10, 5);
        let (flows, _replayed) = ledger::done(ledger.submit(deduct).await.unwrap());
        for step in 0..2 {
            let refund = ledger::refund(&format!("refund {sale} {step}"), flows[0].id, Some(1));
            ledger::done(ledger.submit(refund).await.unwrap());
        }
    }
    let schema = graphql::build_schema(
        Store::new(connected.clone(), StockCache::none()),
        ledger,
        SchemaSettings::default(),
        GraphqlMetrics::default(),
    );
    // The page, the stocks, the deductions, their refunds, and the sums of those.
    let flows = |first: u32| {
        format!(
            "{{ inventoryFlows(first: {first}) {{ nodes {{ id inventory {{ leavedAmount }} \
             deduction {{ id inventory {{ version }} }} refunds {{ id quantityTrade }} \
             refundedQuantity refundableQuantity }} }} }}"
        )
    };
    // The page, and the pages and counts of its SKUs.
    let stocks = |first: u32| {
        format!(
            "{{ inventories(first: {first}) {{ nodes {{ skuId flows(first: 3) \
             {{ totalCount nodes {{ id }} }} }} }} }}"
        )
    };
    for (query, nodes, statements) in [
        (flows(5), 5, 5),
        (flows(50), 50, 5),
        (flows(100), 100, 5),
        (stocks(2), 2, 3),
        (stocks(10), 10, 3),
    ] {
        let before = connected.statements_read();
        let data = ask(&schema, &query).await;
        let cost = connected.statements_read() - before;
        let list = data.as_object().unwrap().values().next().unwrap();
        assert_eq!(list["nodes"].as_array().unwrap().len(), nodes);
        assert!(cost <= statements, "{cost} statements for {query}");
    }
    // What is not asked for is not counted.
    let before = connected.statements_read();
    ask(&schema, "{ inventoryFlows(first: 1) { nodes { id } pageInfo { hasNextPage } } }").await;
    assert_eq!(connected.statements_read() - before, 1);
}

on_each_database!(a_page_costs_a_fixed_number_of_statements);
