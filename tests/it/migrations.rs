//! The tables come, go and come back; several servers may bring them at once.

use futures_util::future::join_all;
use sea_orm::EntityTrait;

use crate::support::{Kind, TestDatabase, TestServer, codes, on_each_database};

async fn up_down_and_up(kind: Kind) {
    let Some(database) = TestDatabase::empty(kind).await else { return };
    let connected = database.connect().await;
    let steps = connected.migrations().await.unwrap();
    assert!(steps.iter().all(|step| !step.applied));
    assert_eq!(connected.migrate_up().await.unwrap(), steps.len());
    assert_eq!(connected.migrate_up().await.unwrap(), 0, "nothing is left to do");
    assert!(connected.migrations().await.unwrap().iter().all(|step| step.applied));

    let all = u32::try_from(steps.len()).unwrap();
    connected.migrate_down(all).await.unwrap();
    assert!(connected.migrations().await.unwrap().iter().all(|step| !step.applied));
    let plain = database.plain().await;
    assert!(entity::inventory::Entity::find().all(&plain).await.is_err(), "the tables are gone");

    connected.migrate_up().await.unwrap();
    assert_eq!(entity::inventory::Entity::find().all(&plain).await.unwrap(), []);
    assert_eq!(entity::inventory_flow::Entity::find().all(&plain).await.unwrap(), []);
    assert_eq!(entity::api_key::Entity::find().all(&plain).await.unwrap(), []);
    assert_eq!(entity::inventory_checkpoint::Entity::find().all(&plain).await.unwrap(), []);
    assert_eq!(entity::inventory_seal::Entity::find().all(&plain).await.unwrap(), []);
    assert_eq!(entity::inventory_count::Entity::find().all(&plain).await.unwrap(), []);
    assert_eq!(entity::inventory_count_sku::Entity::find().all(&plain).await.unwrap(), []);
    assert_eq!(entity::inventory_count_observation::Entity::find().all(&plain).await.unwrap(), []);
    assert_eq!(entity::inventory_seal_head::Entity::find().all(&plain).await.unwrap(), []);
    assert_eq!(entity::inventory_refusal::Entity::find().all(&plain).await.unwrap(), []);
}

async fn servers_that_start_together_take_turns(kind: Kind) {
    let Some(database) = TestDatabase::empty(kind).await else { return };
    let servers = join_all((0..4).map(|_server| database.connect())).await;
    let taken = join_all(servers.iter().map(stockflow::db::Database::migrate_up)).await;
    let taken: Vec<usize> = taken.into_iter().map(Result::unwrap).collect();
    let steps = servers[0].migrations().await.unwrap().len();
    assert_eq!(taken.iter().sum::<usize>(), steps, "each step is taken once: {taken:?}");
}

/// A server that runs on while another brings the tables up to date does not mind a new column.
async fn a_new_column_does_not_disturb_a_server_that_runs(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1001, 10).await;
    let first = server.mutate("inventoryDeduct", TestServer::deduction("a", 1001, 2)).await;
    let plain = database.plain().await;
    for table in ["t_inventory", "t_inventory_flow"] {
        let sql = format!("ALTER TABLE {table} ADD COLUMN colour bigint");
        sea_orm::ConnectionTrait::execute_unprepared(&plain, &sql).await.unwrap();
    }
    let again = server.mutate("inventoryDeduct", TestServer::deduction("a", 1001, 2)).await;
    assert_eq!(again["replayed"], true);
    let refund = serde_json::json!({ "flowId": first["flow"]["id"], "idempotencyKey": "b" });
    assert_eq!(codes(&server.mutate("inventoryRefund", refund).await), [""; 0]);
    assert_eq!(server.left(1001).await, 10);
    plain.close().await.unwrap();
}

/// What was on the books before there were merchants belongs to merchant 1, as does what a server
/// of the version before writes while it still runs; and it goes on as if nothing had been.
async fn what_was_on_the_books_belongs_to_the_first_merchant(database: &TestDatabase) {
    let connected = database.connect().await;
    let plain = database.plain().await;
    let steps = connected.migrations().await.unwrap();
    let since = steps.iter().position(|step| step.name.ends_with("merchant")).unwrap();
    connected.migrate_down((steps.len() - since).try_into().unwrap()).await.unwrap();
    let zeros = match database.kind {
        Kind::Sqlite => "zeroblob(32)",
        Kind::MariaDb => "REPEAT(CHAR(0), 32)",
        Kind::Postgres => "decode(repeat('00', 32), 'hex')",
    };
    let instant = match database.kind {
        Kind::MariaDb => "'2026-11-22 09:50:00'",
        Kind::Sqlite | Kind::Postgres => "'2026-11-22T09:50:00+00:00'",
    };
    let write = async |sku_id: i64| {
        for sql in [
            format!(
                "INSERT INTO t_inventory (sku_id, leaved_amount, version, created_at, updated_at) \
                 VALUES ({sku_id}, 10, 1, {instant}, {instant})"
            ),
            format!(
                "INSERT INTO t_inventory_flow (sku_id, sequence, kind, quantity_trade, \
                 leaved_after, idempotency_scope, idempotency_key, line, request_hash, actor, \
                 created_at) VALUES ({sku_id}, 1, 1, -10, 10, 'anonymous', 'create {sku_id}', 0, \
                 {zeros}, 'anonymous', {instant})"
            ),
        ] {
            sea_orm::ConnectionTrait::execute_unprepared(&plain, &sql).await.unwrap();
        }
    };
    write(1001).await;
    connected.migrate_up().await.unwrap();
    write(1002).await;
    plain.close().await.unwrap();

    let server = TestServer::start(database).await;
    let query = "{ inventories(where: {merchantId: 1}) { nodes { skuId merchantId } } \
                 inventoryFlows(where: {merchantId: 1}) { nodes { skuId merchantId } } }";
    let answer = server.graphql(query, serde_json::json!({})).await;
    let both = |ids: [&str; 2]| ids.map(|id| serde_json::json!({"skuId": id, "merchantId": "1"}));
    assert_eq!(*answer.at("/data/inventories/nodes"), serde_json::json!(both(["1001", "1002"])));
    assert_eq!(*answer.at("/data/inventoryFlows/nodes"), serde_json::json!(both(["1002", "1001"])));
    server.mutate("inventoryDeduct", TestServer::deduction("a", 1001, 2)).await;
    assert_eq!(server.left(1001).await, 8);
}

on_each_database!(what_was_on_the_books_belongs_to_the_first_merchant);

on_each_database!(a_new_column_does_not_disturb_a_server_that_runs);

macro_rules! on_each_kind {
    ($($name:ident),+ $(,)?) => {
        $(
            mod $name {
                use crate::support::Kind;

                #[tokio::test]
                async fn sqlite() {
                    super::$name(Kind::Sqlite).await;
                }

                #[tokio::test]
                async fn mariadb() {
                    super::$name(Kind::MariaDb).await;
                }

                #[tokio::test]
                async fn postgres() {
                    super::$name(Kind::Postgres).await;
                }
            }
        )+
    };
}

on_each_kind!(up_down_and_up, servers_that_start_together_take_turns);
