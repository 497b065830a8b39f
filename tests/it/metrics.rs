//! `/metrics` tells an operator what happened, in words that Prometheus understands.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use crate::support::metrics::{begun, waiting};
use crate::support::{Kind, TestDatabase, TestServer, code, codes, metric, on_each_database};

/// What is refused early the lanes do not see.
const NOTHING_EARLY: [&str; 2] = ["--ledger-early-refusal-age-ms-max", "0"];

const ONE_BY_ONE: [&str; 4] = ["--ledger-lanes", "1", "--ledger-batch-max", "1"];

async fn buy(server: &TestServer, key: &str, quantity: i32) -> Vec<String> {
    let payload =
        server.mutate("inventoryDeduct", TestServer::deduction(key, 1001, quantity)).await;
    codes(&payload).into_iter().map(str::to_owned).collect()
}

/// The code of what must fail.
async fn fail(server: &TestServer, key: &str) -> String {
    let input = TestServer::deduction(key, 1001, 1);
    code(&server.try_mutate("inventoryDeduct", input).await.unwrap()).to_owned()
}

fn assert_counts(text: &str, counts: &[(&str, u64)]) {
    for (name, count) in counts {
        assert_eq!(metric(text, &format!("stockflow_{name}")), *count, "{name} in {text}");
    }
}

async fn what_became_of_the_commands_is_counted(database: &TestDatabase) {
    let server = TestServer::start_with(&database.url, &NOTHING_EARLY, &[]).await;
    server.create(1001, 10).await;
    assert_eq!(buy(&server, "a", 2).await, [""; 0]);
    assert_eq!(buy(&server, "b", 3).await, [""; 0]);
    assert_eq!(buy(&server, "too much", 99).await, ["INSUFFICIENT_STOCK"]);
    assert_eq!(buy(&server, "a", 2).await, [""; 0]);
    assert_eq!(buy(&server, "a", 1).await, ["IDEMPOTENCY_KEY_REUSED"]);
    assert_counts(
        &server.metrics().await,
        &[
            ("ledger_commands_total{outcome=\"done\"}", 3),
            ("ledger_commands_total{outcome=\"replayed\"}", 1),
            ("ledger_commands_total{outcome=\"refused\"}", 2),
            ("ledger_commands_total{outcome=\"failed\"}", 0),
            ("graphql_refusals_total{code=\"INSUFFICIENT_STOCK\"}", 1),
            ("graphql_refusals_total{code=\"IDEMPOTENCY_KEY_REUSED\"}", 1),
            ("ledger_refused_early_total", 0),
            ("ledger_wait_seconds_count", 6),
            ("ledger_batch_entries_sum", 3),
        ],
    );
}

async fn who_is_turned_away_is_counted_by_reason(database: &TestDatabase) {
    let bounds = ["--ledger-queue-max", "1", "--ledger-deadline-ms", "500"];
    let arguments = [ONE_BY_ONE, bounds].concat();
    let server = TestServer::start_with(&database.url, &arguments, &[]).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    let stuck = buy(&server, "stuck", 1);
    let behind_it = async {
        server.metrics_when(|text| begun(text) == 2).await;
        let overdue = fail(&server, "overdue");
        let one_too_many = async {
            server.metrics_when(|text| waiting(text) == 1).await;
            fail(&server, "one too many").await
        };
        let refused = tokio::join!(overdue, one_too_many);
        let text = server.metrics().await;
        held.rollback().await.unwrap();
        (refused, text)
    };
    let (_stuck, (refused, text)) = tokio::join!(stuck, behind_it);
    assert_eq!(refused, ("BUSY".to_owned(), "BUSY".to_owned()));
    assert_counts(
        &text,
        &[
            ("ledger_turned_away_total{reason=\"queue_full\"}", 1),
            ("ledger_turned_away_total{reason=\"overdue\"}", 1),
            ("ledger_commands_total{outcome=\"done\"}", 1),
            ("ledger_queue_commands", 0),
        ],
    );
}

/// Whoever looks at the length of the queue does so because nothing gets on.
async fn who_waits_is_counted_while_the_writer_is_stuck(database: &TestDatabase) {
    let server = TestServer::start_with(&database.url, &ONE_BY_ONE, &[]).await;
    server.create(1001, 10).await;
    let held = database.lock_stock(1001).await;
    let keys = ["a", "b", "c", "d"];
    let buyers = join_all(keys.map(|key| buy(&server, key, 1)));
    let watched = async {
        server.metrics_when(|text| (begun(text), waiting(text)) == (2, 3)).await;
        held.rollback().await.unwrap();
    };
    let (bought, ()) = tokio::join!(buyers, watched);
    assert_eq!(bought, vec![vec![""; 0]; 4]);
    assert_eq!(waiting(&server.metrics().await), 0);
}

