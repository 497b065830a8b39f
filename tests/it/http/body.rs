//! The largest body: at, under and over the bound, however its length is told.

use reqwest::{Client, StatusCode};

use super::server;
use super::wire::{QUESTION, Wire, post};
use crate::support::code;

/// The smallest bound that can be set.
const BOUND: usize = 1_024;
const SETTING: (&str, &str) = ("STOCKFLOW_SERVER__BODY_BYTES_MAX", "1024");

/// A question of so many bytes.
fn question(bytes: usize) -> String {
    let padding = " ".repeat(bytes - QUESTION.len());
    format!("{QUESTION}{padding}")
}

/// The same, in pieces of which each tells its length.
fn chunked(body: &str) -> String {
    let chunks = body
        .as_bytes()
        .chunks(100)
        .map(|piece| format!("{:x}\r\n{}\r\n", piece.len(), std::str::from_utf8(piece).unwrap()));
    format!(
        "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\n\r\n{}0\r\n\r\n",
        chunks.collect::<String>()
    )
}

#[tokio::test]
async fn a_body_has_a_largest_size_however_it_is_sent() {
    let (_database, server) = server(&[SETTING]).await;
    let url = format!("{}/graphql", server.url);
    let http2 = Client::builder().http2_prior_knowledge().build().unwrap();
    for (bytes, status) in [(BOUND - 1, 200), (BOUND, 200), (BOUND + 1, 413), (BOUND * 15, 413)] {
        let body = question(bytes);
        for sent in [post(bytes, &body), chunked(&body)] {
            let mut wire = Wire::connect(&server.url).await;
            wire.send(sent).await;
            let answered = wire.answer().await.unwrap();
            assert_eq!(answered.status, status, "{bytes} bytes");
            let expected = if status == 200 { "" } else { "PAYLOAD_TOO_LARGE" };
            assert_eq!(code(&answered.answer), expected);
        }
        let request = http2.post(&url).header("content-type", "application/json");
        let response = request.body(body).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{bytes} bytes by HTTP/2");
    }
}

/// What is announced to be far too large is not read at all.
#[tokio::test]
async fn a_body_that_is_announced_too_large_is_refused_before_it_comes() {
    let (_database, server) = server(&[SETTING]).await;
    let mut wire = Wire::connect(&server.url).await;
    wire.send(post(BOUND * 1_000_000, "")).await;
    let answered = wire.answer().await.unwrap();
    assert_eq!((answered.status, code(&answered.answer)), (413, "PAYLOAD_TOO_LARGE"));
}

#[tokio::test]
async fn a_length_that_lies_harms_nobody() {
    let (_database, server) = server(&[SETTING]).await;
    // It says that there is more than comes.
    let mut wire = Wire::connect(&server.url).await;
    wire.send(post(QUESTION.len() + 1, QUESTION)).await;
    wire.end().await;
    let answered = wire.answer().await;
    assert!(answered.is_none_or(|answer| answer.status == 400), "half a body is no request");
    // It says that there is less: what is left over is no request.
    let mut wire = Wire::connect(&server.url).await;
    wire.send(post(QUESTION.len(), &format!("{QUESTION}{QUESTION}"))).await;
    assert_eq!(wire.answer().await.unwrap().status, 200);
    assert_eq!(wire.answer().await.unwrap().status, 400);
    wire.closed().await;
    let response = reqwest::get(format!("{}/healthz", server.url)).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}
