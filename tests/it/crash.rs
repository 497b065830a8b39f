//! Whatever is killed or cut in the middle of the work, server, database or the network between
//! them: nothing that was acknowledged is lost, and nothing is doubled when clients ask again.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::servers::{OwnServer, ServerKind};
use crate::support::proxy::Proxy;
use crate::support::{Kind, TestDatabase, TestServer, books, codes, on_each_database};

const BUYERS: usize = 16;
const ACKNOWLEDGED_BEFORE_THE_CRASH: usize = 150;

async fn a_killed_server_has_lost_and_doubled_nothing(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    for sku_id in 1..=3 {
        server.create(sku_id, 1_000_000).await;
    }
    let (told, mut telling) = mpsc::unbounded_channel();
    let server = Arc::new(server);
    let buyers: Vec<_> = (0..BUYERS)
        .map(|buyer| tokio::spawn(buy_until_it_dies(server.clone(), buyer, told.clone())))
        .collect();
    drop(told);
    let mut acknowledged: BTreeMap<String, Value> = BTreeMap::new();
    while acknowledged.len() < ACKNOWLEDGED_BEFORE_THE_CRASH {
        let (key, payload) = telling.recv().await.expect("buyers buy until the crash");
        acknowledged.insert(key, payload);
    }
    server.kill();
    let unknown: Vec<String> =
        join_all(buyers).await.into_iter().filter_map(Result::unwrap).collect();
    while let Ok((key, payload)) = telling.try_recv() {
        acknowledged.insert(key, payload);
    }

    let server = TestServer::start(database).await;
    for (key, payload) in &acknowledged {
        let again = server.mutate("inventoryDeduct", purchase(key)).await;
        assert_eq!(again["replayed"], true, "{key} was lost");
        assert_eq!(again["flow"]["id"], payload["flow"]["id"], "{key} was doubled");
    }
    for key in &unknown {
        for _attempt in 0..2 {
            let payload = server.mutate("inventoryDeduct", purchase(key)).await;
            assert_eq!(codes(&payload), [""; 0]);
        }
    }
    let mut left = 0;
    for sku_id in 1..=3 {
        left += server.left(sku_id).await;
    }
    let bought = i64::try_from(acknowledged.len() + unknown.len()).unwrap();
    assert_eq!(left, 3_000_000 - bought, "each purchase took one unit, once");
}

fn purchase(key: &str) -> Value {
    let sku_id = 1 + i64::try_from(key.len()).unwrap() % 3;
    TestServer::deduction(key, sku_id, 1)
}

/// Buys one unit after the other; answers the key of the purchase whose answer never came.
async fn buy_until_it_dies(
    server: Arc<TestServer>,
    buyer: usize,
    told: mpsc::UnboundedSender<(String, Value)>,
) -> Option<String> {
    for purchase_number in 0.. {
        let key = format!("{buyer}-{purchase_number}");
        match server.try_mutate("inventoryDeduct", purchase(&key)).await {
            Ok(answer) => {
                // The receiver goes when the test has failed; there is nobody to tell then.
                told.send((key, answer.field().clone())).ok()?;
            }
            Err(_the_connection_broke) => return Some(key),
        }
    }
    None
}

on_each_database!(a_killed_server_has_lost_and_doubled_nothing);

/// The database is killed while buyers buy, and comes back; they ask on until they are answered.
async fn a_killed_database_has_lost_and_doubled_nothing(kind: ServerKind) {
    let Some(mut own) = OwnServer::start(kind).await else { return };
    let url = own.create_database().await;
    let server = Arc::new(TestServer::start_with(&url, &[], &[]).await);
    for sku_id in 1..=3 {
        server.create(sku_id, 1_000_000).await;
    }
    let (told, mut telling) = mpsc::unbounded_channel();
    let buyers: Vec<_> = (0..BUYERS)
        .map(|buyer| tokio::spawn(buy_stubbornly(server.clone(), buyer, told.clone())))
        .collect();
    drop(told);
    for _purchase in 0..ACKNOWLEDGED_BEFORE_THE_CRASH {
        telling.recv().await.expect("buyers buy");
    }
    own.kill();
    own.restart().await;
    for buyer in buyers {
        buyer.await.unwrap();
    }
    let mut left = 0;
    for sku_id in 1..=3 {
        left += server.left(sku_id).await;
    }
    let bought = i64::try_from(BUYERS * PURCHASES).unwrap();
    assert_eq!(left, 3_000_000 - bought, "each purchase took one unit, once");
    books::audit(&sea_orm::Database::connect(&url).await.unwrap()).await;
}

const PURCHASES: usize = 40;

/// Buys [`PURCHASES`] units, each under a key of its own, and asks again while the answer is that
/// asking again may help.
async fn buy_stubbornly(server: Arc<TestServer>, buyer: usize, told: mpsc::UnboundedSender<()>) {
    for purchase_number in 0..PURCHASES {
        let key = format!("{buyer}-{purchase_number}");
        loop {
            let answer = server.try_mutate("inventoryDeduct", purchase(&key)).await.unwrap();
            let payload = answer.at("/data/inventoryDeduct");
            if payload["flow"]["id"].is_string() {
                assert_eq!(codes(payload), [""; 0]);
                break;
            }
            assert_eq!(answer.at("/errors/0/extensions/retryable"), true, "{}", answer.0);
        }
        // The one who counts may have counted enough.
        told.send(()).ok();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_mariadb_has_lost_and_doubled_nothing() {
    a_killed_database_has_lost_and_doubled_nothing(ServerKind::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_postgres_has_lost_and_doubled_nothing() {
    a_killed_database_has_lost_and_doubled_nothing(ServerKind::Postgres).await;
}

/// The worst moment: the commit has happened, and the connection is gone before the answer. The
/// ledger carries the batch out again, recognises what it wrote, and answers it as done.
async fn a_commit_whose_answer_is_lost_is_found_and_answered(kind: Kind) {
    let Some(database) = TestDatabase::fresh(kind).await else { return };
    let (proxy, url) = Proxy::start(&database.url).await;
    let server = TestServer::start_with(&url, &[], &[]).await;
    server.create(1, 100).await;
    for round in 0..5 {
        proxy.lose_commits(1 + round % 3);
        let key = format!("round {round}");
        let payload = server.mutate("inventoryDeduct", TestServer::deduction(&key, 1, 1)).await;
        assert_eq!(codes(&payload), [""; 0]);
        assert_eq!(payload["flow"]["idempotencyKey"], key);
        assert_eq!(proxy.commits_to_lose(), 0, "the commits were lost");
    }
    assert_eq!(server.left(1).await, 95);
    database.audit().await;
}

#[tokio::test]
async fn a_commit_whose_answer_mariadb_lost_is_found_and_answered() {
    a_commit_whose_answer_is_lost_is_found_and_answered(Kind::MariaDb).await;
}

#[tokio::test]
async fn a_commit_whose_answer_postgres_lost_is_found_and_answered() {
    a_commit_whose_answer_is_lost_is_found_and_answered(Kind::Postgres).await;
}