async fn the_batches_add_up_to_the_commands(database: &TestDatabase) {
    let server = TestServer::start_with(&database.url, &NOTHING_EARLY, &[]).await;
    server.create(1001, 100).await;
    let buyers = join_all((0..120).map(|buyer| {
        let key = format!("buyer {}", buyer % 110);
        let server = &server;
        async move { buy(server, &key, 1).await }
    }));
    buyers.await;
    let text = server.metrics().await;
    let count = |name: &str| metric(&text, &format!("stockflow_ledger_{name}"));
    let became = |outcome: &str| count(&format!("commands_total{{outcome=\"{outcome}\"}}"));
    assert_eq!(became("done"), 101);
    let commands = became("done") + became("replayed") + became("refused");
    assert_eq!((commands, became("failed")), (121, 0));
    assert_eq!(count("batch_commands_sum"), commands);
    assert_eq!(count("batch_entries_sum"), became("done"));
    let commits = count("step_seconds_count{step=\"commit\"}");
    assert_eq!((count("batch_commands_count"), count("batch_entries_count")), (commits, commits));
}

on_each_database!(
    what_became_of_the_commands_is_counted,
    who_is_turned_away_is_counted_by_reason,
    who_waits_is_counted_while_the_writer_is_stuck,
    the_batches_add_up_to_the_commands,
);

/// The family that a sample belongs to (OpenMetrics 1.0, "Metric Types").
fn family(sample: &str) -> &str {
    let name = sample.split(['{', ' ']).next().unwrap();
    let ends = ["_total", "_bucket", "_sum", "_count", "_info"];
    ends.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name)
}

#[tokio::test]
async fn the_text_is_openmetrics_and_describes_everything_in_it() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    server.create(1001, 1).await;
    buy(&server, "too much", 2).await;
    let response = reqwest::get(format!("{}/metrics", server.url)).await.unwrap();
    assert_eq!(response.status(), 200);
    let openmetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(response.headers()["content-type"], openmetrics);
    let text = response.text().await.unwrap();
    let described = |word: &str| -> BTreeSet<&str> {
        let told = text.lines().filter_map(|line| line.strip_prefix(&format!("# {word} ")));
        told.filter_map(|rest| rest.split_once(' ')).map(|(name, _what)| name).collect()
    };
    let samples: BTreeSet<&str> =
        text.lines().filter(|line| !line.starts_with('#')).map(family).collect();
    for word in ["HELP", "TYPE"] {
        let without: Vec<_> = samples.difference(&described(word)).copied().collect();
        assert_eq!(without, [""; 0], "no {word}");
    }
    assert!(samples.iter().all(|name| name.starts_with("stockflow_")), "{samples:?}");
    assert_eq!(text.lines().last(), Some("# EOF"));
}

/// The lines of a text that are no comments, without their values.
fn series(text: &str) -> BTreeSet<&str> {
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    samples.filter_map(|line| line.rsplit_once(' ')).map(|(name, _value)| name).collect()
}

/// No client makes more of what is told, whatever they call things.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_client_makes_more_series() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    let client = reqwest::Client::new();
    let send = async |name: &str| {
        let graphql = format!("{}/graphql", server.url);
        let named = format!("query {name} {{ {name}: inventory(skuId: 1) {{ skuId }} }}");
        for body in [
            serde_json::json!({ "query": named }),
            serde_json::json!({ "query": format!("{{ {name} }}") }),
            serde_json::json!({ "query": "{ __typename }", "operationName": name }),
            serde_json::json!({ "query": format!("{{ inventory(skuId: \"{name}\") {{ skuId }} }}") }),
            serde_json::json!({ "code": name }),
        ] {
            client.post(&graphql).json(&body).send().await.unwrap();
        }
        client.get(format!("{}/{name}", server.url)).send().await.unwrap();
        let method = reqwest::Method::from_bytes(name.to_uppercase().as_bytes()).unwrap();
        client.request(method, &graphql).send().await.unwrap();
    };
    send("first").await;
    let before = server.metrics().await;
    for round in 0..10 {
        join_all(
            (0..100)
                .map(|number| async move { format!("name{round}x{number}") })
                .map(async |name| send(&name.await).await),
        )
        .await;
    }
    let after = server.metrics().await;
    let more: Vec<_> = series(&after).difference(&series(&before)).copied().collect();
    assert_eq!(more, [""; 0]);
    let known = "graphql_requests_total{operation=\"inventory\",outcome=\"ok\"}";
    assert_counts(&after, &[(known, 1_001)]);
}

