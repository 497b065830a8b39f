//! Copies in a Redis that two servers share: what one writes the other reads, and whatever Redis
//! does or fails to do, nothing older than its bound is answered and nobody is told of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::servers::{RedisServer, until};
use crate::support::load::Load;
use crate::support::server::program;
use crate::support::staleness::{Bounds, Staleness};
use crate::support::stock::Question;
use crate::support::{Kind, TestDatabase, TestServer, metric};

/// Each read asks Redis; copies grow too old soon.
const SHORT: [(&str, &str); 2] =
    [("STOCKFLOW_CACHE__REDIS_NEAR_AGE_MS_MAX", "0"), ("STOCKFLOW_CACHE__AGE_MS_MAX", "500")];
const BOUNDS: Bounds = Bounds { replica: Duration::ZERO, cache: Duration::from_millis(500) };

/// Each read asks Redis, with patience; copies do not grow too old while a test lasts.
const FOR_LONG: [(&str, &str); 3] = [
    ("STOCKFLOW_CACHE__REDIS_NEAR_AGE_MS_MAX", "0"),
    ("STOCKFLOW_CACHE__AGE_MS_MAX", "10000"),
    ("STOCKFLOW_CACHE__REDIS_TIMEOUT_MS", "5000"),
];

const SKU: i64 = 1001;

/// Two servers over one database and one Redis, with a SKU of 10 units.
struct Shop {
    database: TestDatabase,
    redis: RedisServer,
    writer: Arc<TestServer>,
    other: Arc<TestServer>,
}

impl Shop {
    async fn open(kind: Kind, settings: &[(&str, &str)]) -> Option<Self> {
        let redis = RedisServer::start().await?;
        Self::open_with(redis, kind, settings).await
    }

    async fn open_with(redis: RedisServer, kind: Kind, settings: &[(&str, &str)]) -> Option<Self> {
        let database = TestDatabase::fresh(kind).await?;
        let url = redis.url();
        let arguments = ["--redis-url", &url];
        let start = || TestServer::start_with(&database.url, &arguments, settings);
        let (writer, other) = tokio::join!(start(), start());
        let (writer, other) = (Arc::new(writer), Arc::new(other));
        writer.create(SKU, 10).await;
        Some(Self { database, redis, writer, other })
    }

    /// Has everybody read and write, and does to Redis what `during` does.
    async fn under_load(&self, during: impl AsyncFnOnce(&Load)) {
        let readers = [(&self.other, false), (&self.other, true), (&self.writer, false)];
        let load = Load::start_full(&Staleness::new(SKU, BOUNDS), &self.writer, &readers);
        load.go_on().await;
        during(&load).await;
        load.stop_faultless().await;
        self.database.audit().await;
    }

    /// Waits until the one server stores and the other is answered.
    async fn until_redis_is_used(&self) {
        let (stored, answered) = (stored(&self.writer).await, answered(&self.other).await);
        until("Redis was used", async || {
            self.writer.add_one(&format!("{:?}", Instant::now()), SKU).await;
            self.other.see(SKU).await;
            stored_more(&self.writer, stored).await && answered_more(&self.other, answered).await
        })
        .await;
    }

    /// The key of the SKU, once it is there.
    async fn key(&self) -> String {
        let mut key = String::new();
        until("the SKU had a key", async || {
            key = self.redis.command(&["KEYS", &format!("stockflow:*:{SKU}")]).await;
            !key.is_empty()
        })
        .await;
        assert_eq!(key.lines().count(), 1, "{key}");
        key
    }

    /// The parts of the value under a key, once it has a version.
    async fn value_of(&self, key: &str, version: i64) -> Vec<String> {
        let mut parts = Vec::new();
        until("Redis had the version", async || {
            let value = self.redis.command(&["GET", key]).await;
            parts = value.split(' ').map(str::to_owned).collect();
            parts.get(1).is_some_and(|told| *told == version.to_string())
        })
        .await;
        parts
    }
}

async fn stored(server: &TestServer) -> u64 {
    metric(&server.metrics().await, "stockflow_cache_redis_stored_total")
}

