//! Bytes at random on a bare connection: heads and bodies of HTTP, nearly right, and what is none.

use std::time::Duration;

use fastrand::Rng;
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::generator::broken;
use super::{Target, answer};

/// Connections at once.
const CONNECTIONS: usize = 8;

/// How long an answer is waited for before the connection is closed from this side: what was sent
/// may be no whole request.
const PATIENCE: Duration = Duration::from_millis(30);

/// How long the server may then take to close it from the other.
const CLOSING_MAX: Duration = Duration::from_secs(20);

const BODIES: [&str; 8] = [
    r#"{"query":"{ inventory(skuId: 1001) { skuId leavedAmount } }"}"#,
    r#"{"query":"query($id: ID!) { inventory(skuId: $id) { skuId } }","variables":{"id":"1001"}}"#,
    r#"{"query":"mutation { inventoryReplenish(input: { skuId: 1001, quantity: 1, idempotencyKey: \"k\" }) { replayed } }"}"#,
    r#"{"query":"{ __typename }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b"}}}"#,
    r#"[{"query":"{ __typename }"},{"query":"{ __typename }"}]"#,
    r#"{"documentId":"sha256:00","operationName":null,"variables":null}"#,
    "query=%7B__typename%7D",
    "",
];

const PATHS: [&str; 9] = [
    "/graphql",
    "/graphql?query=%7B__typename%7D",
    "/graphql?query=%FF%00&variables=%7B",
    "/graphql?documentId=sha256:1&extensions=%5B%5D",
    "/",
    "/healthz",
    "/%2e%2e/%2e%2e/etc/passwd",
    "//graphql/../graphql",
    "*",
];

const HEADERS: [&str; 16] = [
    "accept: application/graphql-response+json",
    "accept: application/json;q=0.5, */*;q=nonsense",
    "accept: text/html",
    "accept: ",
    "content-type: application/json",
    "content-type: text/plain",
    "content-type: application/json; charset=utf-16",
    "expect: 100-continue",
    "x-request-id: \u{7f}",
    "x-request-id: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "stockflow-read-after: nonsense,,1-",
    "content-length: 18446744073709551616",
    "content-length: -1",
    "transfer-encoding: chunked",
    "upgrade: h2c",
    "host: a b",
];

/// What one connection sends.
fn request(rng: &mut Rng) -> Vec<u8> {
    if rng.usize(..8) == 0 {
        return noise(rng, 400);
    }
    let one = |rng: &mut Rng, of: &[&str]| of[rng.usize(..of.len())].to_owned();
    let body = one(rng, &BODIES);
    let body = if rng.bool() { body } else { broken(rng, &body) };
    let method =
        one(rng, &["POST", "POST", "POST", "GET", "HEAD", "OPTIONS", "DELETE", "PRI", "é"]);
    let path = if rng.usize(..3) == 0 { one(rng, &PATHS) } else { "/graphql".to_owned() };
    let version = if rng.usize(..10) == 0 {
        one(rng, &["HTTP/1.0", "HTTP/2.0", "HTTP/9"])
    } else {
        "HTTP/1.1".to_owned()
    };
    let mut head = format!("{method} {path} {version}\r\nhost: localhost\r\nconnection: close\r\n");
    if rng.usize(..6) > 0 {
        head += "content-type: application/json\r\n";
    }
    for _header in 0..rng.usize(..3) {
        head += &format!("{}\r\n", one(rng, &HEADERS));
    }
    if rng.usize(..8) > 0 {
        let length = if rng.usize(..8) == 0 { rng.usize(..200) } else { body.len() };
        head += &format!("content-length: {length}\r\n");
    }
    let head = if rng.usize(..4) == 0 { broken(rng, &head) } else { head };
    let mut bytes = format!("{head}\r\n{body}").into_bytes();
    if rng.usize(..8) == 0 {
        let at = rng.usize(..=bytes.len());
        let noise = noise(rng, 20);
        bytes.splice(at..at, noise);
    }
    bytes
}

fn noise(rng: &mut Rng, length: usize) -> Vec<u8> {
    (0..rng.usize(..length)).map(|_place| rng.u8(..)).collect()
}

/// What comes back until the connection ends.
async fn exchange(address: &str, sent: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    // It may close the connection in the middle: it has seen enough.
    stream.write_all(sent).await.ok();
    let mut received = Vec::new();
    if timeout(PATIENCE, stream.read_to_end(&mut received)).await.is_err() {
        stream.shutdown().await.ok();
        let rest = timeout(CLOSING_MAX, stream.read_to_end(&mut received)).await;
        rest.expect("the connection ends").ok();
    }
    received
}

/// What is wrong with what came back for `sent`; `None` if nothing is.
fn fault(sent: &[u8], received: &[u8]) -> Option<String> {
    if received.is_empty() {
        return None;
    }
    let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Some("an answer without a head".to_owned());
    };
    let head = String::from_utf8_lossy(&received[..end]).to_ascii_lowercase();
    let body = &received[end + 4..];
    let status = head.strip_prefix("http/1.").and_then(|rest| rest.get(2..5)?.parse().ok());
    let Some(status) = status else { return Some(format!("no status: {head}")) };
    if status == 100 {
        return fault(sent, body);
    }
    if status >= 500 {
        return Some(format!("status {status}"));
    }
    let header = |name: &str| {
        let lines = head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.filter(|(known, _value)| *known == name).map(|(_known, value)| value).last()
    };
    let content_type = header("content-type").unwrap_or_default();
    if !content_type.contains("json") {
        return None;
    }
    let length: usize = header("content-length").and_then(|length| length.parse().ok())?;
    // A HEAD has the length of what it leaves out, and what follows is another answer.
    if body.is_empty() || sent.starts_with(b"HEAD ") {
        return None;
    }
    answer::fault(status, content_type, body.get(..length)?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_at_random_are_answered_or_cut_off_and_harm_nothing() {
    let mut target = Target::start().await;
    let address = target.server.url.trim_start_matches("http://").to_owned();
    loop {
        let seeds: Vec<u64> = (0..CONNECTIONS).map_while(|_case| target.next()).collect();
        if seeds.is_empty() {
            break;
        }
        let cases = seeds.into_iter().map(async |seed| {
            let sent = request(&mut Rng::with_seed(seed));
            let received = exchange(&address, &sent).await;
            if let Some(fault) = fault(&sent, &received) {
                let (sent, received) = (sent.escape_ascii(), received.escape_ascii());
                panic!("STOCKFLOW_FUZZ_SEED={seed}: {fault}\n{sent}\n{received}");
            }
        });
        join_all(cases).await;
    }
    target.unharmed().await;
}
