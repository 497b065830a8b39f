//! Traces arrive at a collector, in the words of OpenTelemetry, beneath the span of the caller.

use std::collections::BTreeSet;

use opentelemetry_proto::tonic::trace::v1::Span;
use serde_json::{Value, json};

use super::collector::{Collector, text};
use super::log_file::{LogFile, requests};
use crate::support::{Kind, TestDatabase, TestServer, hex, on_each_database};

/// What is asked of the sampler where the caller does not say.
const NEVER: (&str, &str) = ("STOCKFLOW_TELEMETRY__OTLP_SAMPLE_RATIO", "0");

const DEDUCT: &str = "mutation Buy($input: InventoryDeductInput!) \
                      { inventoryDeduct(input: $input) { userErrors { code } } }";

const NESTED: &str = "query Nested { inventory(skuId: 1001, consistency: PRIMARY) \
                      { skuId flows(first: 5) { nodes { id refunds { id } } } } }";

/// Sends a request beneath span 00f067aa0ba902b7 of a trace.
async fn send(server: &TestServer, trace: &str, sampled: bool, body: &Value) {
    let traceparent = format!("00-{trace}-00f067aa0ba902b7-0{}", u8::from(sampled));
    let request = reqwest::Client::new().post(format!("{}/graphql", server.url));
    let answer = request.header("traceparent", traceparent).json(body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

/// The one span of a name in a trace.
fn named<'a>(spans: &'a [Span], trace: &str, name: &str) -> &'a Span {
    let mut found = spans.iter().filter(|span| hex(&span.trace_id) == trace && span.name == name);
    match (found.next(), found.next()) {
        (Some(span), None) => span,
        (None, _) => panic!("no span {name} in {:?}", names(spans, trace)),
        (Some(_one), Some(_other)) => panic!("{name} twice in {:?}", names(spans, trace)),
    }
}

fn names<'a>(spans: &'a [Span], trace: &str) -> BTreeSet<&'a str> {
    let spans = spans.iter().filter(|span| hex(&span.trace_id) == trace);
    spans.map(|span| span.name.as_str()).collect()
}

async fn a_deduction_and_a_query_are_traced_beneath_their_caller(database: &TestDatabase) {
    let collector = Collector::start().await;
    let standard = [
        NEVER,
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url.as_str()),
        ("OTEL_SERVICE_NAME", "shop"),
    ];
    let (server, log) = LogFile::of_server(database, &standard).await;
    server.create(1001, 10).await;
    let (buy, look, quiet) = ("4bf92f3577b34da6a3ce929d0e0e4736", "5".repeat(32), "6".repeat(32));
    let input = TestServer::deduction("a", 1001, 1);
    send(&server, buy, true, &json!({ "query": DEDUCT, "variables": { "input": input } })).await;
    send(&server, &look, true, &json!({ "query": NESTED })).await;
    send(&server, &quiet, false, &json!({ "query": NESTED })).await;
    let lines = requests(&log.when_ended(server).await);
    let (services, spans): (BTreeSet<String>, Vec<Span>) = collector.spans().into_iter().unzip();
    assert_eq!(services, BTreeSet::from(["shop".to_owned()]));

    // The callers' decisions are followed: two traces, and none that nobody asked for.
    let traces: BTreeSet<String> = spans.iter().map(|span| hex(&span.trace_id)).collect();
    assert_eq!(traces, BTreeSet::from([buy.to_owned(), look.clone()]));

    let root = named(&spans, buy, "POST /graphql");
    assert_eq!(hex(&root.parent_span_id), "00f067aa0ba902b7");
    assert_eq!(root.kind, 2, "a server's");
    for (name, value) in [
        ("http.request.method", "POST"),
        ("http.route", "/graphql"),
        ("url.path", "/graphql"),
        ("http.response.status_code", "200"),
        ("graphql.operation.name", "Buy"),
        ("graphql.operation.type", "mutation"),
        ("stockflow.fields", "inventoryDeduct"),
        ("stockflow.outcome", "ok"),
        ("user.id", "anonymous"),
    ] {
        assert_eq!(text(&root.attributes, name).as_deref(), Some(value), "{name}");
    }
    let parents = [
        ("graphql.parse", "POST /graphql"),
        ("graphql.validate", "POST /graphql"),
        ("ledger.submit", "POST /graphql"),
        ("ledger.wait", "ledger.submit"),
        ("ledger.batch", "ledger.submit"),
        ("ledger.begin", "ledger.batch"),
        ("ledger.read", "ledger.batch"),
        ("ledger.decide", "ledger.batch"),
        ("ledger.write", "ledger.batch"),
        ("ledger.commit", "ledger.batch"),
    ];
    for (name, parent) in parents {
        let (span, parent) = (named(&spans, buy, name), named(&spans, buy, parent));
        assert_eq!(span.parent_span_id, parent.span_id, "{name}");
        // Made of two clocks, one of which may be set meanwhile; but no end is before its beginning.
        assert!(span.start_time_unix_nano <= span.end_time_unix_nano, "{name}");
    }
    assert_eq!(names(&spans, buy).len(), parents.len() + 1);

    let root = named(&spans, &look, "POST /graphql");
    for name in ["store.load_inventories", "store.load_flow_pages", "store.load_refunds"] {
        assert_eq!(named(&spans, &look, name).parent_span_id, root.span_id, "{name}");
    }
    let told: Vec<&Value> = lines.iter().map(|line| &line["trace_id"]).collect();
    assert_eq!(told, [&Value::Null, &json!(buy), &json!(look), &Value::Null]);
    for span in &spans {
        let told = format!("{span:?}");
        assert!(!told.contains("order a"), "{told}");
    }
}

