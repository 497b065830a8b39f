//! Stocktakes: shelves are counted while the shop sells, by several people, late and out of order; and
//! the books become what the shelves are, once.

mod large;
mod model;
mod plan;
mod races;
mod rules;
mod session;
mod trouble;

use serde_json::{Value, json};
use stockflow::auth::Caller;

use crate::access::shop::Shop;
use crate::support::codes;

/// What is asked of a count.
pub const COUNT: &str = "id status revision startedBy closedBy summary { skuCount countedCount \
                         missingCount varianceCount unitsOver unitsShort varianceUnits staleCount } \
                         lines(first: 200) { totalCount nodes { skuId version observationCount \
                         quantity countedVersion quantityExpected variance quantityMoved \
                         quantityAfter flowId } }";

/// Carries a change of a count out, refused or not, and answers its payload.
pub async fn change(shop: &Shop, caller: &Caller, mutation: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let observations = if mutation == "inventoryCountRecord" {
        "observations { id skuId quantity version actor idempotencyKey countedAt recordedAt }"
    } else {
        ""
    };
    let query = format!(
        "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ count {{ {COUNT} }} \
         {observations} replayed \
         userErrors {{ code message field skuId requested available }} }} }}"
    );
    let answer = shop.ask(caller, &query, json!({ "input": input })).await;
    assert!(answer.0.get("errors").is_none_or(Value::is_null), "{}", answer.0);
    answer.at(&format!("/data/{mutation}")).clone()
}

/// The same of one that is not refused.
pub async fn changed(shop: &Shop, caller: &Caller, mutation: &str, input: Value) -> Value {
    let payload = change(shop, caller, mutation, input).await;
    assert_eq!(codes(&payload), [""; 0], "{payload}");
    payload
}

/// Starts a count of SKUs, and answers its id.
pub async fn start(shop: &Shop, caller: &Caller, key: &str, sku_ids: &[i64]) -> String {
    let input = json!({ "skuIds": sku_ids, "idempotencyKey": key });
    let payload = changed(shop, caller, "inventoryCountStart", input).await;
    payload["count"]["id"].as_str().unwrap().to_owned()
}

/// What was counted of a SKU that was at this version.
pub fn line(key: &str, sku_id: i64, quantity: i32, version: i64) -> Value {
    json!({ "skuId": sku_id, "quantity": quantity, "version": version, "idempotencyKey": key })
}

/// Records observations, refused or not.
pub async fn record(shop: &Shop, caller: &Caller, count_id: &str, lines: &[Value]) -> Value {
    let input = json!({ "countId": count_id, "lines": lines });
    change(shop, caller, "inventoryCountRecord", input).await
}

/// Completes a count, refused or not.
pub async fn complete(shop: &Shop, caller: &Caller, count_id: &str) -> Value {
    change(shop, caller, "inventoryCountComplete", json!({ "countId": count_id })).await
}

/// A count as it is.
pub async fn count(shop: &Shop, caller: &Caller, count_id: &str) -> Value {
    let query = format!("query($id: ID!) {{ inventoryCount(id: $id) {{ {COUNT} }} }}");
    shop.ask(caller, &query, json!({ "id": count_id })).await.field().clone()
}

/// A SKU's amount and version, from the primary.
pub async fn stock(shop: &Shop, caller: &Caller, sku_id: i64) -> (i32, i64) {
    let query = "query($id: ID!) { inventory(skuId: $id, consistency: PRIMARY) \
                 { leavedAmount version } }";
    let answer = shop.ask(caller, query, json!({ "id": sku_id })).await;
    let stock = answer.field();
    let amount = stock["leavedAmount"].as_i64().unwrap();
    (amount.try_into().unwrap(), stock["version"].as_str().unwrap().parse().unwrap())
}

/// Puts a SKU of the caller's merchant on the books.
pub async fn create(shop: &Shop, caller: &Caller, sku_id: i64, quantity: i32) {
    let key = format!("create {sku_id}");
    let input = json!({ "skuId": sku_id, "quantity": quantity, "idempotencyKey": key });
    shop.mutate(caller, "inventoryCreate", input).await;
}

/// Sells units, and answers the deduction.
pub async fn sell(shop: &Shop, caller: &Caller, key: &str, sku_id: i64, quantity: i32) -> String {
    let input = json!({ "skuId": sku_id, "orderDetailId": key, "quantity": quantity,
                        "idempotencyKey": key });
    let payload = shop.mutate(caller, "inventoryDeduct", input).await;
    payload["flow"]["id"].as_str().unwrap().to_owned()
}
