//! An oracle of staleness: checks what an answer says of its age against what was acknowledged.
//!
//! Writers change one SKU through a server, and the oracle notes when each version was
//! acknowledged. Readers ask a server, which may be another, and each answer is held against that:
//!
//! - it has everything that was acknowledged before the instant of its asking minus its age;
//! - its age is within the bound of its source, but for the time that the answer took;
//! - it is not older than the token that came along asks for;
//! - the amount is the one that belongs to its version.
//!
//! What is not as it must be is a panic in the client that saw it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;

use super::stock::{ONE, Question, Seen, number};
use super::{Answer, TestServer};

/// No read may take longer, whatever fails: some seconds until what fails is given up, and some
/// for a machine that is busy, but not the half minute that a read has at the most.
const READ_WITHIN: Duration = Duration::from_secs(15);

/// How old an answer may be, by its source. One of the primary has no age but the time it took.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub replica: Duration,
    pub cache: Duration,
}

/// What was acknowledged of one SKU, and the judge of answers. Cheap to clone; clones share it.
#[derive(Clone, Debug)]
pub struct Staleness {
    sku_id: i64,
    bounds: Bounds,
    acknowledged: Arc<Mutex<Acknowledged>>,
}

#[derive(Debug, Default)]
struct Acknowledged {
    /// When, and the greatest version up to then; both ascend.
    versions: Vec<(Instant, i64)>,
    /// The amounts by version.
    amounts: HashMap<i64, i64>,
}

impl Staleness {
    /// An oracle over a SKU, which it puts on the books.
    pub async fn start(server: &TestServer, sku_id: i64, bounds: Bounds) -> Self {
        server.create(sku_id, 1_000).await;
        let oracle = Self::new(sku_id, bounds);
        oracle.acknowledge(1, 1_000);
        oracle
    }

    /// An oracle over a SKU that is on the books already, and of which it knows nothing yet.
    pub fn new(sku_id: i64, bounds: Bounds) -> Self {
        Self { sku_id, bounds, acknowledged: Arc::default() }
    }

    /// A client, who sends the token of its newest answer with the next question if it
    /// `remembers`.
    pub fn client(&self, remembers: bool) -> Client {
        Client { oracle: self.clone(), remembers, token: None, version: 0 }
    }

    /// The greatest version that was acknowledged by now.
    pub fn version(&self) -> i64 {
        self.acknowledged.lock().unwrap().versions.last().map_or(0, |(_at, version)| *version)
    }

    /// When a version was acknowledged last.
    pub fn acknowledged_at(&self) -> Option<Instant> {
        self.acknowledged.lock().unwrap().versions.last().map(|(at, _version)| *at)
    }

    /// How old an answer may be at the most, whatever its source.
    pub fn bound(&self) -> Duration {
        self.bounds.replica.max(self.bounds.cache)
    }

    /// Notes that a version was acknowledged, now or shortly before.
    fn acknowledge(&self, version: i64, amount: i64) {
        let mut acknowledged = self.acknowledged.lock().unwrap();
        let other = acknowledged.amounts.insert(version, amount);
        assert!(other.is_none_or(|other| other == amount), "version {version} came twice");
        let newest = acknowledged.versions.last().map_or(0, |(_at, newest)| *newest);
        acknowledged.versions.push((Instant::now(), version.max(newest)));
    }

    fn version_at(&self, instant: Instant) -> i64 {
        let versions = &self.acknowledged.lock().unwrap().versions;
        let before = versions.partition_point(|(at, _version)| *at < instant);
        before.checked_sub(1).map_or(0, |last| versions[last].1)
    }

    /// Panics unless an answer to what was asked at `asked`, and came at `answered`, keeps what it
    /// promises.
    fn judge(&self, seen: &Seen, asked: Instant, answered: Instant) {
        let took = answered.duration_since(asked);
        // An age is told in whole milliseconds, rounded up.
        let bound = took
            + Duration::from_millis(1)
            + match seen.source.as_str() {
                "PRIMARY" => Duration::ZERO,
                "REPLICA" => self.bounds.replica,
                "CACHE" => self.bounds.cache,
                _ => panic!("an unknown source: {seen:?}"),
            };
        assert!(seen.age <= bound, "older than {bound:?}: {seen:?}");
        // Of the age before the machine was started, nothing is known.
        if let Some(as_of) = asked.checked_sub(seen.age) {
            let version = self.version_at(as_of);
            assert!(
                seen.version >= version,
                "{version} was acknowledged before, by the age that it tells: {seen:?}"
            );
        }
        let amount = self.acknowledged.lock().unwrap().amounts.get(&seen.version).copied();
        assert!(amount.is_none_or(|amount| amount == seen.amount), "not {amount:?}: {seen:?}");
        assert!(took <= READ_WITHIN, "it took {took:?}: {seen:?}");
    }
}

