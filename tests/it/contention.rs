//! Somebody else holds a lock for longer than the server is patient: its clients are told that they
//! may try again, and trying again works.

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database};
use serde_json::{Value, json};

use crate::support::{Kind, TestDatabase, TestServer, code, codes, on_each_database};

const IMPATIENT: (&str, &str) = ("STOCKFLOW_DATABASE__LOCK_TIMEOUT_MS", "1000");

async fn contention_that_lasts_is_busy_and_trying_again_works(database: &TestDatabase) {
    let server = TestServer::start_with(&database.url, &[], &[IMPATIENT]).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    let input = TestServer::deduction("a", 1001, 1);
    let answer = server.try_mutate("inventoryDeduct", input.clone()).await.unwrap();
    assert_eq!(code(&answer), "BUSY", "{}", answer.0);
    assert_eq!(answer.at("/errors/0/extensions/retryable"), true);
    let text = answer.at("/errors/0/message").as_str().unwrap();
    assert!(text.contains("with the same idempotency key"), "{text}");
    assert_eq!(server.left(1001).await, 10, "whoever only reads is not kept waiting");

    held.rollback().await.unwrap();
    let payload = server.mutate("inventoryDeduct", input).await;
    assert_eq!((codes(&payload), &payload["replayed"]), (vec![], &json!(false)));
}

/// One SKU that somebody holds does not keep the others from being sold, though their buyers stand
/// in the same queue.
async fn a_locked_sku_does_not_hold_up_the_others(database: &TestDatabase) {
    if database.kind == Kind::Sqlite {
        // Its only lock is that of the whole file.
        return;
    }
    let server = TestServer::start_with(&database.url, &[], &[IMPATIENT]).await;
    for sku_id in 1001..=1004 {
        server.create(sku_id, 10).await;
    }
    let held = database.lock_stock(1001).await;
    let buyers = (0..24).map(|buyer| {
        let input = TestServer::deduction(&format!("buyer {buyer}"), 1001 + buyer % 4, 1);
        server.try_mutate("inventoryDeduct", input)
    });
    let answers = futures_util::future::join_all(buyers).await;
    for (buyer, answer) in answers.into_iter().enumerate() {
        let answer = answer.unwrap();
        if buyer % 4 == 0 {
            assert_eq!(code(&answer), "BUSY", "{}", answer.0);
        } else {
            assert_eq!(codes(answer.field()), [""; 0], "{}", answer.0);
        }
    }
    held.rollback().await.unwrap();
    assert_eq!((server.left(1001).await, server.left(1002).await), (10, 4));
}

async fn a_queue_that_is_full_refuses_at_once(database: &TestDatabase) {
    let small =
        [IMPATIENT, ("STOCKFLOW_LEDGER__QUEUE_MAX", "1"), ("STOCKFLOW_LEDGER__BATCH_MAX", "1")];
    let server = TestServer::start_with(&database.url, &[], &small).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    // One is being carried out, one waits; of the others each is refused while those two are still
    // stuck, so the first answer of all is a refusal.
    let ask = |request: u8| {
        let input = TestServer::deduction(&format!("request {request}"), 1001, 1);
        Box::pin(server.try_mutate("inventoryDeduct", input))
    };
    let (first, _place, rest) = futures_util::future::select_all((0..4).map(ask)).await;
    assert_eq!(code(&first.unwrap()), "BUSY");
    drop(rest);
    held.rollback().await.unwrap();
    // Those whose callers have gone may still be in the way for a moment.
    loop {
        let input = TestServer::deduction("last", 1001, 1);
        let answer = server.try_mutate("inventoryDeduct", input).await.unwrap();
        if code(&answer) != "BUSY" {
            assert_eq!(codes(answer.field()), [""; 0]);
            break;
        }
    }
}

/// A table as a whole, as somebody holds it who changes it.
async fn a_locked_table_is_busy_for_readers_too(database: &TestDatabase) {
    let (lock, unlock) = match database.kind {
        // Its readers read beside whoever writes.
        Kind::Sqlite => return,
        Kind::MariaDb => ("LOCK TABLES t_inventory WRITE", "UNLOCK TABLES"),
        Kind::Postgres => ("BEGIN; LOCK TABLE t_inventory", "COMMIT"),
    };
    let server = TestServer::start_with(&database.url, &[], &[IMPATIENT]).await;
    server.create(1001, 10).await;
    // One connection, so that it has what it locked.
    let mut options = ConnectOptions::new(&database.url);
    let somebody = Database::connect(options.max_connections(1).to_owned()).await.unwrap();
    somebody.execute_unprepared(lock).await.unwrap();
    let query = "{ inventory(skuId: 1001, consistency: PRIMARY) { leavedAmount } }";
    let answer = server.graphql(query, Value::Null).await;
    assert_eq!(code(&answer), "BUSY", "{}", answer.0);
    let input = TestServer::deduction("a", 1001, 1);
    let answer = server.try_mutate("inventoryDeduct", input.clone()).await.unwrap();
    assert_eq!(code(&answer), "BUSY", "{}", answer.0);
    somebody.execute_unprepared(unlock).await.unwrap();
    assert_eq!(codes(&server.mutate("inventoryDeduct", input).await), [""; 0]);
    assert_eq!(server.left(1001).await, 9);
}

on_each_database!(
    contention_that_lasts_is_busy_and_trying_again_works,
    a_locked_sku_does_not_hold_up_the_others,
    a_queue_that_is_full_refuses_at_once,
    a_locked_table_is_busy_for_readers_too,
);
