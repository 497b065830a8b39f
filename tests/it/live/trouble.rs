//! The primary goes away, the follower ends, the books are put back: nobody is told anything wrong.

use std::time::Duration;

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use stockflow::auth::Scope;
use stockflow::db::{Database, DatabaseSettings};
use stockflow::graphql::Stage;
use stockflow::live::LiveSettings;

use super::catch_up::opaque;
use super::{AFTER, ALL, Shop, after, caller, done, everybody};
use crate::servers::{ServerKind, on_each_kind, until};
use crate::support::granted::Granted;
use crate::support::proxy::Proxy;
use crate::support::{Kind, TestDatabase, ledger, on_each_database};

async fn while_the_primary_is_away_they_wait_and_miss_nothing(database: &TestDatabase) {
    if database.kind == Kind::Sqlite {
        return;
    }
    let (proxy, through) = Proxy::start(&database.url).await;
    let settings = DatabaseSettings {
        acquire_timeout: Duration::from_millis(500),
        ..DatabaseSettings::new(through)
    };
    let shop = Shop::with(Database::connect(&settings).await.unwrap(), LiveSettings::default());
    let other = ledger::start(database).await;
    done(&other, ledger::create("c", 1, 100)).await;
    let mut told = shop.subscribe(ALL, json!({})).await;
    let mut expected = vec![done(&other, ledger::deduct("d0", 1, 1)).await.id.0];
    assert_eq!(told.id().await, expected[0]);

    proxy.fall_silent();
    for number in 1..5 {
        expected.push(done(&other, ledger::deduct(&format!("d{number}"), 1, 1)).await.id.0);
    }
    until("the follower notices", async || shop.metric("look_failures_total") > 0).await;
    assert_eq!(told.now(), None);
    let error = shop.refused(&everybody(), ALL, json!({})).await;
    assert_eq!(error["extensions"]["code"], "UNAVAILABLE");
    proxy.speak_again();
    assert_eq!(told.ids(4).await, expected[1..]);
}

async fn when_the_books_are_put_back_who_listens_is_told_to_come_again(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    shop.submit(ledger::create("c1", 1, 100)).await;
    let mut told = shop.subscribe(ALL, json!({})).await;
    shop.submit(ledger::create("c2", 2, 100)).await;
    told.id().await;
    let plain = database.plain().await;
    for sql in [
        "DELETE FROM t_inventory_flow WHERE sku_id = 2",
        "DELETE FROM t_inventory WHERE sku_id = 2",
    ] {
        plain.execute_unprepared(sql).await.unwrap();
    }
    let last = told.answer().await.expect("an answer");
    assert_eq!((last.stage, last.outcome), (Stage::RequestError, "UNAVAILABLE"));
    assert!(told.answer().await.is_none());
    let mut told = shop.subscribe(ALL, json!({})).await;
    let next = shop.submit(ledger::create("c3", 3, 100)).await.id.0;
    assert_eq!(told.id().await, next);
}

/// The entry of an id may be another after the books were put back: it is the same place no more.
async fn when_the_books_have_another_entry_of_that_id_who_listens_is_told(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    shop.submit(ledger::create("c1", 1, 100)).await;
    let mut told = shop.subscribe(ALL, json!({})).await;
    shop.submit(ledger::create("c2", 2, 100)).await;
    let id = told.id().await;
    let of_another = format!("UPDATE t_inventory_flow SET sequence = 7 WHERE id = {id}");
    let plain = database.plain().await;
    plain.execute_unprepared(&of_another).await.unwrap();
    let last = told.answer().await.expect("an answer");
    assert_eq!((last.stage, last.outcome), (Stage::RequestError, "UNAVAILABLE"));
    plain.execute_unprepared(&of_another.replace('7', "1")).await.unwrap();
}

/// A cursor of entries that were lost is refused, and not taken for one behind which nothing has come.
async fn a_cursor_that_is_no_place_in_the_books_is_refused(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    shop.submit(ledger::create("c1", 1, 100)).await;
    let mut told = shop.subscribe(ALL, json!({})).await;
    shop.submit(ledger::create("c2", 2, 100)).await;
    let kept = told.next().await;
    let lost = shop.submit(ledger::create("c3", 3, 100)).await.id.0;
    let lost_cursor = told.next().await["cursor"].clone();
    drop(told);
    // With this one the cursor is a place, in memory or not.
    let server = Shop::over(database).await;
    for shop in [&shop, &server] {
        drop(shop.subscribe(AFTER, after(&lost_cursor)).await);
    }
    let plain = database.plain().await;
    for sql in [
        "DELETE FROM t_inventory_flow WHERE sku_id = 3",
        "DELETE FROM t_inventory WHERE sku_id = 3",
    ] {
        plain.execute_unprepared(sql).await.unwrap();
    }
    let server = Shop::over(database).await;
    let first = super::id(&kept) - 1;
    let others = [opaque(super::id(&kept)), opaque(first), opaque(lost + 1_000_000)];
    for cursor in others.map(Value::from).iter().chain([&lost_cursor]) {
        let error = server.refused(&everybody(), AFTER, after(cursor)).await;
        assert_eq!(error["extensions"]["code"], "INVALID_ARGUMENT", "{error}");
        assert_eq!(error["extensions"]["field"], json!(["after"]));
    }
    let other = caller(Some(7), &[Scope::AuditRead]);
    let error = server.refused(&other, AFTER, after(&kept["cursor"])).await;
    assert_eq!(error["extensions"]["code"], "INVALID_ARGUMENT", "it is another merchant's");
    assert_eq!(server.metric("listeners{to=\"flows\"}"), 0);
    // Before the first is a place, too.
    let mut all = server.subscribe(AFTER, after(&json!(opaque(0)))).await;
    assert_eq!(all.ids(2).await.last(), Some(&super::id(&kept)));
    let mut later = server.subscribe(AFTER, after(&kept["cursor"])).await;
    let next = server.submit(ledger::create("c4", 4, 100)).await.id.0;
    assert_eq!((all.id().await, later.id().await), (next, next));
}

async fn who_listens_is_told_when_the_server_ends(database: &TestDatabase) {
    let mut shop = Shop::over(database).await;
    let mut told = shop.subscribe(ALL, json!({})).await;
    shop.stop().await;
    let last = told.answer().await.expect("an answer");
    assert_eq!((last.stage, last.outcome), (Stage::RequestError, "UNAVAILABLE"));
    assert!(told.answer().await.is_none());
}

async fn who_serves_has_rights_enough_to_follow(kind: ServerKind) {
    let Some(granted) = Granted::start(kind).await else { return };
    let settings = DatabaseSettings::new(granted.url("server"));
    let shop = Shop::with(Database::connect(&settings).await.unwrap(), LiveSettings::default());
    let mut told = shop.subscribe(ALL, json!({})).await;
    let flow = shop.submit(ledger::create("c", 1, 100)).await;
    assert_eq!(told.id().await, flow.id.0);
}

on_each_kind!(who_serves_has_rights_enough_to_follow);

on_each_database!(
    while_the_primary_is_away_they_wait_and_miss_nothing,
    when_the_books_are_put_back_who_listens_is_told_to_come_again,
    when_the_books_have_another_entry_of_that_id_who_listens_is_told,
    a_cursor_that_is_no_place_in_the_books_is_refused,
    who_listens_is_told_when_the_server_ends,
);
