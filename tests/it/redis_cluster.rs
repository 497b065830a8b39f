//! Copies in a Redis cluster that two servers share: they are spread over its nodes, those of a hot
//! SKU are on all of them, and whichever node dies or hangs, nothing older than its bound is
//! answered and nobody is told of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};

use crate::servers::{RedisCluster, until};
use crate::support::load::Load;
use crate::support::staleness::{Bounds, Staleness};
use crate::support::{Kind, TestDatabase, TestServer, metric};

/// Each read asks the cluster; copies grow too old soon.
const SHORT: [(&str, &str); 2] =
    [("STOCKFLOW_CACHE__REDIS_NEAR_AGE_MS_MAX", "0"), ("STOCKFLOW_CACHE__AGE_MS_MAX", "500")];
const BOUNDS: Bounds = Bounds { replica: Duration::ZERO, cache: Duration::from_millis(500) };

/// Each read asks the cluster, with patience; copies do not grow too old while a test lasts, and a
/// SKU is hot that is read twenty times in a second.
const FOR_LONG: [(&str, &str); 4] = [
    ("STOCKFLOW_CACHE__REDIS_NEAR_AGE_MS_MAX", "0"),
    ("STOCKFLOW_CACHE__AGE_MS_MAX", "10000"),
    ("STOCKFLOW_CACHE__REDIS_TIMEOUT_MS", "5000"),
    ("STOCKFLOW_CACHE__REDIS_HOT_LOOKUPS_PER_SECOND", "20"),
];

const SKU: i64 = 1001;

/// What spreads the keys of [`SKU`]: the remainder of its id by 256, in braces.
const PLACE: &str = "{233}";

/// Two servers over one database and one cluster, with a SKU of 10 units.
struct Shop {
    database: TestDatabase,
    cluster: RedisCluster,
    writer: Arc<TestServer>,
    other: Arc<TestServer>,
}

impl Shop {
    async fn open(kind: Kind, settings: &[(&str, &str)]) -> Option<Self> {
        let (cluster, database) = tokio::join!(RedisCluster::start(), TestDatabase::fresh(kind));
        let (cluster, database) = (cluster?, database?);
        let urls = cluster.urls();
        let arguments: Vec<&str> = urls.iter().flat_map(|url| ["--redis-url", url]).collect();
        let start = || TestServer::start_with(&database.url, &arguments, settings);
        let (writer, other) = tokio::join!(start(), start());
        let (writer, other) = (Arc::new(writer), Arc::new(other));
        writer.create(SKU, 10).await;
        Some(Self { database, cluster, writer, other })
    }

    /// Has everybody read and write, and does to the cluster what `during` does.
    async fn under_load(&self, during: impl AsyncFnOnce(&Load)) {
        let readers = [(&self.other, false), (&self.other, true), (&self.writer, false)];
        let load = Load::start_full(&Staleness::new(SKU, BOUNDS), &self.writer, &readers);
        self.until_the_cluster_is_used().await;
        during(&load).await;
        load.stop_faultless().await;
        self.database.audit().await;
    }

    /// Waits until the one server stores, the other is answered, and the primary of the SKU, which
    /// may be another than before, is who is asked.
    async fn until_the_cluster_is_used(&self) {
        let primary = self.cluster.primary_of(PLACE).await;
        let before = self.used(primary).await;
        until("the cluster was used", async || {
            self.writer.add_one(&format!("{:?}", Instant::now()), SKU).await;
            self.other.see(SKU).await;
            let now = self.used(primary).await;
            before.iter().zip(now).all(|(before, now)| now > *before)
        })
        .await;
    }

    /// How many copies were stored, how many lookups answered, and how often a node was asked.
    async fn used(&self, node: usize) -> [u64; 3] {
        let stored = "stockflow_cache_redis_stored_total";
        let answered = "stockflow_cache_lookups_total{by=\"redis\"}";
        [
            metric(&self.writer.metrics().await, stored),
            metric(&self.other.metrics().await, answered),
            self.cluster.calls(node, "mget").await,
        ]
    }

