//! Many changes in one request: each line has an outcome of its own, or all of them have one.

mod each;
mod fairness;
mod faults;
mod killed;
mod large;
mod together;

use serde_json::{Value, json};

use crate::support::{Answer, Api};

const LINES: &str = "results { index outcome replayed flow { id skuId quantityTrade quantityAfter } \
                     userErrors { code message field skuId requested available } \
                     failure { code message retryable retryAfterMs } } userErrors { code field } \
                     writtenCount replayedCount refusedCount withheldCount failedCount";

/// A deduction as a line.
pub fn deduction(key: &str, sku_id: i64, quantity: i32) -> Value {
    json!({ "skuId": sku_id.to_string(), "orderDetailId": format!("order {key}"),
            "quantity": quantity, "idempotencyKey": key })
}

/// A replenishment as a line.
fn replenishment(key: &str, sku_id: i64, quantity: i32) -> Value {
    json!({ "skuId": sku_id.to_string(), "quantity": quantity, "idempotencyKey": key })
}

/// What becomes of lines by a policy; the server may be gone, or answer an error.
async fn try_many(
    api: &Api,
    mutation: &str,
    lines: &[Value],
    policy: &str,
) -> reqwest::Result<Answer> {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {LINES} }} }}");
    let input = json!({ "lines": lines, "errorPolicy": policy });
    api.try_graphql(&query, json!({ "input": input })).await
}

/// Deducts lines by themselves.
pub async fn each(api: &Api, lines: &[Value]) -> Value {
    let answer = try_many(api, "inventoryDeductMany", lines, "REJECT_FAILED").await;
    answer.unwrap().field().clone()
}

/// Deducts all of the lines or none.
pub async fn together(api: &Api, lines: &[Value]) -> Value {
    let answer = try_many(api, "inventoryDeductMany", lines, "REJECT_ALL").await;
    answer.unwrap().field().clone()
}

/// What became of each line, in short.
pub fn outcomes(payload: &Value) -> Vec<&str> {
    let results = payload["results"].as_array().unwrap_or_else(|| panic!("{payload}"));
    for (index, result) in results.iter().enumerate() {
        assert_eq!(result["index"], index);
        let outcome = result["outcome"].as_str().unwrap();
        let is_done = ["WRITTEN", "REPLAYED"].contains(&outcome);
        assert_eq!(result["flow"].is_object(), is_done, "{result}");
        assert_eq!(result["replayed"], outcome == "REPLAYED", "{result}");
        assert_eq!(result["failure"].is_object(), outcome == "FAILED", "{result}");
        assert_eq!(result["userErrors"] != json!([]), outcome == "REFUSED", "{result}");
    }
    let outcomes: Vec<&str> =
        results.iter().map(|result| result["outcome"].as_str().unwrap()).collect();
    for (name, outcome) in [
        ("writtenCount", "WRITTEN"),
        ("replayedCount", "REPLAYED"),
        ("refusedCount", "REFUSED"),
        ("withheldCount", "WITHHELD"),
        ("failedCount", "FAILED"),
    ] {
        assert_eq!(payload[name], outcomes.iter().filter(|one| **one == outcome).count());
    }
    outcomes
}

/// The code and the path of the only user error of a line.
fn refusal(payload: &Value, line: usize) -> (&str, String) {
    let errors = payload["results"][line]["userErrors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{errors:?}");
    let path = errors[0]["field"].as_array().unwrap();
    let path: Vec<&str> = path.iter().map(|part| part.as_str().unwrap()).collect();
    (errors[0]["code"].as_str().unwrap(), path.join("."))
}
