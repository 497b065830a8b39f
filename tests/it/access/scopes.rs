//! Every field of the schema against every scope, generated from the schema: what a field needs,
//! its description says; and that is what happens, by whatever path it is reached. A new field that
//! says nothing fails here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};

use async_graphql::parser::types::FieldDefinition;
use serde_json::{Value, json};
use stockflow::auth::Scope;

use super::shop::{Shop, caller, trusted};
use crate::support::sdl::{Schema, named};
use crate::support::{Kind, TestDatabase};

/// Fields that lead to objects and need nothing beyond what led to their parent: parts of it.
const PARTS: [&str; 71] = [
    "InventoryAnomalyConnection.edges",
    "InventoryAnomalyConnection.nodes",
    "InventoryAnomalyConnection.pageInfo",
    "InventoryAnomalyEdge.node",
    "InventoryAvailability.lines",
    "InventoryConnection.edges",
    "InventoryConnection.nodes",
    "InventoryConnection.pageInfo",
    "InventoryCount.lines",
    "InventoryCount.observations",
    "InventoryCount.summary",
    "InventoryCountConnection.edges",
    "InventoryCountConnection.nodes",
    "InventoryCountConnection.pageInfo",
    "InventoryCountEdge.node",
    "InventoryCountLineConnection.edges",
    "InventoryCountLineConnection.nodes",
    "InventoryCountLineConnection.pageInfo",
    "InventoryCountLineEdge.node",
    "InventoryCountObservationConnection.edges",
    "InventoryCountObservationConnection.nodes",
    "InventoryCountObservationConnection.pageInfo",
    "InventoryCountObservationEdge.node",
    // What happened, and between which entries.
    "InventoryExplanation.causes",
    "InventoryExplanation.closing",
    "InventoryExplanation.opening",
    "InventorySnapshot.flow",
    "InventoryEdge.node",
    "InventoryFlowConnection.edges",
    "InventoryFlowConnection.nodes",
    "InventoryFlowConnection.pageInfo",
    "InventoryFlowEdge.node",
    "InventoryFlowSummaryConnection.edges",
    "InventoryFlowSummaryConnection.nodes",
    "InventoryFlowSummaryConnection.pageInfo",
    "InventoryFlowSummaryEdge.node",
    "InventoryInclusionProof.seal",
    // What became of a line of what the caller did.
    "InventoryLineResult.failure",
    "InventoryLineResult.flow",
    "InventoryLineResult.userErrors",
    "InventoryOperation.flows",
    "InventoryOrderTrail.skus",
    // The proof of an amount, and what came of a check.
    "InventoryProof.lastFlow",
    "InventoryProof.sums",
    "InventoryReconciliation.findings",
    "InventoryReconciliationConnection.edges",
    "InventoryReconciliationConnection.nodes",
    "InventoryReconciliationConnection.pageInfo",
    "InventoryReconciliationEdge.node",
    "InventoryRefusalGroupConnection.edges",
    "InventoryRefusalGroupConnection.nodes",
    "InventoryRefusalGroupConnection.pageInfo",
    "InventoryRefusalGroupEdge.node",
    "InventorySoldOutSpan.cameBackFlow",
    "InventorySoldOutSpan.ranOutFlow",
    "InventorySoldOutSpan.refusals",
    "InventorySoldOutSpanConnection.edges",
    "InventorySoldOutSpanConnection.nodes",
    "InventorySoldOutSpanConnection.pageInfo",
    "InventorySoldOutSpanEdge.node",
    "InventoryVerification.findings",
    "InventorySealConnection.edges",
    "InventorySealConnection.nodes",
    "InventorySealConnection.pageInfo",
    "InventorySealEdge.node",
    // The receipt of what the caller did.
    "Payload.count",
    "Payload.flow",
    "Payload.flows",
    "Payload.observations",
    "Payload.results",
    "Payload.userErrors",
];

