//! Documents at random: out of the schema, nearly right, and broken.

use fastrand::Rng;
use reqwest::Client;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};

use super::generator::{Asked, Generator, broken};
use super::{Target, answer};
use crate::support::sdl::Schema;

/// What a case sends, by what becomes of its document.
fn body(rng: &mut Rng, Asked { query, variables }: Asked) -> Value {
    let query = if rng.usize(..5) < 2 { broken(rng, &query) } else { query };
    let mut body = json!({ "query": query, "variables": variables });
    match rng.usize(..30) {
        0 => body["operationName"] = json!("Q"),
        1 => body["operationName"] = json!(broken(rng, "Q")),
        2 => body["variables"] = json!({ "v0": { "deep": [[[1]]] }, "v1": null }),
        3 => body["extensions"] = json!({ "persistedQuery": { "version": 1, "sha256Hash": "0" } }),
        4 => body["documentId"] = json!("sha256:"),
        5 => body["query"] = Value::Null,
        _ => {}
    }
    body
}

#[tokio::test]
async fn documents_at_random_are_answered_and_harm_nothing() {
    let (schema, client) = (Schema::read(), Client::new());
    let mut target = Target::start().await;
    let url = format!("{}/graphql", target.server.url);
    let mut executed = 0_u64;
    while let Some(seed) = target.next() {
        let mut rng = Rng::with_seed(seed);
        let asked = Generator::new(&schema, &mut rng).document();
        let body = body(&mut rng, asked);
        let request = if rng.usize(..6) == 0 {
            let texts = body.as_object().unwrap().iter().filter(|(_name, value)| !value.is_null());
            let texts = texts.map(|(name, value)| {
                let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
                (name.clone(), text)
            });
            // What is too long for a line of HTTP is another matter.
            let pairs: Vec<(String, String)> = texts.filter(|pair| pair.1.len() < 4_000).collect();
            client.get(&url).query(&pairs)
        } else {
            client.post(&url).json(&body)
        };
        let accepted = ["application/json", "application/graphql-response+json"];
        let request = request.header(ACCEPT, accepted[rng.usize(..2)]);
        let response = request.send().await.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let status = response.status().as_u16();
        let content_type = response.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
        let answered = response.bytes().await.unwrap();
        if let Some(fault) = answer::fault(status, &content_type, &answered) {
            let answered = String::from_utf8_lossy(&answered);
            panic!("STOCKFLOW_FUZZ_SEED={seed}: {fault}\n{body}\n{answered}");
        }
        executed += u64::from(answered.starts_with(b"{\"data\""));
    }
    eprintln!("{executed} executed");
    // Nonsense alone would show nothing.
    assert!(executed * 20 > target.cases, "{executed} of {} were executed", target.cases);
    target.unharmed().await;
}
