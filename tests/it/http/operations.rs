//! What those who run the server are told, where, and until when.

use serde_json::{Value, json};

use super::wire::{Wire, question};
use crate::servers::until;
use crate::support::metrics::{begun, waiting};
use crate::support::{Kind, TestDatabase, TestServer, on_each_database};

/// Asks until the answer is what a test waits for.
async fn ready_when(url: &str, come_about: impl Fn(u16, &Value) -> bool + Sync + Send) {
    until("readiness is as it should be", async || {
        let response = reqwest::get(format!("{url}/readyz")).await.unwrap();
        let status = response.status().as_u16();
        come_about(status, &response.json().await.unwrap())
    })
    .await;
}

async fn start(database: &TestDatabase, environment: &[(&str, &str)]) -> (TestServer, String) {
    let arguments = ["--operations-listen", "127.0.0.1:0"];
    let mut server = TestServer::start_with(&database.url, &arguments, environment).await;
    let operations = server.says("for operation it answers on ").await;
    (server, operations)
}

#[tokio::test]
async fn those_who_run_the_server_have_a_listener_of_their_own() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let (server, operations) = start(&database, &[]).await;
    for (path, for_clients, for_operation) in [
        ("healthz", 200, 200),
        ("readyz", 200, 200),
        ("metrics", 404, 200),
        ("graphql?query={__typename}", 200, 404),
        ("", 200, 404),
    ] {
        for (url, status) in [(&server.url, for_clients), (&operations, for_operation)] {
            let response = reqwest::get(format!("{url}/{path}")).await.unwrap();
            assert_eq!(response.status(), status, "{url}/{path}");
        }
    }
    let text = reqwest::get(format!("{operations}/metrics")).await.unwrap().text().await.unwrap();
    assert!(text.contains("stockflow_ledger_queue_commands"), "{text}");
}

/// A page whose name was given this machine's address would read the numbers else.
#[tokio::test]
async fn on_loopback_it_is_called_by_names_of_its_own() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let hosts = [("STOCKFLOW_SERVER__HOSTS", "stock.example")];
    let (_server, operations) = start(&database, &hosts).await;
    for (host, status) in
        [("evil.example:9000", 403), ("localhost:9000", 200), ("stock.example", 200)]
    {
        let request = reqwest::Client::new().get(format!("{operations}/metrics"));
        let response = request.header(reqwest::header::HOST, host).send().await.unwrap();
        assert_eq!(response.status(), status, "{host}");
    }
}

/// A second signal ends what the first one began; clients are served until then.
#[tokio::test]
async fn readiness_falls_first() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let long = [("STOCKFLOW_SERVER__DRAIN_DELAY_MS", "600000")];
    let (server, operations) = start(&database, &long).await;
    server.create(1001, 10).await;
    ready_when(&operations, |status, _body| status == 200).await;
    server.terminate();
    for url in [&operations, &server.url] {
        ready_when(url, |status, body| {
            (status, &body["failed"]) == (503, &json!("draining")) && body["message"].is_string()
        })
        .await;
    }
    let alive = reqwest::get(format!("{}/healthz", server.url)).await.unwrap();
    assert_eq!(alive.status(), 200, "it lives");
    let mut wire = Wire::connect(&server.url).await;
    for _request in 0..2 {
        wire.send(question()).await;
        let answer = wire.answer().await.unwrap();
        assert_eq!(answer.status, 200);
        assert!(!answer.head.contains("connection: close"), "{}", answer.head);
    }
    assert_eq!(server.left(1001).await, 10);
    server.terminate();
    assert_eq!(server.exit_code().await, Some(0));
}

/// It tells that the server drains for as long as a client is still waited for.
#[tokio::test]
async fn operation_is_answered_until_the_end() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let (server, operations) = start(&database, &[]).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    let change = server.try_mutate("inventoryDeduct", TestServer::deduction("a", 1001, 1));
    let stop = async {
        until("the change is begun", async || {
            let metrics = reqwest::get(format!("{operations}/metrics")).await.unwrap();
            begun(&metrics.text().await.unwrap()) == 2
        })
        .await;
        server.terminate();
        until("clients find nobody", async || Wire::try_connect(&server.url).await.is_err()).await;
        ready_when(&operations, |status, body| {
            (status, &body["failed"]) == (503, &json!("draining"))
        })
        .await;
        held.rollback().await.unwrap();
    };
    let (changed, ()) = tokio::join!(change, stop);
    changed.unwrap().field();
    assert_eq!(server.exit_code().await, Some(0));
    assert!(Wire::try_connect(&operations).await.is_err(), "it has ended with the rest");
}

async fn a_server_whose_queue_is_full_is_not_ready(database: &TestDatabase) {
    let small = ["--ledger-lanes", "1", "--ledger-batch-max", "1", "--ledger-queue-max", "1"];
    let server = TestServer::start_with(&database.url, &small, &[]).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    let deduct = |key| server.try_mutate("inventoryDeduct", TestServer::deduction(key, 1001, 1));
    let watch = async {
        server.metrics_when(|text| begun(text) == 2).await;
        ready_when(&server.url, |status, _body| status == 200).await;
        let fill = async {
            server.metrics_when(|text| waiting(text) == 1).await;
            ready_when(&server.url, |status, body| {
                (status, &body["failed"]) == (503, &json!("ledger")) && body["message"].is_string()
            })
            .await;
            held.rollback().await.unwrap();
        };
        tokio::join!(deduct("waits"), fill).0.unwrap().field();
    };
    let (begun, ()) = tokio::join!(deduct("begun"), watch);
    begun.unwrap().field();
    ready_when(&server.url, |status, body| status == 200 && body["ready"] == true).await;
}

on_each_database!(a_server_whose_queue_is_full_is_not_ready);