/// A field as the schema tells of it.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    /// What it is, or what its list is of.
    of: String,
    /// Any of these will do; none if nothing is needed.
    needs: BTreeSet<Scope>,
}

/// The fields of every object of the schema.
pub fn schema() -> BTreeMap<String, Vec<Field>> {
    let told = |field: FieldDefinition| {
        let description = field.description.map(|told| told.node).unwrap_or_default();
        let of = named(&field.ty.node).to_owned();
        Field { name: field.name.node.to_string(), of, needs: needs(&description) }
    };
    let objects = Schema::read().objects.into_iter();
    objects.map(|(name, fields)| (name, fields.into_iter().map(told).collect())).collect()
}

/// What stands in the sentence "Needs `…` or `…`."
fn needs(description: &str) -> BTreeSet<Scope> {
    let Some(sentence) = description.split("Needs ").nth(1) else { return BTreeSet::new() };
    let sentence = sentence.split('.').next().unwrap();
    sentence.split('`').skip(1).step_by(2).map(|name| name.parse().unwrap()).collect()
}

#[test]
fn every_field_that_leads_somewhere_says_what_it_needs() {
    let schema = schema();
    let mut silent = Vec::new();
    for (object, fields) in &schema {
        let is_root = ["Query", "Mutation", "Subscription"].contains(&object.as_str());
        for field in fields.iter().filter(|field| field.needs.is_empty()) {
            let kind = if object.ends_with("Payload") { "Payload" } else { object };
            let leads_on = schema.contains_key(&field.of);
            let is_part = PARTS.contains(&format!("{kind}.{}", field.name).as_str());
            if is_root || (leads_on && !is_part) {
                silent.push(format!("{object}.{}", field.name));
            }
        }
    }
    assert_eq!(silent, [""; 0], "say what they need, and guard it");
}

/// What a root field is asked with, so that there is something to be seen.
fn arguments(root: &str, ids: &Ids) -> String {
    static NUMBER: AtomicI64 = AtomicI64::new(1);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let key = format!("idempotencyKey: \"key {number}\"");
    let (deduction, refund) = (&ids.deduction, &ids.refund);
    let sku = "skuId: 1001";
    let line = format!("{sku}, orderDetailId: \"o\", quantity: 1");
    match root {
        "inventoryFlowSummary" => "(groupBy: [SKU, DAY], first: 3)".to_owned(),
        "inventoryOrderTrail" => "(orderDetailId: \"o\")".to_owned(),
        "inventoryOrderTrails" => "(orderDetailIds: [\"o\"])".to_owned(),
        "inventorySoldOutSpans" => "(skuId: 1002)".to_owned(),
        "inventory" | "inventoryVerify" => format!("({sku})"),
        // From an entry on, so that there is one at either end.
        "inventoryExplain" => format!("({sku}, from: {{flowId: {deduction}}})"),
        "inventories"
        | "inventoryFlows"
        | "inventoryReconciliation"
        | "inventoryRefusals"
        | "inventoryAnomalies"
        | "inventorySeals"
        | "inventoryCounts" => "(first: 3)".to_owned(),
        // There is one, which was started first of all.
        "inventoryCount" => "(id: 1)".to_owned(),
        "inventoryCountStart" => format!("(input: {{skuIds: [1001], {key}}})"),
        "inventoryCountRecord" => {
            format!("(input: {{countId: 1, lines: [{{{sku}, quantity: 1, {key}}}]}})")
        }
        "inventoryCountComplete" | "inventoryCountAbandon" => "(input: {countId: 1})".to_owned(),
        "inventoryAvailability" => format!("(lines: [{{{sku}, quantity: 1}}])"),
        "inventoryFlow" => format!("(id: {refund})"),
        "inventoryOperation" => "(idempotencyKey: \"shared\")".to_owned(),
        "inventoryCreate" => format!("(input: {{skuId: {}, quantity: 1, {key}}})", 5_000 + number),
        "inventoryDeduct" => format!("(input: {{{line}, {key}}})"),
        "inventoryDeductBatch" => format!("(input: {{lines: [{{{line}}}], {key}}})"),
        "inventoryDeductMany" => format!("(input: {{lines: [{{{line}, {key}}}]}})"),
        "inventoryReplenishMany" => {
            format!("(input: {{lines: [{{{sku}, quantity: 1, {key}}}]}})")
        }
        "inventoryRefund" => format!("(input: {{flowId: {deduction}, quantity: 1, {key}}})"),
        "inventoryRefundBatch" => {
            format!("(input: {{lines: [{{flowId: {deduction}, quantity: 1}}], {key}}})")
        }
        "inventoryReplenish" => format!("(input: {{{sku}, quantity: 1, {key}}})"),
        "inventorySetQuantity" => format!(
            "(input: {{{sku}, quantity: 90000, changeFromQuantity: null, reason: \"r\", {key}}})"
        ),
        other => panic!("this test does not know how to ask for {other}"),
    }
}

