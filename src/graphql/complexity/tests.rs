//! What documents could answer, and that it does not matter how they are spelled.

use std::sync::LazyLock;

use async_graphql::parser::parse_query;
use async_graphql::{Value, Variables, value};
use proptest::prelude::*;

use super::*;
use crate::graphql::generated;
use crate::graphql::read::operation;

static TYPES: LazyLock<Types> = LazyLock::new(|| Types::read(&crate::graphql::sdl()));

fn value_with(query: &str, variables: Value) -> u64 {
    let document = parse_query(query).unwrap();
    let operation = operation(&document, None).unwrap();
    let complexity = Complexity::of(&TYPES, &document, &operation.node);
    complexity.value(&Variables::from_value(variables))
}

fn values<const N: usize>(query: &str, expected: [(Value, u64); N]) {
    for (variables, expected) in expected {
        assert_eq!(value_with(query, variables.clone()), expected, "{query}: {variables}");
    }
}

#[test]
fn every_field_counts() {
    let none = || value!({});
    values("{ __typename }", [(none(), 1)]);
    values("{ inventory(skuId: 1) { skuId version } }", [(none(), 3)]);
    values("{ a: inventory(skuId: 1) { skuId } b: inventory(skuId: 2) { skuId } }", [(none(), 4)]);
    values("{ inventory(skuId: 1) { skuId @include(if: false) } }", [(none(), 2)]);
    values("{ unknown { more } }", [(none(), 2)]);
    values("mutation { inventoryDeduct(input: {}) { flow { id } } }", [(none(), 3)]);
    let refused = "mutation { inventoryDeduct(input: {}) { userErrors { code } } }";
    values(refused, [(none(), 2 + 4 * 2)]);
    values("subscription { inventory }", [(none(), 1)]);
}

#[test]
fn a_page_counts_by_its_length() {
    let page = |length: u64| 1 + LIST + 1 + length * (1 + 2);
    let none = || value!({});
    values("{ inventories { nodes { skuId version } } }", [(none(), page(50))]);
    values("{ inventories(first: 7) { nodes { skuId version } } }", [(none(), page(7))]);
    values("{ inventories(last: 7) { nodes { skuId version } } }", [(none(), page(7))]);
    values("{ inventories(first: null) { nodes { skuId version } } }", [(none(), page(50))]);
    // What is out of bounds is refused in words of its own.
    values("{ inventories(first: 1000) { nodes { skuId version } } }", [(none(), page(200))]);
    values("{ inventories(first: -1) { nodes { skuId version } } }", [(none(), page(0))]);
    values("{ inventories(first: 3, last: 5) { nodes { skuId version } } }", [(none(), page(5))]);
    values("{ inventories(first: 0) { edges { node { skuId } } } }", [(none(), page(0))]);
    values(
        "query($n: Int, $m: Int = 9) { inventories(first: $n, last: $m) { nodes { skuId version } } }",
        [
            (value!({ "n": 20 }), page(20)),
            (value!({}), page(9)),
            (value!({ "m": null }), page(50)),
            (value!({ "n": 1, "m": 2 }), page(2)),
            (value!({ "n": "20" }), page(9)),
            (value!({ "n": 4_000_000_000_u32 }), page(200)),
        ],
    );
}

#[test]
fn pages_within_pages_multiply() {
    let query = "query($n: Int, $m: Int) { inventories(first: $n) { nodes { skuId flows(first: $m) \
                 { totalCount nodes { id } } } } }";
    // Of each SKU: itself, its id and its flows; the share of a statement, the entries that are read,
    // the count; and two values for each entry, itself and its id.
    let of = |n: u64, m: u64| {
        let flows = 1 + PAGE_OF_SKU + m + COUNT_OF_SKU + 1 + 1 + m * 2;
        1 + LIST + 1 + n * (2 + flows)
    };
    values(
        query,
        [
            (value!({ "n": 10, "m": 20 }), of(10, 20)),
            (value!({}), of(50, 50)),
            (value!({ "n": 200, "m": 200 }), of(200, 200)),
        ],
    );
    let lists = "{ inventoryFlows(first: 10) { nodes { refunds { id } } totalCount } }";
    values(lists, [(value!({}), 1 + LIST + 1 + 10 * (2 + 4 * 2) + 1 + COUNT)]);
}

#[test]
fn a_cart_counts_by_its_lines() {
    let payload = "{ flows { id skuId } userErrors { code } }";
    // What is given is copied: the field of the input, and each line.
    let of = |lines: u64, given: u64| 1 + LIST + 2 + lines * (3 + 2) + given;
    let lines = |count: usize| Value::List(vec![value!({}); count]);
    values(
        &format!(
            "mutation($lines: [X!]!) {{ inventoryDeductBatch(input: {{ lines: $lines }}) {payload} }}"
        ),
        [
            (value!({ "lines": (lines(3)) }), of(3, 4)),
            (value!({ "lines": {} }), of(1, 1)),
            (value!({ "lines": (lines(300)) }), of(250, 301)),
            (value!({}), of(0, 1)),
        ],
    );
    values(
        &format!("mutation($input: X!) {{ inventoryRefundBatch(input: $input) {payload} }}"),
        [
            (value!({ "input": { "lines": (lines(3)) } }), of(3, 4)),
            (value!({ "input": 1 }), of(0, 0)),
            (value!({ "input": {} }), of(0, 0)),
        ],
    );
    let query =
        "query($line: X!) { inventoryAvailability(lines: [$line, {}]) { lines { skuId } } }";
    values(query, [(value!({}), 1 + LIST + 1 + 2 * 2 + 2)]);
}

