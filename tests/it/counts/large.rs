//! As many SKUs as one count may have.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{change, changed, line, record};
use crate::access::shop::{Shop, trusted};
use crate::support::{TestDatabase, codes, ledger, on_each_database};

on_each_database!(five_thousand_skus_are_counted_and_no_more);

const SKUS: i64 = 5_000;

async fn five_thousand_skus_are_counted_and_no_more(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let anna = trusted("anna", Some(1));
    let books = ledger::start(database).await;
    let creations = (1..=SKUS + 1)
        .map(|sku_id| books.submit(ledger::create(&format!("create {sku_id}"), sku_id, 10)));
    for created in join_all(creations).await {
        ledger::done(created.unwrap());
    }
    let all = json!({ "idempotencyKey": "all" });
    let refused = change(&shop, &anna, "inventoryCountStart", all).await;
    assert_eq!(codes(&refused), ["TOO_MANY_LINES"]);
    let most = json!({ "toSkuId": SKUS, "idempotencyKey": "all" });
    let started = changed(&shop, &anna, "inventoryCountStart", most).await;
    let id = started["count"]["id"].as_str().unwrap();
    let skus: Vec<i64> = (1..=SKUS).collect();
    for portion in skus.chunks(250) {
        // One in ten has a unit less.
        let counted = |sku_id: i64| if sku_id % 10 == 0 { 9 } else { 10 };
        let lines: Vec<Value> = portion
            .iter()
            .map(|sku_id| line(&format!("{sku_id}"), *sku_id, counted(*sku_id), 1))
            .collect();
        let recorded = record(&shop, &anna, id, &lines).await;
        assert_eq!(codes(&recorded), [""; 0]);
    }
    let completed = changed(&shop, &anna, "inventoryCountComplete", json!({ "countId": id })).await;
    let summary = &completed["count"]["summary"];
    assert_eq!((&summary["countedCount"], &summary["unitsShort"]), (&json!(5_000), &json!("500")));
    let query = "{ inventoryFlows(where: { kind: [ADJUSTMENT] }) { totalCount } \
                 inventories(where: { leavedAmount: { max: 9 } }) { totalCount } }";
    let told = shop.ask(&anna, query, json!({})).await;
    assert_eq!(told.at("/data/inventoryFlows/totalCount"), "5000");
    assert_eq!(told.at("/data/inventories/totalCount"), "500");
}
