//! Reads from replicas: which source answers, how old its answers may be, and what happens when
//! replicas, or the primary, come and go.
//!
//! The server is the real program, over a primary and two replicas of a test's own. Its cache is
//! off where replicas alone are to be seen.

mod audits;
mod copies;
mod exports;
mod fallback;
mod faults;
mod primary;
mod promotion;
mod setback;
mod sources;
mod tokens;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::servers::{Replicated, ServerKind, on_each_kind, until};
use crate::support::{Answer, TestServer, metric};

/// Without a cache.
const NO_CACHE: [&str; 2] = ["--cache-age-ms-max", "0"];

/// A bound that nothing which a test makes stand still comes to.
const LAGS_LONG: [&str; 2] = ["--replica-lag-max", "600000"];

/// A primary with an empty database, and two replicas.
async fn replicated(kind: ServerKind) -> Option<Replicated> {
    let servers = Replicated::start(kind, 2).await?;
    servers.create_database().await;
    Some(servers)
}

/// The program over a primary, with these replicas.
async fn start(servers: &Replicated, replicas: &[String], settings: &[&str]) -> TestServer {
    let mut arguments = settings.to_vec();
    for url in replicas {
        arguments.extend(["--replica-url", url.as_str()]);
    }
    // Nobody is to wait long for a primary that is gone, and yet for one that is busy.
    let patience = [("STOCKFLOW_DATABASE__ACQUIRE_TIMEOUT_MS", "2000")];
    TestServer::start_with(&servers.primary_url(), &arguments, &patience).await
}

/// The same, once it reads from all of them.
async fn serve(servers: &Replicated, replicas: &[String], settings: &[&str]) -> Arc<TestServer> {
    let server = start(servers, replicas, settings).await;
    for index in 0..replicas.len() {
        is_fit(&server, index, true).await;
    }
    Arc::new(server)
}

fn replica_urls(servers: &Replicated) -> [String; 2] {
    [servers.replica_url(0), servers.replica_url(1)]
}

/// Waits until a replica, counted from 0, is read from, or is not.
async fn is_fit(server: &TestServer, index: usize, fit: bool) {
    let name = format!("stockflow_db_replica_fit{{replica=\"{}\"}}", index + 1);
    until(&format!("{name} was {fit}"), async || {
        metric(&server.metrics().await, &name) == u64::from(fit)
    })
    .await;
}

/// Reads answered by a source, as the server counts them.
async fn reads(server: &TestServer, source: &str) -> u64 {
    metric(&server.metrics().await, &format!("stockflow_db_reads_total{{source=\"{source}\"}}"))
}

/// Where an answer is from.
fn source(answer: &Answer) -> &str {
    answer.at("/extensions/read/source").as_str().unwrap_or_default()
}

/// The version of a SKU's stock, and where it is from.
async fn version(
    server: &TestServer,
    sku_id: i64,
    consistency: &str,
    token: Option<&str>,
) -> (i64, String) {
    let query = format!(
        "query($id: ID!) {{ inventory(skuId: $id, consistency: {consistency}) {{ version }} }}"
    );
    let answer = ask(server, &query, json!({ "id": sku_id.to_string() }), token).await;
    let version = answer.field()["version"].as_str().unwrap().parse().unwrap();
    (version, source(&answer).to_owned())
}

async fn ask(server: &TestServer, query: &str, variables: Value, token: Option<&str>) -> Answer {
    server.post_after(token, query, variables).await.unwrap().1
}

/// What a deduction of one unit of a SKU answers: the id of its entry and its token.
async fn deduct(server: &TestServer, sku_id: i64, key: &str) -> (String, String) {
    let query = "mutation($input: InventoryDeductInput!) { inventoryDeduct(input: $input) \
                 { readToken flow { id } userErrors { code } } }";
    let input = TestServer::deduction(key, sku_id, 1);
    let answer = ask(server, query, json!({ "input": input }), None).await;
    assert_eq!(source(&answer), "PRIMARY");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let payload = answer.field();
    (text(&payload["flow"]["id"]), text(&payload["readToken"]))
}
