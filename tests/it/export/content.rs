//! What is in an export: the entries that GraphQL lists under the same filter, in both forms, and
//! bytes from which each hash can be computed anew.

use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};
use tokio::process::Command;

use super::{CSV, JSON_LINES, TEXTS, export, ids, read, trade};
use crate::support::{TestDatabase, TestServer, on_each_database};

/// A filter as a query string, and as GraphQL spells it.
fn filters(first: &Value) -> Vec<(String, Value)> {
    let at = first["createdAt"].as_str().unwrap();
    let span = format!("createdAt.from=2020-01-01T00:00:00Z&createdAt.to={at}");
    [
        ("", json!({})),
        ("skuId=1", json!({ "skuId": ["1"] })),
        ("skuId=3&skuId=1&skuId=3", json!({ "skuId": ["1", "3"] })),
        ("skuId=99", json!({ "skuId": ["99"] })),
        ("kind=DEDUCTION&kind=REFUND", json!({ "kind": ["DEDUCTION", "REFUND"] })),
        ("merchantId=1", json!({ "merchantId": "1" })),
        ("merchantId=2", json!({ "merchantId": "2" })),
        ("actor=anonymous", json!({ "actor": ["anonymous"] })),
        ("actor=nobody", json!({ "actor": ["nobody"] })),
        ("orderDetailId=order%20take%200", json!({ "orderDetailId": ["order take 0"] })),
        ("idempotencyKey=%3Drefund", json!({ "idempotencyKey": "=refund" })),
        ("deductionId=4", json!({ "deductionId": "4" })),
        (
            "quantityTrade.min=-2&quantityTrade.max=5",
            json!({ "quantityTrade": { "min": -2, "max": 5 } }),
        ),
        ("quantityTrade.max=-8&skuId=2", json!({ "quantityTrade": { "max": -8 }, "skuId": ["2"] })),
        (
            "createdAt.from=2020-01-01T00:00:00Z&skuId=2",
            json!({ "createdAt": { "from": "2020-01-01T00:00:00Z" }, "skuId": ["2"] }),
        ),
        (
            "createdAt.from=2999-01-01T00:00:00%2B01:00",
            json!({ "createdAt": { "from": "2999-01-01T00:00:00+01:00" } }),
        ),
        (span.as_str(), json!({ "createdAt": { "from": "2020-01-01T00:00:00Z", "to": at } })),
    ]
    .map(|(query, filter)| (query.to_owned(), filter))
    .to_vec()
}

async fn a_filter_means_the_same_to_an_export_and_to_a_page(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    trade(&server).await;
    let (all, _manifest) = read(&export(&server, JSON_LINES).await);
    let query = "query($where: InventoryFlowWhere) { inventoryFlows(where: $where, first: 200, \
                 orderBy: OLDEST_FIRST) { nodes { id skuId merchantId sequence kind orderDetailId \
                 quantityTrade quantityBefore quantityAfter idempotencyKey actor reason createdAt \
                 deduction { id } } } }";
    for (parameters, filter) in filters(&all[5]) {
        let answer = server.graphql(query, json!({ "where": filter })).await;
        let mut listed: Vec<Value> = answer.field()["nodes"].as_array().unwrap().clone();
        listed.sort_by_key(|node| node["id"].as_str().unwrap().parse::<i64>().unwrap());
        let (entries, manifest) =
            read(&export(&server, &format!("{JSON_LINES}?{parameters}")).await);
        assert_eq!(ids(&entries), ids(&listed), "{parameters}");
        for (entry, mut node) in entries.iter().zip(listed) {
            let deduction = node.as_object_mut().unwrap().remove("deduction").unwrap();
            node["deductionId"] = deduction["id"].clone();
            for (name, value) in node.as_object().unwrap() {
                assert_eq!(entry[name], *value, "{parameters}: {name}");
            }
        }
        assert_eq!(manifest["rows"], entries.len());
        assert_eq!(manifest["firstId"], entries.first().map_or(Value::Null, |it| it["id"].clone()));
        assert_eq!(manifest["lastId"], entries.last().map_or(Value::Null, |it| it["id"].clone()));
        assert_eq!(manifest["unchained"], 0);
        for name in filter.as_object().unwrap().keys() {
            assert!(!manifest["filter"][name].is_null(), "{parameters}: {manifest}");
        }
    }
}

/// Whatever order and spelling a filter has, it is one filter.
async fn both_forms_say_the_same_and_a_filter_has_one_spelling(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    trade(&server).await;
    let (entries, manifest) = read(&export(&server, JSON_LINES).await);
    let csv = export(&server, CSV).await;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(csv.as_slice());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let last = records.pop().unwrap();
    assert_eq!(&last[0], "#manifest");
    let of_csv: Value = serde_json::from_str(&last[1]).unwrap();
    for member in ["filter", "lastFlowId", "firstId", "lastId", "rows"] {
        assert_eq!(of_csv[member], manifest[member]);
    }
    assert_eq!(records.len(), entries.len());
    for (record, entry) in records.iter().zip(&entries) {
        for (name, cell) in names.iter().zip(record) {
            let text = match &entry[name] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                number => number.to_string(),
            };
            let is_number = entry[name].is_number();
            let cell = if is_number { cell } else { cell.strip_prefix('\'').unwrap_or(cell) };
            assert_eq!(cell, text, "{name}");
            let first = record.get(names.iter().position(|it| it == name).unwrap()).unwrap();
            let formula = first.starts_with(['=', '+', '@', '\u{ff1d}'])
                || first.starts_with('-') && !is_number;
            assert!(!formula, "{name}: {first}");
        }
    }
    let reasons = entries.iter().filter_map(|entry| entry["reason"].as_str());
    assert_eq!(reasons.filter(|reason| TEXTS.contains(reason)).count(), TEXTS.len());

    let cut = manifest["lastFlowId"].as_str().unwrap();
    let spellings = [
        format!("{CSV}?skuId=1&skuId=2&kind=REFUND&kind=DEDUCTION&lastFlowId={cut}"),
        format!("{CSV}?kind=DEDUCTION&lastFlowId={cut}&skuId=2&kind=REFUND&skuId=1&skuId=2"),
    ];
    assert_eq!(export(&server, &spellings[0]).await, export(&server, &spellings[1]).await);
}

/// Runs tests/conformance/chain.py over an export.
async fn chain(bytes: &[u8]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flows.jsonl");
    std::fs::write(&path, bytes).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/chain.py");
    Command::new("python3").arg(script).arg(&path).output().await.unwrap()
}

async fn whoever_has_an_export_can_compute_its_hashes_anew(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    trade(&server).await;
    let bytes = export(&server, JSON_LINES).await;
    let proven = chain(&bytes).await;
    assert!(proven.status.success(), "{}", String::from_utf8_lossy(&proven.stderr));
    assert!(String::from_utf8_lossy(&proven.stdout).contains("12 entries of 3 SKUs fit"));

    let text = String::from_utf8(bytes).unwrap();
    let forged = text.replacen("\"quantityTrade\":5,", "\"quantityTrade\":4,", 1);
    assert_ne!(forged, text);
    let refuted = chain(forged.as_bytes()).await;
    assert!(!refuted.status.success());
    assert!(String::from_utf8_lossy(&refuted.stderr).contains("entry 4: the hash is"));
}

on_each_database!(
    a_filter_means_the_same_to_an_export_and_to_a_page,
    both_forms_say_the_same_and_a_filter_has_one_spelling,
    whoever_has_an_export_can_compute_its_hashes_anew,
);
