//! Copies of amounts in the memory of a server: who writes sees it at once, who reads elsewhere
//! sees it in time, and the database is asked seldom.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;

use crate::servers::until;
use crate::support::load::Load;
use crate::support::proxy::Proxy;
use crate::support::staleness::{Bounds, Staleness};
use crate::support::stock::Question;
use crate::support::{Answer, Kind, TestDatabase, TestServer, metric};

/// Copies that do not grow too old while a test lasts.
const FOR_LONG: [&str; 2] = ["--cache-age-ms-max", "10000"];

/// A bound that a test can outlast.
const SHORT: [&str; 2] = ["--cache-age-ms-max", "500"];
const SHORT_MAX: Duration = Duration::from_millis(500);

async fn start(database: &TestDatabase, arguments: &[&str]) -> TestServer {
    TestServer::start_with(&database.url, arguments, &[]).await
}

async fn reads_of_the_primary(server: &TestServer) -> u64 {
    metric(&server.metrics().await, "stockflow_db_reads_total{source=\"primary\"}")
}

#[tokio::test]
async fn who_writes_is_answered_by_the_copy_of_what_they_wrote() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = start(&database, &FOR_LONG).await;
    server.create(1001, 10).await;
    let before = reads_of_the_primary(&server).await;
    for write in 2..50 {
        let (version, _token) = server.add_one(&format!("write {write}"), 1001).await;
        let seen = server.see(1001).await;
        assert_eq!((version, seen.version), (write, write));
        assert_eq!((seen.amount, seen.source.as_str()), (9 + write, "CACHE"));
    }
    assert_eq!(reads_of_the_primary(&server).await, before);
}

#[tokio::test]
async fn what_another_server_wrote_is_seen_within_the_bound_and_at_once_with_its_token() {
    for kind in [Kind::MariaDb, Kind::Postgres] {
        let Some(database) = TestDatabase::fresh(kind).await else { continue };
        let (writer, other) = tokio::join!(start(&database, &SHORT), start(&database, &SHORT));
        let (writer, other) = (Arc::new(writer), Arc::new(other));
        let bounds = Bounds { replica: Duration::ZERO, cache: SHORT_MAX };
        let oracle = Staleness::start(&writer, 1001, bounds).await;
        let readers = [(&other, false), (&other, true), (&writer, true)];
        let load = Load::start_full(&oracle, &writer, &readers);
        load.go_on().await;
        load.stop_faultless().await;
        let mut client = oracle.client(true);
        for write in 0..20 {
            let version = client.add_one(&writer, &format!("seen {write}")).await;
            let seen = client.read(&other, Question::Plain).await.unwrap();
            assert_eq!(seen.version, version);
        }
        database.audit().await;
    }
}

/// A copy of what a server wrote itself is as new as the last moment at which nobody else can have
/// changed it, not as the moment at which the server heard that it was committed.
async fn a_copy_is_no_newer_than_its_commit_however_late_the_answer(kind: Kind) {
    let Some(database) = TestDatabase::fresh(kind).await else { return };
    let (proxy, through) = Proxy::start(&database.url).await;
    let server = TestServer::start_with(&through, &FOR_LONG, &[]).await;
    let other = start(&database, &[]).await;
    let bounds = Bounds { replica: Duration::ZERO, cache: Duration::from_secs(10) };
    let oracle = Staleness::start(&server, 1001, bounds).await;
    let (mut client, mut elsewhere) = (oracle.client(false), oracle.client(false));

    proxy.hold_back_answers_to_commits();
    let deduct = client.write(&server, "deducted", false, |code| panic!("{code}"));
    let meanwhile = async {
        until("it was committed", async || proxy.held_back() == 1).await;
        assert_eq!(elsewhere.add_one(&other, "meanwhile").await, 3);
        // Ages are told in milliseconds.
        until("some of them passed", async || {
            oracle.acknowledged_at().is_some_and(|at| at.elapsed() > Duration::from_millis(50))
        })
        .await;
        assert_eq!(proxy.held_back(), 1);
        proxy.let_go();
    };
    assert_eq!(tokio::join!(deduct, meanwhile).0, 2);
    let seen = client.read(&server, Question::Stock("CACHED")).await.unwrap();
    assert_eq!((seen.source.as_str(), seen.version), ("CACHE", 2), "it has not heard of the other");
    database.audit().await;
}

#[tokio::test]
async fn a_copy_is_no_newer_than_its_commit_on_mariadb() {
    a_copy_is_no_newer_than_its_commit_however_late_the_answer(Kind::MariaDb).await;
}

#[tokio::test]
async fn a_copy_is_no_newer_than_its_commit_on_postgres() {
    a_copy_is_no_newer_than_its_commit_however_late_the_answer(Kind::Postgres).await;
}

#[tokio::test]
async fn a_cache_of_no_age_answers_nothing() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = start(&database, &["--cache-age-ms-max", "0"]).await;
    server.create(1001, 10).await;
    for _read in 0..10 {
        assert_eq!(server.see(1001).await.source, "PRIMARY");
    }
    let text = server.metrics().await;
    for by in ["memory", "redis", "nobody"] {
        assert_eq!(metric(&text, &format!("stockflow_cache_lookups_total{{by=\"{by}\"}}")), 0);
    }
}

