//! Ids become visible out of order. Nothing is told that others may still come before.

use futures_util::FutureExt as _;
use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, DbBackend, Statement, TransactionTrait as _,
};
use serde_json::json;

use super::{AFTER, ALL, Shop, after};
use crate::servers::until;
use crate::support::{Kind, TestDatabase, ledger, on_each_database};

/// Who writes behind the server's back: an entry that replenishes a SKU by one, in a transaction that
/// is still open.
struct Writer {
    transaction: DatabaseTransaction,
    entry: i64,
    backend: DbBackend,
}

impl Writer {
    async fn begin(database: &TestDatabase, sku_id: i64) -> Self {
        let transaction = database.plain().await.begin().await.unwrap();
        for sql in [
            format!(
                "UPDATE t_inventory SET leaved_amount = leaved_amount + 1, version = version + 1 \
                 WHERE sku_id = {sku_id}"
            ),
            format!(
                "INSERT INTO t_inventory_flow (sku_id, merchant_id, sequence, kind, \
                 quantity_trade, leaved_after, idempotency_scope, idempotency_key, line, \
                 request_hash, actor, created_at) \
                 SELECT i.sku_id, i.merchant_id, i.version, 4, -1, i.leaved_amount, 'by hand', \
                 CONCAT(i.sku_id, '-', i.version), 0, f.request_hash, 'by hand', i.updated_at \
                 FROM t_inventory AS i JOIN t_inventory_flow AS f ON f.sku_id = i.sku_id \
                 WHERE i.sku_id = {sku_id} AND f.sequence = 1"
            ),
        ] {
            transaction.execute_unprepared(&sql).await.unwrap();
        }
        let backend = transaction.get_database_backend();
        let sql = format!("SELECT MAX(id) FROM t_inventory_flow WHERE sku_id = {sku_id}");
        let row = transaction.query_one_raw(Statement::from_string(backend, sql)).await.unwrap();
        let entry = row.unwrap().try_get_by_index(0).unwrap();
        Self { transaction, entry, backend }
    }

    async fn commit(self) -> i64 {
        self.transaction.commit().await.unwrap();
        self.entry
    }

    /// Its session ends as it does when an administrator ends it, in the middle of the transaction.
    async fn kill(self, database: &TestDatabase) {
        let (own, kill) = match database.kind {
            Kind::Postgres => {
                ("SELECT pg_backend_pid()::bigint", "SELECT pg_terminate_backend({})")
            }
            Kind::MariaDb | Kind::Sqlite => {
                ("SELECT CAST(CONNECTION_ID() AS SIGNED)", "KILL CONNECTION {}")
            }
        };
        let own = Statement::from_string(self.backend, own);
        let row = self.transaction.query_one_raw(own).await.unwrap().unwrap();
        let session: i64 = row.try_get_by_index(0).unwrap();
        let kill = kill.replace("{}", &session.to_string());
        database.plain().await.execute_unprepared(&kill).await.unwrap();
    }
}

/// Writes more entries of a SKU than the follower begins with.
async fn write_many(database: &TestDatabase, sku_id: i64) {
    let digits = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 \
        UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7)";
    // 1 to 4,096, which is done twice.
    let numbers = format!(
        "(SELECT a.d + 8 * b.d + 64 * c.d + 512 * e.d + 1 AS n \
         FROM {digits} AS a, {digits} AS b, {digits} AS c, {digits} AS e) AS numbers"
    );
    let plain = database.plain().await;
    for _half in 0..2 {
        for sql in [
            format!(
                "INSERT INTO t_inventory_flow (sku_id, merchant_id, sequence, kind, \
                 quantity_trade, leaved_after, idempotency_scope, idempotency_key, line, \
                 request_hash, actor, created_at) \
                 SELECT i.sku_id, i.merchant_id, i.version + n, 4, -1, i.leaved_amount + n, \
                 'by hand', CONCAT(i.sku_id, '-', i.version + n), 0, f.request_hash, 'by hand', \
                 i.updated_at FROM t_inventory AS i JOIN t_inventory_flow AS f \
                 ON f.sku_id = i.sku_id AND f.sequence = 1, {numbers} \
                 WHERE i.sku_id = {sku_id} ORDER BY n"
            ),
            format!(
                "UPDATE t_inventory SET leaved_amount = leaved_amount + 4096, \
                 version = version + 4096 WHERE sku_id = {sku_id}"
            ),
        ] {
            plain.execute_unprepared(&sql).await.unwrap();
        }
    }
}

/// A shop of three SKUs; `None` where there is one writer anyway.
async fn shop(database: &TestDatabase) -> Option<Shop> {
    if database.kind == Kind::Sqlite {
        return None;
    }
    let shop = Shop::over(database).await;
    for sku_id in [1, 2, 3] {
        shop.submit(ledger::create(&format!("c{sku_id}"), sku_id, 100)).await;
    }
    Some(shop)
}

/// Brings the chains up to date for the audit of the books, as a server of this version would.
async fn chain(database: &TestDatabase) {
    database.connect().await.migrate_up().await.unwrap();
}

