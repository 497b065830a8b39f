//! Why an amount is what it is: between any two points of a random history the causes are those of a
//! model, lead from the one amount to the other, and have all the entries.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::history::{Entry, SKUS, Sum, Writer, all_pages, kind, number, random};
use crate::access::shop::{Shop, trusted};
use crate::support::{TestDatabase, code, on_each_database};

on_each_database!(
    causes_are_those_of_a_model,
    what_none_of_a_hundred_causes_names_is_one_more,
    what_does_not_add_up_is_told,
    a_span_that_ends_before_it_begins_is_refused,
);

const SNAPSHOT: &str = "{ quantity sequence at flow { id sequence } }";

fn query(flows: &str) -> String {
    format!(
        "query($sku: ID!, $from: InventoryPointInput, $to: InventoryPointInput) {{ \
         inventoryExplain(skuId: $sku, from: $from, to: $to) {{ skuId opening {SNAPSHOT} \
         closing {SNAPSHOT} entryCount unitsOut unitsIn net quantityByEntries \
         entryCountBySequence agrees causes {{ kind reason others reasonCount actor entryCount \
         unitsOut unitsIn net {flows} }} }} }}"
    )
}

/// A kind and a reason, and the entries that have them.
type Cause<'a> = ((i16, Option<String>), Vec<&'a Entry>);

/// The entries of each kind and reason, those first that moved most.
fn causes<'a>(entries: &[&'a Entry]) -> Vec<Cause<'a>> {
    let mut causes: BTreeMap<(i16, Option<String>), Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        causes.entry((entry.kind, entry.reason.clone())).or_default().push(entry);
    }
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_cause, entries)| {
        let Sum(_, out, back) = Sum::of(entries.iter().copied());
        std::cmp::Reverse(out + back)
    });
    causes
}

/// What the answer tells, held against the entries between.
fn compare(told: &Value, opening: Option<&Entry>, closing: Option<&Entry>, between: &[&Entry]) {
    for (name, entry) in [("opening", opening), ("closing", closing)] {
        let snapshot = &told[name];
        let after = entry.map_or(0, |entry| entry.leaved_after);
        assert_eq!(snapshot["quantity"], after, "{told}");
        assert_eq!(number(&snapshot["sequence"]), entry.map_or(0, |entry| entry.sequence));
        assert_eq!(snapshot["flow"]["id"], json!(entry.map(|entry| entry.id.to_string())));
    }
    assert_eq!(Sum::told(told), Sum::of(between.iter().copied()));
    assert_eq!(told["agrees"], true, "{told}");
    let opened = i64::from(opening.map_or(0, |entry| entry.leaved_after));
    assert_eq!(number(&told["quantityByEntries"]), opened - number(&told["net"]));
    assert_eq!(told["entryCount"], told["entryCountBySequence"]);
    let expected: Vec<Value> = causes(between)
        .into_iter()
        .map(|((code, reason), entries)| {
            let Sum(count, out, back) = Sum::of(entries.iter().copied());
            let one = entries.iter().all(|entry| entry.actor == entries[0].actor);
            let flows: Vec<_> =
                entries.iter().map(|entry| json!({ "id": entry.id.to_string() })).collect();
            json!({
                "kind": kind(code), "reason": reason, "others": false, "reasonCount": "1",
                "actor": one.then(|| entries[0].actor.clone()),
                "entryCount": count.to_string(), "unitsOut": out.to_string(),
                "unitsIn": back.to_string(), "net": (out - back).to_string(),
                "flows": {
                    "totalCount": count.to_string(),
                    "nodes": flows.iter().take(3).collect::<Vec<_>>(),
                    "pageInfo": { "hasNextPage": flows.len() > 3 },
                },
            })
        })
        .collect();
    assert_eq!(told["causes"], json!(expected));
}

async fn causes_are_those_of_a_model(database: &TestDatabase) {
    let entries = random(database, 5, 300, 40).await;
    let shop = Shop::over(database).await;
    let mut rng = fastrand::Rng::with_seed(2);
    let flows = "flows(first: 3) { totalCount nodes { id } pageInfo { hasNextPage } }";
    for _case in 0..60 {
        let sku_id = SKUS[rng.usize(0..SKUS.len())];
        let mut places = [rng.usize(0..entries.len()), rng.usize(0..entries.len())];
        places.sort_unstable();
        let mut points = places.map(|place| {
            let at = &entries[place];
            if rng.bool() {
                (json!({ "flowId": at.id.to_string() }), at.id)
            } else {
                let last = entries.iter().filter(|entry| entry.created_at <= at.created_at);
                (json!({ "at": at.created_at }), last.map(|entry| entry.id).max().unwrap())
            }
        });
        // An entry may share its instant with one behind it.
        if points[0].1 > points[1].1 {
            continue;
        }
        if rng.u8(0..4) == 0 {
            points[0] = (Value::Null, 0);
        }
        if rng.u8(0..4) == 0 {
            points[1] = (Value::Null, i64::MAX);
        }
        let [(from, after), (to, until)] = points;
        let caller =
            trusted("platform", [None, Some(super::history::merchant_of(sku_id))][rng.usize(0..2)]);
        let own = || entries.iter().filter(|entry| entry.sku_id == sku_id);
        // To a merchant, another's entry is no point.
        let seen = |point: &Value| {
            let id = point["flowId"].as_str().map(|id| id.parse::<i64>().unwrap());
            let entry = entries.iter().find(|entry| Some(entry.id) == id);
            entry.is_none_or(|entry| {
                caller.visibility().shows(stockflow::domain::MerchantId(entry.merchant_id))
            })
        };
        if !seen(&from) || !seen(&to) {
            continue;
        }
        let variables = json!({ "sku": sku_id.to_string(), "from": from, "to": to });
        let answer = shop.ask(&caller, &query(flows), variables).await;
        let between: Vec<&Entry> =
            own().filter(|entry| entry.id > after && entry.id <= until).collect();
        let opening = own().rfind(|entry| entry.id <= after);
        let closing = own().rfind(|entry| entry.id <= until);
        compare(answer.field(), opening, closing, &between);
    }
    let missing = shop.ask(&trusted("one", None), &query(""), json!({ "sku": "99" })).await;
    assert_eq!(*missing.field(), Value::Null);
    let foreign = shop.ask(&trusted("two", Some(2)), &query(""), json!({ "sku": "1" })).await;
    assert_eq!(*foreign.field(), Value::Null);
}