async fn stored_more(server: &TestServer, than: u64) -> bool {
    stored(server).await > than
}

async fn answered(server: &TestServer) -> u64 {
    metric(&server.metrics().await, "stockflow_cache_lookups_total{by=\"redis\"}")
}

async fn answered_more(server: &TestServer, than: u64) -> bool {
    answered(server).await > than
}

async fn nonsense(server: &TestServer) -> u64 {
    metric(&server.metrics().await, "stockflow_cache_redis_nonsense_total")
}

async fn reads_of_the_primary(server: &TestServer) -> u64 {
    metric(&server.metrics().await, "stockflow_db_reads_total{source=\"primary\"}")
}

#[tokio::test]
async fn what_one_server_writes_the_other_reads_from_redis() {
    let Some(shop) = Shop::open(Kind::MariaDb, &FOR_LONG).await else { return };
    shop.value_of(&shop.key().await, 1).await;
    let before = (reads_of_the_primary(&shop.other).await, answered(&shop.other).await);
    for write in 2..20 {
        let (version, _token) = shop.writer.add_one(&format!("write {write}"), SKU).await;
        until("the other server saw it", async || {
            let seen = shop.other.see(SKU).await;
            assert_eq!(seen.source, "CACHE", "{seen:?}");
            seen.version == version
        })
        .await;
    }
    assert!(answered_more(&shop.other, before.1 + 17).await);
    assert_eq!(reads_of_the_primary(&shop.other).await, before.0);
}

#[tokio::test]
async fn values_expire_soon_after_they_are_of_no_use() {
    let Some(shop) = Shop::open(Kind::Postgres, &FOR_LONG).await else { return };
    let key = shop.key().await;
    let left: i64 = shop.redis.command(&["PTTL", &key]).await.parse().unwrap();
    assert!((1..=11_000).contains(&left), "{left} ms");
}

#[tokio::test]
async fn redis_may_die_and_come_back_empty() {
    let Some(shop) = Shop::open(Kind::MariaDb, &SHORT).await else { return };
    shop.under_load(async |load| {
        shop.redis.kill();
        load.go_on().await;
        let spared = metric(&shop.other.metrics().await, "stockflow_cache_redis_spared");
        assert_eq!(spared, 1);
        shop.redis.restart().await;
        shop.until_redis_is_used().await;
        load.go_on().await;
    })
    .await;
    let failures = "stockflow_cache_redis_failures_total{cause=\"connection\"}";
    assert_ne!(metric(&shop.other.metrics().await, failures), 0);
}

#[tokio::test]
async fn redis_may_hang_and_go_on() {
    let Some(shop) = Shop::open(Kind::Postgres, &SHORT).await else { return };
    shop.under_load(async |load| {
        shop.redis.pause();
        load.go_on().await;
        shop.redis.resume();
        shop.until_redis_is_used().await;
        load.go_on().await;
        shop.redis.command(&["CLIENT", "PAUSE", "1500", "ALL"]).await;
        load.go_on().await;
        shop.until_redis_is_used().await;
    })
    .await;
    let failures = "stockflow_cache_redis_failures_total{cause=\"timeout\"}";
    assert_ne!(metric(&shop.other.metrics().await, failures), 0);
}

#[tokio::test]
async fn redis_may_be_full() {
    let Some(shop) = Shop::open(Kind::MariaDb, &SHORT).await else { return };
    let refused = async || {
        let name = "stockflow_cache_redis_failures_total{cause=\"refused\"}";
        metric(&shop.writer.metrics().await, name)
    };
    shop.under_load(async |load| {
        shop.redis.command(&["CONFIG", "SET", "maxmemory", "1"]).await;
        let before = refused().await;
        load.go_on().await;
        assert!(refused().await > before);
        shop.redis.command(&["CONFIG", "SET", "maxmemory", "0"]).await;
        shop.until_redis_is_used().await;
        load.go_on().await;
    })
    .await;
}

