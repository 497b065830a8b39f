//! Tokens: who sends one back sees what it stands for, from whichever source has it.

use std::time::Duration;

use serde_json::{Value, json};
use stockflow::auth::Caller;
use stockflow::db::{Database, DatabaseSettings};

use super::{
    LAGS_LONG, NO_CACHE, ask, deduct, on_each_kind, replica_urls, replicated, serve, source,
    version,
};
use crate::access::shop::{Shop, trusted};
use crate::servers::{ServerKind, until};
use crate::support::{TestServer, code};

const SKU: i64 = 1001;
const OTHER: i64 = 1002;

async fn a_token_is_answered_by_who_has_reached_it(kind: ServerKind) {
    let Some(servers) = replicated(kind).await else { return };
    let settings = [NO_CACHE, LAGS_LONG].concat();
    let server = serve(&servers, &replica_urls(&servers), &settings).await;
    server.create(SKU, 1_000).await;
    server.create(OTHER, 1_000).await;
    servers.caught_up(0).await;
    servers.caught_up(1).await;
    servers.stop_replication(0).await;
    let (second_flow, second) = deduct(&server, SKU, "second").await;
    servers.caught_up(1).await;
    servers.stop_replication(1).await;
    let (third_flow, third) = deduct(&server, SKU, "third").await;
    let (_flow, other) = deduct(&server, OTHER, "other").await;

    let of = |version, source: &str| (version, source.to_owned());
    // One of the two replicas has it. Stock is asked of one, for many at once, and then of the
    // primary; history is asked of both before.
    let stock = async || version(&server, SKU, "REPLICA", Some(&second)).await;
    let mut turns = [stock().await, stock().await];
    turns.sort();
    assert_eq!(turns, [of(2, "REPLICA"), of(3, "PRIMARY")]);
    for _turn in 0..4 {
        assert_eq!(history(&server, &second_flow, Some(&second)).await, (true, "REPLICA".into()));
        // None of them has.
        assert_eq!(version(&server, SKU, "REPLICA", Some(&third)).await, of(3, "PRIMARY"));
        assert_eq!(history(&server, &third_flow, Some(&third)).await, (true, "PRIMARY".into()));
        assert_eq!(history(&server, &third_flow, None).await, (false, "REPLICA".into()));
    }
    for tokens in [format!("{second},{third}"), format!(" {third} , {other} ")] {
        assert_eq!(version(&server, SKU, "CACHED", Some(&tokens)).await, of(3, "PRIMARY"));
    }
    // Of another SKU nothing is asked.
    assert_eq!(version(&server, OTHER, "REPLICA", Some(&third)).await, of(1, "REPLICA"));
    // All the history that one request reads is as new as all of the token.
    assert_eq!(history(&server, &second_flow, Some(&other)).await, (true, "PRIMARY".into()));
    // What nobody has reached, only the primary can know; and what does not exist yet.
    for beyond in ["v1.1001-999", "v1.1001-3.4711-1"] {
        assert_eq!(version(&server, SKU, "REPLICA", Some(beyond)).await.0, 3);
        assert_eq!(history(&server, &third_flow, Some(beyond)).await, (true, "PRIMARY".into()));
    }
    refused(&server).await;

    for index in 0..2 {
        servers.start_replication(index).await;
        servers.caught_up(index).await;
    }
    for _turn in 0..2 {
        let tokens = format!("{third},{other}");
        assert_eq!(version(&server, SKU, "REPLICA", Some(&tokens)).await, of(3, "REPLICA"));
        assert_eq!(history(&server, &third_flow, Some(&tokens)).await, (true, "REPLICA".into()));
    }
}

/// By where an answer is from, whoever sends a token could find out how often another merchant's
/// SKU was changed. To them it has never been, like one that does not exist.
async fn a_token_of_another_merchant_is_reached_by_nobody(kind: ServerKind) {
    let Some(servers) = replicated(kind).await else { return };
    let settings = DatabaseSettings {
        replica_urls: replica_urls(&servers).to_vec(),
        replica_lag_max: Duration::from_mins(10),
        keep_clock: true,
        ..DatabaseSettings::new(servers.primary_url())
    };
    let database = Database::connect(&settings).await.unwrap();
    database.migrate_up().await.unwrap();
    let shop = Shop::new(database);
    let platform = trusted("platform", None);
    for (sku_id, merchant_id) in [(SKU, 1), (OTHER, 2)] {
        let new = json!({ "skuId": sku_id, "merchantId": merchant_id, "quantity": 10,
                          "idempotencyKey": format!("create {sku_id}") });
        shop.mutate(&platform, "inventoryCreate", new).await;
    }
    for index in 0..2 {
        servers.caught_up(index).await;
    }
    let asked = async |caller: &Caller, sku_id: i64| {
        let token = format!("v1.{sku_id}-1");
        let stock = format!("{{ inventory(skuId: {sku_id}, consistency: REPLICA) {{ version }} }}");
        let history = "{ inventoryFlows(first: 1) { nodes { skuId } } }";
        let mut sources = Vec::new();
        for query in [stock.as_str(), history] {
            let answer = shop.ask_after(caller, &token, query, json!({})).await;
            sources.push(source(&answer).to_owned());
        }
        sources
    };
    let (owner, other) = (trusted("owner", Some(1)), trusted("other", Some(2)));
    for (caller, own) in [(&owner, SKU), (&other, OTHER), (&platform, SKU)] {
        until("the replicas are read from", async || {
            asked(caller, own).await == ["REPLICA", "REPLICA"]
        })
        .await;
    }
    for sku_id in [SKU, 4711] {
        for _turn in 0..4 {
            assert_eq!(asked(&other, sku_id).await, ["PRIMARY", "PRIMARY"], "{sku_id}");
        }
    }
}

/// Whether an entry is in the history, by its id and in a list alike; and where that is from.
async fn history(server: &TestServer, flow_id: &str, token: Option<&str>) -> (bool, String) {
    let query = "query($id: ID!) { inventoryFlow(id: $id) { id } }";
    let by_id = ask(server, query, json!({ "id": flow_id }), token).await;
    let query = "{ inventoryFlows(first: 200) { nodes { id } } }";
    let listed = ask(server, query, Value::Null, token).await;
    assert_eq!(source(&by_id), source(&listed));
    let nodes = listed.field()["nodes"].as_array().unwrap();
    let is_listed = nodes.iter().any(|node| node["id"] == flow_id);
    if token.is_some() {
        assert_eq!(!by_id.field().is_null(), is_listed);
    }
    (is_listed, source(&listed).to_owned())
}

/// What the server has not made is refused, and nothing is read. Who sends an empty header asks for
/// nothing.
async fn refused(server: &TestServer) {
    let query = "{ inventory(skuId: 1001) { version } }";
    for nothing in ["", " ", ",", "v1.1001-1,"] {
        let (status, _answer) = server.post_after(Some(nothing), query, Value::Null).await.unwrap();
        assert_eq!(status, 200, "{nothing}");
    }
    for bogus in ["v1", "v2.1001-1", "v1.1001-0", "1001-1", "v1.1001-1;v1.1-1"] {
        let (status, answer) = server.post_after(Some(bogus), query, Value::Null).await.unwrap();
        assert_eq!((status, code(&answer)), (400, "BAD_REQUEST"), "{bogus}: {}", answer.0);
        assert!(answer.at("/data").is_null());
    }
}

on_each_kind!(
    a_token_is_answered_by_who_has_reached_it,
    a_token_of_another_merchant_is_reached_by_nobody,
);