async fn requests_are_counted_by_what_they_ask_for_and_what_became_of_them(
    database: &TestDatabase,
) {
    let server = TestServer::start_with(&database.url, &NOTHING_EARLY, &[]).await;
    server.create(1001, 1).await;
    buy(&server, "a", 1).await;
    buy(&server, "b", 1).await;
    for query in [
        "{ inventory(skuId: 1001) { skuId } }",
        "{ inventory(skuId: \"x\") { skuId } }",
        "{ inventory(skuId: 1001) { skuId } inventories { nodes { skuId } } }",
        "{ __schema { queryType { name } } }",
        "{ nothing }",
        "{",
    ] {
        let body = serde_json::json!({ "query": query });
        let url = format!("{}/graphql", server.url);
        reqwest::Client::new().post(url).json(&body).send().await.unwrap();
    }
    let text = server.metrics().await;
    for (operation, outcome, count) in [
        ("inventoryCreate", "ok", 1),
        ("inventoryDeduct", "ok", 1),
        ("inventoryDeduct", "refused", 1),
        ("inventory", "ok", 1),
        ("inventory", "INVALID_ARGUMENT", 1),
        ("several", "ok", 1),
        ("introspection", "ok", 1),
        ("none", "GRAPHQL_VALIDATION_FAILED", 1),
        ("none", "GRAPHQL_PARSE_FAILED", 1),
    ] {
        let labels = format!("{{operation=\"{operation}\",outcome=\"{outcome}\"}}");
        assert_counts(&text, &[(&format!("graphql_requests_total{labels}"), count)]);
    }
    let took = "graphql_request_seconds_count{operation=\"inventory\"}";
    assert_counts(&text, &[(took, 2), ("http_requests_under_way", 1)]);
    let of_pool = |pool: &str, state: &str| {
        let labels = format!("{{pool=\"{pool}\",state=\"{state}\"}}");
        metric(&text, &format!("stockflow_db_pool_connections{labels}"))
    };
    for pool in ["writer", "reader"] {
        assert_ne!(of_pool(pool, "idle") + of_pool(pool, "in_use"), 0, "{pool} in {text}");
    }
}

on_each_database!(requests_are_counted_by_what_they_ask_for_and_what_became_of_them);

/// All sources of the server.
pub fn sources(folder: &std::path::Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = entries.map(|path| {
        if path.is_dir() {
            sources(&path)
        } else {
            std::fs::read_to_string(&path).unwrap_or_default()
        }
    });
    texts.collect()
}

/// Whether the sources register a metric of this name, which is not told while it counts nothing.
pub fn is_registered(sources: &str, name: &str) -> bool {
    let ends = ["_total", "_seconds"];
    let name = ends.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let without_room = name.strip_prefix("stockflow_").and_then(|name| name.split_once('_'));
    without_room.is_some_and(|(_room, name)| sources.contains(&format!("\"{name}\"")))
}

/// README has every name, and no other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_metric_is_documented() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    let text = server.metrics().await;
    // As a sample is called, but for the parts of a histogram.
    let told = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    let told: BTreeSet<String> = told
        .map(|(name, kind)| match kind {
            "counter" => format!("{name}_total"),
            "info" => format!("{name}_info"),
            _ => name.to_owned(),
        })
        .collect();
    let sources = sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let exists = |name: &String| told.contains(name) || is_registered(&sources, name);
    let readme = include_str!("../../README.md");
    let mut documented = BTreeSet::new();
    for row in readme.lines().filter_map(|line| line.strip_prefix("| `stockflow_")) {
        let names = row.split('|').next().unwrap();
        let mut names = names.split('`').step_by(2).map(str::trim);
        let first = format!("stockflow_{}", names.next().unwrap());
        for name in names {
            // What begins with … continues the first name after some of its words.
            let rest = name.trim_start_matches('…');
            let words = first.match_indices('_').map(|(at, _)| &first[..at]);
            let continued = words.map(|words| format!("{words}{rest}"));
            documented.insert(continued.rev().find(exists).unwrap_or_else(|| name.to_owned()));
        }
        documented.insert(first);
    }
    let without: Vec<_> = told.difference(&documented).collect();
    let beyond: Vec<_> = documented.iter().filter(|name| !exists(name)).collect();
    assert!(
        without.is_empty() && beyond.is_empty(),
        "not in README: {without:?}; only: {beyond:?}"
    );
    assert!(!is_registered(&sources, "stockflow_http_nothing_total"));
    // Nor is one left out that has counted nothing yet.
    let registered = [".register(", ".register_with_unit("].map(|call| sources.split(call).skip(1));
    let names = registered.into_iter().flatten().filter_map(|call| {
        let (_before, name) = call.trim_start().split_at_checked(1).filter(|it| it.0 == "\"")?;
        name.split('"').next()
    });
    let names: Vec<&str> = names.collect();
    assert!(names.contains(&"retries"), "{names:?}");
    for name in names {
        assert!(documented.iter().any(|known| known.contains(&format!("_{name}"))), "{name}");
    }
}
