//! What becomes of a subscription before anything is told.

use async_graphql::Request;
use serde_json::{Value, json};
use stockflow::auth::{Caller, Scope};
use stockflow::graphql::{self, Begun, ExecuteOptions, ReadTokens, Stage};
use stockflow::live::LiveSettings;

use super::{AFTER, ALL, STOCKS, Shop, caller, everybody};
use crate::support::{Kind, TestDatabase, ledger};

async fn shop() -> (TestDatabase, Shop) {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let shop = Shop::over(&database).await;
    shop.submit(ledger::create("c", 1, 100)).await;
    (database, shop)
}

fn code(error: &Value) -> &str {
    error["extensions"]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn it_is_refused_with_the_code_of_what_is_wrong() {
    let (_database, shop) = shop().await;
    let many: Vec<String> = (1..=201).map(|id| id.to_string()).collect();
    let everybody = everybody();
    for (query, variables, expected) in [
        ("subscription { inventoryFlowAppended { cursor ", json!({}), "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { inventoryFlowAppended }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { __typename }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        (
            "subscription { a: inventoryFlowAppended { cursor } b: inventoryFlowAppended { cursor } }",
            json!({}),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "subscription($no: Boolean!) { inventoryFlowAppended @skip(if: $no) { cursor } }",
            json!({ "no": false }),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (STOCKS, json!({}), "BAD_USER_INPUT"),
        (STOCKS, json!({ "ids": [] }), "INVALID_ARGUMENT"),
        (STOCKS, json!({ "ids": many }), "INVALID_ARGUMENT"),
        (STOCKS, json!({ "ids": ["x"] }), "INVALID_ARGUMENT"),
        (STOCKS, json!({ "ids": { "a": 1 } }), "BAD_USER_INPUT"),
        (AFTER, json!({ "after": "?" }), "INVALID_ARGUMENT"),
        (AFTER, json!({ "after": "x".repeat(10_000) }), "INVALID_ARGUMENT"),
        (AFTER, json!({ "where": { "actor": ["x".repeat(10_000)] } }), "INVALID_ARGUMENT"),
        (AFTER, json!({ "after": "x".repeat(65_536) }), "QUERY_TOO_LONG"),
        (AFTER, json!({ "where": { "actor": ["x".repeat(65_536)] } }), "QUERY_TOO_LONG"),
        (AFTER, json!({ "where": { "x".repeat(65_536): 1 } }), "QUERY_TOO_LONG"),
        (STOCKS, json!({ "ids": vec![""; 12_000] }), "QUERY_TOO_COMPLEX"),
        (STOCKS, json!({ "ids": vec![""; 6_000] }), "INVALID_ARGUMENT"),
        (AFTER, json!({ "where": { "idempotencyKey": "a\u{0}b" } }), "INVALID_ARGUMENT"),
        (
            AFTER,
            json!({ "where": { "quantityTrade": { "min": 2, "max": 1 } } }),
            "INVALID_ARGUMENT",
        ),
    ] {
        let error = shop.refused(&everybody, query, variables).await;
        assert_eq!(code(&error), expected, "{query}: {error}");
        assert_eq!(error["extensions"]["requestId"], "test");
    }
    assert_eq!(shop.metric("listeners{to=\"flows\"}"), 0);
    assert_eq!(shop.metric("listeners{to=\"stocks\"}"), 0);
}

#[tokio::test]
async fn who_lacks_the_scope_is_refused() {
    let (_database, shop) = shop().await;
    let error = shop.refused(&caller(None, &[Scope::StockRead]), ALL, json!({})).await;
    assert_eq!(
        (code(&error), &error["extensions"]["scopes"]),
        ("FORBIDDEN", &json!(["audit:read"]))
    );
    let ids = json!({ "ids": ["1"] });
    let error = shop.refused(&caller(None, &[Scope::AuditRead]), STOCKS, ids).await;
    assert_eq!(
        (code(&error), &error["extensions"]["scopes"]),
        ("FORBIDDEN", &json!(["stock:read"]))
    );
}

#[tokio::test]
async fn so_many_may_listen_on_the_server_and_of_one_caller() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let settings = LiveSettings {
        subscriptions_max: 4,
        subscriptions_per_caller_max: 2,
        ..LiveSettings::default()
    };
    let shop = Shop::with(database.connect().await, settings);
    shop.submit(ledger::create("c", 1, 100)).await;
    let (one, other) = (everybody(), caller(Some(7), &[Scope::AuditRead, Scope::StockRead]));
    let ids = || json!({ "ids": ["1"] });
    let busy = async |caller: &Caller| {
        for (query, variables) in [(ALL, json!({})), (STOCKS, ids())] {
            let error = shop.refused(caller, query, variables).await;
            assert_eq!(code(&error), "BUSY", "{error}");
            assert_eq!(error["extensions"]["retryable"], true, "{error}");
        }
    };
    let mut flows = shop.subscribe_as(&one, ALL, json!({})).await;
    let stocks = shop.subscribe_as(&one, STOCKS, ids()).await;
    busy(&one).await;
    let _of_other = shop.subscribe_as(&other, ALL, json!({})).await;
    drop(stocks);
    let _again = shop.subscribe_as(&one, ALL, json!({})).await;
    // Everybody together is not bounded as one is, but as all are.
    let anonymous = Caller::anonymous();
    let _anonymous = shop.subscribe_as(&anonymous, ALL, json!({})).await;
    busy(&anonymous).await;
    busy(&other).await;
    let flow = shop.submit(ledger::deduct("d", 1, 1)).await;
    assert_eq!(flows.id().await, flow.id.0);
}

#[tokio::test]
async fn an_event_that_cannot_be_answered_is_the_last() {
    let (_database, shop) = shop().await;
    let query = "subscription { inventoryFlowAppended { node { inventory { skuId } } } }";
    let lacking = caller(None, &[Scope::AuditRead]);
    let begun = shop.begin(&lacking, query, json!({})).await;
    let Begun::Live(answers) = begun else { panic!("{begun:?}") };
    let mut told = super::Told(answers);
    shop.submit(ledger::deduct("d", 1, 1)).await;
    let last = told.answer().await.expect("an answer");
    assert_eq!((last.stage, last.outcome), (Stage::RequestError, "FORBIDDEN"));
    assert!(told.answer().await.is_none());
}

#[tokio::test]
async fn however_the_one_field_is_written_it_is_told_once() {
    let (_database, shop) = shop().await;
    let queries = [
        "subscription S { ...F } fragment F on Subscription { inventoryFlowAppended { cursor node { id } } }",
        "subscription { x: inventoryFlowAppended { cursor } x: inventoryFlowAppended { node { id } } }",
        "subscription($a: String) { ... on Subscription \
         { inventoryFlowAppended(after: $a) { node { id } ...E } } } \
         fragment E on InventoryFlowEdge { cursor node { skuId @skip(if: true) } }",
    ];
    let mut all = Vec::new();
    // The second time the document is known.
    for query in queries.into_iter().chain(queries) {
        all.push(shop.subscribe(query, json!({})).await);
    }
    let flow = shop.submit(ledger::deduct("d", 1, 1)).await;
    for told in &mut all {
        assert_eq!(told.id().await, flow.id.0);
    }
    shop.looks().await;
    for told in &mut all {
        assert_eq!(told.now(), None);
    }
}

#[tokio::test]
async fn what_is_no_subscription_is_answered_and_a_subscription_is_not_by_http() {
    let (_database, shop) = shop().await;
    let begun =
        shop.begin(&everybody(), "{ inventory(skuId: 1) { leavedAmount } }", json!({})).await;
    let Begun::Answered(answered) = begun else { panic!("{begun:?}") };
    assert_eq!((answered.stage, answered.outcome), (Stage::Executed, "ok"));

    let options = ExecuteOptions {
        caller: everybody(),
        request_id: "test".to_owned(),
        allow_mutations: true,
        read_tokens: ReadTokens::default(),
        answer_by: None,
    };
    let answered = graphql::execute(&shop.schema, Request::new(ALL), options).await;
    assert_eq!((answered.stage, answered.outcome), (Stage::RequestError, "SUBSCRIPTION_OVER_HTTP"));
}
