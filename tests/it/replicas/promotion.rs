//! The primary dies, or steps back, and a replica takes its place, under the address at which servers know it: they
//! go on by themselves, with all that the replica had.

use std::time::Duration;

use sea_orm::Database;

use super::{on_each_kind, replicated};
use crate::servers::{Replicated, ServerKind};
use crate::support::proxy::Proxy;
use crate::support::staleness::{Bounds, Staleness};
use crate::support::stock::Question;
use crate::support::{TestServer, books};

const LAG_MAX: Duration = Duration::from_secs(2);
/// That of copies is the server's default.
const BOUNDS: Bounds = Bounds { replica: LAG_MAX, cache: LAG_MAX };

async fn a_replica_takes_the_place_of_a_primary_that_died(kind: ServerKind) {
    take_the_place(kind, async |servers| servers.kill_primary()).await;
}

/// Connections to the old one stay open. PostgreSQL cannot be told so without a restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_takes_the_place_of_a_primary_that_takes_no_changes_any_more() {
    take_the_place(ServerKind::MariaDb, async |servers| servers.demote_primary().await).await;
}

/// A replica becomes the primary after the primary has left its place.
async fn take_the_place(kind: ServerKind, leave: impl AsyncFnOnce(&Replicated)) {
    let Some(servers) = replicated(kind).await else { return };
    let (proxy, through) = Proxy::start(&servers.primary_url()).await;
    let other = servers.replica_url(1);
    let arguments = ["--replica-url", other.as_str(), "--replica-lag-max", "2000"];
    let patience = [("STOCKFLOW_DATABASE__ACQUIRE_TIMEOUT_MS", "2000")];
    let server = TestServer::start_with(&through, &arguments, &patience).await;
    let oracle = Staleness::start(&server, 1001, BOUNDS).await;
    let mut client = oracle.client(true);
    let questions = [Question::Stock("CACHED"), Question::Stock("PRIMARY"), Question::History];
    for number in 0..5 {
        client.write(&server, &format!("before {number}"), number % 2 == 0, drop_code).await;
    }
    servers.caught_up(0).await;

    leave(&servers).await;
    servers.promote(0).await;
    proxy.lead_to(&servers.replica_url(0));
    for number in 0..5 {
        client.write(&server, &format!("after {number}"), number % 2 == 0, drop_code).await;
        for question in questions {
            client.read(&server, question).await.unwrap();
        }
    }
    // What was carried out by the one is a replay to the other.
    let again = server.mutate("inventoryReplenish", replenishment("before 0")).await;
    assert_eq!(again["replayed"], true, "{again}");

    let promoted = Database::connect(servers.replica_url(0)).await.unwrap();
    books::audit(&promoted).await;
    assert_eq!(client.read(&server, questions[1]).await.unwrap().version, oracle.version());
}

/// What fails in between is asked again.
fn drop_code(_code: &str) {}

fn replenishment(key: &str) -> serde_json::Value {
    serde_json::json!({ "skuId": "1001", "quantity": 1, "idempotencyKey": key })
}

on_each_kind!(a_replica_takes_the_place_of_a_primary_that_died);
