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
        let sql = format!("ALTER TABLE {table} ADD COLUMN merchant_id bigint");
        sea_orm::ConnectionTrait::execute_unprepared(&plain, &sql).await.unwrap();
    }
    let again = server.mutate("inventoryDeduct", TestServer::deduction("a", 1001, 2)).await;
    assert_eq!(again["replayed"], true);
    let refund = serde_json::json!({ "flowId": first["flow"]["id"], "idempotencyKey": "b" });
    assert_eq!(codes(&server.mutate("inventoryRefund", refund).await), [""; 0]);
    assert_eq!(server.left(1001).await, 10);
    plain.close().await.unwrap();
}

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