    /// How often each primary was asked.
    async fn asked(&self, primaries: &[usize]) -> Vec<u64> {
        let mut calls = Vec::new();
        for primary in primaries {
            calls.push(self.cluster.calls(*primary, "mget").await);
        }
        calls
    }

    /// Reads the SKU so often, by a few at once.
    async fn read(&self, times: usize) {
        let reads = stream::iter(0..times).map(|_read| self.other.see(SKU));
        let mut reads = reads.buffer_unordered(6);
        while let Some(seen) = reads.next().await {
            assert_eq!(seen.amount, 10, "{seen:?}");
        }
    }
}

#[tokio::test]
async fn skus_are_spread_over_the_nodes_and_a_hot_one_is_on_all_of_them() {
    let Some(shop) = Shop::open(Kind::MariaDb, &FOR_LONG).await else { return };
    let primaries = shop.cluster.primaries().await;
    assert_eq!(primaries.len(), 3);
    for sku_id in 1..=30 {
        shop.writer.create(sku_id, 1).await;
    }
    for primary in &primaries {
        until("the node had its share", async || {
            let keys = shop.cluster.command(*primary, &["DBSIZE"]).await;
            keys.parse::<u64>().unwrap() >= 5
        })
        .await;
    }

    until("each node was asked for the hot SKU", async || {
        let before = shop.asked(&primaries).await;
        shop.read(100).await;
        let after = shop.asked(&primaries).await;
        before.iter().zip(after).all(|(before, after)| after > *before)
    })
    .await;
    let before = shop.asked(&primaries).await;
    shop.read(1_500).await;
    let after = shop.asked(&primaries).await;
    let asked: Vec<u64> = before.iter().zip(after).map(|(before, after)| after - before).collect();
    let sum: u64 = asked.iter().sum();
    let even = |asked: &u64| (sum * 4..=sum * 6).contains(&(asked * 15));
    assert!(asked.iter().all(even), "more than a fifth from even: {asked:?}");
    assert!(sum >= 300, "{asked:?}");
}

#[tokio::test]
async fn a_node_may_die_and_come_back() {
    let Some(shop) = Shop::open(Kind::Postgres, &SHORT).await else { return };
    shop.under_load(async |load| {
        let primary = shop.cluster.primary_of(PLACE).await;
        shop.cluster.kill(primary);
        load.go_on().await;
        shop.cluster.wait_until_ok().await;
        assert_ne!(shop.cluster.primary_of(PLACE).await, primary);
        shop.until_the_cluster_is_used().await;
        load.go_on().await;
        shop.cluster.restart(primary).await;
        shop.cluster.wait_until_ok().await;
        shop.until_the_cluster_is_used().await;
    })
    .await;
}

#[tokio::test]
async fn a_node_may_hang_until_it_is_replaced_and_go_on() {
    let Some(shop) = Shop::open(Kind::MariaDb, &SHORT).await else { return };
    shop.under_load(async |load| {
        let primary = shop.cluster.primary_of(PLACE).await;
        shop.cluster.pause(primary);
        load.go_on().await;
        shop.cluster.wait_until_ok().await;
        assert_ne!(shop.cluster.primary_of(PLACE).await, primary);
        shop.until_the_cluster_is_used().await;
        load.go_on().await;
        // It believes that it is a primary still, for a moment.
        shop.cluster.resume(primary);
        load.go_on().await;
        shop.cluster.wait_until_ok().await;
        shop.until_the_cluster_is_used().await;
    })
    .await;
}

#[tokio::test]
async fn the_whole_cluster_may_die_and_come_back_empty() {
    let Some(shop) = Shop::open(Kind::Postgres, &SHORT).await else { return };
    let nodes = 0..shop.cluster.urls().len();
    shop.under_load(async |load| {
        nodes.clone().for_each(|node| shop.cluster.kill(node));
        load.go_on().await;
        for node in nodes {
            shop.cluster.restart(node).await;
        }
        shop.cluster.wait_until_ok().await;
        shop.until_the_cluster_is_used().await;
        load.go_on().await;
    })
    .await;
}
