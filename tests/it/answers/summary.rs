//! Sums by group over random histories: whatever is grouped by whatever, all pages together are what a
//! model in memory has.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Offset as _, TimeZone as _, Timelike as _, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::history::{Entry, Sum, all_pages, kind, merchant_of, number, random};
use crate::access::shop::{Shop, trusted};
use crate::support::{TestDatabase, on_each_database};

on_each_database!(
    groups_are_those_of_a_model,
    groups_that_lie_far_apart_are_found,
    a_merchant_has_groups_of_its_own,
);

const QUERY: &str = "query($where: InventoryFlowWhere, $by: [InventoryFlowGroup!]!, $zone: String, $first: Int, \
     $after: String) { inventoryFlowSummary(where: $where, groupBy: $by, timeZone: $zone, \
     first: $first, after: $after) { nodes { periodStart periodEnd skuId kind actor orderDetailId \
     entryCount unitsOut unitsIn net firstFlow { id } lastFlow { id } } \
     edges { cursor node { entryCount } } pageInfo { hasNextPage endCursor } } }";

/// A group by what it has, in the order of the list. A period is what the clocks show of it.
type Key = (i64, i64, i16, String, Option<String>);

/// What the clocks show of a period, as a number that grows with time.
fn shown(at: DateTime<Utc>, zone: Tz, period: &str) -> i64 {
    let local = zone.from_utc_datetime(&at.naive_utc());
    match period {
        "MONTH" => i64::from(local.year()) * 12 + i64::from(local.month0()),
        "DAY" => i64::from(local.num_days_from_ce()),
        // An hour is another one by another offset.
        _ => {
            let full = local.naive_local().with_minute(0).unwrap().with_second(0).unwrap();
            let full = full.with_nanosecond(0).unwrap();
            full.and_utc().timestamp() - i64::from(local.offset().fix().local_minus_utc())
        }
    }
}

fn key(entry: &Entry, by: &[&str], zone: Tz) -> Key {
    let has = |part: &str| by.contains(&part);
    let period = by.iter().find(|by| ["HOUR", "DAY", "MONTH"].contains(by));
    (
        period.map_or(0, |period| shown(entry.created_at, zone, period)),
        if has("SKU") { entry.sku_id } else { 0 },
        if has("KIND") { entry.kind } else { 0 },
        if has("ACTOR") { entry.actor.clone() } else { String::new() },
        entry.order_detail_id.clone().filter(|_| has("ORDER_DETAIL")),
    )
}

/// The groups of a model, each with its sum, its first entry and its last.
fn model(entries: &[&Entry], by: &[&str], zone: Tz) -> Vec<(Key, Sum, [i64; 2])> {
    let mut groups: BTreeMap<Key, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        groups.entry(key(entry, by, zone)).or_default().push(entry);
    }
    let told = |(key, entries): (Key, Vec<&Entry>)| {
        let ends = [entries[0].id, entries[entries.len() - 1].id];
        (key, Sum::of(entries.into_iter()), ends)
    };
    groups.into_iter().map(told).collect()
}

/// The same as an answer tells it.
fn told(node: &Value, by: &[&str], zone: Tz) -> (Key, Sum, [i64; 2]) {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let period = by.iter().find(|by| ["HOUR", "DAY", "MONTH"].contains(by));
    let start = |name: &str| node[name].as_str().map(|at| at.parse::<DateTime<Utc>>().unwrap());
    assert_eq!(start("periodStart").is_some(), period.is_some());
    if let (Some(start), Some(end)) = (start("periodStart"), start("periodEnd")) {
        assert!(start < end, "{node}");
    }
    let key = (
        period.map_or(0, |period| shown(start("periodStart").unwrap(), zone, period)),
        node["skuId"].as_str().map_or(0, |id| id.parse().unwrap()),
        node["kind"].as_str().map_or(0, |name| (1..=5).find(|code| kind(*code) == name).unwrap()),
        text(&node["actor"]).unwrap_or_default(),
        text(&node["orderDetailId"]),
    );
    (key, Sum::told(node), [number(&node["firstFlow"]["id"]), number(&node["lastFlow"]["id"])])
}

/// Whether a filter lets an entry through; `where` has only what this test puts in.
fn passes(entry: &Entry, filter: &Value) -> bool {
    let has = |name: &str, value: Value| {
        filter[name].as_array().is_none_or(|values| values.contains(&value))
    };
    let instant = |end: &str| filter["createdAt"][end].as_str().map(|at| at.parse().unwrap());
    has("skuId", json!(entry.sku_id.to_string()))
        && has("kind", json!(kind(entry.kind)))
        && has("actor", json!(entry.actor))
        && has("orderDetailId", json!(entry.order_detail_id))
        && instant("from").is_none_or(|from: DateTime<Utc>| from <= entry.created_at)
        && instant("to").is_none_or(|to: DateTime<Utc>| entry.created_at < to)
}

