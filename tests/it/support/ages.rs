//! An oracle of staleness: tells of an answer whether it may be as old as it is.
//!
//! One writer changes one SKU without end, and notes when each version was acknowledged. Readers
//! note when they sent. Who sends at an instant and is told that the answer is so many milliseconds
//! old must be told of every version that was acknowledged before that instant by more than these;
//! and no answer may be older than its bound.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Answer, TestServer};
use crate::servers::until;

/// The header by which a client asks for what is at least as new as a token.
const READ_AFTER: &str = "stockflow-read-after";

/// A millisecond that is begun counts as one.
const ROUNDED_UP: Duration = Duration::from_millis(1);

/// Reads that must have been answered before a load counts as having gone on.
const READS_MIN: u64 = 50;

/// What a read of one SKU was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// 0 for a SKU that is not on the books.
    pub version: i64,
    pub leaved_amount: i64,
    /// Empty for a SKU that is not on the books.
    pub token: String,
    pub source: String,
    pub age: Duration,
}

/// What a reader wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// Whatever the bound allows.
    Anything,
    /// Nothing older than what it has seen: it sends the token of its newest answer.
    NothingOlder,
}

/// The versions of a SKU that were acknowledged, and the bound of the ages.
#[derive(Debug)]
pub struct Ages {
    sku_id: i64,
    bound: Duration,
    acknowledged: Mutex<Vec<(Instant, i64)>>,
    reads: AtomicU64,
    over: AtomicBool,
}

impl TestServer {
    /// Asks a question whose answer must be as new as a token.
    pub async fn graphql_with(&self, token: &str, query: &str, variables: Value) -> Answer {
        let body = json!({ "query": query, "variables": variables });
        let request = self.client.post(format!("{}/graphql", self.url)).json(&body);
        let request = if token.is_empty() { request } else { request.header(READ_AFTER, token) };
        Answer(request.send().await.unwrap().json().await.unwrap())
    }

    /// Reads a SKU as a client does who says nothing of consistency; with a token, if there is one.
    pub async fn see(&self, sku_id: i64, token: &str) -> Seen {
        let query = "query($id: ID!) { inventory(skuId: $id) { version leavedAmount readToken } }";
        let answer = self.graphql_with(token, query, json!({ "id": sku_id.to_string() })).await;
        let stock = answer.field();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Seen {
            version: text(&stock["version"]).parse().unwrap_or_default(),
            leaved_amount: stock["leavedAmount"].as_i64().unwrap_or_default(),
            token: text(&stock["readToken"]),
            source: text(answer.at("/extensions/read/source")),
            age: age(&answer),
        }
    }

    /// Adds a unit of a SKU; answers the version that this made, and its token.
    pub async fn add_one(&self, key: &str, sku_id: i64) -> (i64, String) {
        let input =
            json!({ "skuId": sku_id.to_string(), "quantity": 1, "idempotencyKey": key.to_owned() });
        let mutation = "mutation($input: InventoryReplenishInput!) { inventoryReplenish(input: \
                        $input) { inventory { version } readToken userErrors { code } } }";
        let answer = self.graphql(mutation, json!({ "input": input })).await;
        let text = |pointer| {
            let text = answer.at(pointer).as_str();
            text.unwrap_or_else(|| panic!("{}", answer.0)).to_owned()
        };
        let version = text("/data/inventoryReplenish/inventory/version");
        (version.parse().unwrap(), text("/data/inventoryReplenish/readToken"))
    }
}

/// How old an answer says that it is.
pub fn age(answer: &Answer) -> Duration {
    let ms = answer.at("/extensions/read/ageMs").as_u64();
    Duration::from_millis(ms.unwrap_or_else(|| panic!("{}", answer.0)))
}

impl Ages {
    /// Of a SKU that is on the books. No answer about it may be older than `bound`.
    pub fn new(sku_id: i64, bound: Duration) -> Self {
        Self {
            sku_id,
            bound,
            acknowledged: Mutex::default(),
            reads: AtomicU64::new(0),
            over: AtomicBool::new(false),
        }
    }

    /// Writes through `writer` and reads through `readers` until `during` is over, and judges all
    /// that they are answered.
    pub async fn under_load<T>(
        &self,
        writer: &TestServer,
        readers: &[(&TestServer, Wants)],
        during: impl Future<Output = T>,
    ) -> T {
        let reading = join_all(readers.iter().map(|(server, wants)| self.read(server, *wants)));
        let during = async {
            let result = during.await;
            self.over.store(true, Ordering::Relaxed);
            result
        };
        let (_wrote, _read, result) = tokio::join!(self.write(writer), reading, during);
        result
    }

    /// Waits until the load has gone on for twice the bound: none of what was known before may be
    /// answered any more then.
    pub async fn go_on(&self) {
        let (begun, reads) = (Instant::now(), self.reads.load(Ordering::Relaxed));
        until("reads and writes went on", async || {
            let newest = self.acknowledged.lock().unwrap().last().copied();
            let written = newest.is_some_and(|(at, _version)| at > begun + self.bound * 2);
            written && self.reads.load(Ordering::Relaxed) > reads + READS_MIN
        })
        .await;
    }

    /// Adds a unit, and notes it once that is acknowledged.
    pub async fn add_one(&self, writer: &TestServer, key: &str) -> (i64, String) {
        let (version, token) = writer.add_one(key, self.sku_id).await;
        self.acknowledged.lock().unwrap().push((Instant::now(), version));
        (version, token)
    }

    /// Reads once, and judges the answer.
    pub async fn see(&self, server: &TestServer, token: &str) -> Seen {
        let sent = Instant::now();
        let seen = server.see(self.sku_id, token).await;
        let took = sent.elapsed();
        assert!(seen.age <= self.bound + took + ROUNDED_UP, "took {took:?}: {seen:?}");
        let least = sent.checked_sub(seen.age).map_or(0, |at| self.newest_before(at));
        assert!(seen.version >= least, "{least} had been acknowledged: {seen:?}");
        self.reads.fetch_add(1, Ordering::Relaxed);
        seen
    }

    async fn write(&self, writer: &TestServer) {
        for write in 0.. {
            if self.over.load(Ordering::Relaxed) {
                return;
            }
            self.add_one(writer, &format!("write {write}")).await;
        }
    }

    async fn read(&self, server: &TestServer, wants: Wants) {
        let (mut token, mut version) = (String::new(), 0);
        while !self.over.load(Ordering::Relaxed) {
            let seen = self.see(server, &token).await;
            if wants == Wants::NothingOlder {
                assert!(seen.version >= version, "{version} had been seen: {seen:?}");
                (version, token) = (seen.version, seen.token);
            }
        }
    }

    /// The greatest version that was acknowledged before an instant.
    fn newest_before(&self, instant: Instant) -> i64 {
        let acknowledged = self.acknowledged.lock().unwrap();
        let before = acknowledged.partition_point(|(at, _version)| *at < instant);
        acknowledged[..before].iter().map(|(_at, version)| *version).max().unwrap_or_default()
    }
}
