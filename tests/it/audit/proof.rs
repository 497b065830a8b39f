//! An amount that is proved by its entries, however many they are.

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::planted::{Books, shop};
use crate::support::{TestDatabase, TestServer, ledger, on_each_database};

on_each_database!(
    a_proof_tells_what_the_entries_add_up_to,
    a_proof_that_does_not_hold_says_so,
    a_long_history_is_added_up_once,
);

const PROOF: &str = "openingQuantity entryCount leavedAmount agrees checkpointSequence \
                     lastFlow { sequence quantityAfter hash } \
                     sums { kind entryCount quantityTrade }";

async fn proof(server: &TestServer, sku_id: i64) -> Value {
    let query = format!(
        "query($id: ID!) {{ inventory(skuId: $id, consistency: PRIMARY) \
         {{ leavedAmount version chainHead proof {{ {PROOF} }} }} }}"
    );
    let answer = server.graphql(&query, json!({ "id": sku_id.to_string() })).await;
    answer.field().clone()
}

async fn a_proof_tells_what_the_entries_add_up_to(database: &TestDatabase) {
    shop(database).await;
    let server = TestServer::start(database).await;
    let stock = proof(&server, 1).await;
    let proof = &stock["proof"];
    assert_eq!((&stock["leavedAmount"], &stock["version"]), (&json!(10), &json!("5")));
    assert_eq!((&proof["leavedAmount"], &proof["entryCount"]), (&json!("10"), &json!("5")));
    assert_eq!(
        (&proof["openingQuantity"], &proof["agrees"], &proof["checkpointSequence"]),
        (&json!("10"), &json!(true), &json!("0"))
    );
    assert_eq!(
        proof["sums"],
        json!([
            { "kind": "OPENING", "entryCount": "1", "quantityTrade": "-10" },
            { "kind": "DEDUCTION", "entryCount": "2", "quantityTrade": "6" },
            { "kind": "REFUND", "entryCount": "1", "quantityTrade": "-1" },
            { "kind": "REPLENISHMENT", "entryCount": "1", "quantityTrade": "-5" },
            { "kind": "ADJUSTMENT", "entryCount": "0", "quantityTrade": "0" },
        ])
    );
    assert_eq!(proof["lastFlow"]["hash"], stock["chainHead"]);
    assert_eq!(proof["lastFlow"]["sequence"], "5");
}

async fn a_proof_that_does_not_hold_says_so(database: &TestDatabase) {
    let [_, deduction, ..] = shop(database).await.entries;
    let books = Books::keep(database).await;
    let server = TestServer::start(database).await;
    for sql in [
        "UPDATE t_inventory SET leaved_amount = 11 WHERE sku_id = 1".to_owned(),
        format!("UPDATE t_inventory_flow SET quantity_trade = 3 WHERE id = {deduction}"),
        "DELETE FROM t_inventory_flow WHERE sku_id = 1 AND sequence = 5".to_owned(),
        "INSERT INTO t_inventory_checkpoint VALUES (1, 2, 1, -10, 1, 5, 0, 0, 0, 0, 0, 0)"
            .to_owned(),
    ] {
        books.execute(&sql).await;
        let stock = proof(&server, 1).await;
        assert_eq!(stock["proof"]["agrees"], false, "{sql}: {stock}");
        assert_eq!(proof(&server, 2).await["proof"]["agrees"], true, "{sql}");
        books.put_back().await;
    }
}

/// What the older entries add up to is kept when it was added up, and used from then on.
async fn a_long_history_is_added_up_once(database: &TestDatabase) {
    let ledger = ledger::start(database).await;
    ledger.submit(ledger::create("c", 1, 1_000_000)).await.unwrap();
    for cart in 0..81 {
        let lines = [(1, 1); 250];
        ledger::done(ledger.submit(ledger::cart(&format!("cart {cart}"), &lines)).await.unwrap());
    }
    let server = TestServer::start(database).await;
    let first = proof(&server, 1).await["proof"].clone();
    assert_eq!((&first["agrees"], &first["checkpointSequence"]), (&json!(true), &json!("0")));
    assert_eq!((&first["entryCount"], &first["leavedAmount"]), (&json!("20251"), &json!("979750")));
    let second = proof(&server, 1).await["proof"].clone();
    assert_eq!(second["checkpointSequence"], "20000");
    let as_first = json!({ "checkpointSequence": "0" });
    let mut second = second;
    second["checkpointSequence"] = as_first["checkpointSequence"].clone();
    assert_eq!(second, first);
    // What was kept is compared with the entries when these are read anyway.
    let query = "{ inventoryReconciliation { nodes { agrees findings { kind sequence } } } }";
    let agrees = server.graphql(query, Value::Null).await;
    assert_eq!(agrees.field()["nodes"], json!([{ "agrees": true, "findings": [] }]));
    let plain = database.plain().await;
    let sql = "UPDATE t_inventory_checkpoint SET deduction_quantity = deduction_quantity + 1 \
               WHERE sequence = 20000";
    plain.execute_unprepared(sql).await.unwrap();
    let differs = server.graphql(query, Value::Null).await;
    let finding = json!({ "kind": "CHECKPOINT_MISMATCH", "sequence": "20000" });
    assert_eq!(differs.field()["nodes"], json!([{ "agrees": false, "findings": [finding] }]));
}