async fn what_none_of_a_hundred_causes_names_is_one_more(database: &TestDatabase) {
    let writer = Writer::over(database).await;
    writer.set("2025-01-01T00:00:00Z".parse().unwrap());
    writer.create(1, 1, 10_000).await;
    for place in 0..130 {
        // The first reasons move most.
        let reason = format!("reason {place:03}");
        let deduction = writer.deduct(1, "line", 500 - place).await;
        writer.refund(&deduction[0], 500 - place, &reason).await;
    }
    writer.replenish(1, 1, "driver").await;
    let shop = Shop::over(database).await;
    let caller = trusted("platform", None);
    let answer = shop.ask(&caller, &query(""), json!({ "sku": "1" })).await;
    let told = answer.field();
    assert_eq!((&told["agrees"], &told["entryCount"]), (&json!(true), &json!("262")));
    let causes = told["causes"].as_array().unwrap();
    assert_eq!(causes.len(), 101);
    // The deductions, the opening and 98 refunds are named.
    let others = &causes[100];
    assert_eq!(others["others"], true);
    assert_eq!((&others["kind"], &others["reasonCount"]), (&Value::Null, &json!("33")));
    assert_eq!(Sum::told(others), Sum(33, 0, 1 + (98..130).map(|place| 500 - place).sum::<i64>()));
    let pages = "query($first: Int, $after: String) { inventoryExplain(skuId: 1) { causes { others \
                 flows(first: $first, after: $after) { nodes { reason } \
                 pageInfo { hasNextPage endCursor } } } } }";
    let page = (10, "/data/inventoryExplain/causes/100/flows");
    let nodes = all_pages(&shop, &caller, pages, json!({}), page).await;
    let mut reasons: Vec<_> = (98..130).map(|place| format!("reason {place:03}")).collect();
    reasons.push("delivery".to_owned());
    let found: Vec<&str> = nodes.iter().map(|node| node["reason"].as_str().unwrap()).collect();
    assert_eq!(found, reasons);
}

async fn what_does_not_add_up_is_told(database: &TestDatabase) {
    let writer = Writer::over(database).await;
    writer.set("2025-01-01T00:00:00Z".parse().unwrap());
    writer.create(1, 1, 100).await;
    let second = writer.deduct(1, "line", 3).await[0].clone();
    writer.deduct(1, "line", 4).await;
    let shop = Shop::over(database).await;
    let plain = database.plain().await;
    let ask = async || {
        let answer = shop.ask(&trusted("platform", None), &query(""), json!({ "sku": "1" })).await;
        answer.field().clone()
    };
    assert_eq!(ask().await["agrees"], true);
    let sets = |units: i32| {
        format!("UPDATE t_inventory_flow SET quantity_trade = {units} WHERE id = {}", second.id)
    };
    plain.execute_unprepared(&sets(2)).await.unwrap();
    let told = ask().await;
    assert_eq!((&told["agrees"], &told["quantityByEntries"]), (&json!(false), &json!("94")));
    assert_eq!(told["closing"]["quantity"], 93);
    plain.execute_unprepared(&sets(3)).await.unwrap();
    assert_eq!(ask().await["agrees"], true);
}

async fn a_span_that_ends_before_it_begins_is_refused(database: &TestDatabase) {
    let entries = random(database, 1, 10, 5).await;
    let shop = Shop::over(database).await;
    let (first, last) = (&entries[0], &entries[entries.len() - 1]);
    let id = |entry: &Entry| json!({ "flowId": entry.id.to_string() });
    let at = |entry: &Entry| json!({ "at": entry.created_at });
    for (from, to, field) in [
        (id(last), id(first), json!(["from"])),
        (at(last), at(first), json!(["from"])),
        (at(last), id(first), json!(["from"])),
        (id(last), at(first), json!(["from"])),
        (json!({ "flowId": "9999" }), Value::Null, json!(["from", "flowId"])),
        (Value::Null, json!({ "at": "9998-01-01T00:00:00Z" }), json!(["to", "at"])),
        (Value::Null, json!({}), json!(["to", "at"])),
    ] {
        let variables = json!({ "sku": "1", "from": from, "to": to });
        let answer = shop.ask(&trusted("platform", None), &query(""), variables).await;
        assert_eq!(code(&answer), "INVALID_ARGUMENT", "{from} {to}: {}", answer.0);
        assert_eq!(answer.at("/errors/0/extensions/field"), &field);
    }
}
