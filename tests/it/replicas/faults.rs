//! Replicas that lag, hang, die or vanish in the middle of the load: the others answer, or the
//! primary, and nobody waits long; and they are read from again without a word to the server.

use std::sync::Arc;
use std::time::Duration;

use super::{NO_CACHE, is_fit, on_each_kind, replica_urls, replicated, serve, start, version};
use crate::servers::ServerKind;
use crate::support::load::Load;
use crate::support::proxy::Proxy;
use crate::support::staleness::{Bounds, Staleness};
use crate::support::stock::Question;
use crate::support::{TestServer, books};

const LAG_MAX: Duration = Duration::from_millis(1_500);
const BOUNDS: Bounds = Bounds { replica: LAG_MAX, cache: Duration::ZERO };
const SETTINGS: [&str; 4] = [NO_CACHE[0], NO_CACHE[1], "--replica-lag-max", "1500"];
const QUESTIONS: [Question; 2] = [Question::Stock("REPLICA"), Question::History];

/// Answers that show that a source answers as a rule.
const SOME: usize = 20;

async fn are_fit(server: &TestServer, fit: bool) {
    is_fit(server, 0, fit).await;
    is_fit(server, 1, fit).await;
}

async fn a_replica_that_lags_is_left_out_until_it_has_caught_up(kind: ServerKind) {
    let Some(servers) = replicated(kind).await else { return };
    let server = serve(&servers, &replica_urls(&servers), &SETTINGS).await;
    let oracle = Staleness::start(&server, 1001, BOUNDS).await;
    let load = Load::start(&oracle, &server, &server, &QUESTIONS);
    load.more("REPLICA", SOME).await;

    servers.stop_replication(0).await;
    is_fit(&server, 0, false).await;
    load.more("REPLICA", SOME).await;
    servers.stop_replication(1).await;
    is_fit(&server, 1, false).await;
    load.more("PRIMARY", SOME).await;
    servers.start_replication(0).await;
    is_fit(&server, 0, true).await;
    load.more("REPLICA", SOME).await;
    servers.start_replication(1).await;
    are_fit(&server, true).await;
    load.more("WRITTEN", SOME).await;

    load.stop_faultless().await;
    books::audit(&sea_orm::Database::connect(servers.primary_url()).await.unwrap()).await;
}

/// So is a replica that is not there yet when a server starts, and none keeps one from ending.
async fn replicas_that_hang_or_die_are_left_out_until_they_are_back(kind: ServerKind) {
    let Some(servers) = replicated(kind).await else { return };
    let urls = replica_urls(&servers);
    let server = serve(&servers, &urls, &SETTINGS).await;
    let oracle = Staleness::start(&server, 1001, BOUNDS).await;
    let load = Load::start(&oracle, &server, &server, &QUESTIONS);
    load.more("REPLICA", SOME).await;

    let early = Arc::into_inner(serve(&servers, &urls, &SETTINGS).await).unwrap();
    assert_eq!(version(&early, 1001, "REPLICA", None).await.1, "REPLICA");
    servers.pause(0);
    load.everybody().await;
    is_fit(&server, 0, false).await;
    load.more("REPLICA", SOME).await;
    servers.pause(1);
    load.everybody().await;
    is_fit(&server, 1, false).await;
    load.more("PRIMARY", SOME).await;
    early.terminate();
    assert_eq!(early.exit_code().await, Some(0), "it does not wait for who hangs");
    servers.resume(0);
    servers.resume(1);
    are_fit(&server, true).await;
    load.more("REPLICA", SOME).await;

    servers.kill(0);
    load.everybody().await;
    load.more("REPLICA", SOME).await;
    is_fit(&server, 0, false).await;
    servers.kill(1);
    load.everybody().await;
    is_fit(&server, 1, false).await;
    load.more("PRIMARY", SOME).await;
    let late = start(&servers, &urls, &SETTINGS).await;
    assert_eq!(version(&late, 1001, "REPLICA", None).await.1, "PRIMARY");
    servers.restart(1).await;
    is_fit(&server, 1, true).await;
    load.more("REPLICA", SOME).await;
    servers.restart(0).await;
    are_fit(&server, true).await;
    are_fit(&late, true).await;
    assert_eq!(version(&late, 1001, "REPLICA", None).await.1, "REPLICA");
    load.more("WRITTEN", SOME).await;

    load.stop_faultless().await;
    books::audit(&sea_orm::Database::connect(servers.primary_url()).await.unwrap()).await;
}

/// As if the host of a replica had vanished: no connection is closed, and none answers any more.
async fn a_replica_behind_a_dead_line_is_left_out_until_it_is_back(kind: ServerKind) {
    let Some(servers) = replicated(kind).await else { return };
    let (proxy, through) = Proxy::start(&servers.replica_url(1)).await;
    let server = serve(&servers, &[servers.replica_url(0), through], &SETTINGS).await;
    let oracle = Staleness::start(&server, 1001, BOUNDS).await;
    let load = Load::start(&oracle, &server, &server, &QUESTIONS);
    load.more("REPLICA", SOME).await;

    proxy.fall_silent();
    load.everybody().await;
    load.more("REPLICA", SOME).await;
    is_fit(&server, 1, false).await;
    servers.kill(0);
    load.everybody().await;
    is_fit(&server, 0, false).await;
    load.more("PRIMARY", SOME).await;
    proxy.speak_again();
    is_fit(&server, 1, true).await;
    load.more("REPLICA", SOME).await;

    load.stop_faultless().await;
}

on_each_kind!(
    a_replica_that_lags_is_left_out_until_it_has_caught_up,
    replicas_that_hang_or_die_are_left_out_until_they_are_back,
    a_replica_behind_a_dead_line_is_left_out_until_it_is_back,
);