#[test]
fn what_is_given_counts_for_each_time_that_its_field_is_resolved() {
    let skus = |count: usize| value!({ "skuId": (Value::List(vec![value!("1"); count])) });
    let query = |given: &str| {
        format!(
            "query($n: Int, $w: W = {{ skuId: [1, 2] }}) {{ inventories(first: $n) {{ nodes {{ \
             flows(first: 0, where: {given}) {{ __typename }} }} }} }}"
        )
    };
    let of = |n: u64, given: u64| 1 + LIST + 1 + n * (1 + PAGE_OF_SKU + 1 + 1 + given);
    values(
        &query("$w"),
        [
            (value!({ "n": 200, "w": (skus(250)) }), of(200, 251)),
            (value!({ "n": 200, "w": (skus(0)) }), of(200, 1)),
            (value!({ "n": 200, "w": null }), of(200, 0)),
            (value!({ "n": 200 }), of(200, 3)),
            // Nothing is resolved, but it is validated where it stands.
            (value!({ "n": 0, "w": (skus(250)) }), of(0, 0)),
            (value!({ "n": 0, "w": (skus(900)) }), 901),
        ],
    );
    values(&query("{ skuId: [1, 2, 3] }"), [(value!({ "n": 200 }), of(200, 4))]);
    values(&query("{ skuId: $undeclared }"), [(value!({ "n": 2, "undeclared": [1] }), of(2, 1))]);
    let text = format!("{{ inventory(skuId: \"{}\") {{ skuId }} }}", "1".repeat(1_280));
    values(&text, [(value!({}), 2 + 10)]);
}

#[test]
fn long_names_count_and_what_a_change_answers_with_is_taken_for_as_long_as_it_may_be() {
    let none = || value!({});
    let named =
        |bytes: usize| format!("{{ inventory(skuId: 1) {{ {}: skuId }} }}", "a".repeat(bytes));
    values(&named(31), [(none(), 2)]);
    values(&named(32), [(none(), 3)]);
    values(&named(64), [(none(), 4)]);
    let texts = "{ reason orderDetailId actor idempotencyKey }";
    let changed = format!("mutation {{ inventoryReplenish(input: {{}}) {{ flow {texts} }} }}");
    values(&changed, [(none(), 2 + 16 + 3 * 5)]);
    values(&format!("{{ inventoryFlow(id: 1) {texts} }}"), [(none(), 1 + 4)]);
}

#[test]
fn what_graphiql_asks_of_the_schema_is_bearable_and_types_of_types_of_types_are_not() {
    let of = "kind name ofType { ".repeat(9) + "kind name" + &" }".repeat(9);
    let types_of = |fields: &str| value_with(&format!("{{ __schema {{ {fields} }} }}"), value!({}));
    let input = format!("name description type {{ {of} }} defaultValue");
    let asked = types_of(&format!(
        "queryType {{ name }} types {{ kind name fields {{ name description args {{ {input} }} type \
         {{ {of} }} isDeprecated }} inputFields {{ {input} }} interfaces {{ {of} }} enumValues \
         {{ name description }} possibleTypes {{ {of} }} }} directives {{ name locations args {{ {input} }} }}"
    ));
    assert!((10_000..200_000).contains(&asked), "{asked}");
    let nested = "type { fields { name ".repeat(6) + &"} }".repeat(6);
    let nested = types_of(&format!("types {{ fields {{ {nested} }} }}"));
    assert!(nested > 10_000_000, "{nested}");
}

#[test]
fn however_much_it_is_it_has_an_end() {
    let pages =
        "flows(first: 200) { nodes { inventory { ".repeat(15) + "skuId" + &" } } }".repeat(15);
    let value = value_with(&format!("{{ inventory(skuId: 1) {{ {pages} }} }}"), value!({}));
    assert_eq!(value, u64::MAX);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_fragment_costs_what_it_would_if_it_were_written_out(parts in generated::selections()) {
        let (spread, written) = (generated::with_fragments(&parts), generated::written_out(&parts));
        prop_assert_eq!(value_with(&spread, value!({})), value_with(&written, value!({})));
    }

    #[test]
    fn whoever_asks_for_more_does_not_pay_less(parts in generated::selections(), more in generated::selections()) {
        let both = [parts.clone(), more].concat();
        let less = value_with(&generated::with_fragments(&parts), value!({}));
        let more = value_with(&generated::with_fragments(&both), value!({}));
        prop_assert!(more >= less);
    }

    #[test]
    fn a_longer_page_does_not_cost_less(parts in generated::selections(), n in 0..200_u32, m in 0..200_u32) {
        let written = generated::written_out(&parts);
        // Every page that has no length of its own gets that of the variable.
        let query = written.replace("inventories {", "inventories(first: $n) {").replace("flows {", "flows(last: $n) {");
        let of = |n: u32| value_with(&format!("query($n: Int) {query}"), value!({ "n": (n) }));
        prop_assert!(of(n.max(m)) >= of(n.min(m)));
        prop_assert_eq!(of(50), value_with(&written, value!({})));
    }
}
