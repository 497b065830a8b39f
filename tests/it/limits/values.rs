//! What arguments may be given: the library copies and parses it for each time that their field is
//! resolved, before any resolver may find it too long. A megabyte of SKUs in the filter of a field
//! that is resolved ten thousand times held the processor for minutes.

use async_graphql::{Request, Variables};
use serde_json::{Value, json};
use stockflow::auth::Caller;
use stockflow::cache::StockCache;
use stockflow::db::Database;
use stockflow::graphql::{
    self, ExecuteOptions, GraphqlMetrics, ReadTokens, Schema, SchemaSettings, Stage,
};
use stockflow::store::Store;

use super::{post, refused, server};
use crate::support::{Answer, Kind, TestDatabase, code, ledger};

/// A filter of this many SKUs.
fn skus(count: usize) -> Value {
    json!({ "skuId": vec!["1"; count] })
}

/// Fifty questions, each of 200 SKUs, each of them with its flows by the filter `where`.
fn everywhere(filter: &str) -> String {
    let field = format!(
        "inventories(first: 200) {{ nodes {{ flows(first: 0, where: {filter}) \
         {{ pageInfo {{ hasNextPage }} }} }} }}"
    );
    (0..50).map(|place| format!("a{place}: {field} ")).collect()
}

/// The schema on books with a SKU, executed in this process so that statements can be counted.
struct Counted {
    database: TestDatabase,
    connected: Database,
    schema: Schema,
}

impl Counted {
    async fn start() -> Self {
        let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
        let connected = database.connect().await;
        let ledger = ledger::start_over(connected.clone());
        ledger::done(ledger.submit(ledger::create("create", 1, 10)).await.unwrap());
        let schema = graphql::build_schema(
            Store::new(connected.clone(), StockCache::none()),
            ledger,
            SchemaSettings::default(),
            GraphqlMetrics::default(),
        );
        Self { database, connected, schema }
    }

    /// The answer to a request, and whether any statement ran for it.
    async fn ask(&self, query: &str, variables: Value) -> (Answer, bool) {
        let before = self.connected.statements_read();
        let options = ExecuteOptions {
            caller: Caller::anonymous(),
            request_id: "test".to_owned(),
            allow_mutations: true,
            read_tokens: ReadTokens::default(),
            answer_by: None,
        };
        let request = Request::new(query).variables(Variables::from_json(variables));
        let executed = graphql::execute(&self.schema, request, options).await;
        let answer = Answer(serde_json::to_value(&executed.response).unwrap());
        assert_eq!(
            executed.stage == Stage::RequestError,
            !code(&answer).is_empty(),
            "{}",
            answer.0
        );
        (answer, self.connected.statements_read() > before)
    }

    /// A request is refused by its limits before any statement runs.
    async fn refuses(&self, query: &str, variables: Value) {
        // Also once it may be known.
        for _round in 0..2 {
            let (answer, ran) = self.ask(query, variables.clone()).await;
            assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{}", answer.0);
            let extensions = answer.at("/errors/0/extensions");
            assert!(extensions["actual"].as_u64() > extensions["limit"].as_u64(), "{extensions}");
            assert!(!ran, "{query:.200}");
            assert!(answer.0.to_string().len() < 1_000, "{}", answer.0);
        }
    }
}

#[tokio::test]
async fn a_list_that_no_argument_takes_is_refused_before_anything_is_executed() {
    let counted = Counted::start().await;
    let by_variable = format!("query($w: InventoryFlowWhere!) {{ {} }}", everywhere("$w"));
    counted.refuses(&by_variable, json!({ "w": skus(260_000) })).await;
    // As a literal: here, and in a fragment.
    let literal = format!("{{ skuId: [{}] }}", "1 ".repeat(20_000));
    let flows = format!("flows(first: 0, where: {literal}) {{ pageInfo {{ hasNextPage }} }}");
    let written = format!("{{ inventories(first: 200) {{ nodes {{ {flows} }} }} }}");
    counted.refuses(&written, Value::Null).await;
    let spread = format!(
        "{{ inventories(first: 200) {{ nodes {{ ...F }} }} }} fragment F on Inventory {{ {flows} }}"
    );
    counted.refuses(&spread, Value::Null).await;
    // As the default of a variable, which may be one for the length of a page.
    let first = "flows(first: $n) { pageInfo { hasNextPage } } ".repeat(100);
    let default = format!(
        "query($n: [Int] = [{}]) {{ inventories {{ nodes {{ {first} }} }} }}",
        "1 ".repeat(20_000)
    );
    counted.refuses(&default, Value::Null).await;
    counted.database.audit().await;
}

