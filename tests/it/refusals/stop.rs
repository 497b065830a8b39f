//! What a server that ends loses: nothing if it is asked to, and the last moments if it is killed.

use super::{BY_THE_LEDGER, LATE, SOON, by_sku, refuse, start, until_written, written};
use crate::support::{TestDatabase, on_each_database};

async fn a_server_that_is_asked_to_stop_writes_what_it_counted(database: &TestDatabase) {
    let server = start(database, &BY_THE_LEDGER, LATE).await;
    server.create(1001, 0).await;
    refuse(&server, 1001, 7).await;
    server.terminate();
    assert_eq!(server.exit_code().await, Some(0));
    let server = start(database, &BY_THE_LEDGER, LATE).await;
    assert_eq!(by_sku(&server).await, [("1001".to_owned(), (7, 7, 7))]);
    // Whoever comes next goes on from there.
    refuse(&server, 1001, 2).await;
    server.terminate();
    assert_eq!(server.exit_code().await, Some(0));
    let server = start(database, &BY_THE_LEDGER, LATE).await;
    assert_eq!(by_sku(&server).await, [("1001".to_owned(), (9, 9, 9))]);
}

async fn a_server_that_is_killed_loses_what_it_had_not_written(database: &TestDatabase) {
    let server = start(database, &BY_THE_LEDGER, SOON).await;
    server.create(1001, 0).await;
    refuse(&server, 1001, 5).await;
    until_written(&server, 5).await;
    refuse(&server, 1001, 3).await;
    server.crash().await;
    let server = start(database, &BY_THE_LEDGER, SOON).await;
    let kept = written(&server).await;
    assert!((5..=8).contains(&kept), "{kept}");
    assert_eq!(server.left(1001).await, 0, "the books have lost nothing");
    server.add_one("one more", 1001).await;
    assert_eq!(server.left(1001).await, 1);
    server.add_one("and one", 1001).await;
    // It is another writer, which takes nothing away from what is there.
    server.mutate("inventoryDeduct", crate::support::TestServer::deduction("two", 1001, 2)).await;
    refuse(&server, 1001, 1).await;
    until_written(&server, kept + 1).await;
}

async fn nothing_is_counted_where_nobody_wants_it(database: &TestDatabase) {
    let off = ("STOCKFLOW_REFUSALS__WRITE_INTERVAL_MS", "0");
    let server = start(database, &BY_THE_LEDGER, off).await;
    server.create(1001, 0).await;
    refuse(&server, 1001, 1).await;
    server.terminate();
    assert_eq!(server.exit_code().await, Some(0));
    let server = start(database, &BY_THE_LEDGER, LATE).await;
    assert_eq!(by_sku(&server).await, []);
}

on_each_database!(
    a_server_that_is_asked_to_stop_writes_what_it_counted,
    a_server_that_is_killed_loses_what_it_had_not_written,
    nothing_is_counted_where_nobody_wants_it,
);
