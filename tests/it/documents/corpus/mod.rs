//! Requests, right and wrong in every way that a document and its variables can be.

mod variables;

use serde_json::{Value, json};

/// One request.
#[derive(Clone, Debug)]
pub struct Case {
    pub query: String,
    pub operation_name: Option<&'static str>,
    pub variables: Value,
    pub by_get: bool,
}

impl Case {
    pub fn new(query: impl Into<String>, variables: Value) -> Self {
        Self { query: query.into(), operation_name: None, variables, by_get: false }
    }

    fn named(self, name: &'static str) -> Self {
        Self { operation_name: Some(name), ..self }
    }

    fn by_get(self) -> Self {
        Self { by_get: true, ..self }
    }
}

/// All of them.
pub fn all() -> Vec<Case> {
    [without_variables(), variables::all(), operations(), fragments(), by_get()].concat()
}

/// One document with each of these variables.
fn each<const N: usize>(query: &str, variables: [Value; N]) -> Vec<Case> {
    variables.into_iter().map(|variables| Case::new(query, variables)).collect()
}

fn without_variables() -> Vec<Case> {
    let nested = |levels: usize| {
        let (open, close) = ("deduction { ".repeat(levels), "} ".repeat(levels));
        format!("{{ inventoryFlow(id: 1) {{ {open} id {close} }} }}")
    };
    let long = format!("{{ inventory(skuId: 1001) {{ skuId }} }} #{}", "-".repeat(20_000));
    let wide: String = (0..6_000).map(|place| format!("a{place}: __typename ")).collect();
    let queries = [
        "{ inventory(skuId: 1001) { skuId leavedAmount version } }",
        "{ inventory(skuId: 9999) { skuId } }",
        "{ inventory(skuId: \"none\") { skuId } }",
        "{ inventory(skuId: 1.5) { skuId } }",
        "{ inventory(skuId: null) { skuId } }",
        "{ inventory { skuId } }",
        "{ inventory(sku: 1001) { skuId } }",
        "{ inventory(skuId: 1001, skuId: 1002) { skuId } }",
        "{ inventory(skuId: 1001) { price } }",
        "{ inventory(skuId: 1001) }",
        "{ inventory(skuId: 1001) { skuId { id } } }",
        "{ inventory(skuId: 1001, consistency: NOW) { skuId } }",
        "{ a: inventory(skuId: 1001) { skuId } a: inventory(skuId: 1002) { skuId } }",
        "{ inventories(first: 2) { nodes { skuId flows(first: 1) { totalCount } } } }",
        "{ inventories(first: 1000) { totalCount } }",
        "{ inventories(first: 3000000000) { totalCount } }",
        "{ a: inventories(first: -1) { totalCount } b: inventories(first: 1) { totalCount } }",
        "{ __typename }",
        "{ __schema { queryType { name } types { name kind } } }",
        "{ __type(name: \"Inventory\") { name fields { name } } }",
        "subscription { inventory }",
        "{ ...F }",
        "fragment F on Query { __typename }",
        "query($id: ID!) { inventory(skuId: 1001) { skuId } }",
        "{ inventory(skuId: $id) { skuId } }",
        "query($id: Sku!) { inventory(skuId: $id) { skuId } }",
        "query($id: Inventory!) { inventory(skuId: $id) { skuId } }",
        "query($id: [ID!]!) { inventory(skuId: $id) { skuId } }",
        "{ inventory(skuId: 1001) @later { skuId } }",
        "query @later { inventory(skuId: 1001) { skuId } }",
        "query($id: ID! @later) { inventory(skuId: $id) { skuId } }",
        "{ inventory(skuId: 1001 { skuId } }",
        "{ inventory(skuId: 1001) { skuId } } }",
        "{ }",
        "",
        "query A { __typename } query A { __typename }",
        "{ __typename } query A { __typename }",
    ];
    let aliases: String = (0..101).map(|place| format!("a{place}: __typename ")).collect();
    let queries = queries.into_iter().map(ToOwned::to_owned);
    let long_or_wide = [long, format!("{{ {wide} }}"), format!("{{ {aliases} }}")];
    let queries = queries.chain([nested(3), nested(30), nested(100)]).chain(long_or_wide);
    queries.map(|query| Case::new(query, Value::Null)).collect()
}