struct Ids {
    deduction: String,
    refund: String,
}

/// Every path from a root that meets no type twice.
fn paths(schema: &BTreeMap<String, Vec<Field>>) -> Vec<Vec<Field>> {
    fn walk(
        schema: &BTreeMap<String, Vec<Field>>,
        object: &str,
        met: &mut Vec<String>,
        path: &mut Vec<Field>,
        paths: &mut Vec<Vec<Field>>,
    ) {
        met.push(object.to_owned());
        for field in &schema[object] {
            path.push(field.clone());
            paths.push(path.clone());
            // A user error is there only where something was refused, and it is part of its payload;
            // a finding, or a failure, only where something is wrong.
            if schema.contains_key(&field.of)
                && !met.contains(&field.of)
                && !["userErrors", "findings", "failure"].contains(&field.name.as_str())
            {
                walk(schema, &field.of, met, path, paths);
            }
            path.pop();
        }
        met.pop();
    }
    let mut paths = Vec::new();
    for root in ["Query", "Mutation"] {
        walk(schema, root, &mut Vec::new(), &mut Vec::new(), &mut paths);
    }
    paths
}

fn document(path: &[Field], schema: &BTreeMap<String, Vec<Field>>, ids: &Ids) -> String {
    let (root, last) = (&path[0], path.last().unwrap());
    let kind = if schema["Query"].iter().any(|field| field.name == root.name) {
        "query"
    } else {
        "mutation"
    };
    let mut text = format!("{kind} {{ {}{}", root.name, arguments(&root.name, ids));
    for field in &path[1..] {
        text += &format!(" {{ {}", field.name);
        if field.name == "asOf" {
            text += &format!("(flowId: {})", ids.refund);
        }
    }
    if schema.contains_key(&last.of) {
        text += " { __typename }";
    }
    text + &" }".repeat(path.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_field_needs_is_what_it_says_by_whatever_path() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let shop = Shop::over(&database).await;
    let ids = stocked(&shop).await;
    let schema = schema();
    let mut sets: Vec<Vec<Scope>> = Scope::ALL.into_iter().map(|scope| vec![scope]).collect();
    // What one scope opens, the others do not close; without any nothing is open.
    sets.extend([Vec::new(), Scope::ALL.to_vec()]);
    sets.extend(
        Scope::ALL
            .into_iter()
            .map(|without| Scope::ALL.into_iter().filter(|scope| *scope != without).collect()),
    );
    let mut tried = 0;
    for path in paths(&schema) {
        for scopes in &sets {
            let caller = caller("a", Some(1), scopes);
            let query = document(&path, &schema, &ids);
            let answer = shop.ask(&caller, &query, json!({})).await;
            let closed = path.iter().position(|field| {
                !field.needs.is_empty() && !scopes.iter().any(|scope| field.needs.contains(scope))
            });
            let told = answer.at("/errors/0");
            match closed {
                None => assert!(told.is_null(), "{query} by {scopes:?}: {}", answer.0),
                Some(place) => {
                    assert_eq!(told["extensions"]["code"], "FORBIDDEN", "{query} by {scopes:?}");
                    assert_eq!(names(&told["path"]), names_of(&path[..=place]), "{query}");
                    let needs: Vec<&str> = told["extensions"]["scopes"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|scope| scope.as_str().unwrap())
                        .collect();
                    let expected: Vec<&str> =
                        path[place].needs.iter().map(|scope| scope.name()).collect();
                    assert_eq!(needs, expected);
                }
            }
            tried += 1;
        }
    }
    assert!(tried > 1_000, "{tried}");
    database.audit().await;
}

/// Whoever may not, has nothing done; and what they may of the same document is done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_forbidden_is_not_done() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let shop = Shop::over(&database).await;
    stocked(&shop).await;
    let version = async || {
        let query = "{ inventory(skuId: 1001, consistency: PRIMARY) { version } }";
        let answer = shop.ask(&trusted("a", Some(1)), query, json!({})).await;
        answer.at("/data/inventory/version").as_str().unwrap().parse::<i64>().unwrap()
    };
    let before = version().await;
    let query = "mutation { a: inventoryReplenish(input: {skuId: 1001, quantity: 1, \
                 idempotencyKey: \"a\"}) { replayed } b: inventoryDeduct(input: {skuId: 1001, \
                 quantity: 1, orderDetailId: \"o\", idempotencyKey: \"b\"}) { replayed } }";
    let reader = caller("a", Some(1), &[Scope::StockRead, Scope::AuditRead]);
    let answer = shop.ask(&reader, query, json!({})).await;
    assert_eq!(answer.at("/errors/0/extensions/code"), "FORBIDDEN", "{}", answer.0);
    assert_eq!(version().await, before);
}

