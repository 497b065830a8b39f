//! Whoever begins in the past, or falls behind, is told all of it, and then goes on with the others.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::json;
use stockflow::domain::{FlowCursor, FlowId, SkuId};
use stockflow::live::LiveSettings;

use super::{AFTER, ALL, Shop, after};
use crate::support::{TestDatabase, ledger, on_each_database};

const SKUS: i64 = 6;
const DEDUCTIONS: i64 = 60;

/// Few entries are kept, so that everybody falls behind.
fn few() -> LiveSettings {
    LiveSettings {
        poll_interval: Duration::from_millis(50),
        buffer_entries: 20,
        ..LiveSettings::default()
    }
}

async fn ids(database: &TestDatabase) -> Vec<i64> {
    let plain = database.plain().await;
    let sql = "SELECT id FROM t_inventory_flow ORDER BY id";
    let statement = Statement::from_string(plain.get_database_backend(), sql);
    let rows = plain.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// Two servers write as fast as they can, and all the while some listen: one at the pace of the
/// writers, one that begins late, one who takes nothing until the end, and one who keeps coming again.
async fn under_load_everybody_is_told_everything_once(database: &TestDatabase) {
    let shop = Arc::new(Shop::with(database.connect().await, few()));
    let others = [shop.ledger.clone(), ledger::start(database).await];
    let opening = shop.submit(ledger::create("c0", 100, 1)).await;
    let first = opening.id.0;
    let mut in_step = shop.subscribe(ALL, json!({})).await;
    let mut slow = shop.subscribe(ALL, json!({})).await;
    for sku_id in 1..=SKUS {
        shop.submit(ledger::create(&format!("c{sku_id}"), sku_id, 1_000)).await;
    }
    let writers = (1..=SKUS).map(|sku_id| {
        let ledger = others[usize::try_from(sku_id).unwrap() % 2].clone();
        tokio::spawn(async move {
            for number in 0..DEDUCTIONS {
                let deduct = ledger::deduct(&format!("d{sku_id}-{number}"), sku_id, 1);
                ledger::done(ledger.submit(deduct).await.unwrap());
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let total = usize::try_from(SKUS * DEDUCTIONS + SKUS).unwrap();

    let again = {
        let shop = Arc::clone(&shop);
        tokio::spawn(async move {
            let mut cursor = json!(encoded(FlowCursor::from(&opening)));
            let mut ids = Vec::new();
            while ids.len() < total {
                let mut told = shop.subscribe(AFTER, after(&cursor)).await;
                for _event in 0..37.min(total - ids.len()) {
                    let edge = told.next().await;
                    cursor = edge["cursor"].clone();
                    ids.push(super::id(&edge));
                }
            }
            ids
        })
    };
    let in_step = in_step.ids(total).await;
    for writer in writers {
        writer.await.unwrap();
    }
    let expected: Vec<i64> = ids(database).await.into_iter().filter(|id| *id > first).collect();
    assert_eq!(expected.len(), total);
    assert_eq!(in_step, expected);
    assert_eq!(again.await.unwrap(), expected);
    assert_eq!(slow.ids(total).await, expected);
    assert_ne!(shop.metric("catch_up_pages_total"), 0, "somebody fell behind");
    let mut late = shop.subscribe(AFTER, after(&json!(opaque(0)))).await;
    assert_eq!(late.ids(total + 1).await, ids(database).await);
    shop.looks().await;
    assert_eq!((slow.now(), late.now()), (None, None));
}

/// A cursor that is of no entry.
pub fn opaque(id: i64) -> String {
    encoded(FlowCursor {
        id: FlowId(id),
        sku_id: SkuId(1),
        sequence: 1,
        created_at: DateTime::UNIX_EPOCH,
    })
}

fn encoded(cursor: FlowCursor) -> String {
    URL_SAFE_NO_PAD.encode(cursor.to_string())
}

/// What is rare is looked for in one stretch of the history after the other; ids that were left out by
/// the million are passed by at once.
async fn what_is_rare_is_found_however_far_apart(database: &TestDatabase) {
    let shop = Shop::with(database.connect().await, few());
    shop.submit(ledger::create("c1", 1, 1_000)).await;
    shop.submit(ledger::create("c2", 2, 1_000)).await;
    let plain = database.plain().await;
    let mut rare = Vec::new();
    for round in 0..3 {
        rare.push(shop.submit(ledger::deduct(&format!("rare {round}"), 2, 7)).await.id.0);
        for number in 0..25 {
            shop.submit(ledger::deduct(&format!("d{round}-{number}"), 1, 1)).await;
        }
        // From now on ids are ten million further.
        let next = rare[round] + 10_000_000;
        plain
            .execute_unprepared(&match database.kind {
                crate::support::Kind::Sqlite => {
                    format!(
                        "UPDATE sqlite_sequence SET seq = {next} WHERE name = 't_inventory_flow'"
                    )
                }
                crate::support::Kind::MariaDb => {
                    format!("ALTER TABLE t_inventory_flow AUTO_INCREMENT = {next}")
                }
                crate::support::Kind::Postgres => {
                    format!("SELECT setval('t_inventory_flow_id_seq', {next})")
                }
            })
            .await
            .unwrap();
    }
    let filter = json!({ "after": opaque(0), "where": { "quantityTrade": { "min": 7 } } });
    let mut told = shop.subscribe(AFTER, filter).await;
    assert_eq!(told.ids(3).await, rare);
    let pages = shop.metric("catch_up_pages_total");
    assert!(pages < 20, "{pages} pages");
    let next = shop.submit(ledger::deduct("rare again", 2, 7)).await.id.0;
    assert_eq!(told.id().await, next);
}

on_each_database!(
    under_load_everybody_is_told_everything_once,
    what_is_rare_is_found_however_far_apart,
);
