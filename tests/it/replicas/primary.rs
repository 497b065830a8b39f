//! The primary dies: replicas answer for as long as their age can be proven, and then nobody does,
//! until it is back with all that was acknowledged.

use std::time::Duration;

use entity::{inventory, inventory_flow};
use sea_orm::{Database, DatabaseConnection, EntityTrait as _, QueryOrder as _};

use super::{NO_CACHE, is_fit, on_each_kind, replica_urls, replicated, serve};
use crate::servers::ServerKind;
use crate::support::books;
use crate::support::load::Load;
use crate::support::staleness::{Bounds, Staleness};
use crate::support::stock::Question;

const LAG_MAX: Duration = Duration::from_secs(2);
const BOUNDS: Bounds = Bounds { replica: LAG_MAX, cache: Duration::ZERO };
const SETTINGS: [&str; 4] = [NO_CACHE[0], NO_CACHE[1], "--replica-lag-max", "2000"];
const QUESTIONS: [Question; 2] = [Question::Stock("REPLICA"), Question::History];

async fn a_primary_that_is_killed_is_outlived_by_its_replicas_for_a_while(kind: ServerKind) {
    let Some(servers) = replicated(kind).await else { return };
    let server = serve(&servers, &replica_urls(&servers), &SETTINGS).await;
    let oracle = Staleness::start(&server, 1001, BOUNDS).await;
    let load = Load::start(&oracle, &server, &server, &QUESTIONS);
    load.more("REPLICA", 20).await;

    servers.kill_primary();
    load.more("REPLICA", 20).await;
    // Beyond the bound, which the oracle sees to, nobody can tell how old they are.
    load.more("UNAVAILABLE", 5).await;
    is_fit(&server, 0, false).await;
    is_fit(&server, 1, false).await;

    servers.restart_primary().await;
    load.more("WRITTEN", 5).await;
    is_fit(&server, 0, true).await;
    is_fit(&server, 1, true).await;
    load.more("REPLICA", 20).await;
    load.stop().await;

    let acknowledged = oracle.version();
    let primary = Database::connect(servers.primary_url()).await.unwrap();
    books::audit(&primary).await;
    let of_primary = all(&primary).await;
    assert_eq!(of_primary.0[0].version, acknowledged, "nothing was lost or doubled");
    for index in 0..2 {
        servers.caught_up(index).await;
        let replica = Database::connect(servers.replica_url(index)).await.unwrap();
        assert!(all(&replica).await == of_primary, "replica {index} is another than the primary");
    }
}

/// All rows of the books.
async fn all(
    connection: &DatabaseConnection,
) -> (Vec<inventory::Model>, Vec<inventory_flow::Model>) {
    let stocks = inventory::Entity::find().order_by_asc(inventory::Column::SkuId);
    let flows = inventory_flow::Entity::find().order_by_asc(inventory_flow::Column::Id);
    (stocks.all(connection).await.unwrap(), flows.all(connection).await.unwrap())
}

on_each_kind!(a_primary_that_is_killed_is_outlived_by_its_replicas_for_a_while);
