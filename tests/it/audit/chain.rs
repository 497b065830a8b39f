//! The chain as clients see it, and its beginning over books that had none.

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use stockflow::audit::Audit;
use stockflow::cache::StockCache;
use stockflow::domain::{Hash, SkuId, chain};
use stockflow::store::Store;

use super::planted::{Books, shop};
use crate::support::{TestDatabase, TestServer, code, ledger, on_each_database};

on_each_database!(
    a_client_follows_the_chain_by_what_the_api_tells,
    verification_goes_on_behind_a_place_in_the_sequence,
    entries_without_hashes_are_chained_while_servers_write,
    a_hash_that_is_there_is_never_overwritten,
);

async fn a_client_follows_the_chain_by_what_the_api_tells(database: &TestDatabase) {
    shop(database).await;
    let server = TestServer::start(database).await;
    let query = "{ inventory(skuId: 1, consistency: PRIMARY) { chainHead \
                 flows(orderBy: OLDEST_FIRST) { nodes { hash contentHash } } } }";
    let answer = server.graphql(query, Value::Null).await;
    let hash = |value: &Value| value.as_str().unwrap().parse::<Hash>().unwrap();
    let mut head = Hash::NOTHING;
    for flow in answer.field()["flows"]["nodes"].as_array().unwrap() {
        head = chain::link(head, hash(&flow["contentHash"]));
        assert_eq!(hash(&flow["hash"]), head);
    }
    assert_eq!(hash(&answer.field()["chainHead"]), head);
    // The head as it was, on a stock of the past.
    let query = "{ inventory(skuId: 1) { asOf(flowId: 3) { version chainHead \
                 flows(where: { kind: [DEDUCTION] }, orderBy: OLDEST_FIRST, first: 1) \
                 { nodes { sequence hash } } } } }";
    let answer = server.graphql(query, Value::Null).await;
    let past = &answer.field()["asOf"];
    assert_eq!(past["version"], past["flows"]["nodes"][0]["sequence"], "{past}");
    assert_eq!(past["chainHead"], past["flows"]["nodes"][0]["hash"], "{past}");
}

async fn verification_goes_on_behind_a_place_in_the_sequence(database: &TestDatabase) {
    shop(database).await;
    let server = TestServer::start(database).await;
    let query = "query($after: BigInt) { inventoryVerify(skuId: 1, afterSequence: $after) \
                 { entryCount sequence head complete agrees } }";
    let whole = server.graphql(query, json!({ "after": null })).await;
    assert_eq!(whole.field()["entryCount"], "5");
    let rest = server.graphql(query, json!({ "after": "3" })).await;
    assert_eq!((&rest.field()["entryCount"], &rest.field()["agrees"]), (&json!("2"), &json!(true)));
    assert_eq!(rest.field()["head"], whole.field()["head"]);
    let refused = server.graphql(query, json!({ "after": "-1" })).await;
    assert_eq!(code(&refused), "INVALID_ARGUMENT");
    assert_eq!(refused.at("/errors/0/extensions/field"), &json!(["afterSequence"]));
}

/// Who changes an entry and has its SKU chained anew does not have the server cover it up; and a row that
/// cannot be read does not keep the other SKUs from being chained.
async fn a_hash_that_is_there_is_never_overwritten(database: &TestDatabase) {
    let [_, deduction, ..] = shop(database).await.entries;
    let books = Books::keep(database).await;
    let audit = Audit::new(Store::new(database.connect().await, StockCache::none()));
    for damage in ["actor = 'somebody else'", "kind = 9"] {
        for sql in [
            format!("UPDATE t_inventory_flow SET {damage} WHERE id = {deduction}"),
            "UPDATE t_inventory_flow SET entry_hash = NULL WHERE sku_id = 2".to_owned(),
            "UPDATE t_inventory SET chain_sequence = 0, chain_head = NULL".to_owned(),
        ] {
            books.execute(&sql).await;
        }
        database.connect().await.migrate_up().await.unwrap();
        let damaged = audit.verify(SkuId(1), 0).await.unwrap();
        assert_ne!(damaged.findings.count, 0, "{damage}");
        assert_eq!(audit.verify(SkuId(2), 0).await.unwrap().findings.kept, [], "{damage}");
        books.put_back().await;
    }
}

/// As it is when servers of the version before are replaced one by one: some entries have no hash, and
/// others are written behind them.
async fn entries_without_hashes_are_chained_while_servers_write(database: &TestDatabase) {
    shop(database).await;
    let plain = database.plain().await;
    for sql in [
        "UPDATE t_inventory_flow SET entry_hash = NULL WHERE sku_id = 1 AND sequence > 2",
        "UPDATE t_inventory SET chain_sequence = 2, chain_head = (SELECT entry_hash FROM \
         t_inventory_flow WHERE sku_id = 1 AND sequence = 2) WHERE sku_id = 1",
        "UPDATE t_inventory_flow SET entry_hash = NULL WHERE sku_id = 2",
        "UPDATE t_inventory SET chain_sequence = 0, chain_head = NULL WHERE sku_id = 2",
    ] {
        plain.execute_unprepared(sql).await.unwrap();
    }
    let ledger = ledger::start(database).await;
    let write = async |key: &str| {
        let cart = ledger::cart(key, &[(1, 1), (2, 1)]);
        ledger::done(ledger.submit(cart).await.unwrap()).0
    };
    let behind = write("behind").await;
    assert!(behind.iter().all(|flow| flow.entry_hash.is_none()), "what is before waits");
    database.connect().await.migrate_up().await.unwrap();
    let chained = write("chained").await;
    assert!(chained.iter().all(|flow| flow.entry_hash.is_some()));
    // The books are audited at the end, their chains too.
}