async fn stocked(shop: &Shop) -> Ids {
    let trusted = trusted("a", Some(1));
    let new = json!({"skuId": 1001, "quantity": 100_000, "idempotencyKey": "create"});
    shop.mutate(&trusted, "inventoryCreate", new).await;
    // One that had nothing, and came back.
    let none = json!({"skuId": 1002, "quantity": 0, "idempotencyKey": "create none"});
    shop.mutate(&trusted, "inventoryCreate", none).await;
    let some = json!({"skuId": 1002, "quantity": 1, "idempotencyKey": "some"});
    shop.mutate(&trusted, "inventoryReplenish", some).await;
    let deduct = json!({"skuId": 1001, "orderDetailId": "o", "quantity": 10_000,
                        "idempotencyKey": "shared"});
    let deduction = shop.mutate(&trusted, "inventoryDeduct", deduct).await["flow"]["id"].clone();
    // Once more, which is an anomaly.
    let again = json!({"skuId": 1001, "orderDetailId": "o", "quantity": 1,
                       "idempotencyKey": "again"});
    shop.mutate(&trusted, "inventoryDeduct", again).await;
    let refund = json!({"flowId": deduction, "quantity": 1, "idempotencyKey": "refund"});
    let refund = shop.mutate(&trusted, "inventoryRefund", refund).await["flow"]["id"].clone();
    let start = "mutation { inventoryCountStart(input: {skuIds: [1001], idempotencyKey: \"c\"}) \
                 { count { id } } }";
    let started = shop.ask(&trusted, start, json!({})).await;
    assert_eq!(started.at("/data/inventoryCountStart/count/id"), "1", "{}", started.0);
    let id = |id: &Value| id.as_str().unwrap().to_owned();
    Ids { deduction: id(&deduction), refund: id(&refund) }
}

fn names(path: &Value) -> Vec<String> {
    path.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn names_of(path: &[Field]) -> Vec<String> {
    path.iter().map(|field| field.name.clone()).collect()
}