async fn groups_are_those_of_a_model(database: &TestDatabase) {
    let entries = random(database, 7, 400, 60).await;
    let shop = Shop::over(database).await;
    let platform = trusted("platform", None);
    let mut rng = fastrand::Rng::with_seed(11);
    let mut tried = 0;
    for _case in 0..60 {
        let mut by: Vec<&str> = Vec::new();
        by.extend(["HOUR", "DAY", "MONTH", ""].get(rng.usize(0..4)).filter(|by| !by.is_empty()));
        for part in ["SKU", "KIND", "ACTOR", "ORDER_DETAIL"] {
            if rng.u8(0..3) == 0 {
                by.push(part);
            }
        }
        rng.shuffle(&mut by);
        let zones =
            ["UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/New_York"];
        let name = zones[rng.usize(0..zones.len())];
        let zone: Tz = name.parse().unwrap();
        let mut filter = json!({});
        match rng.u8(0..6) {
            0 => filter["skuId"] = json!(["2", "5"]),
            1 => filter["kind"] = json!(["DEDUCTION", "ADJUSTMENT"]),
            2 => filter["actor"] = json!(["shop"]),
            3 => filter["orderDetailId"] = json!(["line-1", "line-2"]),
            _ => {}
        }
        if rng.bool() {
            filter["createdAt"] = json!({ "from": entries[rng.usize(0..150)].created_at });
        }
        if rng.bool() {
            filter["createdAt"]["to"] = json!(entries[rng.usize(150..entries.len())].created_at);
        }
        let seen: Vec<&Entry> = entries.iter().filter(|entry| passes(entry, &filter)).collect();
        let expected = model(&seen, &by, zone);
        let variables = json!({ "where": filter, "by": by, "zone": name });
        for first in [200, 1 + rng.usize(0..expected.len().clamp(10, 60))] {
            let page = (first, "/data/inventoryFlowSummary");
            let nodes = all_pages(&shop, &platform, QUERY, variables.clone(), page).await;
            let found: Vec<_> = nodes.iter().map(|node| told(node, &by, zone)).collect();
            assert_eq!(found, expected, "{variables}, {first} a page");
            tried += nodes.len();
        }
    }
    assert!(tried > 1_000, "{tried} groups");
}

/// Years without an entry are no pages without a group.
async fn groups_that_lie_far_apart_are_found(database: &TestDatabase) {
    let writer = super::history::Writer::over(database).await;
    let at = |year: i32| Utc.with_ymd_and_hms(year, 6, 1, 12, 0, 0).unwrap();
    writer.set(at(1990));
    writer.create(1, 1, 1_000).await;
    for year in 1991..2026 {
        writer.set(at(year));
        writer.deduct(1, "line", 1).await;
    }
    let shop = Shop::over(database).await;
    let variables = json!({ "by": ["HOUR", "SKU"], "zone": "Europe/Berlin" });
    let platform = trusted("platform", None);
    // More than one page has time for.
    let answer = shop.ask(&platform, QUERY, variables.clone()).await;
    let page = answer.at("/data/inventoryFlowSummary");
    assert_eq!(page["pageInfo"]["hasNextPage"], true, "{page}");
    let page = (50, "/data/inventoryFlowSummary");
    let nodes = all_pages(&shop, &platform, QUERY, variables, page).await;
    let starts: Vec<&str> =
        nodes.iter().map(|node| node["periodStart"].as_str().unwrap()).collect();
    assert_eq!(starts.len(), 36);
    assert!(starts[0].starts_with("1990-06-01T12:00"), "{starts:?}");
    assert!(starts[35].starts_with("2025-06-01T12:00"), "{starts:?}");
}

async fn a_merchant_has_groups_of_its_own(database: &TestDatabase) {
    let entries = random(database, 3, 120, 20).await;
    let shop = Shop::over(database).await;
    for (caller, filter, merchant) in [
        (trusted("one", Some(1)), json!({}), 1),
        (trusted("two", Some(2)), json!({}), 2),
        (trusted("platform", None), json!({ "merchantId": "2" }), 2),
        // Whose SKUs are named makes no difference.
        (trusted("two", Some(2)), json!({ "skuId": ["1", "2", "5", "6"] }), 2),
    ] {
        for by in [vec!["DAY", "KIND"], vec!["SKU"], vec![], vec!["ORDER_DETAIL"]] {
            let own = entries.iter().filter(|entry| merchant_of(entry.sku_id) == merchant);
            let expected = model(&own.collect::<Vec<_>>(), &by, Tz::UTC);
            let variables = json!({ "where": filter, "by": by });
            let page = (7, "/data/inventoryFlowSummary");
            let nodes = all_pages(&shop, &caller, QUERY, variables, page).await;
            let found: Vec<_> = nodes.iter().map(|node| told(node, &by, Tz::UTC)).collect();
            assert_eq!(found, expected, "{filter} by {by:?}");
        }
    }
    let variables = json!({ "where": { "merchantId": "1" }, "by": [], "first": 5 });
    let answer = shop.ask(&trusted("two", Some(2)), QUERY, variables).await;
    assert_eq!(answer.field()["nodes"], json!([]));
}
