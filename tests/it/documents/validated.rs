//! When a document is validated: until it was executed once, in each of its forms, and whenever its
//! variables may not fit. The server counts that.

use async_graphql::{Request, Variables};
use serde_json::{Value, json};
use stockflow::auth::Caller;
use stockflow::cache::StockCache;
use stockflow::graphql::{
    self, ExecuteOptions, GraphqlMetrics, ReadTokens, Schema, SchemaSettings,
};
use stockflow::store::Store;
use stockflow::telemetry::Metrics;

use crate::support::{Kind, TestDatabase, ledger, metric};

struct Server {
    schema: Schema,
    metrics: Metrics,
    _database: TestDatabase,
}

impl Server {
    async fn start(settings: SchemaSettings) -> Self {
        let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
        let connected = database.connect().await;
        let ledger = ledger::start_over(connected.clone());
        let (counted, mut metrics) = (GraphqlMetrics::default(), Metrics::new());
        counted.register(&mut metrics);
        Self {
            schema: graphql::build_schema(
                Store::new(connected, StockCache::none()),
                ledger,
                settings,
                counted,
            ),
            metrics,
            _database: database,
        }
    }

    /// Whether a document is validated with these variables.
    async fn validates(&self, query: &str, variables: Value) -> bool {
        let before = self.validated();
        let options = ExecuteOptions {
            caller: Caller::anonymous(),
            request_id: "test".to_owned(),
            allow_mutations: true,
            read_tokens: ReadTokens::default(),
            answer_by: None,
        };
        let request = Request::new(query).variables(Variables::from_json(variables));
        graphql::execute(&self.schema, request, options).await;
        self.validated() > before
    }

    fn validated(&self) -> u64 {
        metric(&self.metrics.text(), "stockflow_graphql_documents_validated_total")
    }

    async fn expect<const N: usize>(&self, query: &str, expected: [(Value, bool); N]) {
        for (variables, expected) in expected {
            let seen = self.validates(query, variables.clone()).await;
            assert_eq!(seen, expected, "{query}: {variables}");
        }
    }
}

#[tokio::test]
async fn a_document_is_validated_until_it_was_executed() {
    let server = Server::start(SchemaSettings::default()).await;
    let query = "query Stock($id: ID!) { inventory(skuId: $id) { skuId } }";
    let (right, wrong) = (json!({ "id": 1 }), json!({ "id": [] }));
    server
        .expect(
            query,
            [
                (wrong.clone(), true),
                (right.clone(), true),
                (right.clone(), false),
                (json!({ "id": "none" }), false),
                (wrong, true),
                (right, false),
            ],
        )
        .await;
    // One space more is another text.
    server.expect(&format!("{query} "), [(json!({ "id": 1 }), true)]).await;
    let refused = "query($id: ID!) { inventory(skuId: $id) { price } }";
    let right = (json!({ "id": 1 }), true);
    server.expect(refused, [right.clone(), right.clone(), right]).await;
}

#[tokio::test]
async fn each_choice_of_variables_is_validated_once() {
    let server = Server::start(SchemaSettings::default()).await;
    let query = "query($a: Int, $b: Int = 1, $c: Int) { inventories(first: $a, last: $b) \
                 { totalCount } inventoryFlows(first: $c) { totalCount } }";
    server
        .expect(
            query,
            [
                (json!({}), true),
                (json!({}), false),
                (json!({ "b": 2 }), false),
                (json!({ "a": 1 }), true),
                (json!({ "c": 1 }), true),
                (json!({ "a": 1, "c": 1 }), true),
                (json!({ "a": null }), false),
                (json!({ "c": 2 }), false),
                (json!({ "c": "2" }), true),
                (json!({ "a": 1, "c": null, "d": 1 }), false),
            ],
        )
        .await;
}

#[tokio::test]
async fn what_clients_send_all_day_is_not_validated_again() {
    let server = Server::start(SchemaSettings::default()).await;
    let deduct = "mutation Deduct($input: InventoryDeductInput!) { inventoryDeduct(input: $input) \
                  { flow { id } userErrors { code } } }";
    let deduction = |key: &str| {
        let input = json!({
            "skuId": "1", "orderDetailId": "o", "quantity": 1, "idempotencyKey": key,
        });
        json!({ "input": input })
    };
    let cart = "mutation($lines: [InventoryDeductLineInput!]!, $key: String!, $why: String) { \
                inventoryDeductBatch(input: { lines: $lines, idempotencyKey: $key, reason: $why }) \
                { flows { id } userErrors { code } } }";
    let lines = json!([{ "skuId": 1, "orderDetailId": "o", "quantity": 1 }]);
    let lines = json!({ "lines": lines, "key": "cart" });
    let page = "query($id: [ID!], $first: Int, $after: String) { inventoryFlows(where: { skuId: $id }, \
                first: $first, after: $after) { nodes { id kind } pageInfo { hasNextPage } } }";
    let first = json!({ "id": "1", "first": 50 });
    let schema = "{ __schema { types { name kind fields { name type { name } } } } }";
    for (query, variables) in
        [(deduct, deduction("a")), (cart, lines), (page, first), (schema, Value::Null)]
    {
        server.expect(query, [(variables.clone(), true), (variables, false)]).await;
    }
    server.expect(deduct, [(deduction("b"), false)]).await;
}

#[tokio::test]
async fn what_is_not_understood_is_validated_each_time() {
    let server = Server::start(SchemaSettings::default()).await;
    let query = "query($name: String!) { __type(name: $name) { name } }";
    let right = (json!({ "name": "Query" }), true);
    server.expect(query, [right.clone(), right.clone(), right]).await;
}

#[tokio::test]
async fn without_room_every_document_is_validated() {
    let server =
        Server::start(SchemaSettings { document_cache_bytes: 0, ..SchemaSettings::default() })
            .await;
    let always = (Value::Null, true);
    server.expect("{ __typename }", [always.clone(), always.clone(), always]).await;
}
