//! The amount as it was after any entry, and at any instant, against a list that the test keeps.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::access::shop::{Shop, trusted};
use crate::support::{Api, TestDatabase, TestServer, code, on_each_database};

on_each_database!(
    an_amount_is_what_it_was_after_each_entry_and_at_each_instant,
    a_list_is_cut_at_one_point_for_all_its_skus,
    a_point_that_is_none_is_told,
    another_merchants_entries_are_no_points,
);

const SKUS: [i64; 3] = [1, 2, 3];

/// What was on the books after an entry.
struct Moment {
    flow_id: String,
    at: String,
    amounts: Vec<(i64, i64)>,
}

/// A shop that sells, takes back and is replenished, and what it had after each step.
async fn history(server: &TestServer) -> Vec<Moment> {
    let mut moments = Vec::new();
    let mut amounts: Vec<(i64, i64)> = Vec::new();
    let mut deductions = Vec::new();
    for step in 0..24_i64 {
        let sku_id = SKUS[usize::try_from(step % 3).unwrap()];
        let key = format!("step {step}");
        let flow = match step {
            0..3 => {
                let input = json!({
                    "skuId": sku_id.to_string(),
                    "merchantId": "1",
                    "quantity": 20,
                    "idempotencyKey": key,
                });
                server.mutate("inventoryCreate", input).await["flow"].clone()
            }
            _ if step % 5 == 4 && !deductions.is_empty() => {
                let flow_id: Value = deductions.pop().unwrap();
                let input = json!({ "flowId": flow_id, "idempotencyKey": key });
                server.mutate("inventoryRefund", input).await["flow"].clone()
            }
            _ => {
                let input =
                    TestServer::deduction(&key, sku_id, 1 + i32::try_from(step % 2).unwrap());
                let flow = server.mutate("inventoryDeduct", input).await["flow"].clone();
                deductions.push(flow["id"].clone());
                flow
            }
        };
        let changed: i64 = flow["skuId"].as_str().unwrap().parse().unwrap();
        let after = flow["quantityAfter"].as_i64().unwrap();
        amounts.retain(|(sku_id, _amount)| *sku_id != changed);
        amounts.push((changed, after));
        amounts.sort_unstable();
        moments.push(Moment {
            flow_id: flow["id"].as_str().unwrap().to_owned(),
            at: flow["createdAt"].as_str().unwrap().to_owned(),
            amounts: amounts.clone(),
        });
    }
    moments
}

async fn amount(server: &Api, sku_id: i64, point: Value) -> Option<i64> {
    let query = "query($id: ID!, $at: DateTime, $flowId: ID) \
                 { inventory(skuId: $id) { asOf(at: $at, flowId: $flowId) { leavedAmount } } }";
    let mut variables = point;
    variables["id"] = json!(sku_id.to_string());
    let answer = server.graphql(query, variables).await;
    answer.field()["asOf"]["leavedAmount"].as_i64()
}

async fn an_amount_is_what_it_was_after_each_entry_and_at_each_instant(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    let moments = history(&server).await;
    for Moment { flow_id, at, amounts } in &moments {
        for sku_id in SKUS {
            let was = amounts.iter().find(|(of, _amount)| *of == sku_id).map(|(_of, was)| *was);
            assert_eq!(amount(&server, sku_id, json!({ "flowId": flow_id })).await, was);
            assert_eq!(amount(&server, sku_id, json!({ "at": at })).await, was, "{at}");
        }
    }
    let before = instant(&moments[0].at) - TimeDelta::microseconds(1);
    assert_eq!(amount(&server, 1, json!({ "at": spelled(before) })).await, None);
    // Between two entries nothing changes.
    let between = instant(&moments[5].at) - TimeDelta::microseconds(1);
    let was = moments[4].amounts.iter().find(|(of, _)| *of == 1).unwrap().1;
    assert_eq!(amount(&server, 1, json!({ "at": spelled(between) })).await, Some(was));
}

