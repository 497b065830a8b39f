//! A server that is killed in the middle of its work has lost nothing that it acknowledged, and
//! doubles nothing when its clients ask again.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::support::{TestDatabase, TestServer, codes, on_each_database};

const BUYERS: usize = 16;
const ACKNOWLEDGED_BEFORE_THE_CRASH: usize = 150;

async fn a_killed_server_has_lost_and_doubled_nothing(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    for sku_id in 1..=3 {
        server.create(sku_id, 1_000_000).await;
    }
    let (told, mut telling) = mpsc::unbounded_channel();
    let server = std::sync::Arc::new(server);
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
    server: std::sync::Arc<TestServer>,
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
