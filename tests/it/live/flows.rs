//! Entries are told as they are written, to those who may see them.

use serde_json::json;
use stockflow::auth::Scope;
use stockflow::domain::request::CreateRequest;
use stockflow::domain::{Command, MerchantId};

use super::{AFTER, ALL, Shop, after, caller, done, everybody, id};
use crate::support::{TestDatabase, ledger, on_each_database};

async fn what_is_written_from_now_on_is_told_in_order(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    shop.submit(ledger::create("c", 1, 100)).await;
    let mut told = shop.subscribe(ALL, json!({})).await;
    let mut others = shop.subscribe(ALL, json!({})).await;
    for number in 0..20 {
        let flow = shop.submit(ledger::deduct(&format!("d{number}"), 1, 1)).await;
        let event = told.next().await;
        assert_eq!(id(&event), flow.id.0);
        assert_eq!(event["node"]["sequence"], flow.sequence.to_string());
        assert_eq!(others.id().await, flow.id.0);
    }
    assert_eq!(told.now(), None);
    assert_eq!(shop.metric("listeners{to=\"flows\"}"), 2);
    drop((told, others));
    assert_eq!(shop.metric("listeners{to=\"flows\"}"), 0);
}

async fn whoever_comes_again_with_the_last_cursor_misses_nothing(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let mut all = vec![shop.submit(ledger::create("c", 1, 100)).await.id.0];
    let mut told = shop.subscribe(ALL, json!({})).await;
    all.push(shop.submit(ledger::deduct("d0", 1, 1)).await.id.0);
    let mut last = told.next().await;
    for round in 1..4 {
        drop(told);
        for number in 0..5 {
            let deduct = ledger::deduct(&format!("d{round}-{number}"), 1, 1);
            all.push(shop.submit(deduct).await.id.0);
        }
        told = shop.subscribe(AFTER, after(&last["cursor"])).await;
        for expected in &all[all.len() - 5..] {
            last = told.next().await;
            assert_eq!(id(&last), *expected);
        }
    }
    // A cursor of the list is one as well.
    let question = "{ inventoryFlows(first: 1, orderBy: OLDEST_FIRST) { edges { cursor } } }";
    let cursor = match shop.begin(&everybody(), question, json!({})).await {
        stockflow::graphql::Begun::Answered(executed) => {
            let response = serde_json::to_value(&executed.response).unwrap();
            response["data"]["inventoryFlows"]["edges"][0]["cursor"].clone()
        }
        stockflow::graphql::Begun::Live(_) => panic!("a question is answered once"),
    };
    let mut told = shop.subscribe(AFTER, after(&cursor)).await;
    assert_eq!(told.ids(all.len() - 1).await, all[1..]);
}

async fn another_server_s_entries_are_told_too(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let other = ledger::start(database).await;
    let mut told = shop.subscribe(ALL, json!({})).await;
    let mut expected = vec![done(&other, ledger::create("c", 1, 100)).await.id.0];
    for number in 0..10 {
        let deduct = ledger::deduct(&format!("d{number}"), 1, 1);
        let ledger = if number % 2 == 0 { &other } else { &shop.ledger };
        expected.push(done(ledger, deduct).await.id.0);
    }
    assert_eq!(told.ids(11).await, expected);
}

async fn what_is_nested_is_as_new_as_the_event(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    shop.submit(ledger::create("c", 1, 100)).await;
    let query = "subscription { inventoryFlowAppended { node { sequence quantityAfter \
                 inventory { version leavedAmount } } } }";
    let mut told = shop.subscribe(query, json!({})).await;
    for number in 0..10 {
        shop.submit(ledger::deduct(&format!("d{number}"), 1, 1)).await;
        let node = told.next().await["node"].clone();
        let number = |value: &serde_json::Value| value.as_str().unwrap().parse::<i64>().unwrap();
        assert!(number(&node["inventory"]["version"]) >= number(&node["sequence"]), "{node}");
    }
}

fn create_for(merchant_id: i64, sku_id: i64) -> Command {
    let request = CreateRequest {
        sku_id: sku_id.to_string(),
        merchant_id: None,
        merchant_by_default: Some(MerchantId(merchant_id)),
        quantity: 10,
    };
    Command::create(ledger::envelope(&format!("create {sku_id}")), &request).unwrap()
}

async fn a_merchant_is_told_of_their_own_alone(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let own = caller(Some(7), &[Scope::AuditRead]);
    let mut told = shop.subscribe_as(&own, ALL, json!({})).await;
    let filter = json!({ "where": { "merchantId": "8" } });
    let mut of_other = shop.subscribe_as(&own, AFTER, filter).await;
    let filter = json!({ "where": { "skuId": ["2"] } });
    let mut of_others_sku = shop.subscribe_as(&own, AFTER, filter).await;
    shop.submit(create_for(8, 2)).await;
    let flow = shop.submit(create_for(7, 1)).await;
    assert_eq!(told.id().await, flow.id.0);
    shop.looks().await;
    assert_eq!((told.now(), of_other.now(), of_others_sku.now()), (None, None, None));
}

on_each_database!(
    what_is_written_from_now_on_is_told_in_order,
    whoever_comes_again_with_the_last_cursor_misses_nothing,
    another_server_s_entries_are_told_too,
    what_is_nested_is_as_new_as_the_event,
    a_merchant_is_told_of_their_own_alone,
);
