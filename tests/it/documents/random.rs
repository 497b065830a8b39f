//! Variables at random, nearly right: whatever they are, a schema that knows the document answers
//! what one that does not know it answers.

use std::cell::Cell;

use async_graphql::{Request, Variables};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};
use stockflow::auth::Caller;
use stockflow::cache::StockCache;
use stockflow::graphql::{
    self, ExecuteOptions, GraphqlMetrics, ReadTokens, Schema, SchemaSettings, Stage,
};
use stockflow::store::Store;

use crate::support::{Kind, TestDatabase, ledger};

/// Each with its variables and their types. Under the same key the second of two schemas gets what
/// the first one wrote, so no document asks whether it was replayed.
const DOCUMENTS: [(&str, &[(&str, &str)]); 5] = [
    (
        "query($id: ID!, $n: Int, $c: ReadConsistency!) { inventory(skuId: $id, consistency: $c) \
         { skuId flows(first: $n) { totalCount nodes { id kind } } } }",
        &[("id", "ID!"), ("n", "Int"), ("c", "ReadConsistency!")],
    ),
    (
        "query($where: InventoryFlowWhere, $n: Int = 2) { inventoryFlows(where: $where, first: $n) \
         { totalCount nodes { id skuId } } }",
        &[("where", "InventoryFlowWhere"), ("n", "Int")],
    ),
    (
        "query($min: Int, $ids: [ID!], $id: ID!, $with: Boolean!) { a: inventories(where: { skuId: \
         [1, $id], leavedAmount: { min: $min } }) { totalCount } b: inventories(where: { skuId: $ids }) \
         @include(if: $with) { totalCount } }",
        &[("min", "Int"), ("ids", "[ID!]"), ("id", "ID!"), ("with", "Boolean!")],
    ),
    (
        "mutation($input: InventoryDeductInput!) { inventoryDeduct(input: $input) { flow { id \
         quantityAfter reason } userErrors { code field message } } }",
        &[("input", "InventoryDeductInput!")],
    ),
    (
        "mutation($sku: ID!, $n: Int!, $from: Int, $key: String!) { inventorySetQuantity(input: { \
         skuId: $sku, quantity: $n, changeFromQuantity: $from, reason: \"count\", \
         idempotencyKey: $key }) { flow { id quantityAfter } userErrors { code field message } } }",
        &[("sku", "ID!"), ("n", "Int!"), ("from", "Int"), ("key", "String!")],
    ),
];

/// Any JSON, small.
fn anything() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(json!(u64::MAX)),
        Just(json!(1.5)),
        "[a-zA-Z0-9]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("(skuId|min|kind|x)", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
    .boxed()
}

/// A value of a type, or of nearly that type.
fn near(of: &str) -> BoxedStrategy<Value> {
    let right = match of.trim_end_matches('!') {
        "Int" => (-2..300_i64).prop_map(Value::from).boxed(),
        "ID" => {
            prop_oneof![(1..4_i64).prop_map(Value::from), "[1-4]".prop_map(Value::from)].boxed()
        }
        "Boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "String" => "[a-c]{1,2}".prop_map(Value::from).boxed(),
        "DateTime" => prop_oneof![
            Just("2020-01-01T00:00:00Z"),
            Just("2999-01-01T00:00:00+01:00"),
            Just("now")
        ]
        .prop_map(Value::from)
        .boxed(),
        "ReadConsistency" => prop_oneof![Just("PRIMARY"), Just("CACHED"), Just("cached")]
            .prop_map(Value::from)
            .boxed(),
        "InventoryFlowKind" => {
            prop_oneof![Just("OPENING"), Just("REFUND"), Just("")].prop_map(Value::from).boxed()
        }
        "IntRange" => object(&[("min", "Int"), ("max", "Int")]),
        "DateTimeRange" => object(&[("from", "DateTime"), ("to", "DateTime")]),
        "InventoryFlowWhere" => object(&[
            ("skuId", "[ID!]"),
            ("kind", "[InventoryFlowKind!]"),
            ("actor", "[String!]"),
            ("deductionId", "ID"),
            ("createdAt", "DateTimeRange"),
            ("quantityTrade", "IntRange"),
        ]),
        "InventoryDeductInput" => object(&[
            ("skuId", "ID!"),
            ("orderDetailId", "String!"),
            ("quantity", "Int!"),
            ("reason", "String"),
            ("idempotencyKey", "String!"),
        ]),
        list => {
            let item = list.trim_start_matches('[').trim_end_matches(']').to_owned();
            prop_oneof![
                6 => prop::collection::vec(near(&item), 0..4).prop_map(Value::from),
                1 => near(&item),
            ]
            .boxed()
        }
    };
    let null = if of.ends_with('!') { 1 } else { 5 };
    prop_oneof![40 => right, null => Just(Value::Null), 1 => anything()].boxed()
}

