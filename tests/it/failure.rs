//! What people and programs are told when something is down, and that service comes back by
//! itself.

use std::process::Stdio;

use futures_util::future::join_all;
use serde_json::Value;

use crate::servers::{OwnServer, ServerKind, until};
use crate::support::metrics::{begun, waiting};
use crate::support::proxy::Proxy;
use crate::support::server::program;
use crate::support::{Kind, TestDatabase, TestServer, code, codes, on_each_database};

/// Runs `stockflow serve` to its end and answers its exit code and what it said of the failure.
async fn fails_to_start(arguments: &[&str]) -> (Option<i32>, String) {
    let output = program()
        .arg("serve")
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .await
        .unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test]
async fn a_database_that_is_not_there_is_told_in_one_line() {
    for url in [
        "postgres://shop:s3cret@127.0.0.1:1/stock",
        "mysql://shop:s3cret@127.0.0.1:1/stock",
        "sqlite:///no/such/folder/stock.db",
        "mariadb://shop:s3cret@127.0.0.1:1/stock",
        "mysql://shop:s3cret@[::bad/stock",
        "oracle://127.0.0.1/stock",
    ] {
        let (exit_code, told) =
            fails_to_start(&["--listen", "127.0.0.1:0", "--database-url", url]).await;
        assert_eq!(exit_code, Some(1), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
        let shown = url.replace("s3cret", "***");
        assert!(told.contains(&shown), "what was tried: {told}");
        assert!(told.contains("--database-url"), "how to mend it: {told}");
        assert!(!told.contains("s3cret"), "{told}");
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_in_one_line() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (exit_code, told) =
        fails_to_start(&["--listen", &address, "--database-url", &database.url]).await;
    assert_eq!(exit_code, Some(1), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains(&address) && told.contains("--listen"), "{told}");
}

async fn a_database_that_goes_away_is_unavailable_until_it_is_back(kind: ServerKind) {
    let Some(mut own) = OwnServer::start(kind).await else { return };
    let url = own.create_database().await;
    let server =
        TestServer::start_with(&url, &[], &[("STOCKFLOW_DATABASE__ACQUIRE_TIMEOUT_MS", "500")])
            .await;
    server.create(1001, 10).await;
    let before = server.mutate("inventoryDeduct", TestServer::deduction("before", 1001, 1)).await;

    own.kill();
    let answer = server
        .try_mutate("inventoryDeduct", TestServer::deduction("during", 1001, 1))
        .await
        .unwrap();
    assert_eq!(code(&answer), "UNAVAILABLE", "{}", answer.0);
    assert_eq!(answer.at("/errors/0/extensions/retryable"), true);
    let answer = server.graphql("{ inventory(skuId: 1001) { leavedAmount } }", Value::Null).await;
    assert_eq!(code(&answer), "UNAVAILABLE", "{}", answer.0);
    let ready = reqwest::get(format!("{}/readyz", server.url)).await.unwrap();
    assert_eq!(ready.status(), 503);
    let alive = reqwest::get(format!("{}/healthz", server.url)).await.unwrap();
    assert_eq!(alive.status(), 200);

    own.restart().await;
    let input = TestServer::deduction("during", 1001, 1);
    let payload = server.mutate("inventoryDeduct", input).await;
    assert_eq!(codes(&payload), [""; 0]);
    let again = server.mutate("inventoryDeduct", TestServer::deduction("before", 1001, 1)).await;
    assert_eq!(again["replayed"], true);
    assert_eq!(again["flow"]["id"], before["flow"]["id"]);
    assert_eq!(server.left(1001).await, 8);
    // What it has seen a moment ago holds for a moment.
    until("it is ready again", async || {
        reqwest::get(format!("{}/readyz", server.url)).await.unwrap().status() == 200
    })
    .await;
}

#[tokio::test]
async fn mariadb_may_go_away_and_come_back() {
    a_database_that_goes_away_is_unavailable_until_it_is_back(ServerKind::MariaDb).await;
}

#[tokio::test]
async fn postgres_may_go_away_and_come_back() {
    a_database_that_goes_away_is_unavailable_until_it_is_back(ServerKind::Postgres).await;
}

/// The connections of a database that was restarted are dead; nobody is told of it.
async fn a_restart_of_the_database_between_two_requests_is_not_noticed(kind: ServerKind) {
    let Some(mut own) = OwnServer::start(kind).await else { return };
    let url = own.create_database().await;
    let server = TestServer::start_with(&url, &[], &[]).await;
    server.create(1001, 10).await;
    own.kill();
    own.restart().await;
    let payload = server.mutate("inventoryDeduct", TestServer::deduction("a", 1001, 1)).await;
    assert_eq!(codes(&payload), [""; 0]);
}

#[tokio::test]
async fn a_restart_of_mariadb_between_two_requests_is_not_noticed() {
    a_restart_of_the_database_between_two_requests_is_not_noticed(ServerKind::MariaDb).await;
}

#[tokio::test]
async fn a_restart_of_postgres_between_two_requests_is_not_noticed() {
    a_restart_of_the_database_between_two_requests_is_not_noticed(ServerKind::Postgres).await;
}

/// The host of the database vanishes: no connection is closed, and none answers any more. The one
/// writer gives up by itself, and goes on over a new connection once there is one to be had.
async fn a_database_that_falls_silent_does_not_stop_the_writer_for_good(kind: Kind) {
    let Some(database) = TestDatabase::fresh(kind).await else { return };
    let (proxy, url) = Proxy::start(&database.url).await;
    let server = TestServer::start_with(&url, &[], &[]).await;
    server.create(1001, 10).await;
    proxy.fall_silent();
    let input = TestServer::deduction("a", 1001, 1);
    let answer = server.try_mutate("inventoryDeduct", input.clone()).await.unwrap();
    assert_eq!(code(&answer), "UNAVAILABLE", "{}", answer.0);
    proxy.speak_again();
    // The dead connections are given up one by one; who asks again meanwhile may be told so.
    loop {
        let answer = server.try_mutate("inventoryDeduct", input.clone()).await.unwrap();
        if answer.at("/data/inventoryDeduct/flow/id").is_string() {
            break;
        }
        assert_eq!(code(&answer), "UNAVAILABLE", "{}", answer.0);
    }
    assert_eq!(server.left(1001).await, 9);
    database.audit().await;
}

#[tokio::test]
async fn mariadb_may_fall_silent() {
    a_database_that_falls_silent_does_not_stop_the_writer_for_good(Kind::MariaDb).await;
}

#[tokio::test]
async fn postgres_may_fall_silent() {
    a_database_that_falls_silent_does_not_stop_the_writer_for_good(Kind::Postgres).await;
}

async fn a_server_that_is_asked_to_stop_finishes_what_is_under_way(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 1_000).await;
    let requests = join_all((0..50).map(|request| {
        let input = TestServer::deduction(&format!("request {request}"), 1001, 1);
        server.try_mutate("inventoryDeduct", input)
    }));
    let (answers, ()) = tokio::join!(requests, async { server.terminate() });
    let url = server.url.clone();
    assert_eq!(server.exit_code().await, Some(0));
    assert!(reqwest::get(format!("{url}/healthz")).await.is_err(), "it still listens");

    let answered = answers
        .iter()
        .filter(|answer| answer.as_ref().is_ok_and(|answer| codes(answer.field()).is_empty()));
    let answered = i64::try_from(answered.count()).unwrap();
    let server = TestServer::start(database).await;
    let taken = 1_000 - server.left(1001).await;
    assert!(taken >= answered, "{answered} were answered, {taken} were taken");
    // What was not answered never reached the server, or is done once by asking again.
    for request in 0..50 {
        let input = TestServer::deduction(&format!("request {request}"), 1001, 1);
        server.mutate("inventoryDeduct", input).await;
    }
    assert_eq!(server.left(1001).await, 950);
}

/// All have come in, and most of them wait for batches that have not begun, when it is told.
async fn a_server_that_is_asked_to_stop_answers_everybody_who_waits(database: &TestDatabase) {
    let small = ["--ledger-lanes", "1", "--ledger-batch-max", "5"];
    let server = TestServer::start_with(&database.url, &small, &[]).await;
    server.create(1001, 1_000).await;
    let held = database.lock_stock(1001).await;
    let requests = join_all((0..200).map(|request| {
        let input = TestServer::deduction(&format!("request {request}"), 1001, 1);
        server.try_mutate("inventoryDeduct", input)
    }));
    let stop = async {
        server.metrics_when(|text| begun(text) - 1 + waiting(text) == 200).await;
        server.terminate();
        // It knows that it is to stop once it does not listen any more.
        while reqwest::get(format!("{}/healthz", server.url)).await.is_ok() {}
        held.rollback().await.unwrap();
    };
    let (answers, ()) = tokio::join!(requests, stop);
    for answer in answers {
        assert_eq!(codes(answer.unwrap().field()), [""; 0]);
    }
    assert_eq!(server.exit_code().await, Some(0));
    assert_eq!(TestServer::start(database).await.left(1001).await, 800);
}

on_each_database!(
    a_server_that_is_asked_to_stop_finishes_what_is_under_way,
    a_server_that_is_asked_to_stop_answers_everybody_who_waits,
);

#[tokio::test]
async fn a_server_that_is_stopped_while_it_rests_ends_at_once_in_good_order() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    // A kept connection, as browsers hold them, must not hold it up.
    server.create(1001, 1).await;
    server.terminate();
    assert_eq!(server.exit_code().await, Some(0));
}
