//! A stop under load: whatever the server has accepted is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use reqwest::Client;
use serde_json::{Value, json};

use super::wire::{QUESTION, Wire, body, post};
use crate::servers::until;
use crate::support::{Kind, TestDatabase, TestServer, code, codes, on_each_database};

const CLIENTS: usize = 30;

/// When so many requests were answered the server is asked to stop.
const ANSWERED_BEFORE: usize = 300;

const DEDUCT: &str = "mutation($input: InventoryDeductInput!) { inventoryDeduct(input: $input) \
                      { replayed userErrors { code } } }";

fn deduction(client: usize, request: usize) -> String {
    let input = TestServer::deduction(&format!("{client} {request}"), 1001, 1);
    body(DEDUCT, &json!({ "input": input }))
}

/// A server that listens answers; what one that does not any more has left unanswered it must not
/// have carried out either, which the books tell.
async fn assert_gone(url: &str, otherwise: &str) {
    assert!(Wire::try_connect(url).await.is_err(), "{otherwise}");
}

/// Sends one request after the other until the server does not listen any more. Panics when a
/// request was sent, and not answered, while it does.
async fn send_by_http1(url: String, client: usize, answered: Arc<AtomicUsize>) {
    let mut wire = Wire::connect(&url).await;
    for request in 0.. {
        // Most ask something quick, so that the server waits for the clients more than they for it.
        let deducts = request % 10 == client % 10;
        let body = if deducts { deduction(client, request) } else { QUESTION.to_owned() };
        let sent = wire.try_send(post(body.len(), &body)).await;
        let Some(answer) = wire.answer().await else {
            // A connection that rested was closed at the very moment at which more was sent.
            assert_gone(&url, &format!("what was sent is answered: {sent:?}")).await;
            return;
        };
        if deducts {
            assert_eq!(codes(answer.answer.field()), [""; 0]);
            answered.fetch_add(1, Ordering::SeqCst);
        } else {
            assert_eq!(answer.answer.at("/data/__typename"), "Query");
        }
        if answer.head.contains("connection: close") {
            match Wire::try_connect(&url).await {
                Ok(again) => wire = again,
                Err(_refused) => return,
            }
        }
    }
}

/// The same by HTTP/2, several requests at once on a connection.
async fn send_by_http2(url: String, client: usize, answered: Arc<AtomicUsize>) {
    let http2 = Client::builder().http2_prior_knowledge().build().unwrap();
    for round in 0.. {
        let sent = join_all((0..5).map(|number| {
            let request = http2.post(format!("{url}/graphql"));
            let body = deduction(client, round * 5 + number);
            request.header("content-type", "application/json").body(body).send()
        }));
        let mut refused = false;
        for response in sent.await {
            match response {
                Ok(response) => {
                    let answer: Value = response.json().await.unwrap();
                    assert_eq!(answer["data"]["inventoryDeduct"]["userErrors"], json!([]));
                    answered.fetch_add(1, Ordering::SeqCst);
                }
                Err(error) if error.is_connect() => refused = true,
                Err(error) => {
                    assert_gone(&url, &format!("what was sent is answered: {error:?}")).await;
                    refused = true;
                }
            }
        }
        if refused {
            return;
        }
    }
}

async fn a_stop_under_load_drops_no_request(database: &TestDatabase) {
    let delay = [("STOCKFLOW_SERVER__DRAIN_DELAY_MS", "500")];
    let server = TestServer::start_with(&database.url, &[], &delay).await;
    server.create(1001, 1_000_000).await;
    let answered = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (url, answered) = (server.url.clone(), Arc::clone(&answered));
            if client % 3 == 0 {
                tokio::spawn(send_by_http2(url, client, answered))
            } else {
                tokio::spawn(send_by_http1(url, client, answered))
            }
        })
        .collect();
    until("enough is answered", async || answered.load(Ordering::SeqCst) >= ANSWERED_BEFORE).await;
    server.terminate();
    for client in clients {
        client.await.unwrap();
    }
    assert_eq!(server.exit_code().await, Some(0));
    let answered = i64::try_from(answered.load(Ordering::SeqCst)).unwrap();
    let left = TestServer::start(database).await.left(1001).await;
    assert_eq!(1_000_000 - left, answered, "each request was answered, and taken once");
}

on_each_database!(a_stop_under_load_drops_no_request);

/// Patience has an end, and then those who wait are told.
#[tokio::test]
async fn who_is_waited_for_too_long_is_told() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let short = [("STOCKFLOW_SERVER__SHUTDOWN_TIMEOUT_MS", "200")];
    let server = TestServer::start_with(&database.url, &[], &short).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    let change = server.try_mutate("inventoryDeduct", TestServer::deduction("a", 1001, 1));
    let stop = async {
        server.metrics_when(|text| crate::support::metrics::begun(text) == 2).await;
        server.terminate();
    };
    let (answer, ()) = tokio::join!(change, stop);
    let answer = answer.unwrap();
    assert_eq!(code(&answer), "UNAVAILABLE", "{}", answer.0);
    assert_eq!(answer.at("/errors/0/extensions/retryable"), true);
    held.rollback().await.unwrap();
    assert_eq!(server.exit_code().await, Some(0));
}