#[tokio::test]
async fn redis_may_hold_nonsense() {
    let Some(shop) = Shop::open(Kind::Postgres, &SHORT).await else { return };
    shop.under_load(async |load| {
        let key = shop.key().await;
        let values = [
            "",
            "nonsense",
            "2",
            "1 1 1 1 1 1",
            "2 -1 1 1 1 1 1",
            "2 1 1 1 1 1 1 1",
            "2 0 - - 0 0 0",
        ];
        // Between two writes, so that somebody reads it, sooner or later.
        let before = nonsense(&shop.other).await;
        until("nonsense was read", async || {
            for value in values {
                shop.redis.command(&["SET", &key, value]).await;
            }
            nonsense(&shop.other).await > before
        })
        .await;
        for _list in 0..20 {
            shop.redis.command(&["DEL", &key]).await;
            shop.redis.command(&["LPUSH", &key, "nonsense"]).await;
        }
        shop.until_redis_is_used().await;
        load.go_on().await;
    })
    .await;
}

/// What a value tells is judged by the instant that it tells, so one that lies is no value.
#[tokio::test]
async fn a_value_of_the_past_or_of_the_future_deceives_nobody() {
    let Some(shop) = Shop::open(Kind::MariaDb, &SHORT).await else { return };
    let key = shop.key().await;
    let mut client = Staleness::new(SKU, BOUNDS).client(false);
    for (step, as_of) in ["1", "9999999999999999", "99999999999999999999"].iter().enumerate() {
        let version = client.add_one(&shop.writer, &format!("step {step}")).await;
        let mut parts = shop.value_of(&key, version).await;
        let newer = (version + 5).to_string();
        (parts[1], parts[3], parts[6]) = (newer, "0".to_owned(), (*as_of).to_owned());
        shop.redis.command(&["SET", &key, &parts.join(" ")]).await;
        // It was read, and did not come to the memory of the server either.
        for _read in 0..3 {
            let seen = client.read(&shop.other, Question::Plain).await.unwrap();
            assert!(seen.version <= version, "as of {as_of}: {seen:?}");
        }
        assert_eq!(shop.other.left(SKU).await, 9 + version);
        shop.redis.command(&["DEL", &key]).await;
    }
}

/// Whatever somebody puts into Redis, who asks the primary is told what the primary says.
#[tokio::test]
async fn a_made_up_value_does_not_stand_in_for_the_primary() {
    let Some(shop) = Shop::open(Kind::Postgres, &FOR_LONG).await else { return };
    let key = shop.key().await;
    let mut parts = shop.value_of(&key, 1).await;
    (parts[1], parts[3]) = ("1000".to_owned(), "0".to_owned());
    shop.redis.command(&["SET", &key, &parts.join(" ")]).await;
    assert_eq!(shop.other.see(SKU).await.version, 1_000);
    assert_eq!(shop.other.left(SKU).await, 10);
}

#[tokio::test]
async fn a_made_up_value_answers_nobody_when_it_has_grown_too_old() {
    let Some(shop) = Shop::open(Kind::MariaDb, &SHORT).await else { return };
    let key = shop.key().await;
    let mut client = Staleness::new(SKU, BOUNDS).client(false);
    let version = client.add_one(&shop.writer, "first").await;
    let mut parts = shop.value_of(&key, version).await;
    (parts[1], parts[3]) = ("1000".to_owned(), "0".to_owned());
    shop.redis.command(&["SET", &key, &parts.join(" "), "PX", "1500"]).await;
    let made_up = Instant::now();
    client.read(&shop.other, Question::Plain).await.unwrap();
    until("the truth was told", async || {
        let seen = client.read(&shop.other, Question::Plain).await.unwrap();
        seen.version == version && made_up.elapsed() > BOUNDS.cache
    })
    .await;
}