async fn a_list_is_cut_at_one_point_for_all_its_skus(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    let moments = history(&server).await;
    let query = "query($asOf: InventoryPointInput, $first: Int, $after: String) \
                 { inventories(asOf: $asOf, first: $first, after: $after) \
                 { totalCount nodes { skuId leavedAmount version } \
                   pageInfo { hasNextPage endCursor } } }";
    for (place, Moment { flow_id, at, amounts }) in moments.iter().enumerate() {
        for point in [json!({ "flowId": flow_id }), json!({ "at": at })] {
            let mut listed = Vec::new();
            let mut after = Value::Null;
            loop {
                let variables = json!({ "asOf": point, "first": 2, "after": after });
                let answer = server.graphql(query, variables).await;
                let page = answer.field();
                assert_eq!(page["totalCount"], json!(amounts.len().to_string()));
                for node in page["nodes"].as_array().unwrap() {
                    let sku_id: i64 = node["skuId"].as_str().unwrap().parse().unwrap();
                    listed.push((sku_id, node["leavedAmount"].as_i64().unwrap()));
                }
                if page["pageInfo"]["hasNextPage"] != true {
                    break;
                }
                after = page["pageInfo"]["endCursor"].clone();
            }
            assert_eq!(listed, *amounts, "at place {place}, {point}");
        }
    }
}

async fn a_point_that_is_none_is_told(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1, 10).await;
    let future = spelled(Utc::now() + TimeDelta::hours(1));
    for (arguments, field) in [
        (format!("at: \"{future}\""), json!(["at"])),
        ("flowId: \"999\"".to_owned(), json!(["flowId"])),
        ("flowId: \"x\"".to_owned(), json!(["flowId"])),
        (format!("at: \"{future}\", flowId: \"1\""), json!(["flowId"])),
        ("flowId: null".to_owned(), json!(["at"])),
    ] {
        let query = format!("{{ inventory(skuId: 1) {{ asOf({arguments}) {{ leavedAmount }} }} }}");
        let answer = server.graphql(&query, Value::Null).await;
        assert_eq!(code(&answer), "INVALID_ARGUMENT", "{arguments}: {}", answer.0);
        assert_eq!(answer.at("/errors/0/extensions/field"), &field, "{arguments}");
    }
    for (arguments, field) in [
        ("where: { leavedAmount: { min: 1 } }", json!(["where", "leavedAmount"])),
        ("where: { updatedAt: { from: \"2026-01-01T00:00:00Z\" } }", json!(["where", "updatedAt"])),
        ("orderBy: LEAVED_AMOUNT_ASC", json!(["orderBy"])),
    ] {
        let query =
            format!("{{ inventories(asOf: {{ flowId: 1 }}, {arguments}) {{ totalCount }} }}");
        let answer = server.graphql(&query, Value::Null).await;
        assert_eq!(code(&answer), "INVALID_ARGUMENT", "{arguments}");
        assert_eq!(answer.at("/errors/0/extensions/field"), &field, "{arguments}");
    }
    let query = "{ inventories(asOf: { flowId: 999 }) { totalCount } }";
    let answer = server.graphql(query, Value::Null).await;
    assert_eq!(answer.at("/errors/0/extensions/field"), &json!(["asOf", "flowId"]));
}

/// To a merchant, an entry of another is as little a point as one that does not exist.
async fn another_merchants_entries_are_no_points(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let (one, other) = (trusted("one", Some(1)), trusted("other", Some(2)));
    let create = |sku_id: i64| json!({ "skuId": sku_id.to_string(), "quantity": 5, "idempotencyKey": format!("c{sku_id}"), "merchantId": sku_id.to_string() });
    let own = shop.mutate(&one, "inventoryCreate", create(1)).await;
    let foreign = shop.mutate(&other, "inventoryCreate", create(2)).await;
    let ask = async |flow_id: &Value| {
        let query = "query($id: ID) { inventories(asOf: { flowId: $id }) { nodes { skuId } } }";
        shop.ask(&one, query, json!({ "id": flow_id })).await
    };
    let seen = ask(&own["flow"]["id"]).await;
    assert_eq!(seen.at("/data/inventories/nodes"), &json!([{ "skuId": "1" }]));
    let (foreign, missing) = (ask(&foreign["flow"]["id"]).await, ask(&json!("999")).await);
    assert_eq!(foreign.at("/errors"), missing.at("/errors"));
    assert_eq!(code(&foreign), "INVALID_ARGUMENT");
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn spelled(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Micros, true)
}