async fn nothing_is_told_beyond_an_entry_that_is_being_written(database: &TestDatabase) {
    let Some(shop) = shop(database).await else { return };
    let mut told = shop.subscribe(ALL, json!({})).await;
    let mut before = shop.submit(ledger::deduct("d0", 2, 1)).await.id.0;
    let mut last = told.next().await;
    assert_eq!(super::id(&last), before);
    for round in 1..4 {
        let writer = Writer::begin(database, 1).await;
        let beyond = shop.submit(ledger::deduct(&format!("d{round}"), 2, 1)).await.id.0;
        assert!(before < writer.entry && writer.entry < beyond, "it has an id in between");
        // Whoever begins now, or comes again, is told no more than the others.
        let mut later = shop.subscribe(ALL, json!({})).await;
        let mut again = shop.subscribe(AFTER, after(&last["cursor"])).await;
        shop.looks().await;
        assert_eq!((told.now(), later.now(), again.now()), (None, None, None));
        let between = writer.commit().await;
        assert_eq!(told.id().await, between);
        last = told.next().await;
        assert_eq!(super::id(&last), beyond);
        assert_eq!(later.id().await, between, "it was committed since");
        assert_eq!(again.ids(2).await, [between, beyond]);
        before = beyond;
    }
    chain(database).await;
    // What is chained later is not told again.
    let next = shop.submit(ledger::deduct("next", 1, 1)).await.id.0;
    assert_eq!(told.id().await, next);
}

/// MariaDB tells by the entry itself that it is being written, so that those ahead of it do not wait;
/// PostgreSQL tells only that somebody writes.
async fn an_entry_ahead_of_one_that_is_being_written_is_told(database: &TestDatabase) {
    let Some(shop) = shop(database).await else { return };
    let mut told = shop.subscribe(ALL, json!({})).await;
    shop.submit(ledger::deduct("d0", 2, 1)).await;
    let last = told.next().await;
    drop(told);
    // Nobody has looked at these yet.
    let ahead = shop.submit(ledger::deduct("d1", 2, 1)).await.id.0;
    let writer = Writer::begin(database, 1).await;
    let mut told = shop.subscribe(AFTER, after(&last["cursor"])).await;
    if database.kind == Kind::MariaDb {
        assert_eq!(told.id().await, ahead);
        writer.transaction.rollback().await.unwrap();
    } else {
        writer.transaction.rollback().await.unwrap();
        assert_eq!(told.id().await, ahead);
    }
}

async fn who_gives_up_or_is_killed_holds_up_nobody(database: &TestDatabase) {
    let Some(shop) = shop(database).await else { return };
    let mut told = shop.subscribe(ALL, json!({})).await;
    let writer = Writer::begin(database, 1).await;
    let beyond = shop.submit(ledger::deduct("d1", 2, 1)).await.id.0;
    writer.transaction.rollback().await.unwrap();
    assert_eq!(told.id().await, beyond);

    let writer = Writer::begin(database, 1).await;
    let beyond = shop.submit(ledger::deduct("d2", 2, 1)).await.id.0;
    shop.looks().await;
    assert_eq!(told.now(), None);
    writer.kill(database).await;
    assert_eq!(told.id().await, beyond);
}

async fn who_does_something_else_holds_up_nobody(database: &TestDatabase) {
    let Some(shop) = shop(database).await else { return };
    let mut told = shop.subscribe(ALL, json!({})).await;
    let reading = database.plain().await.begin().await.unwrap();
    for sql in [
        "SELECT COUNT(*) FROM t_inventory_flow",
        "UPDATE t_inventory SET version = version WHERE sku_id = 3",
    ] {
        reading.execute_unprepared(sql).await.unwrap();
    }
    for number in 0..3 {
        let flow = shop.submit(ledger::deduct(&format!("d{number}"), 2, 1)).await;
        assert_eq!(told.id().await, flow.id.0);
    }
    reading.rollback().await.unwrap();
}

/// The first who listens comes while somebody is at work on what has a lesser id than what is there.
async fn who_comes_first_misses_nothing_that_is_committed_later(database: &TestDatabase) {
    let Some(shop) = shop(database).await else { return };
    let writer = Writer::begin(database, 1).await;
    shop.submit(ledger::deduct("d1", 2, 1)).await;
    let mut told = shop.subscribe(ALL, json!({})).await;
    let later = shop.submit(ledger::deduct("d2", 2, 1)).await.id.0;
    let between = writer.commit().await;
    assert_eq!(told.ids(2).await, [between, later]);
    until("nobody else is at work", async || told.now().is_none()).await;
    chain(database).await;
}

/// The first who listen on a server come while somebody is at work on an entry that is long before the
/// newest: one who goes on behind a cursor is told it, and who begins now does so once it is settled.
async fn who_comes_first_misses_nothing_however_far_back(database: &TestDatabase) {
    let Some(shop) = shop(database).await else { return };
    let mut told = shop.subscribe(ALL, json!({})).await;
    shop.submit(ledger::deduct("d0", 2, 1)).await;
    let cursor = told.next().await["cursor"].clone();
    let writer = Writer::begin(database, 1).await;
    write_many(database, 2).await;

    let server = Shop::over(database).await;
    let mut again = server.subscribe(AFTER, after(&cursor)).await;
    let mut begins = Box::pin(server.subscribe(ALL, json!({})));
    assert!(begins.as_mut().now_or_never().is_none());
    server.looks().await;
    assert!(begins.as_mut().now_or_never().is_none(), "not while it is being written");
    assert_eq!(again.now(), None);
    let between = writer.commit().await;
    assert_eq!(again.id().await, between);
    let mut begun = begins.await;
    let next = server.submit(ledger::deduct("next", 3, 1)).await.id.0;
    assert_eq!(begun.id().await, next);
    chain(database).await;
}

on_each_database!(
    nothing_is_told_beyond_an_entry_that_is_being_written,
    an_entry_ahead_of_one_that_is_being_written_is_told,
    who_gives_up_or_is_killed_holds_up_nobody,
    who_does_something_else_holds_up_nobody,
    who_comes_first_misses_nothing_that_is_committed_later,
    who_comes_first_misses_nothing_however_far_back,
);
