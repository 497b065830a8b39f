//! What a client may ask of the server's time: how long a request may take, how many there may be at
//! once, and how many of one caller in a second.

use serde_json::Value;

use super::server;
use super::wire::{QUESTION, Wire, post, question};
use crate::servers::until;
use crate::support::metrics::begun;
use crate::support::{Answer, TestDatabase, TestServer, code, codes, on_each_database};

#[tokio::test]
async fn a_body_that_trickles_is_cut() {
    let (_database, server) = server(&[("STOCKFLOW_LIMITS__REQUEST_TIMEOUT_MS", "2000")]).await;
    let mut wire = Wire::connect(&server.url).await;
    wire.send(post(QUESTION.len(), &QUESTION[..5])).await;
    let answered = wire.answer().await.unwrap();
    assert_eq!((answered.status, code(&answered.answer)), (503, "TIMEOUT"));
    assert_eq!(answered.answer.at("/errors/0/extensions/retryable"), true);
    wire.closed().await;
    let answer = server.graphql("{ __typename }", Value::Null).await;
    assert_eq!(code(&answer), "", "a request in time");
}

/// The change goes on, and whoever asks again is told what became of it.
async fn a_change_that_takes_too_long_is_made_once(database: &TestDatabase) {
    let limits = [("STOCKFLOW_LIMITS__REQUEST_TIMEOUT_MS", "3000")];
    let server = TestServer::start_with(&database.url, &[], &limits).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    let input = TestServer::deduction("a", 1001, 1);
    let answer = server.try_mutate("inventoryDeduct", input.clone()).await.unwrap();
    assert_eq!(code(&answer), "TIMEOUT", "{}", answer.0);
    assert!(begun(&server.metrics().await) >= 2, "it was begun");
    held.rollback().await.unwrap();
    until("it is told what became of it", async || {
        let answer = server.try_mutate("inventoryDeduct", input.clone()).await.unwrap();
        let told = code(&answer).is_empty();
        if told {
            assert_eq!(codes(answer.field()), [""; 0]);
        }
        told
    })
    .await;
    assert_eq!(server.left(1001).await, 9);
}

on_each_database!(a_change_that_takes_too_long_is_made_once);

#[tokio::test]
async fn there_are_so_many_requests_at_once_and_the_next_is_busy() {
    let (_database, server) = server(&[("STOCKFLOW_LIMITS__CONCURRENT_REQUESTS_MAX", "2")]).await;
    let mut under_way = [Wire::connect(&server.url).await, Wire::connect(&server.url).await];
    for wire in &mut under_way {
        wire.send(post(QUESTION.len(), &QUESTION[..5])).await;
    }
    let client = reqwest::Client::new();
    let ask = async || {
        let request = client.post(format!("{}/graphql", server.url));
        request.header("content-type", "application/json").body(QUESTION).send().await.unwrap()
    };
    // Both have come in when the third finds no place.
    let mut refused = None;
    until("a third finds no place", async || {
        refused = Some(ask().await).filter(|response| response.status() != 200);
        refused.is_some()
    })
    .await;
    let refused = refused.unwrap();
    assert_eq!(refused.status(), 503);
    assert_eq!(refused.headers()["retry-after"], "1");
    let answer = Answer(refused.json().await.unwrap());
    assert_eq!(code(&answer), "BUSY");
    assert_eq!(answer.at("/errors/0/extensions/retryable"), true);
    assert_eq!(answer.at("/errors/0/extensions/retryAfterMs"), 1_000);
    for health in ["healthz", "readyz"] {
        let response = client.get(format!("{}/{health}", server.url)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{health}");
    }
    for wire in &mut under_way {
        wire.send(&QUESTION[5..]).await;
        assert_eq!(wire.answer().await.unwrap().status, 200);
    }
    assert_eq!(ask().await.status(), 200);
}

#[tokio::test]
async fn a_caller_sends_so_many_requests_in_a_second() {
    let limits =
        [("STOCKFLOW_LIMITS__REQUESTS_PER_SECOND", "1"), ("STOCKFLOW_LIMITS__REQUESTS_BURST", "5")];
    let (_database, server) = server(&limits).await;
    let mut wire = Wire::connect(&server.url).await;
    // All at once, so that hardly a token comes back meanwhile.
    wire.send(question().repeat(50)).await;
    let mut answers = Vec::new();
    for _request in 0..50 {
        answers.push(wire.answer().await.unwrap());
    }
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status != 200).collect();
    assert!(answers[..5].iter().all(|answer| answer.status == 200), "the burst");
    assert!(refused.len() > 10, "{} of 50 were refused", refused.len());
    for answer in refused {
        assert_eq!((answer.status, code(&answer.answer)), (429, "RATE_LIMITED"));
        assert!(answer.head.contains("retry-after: 1\r\n"), "{}", answer.head);
        let extensions = answer.answer.at("/errors/0/extensions");
        assert!((1..=1_000).contains(&extensions["retryAfterMs"].as_u64().unwrap()));
        assert_eq!(extensions["retryable"], true);
    }
    // Who asks how the server is does not count.
    for path in ["healthz", "readyz", "metrics"] {
        let response = reqwest::get(format!("{}/{path}", server.url)).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn without_a_rate_there_is_no_limit_of_it() {
    let limits =
        [("STOCKFLOW_LIMITS__REQUESTS_PER_SECOND", "0"), ("STOCKFLOW_LIMITS__REQUESTS_BURST", "1")];
    let (_database, server) = server(&limits).await;
    for _request in 0..20 {
        let answer = server.graphql("{ __typename }", Value::Null).await;
        assert_eq!(code(&answer), "");
    }
}