/// One who reads and writes, one after the other.
#[derive(Clone, Debug)]
pub struct Client {
    oracle: Staleness,
    remembers: bool,
    token: Option<String>,
    /// That of the token.
    version: i64,
}

impl Client {
    /// What is answered, once it has passed; or the code of an error that asking again may mend.
    pub async fn read(&mut self, server: &TestServer, question: Question) -> Result<Seen, String> {
        let asked = Instant::now();
        let answer = server.ask(question, self.oracle.sku_id, self.token.as_deref()).await;
        let answered = Instant::now();
        let answer = answer.unwrap_or_else(|error| panic!("no answer: {error:?}"));
        let Some(seen) = Seen::of(&answer, question) else {
            let took = answered.duration_since(asked);
            assert!(took <= READ_WITHIN, "it took {took:?}: {}", answer.0);
            return Err(retryable(&answer));
        };
        self.oracle.judge(&seen, asked, answered);
        assert!(seen.version >= self.version, "it knew {} before: {seen:?}", self.version);
        self.remember(seen.token.as_deref(), seen.version);
        Ok(seen)
    }

    /// Changes the amount by one, up or down, under a key of its own, and asks again until that is
    /// acknowledged; counts in `failures` what was answered meanwhile. Answers its version.
    pub async fn write(
        &mut self,
        server: &TestServer,
        key: &str,
        up: bool,
        mut failed: impl FnMut(&str),
    ) -> i64 {
        let payload = loop {
            let answer = server.change_by_one(key, self.oracle.sku_id, up).await;
            let answer = answer.expect("an answer");
            let payload = answer.at(&format!("/data/{ONE}"));
            if payload.is_object() {
                break payload.clone();
            }
            failed(&retryable(&answer));
        };
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
        let version = number(&payload["inventory"]["version"]);
        self.oracle.acknowledge(version, number(&payload["inventory"]["leavedAmount"]));
        self.remember(payload["readToken"].as_str(), version);
        version
    }

    /// Adds one, at the first attempt. Answers its version.
    pub async fn add_one(&mut self, server: &TestServer, key: &str) -> i64 {
        self.write(server, key, true, |code| panic!("{code}")).await
    }

    fn remember(&mut self, token: Option<&str>, version: i64) {
        if let Some(token) = token.filter(|_token| self.remembers) {
            (self.token, self.version) = (Some(token.to_owned()), version);
        }
    }
}

/// The code of an error that asking again may mend; panics if it is another.
fn retryable(answer: &Answer) -> String {
    let error = answer.at("/errors/0/extensions");
    assert_eq!(error["retryable"], true, "{}", answer.0);
    let code = error["code"].as_str().unwrap();
    assert!(["BUSY", "UNAVAILABLE"].contains(&code), "{}", answer.0);
    code.to_owned()
}

mod tests {
    use super::*;

    /// An oracle to which versions 1 to 3 were acknowledged, each with 10 times its amount, and
    /// an instant after that.
    fn oracle() -> (Staleness, Instant) {
        let bound = Duration::from_secs(2);
        let oracle = Staleness::new(1, Bounds { replica: bound, cache: bound / 2 });
        for version in 1..=3 {
            oracle.acknowledge(version, version * 10);
        }
        (oracle, Instant::now() + Duration::from_millis(1))
    }

    /// Judges an answer that took half a second.
    fn judge(source: &str, age_ms: u64, version: i64, amount: i64) {
        let (oracle, asked) = oracle();
        let age = Duration::from_millis(age_ms);
        let seen = Seen { source: source.to_owned(), age, version, amount, token: None };
        oracle.judge(&seen, asked, asked + Duration::from_millis(500));
    }

    #[test]
    fn an_answer_that_keeps_what_it_promises_passes() {
        judge("PRIMARY", 501, 3, 30);
        judge("REPLICA", 2_501, 1, 10);
        judge("CACHE", 0, 4, 7);
    }

    #[test]
    #[should_panic(expected = "was acknowledged before")]
    fn what_lacks_a_version_that_its_age_promises_is_caught() {
        judge("REPLICA", 0, 2, 20);
    }

    #[test]
    #[should_panic(expected = "older than")]
    fn a_copy_older_than_its_bound_is_caught() {
        judge("CACHE", 1_502, 3, 30);
    }

    #[test]
    #[should_panic(expected = "older than")]
    fn an_old_answer_of_the_primary_is_caught() {
        judge("PRIMARY", 502, 3, 30);
    }

    #[test]
    #[should_panic(expected = "not Some(20)")]
    fn an_amount_of_another_version_is_caught() {
        judge("REPLICA", 2_000, 2, 30);
    }
}