#[tokio::test]
async fn a_sku_that_is_not_there_has_a_copy_too_until_it_is_created() {
    let Some(database) = TestDatabase::fresh(Kind::MariaDb).await else { return };
    let (writer, other) = tokio::join!(start(&database, &SHORT), start(&database, &SHORT));
    for server in [&writer, &other] {
        // Of two reads in a row the second finds the copy that the first made, if it is in time.
        until("a copy told that it is not there", async || {
            let seen = server.see(1001).await;
            assert_eq!(seen.version, 0);
            seen.source == "CACHE"
        })
        .await;
    }
    writer.create(1001, 10).await;
    let created = Instant::now();
    let seen = writer.see(1001).await;
    assert_eq!((seen.version, seen.amount), (1, 10));
    until("the other server saw it", async || {
        let sent = Instant::now();
        let seen = other.see(1001).await;
        assert!(seen.version == 1 || sent <= created + SHORT_MAX, "{seen:?}");
        seen.version == 1
    })
    .await;
    other.see(1002).await;
    writer.create(1002, 10).await;
    assert_eq!(other.see_after(Some("v1.1002-1"), 1002).await.version, 1, "at once with its token");
}

#[tokio::test]
async fn many_who_read_one_sku_at_once_cost_few_statements() {
    let Some(database) = TestDatabase::fresh(Kind::Postgres).await else { return };
    start(&database, &[]).await.create(1001, 10).await;
    // It has no copy yet.
    let server = start(&database, &FOR_LONG).await;
    let before = reads_of_the_primary(&server).await;
    let seen = join_all((0..200).map(|_reader| server.see(1001))).await;
    assert!(seen.iter().all(|seen| seen.amount == 10), "{seen:?}");
    // At most four statements are under way, and whoever comes after the first finds the copy.
    let statements = reads_of_the_primary(&server).await - before;
    assert!((1..=20).contains(&statements), "{statements} statements for 200 readers");
}

/// Whether units of these SKUs could be bought.
async fn availability(server: &TestServer, lines: &[(i64, i32)]) -> Answer {
    let lines: Vec<_> = lines
        .iter()
        .map(|(sku_id, quantity)| json!({ "skuId": sku_id.to_string(), "quantity": quantity }))
        .collect();
    let query = "query($lines: [InventoryAvailabilityLineInput!]!) { inventoryAvailability(lines: \
                 $lines) { available lines { skuId available leavedAmount } } }";
    server.graphql(query, json!({ "lines": lines })).await
}

#[tokio::test]
async fn what_several_lines_could_take_is_as_old_as_the_oldest_of_their_copies() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = start(&database, &FOR_LONG).await;
    server.create(1001, 10).await;
    let of_the_old = server.see(1001).await.age;
    let newer = Instant::now();
    server.create(1002, 5).await;
    let before = reads_of_the_primary(&server).await;

    let both = availability(&server, &[(1002, 6), (1001, 3), (1001, 7)]).await;
    assert_eq!(both.at("/extensions/read/source"), "CACHE", "{}", both.0);
    assert!(both.age() >= of_the_old, "{of_the_old:?}: {}", both.0);
    let told = &both.field()["lines"];
    assert_eq!(both.field()["available"], false);
    assert_eq!(
        *told,
        json!([
            { "skuId": "1002", "available": false, "leavedAmount": 5 },
            { "skuId": "1001", "available": true, "leavedAmount": 10 },
        ])
    );
    let of_the_newer = availability(&server, &[(1002, 5)]).await;
    assert!(of_the_newer.age() <= newer.elapsed() + Duration::from_millis(1));
    assert_eq!(of_the_newer.field()["available"], true);
    assert_eq!(reads_of_the_primary(&server).await, before);

    // One that has no copy is asked for, and then none is missing.
    let unknown = availability(&server, &[(1001, 1), (1003, 1)]).await;
    assert_eq!(unknown.field()["lines"][1]["leavedAmount"], 0);
    assert_eq!(reads_of_the_primary(&server).await, before + 1);
    let again = availability(&server, &[(1003, 1), (1001, 1)]).await;
    assert_eq!(again.at("/extensions/read/source"), "CACHE", "{}", again.0);
}

#[tokio::test]
async fn more_skus_than_find_room_are_answered_rightly_all_the_same() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let room = [("STOCKFLOW_CACHE__ENTRIES_MAX", "10")];
    let server = TestServer::start_with(&database.url, &FOR_LONG, &room).await;
    let skus = 1_i64..=100;
    join_all(skus.clone().map(|sku_id| server.create(sku_id, i32::try_from(sku_id).unwrap())))
        .await;
    for _round in 0..2 {
        let seen = join_all(skus.clone().map(|sku_id| server.see(sku_id))).await;
        for (sku_id, seen) in skus.clone().zip(seen) {
            assert_eq!((seen.amount, seen.version), (sku_id, 1));
        }
    }
    // Who reads them one after the other finds that most are not there any more.
    let missed = |text: &str| metric(text, "stockflow_cache_lookups_total{by=\"nobody\"}");
    let before = missed(&server.metrics().await);
    for sku_id in skus {
        assert_eq!(server.see(sku_id).await.amount, sku_id);
    }
    let missed = missed(&server.metrics().await) - before;
    assert!(missed >= 80, "{missed} of 100 were missed with room for 10");
}
