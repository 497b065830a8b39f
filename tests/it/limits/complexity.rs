//! How many values an answer could have, told before any statement runs.

use async_graphql::Request;
use serde_json::json;
use stockflow::auth::Caller;
use stockflow::cache::StockCache;
use stockflow::graphql::{
    self, DocumentLimits, ExecuteOptions, GraphqlMetrics, ReadTokens, SchemaSettings, Stage,
};
use stockflow::store::Store;

use super::{post, refused, server};
use crate::support::{Kind, TestDatabase, TestServer, code, ledger, metric};

/// What a page of `$n` SKUs, each with `$m` entries of two fields, could answer.
fn values(n: u64, m: u64) -> u64 {
    1 + 500 + 1 + n * (1 + 1 + 10 + m + 1 + m * 3)
}

const PAGES: &str = "query Pages($n: Int, $m: Int) { inventories(first: $n) { nodes { flows(first: $m) \
                     { nodes { id kind } } } } }";

#[tokio::test]
async fn it_holds_under_at_and_over_its_bound() {
    let (_database, server) = server(&[("complexity_max", &values(10, 10).to_string())]).await;
    // Also once the document is known, and whatever came before.
    for _round in 0..2 {
        for (n, m, fits) in [(9, 10, true), (10, 10, true), (10, 11, false), (11, 10, false)] {
            let body = json!({ "query": PAGES, "variables": { "n": n, "m": m } });
            let answered = post(&server, &body).await;
            let expected = if fits { "" } else { "QUERY_TOO_COMPLEX" };
            assert_eq!(refused(&answered), expected, "{n} of {m}: {}", answered.1.0);
            if !fits {
                let extensions = answered.1.at("/errors/0/extensions");
                assert_eq!(extensions["limit"], values(10, 10));
                assert_eq!(extensions["actual"], values(n, m));
                let message = answered.1.at("/errors/0/message").as_str().unwrap();
                assert!(message.contains(&values(n, m).to_string()), "{message}");
            }
        }
    }
    // Pages of 50 where none says how long.
    let answered = post(&server, &json!({ "query": PAGES })).await;
    assert_eq!(*answered.1.at("/errors/0/extensions/actual"), values(50, 50));
}

#[tokio::test]
async fn it_is_250_000_by_default() {
    let (_database, server) = server(&[]).await;
    for (n, m) in [(200, 200), (200, 50)] {
        let body = json!({ "query": PAGES, "variables": { "n": n, "m": m } });
        assert_eq!(refused(&post(&server, &body).await), "", "{n} of {m}");
    }
    // What README names: all fields of an entry that are no objects, and 50 of them a SKU.
    let all = PAGES.replace(
        "id kind",
        "id skuId merchantId kind orderDetailId quantityTrade quantityBefore quantityAfter sequence \
         reason actor idempotencyKey createdAt refundedQuantity refundableQuantity",
    );
    let body = json!({ "query": all, "variables": { "n": 200, "m": 50 } });
    assert_eq!(refused(&post(&server, &body).await), "");
    let wider = PAGES.replace("id kind", "id kind skuId reason actor");
    let body = json!({ "query": wider, "variables": { "n": 200, "m": 200 } });
    let answered = post(&server, &body).await;
    assert_eq!(refused(&answered), "QUERY_TOO_COMPLEX", "{}", answered.1.0);
    assert_eq!(*answered.1.at("/errors/0/extensions/limit"), 250_000);
}

#[tokio::test]
async fn no_statement_runs_for_what_is_refused() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let connected = database.connect().await;
    let ledger = ledger::start_over(connected.clone());
    let create = ledger::create("create", 1001, 10);
    ledger::done(ledger.submit(create).await.unwrap());
    let limits = DocumentLimits { complexity_max: 1_000, ..DocumentLimits::default() };
    let schema = graphql::build_schema(
        Store::new(connected.clone(), StockCache::none()),
        ledger,
        SchemaSettings { limits, ..SchemaSettings::default() },
        GraphqlMetrics::default(),
    );
    let mutation = "mutation { inventoryReplenish(input: { skuId: 1001, quantity: 1, idempotencyKey: \
                    \"k\" }) { inventory { flows(first: 200) { nodes { id kind skuId reason } } } } }";
    let few = "{ inventories(first: 1) { nodes { skuId } } }";
    for (query, stage) in
        [(PAGES, Stage::RequestError), (mutation, Stage::RequestError), (few, Stage::Executed)]
    {
        let before = connected.statements_read();
        let options = ExecuteOptions {
            caller: Caller::anonymous(),
            request_id: "test".to_owned(),
            allow_mutations: true,
            read_tokens: ReadTokens::default(),
            answer_by: None,
        };
        let executed = graphql::execute(&schema, Request::new(query), options).await;
        assert_eq!(executed.stage, stage, "{query}");
        let statements = connected.statements_read() - before;
        assert_eq!(statements == 0, stage == Stage::RequestError, "{query}: {statements}");
    }
    database.audit().await;
}

