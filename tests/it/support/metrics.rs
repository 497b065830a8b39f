//! The numbers that a server counts.

use super::Api;

/// The value of a metric, by its full name with its labels, out of a text of them. One that is not
/// there counts nothing yet.
pub fn metric(text: &str, name: &str) -> u64 {
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    // The sum of a histogram is written as a fraction, though what it adds up may be counts.
    value.map_or(0, |value| value.trim_end_matches(".0").parse().unwrap())
}

/// How many commands the ledger has begun so far.
pub fn begun(text: &str) -> u64 {
    metric(text, "stockflow_ledger_wait_seconds_count")
}

/// How many commands wait to be begun.
pub fn waiting(text: &str) -> u64 {
    metric(text, "stockflow_ledger_queue_commands")
}

/// How often a test asks for what must come about.
const ASKED_MAX: usize = 20_000;

impl Api {
    /// All the numbers, as an operator's Prometheus reads them.
    pub async fn metrics(&self) -> String {
        let response = self.client.get(format!("{}/metrics", self.url)).send().await.unwrap();
        response.text().await.unwrap()
    }

    /// Asks for the numbers until they are what a test waits for.
    pub async fn metrics_when(&self, come_about: impl Fn(&str) -> bool) -> String {
        let mut text = String::new();
        for _ask in 0..ASKED_MAX {
            text = self.metrics().await;
            if come_about(&text) {
                return text;
            }
        }
        panic!("it never came about: {text}");
    }
}
