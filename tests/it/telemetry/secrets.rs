//! The log never carries what a client sent: neither tokens nor variables, literals nor bodies.

use serde_json::json;

use super::log_file::LogFile;
use crate::support::{TestDatabase, TestServer, on_each_database};

/// What must not be in the log, in whatever place it was sent.
const SECRET: &str = "s3cr3t";

/// The same where only digits will do.
const DIGITS: &str = "987654321987";

/// Sends what a test makes of it, and cares for no answer but that there is one.
async fn send(request: reqwest::RequestBuilder) {
    let request = request.bearer_auth(format!("{SECRET}-token")).header("cookie", SECRET);
    request.header("stockflow-read-after", SECRET).send().await.unwrap();
}

async fn nothing_that_a_client_sent_is_in_the_log(database: &TestDatabase) {
    let filter = [("STOCKFLOW_LOG__FILTER", "info,stockflow=trace,stockflow::request=trace")];
    let (server, log) = LogFile::of_server(database, &filter).await;
    let client = reqwest::Client::new();
    let url = format!("{}/graphql", server.url);
    let post =
        |body: String| client.post(&url).header("content-type", "application/json").body(body);
    // Carried out, refused, repeated, reused: with secrets for keys, reasons and order lines.
    server.create(1001, 10).await;
    for quantity in [1, 1, 2, 1_000] {
        let deduct = "mutation($input: InventoryDeductInput!) \
                      { inventoryDeduct(input: $input) { userErrors { message } } }";
        let input = json!({
            "skuId": "1001", "quantity": quantity, "orderDetailId": SECRET, "reason": SECRET,
            "idempotencyKey": format!("{SECRET}-key"),
        });
        let body = json!({ "query": deduct, "variables": { "input": input } }).to_string();
        post(body).send().await.unwrap();
    }
    for query in [
        format!("{{ inventoryOperation(idempotencyKey: \"{SECRET}\") {{ createdAt }} }}"),
        format!("{{ inventory(skuId: {DIGITS}) {{ skuId }} }}"),
        format!("{{ inventory(skuId: \"{SECRET}\") {{ skuId }} }}"),
        format!("{{ inventoryFlows(after: \"{SECRET}\") {{ nodes {{ id }} }} }}"),
        format!("{{ {SECRET} }}"),
        format!("{{ \"{SECRET}"),
        format!(
            "query Q {{ inventories(where: {{ skuId: [\"{SECRET}\"] }}) {{ nodes {{ skuId }} }} }}"
        ),
    ] {
        let body = json!({ "query": query, "variables": { SECRET: SECRET } }).to_string();
        post(body.clone()).send().await.unwrap();
        send(post(body)).await;
        send(client.get(&url).query(&[("query", query.as_str()), ("variables", SECRET)])).await;
    }
    for body in [format!("{{\"query\": {SECRET}"), format!("[\"{SECRET}\"]"), SECRET.to_owned()] {
        send(post(body.clone())).await;
        post(body.clone()).send().await.unwrap();
        client.post(&url).header("content-type", SECRET).body(body).send().await.unwrap();
    }
    send(client.get(format!("{}/metrics?token={SECRET}", server.url))).await;
    send(client.get(format!("{}/nothing?token={SECRET}", server.url))).await;
    let odd =
        json!({ "query": "{ inventory(skuId: 1) { skuId } }", "extensions": { SECRET: SECRET } });
    post(odd.to_string())
        .header("x-request-id", format!("{SECRET} {SECRET}"))
        .send()
        .await
        .unwrap();
    let left = TestServer::deduction(&format!("{SECRET}-last"), 1001, 1);
    server.mutate("inventoryDeduct", left).await;
    let log = log.when_ended(server).await;
    assert!(log.contains("stockflow::request"), "{log}");
    for line in log.lines() {
        assert!(!line.contains(SECRET) && !line.contains(DIGITS), "{line}");
    }
}

on_each_database!(nothing_that_a_client_sent_is_in_the_log);