fn operations() -> Vec<Case> {
    let several = "query Stock($id: ID!) { inventory(skuId: $id) { ...S } } \
                   query Pages($n: Int) { inventories(first: $n) { totalCount } } \
                   fragment S on Inventory { skuId flows(first: 1) { nodes { kind } } }";
    let shared = "query A($v: ID!) { inventory(skuId: $v) { skuId } } \
                  query B($v: Int!) { ...P } fragment P on Query { inventories(first: $v) \
                  { totalCount } }";
    let one = "query Only($id: ID!) { inventory(skuId: $id) { skuId } }";
    let change = "query Look { __typename } mutation Make($key: String!) { inventoryReplenish(input: \
                  { skuId: 1003, quantity: 1, idempotencyKey: $key }) { replayed userErrors { code } } }";
    let mut cases = Vec::new();
    for variables in [json!({ "id": 1001 }), json!({ "id": [] }), json!({ "n": "1" }), json!({})] {
        for name in ["Stock", "Pages", "stock", ""] {
            cases.push(Case::new(several, variables.clone()).named(name));
        }
        cases.push(Case::new(several, variables.clone()));
        cases.push(Case::new(one, variables.clone()));
        cases.push(Case::new(one, variables.clone()).named("Only"));
        cases.push(Case::new(one, variables).named("Other"));
    }
    // The library looks at the fragments of the other operation with the variables of this one.
    for variable in [json!("1001"), json!(1001), json!(1), json!(null)] {
        for name in ["A", "B"] {
            cases.push(Case::new(shared, json!({ "v": variable })).named(name));
        }
    }
    cases.push(Case::new("{ __typename }", Value::Null).named("Any"));
    for name in ["Look", "Make"] {
        for case in each(change, [json!({ "key": "made" }), json!({})]) {
            cases.push(case.clone().named(name));
            cases.push(case.named(name).by_get());
        }
    }
    cases
}

fn fragments() -> Vec<Case> {
    let spread = "query($id: ID!, $n: Int, $c: ReadConsistency!) { ...Top } \
                  fragment Top on Query { inventory(skuId: $id, consistency: $c) { ...Stock } } \
                  fragment Stock on Inventory { skuId flows(first: $n) { nodes { id } totalCount } }";
    let inline = "query($n: Int!) { ... on Query { inventories(first: 1) { nodes { ... on Inventory \
                  { ... { flows(first: $n) { totalCount } } } } } } }";
    let other = "query($n: Int!) { inventory(skuId: 1) { ... on Query { inventories(first: $n) \
                 { totalCount } } } }";
    let introspection = "query($name: String!) { __type(name: $name) { name fields { name } } }";
    let pages = "query($n: Int = 200, $m: Int) { inventories(first: $n) { nodes { flows(first: $m) \
                 { nodes { ...Entry } } } } } fragment Entry on InventoryFlow { id kind skuId reason \
                 actor sequence }";
    let failing = "query($n: Int!, $id: ID!) { a: inventories(first: $n) { totalCount } \
                   b: inventory(skuId: $id) { flows(last: $n) { totalCount } } }";
    [
        each(
            spread,
            [
                json!({ "id": 1001, "n": 1, "c": "PRIMARY" }),
                json!({ "id": 1001, "c": "CACHED" }),
                json!({ "id": 1001, "n": "1", "c": "CACHED" }),
                json!({ "id": {}, "n": 1, "c": "CACHED" }),
                json!({ "id": 1001, "n": 500, "c": "CACHED" }),
                json!({ "id": 1001, "n": 1, "c": "LATER" }),
            ],
        ),
        each(inline, [json!({ "n": 1 }), json!({ "n": true }), json!({ "n": -5 })]),
        each(other, [json!({ "n": 1 })]),
        each(
            introspection,
            [json!({ "name": "Inventory" }), json!({ "name": "None" }), json!({ "name": 1 })],
        ),
        each(
            pages,
            [
                json!({ "n": 1 }),
                json!({ "m": 2 }),
                json!({ "m": 200 }),
                json!({ "n": 100, "m": 200 }),
                json!({ "n": 1, "m": null }),
                json!({}),
                json!({ "n": "200", "m": 200 }),
            ],
        ),
        each(
            failing,
            [
                json!({ "n": 1, "id": 1001 }),
                json!({ "n": 1_000, "id": 1001 }),
                json!({ "n": 1, "id": "none" }),
                json!({ "n": 3_000_000_000_i64, "id": 1001 }),
            ],
        ),
    ]
    .concat()
}

fn by_get() -> Vec<Case> {
    let look = "query($id: ID!) { inventory(skuId: $id) { skuId } }";
    let make = "mutation($key: String!) { inventoryReplenish(input: { skuId: 1003, quantity: 1, \
                idempotencyKey: $key }) { userErrors { code } } }";
    let looks = each(look, [json!({ "id": 1001 }), json!({ "id": true }), json!({})]);
    let makes = each(make, [json!({ "key": "got" }), json!({ "key": 1 }), json!({})]);
    // The same by POST, so that the document is known when it is asked for by GET.
    let all = [looks, makes].concat().into_iter();
    all.flat_map(|case| [case.clone().by_get(), case]).collect()
}
