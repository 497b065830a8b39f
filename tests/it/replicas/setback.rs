//! A replica that comes back with less than it had shown: what is known of it holds for none of its
//! new connections until it has come as far again.

use std::time::{Duration, Instant};

use super::{NO_CACHE, is_fit, on_each_kind, replicated, serve};
use crate::servers::{ServerKind, until};
use crate::support::metric;
use crate::support::proxy::Proxy;
use crate::support::staleness::{Bounds, Staleness};
use crate::support::stock::Question;

const LAG_MAX: Duration = Duration::from_millis(1_500);
const SETTINGS: [&str; 4] = [NO_CACHE[0], NO_CACHE[1], "--replica-lag-max", "1500"];

/// Another replica, which stands still, is put in the place of the one that is asked what it shows.
/// To a reader who connects that is the same as a restart between two questions.
async fn a_connection_that_shows_less_than_was_seen_is_not_read_from(kind: ServerKind) {
    let Some(servers) = replicated(kind).await else { return };
    let (proxy, through) = Proxy::start(&servers.replica_url(0)).await;
    let server = serve(&servers, &[through], &SETTINGS).await;
    let bounds = Bounds { replica: LAG_MAX, cache: Duration::ZERO };
    let oracle = Staleness::start(&server, 1001, bounds).await;
    servers.caught_up(1).await;
    servers.stop_replication(1).await;
    let mut client = oracle.client(false);
    client.add_one(&server, "second").await;

    // What is fit then has shown a beat that is younger than what stands still.
    let stood_still = Instant::now();
    until("a while passed", async || stood_still.elapsed() > LAG_MAX * 2).await;
    is_fit(&server, 0, true).await;
    proxy.lead_to(&servers.replica_url(1));
    let seen = client.read(&server, Question::Stock("REPLICA")).await.unwrap();
    assert_eq!((seen.source.as_str(), seen.version), ("PRIMARY", 2));
    let faults = "stockflow_db_replica_faults_total{replica=\"1\"}";
    assert_eq!(metric(&server.metrics().await, faults), 1, "the replica was asked before");

    proxy.lead_to(&servers.replica_url(0));
    let seen = client.read(&server, Question::Stock("REPLICA")).await.unwrap();
    assert_eq!((seen.source.as_str(), seen.version), ("REPLICA", 2));
}

on_each_kind!(a_connection_that_shows_less_than_was_seen_is_not_read_from);