/// What only the books tell is counted while the answer is made, by the same bound.
#[tokio::test]
async fn what_cannot_be_known_before_is_counted_while_it_is_read() {
    let (database, server) = server(&[("complexity_max", "1500")]).await;
    let sold = server.mutate("inventoryDeduct", TestServer::deduction("sale", 1001, 10)).await;
    let id = sold["flow"]["id"].as_str().unwrap();
    for step in 0..10 {
        let input =
            json!({ "flowId": id, "quantity": 1, "idempotencyKey": format!("step {step}") });
        server.mutate("inventoryRefund", input).await;
    }
    // By the document it is some hundred values; by the books, a thousand times ten.
    let refunds = "refunds { deduction { ".repeat(3) + "id" + &" } }".repeat(3);
    let query = format!("query($id: ID!) {{ inventoryFlow(id: $id) {{ {refunds} }} }}");
    let answer = server.graphql(&query, json!({ "id": id })).await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{}", answer.0);
    assert_eq!(*answer.at("/errors/0/extensions/limit"), 1_500);
    assert!(answer.at("/errors/0/path").is_array(), "{}", answer.0);
    database.audit().await;
}

/// The texts of entries count by their length, once they are read.
#[tokio::test]
async fn long_texts_are_counted_while_they_are_read() {
    // Of ten entries with twenty reasons each, less is left for the texts where their nodes have been
    // counted once more, as those of an edge are not.
    let (database, server) = server(&[("complexity_max", "950")]).await;
    let reasons: String = (0..20).map(|place| format!("r{place}: reason ")).collect();
    let complex = "QUERY_TOO_COMPLEX";
    for (sku_id, chars, of_nodes, of_edges) in
        [(1, 31, "", ""), (2, 63, "", ""), (3, 64, complex, ""), (4, 96, complex, complex)]
    {
        server.create(sku_id, 1).await;
        for step in 0..10 {
            let input = json!({
                "skuId": sku_id.to_string(), "quantity": 1, "reason": "r".repeat(chars),
                "idempotencyKey": format!("{sku_id} {step}"),
            });
            server.mutate("inventoryReplenish", input).await;
        }
        for (entries, expected) in [
            (format!("nodes {{ {reasons} }}"), of_nodes),
            (format!("edges {{ node {{ {reasons} }} }}"), of_edges),
        ] {
            let query = "query($w: InventoryFlowWhere) { inventoryFlows(first: 10, where: $w) {";
            let filter = json!({ "skuId": [sku_id.to_string()] });
            let query = format!("{query} {entries} }} }}");
            let answer = server.graphql(&query, json!({ "w": filter })).await;
            assert_eq!(code(&answer), expected, "{chars}: {}", answer.0);
            if !expected.is_empty() {
                assert!(answer.at("/errors/0/path").is_array(), "{}", answer.0);
            }
        }
    }
    database.audit().await;
}

/// Also those that a request wrote, when it is asked what became of it.
#[tokio::test]
async fn long_texts_of_a_cart_are_counted_when_it_is_found_again() {
    let (database, server) = server(&[("complexity_max", "6000")]).await;
    let reasons: String = (0..20).map(|place| format!("r{place}: reason ")).collect();
    let query = format!(
        "query($key: String!) {{ inventoryOperation(idempotencyKey: $key) {{ flows {{ {reasons} }} }} }}"
    );
    server.create(1, 1_000).await;
    for (key, chars, expected) in [("short", 31, ""), ("long", 500, "QUERY_TOO_COMPLEX")] {
        let lines: Vec<_> = (0..40)
            .map(|line| json!({ "skuId": "1", "orderDetailId": line.to_string(), "quantity": 1 }))
            .collect();
        let input = json!({ "idempotencyKey": key, "reason": "r".repeat(chars), "lines": lines });
        server.mutate("inventoryDeductBatch", input).await;
        let answer = server.graphql(&query, json!({ "key": key })).await;
        assert_eq!(code(&answer), expected, "{key}: {}", answer.0);
    }
    database.audit().await;
}

/// How often a document is judged is all the same to whether it is known.
#[tokio::test]
async fn a_document_that_was_refused_once_is_known_by_the_next_that_fits() {
    let (_database, server) = server(&[("complexity_max", "1000")]).await;
    let known = async || {
        let text = reqwest::get(format!("{}/metrics", server.url)).await.unwrap();
        metric(&text.text().await.unwrap(), "stockflow_graphql_documents_known_total")
    };
    let ask = async |n: u32| {
        let body = json!({ "query": PAGES, "variables": { "n": n, "m": 1 } });
        refused(&post(&server, &body).await).to_owned()
    };
    assert_eq!(ask(200).await, "QUERY_TOO_COMPLEX");
    let before = known().await;
    assert_eq!(ask(1).await, "");
    assert_eq!(known().await, before);
    assert_eq!(ask(1).await, "");
    assert_eq!(known().await, before + 1);
    assert_eq!(ask(200).await, "QUERY_TOO_COMPLEX");
}
