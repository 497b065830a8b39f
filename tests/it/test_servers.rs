//! The servers that tests start do what the tests rely on: replicas follow, stand still, hang and
//! come back, and so does Redis, alone and as a cluster.

use std::net::TcpStream;
use std::time::Duration;

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbErr, Statement};
use tokio::time::timeout;

use crate::servers::{RedisCluster, RedisServer, Replicated, ServerKind, on_each_kind, until};

/// Who has not answered by now hangs; it is waited out in full by each test that sees one hang.
const HANGS: Duration = Duration::from_millis(300);

/// A primary and a connection to it, with a row in its table that both replicas have.
async fn replicated(kind: ServerKind) -> Option<(Replicated, DatabaseConnection)> {
    let servers = Replicated::start(kind, 2).await?;
    let primary = connect(&servers.create_database().await).await;
    primary.execute_unprepared("CREATE TABLE line (id int)").await.unwrap();
    insert(&primary).await.unwrap();
    for index in 0..2 {
        servers.caught_up(index).await;
    }
    Some((servers, primary))
}

async fn connect(url: &str) -> DatabaseConnection {
    Database::connect(url).await.unwrap()
}

async fn insert(connection: &DatabaseConnection) -> Result<(), DbErr> {
    connection.execute_unprepared("INSERT INTO line VALUES (1)").await.map(|_done| ())
}

async fn count(connection: &DatabaseConnection) -> Result<i64, DbErr> {
    let backend = connection.get_database_backend();
    let question = Statement::from_string(backend, "SELECT count(*) FROM line");
    connection.query_one_raw(question).await?.unwrap().try_get_by_index(0)
}

/// Whether nobody listens there any more.
fn is_gone(url: &str) -> bool {
    let address = url.rsplit(['@', '/']).find(|part| part.contains(':')).unwrap();
    TcpStream::connect(address).is_err()
}

async fn a_replica_follows_unless_it_stands_still_or_hangs(kind: ServerKind) {
    let Some((servers, primary)) = replicated(kind).await else { return };
    let urls = [servers.replica_url(0), servers.replica_url(1)];
    let [near, far] = [connect(&urls[0]).await, connect(&urls[1]).await];
    assert_eq!((count(&near).await.unwrap(), count(&far).await.unwrap()), (1, 1));
    insert(&near).await.expect_err("nobody writes to a replica");

    servers.stop_replication(1).await;
    insert(&primary).await.unwrap();
    servers.caught_up(0).await;
    assert_eq!((count(&near).await.unwrap(), count(&far).await.unwrap()), (2, 1));
    servers.start_replication(1).await;
    servers.caught_up(1).await;
    assert_eq!(count(&far).await.unwrap(), 2);

    servers.pause(1);
    let mut late = Box::pin(count(&far));
    let mut stranger = Box::pin(Database::connect(&urls[1]));
    timeout(HANGS, &mut late).await.expect_err("a connection hangs");
    timeout(HANGS, &mut stranger).await.expect_err("a new connection hangs");
    insert(&primary).await.unwrap();
    servers.caught_up(0).await;
    assert_eq!(count(&near).await.unwrap(), 3);
    servers.resume(1);
    assert!((2..=3).contains(&late.await.unwrap()), "a question is answered after all");
    servers.caught_up(1).await;
    assert_eq!(count(&stranger.await.unwrap()).await.unwrap(), 3);

    servers.pause(0);
    drop(servers);
    until("a server that hung ended with the others", async || urls.iter().all(|url| is_gone(url)))
        .await;
}

async fn what_was_killed_comes_back_with_all_it_had(kind: ServerKind) {
    let Some((servers, primary)) = replicated(kind).await else { return };

    servers.kill(0);
    until("the replica was gone", async || is_gone(&servers.replica_url(0))).await;
    insert(&primary).await.unwrap();
    servers.caught_up(1).await;
    servers.restart(0).await;
    servers.caught_up(0).await;
    let replica = connect(&servers.replica_url(0)).await;
    assert_eq!(count(&replica).await.unwrap(), 2);

    insert(&primary).await.unwrap();
    servers.kill_primary();
    until("the primary was gone", async || is_gone(&servers.primary_url())).await;
    assert!((2..=3).contains(&count(&replica).await.unwrap()), "its replicas do");
    servers.restart_primary().await;
    let primary = connect(&servers.primary_url()).await;
    assert_eq!(count(&primary).await.unwrap(), 3, "what it acknowledged is there");
    insert(&primary).await.unwrap();
    for index in 0..2 {
        servers.caught_up(index).await;
        let replica = connect(&servers.replica_url(index)).await;
        assert_eq!(count(&replica).await.unwrap(), 4);
    }
}

on_each_kind!(
    a_replica_follows_unless_it_stands_still_or_hangs,
    what_was_killed_comes_back_with_all_it_had,
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_hangs_and_comes_back_empty() {
    let Some(redis) = RedisServer::start().await else { return };
    assert_eq!(redis.command(&["CONFIG", "SET", "maxmemory", "64mb"]).await, "OK");
    assert_eq!(redis.command(&["SET", "key", "a value"]).await, "OK");
    assert_eq!(redis.command(&["GET", "key"]).await, "a value");
    assert!(redis.command(&["LPUSH", "key", "1"]).await.starts_with("WRONGTYPE"));
    assert_eq!((redis.calls("get").await, redis.calls("mget").await), (1, 0));

    redis.pause();
    let command = ["GET", "key"];
    let mut late = Box::pin(redis.command(&command));
    timeout(HANGS, &mut late).await.expect_err("it hangs");
    redis.resume();
    assert_eq!(late.await, "a value");

    redis.kill();
    until("it was gone", async || is_gone(&redis.url())).await;
    redis.restart().await;
    assert_eq!(redis.command(&["GET", "key"]).await, "");

    redis.pause();
    let url = redis.url();
    drop(redis);
    until("a server that hung ended", async || is_gone(&url)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_replaces_a_primary_that_is_killed_or_hangs() {
    let Some(cluster) = RedisCluster::start().await else { return };
    assert_eq!(cluster.urls().len(), 6);
    assert_eq!(cluster.primaries().await.len(), 3);
    let first = cluster.primary_of("key").await;
    let second = cluster.replica_of(first).await;
    assert_eq!(cluster.command(first, &["SET", "key", "a value"]).await, "OK");
    assert_eq!(cluster.command(first, &["GET", "key"]).await, "a value");
    assert!(cluster.command(second, &["GET", "key"]).await.starts_with("MOVED"));
    assert_eq!((cluster.calls(first, "get").await, cluster.calls(second, "get").await), (1, 0));
    until("the replica had it", async || cluster.command(second, &["DBSIZE"]).await == "1").await;

    cluster.kill(first);
    cluster.wait_until_ok().await;
    assert_eq!(cluster.primary_of("key").await, second);
    assert_eq!(cluster.command(second, &["GET", "key"]).await, "a value");
    cluster.restart(first).await;
    cluster.wait_until_ok().await;
    assert_eq!(cluster.replica_of(second).await, first, "it follows who replaced it");

    cluster.pause(second);
    cluster.wait_until_ok().await;
    assert_eq!(cluster.command(first, &["GET", "key"]).await, "a value");
    cluster.resume(second);
    cluster.wait_until_ok().await;
    let primaries = cluster.primaries().await;
    assert!(primaries.contains(&first) && !primaries.contains(&second), "{primaries:?}");
}
