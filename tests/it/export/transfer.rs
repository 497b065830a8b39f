//! An export on its way: what its head says, and what becomes of it when the client, the server or
//! the books do not hold out to the end.

use sea_orm::ConnectionTrait as _;

use super::{CSV, JSON_LINES, trade};
use crate::support::{Answer, Kind, TestDatabase, TestServer, code};

/// A server over more entries than all buffers on the way to a client hold, and its log.
async fn large(
    environment: &[(&str, &str)],
) -> (TestDatabase, TestServer, crate::support::server::Log) {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    crate::plans::fill(&database.plain().await).await;
    let (server, log) = TestServer::start_logging(&database.url, &[], environment).await;
    (database, server, log)
}

#[tokio::test]
async fn an_export_has_a_head_of_its_own() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    trade(&server).await;
    for (path, media_type, name) in [
        (CSV, "text/csv; charset=utf-8", "flows.csv"),
        (JSON_LINES, "application/x-ndjson", "flows.jsonl"),
    ] {
        let (got, head) = (server.get(path).await, server.head(path).await);
        for response in [&got, &head] {
            assert_eq!(response.status().as_u16(), 200);
            let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
            assert_eq!(header("content-type"), media_type);
            assert_eq!(header("content-disposition"), format!("attachment; filename=\"{name}\""));
            assert_eq!(header("cache-control"), "no-store");
            assert!(!header("x-request-id").is_empty());
        }
        assert!(!got.bytes().await.unwrap().is_empty());
        assert!(head.bytes().await.unwrap().is_empty());
        let refused = server.head(&format!("{path}?sku=1")).await;
        assert_eq!(refused.status().as_u16(), 400);
    }
}

#[tokio::test]
async fn a_client_that_goes_away_ends_the_work_and_makes_room() {
    let (_database, server, mut log) = large(&[]).await;
    let mut unread = Vec::new();
    for _turn in 0..4 {
        unread.push(server.get(JSON_LINES).await);
    }
    let busy = server.get(CSV).await;
    assert_eq!(busy.status().as_u16(), 503);
    assert!(busy.headers().contains_key("retry-after"));
    let busy = Answer(busy.json().await.unwrap());
    assert_eq!(code(&busy), "BUSY");
    assert_eq!(*busy.at("/errors/0/extensions/retryable"), true);

    drop(unread.pop());
    let gone = log.says("an export ended").await;
    assert!(gone.contains("gone"), "{gone}");
    let (_before, rows) = gone.split_once("rows").unwrap();
    let rows: String = rows.chars().filter(char::is_ascii_digit).collect();
    let all = crate::plans::ENTRIES.to_string();
    assert!(!rows.starts_with(&all), "no more is read than the client takes: {gone}");
    assert_eq!(server.get(CSV).await.status().as_u16(), 200);
}

#[tokio::test]
async fn a_client_that_does_not_read_does_not_keep_the_server() {
    let short = [
        ("STOCKFLOW_SERVER__SHUTDOWN_TIMEOUT_MS", "200"),
        ("STOCKFLOW_SERVER__DRAIN_DELAY_MS", "0"),
    ];
    let (_database, server, mut log) = large(&short).await;
    let unread = server.get(JSON_LINES).await;
    server.terminate();
    log.says("an export ended").await;
    assert_eq!(server.exit_code().await, Some(0));
    assert!(unread.bytes().await.is_err(), "a part is not taken for the whole");
}

#[tokio::test]
async fn an_entry_that_makes_no_sense_breaks_the_transfer_off() {
    let (database, server, mut log) = large(&[]).await;
    let sql = "UPDATE t_inventory_flow SET kind = 9 WHERE id = 7001";
    database.plain().await.execute_unprepared(sql).await.unwrap();
    for path in [CSV, JSON_LINES] {
        let broken = server.get(path).await;
        assert_eq!(broken.status().as_u16(), 200, "it began well");
        assert!(broken.bytes().await.is_err(), "{path}");
        let told = log.says("an export broke off").await;
        assert!(told.contains("entry 7001 cannot be exported"), "{told}");
    }
}
