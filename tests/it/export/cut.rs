//! Where an export ends, and that the same end makes the same bytes for ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::ConnectionTrait as _;
use serde_json::json;

use super::{CSV, JSON_LINES, export, ids, read, trade};
use crate::support::{Answer, Kind, TestDatabase, TestServer, code, on_each_database};

async fn the_same_cut_has_the_same_bytes_after_more_sales(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    trade(&server).await;
    for path in [CSV, JSON_LINES] {
        let before = export(&server, path).await;
        let (_entries, manifest) = read(&export(&server, JSON_LINES).await);
        let cut = manifest["lastFlowId"].as_str().unwrap().to_owned();
        for sale in 0..10 {
            let key = format!("{path} {sale}");
            server.mutate("inventoryDeduct", TestServer::deduction(&key, 1, 1)).await;
        }
        let after = export(&server, path).await;
        assert!(after.len() > before.len());
        let again = export(&server, &format!("{path}?lastFlowId={cut}")).await;
        assert_eq!(String::from_utf8(again), String::from_utf8(before));
    }
    // A cut may lie anywhere.
    let (entries, manifest) = read(&export(&server, &format!("{JSON_LINES}?lastFlowId=5")).await);
    assert_eq!(ids(&entries), [1, 2, 3, 4, 5]);
    assert_eq!(manifest["lastFlowId"], "5");
}

/// How many exports are made while others sell.
const EXPORTS: usize = 30;

/// Two servers of four lanes each write, so that ids come to be seen in another order than they are
/// given in. (On MariaDB the gaps that its statements leave keep the cut back.)
async fn what_was_exported_under_load_stays_what_it_was(database: &TestDatabase) {
    let lanes = ["--ledger-lanes", "4"];
    let one = Arc::new(TestServer::start_with(&database.url, &lanes, &[]).await);
    let other = Arc::new(TestServer::start_with(&database.url, &lanes, &[]).await);
    for sku_id in 1..=8 {
        one.create(sku_id, 1_000_000).await;
    }
    let is_over = Arc::new(AtomicBool::new(false));
    let buyers: Vec<_> = (0..8_i64)
        .map(|buyer| {
            let server = Arc::clone(if buyer % 2 == 0 { &one } else { &other });
            let is_over = Arc::clone(&is_over);
            tokio::spawn(async move {
                let mut sale = 0;
                while !is_over.load(Ordering::Relaxed) {
                    let key = format!("{buyer} {sale}");
                    let input = TestServer::deduction(&key, 1 + (buyer + sale) % 8, 1);
                    server.mutate("inventoryDeduct", input).await;
                    sale += 1;
                }
            })
        })
        .collect();
    let mut exports: Vec<(String, Vec<u8>)> = Vec::new();
    while exports.len() < EXPORTS {
        let bytes = export(&one, JSON_LINES).await;
        let (entries, manifest) = read(&bytes);
        assert!(ids(&entries).is_sorted_by(|one, next| one < next));
        // The first SKUs are on the books without a gap.
        exports.push((manifest["lastFlowId"].as_str().unwrap().to_owned(), bytes));
    }
    is_over.store(true, Ordering::Relaxed);
    for buyer in buyers {
        buyer.await.unwrap();
    }
    for (cut, bytes) in exports {
        let again = export(&other, &format!("{JSON_LINES}?lastFlowId={cut}")).await;
        assert_eq!(String::from_utf8(again), String::from_utf8(bytes), "up to {cut}");
    }
}

/// A gap among new ids may yet be filled.
async fn what_is_behind_a_gap_is_settled_later(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    trade(&server).await;
    // As if another transaction had been given the ids between.
    let skip = match database.kind {
        Kind::Sqlite => "UPDATE sqlite_sequence SET seq = 20 WHERE name = 't_inventory_flow'",
        Kind::MariaDb => "ALTER TABLE t_inventory_flow AUTO_INCREMENT = 21",
        Kind::Postgres => "SELECT setval('t_inventory_flow_id_seq', 20)",
    };
    database.plain().await.execute_unprepared(skip).await.unwrap();
    server.mutate("inventoryDeduct", TestServer::deduction("behind", 1, 1)).await;
    let cut = async || read(&export(&server, JSON_LINES).await).1["lastFlowId"].clone();
    if database.kind == Kind::Sqlite {
        assert_eq!(cut().await, "21", "a file has one writer");
        return;
    }
    assert_eq!(cut().await, "12");
    let refused = server.get(&format!("{CSV}?lastFlowId=13")).await;
    assert_eq!(refused.status().as_u16(), 400);
    let refused = Answer(refused.json().await.unwrap());
    assert_eq!(code(&refused), "INVALID_ARGUMENT");
    assert_eq!(*refused.at("/errors/0/extensions/field"), json!(["lastFlowId"]));
    let told = refused.at("/errors/0/message").as_str().unwrap();
    assert!(told.contains("is not settled yet; ask for 12 at most"), "{told}");
    assert!(!export(&server, &format!("{CSV}?lastFlowId=12")).await.is_empty());
}

on_each_database!(
    the_same_cut_has_the_same_bytes_after_more_sales,
    what_was_exported_under_load_stays_what_it_was,
    what_is_behind_a_gap_is_settled_later,
);

/// Once it is old enough, nobody waits for a gap any more.
async fn an_old_gap_holds_nothing_up(database: &TestDatabase) {
    crate::plans::fill(&database.plain().await).await;
    let plain = database.plain().await;
    plain.execute_unprepared("DELETE FROM t_inventory_flow WHERE id = 150000").await.unwrap();
    let server = TestServer::start(database).await;
    let query = format!("{JSON_LINES}?kind=ADJUSTMENT&skuId=1&skuId=2&skuId=3");
    let (entries, manifest) = read(&export(&server, &query).await);
    assert_eq!(manifest["lastFlowId"], crate::plans::ENTRIES.to_string());
    let (_all, manifest) = read(&export(&server, JSON_LINES).await);
    assert_eq!(manifest["rows"], crate::plans::ENTRIES - 1);
    let narrow = format!(
        "{JSON_LINES}?createdAt.from=2023-11-15T22:13:20Z&createdAt.to=2023-11-15T22:13:30Z"
    );
    // Entry n is of second n.
    let (within, _manifest) = read(&export(&server, &narrow).await);
    assert_eq!(ids(&within), (86_400..86_410).collect::<Vec<_>>());
    assert!(entries.iter().all(|entry| entry["kind"] == "ADJUSTMENT"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_gap_holds_nothing_up_on_sqlite() {
    an_old_gap_holds_nothing_up(&TestDatabase::fresh(Kind::Sqlite).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_gap_holds_nothing_up_on_mariadb() {
    let Some(database) = TestDatabase::fresh(Kind::MariaDb).await else { return };
    an_old_gap_holds_nothing_up(&database).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_gap_holds_nothing_up_on_postgres() {
    let Some(database) = TestDatabase::fresh(Kind::Postgres).await else { return };
    an_old_gap_holds_nothing_up(&database).await;
}
