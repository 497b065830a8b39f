//! The server, or the database, is killed in the middle of a bulk: sent again as it was, it finds
//! what was done and does the rest; nothing is lost, and nothing is done twice.

use std::sync::Arc;

use serde_json::Value;

use super::{deduction, each, outcomes, together, try_many};
use crate::servers::{OwnServer, ServerKind};
use crate::support::metrics::begun;
use crate::support::proxy::Proxy;
use crate::support::{Kind, TestDatabase, TestServer, books, on_each_database};

const SKUS: i64 = 3;

fn lines(name: &str, count: i64) -> Vec<Value> {
    (0..count).map(|line| deduction(&format!("{name} {line}"), 1001 + line % SKUS, 1)).collect()
}

async fn start(database: &TestDatabase, batch_max: &str) -> TestServer {
    TestServer::start_with(&database.url, &["--ledger-batch-max", batch_max], &[]).await
}

async fn left(server: &TestServer) -> i64 {
    let mut left = 0;
    for sku_id in 1001..1001 + SKUS {
        left += server.left(sku_id).await;
    }
    left
}

async fn a_bulk_that_was_killed_is_finished_when_it_comes_again(database: &TestDatabase) {
    let server = start(database, "40").await;
    for sku_id in 1001..1001 + SKUS {
        server.create(sku_id, 10_000).await;
    }
    let lines = lines("line", 3_000);
    let before = begun(&server.metrics().await);
    let bulk = try_many(&server, "inventoryDeductMany", &lines, "REJECT_FAILED");
    let kill = async {
        server.metrics_when(|text| begun(text) > before + 200).await;
        server.kill();
    };
    let (answer, ()) = tokio::join!(bulk, kill);
    assert!(answer.is_err(), "it was killed before it could answer");

    let server = start(database, "500").await;
    let payload = each(&server, &lines).await;
    for outcome in outcomes(&payload) {
        assert!(["WRITTEN", "REPLAYED"].contains(&outcome), "{outcome}");
    }
    assert!(payload["replayedCount"].as_i64().unwrap() > 100, "{}", payload["replayedCount"]);
    assert!(payload["writtenCount"].as_i64().unwrap() > 0);
    assert_eq!(left(&server).await, 27_000);
}

/// Whenever it is killed, a bundle is there as a whole or not at all.
async fn a_bundle_that_was_killed_is_there_as_a_whole_or_not_at_all(database: &TestDatabase) {
    let server = start(database, "40").await;
    for sku_id in 1001..1001 + SKUS {
        server.create(sku_id, 100_000).await;
    }
    drop(server);
    let mut taken = 0;
    for round in 0..4_u32 {
        let server = start(database, "40").await;
        let bundle = lines(&format!("round {round}"), 3_000);
        let before = begun(&server.metrics().await);
        let sent = try_many(&server, "inventoryDeductMany", &bundle, "REJECT_ALL");
        let kill = async {
            server.metrics_when(|text| begun(text) > before).await;
            // A little later each time.
            for _look in 0..round * 8 {
                server.metrics().await;
            }
            server.kill();
        };
        let (answer, ()) = tokio::join!(sent, kill);

        let server = start(database, "40").await;
        let there = 300_000 - taken - left(&server).await;
        assert!(there == 0 || there == 3_000, "{there} of 3,000");
        if answer.is_ok() {
            assert_eq!(there, 3_000, "it was answered");
        }
        let payload = together(&server, &bundle).await;
        let expected = if there == 0 { "WRITTEN" } else { "REPLAYED" };
        assert_eq!(outcomes(&payload), vec![expected; 3_000]);
        taken += 3_000;
        assert_eq!(left(&server).await, 300_000 - taken);
    }
}

on_each_database!(
    a_bulk_that_was_killed_is_finished_when_it_comes_again,
    a_bundle_that_was_killed_is_there_as_a_whole_or_not_at_all,
);

/// The database is killed, and comes back: what failed is told line by line, or the bulk as a whole,
/// and is sent again until all is done.
async fn a_database_that_is_killed_loses_and_doubles_nothing(kind: ServerKind) {
    let Some(mut own) = OwnServer::start(kind).await else { return };
    let url = own.create_database().await;
    let server = Arc::new(TestServer::start_with(&url, &["--ledger-batch-max", "40"], &[]).await);
    for sku_id in 1001..1001 + SKUS {
        server.create(sku_id, 10_000).await;
    }
    let before = begun(&server.metrics().await);
    let stubborn = |name: &'static str, policy: &'static str| {
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            let lines = lines(name, 2_000);
            loop {
                let answer =
                    try_many(&server, "inventoryDeductMany", &lines, policy).await.unwrap();
                let payload = answer.at("/data/inventoryDeductMany");
                if payload.is_null() {
                    assert_eq!(answer.at("/errors/0/extensions/retryable"), true, "{}", answer.0);
                    continue;
                }
                let told = outcomes(payload);
                if told.iter().all(|one| ["WRITTEN", "REPLAYED"].contains(one)) {
                    return;
                }
                let failed = payload["results"].as_array().unwrap().iter();
                let failed = failed.filter(|line| line["outcome"] == "FAILED");
                assert!(failed.into_iter().all(|line| line["failure"]["retryable"] == true));
            }
        })
    };
    let bulks = [stubborn("each", "REJECT_FAILED"), stubborn("together", "REJECT_ALL")];
    server.metrics_when(|text| begun(text) > before + 100).await;
    own.kill();
    own.restart().await;
    for bulk in bulks {
        bulk.await.unwrap();
    }
    assert_eq!(left(&server).await, 26_000);
    books::audit(&sea_orm::Database::connect(&url).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mariadb_that_is_killed_loses_and_doubles_nothing() {
    a_database_that_is_killed_loses_and_doubles_nothing(ServerKind::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_is_killed_loses_and_doubles_nothing() {
    a_database_that_is_killed_loses_and_doubles_nothing(ServerKind::Postgres).await;
}

/// The commit has happened, and the connection is gone before the answer.
async fn a_bundle_whose_commit_was_not_answered_is_found_and_answered(kind: Kind) {
    let Some(database) = TestDatabase::fresh(kind).await else { return };
    let (proxy, url) = Proxy::start(&database.url).await;
    let server = TestServer::start_with(&url, &[], &[]).await;
    for sku_id in 1001..1001 + SKUS {
        server.create(sku_id, 1_000).await;
    }
    for round in 0..3 {
        proxy.lose_commits(1);
        let payload = together(&server, &lines(&format!("round {round}"), 60)).await;
        let told = outcomes(&payload);
        assert!(told.iter().all(|one| ["WRITTEN", "REPLAYED"].contains(one)), "{told:?}");
        assert_eq!(proxy.commits_to_lose(), 0, "the commit was lost");
    }
    assert_eq!(left(&server).await, 3_000 - 180);
    database.audit().await;
}

#[tokio::test]
async fn a_bundle_whose_commit_mariadb_did_not_answer_is_found_and_answered() {
    a_bundle_whose_commit_was_not_answered_is_found_and_answered(Kind::MariaDb).await;
}

#[tokio::test]
async fn a_bundle_whose_commit_postgres_did_not_answer_is_found_and_answered() {
    a_bundle_whose_commit_was_not_answered_is_found_and_answered(Kind::Postgres).await;
}
