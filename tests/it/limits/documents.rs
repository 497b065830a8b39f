//! What a document may have of each thing that it is made of.

use serde_json::{Value, json};

use super::{post, refused, server};
use crate::support::TestServer;

const ID: &str = "inventory(skuId: 1001) { skuId }";

/// A document that has this many of something.
type Spell = fn(usize) -> String;

/// `count` pieces, each with its number.
fn each(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

fn long(bytes: usize) -> String {
    let text = format!("{{ {ID} }} #");
    format!("{text}{}", "-".repeat(bytes - text.len()))
}

fn deep(levels: usize) -> String {
    let deeper = "deduction { ".repeat(levels - 2);
    format!("{{ inventoryFlow(id: 1) {{ {deeper} id {} }} }}", "} ".repeat(levels - 2))
}

/// The levels and selections of a fragment count where it is spread.
fn selections(count: usize) -> String {
    // A field, its argument and two spreads are four; what is left, in two halves.
    let half = "skuId ".repeat((count - 4) / 2);
    let odd = "skuId ".repeat((count - 4) % 2);
    format!(
        "{{ inventory(skuId: 1001) {{ ...F ...F {odd} }} }} fragment F on Inventory {{ {half} }}"
    )
}

fn fragments(count: usize) -> String {
    let spreads = each(count, |place| format!("...F{place} "));
    let defined = each(count, |place| format!(" fragment F{place} on Inventory {{ skuId }}"));
    format!("{{ inventory(skuId: 1001) {{ {spreads} }} }} {defined}")
}

fn variables(count: usize) -> String {
    let declared = each(count, |place| format!("$v{place}: ID = 1 "));
    let used = each(count, |place| format!("$v{place} "));
    format!("query({declared}) {{ inventories(where: {{ skuId: [{used}] }}) {{ totalCount }} }}")
}

fn aliases(count: usize) -> String {
    // One of them is in a fragment that is spread twice.
    let others = each(count - 2, |place| format!("a{place}: skuId "));
    format!(
        "{{ inventory(skuId: 1001) {{ ...F ...F {others} }} }} fragment F on Inventory {{ b: skuId }}"
    )
}

fn root_fields(count: usize) -> String {
    let others = "__typename ".repeat(count - 2);
    format!("{{ ...F ...F {others} }} fragment F on Query {{ {ID} }}")
}

fn directives(count: usize) -> String {
    let others = "skuId @include(if: true) ".repeat(count - 2);
    format!(
        "{{ inventory(skuId: 1001) {{ ...F ...F {others} }} }} \
         fragment F on Inventory {{ skuId @skip(if: false) }}"
    )
}

/// Each limit with its setting, a bound that is tried, the code, and whether the figure is told.
const LIMITS: [(&str, usize, Spell, &str, bool); 8] = [
    ("document_bytes_max", 2_000, long, "QUERY_TOO_LONG", true),
    ("depth_max", 12, deep, "QUERY_TOO_DEEP", false),
    ("selections_max", 41, selections, "QUERY_TOO_COMPLEX", true),
    ("fragments_max", 9, fragments, "QUERY_TOO_COMPLEX", true),
    ("variables_max", 9, variables, "QUERY_TOO_COMPLEX", true),
    ("aliases_max", 9, aliases, "QUERY_TOO_COMPLEX", true),
    ("root_fields_max", 9, root_fields, "QUERY_TOO_COMPLEX", true),
    ("directives_max", 9, directives, "QUERY_TOO_COMPLEX", true),
];

/// A document with this many of what is limited is answered, and one with one more refused with the
/// limit, and the figure where that is known.
async fn holds(server: &TestServer, limit: usize, spell: Spell, code: &str, figure: bool) {
    for (count, expected) in [(limit - 1, ""), (limit, ""), (limit + 1, code)] {
        let answered = post(server, &json!({ "query": spell(count) })).await;
        assert_eq!(refused(&answered), expected, "{count}: {}", answered.1.0);
        if expected.is_empty() {
            continue;
        }
        let actual = if figure { json!(count) } else { Value::Null };
        let answer = answered.1;
        assert_eq!(*answer.at("/errors/0/extensions/limit"), limit, "{}", answer.0);
        assert_eq!(*answer.at("/errors/0/extensions/actual"), actual, "{}", answer.0);
        let message = answer.at("/errors/0/message").as_str().unwrap();
        assert!(message.contains(&limit.to_string()), "{message}");
        assert!(!figure || message.contains(&count.to_string()), "{message}");
    }
}

#[tokio::test]
async fn each_limit_holds_where_it_is_set() {
    for (setting, limit, spell, code, figure) in LIMITS {
        let (_database, server) = server(&[(setting, &limit.to_string())]).await;
        holds(&server, limit, spell, code, figure).await;
    }
}

#[tokio::test]
async fn each_limit_holds_as_it_is_by_default() {
    let (database, server) = server(&[]).await;
    let defaults = [65_536, 25, 5_000, 200, 250, 100, 50, 50];
    for ((_setting, _limit, spell, code, figure), limit) in LIMITS.into_iter().zip(defaults) {
        holds(&server, limit, spell, code, figure).await;
    }
    database.audit().await;
}

/// Brackets in an argument have a limit of their own, because the parser goes down there by
/// recursion: some ten thousand of them ended the process.
#[tokio::test]
async fn values_within_values_go_as_deep_as_brackets_may() {
    let (database, server) = server(&[]).await;
    let listed = |levels: usize| {
        // The selection and the arguments are two of them.
        let (open, close) = ("[".repeat(levels - 2), "]".repeat(levels - 2));
        format!("{{ inventoryFlow(id: {open}{close}) {{ id }} }}")
    };
    for (levels, expected) in [
        (63, "GRAPHQL_VALIDATION_FAILED"),
        (64, "GRAPHQL_VALIDATION_FAILED"),
        (65, "QUERY_TOO_DEEP"),
        (30_000, "QUERY_TOO_DEEP"),
    ] {
        let answered = post(&server, &json!({ "query": listed(levels) })).await;
        assert_eq!(refused(&answered), expected, "{levels}: {}", answered.1.0);
    }
    for query in ["{", "[", "(", "query($v: ["].map(|open| open.repeat(60_000 / open.len())) {
        let answered = post(&server, &json!({ "query": query })).await;
        assert_eq!(refused(&answered), "QUERY_TOO_DEEP", "{}", answered.1.0);
    }
    database.audit().await;
}

#[tokio::test]
async fn the_name_of_an_operation_has_an_end() {
    let (_database, server) = server(&[]).await;
    let named = async |chars: usize| {
        let name = "N".repeat(chars);
        let query = format!("query {name} {{ {ID} }}");
        post(&server, &json!({ "query": query, "operationName": name })).await
    };
    for (chars, expected) in [(255, ""), (256, ""), (257, "BAD_USER_INPUT")] {
        let answered = named(chars).await;
        assert_eq!(refused(&answered), expected, "{chars}: {}", answered.1.0);
        assert!(answered.1.0.to_string().len() < 1_000, "{}", answered.1.0);
    }
}

#[tokio::test]
async fn a_few_dozen_changes_in_one_request_are_carried_out() {
    let (database, server) = server(&[]).await;
    let changes = each(50, |place| {
        format!(
            "d{place}: inventoryReplenish(input: {{ skuId: 1001, quantity: 1, idempotencyKey: \
             \"k{place}\" }}) {{ flow {{ id }} userErrors {{ code }} }} "
        )
    });
    let answered = post(&server, &json!({ "query": format!("mutation {{ {changes} }}") })).await;
    assert_eq!(refused(&answered), "", "{}", answered.1.0);
    assert_eq!(server.left(1001).await, 60);
    database.audit().await;
}
