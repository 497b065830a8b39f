//! Each GraphQL request is one line of the log, and says what became of it.

use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::log_file::{LogFile, requests};
use crate::support::{Kind, TestDatabase, TestServer};

/// Of a line, what does not depend on time or chance.
fn essence(line: &Value) -> Value {
    let mut line = line.clone();
    let fields = line.as_object_mut().unwrap();
    let took = fields.remove("duration_ms").unwrap().as_f64().unwrap();
    assert!((0.0..60_000.0).contains(&took), "{took}");
    assert!(fields.remove("timestamp").unwrap().is_string());
    for (name, fixed) in
        [("level", "INFO"), ("message", "request"), ("target", "stockflow::request")]
    {
        assert_eq!(fields.remove(name).unwrap(), fixed);
    }
    line
}

async fn post(server: &TestServer, id: &str, body: &str) -> reqwest::Response {
    let request = Client::new().post(format!("{}/graphql", server.url));
    let request = request.header("content-type", "application/json").header("x-request-id", id);
    request.body(body.to_owned()).send().await.unwrap()
}

#[tokio::test]
async fn each_graphql_request_is_told_in_one_line() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    // What is no terminal gets lines for machines.
    let (server, log) = LogFile::of_server(&database, &[]).await;
    let look = json!({ "query": "query Look { a: inventory(skuId: 1) { skuId } inventories { nodes { skuId } } }" });
    assert_eq!(post(&server, "look", &look.to_string()).await.headers()["x-request-id"], "look");
    let input = TestServer::deduction("key", 404, 1);
    let buy = json!({
        "query": "mutation($input: InventoryDeductInput!) { inventoryDeduct(input: $input) { userErrors { code } } }",
        "variables": { "input": input },
    });
    post(&server, "buy", &buy.to_string()).await;
    let argument = json!({ "query": "{ inventory(skuId: \"x\") { skuId } }" });
    post(&server, "argument", &argument.to_string()).await;
    let named = json!({ "query": "{ a }", "operationName": "x\n\"y\" ".repeat(20) });
    post(&server, "unread", &named.to_string()).await;
    post(&server, "malformed", "{").await;
    // What asks nothing of GraphQL is told by none.
    reqwest::get(format!("{}/readyz", server.url)).await.unwrap();
    for method in [Method::OPTIONS, Method::DELETE] {
        let request = Client::new().request(method, format!("{}/graphql", server.url));
        assert_eq!(request.send().await.unwrap().status(), 405);
    }
    let told: Vec<Value> = requests(&log.when_ended(server).await).iter().map(essence).collect();
    let line = |id: &str, operation: &str, fields: &str, outcome: &str, status: u16| {
        json!({
            "operation": operation, "fields": fields, "caller": "anonymous", "outcome": outcome,
            "status": status, "request_id": id,
        })
    };
    let cut = "x??y??".repeat(20)[..64].to_owned();
    let expected = [
        line("look", "Look", "inventory,inventories", "ok", 200),
        line("buy", "", "inventoryDeduct", "refused", 200),
        line("argument", "", "inventory", "INVALID_ARGUMENT", 200),
        line("unread", &cut, "", "GRAPHQL_VALIDATION_FAILED", 200),
        line("malformed", "", "", "BAD_REQUEST", 400),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn the_lines_of_requests_can_be_switched_off() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let off = [("STOCKFLOW_LOG__FILTER", "info,stockflow::request=off")];
    let (server, log) = LogFile::of_server(&database, &off).await;
    server.create(1, 1).await;
    let log = log.when_ended(server).await;
    assert_eq!(requests(&log), [Value::Null; 0]);
    // The last word of the server is in the file, too.
    assert!(log.lines().last().unwrap().contains("stopped"), "{log}");
}

#[tokio::test]
async fn people_are_told_in_text_without_colours_in_a_file() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let text = [("STOCKFLOW_LOG__FORMAT", "text")];
    let (server, log) = LogFile::of_server(&database, &text).await;
    server.create(1, 1).await;
    let log = log.when_ended(server).await;
    let told = log.lines().find(|line| line.contains("stockflow::request")).expect(&log);
    assert!(
        told.contains("fields=\"inventoryCreate\" caller=\"anonymous\" outcome=\"ok\""),
        "{told}"
    );
    assert!(!log.contains('\u{1b}'), "{log}");
}

/// A client that hangs up is told of, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_hangs_up_is_told_and_counted_as_gone() {
    let Some(database) = TestDatabase::fresh(Kind::Postgres).await else { return };
    let (server, log) = LogFile::of_server(&database, &[]).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    {
        let stuck = server.mutate("inventoryDeduct", TestServer::deduction("stuck", 1001, 1));
        let begun = server.metrics_when(|text| crate::support::metrics::begun(text) == 2);
        tokio::select! {
            answer = stuck => panic!("{answer:?}"),
            _text = begun => {}
        }
    }
    let gone = "stockflow_http_clients_gone_total";
    server.metrics_when(|text| crate::support::metric(text, gone) == 1).await;
    held.rollback().await.unwrap();
    let told = requests(&log.when_ended(server).await);
    let [_create, line] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((&line["outcome"], &line["status"]), (&json!("gone"), &Value::Null));
    database.audit().await;
}
