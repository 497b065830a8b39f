//! What belongs to another merchant is answered as if it did not exist: to the letter, by as many
//! statements and from the same source. Every question and every change is asked once of what
//! another merchant has, and once of what nobody has.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use stockflow::auth::Caller;
use stockflow::domain::{FlowCursor, FlowId, InventoryCursor, SkuId};

use super::scopes::schema;
use super::shop::{Shop, trusted};
use crate::support::{TestDatabase, on_each_database};

/// The SKU of merchant 1, and one that nobody has; both have as many digits.
const FOREIGN_SKU: i64 = 7001;
const MISSING_SKU: i64 = 9009;
/// A SKU of merchant 2, who asks.
const OWN_SKU: i64 = 8001;

/// Names of things, in the places that a template leaves for them.
struct Names {
    sku: i64,
    flow: i64,
    count: i64,
    key: &'static str,
    order: &'static str,
    actor: &'static str,
}

const MISSING: Names = Names {
    sku: MISSING_SKU,
    flow: 99_999,
    count: 77_777,
    key: "no-such-key",
    order: "no-such-order",
    actor: "user:nobody",
};

impl Names {
    fn put_into(&self, template: &str) -> String {
        let instant = "2026-11-22T09:50:00Z".parse().unwrap();
        let flow_cursor = FlowCursor {
            id: FlowId(self.flow),
            sku_id: SkuId(self.sku),
            sequence: 1,
            created_at: instant,
        };
        let stock_cursor = InventoryCursor { sku_id: SkuId(self.sku), leaved_amount: 5 };
        template
            .replace("%SKU", &self.sku.to_string())
            .replace("%FLOW_CURSOR", &URL_SAFE_NO_PAD.encode(flow_cursor.to_string()))
            .replace("%STOCK_CURSOR", &URL_SAFE_NO_PAD.encode(stock_cursor.to_string()))
            .replace("%FLOW", &self.flow.to_string())
            .replace("%COUNT", &self.count.to_string())
            .replace("%KEY", self.key)
            .replace("%ORDER", self.order)
            .replace("%ACTOR", self.actor)
    }

    /// The answer with the names taken out of it again.
    fn taken_out_of(&self, answer: &Value) -> String {
        answer
            .to_string()
            .replace(&self.sku.to_string(), "%SKU")
            .replace(&format!("flow entry {}", self.flow), "flow entry %FLOW")
            .replace(&format!("inventory count {}", self.count), "inventory count %COUNT")
    }
}

/// A page of what follows a cursor is the same whatever the cursor names: only its place counts.
const STOCK: &str = "skuId merchantId leavedAmount version createdAt updatedAt \
                     flows(first: 3) { totalCount nodes { id } }";
const FLOW: &str = "id skuId merchantId kind quantityBefore quantityAfter sequence actor \
                    inventory { leavedAmount } deduction { id } refunds { id } \
                    refundedQuantity refundableQuantity";

