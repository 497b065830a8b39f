//! No transaction outlives the one who began it, and the server needs no right that it does not
//! use.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use sea_orm::{ConnectionTrait, Statement, TransactionTrait};
use stockflow::db::{Database, DatabaseSettings};

use crate::support::{Kind, TestDatabase, TestServer, codes, ledger, on_each_database};

/// Polls `future` up to `polls` times, with the runtime's other work in between, and drops it.
async fn poll_and_drop<F: Future + Send>(future: F, polls: usize) {
    let mut future = pin!(future);
    for _poll in 0..polls {
        if future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// sqlx raises the depth of a connection's transaction only once `begin` has been answered; a
/// future dropped before that leaves the transaction open on a connection that the pool believes
/// to be idle, and whatever the next borrower writes is never committed.
async fn a_dropped_begin_leaves_no_transaction_open(database: &TestDatabase) {
    let connected = database.connect().await;
    let writer = connected.writer();
    for round in 0..200 {
        poll_and_drop(writer.begin(), round % 8).await;
        let sku_id = round + 1;
        let insert = format!(
            "INSERT INTO t_inventory (sku_id, leaved_amount, version, created_at, updated_at) \
             VALUES ({sku_id}, 0, 0, '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
        );
        writer.execute_unprepared(&insert).await.unwrap();
        let count = "SELECT COUNT(*) FROM t_inventory";
        let statement = Statement::from_string(connected.dialect().backend(), count);
        let seen = connected.reader().query_one_raw(statement).await.unwrap().unwrap();
        let seen: i64 = seen.try_get_by_index(0).unwrap();
        assert_eq!(
            seen,
            i64::try_from(sku_id).unwrap(),
            "a write vanished in a leaked transaction"
        );
    }
    writer.execute_unprepared("DELETE FROM t_inventory").await.unwrap();
}

async fn a_client_that_hangs_up_leaves_the_whole_change_or_nothing(database: &TestDatabase) {
    let ledger = ledger::start(database).await;
    let lines: Vec<(i64, i32)> = (1..=5).map(|sku_id| (sku_id, 1)).collect();
    for (sku_id, _quantity) in &lines {
        let create = ledger::create(&format!("create {sku_id}"), *sku_id, 1_000);
        ledger::done(ledger.submit(create).await.unwrap());
    }
    for round in 0..60 {
        let cart = ledger::cart(&format!("cart {round}"), &lines);
        poll_and_drop(ledger.submit(cart), round % 6).await;
    }
    // Whoever asks again learns of it, or has it done; and the ledger is free to do it.
    for round in 0..60 {
        let cart = ledger::cart(&format!("cart {round}"), &lines);
        assert_eq!(ledger::done(ledger.submit(cart).await.unwrap()).0.len(), 5);
    }
    let replenish = ledger.submit(ledger::replenish("last", 1, 1)).await.unwrap();
    assert_eq!(ledger::done(replenish).0[0].quantity_before(), 1_000 - 60);
}

on_each_database!(
    a_dropped_begin_leaves_no_transaction_open,
    a_client_that_hangs_up_leaves_the_whole_change_or_nothing,
);

/// Everything works as a user who may only add to the flow table and read it.
async fn without_the_right_to_change_history(kind: Kind, grants: &[&str], user_url: &str) {
    let Some(database) = TestDatabase::fresh(kind).await else { return };
    let plain = database.plain().await;
    let name = database.url.rsplit('/').next().unwrap();
    for grant in grants {
        plain.execute_unprepared(&grant.replace("NAME", name)).await.unwrap();
    }
    let host = database.url.split('@').nth(1).unwrap();
    let url = user_url.replace("HOST/NAME", host).replace("NAME", name);
    let server = TestServer::start_with(&url, &[], &[]).await;
    server.create(1001, 10).await;
    let deducted = server.mutate("inventoryDeduct", TestServer::deduction("a", 1001, 4)).await;
    let refund = serde_json::json!({ "flowId": deducted["flow"]["id"], "idempotencyKey": "b" });
    assert_eq!(codes(&server.mutate("inventoryRefund", refund).await), [""; 0]);
    assert_eq!(server.left(1001).await, 10);
    database.audit().await;

    let restricted = Database::connect(&DatabaseSettings::new(url)).await.unwrap();
    for forbidden in ["UPDATE t_inventory_flow SET actor = 'x'", "DELETE FROM t_inventory_flow"] {
        assert!(restricted.writer().execute_unprepared(forbidden).await.is_err(), "{forbidden}");
    }
}

#[tokio::test]
async fn history_is_append_only_for_the_user_of_mariadb() {
    let grants = [
        "CREATE USER 'clerk_NAME'@'%' IDENTIFIED BY 'secret'",
        "GRANT SELECT, INSERT ON t_inventory_flow TO 'clerk_NAME'@'%'",
        "GRANT SELECT, INSERT, UPDATE ON t_inventory TO 'clerk_NAME'@'%'",
        "GRANT SELECT ON seaql_migrations TO 'clerk_NAME'@'%'",
    ];
    let url = "mysql://clerk_NAME:secret@HOST/NAME";
    without_the_right_to_change_history(Kind::MariaDb, &grants, url).await;
}

#[tokio::test]
async fn history_is_append_only_for_the_user_of_postgres() {
    let grants = [
        "CREATE USER clerk_NAME PASSWORD 'secret'",
        "GRANT SELECT, INSERT ON t_inventory_flow TO clerk_NAME",
        "GRANT SELECT, INSERT, UPDATE ON t_inventory TO clerk_NAME",
        "GRANT SELECT ON seaql_migrations TO clerk_NAME",
    ];
    let url = "postgres://clerk_NAME:secret@HOST/NAME";
    without_the_right_to_change_history(Kind::Postgres, &grants, url).await;
}
