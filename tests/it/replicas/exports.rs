//! An export reads from replicas where they have all of it, and lacks nothing where they have not.

use serde_json::Value;

use super::{LAGS_LONG, on_each_kind, reads, replica_urls, replicated, serve};
use crate::servers::ServerKind;
use crate::support::TestServer;

async fn rows(server: &TestServer) -> (usize, Value) {
    let text = server.get("/export/flows.jsonl").await.text().await.unwrap();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    (text.lines().count() - 1, last["manifest"]["rows"].clone())
}

async fn an_export_is_whole_though_replicas_lag(kind: ServerKind) {
    let Some(servers) = replicated(kind).await else { return };
    let server = serve(&servers, &replica_urls(&servers), &LAGS_LONG).await;
    let primary = sea_orm::Database::connect(servers.primary_url()).await.unwrap();
    servers.stop_replication(0).await;
    servers.stop_replication(1).await;
    crate::plans::fill(&primary).await;
    let all = usize::try_from(crate::plans::ENTRIES).unwrap();
    let from_replicas = reads(&server, "replica").await;
    assert_eq!(rows(&server).await, (all, all.into()));
    assert!(reads(&server, "replica").await > from_replicas, "they are asked, and not taken");
}

on_each_kind!(an_export_is_whole_though_replicas_lag);