#[tokio::test]
async fn a_late_message_replaces_nothing_newer_and_is_replaced_by_what_is() {
    let Some(shop) = Shop::open(Kind::Postgres, &FOR_LONG).await else { return };
    let key = shop.key().await;
    let (version, _token) = shop.writer.add_one("first", SKU).await;
    let mut parts = shop.value_of(&key, version).await;
    assert_eq!(shop.other.see(SKU).await.version, version);
    let late_by = Instant::now();
    // It is older, and claims to be as true as ever.
    let before = (version - 1).to_string();
    parts[1..=2].clone_from_slice(&[before, "999".to_owned()]);
    let written: u128 = parts[5].parse().unwrap();
    for _message in 0..10 {
        parts[5] = (written + late_by.elapsed().as_micros()).to_string();
        shop.redis.command(&["SET", &key, &parts.join(" ")]).await;
        for server in [&shop.other, &shop.writer] {
            let seen = server.see(SKU).await;
            assert_eq!((seen.version, seen.amount), (version, 11), "{seen:?}");
        }
    }
    let (version, _token) = shop.writer.add_one("next", SKU).await;
    shop.value_of(&key, version).await;
    assert_eq!(shop.other.see(SKU).await.version, version);
}

#[tokio::test]
async fn what_redis_has_is_replaced_only_by_what_is_newer() {
    let Some(shop) = Shop::open(Kind::Postgres, &FOR_LONG).await else { return };
    let key = shop.key().await;
    let mut parts = shop.value_of(&key, 1).await;
    // By a server that was quicker.
    parts[1] = "4".to_owned();
    let quicker = parts.join(" ");
    shop.redis.command(&["SET", &key, &quicker]).await;
    for write in 2..=5 {
        let sent = shop.redis.calls("eval").await;
        shop.writer.add_one(&format!("write {write}"), SKU).await;
        until("it was sent", async || shop.redis.calls("eval").await > sent).await;
        let held = shop.redis.command(&["GET", &key]).await;
        // Of the same version, what was seen to hold later.
        assert_eq!(held == quicker, write < 4, "{held} after version {write}");
    }
    shop.value_of(&key, 5).await;
}

#[tokio::test]
async fn a_redis_that_is_not_there_yet_is_used_once_it_is() {
    let Some(redis) = RedisServer::start().await else { return };
    redis.kill();
    let Some(shop) = Shop::open_with(redis, Kind::MariaDb, &SHORT).await else { return };
    shop.under_load(async |load| {
        load.go_on().await;
        assert_eq!((stored(&shop.writer).await, answered(&shop.other).await), (0, 0));
        shop.redis.restart().await;
        shop.until_redis_is_used().await;
        load.go_on().await;
    })
    .await;
}

#[tokio::test]
async fn a_url_that_is_none_is_told_at_the_start() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    for url in ["http://127.0.0.1:6379", "redis://[::bad", "127.0.0.1:6379"] {
        let output = program()
            .args(["serve", "--listen", "127.0.0.1:0", "--database-url", &database.url])
            .args(["--redis-url", url])
            .output()
            .await
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(matches!(output.status.code(), Some(1 | 2)), "{told}");
        assert!(told.to_lowercase().contains("redis"), "{url}: {told}");
    }
}

#[tokio::test]
async fn servers_of_different_books_do_not_see_each_others_amounts() {
    let Some(redis) = RedisServer::start().await else { return };
    // As when somebody sets up several shops at once.
    let fresh = || TestDatabase::fresh(Kind::MariaDb);
    let (Some(one), Some(two)) = tokio::join!(fresh(), fresh()) else { return };
    let url = redis.url();
    let arguments = ["--redis-url", &url];
    let start = |database: &TestDatabase| {
        let url = database.url.clone();
        async move { TestServer::start_with(&url, &arguments, &FOR_LONG).await }
    };
    let (one, two) = tokio::join!(start(&one), start(&two));
    one.create(SKU, 10).await;
    until("it was in Redis", async || stored_more(&one, 0).await).await;
    assert_eq!(two.see(SKU).await.version, 0, "the SKU is on other books");
    two.create(SKU, 77).await;
    until("it was in Redis", async || stored_more(&two, 0).await).await;
    for (server, amount) in [(&one, 10), (&two, 77)] {
        for _read in 0..10 {
            assert_eq!(server.see(SKU).await.amount, amount);
        }
    }
}