#[tokio::test]
async fn what_is_given_counts_for_each_time_that_its_field_is_resolved() {
    let counted = Counted::start().await;
    let by_variable = format!("query($w: InventoryFlowWhere!) {{ {} }}", everywhere("$w"));
    counted.refuses(&by_variable, json!({ "w": skus(250) })).await;
    let by_default = format!(
        "query($w: InventoryFlowWhere = {{ skuId: [{}] }}) {{ {} }}",
        "1 ".repeat(250),
        everywhere("$w")
    );
    counted.refuses(&by_default, Value::Null).await;
    let literal = format!(
        "{{ {} }} fragment F on Inventory {{ flows(first: 0, where: {{ skuId: [{}] }}) \
         {{ pageInfo {{ hasNextPage }} }} }}",
        everywhere("{}").replace("flows(first: 0, where: {}) { pageInfo { hasNextPage } }", "...F"),
        "1 ".repeat(250)
    );
    counted.refuses(&literal, Value::Null).await;
    // Where nothing is resolved, it is validated in each place.
    let nowhere = format!(
        "query($t: InventoryFlowWhere!) {{ inventories(first: 0) {{ nodes {{ {} }} }} }}",
        "flows(where: $t) { pageInfo { hasNextPage } } ".repeat(400)
    );
    let texts = json!({ "t": { "idempotencyKey": "x".repeat(100_000) } });
    counted.refuses(&nowhere, texts).await;
    let nested: Vec<Value> = vec![json!(vec!["1"; 500]); 100];
    counted.refuses(&nowhere, json!({ "t": { "skuId": nested } })).await;
    counted.database.audit().await;
}

#[tokio::test]
async fn what_was_right_still_is() {
    let counted = Counted::start().await;
    let pages = "query($w: InventoryFlowWhere!) { inventories(first: 200) { nodes \
                 { flows(first: 10, where: $w) { nodes { id } } } } }";
    for count in [1, 250] {
        let (answer, ran) = counted.ask(pages, json!({ "w": skus(count) })).await;
        assert_eq!(code(&answer), "", "{}", answer.0);
        assert!(ran);
    }
    // What nobody declared is nobody's.
    let (answer, ran) =
        counted.ask("{ inventories { nodes { skuId } } }", json!({ "w": skus(260_000) })).await;
    assert_eq!(code(&answer), "", "{}", answer.0);
    assert!(ran);
    counted.database.audit().await;
}

/// What is a little too long is told in words of its own, whether it is a variable or a literal.
#[tokio::test]
async fn a_list_is_bounded_by_its_argument_first() {
    let (database, server) = server(&[]).await;
    let cart = "mutation($input: InventoryDeductBatchInput!) { inventoryDeductBatch(input: $input) \
                { userErrors { code } } }";
    let line = json!({ "skuId": "1001", "orderDetailId": "o", "quantity": 1 });
    for (count, expected) in [(251, ""), (6_000, ""), (6_001, "QUERY_TOO_COMPLEX")] {
        let input = json!({ "idempotencyKey": "k", "lines": vec![line.clone(); count] });
        let body = json!({ "query": cart, "variables": { "input": input } });
        let answered = post(&server, &body).await;
        assert_eq!(refused(&answered), expected, "{count}: {}", answered.1.0);
        if expected.is_empty() {
            let told = answered.1.at("/data/inventoryDeductBatch/userErrors/0/code");
            assert_eq!(*told, "TOO_MANY_LINES", "{count}");
        } else {
            assert_eq!(*answered.1.at("/errors/0/extensions/limit"), 6_000);
            assert_eq!(*answered.1.at("/errors/0/extensions/actual"), 6_001);
        }
    }
    let flows = "query($w: InventoryFlowWhere!) { inventoryFlows(where: $w) { nodes { id } } }";
    let literally = |field: &str, value: &str, count: usize| {
        let values = format!("{value} ").repeat(count);
        format!("{{ inventoryFlows(where: {{ {field}: [{values}] }}) {{ nodes {{ id }} }} }}")
    };
    for (field, value) in
        [("skuId", "1"), ("orderDetailId", "o"), ("actor", "a"), ("kind", "REFUND")]
    {
        for (count, expected) in [
            (250, ""),
            (251, "INVALID_ARGUMENT"),
            (6_000, "INVALID_ARGUMENT"),
            (6_001, "QUERY_TOO_COMPLEX"),
        ] {
            let filter = json!({ field: vec![value; count] });
            let spelled = if field == "kind" { value.to_owned() } else { format!("\"{value}\"") };
            for answer in [
                server.graphql(flows, json!({ "w": filter })).await,
                server.graphql(&literally(field, &spelled, count), Value::Null).await,
            ] {
                assert_eq!(code(&answer), expected, "{count} of {field}: {}", answer.0);
                if expected == "INVALID_ARGUMENT" {
                    let path = answer.at("/errors/0/extensions/field");
                    assert_eq!(*path, json!(["where", field]));
                }
            }
        }
    }
    assert_eq!(server.left(1001).await, 10);
    database.audit().await;
}