fn questions() -> Vec<String> {
    let consistencies = ["CACHED", "REPLICA", "PRIMARY"];
    let of_each = |template: &str| {
        consistencies.map(|consistency| template.replace("%CONSISTENCY", consistency)).to_vec()
    };
    let flows = |filter: &str| {
        format!(
            "{{ inventoryFlows(where: {filter}, first: 5) {{ totalCount nodes {{ {FLOW} }} \
             pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        )
    };
    let stocks = |filter: &str| {
        format!("{{ inventories(where: {filter}, first: 5) {{ totalCount nodes {{ {STOCK} }} }} }}")
    };
    let mut questions = Vec::new();
    questions.extend(of_each(&format!(
        "{{ inventory(skuId: %SKU, consistency: %CONSISTENCY) {{ {STOCK} readToken }} }}"
    )));
    questions.extend(of_each(
        "{ inventoryAvailability(lines: [{skuId: %SKU, quantity: 1}, {skuId: 8001, quantity: 1}], \
         consistency: %CONSISTENCY) { available lines { skuId requested leavedAmount available } } }",
    ));
    questions.extend([
        stocks("{skuId: [%SKU]}"),
        stocks("{skuId: [%SKU, 8001]}"),
        format!("{{ inventoryFlow(id: %FLOW) {{ {FLOW} }} }}"),
        flows("{skuId: [%SKU]}"),
        flows("{skuId: [%SKU, 8001]}"),
        flows("{skuId: [%SKU], kind: [DEDUCTION]}"),
        flows("{orderDetailId: [\"%ORDER\"]}"),
        flows("{idempotencyKey: \"%KEY\"}"),
        flows("{actor: [\"%ACTOR\"]}"),
        flows("{deductionId: %FLOW}"),
        flows("{skuId: [%SKU], createdAt: {from: \"2020-01-01T00:00:00Z\"}}"),
        "{ inventoryOperation(idempotencyKey: \"%KEY\") { flows { id } createdAt } }".to_owned(),
        "{ inventory(skuId: %SKU) { chainHead proof { agrees } asOf(flowId: 1) { version } } }".to_owned(),
        "{ inventory(skuId: 8001) { asOf(flowId: %FLOW) { leavedAmount } } }".to_owned(),
        "{ inventories(asOf: {flowId: %FLOW}) { totalCount nodes { skuId } } }".to_owned(),
        "{ inventoryReconciliation(where: {skuId: [%SKU, 8001]}) { nodes { skuId agrees } } }".to_owned(),
        "{ inventoryVerify(skuId: %SKU) { agrees entryCount } }".to_owned(),
        format!("{{ inventory(skuId: 8001) {{ flows(where: {{skuId: [%SKU]}}) {{ totalCount nodes {{ {FLOW} }} }} }} }}"),
        "{ inventoryCount(id: %COUNT) { id summary { countedCount } lines { totalCount } } }".to_owned(),
        "{ inventoryCounts(where: {merchantId: 1}, first: 5) { totalCount nodes { id } } \
         own: inventory(skuId: %SKU) { skuId } }"
            .to_owned(),
        // A seal is over the SKUs of all merchants, and is no secret.
        "{ inventorySeals(first: 1) { totalCount nodes { skuCount } } \
         inventoryFlow(id: %FLOW) { inclusionProof { linkCount } } }"
            .to_owned(),
        // One document asks for what is there and what is not.
        format!("{{ own: inventory(skuId: 8001) {{ skuId }} other: inventory(skuId: %SKU) {{ {STOCK} }} }}"),
    ]);
    questions.extend(answers());
    questions
}

/// What is asked of many entries at once.
fn answers() -> Vec<String> {
    let anomalies = |filter: &str| {
        format!(
            "{{ inventoryAnomalies(where: {{{filter}}}) {{ entriesExamined rules examinedTo \
             nodes {{ flowIds }} pageInfo {{ hasNextPage endCursor }} }} }}"
        )
    };
    vec![
        "{ inventoryFlowSummary(where: {skuId: [%SKU]}, groupBy: [DAY, KIND]) { nodes { entryCount } } }".to_owned(),
        "{ inventoryFlowSummary(where: {orderDetailId: [\"%ORDER\"]}, groupBy: [SKU]) { nodes { skuId } } }".to_owned(),
        "{ inventoryFlowSummary(where: {actor: [\"%ACTOR\"]}, groupBy: []) { nodes { entryCount } } }".to_owned(),
        "{ inventoryExplain(skuId: %SKU) { agrees causes { flows { nodes { id } } } } }".to_owned(),
        "{ inventoryExplain(skuId: 8001, to: {flowId: %FLOW}) { agrees } }".to_owned(),
        "{ inventoryOrderTrail(orderDetailId: \"%ORDER\") { deducted deductions { nodes { id } } } }".to_owned(),
        "{ inventoryOrderTrails(orderDetailIds: [\"%ORDER\"]) { deducted } }".to_owned(),
        "{ inventoryRefusals(where: {skuId: [%SKU]}) { nodes { skuId refusalCount } } }".to_owned(),
        "{ inventoryRefusals(where: {skuId: [%SKU, 8001]}, groupBy: [MINUTE]) { nodes \
         { periodStart refusalCount } } }"
            .to_owned(),
        "{ inventorySoldOutSpans(skuId: %SKU) { nodes { ranOutFlow { id } refusals \
         { refusalCount } } pageInfo { endCursor } } }"
            .to_owned(),
        anomalies("skuId: [%SKU]"),
        anomalies("skuId: [%SKU, 8001]"),
        anomalies("actor: [\"%ACTOR\"]"),
    ]
}

fn changes() -> Vec<String> {
    let asked = "userErrors { code message field skuId requested available } replayed";
    let change = |mutation: &str, input: &str, of: &str| {
        format!(
            "mutation {{ {mutation}(input: {{{input}, idempotencyKey: \"attempt\"}}) \
             {{ {of} {asked} readToken }} }}"
        )
    };
    let one = "inventory { leavedAmount } flow { id }";
    let count = |mutation: &str, input: &str| {
        format!("mutation {{ {mutation}(input: {{{input}}}) {{ {asked} count {{ id }} }} }}")
    };
    let line = "quantity: 1, idempotencyKey: \"attempt\"";
    // Lines have keys of their own.
    let many = |mutation: &str, lines: &str, policy: &str| {
        format!(
            "mutation {{ {mutation}(input: {{lines: [{lines}], errorPolicy: {policy}}}) \
             {{ results {{ outcome {one} {asked} failure {{ code }} }} userErrors {{ code }} \
             readToken }} }}"
        )
    };
    let deductions = "{skuId: 8001, orderDetailId: \"o\", quantity: 1, idempotencyKey: \"m-1\"}, \
                      {skuId: %SKU, orderDetailId: \"o\", quantity: 1, idempotencyKey: \"m-2\"}";
    let replenishments = "{skuId: 8001, quantity: 1, idempotencyKey: \"m-3\"}, \
                          {skuId: %SKU, quantity: 1, idempotencyKey: \"m-4\"}";
    vec![
        count("inventoryCountStart", "skuIds: [8001, %SKU], idempotencyKey: \"attempt\""),
        count(
            "inventoryCountRecord",
            &format!("countId: %COUNT, lines: [{{skuId: 8001, {line}}}]"),
        ),
        count(
            "inventoryCountRecord",
            &format!("countId: %COUNT, lines: [{{skuId: %SKU, {line}}}]"),
        ),
        // Of the asker's own count, which is the second one.
        count("inventoryCountRecord", &format!("countId: 2, lines: [{{skuId: %SKU, {line}}}]")),
        count(
            "inventoryCountRecord",
            &format!("countId: 2, lines: [{{skuId: 8001, flowId: %FLOW, {line}}}]"),
        ),
        count("inventoryCountComplete", "countId: %COUNT, uncounted: LEAVE"),
        count("inventoryCountAbandon", "countId: %COUNT"),
        many("inventoryDeductMany", deductions, "REJECT_ALL"),
        many("inventoryReplenishMany", replenishments, "REJECT_ALL"),
        change("inventoryDeduct", "skuId: %SKU, orderDetailId: \"o\", quantity: 1", one),
        // More than there is, of what is not theirs.
        change("inventoryDeduct", "skuId: %SKU, orderDetailId: \"o\", quantity: 1000000", one),
        change(
            "inventoryDeductBatch",
            "lines: [{skuId: 8001, orderDetailId: \"o\", quantity: 1}, \
             {skuId: %SKU, orderDetailId: \"o\", quantity: 1}]",
            "flows { id }",
        ),
        change("inventoryRefund", "flowId: %FLOW, quantity: 1", one),
        change("inventoryRefund", "flowId: %FLOW, quantity: 1000", one),
        change("inventoryRefundBatch", "lines: [{flowId: %FLOW}, {flowId: %FLOW}]", "flows { id }"),
        change("inventoryReplenish", "skuId: %SKU, quantity: 1", one),
        change(
            "inventorySetQuantity",
            "skuId: %SKU, quantity: 1, changeFromQuantity: null, reason: \"r\"",
            one,
        ),
        change(
            "inventorySetQuantity",
            "skuId: %SKU, quantity: 1, changeFromQuantity: 3, reason: \"r\"",
            one,
        ),
    ]
}

/// Merchant 1 has a SKU with some history, merchant 2 one as well.
async fn stocked(shop: &Shop) -> Names {
    let platform = trusted("platform", None);
    let seller = trusted("seller", Some(1));
    for (sku_id, merchant_id) in [(FOREIGN_SKU, 1), (OWN_SKU, 2)] {
        let new = json!({"skuId": sku_id, "merchantId": merchant_id, "quantity": 10,
                         "idempotencyKey": format!("create {sku_id}")});
        shop.mutate(&platform, "inventoryCreate", new).await;
    }
    // Of both something was refused.
    for (sku_id, merchant_id) in [(FOREIGN_SKU, 1), (OWN_SKU, 2)] {
        let sql = format!(
            "INSERT INTO t_inventory_refusal VALUES ({sku_id}, 29405000, 1, {merchant_id}, 3, 3, 3)"
        );
        shop.database.writer().execute_unprepared(&sql).await.unwrap();
    }
    let deduct = json!({"skuId": FOREIGN_SKU, "orderDetailId": "order-1", "quantity": 4,
                        "idempotencyKey": "key-1"});
    let deducted = shop.mutate(&seller, "inventoryDeduct", deduct).await;
    let flow = deducted["flow"]["id"].as_str().unwrap().to_owned();
    let refund = json!({"flowId": flow, "quantity": 1, "idempotencyKey": "key-2"});
    shop.mutate(&seller, "inventoryRefund", refund).await;
    let mut counts = Vec::new();
    for (caller, sku_id) in [(&seller, FOREIGN_SKU), (&trusted("asker", Some(2)), OWN_SKU)] {
        let start = "mutation($input: InventoryCountStartInput!) { inventoryCountStart(input: \
                     $input) { count { id } } }";
        let input = json!({"skuIds": [sku_id], "idempotencyKey": "count"});
        let started = shop.ask(caller, start, json!({ "input": input })).await;
        let id = started.at("/data/inventoryCountStart/count/id").as_str().unwrap().to_owned();
        counts.push(id.parse().unwrap());
    }
    assert_eq!(counts[1], 2);
    Names {
        sku: FOREIGN_SKU,
        flow: flow.parse().unwrap(),
        count: counts[0],
        key: "key-1",
        order: "order-1",
        actor: "user:seller",
    }
}

/// What is told of some names, and by how many statements.
async fn told(
    shop: &Shop,
    caller: &Caller,
    token: &str,
    template: &str,
    names: &Names,
) -> (String, u64) {
    let before = shop.database.statements_read();
    let token = names.put_into(token);
    let answer = shop.ask_after(caller, &token, &names.put_into(template), json!({})).await;
    (names.taken_out_of(&answer.0), shop.database.statements_read() - before)
}

async fn another_merchants_are_as_if_they_did_not_exist(database: &TestDatabase) {
    let shop = Shop::with_lasting_copies(database).await;
    let foreign = stocked(&shop).await;
    let seller = trusted("seller", Some(1));
    let asker = trusted("asker", Some(2));
    for template in questions().iter().chain(&changes()) {
        for token in ["", "v1.%SKU-1", "v1.%SKU-999"] {
            // Copies of the other's stock are at hand, as they are while it sells.
            let query = foreign.put_into("{ inventory(skuId: %SKU) { leavedAmount } }");
            let theirs = shop.ask(&seller, &query, json!({})).await;
            assert_eq!(theirs.at("/data/inventory/leavedAmount"), 7);
            // What the asker has is at hand for both.
            shop.ask(&asker, "{ inventory(skuId: 8001) { leavedAmount } }", json!({})).await;
            let of_foreign = told(&shop, &asker, token, template, &foreign).await;
            let of_missing = told(&shop, &asker, token, template, &MISSING).await;
            assert_eq!(of_foreign, of_missing, "{template} after {token:?}");
            assert!(!of_foreign.0.contains("INTERNAL"), "{}", of_foreign.0);
        }
    }
    let untouched = shop.ask(&seller, "{ inventory(skuId: 7001) { version } }", json!({})).await;
    assert_eq!(untouched.at("/data/inventory/version"), "3");
}

/// A question that this test leaves out would be one that nobody has tried.
#[test]
fn every_question_and_every_change_is_tried() {
    let asked: String = questions().into_iter().chain(changes()).collect();
    let schema = schema();
    for field in schema["Query"].iter().chain(&schema["Mutation"]) {
        let is_tried = asked.contains(&format!("{}(", field.name));
        assert!(is_tried || field.name == "inventoryCreate", "{} is not tried", field.name);
    }
}

/// Lists and totals that name nothing.
async fn lists_have_what_is_ones_own(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    stocked(&shop).await;
    let query = "{ inventories { totalCount nodes { skuId merchantId flows { nodes { id } } } } \
                 byAmount: inventories(orderBy: LEAVED_AMOUNT_DESC) { nodes { skuId } } \
                 inventoryFlows { totalCount nodes { skuId merchantId inventory { skuId } } } \
                 byTime: inventoryFlows(where: {createdAt: {from: \"2020-01-01T00:00:00Z\"}}) \
                 { totalCount nodes { skuId } } \
                 byKind: inventoryFlows(where: {kind: [OPENING]}) { totalCount nodes { skuId } } \
                 inventoryRefusals { nodes { skuId } } \
                 byMinute: inventoryRefusals(groupBy: [SKU, MINUTE]) { nodes { skuId } } }";
    for (merchant_id, skus, entries) in
        [(Some(1), vec!["7001"], 3), (Some(2), vec!["8001"], 1), (Some(3), vec![], 0)]
    {
        let answer = shop.ask(&trusted("a", merchant_id), query, json!({})).await;
        assert!(answer.0.get("errors").is_none(), "{}", answer.0);
        let ids = |pointer: &str| {
            let nodes = answer.at(pointer).as_array().unwrap();
            let ids = nodes.iter().map(|node| node["skuId"].as_str().unwrap().to_owned());
            ids.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
        };
        for list in [
            "inventories",
            "byAmount",
            "inventoryFlows",
            "byTime",
            "byKind",
            "inventoryRefusals",
            "byMinute",
        ] {
            assert_eq!(ids(&format!("/data/{list}/nodes")), skus, "{list} of {merchant_id:?}");
        }
        assert_eq!(*answer.at("/data/inventories/totalCount"), skus.len().to_string());
        assert_eq!(*answer.at("/data/inventoryFlows/totalCount"), entries.to_string());
        assert_eq!(*answer.at("/data/byTime/totalCount"), entries.to_string());
        assert_eq!(*answer.at("/data/byKind/totalCount"), skus.len().to_string());
    }
    // The platform sees all, or one at its choice; who is bound has no choice.
    let of = "query($m: ID) { inventories(where: {merchantId: $m}) { totalCount } \
              inventoryFlows(where: {merchantId: $m}) { totalCount } }";
    for (merchant_id, asked, stocks, entries) in [
        (None, json!(null), "2", "4"),
        (None, json!(2), "1", "1"),
        (Some(2), json!(2), "1", "1"),
        (Some(2), json!(1), "0", "0"),
    ] {
        let caller = trusted("a", merchant_id);
        let answer = shop.ask(&caller, of, json!({ "m": asked })).await;
        assert_eq!(answer.at("/data/inventories/totalCount"), stocks, "{}", answer.0);
        assert_eq!(answer.at("/data/inventoryFlows/totalCount"), entries, "{}", answer.0);
    }
}

/// Only who puts a SKU on the books is told that the id is taken; for whom, nobody is told.
async fn a_new_sku_belongs_to_whoever_may_have_it(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    stocked(&shop).await;
    let create = "mutation($input: InventoryCreateInput!) { inventoryCreate(input: $input) \
                  { inventory { merchantId } userErrors { code message field skuId } } }";
    let input = |sku_id: i64, merchant_id: Value, key: &str| {
        json!({"input": {"skuId": sku_id, "merchantId": merchant_id, "quantity": 1,
                         "idempotencyKey": key}})
    };
    let (platform, bound) = (trusted("platform", None), trusted("asker", Some(2)));
    let taken = shop.ask(&bound, create, input(FOREIGN_SKU, json!(null), "a")).await;
    assert_eq!(
        *taken.at("/data/inventoryCreate/userErrors"),
        json!([{"code": "SKU_ALREADY_EXISTS", "message": "SKU 7001 exists already.",
                "field": ["input", "skuId"], "skuId": "7001"}])
    );
    for (caller, merchant_id, key, expected) in [
        (&bound, json!(null), "b", Some("2")),
        (&bound, json!("2"), "c", Some("2")),
        (&bound, json!("1"), "d", None),
        (&platform, json!("3"), "e", Some("3")),
        (&platform, json!(null), "f", None),
        (&platform, json!("0"), "g", None),
    ] {
        let sku_id = 100 + i64::from(key.as_bytes()[0]);
        let answer = shop.ask(caller, create, input(sku_id, merchant_id, key)).await;
        let field = answer.at("/data/inventoryCreate");
        if let Some(owner) = expected {
            assert_eq!(field["inventory"]["merchantId"], owner, "{key}");
        } else {
            assert_eq!(field["userErrors"][0]["code"], "INVALID_ARGUMENT", "{key}");
            assert_eq!(field["userErrors"][0]["field"], json!(["input", "merchantId"]));
        }
    }
}

/// A key is its caller's: another one's request under the same key is another request.
async fn keys_are_their_callers(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    stocked(&shop).await;
    let deduct = json!({"skuId": OWN_SKU, "orderDetailId": "o", "quantity": 1,
                        "idempotencyKey": "key-1"});
    // The seller of merchant 1 has used this key already.
    let callers = [trusted("asker", Some(2)), trusted("seller", Some(2)), trusted("seller", None)];
    for caller in &callers {
        shop.mutate(caller, "inventoryDeduct", deduct.clone()).await;
        shop.mutate(caller, "inventoryDeduct", deduct.clone()).await;
    }
    let query = "{ inventory(skuId: 8001, consistency: PRIMARY) { leavedAmount } \
                 inventoryOperation(idempotencyKey: \"key-1\") { flows { skuId actor } } }";
    for caller in &callers {
        let answer = shop.ask(caller, query, json!({})).await;
        assert_eq!(*answer.at("/data/inventory/leavedAmount"), 7);
        let own = json!([{"skuId": "8001", "actor": caller.actor()}]);
        assert_eq!(*answer.at("/data/inventoryOperation/flows"), own);
    }
}

on_each_database!(
    another_merchants_are_as_if_they_did_not_exist,
    lists_have_what_is_ones_own,
    a_new_sku_belongs_to_whoever_may_have_it,
    keys_are_their_callers,
);
