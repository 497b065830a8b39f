//! What in `deploy` repeats something of the program agrees with it.

use std::path::Path;

use stockflow::config::{Sources, load};

/// What the ledger, the pools and the runtime may take at the most once requests were cut off.
const AFTER_SHUTDOWN_S: u64 = 22;

fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The number behind a key.
fn number(text: &str, key: &str) -> u64 {
    let rest = text.split(key).nth(1).unwrap();
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

#[test]
fn alerts_ask_for_metrics_that_there_are() {
    let alerts = text("deploy/alerts.yml");
    let names: Vec<&str> = alerts
        .split(|sign: char| sign != '_' && !sign.is_ascii_lowercase())
        .filter(|word| word.starts_with("stockflow_"))
        .collect();
    assert!(names.len() > 8, "{names:?}");
    for name in names {
        let (room, rest) = name.trim_start_matches("stockflow_").split_once('_').unwrap();
        let rest = ["_total", "_bucket"].iter().fold(rest, |rest, end| rest.trim_end_matches(end));
        let source = text(&format!("src/{room}/metrics.rs"));
        // The unit may be told apart from the name.
        let bare = rest.trim_end_matches("_seconds");
        let told = [rest, bare].iter().any(|name| source.contains(&format!("\"{name}\"")));
        assert!(told, "{name} is not in src/{room}/metrics.rs");
    }
}

#[test]
fn whoever_stops_the_server_has_more_patience_than_it_needs() {
    let settings = load(&Sources::default()).unwrap();
    let stopping = settings.server.drain_delay * 2 + settings.server.shutdown_timeout;
    let needs = stopping.as_secs() + AFTER_SHUTDOWN_S;
    assert!(number(&text("deploy/stockflow.service"), "TimeoutStopSec=") >= needs);
    assert!(number(&text("deploy/compose.yaml"), "stop_grace_period: ") >= needs);
}

#[test]
fn what_the_files_set_are_settings() {
    for path in ["deploy/Dockerfile", "deploy/compose.yaml", "deploy/stockflow.service"] {
        let text = text(path);
        let names = text.split(|sign: char| sign != '_' && !sign.is_ascii_alphanumeric());
        let variables =
            names.filter(|word| word.starts_with("STOCKFLOW_") && *word != "STOCKFLOW_WEB");
        // A value of any kind tells the unknown from the wrong.
        let environment = variables
            .filter(|name| *name != "STOCKFLOW_CONFIG")
            .map(|name| (name.to_owned(), "x".to_owned()))
            .collect();
        let told = load(&Sources { environment, ..Sources::default() });
        let told = told.map_or_else(|faults| faults.to_string(), |_settings| String::new());
        assert!(!told.contains("there is no such"), "{path}: {told}");
    }
}
