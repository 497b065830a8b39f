//! Whoever would wait for too long, or finds no room to wait in, is told when to come back; what
//! they asked for is not done behind their back, and what waits is.

use serde_json::{Value, json};

use crate::support::metrics::{begun, waiting};
use crate::support::{Answer, TestDatabase, TestServer, code, codes, on_each_database};

/// One command at a time, so that a test knows which one is stuck.
const ONE_BY_ONE: [&str; 4] = ["--ledger-lanes", "1", "--ledger-batch-max", "1"];

/// Starts a server over one SKU, 1001, of 10 units. The ledger has begun one command then.
async fn start(database: &TestDatabase, arguments: &[&str]) -> TestServer {
    let arguments = [&ONE_BY_ONE, arguments].concat();
    let server = TestServer::start_with(&database.url, &arguments, &[]).await;
    server.create(1001, 10).await;
    server
}

fn unit(key: &str) -> Value {
    TestServer::deduction(key, 1001, 1)
}

/// It may be asked again, and when.
fn assert_busy(answer: &Answer) {
    let extensions = answer.at("/errors/0/extensions");
    assert_eq!(code(answer), "BUSY", "{}", answer.0);
    assert_eq!(extensions["retryable"], true, "{}", answer.0);
    assert!(extensions["retryAfterMs"].as_u64().is_some_and(|ms| ms > 0), "{}", answer.0);
}

/// What was written under a key.
async fn written(server: &TestServer, key: &str) -> Value {
    let query = "query($key: String!) { inventoryOperation(idempotencyKey: $key) { createdAt } }";
    server.graphql(query, json!({ "key": key })).await.field().clone()
}

async fn what_waited_for_too_long_is_busy_and_never_carried_out(database: &TestDatabase) {
    let server = start(database, &["--ledger-deadline-ms", "500"]).await;
    let held = database.lock_stock(1001).await;
    let stuck = server.try_mutate("inventoryDeduct", unit("stuck"));
    let behind_it = async {
        server.metrics_when(|text| begun(text) == 2).await;
        let late = server.try_mutate("inventoryDeduct", unit("late")).await.unwrap();
        held.rollback().await.unwrap();
        late
    };
    let (stuck, late) = tokio::join!(stuck, behind_it);
    assert_busy(&late);
    assert_eq!(codes(stuck.unwrap().field()), [""; 0], "it had been begun");

    // Whatever had waited before this one is done by now, if it is done at all.
    server.mutate("inventoryDeduct", unit("next")).await;
    assert_eq!(written(&server, "late").await, Value::Null);
    assert_eq!(server.left(1001).await, 8);
    let payload = server.mutate("inventoryDeduct", unit("late")).await;
    assert_eq!((codes(&payload), &payload["replayed"]), (vec![], &json!(false)));
    assert_eq!(server.left(1001).await, 7);
}

async fn a_full_queue_says_when_to_come_back_and_what_is_in_it_is_done(database: &TestDatabase) {
    let server = start(database, &["--ledger-queue-max", "1"]).await;
    let held = database.lock_stock(1001).await;
    let stuck = server.try_mutate("inventoryDeduct", unit("stuck"));
    let behind_it = async {
        server.metrics_when(|text| begun(text) == 2).await;
        let queued = server.try_mutate("inventoryDeduct", unit("queued"));
        let turned_away = async {
            server.metrics_when(|text| waiting(text) == 1).await;
            let answer = server.try_mutate("inventoryDeduct", unit("one too many")).await.unwrap();
            held.rollback().await.unwrap();
            answer
        };
        tokio::join!(queued, turned_away)
    };
    let (stuck, (queued, turned_away)) = tokio::join!(stuck, behind_it);
    assert_busy(&turned_away);
    for answer in [stuck, queued] {
        assert_eq!(codes(answer.unwrap().field()), [""; 0]);
    }
    assert_eq!(server.left(1001).await, 8);
}

on_each_database!(
    what_waited_for_too_long_is_busy_and_never_carried_out,
    a_full_queue_says_when_to_come_back_and_what_is_in_it_is_done,
);
