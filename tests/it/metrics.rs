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
    let ends = ["_total", "_bucket", "_sum", "_count"];
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