/// An object with these fields, some of which are missing, and seldom with one more.
fn object(fields: &[(&'static str, &str)]) -> BoxedStrategy<Value> {
    let field = |(name, of): &(&'static str, &str)| {
        let missing = if of.ends_with('!') { 0.03 } else { 0.5 };
        let name = *name;
        prop::option::weighted(1.0 - missing, near(of))
            .prop_map(move |value| value.map(|value| (name.to_owned(), value)))
            .boxed()
    };
    let known: Vec<_> = fields.iter().map(field).collect();
    let more = prop::option::weighted(0.03, anything());
    let all = (known, more).prop_map(|(known, more)| {
        let mut object: Map<String, Value> = known.into_iter().flatten().collect();
        object.extend(more.map(|value| ("more".to_owned(), value)));
        Value::Object(object)
    });
    all.boxed()
}

/// One of the documents, and variables for it.
fn request() -> impl Strategy<Value = (usize, Value)> {
    let numbered = DOCUMENTS.iter().zip(0..);
    let each = numbered.map(|((_text, variables), number)| {
        object(variables).prop_map(move |variables| (number, variables)).boxed()
    });
    prop::strategy::Union::new(each)
}

/// The answer to a request, as JSON, and how far it came.
async fn answer(schema: &Schema, text: &str, variables: Value) -> (Value, Stage) {
    let options = ExecuteOptions {
        caller: Caller::anonymous(),
        request_id: "test".to_owned(),
        allow_mutations: true,
        read_tokens: ReadTokens::default(),
        answer_by: None,
    };
    let request = Request::new(text).variables(Variables::from_json(variables));
    let executed = graphql::execute(schema, request, options).await;
    let mut response = serde_json::to_value(&executed.response).unwrap();
    for error in response["errors"].as_array_mut().into_iter().flatten() {
        error["message"] = Value::from(one_of_several(error["message"].as_str().unwrap()));
    }
    (response, executed.stage)
}

/// A message without the name of an unknown field: of several the library tells whichever a hash
/// set answers first, in both ways alike.
fn one_of_several(message: &str) -> String {
    const UNKNOWN: &str = "unknown field \"";
    match message.split_once(UNKNOWN) {
        Some((before, after)) => {
            let after = after.split_once('"').map_or("", |(_name, after)| after);
            format!("{before}{UNKNOWN}\"{after}")
        }
        None => message.to_owned(),
    }
}

#[test]
fn variables_at_random_are_judged_alike() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (database, with, without) = runtime.block_on(async {
        let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
        let connected = database.connect().await;
        let ledger = ledger::start_over(connected.clone());
        for sku_id in 1..=3 {
            let create = ledger::create(&format!("create {sku_id}"), sku_id, 1_000);
            ledger::done(ledger.submit(create).await.unwrap());
        }
        let schema = |settings| {
            graphql::build_schema(
                Store::new(connected.clone(), StockCache::none()),
                ledger.clone(),
                settings,
                GraphqlMetrics::default(),
            )
        };
        let none = SchemaSettings { document_cache_bytes: 0, ..SchemaSettings::default() };
        (database, schema(SchemaSettings::default()), schema(none))
    });
    let (executed, refused) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config { cases: 1_500, ..Config::default() });
    let result = runner.run(&request(), |(number, variables)| {
        let (text, _variables) = DOCUMENTS[number];
        let expected = runtime.block_on(answer(&without, text, variables.clone()));
        let count = if expected.1 == Stage::Executed { &executed } else { &refused };
        count.set(count.get() + 1);
        prop_assert_eq!(runtime.block_on(answer(&with, text, variables)), expected);
        Ok(())
    });
    result.unwrap();
    // Only if both are frequent has anything been shown.
    let (executed, refused) = (executed.get(), refused.get());
    assert!(executed > 300 && refused > 300, "{executed} executed, {refused} refused");
    runtime.block_on(database.audit());
}
