//! Copies and replicas together: whatever the source, an answer keeps what its age promises.

use std::time::{Duration, Instant};

use stockflow::cache::{CacheMetrics, CacheSettings, StockCache, StockCopy};
use stockflow::domain::filter::Consistency;
use stockflow::domain::{Inventory, SkuId, Source};
use stockflow::store::{Asked, Store};

use super::{LAGS_LONG, deduct, is_fit, on_each_kind, replica_urls, replicated, serve, version};
use crate::servers::ServerKind;
use crate::support::load::Load;
use crate::support::staleness::{Bounds, Staleness};
use crate::support::stock::Question;
use crate::support::{Kind, TestDatabase, books, ledger};

const SKU: i64 = 1001;
const BOUNDS: Bounds =
    Bounds { replica: Duration::from_millis(1_500), cache: Duration::from_secs(1) };
const QUESTIONS: [Question; 4] = [
    Question::Stock("CACHED"),
    Question::Stock("REPLICA"),
    Question::Stock("PRIMARY"),
    Question::History,
];

async fn a_copy_is_made_of_what_a_replica_answers(kind: ServerKind) {
    let Some(servers) = replicated(kind).await else { return };
    let other = serve(&servers, &[], &[]).await;
    other.create(SKU, 1_000).await;
    servers.caught_up(0).await;
    servers.caught_up(1).await;
    let settings = [&LAGS_LONG[..], &["--cache-age-ms-max", "10000"]].concat();
    let server = serve(&servers, &replica_urls(&servers), &settings).await;
    servers.stop_replication(0).await;
    servers.stop_replication(1).await;
    let (_flow, token) = deduct(&other, SKU, "second").await;
    let of = |version, source: &str| (version, source.to_owned());
    assert_eq!(version(&server, SKU, "CACHED", None).await, of(1, "REPLICA"));
    assert_eq!(version(&server, SKU, "CACHED", None).await, of(1, "CACHE"));
    assert_eq!(version(&server, SKU, "CACHED", Some(&token)).await, of(2, "PRIMARY"));
    // What the primary answered is the newer copy, and stays when a replica answers an older one.
    assert_eq!(version(&server, SKU, "CACHED", Some(&token)).await, of(2, "CACHE"));
    version(&server, SKU, "REPLICA", None).await;
    assert_eq!(version(&server, SKU, "CACHED", None).await, of(2, "CACHE"));
}

/// One server writes, and another is asked, which hears of nothing but by reading.
async fn an_age_keeps_its_promise_whatever_the_source(kind: ServerKind) {
    let Some(servers) = replicated(kind).await else { return };
    let writes = serve(&servers, &[], &[]).await;
    let settings = ["--cache-age-ms-max", "1000", "--replica-lag-max", "1500"];
    let reads = serve(&servers, &replica_urls(&servers), &settings).await;
    let oracle = Staleness::start(&writes, SKU, BOUNDS).await;
    let load = Load::start(&oracle, &writes, &reads, &QUESTIONS);
    for source in ["CACHE", "REPLICA", "PRIMARY"] {
        load.more(source, 20).await;
    }
    for index in 0..2 {
        servers.stop_replication(index).await;
    }
    for index in 0..2 {
        is_fit(&reads, index, false).await;
    }
    for source in ["CACHE", "PRIMARY"] {
        load.more(source, 20).await;
    }
    for index in 0..2 {
        servers.start_replication(index).await;
        is_fit(&reads, index, true).await;
    }
    for source in ["CACHE", "REPLICA", "PRIMARY"] {
        load.more(source, 20).await;
    }
    load.stop_faultless().await;
    books::audit(&sea_orm::Database::connect(servers.primary_url()).await.unwrap()).await;
}

/// A copy may be newer than what the primary answers, if it comes about meanwhile, or if the books
/// were put back to an older state. Whoever asks the primary gets the primary's word all the same.
#[tokio::test]
async fn no_copy_answers_for_the_primary() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let ledger = ledger::start(&database).await;
    ledger::done(ledger.submit(ledger::create("create", SKU, 10)).await.unwrap());
    let settings = CacheSettings { age_max: Duration::from_mins(1), entries_max: 10, redis: None };
    let cache = StockCache::in_process(&settings, CacheMetrics::new());
    let store = Store::new(database.connect().await, cache.clone());
    let sku_id = SkuId(SKU);
    let stock = async |consistency| {
        let asked = Instant::now();
        let found = store.load_inventories(&[sku_id], &Asked::of(consistency)).await.unwrap();
        (found.value[&sku_id], found.origin, asked)
    };
    let (first, _origin, before) = stock(Consistency::Primary).await;
    cache.put(&[StockCopy::of(Inventory { version: 7, ..first }, before)]);
    assert_eq!(stock(Consistency::Cached).await.0.version, 7);
    let (second, origin, asked) = stock(Consistency::Primary).await;
    assert_eq!((second, origin.source), (first, Source::Primary));
    assert!(origin.as_of >= asked, "as new as its question");
}

on_each_kind!(
    a_copy_is_made_of_what_a_replica_answers,
    an_age_keeps_its_promise_whatever_the_source,
);