on_each_database!(a_deduction_and_a_query_are_traced_beneath_their_caller);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chance_decides_where_no_caller_does_and_failures_are_marked() {
    let Some(database) = TestDatabase::fresh(Kind::Postgres).await else { return };
    let collector = Collector::start().await;
    let always = [
        ("STOCKFLOW_TELEMETRY__OTLP_SAMPLE_RATIO", "1"),
        ("STOCKFLOW_TELEMETRY__OTLP_ENDPOINT", &collector.url),
        ("STOCKFLOW_LEDGER__QUEUE_MAX", "1"),
        ("STOCKFLOW_LEDGER__BATCH_MAX", "1"),
        // Long enough for whoever finds the lane free, and over before the lock that is waited for.
        ("STOCKFLOW_LEDGER__DEADLINE_MS", "3000"),
        ("STOCKFLOW_DATABASE__LOCK_TIMEOUT_MS", "60000"),
    ];
    let (server, log) = LogFile::of_server(&database, &always).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    let buy = |key: &'static str| {
        server.try_mutate("inventoryDeduct", TestServer::deduction(key, 1001, 1))
    };
    let stuck = buy("stuck");
    let behind = async {
        server.metrics_when(|text| crate::support::metrics::begun(text) == 2).await;
        let overdue = buy("overdue").await.unwrap();
        held.rollback().await.unwrap();
        overdue
    };
    let (_stuck, overdue) = tokio::join!(stuck, behind);
    assert_eq!(crate::support::code(&overdue), "BUSY");
    log.when_ended(server).await;
    let spans = collector.spans();
    let roots: Vec<_> = spans
        .iter()
        .map(|(_service, span)| span)
        .filter(|span| span.name == "POST /graphql")
        .collect();
    assert_eq!(roots.len(), 3);
    let failed: Vec<_> = roots
        .iter()
        .filter(|span| span.status.as_ref().is_some_and(|status| status.code == 2))
        .collect();
    let [failed] = failed.as_slice() else { panic!("{roots:?}") };
    assert_eq!(text(&failed.attributes, "error.type").as_deref(), Some("BUSY"));
}

/// A collector that is not there costs no request anything, and is told of once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_not_there_is_told_once_and_holds_up_nobody() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let nobody = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let nowhere = [
        ("STOCKFLOW_TELEMETRY__OTLP_SAMPLE_RATIO", "1"),
        ("STOCKFLOW_TELEMETRY__OTLP_ENDPOINT", &nobody),
        // Small batches, so that there are several that nobody takes.
        ("OTEL_BSP_MAX_QUEUE_SIZE", "10"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "5"),
    ];
    let (server, log) = LogFile::of_server(&database, &nowhere).await;
    server.create(1, 1).await;
    for _request in 0..100 {
        assert_eq!(server.left(1).await, 1);
    }
    let log = log.when_ended(server).await;
    let told = log.lines().filter(|line| line.contains("not taken by their collector")).count();
    assert_eq!(told, 1, "{log}");
}
