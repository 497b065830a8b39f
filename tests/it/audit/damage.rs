//! Each kind of damage, planted by SQL, is found and named, by the API and by the program, and by the
//! view that should.

use serde_json::{Value, json};

use super::planted::{Books, Shop, shop};
use crate::support::granted::run;
use crate::support::{Kind, TestDatabase, TestServer, on_each_database};

on_each_database!(
    books_that_were_not_damaged_agree,
    each_kind_of_damage_is_found_and_named,
    a_row_that_makes_no_sense_is_named_and_the_rest_is_checked,
);

/// What was done, and what is found of it: by reconciliation, and by recomputing hashes.
struct Damage {
    name: &'static str,
    sql: Vec<String>,
    amounts: &'static [&'static str],
    chains: &'static [&'static str],
    /// An entry that some finding names.
    named: Option<i64>,
}

#[expect(clippy::too_many_lines, reason = "a list of what may be done")]
fn damages(kind: Kind, shop: Shop) -> Vec<Damage> {
    let [opening, deduction, refund, replenishment, last] = shop.entries;
    let zeros = match kind {
        Kind::Sqlite => "zeroblob(32)",
        Kind::MariaDb => "REPEAT(CHAR(0), 32)",
        Kind::Postgres => "decode(repeat('00', 32), 'hex')",
    };
    // A further entry, written as the server would but for its hash.
    let entry = |sequence: i64, kind: i64, quantity: i64, after: i64, of: &str| {
        format!(
            "INSERT INTO t_inventory_flow (sku_id, merchant_id, sequence, kind, order_detail_id, \
             quantity_trade, leaved_after, deduction_id, idempotency_scope, idempotency_key, line, \
             request_hash, actor, created_at) SELECT sku_id, merchant_id, {sequence}, {kind}, \
             order_detail_id, {quantity}, {after}, {of}, 'sql', 'sql-{sequence}', 0, {zeros}, 'sql', \
             created_at FROM t_inventory_flow WHERE id = {deduction}"
        )
    };
    let set = |what: &str, id: i64| format!("UPDATE t_inventory_flow SET {what} WHERE id = {id}");
    let stock = |what: &str| format!("UPDATE t_inventory SET {what} WHERE sku_id = 1");
    vec![
        Damage {
            name: "an amount changed",
            sql: vec![stock("leaved_amount = leaved_amount + 1")],
            amounts: &["AMOUNT_MISMATCH"],
            chains: &[],
            named: Some(last),
        },
        Damage {
            name: "a version changed",
            sql: vec![stock("version = version - 1")],
            amounts: &["AMOUNT_MISMATCH", "ENTRY_UNACCOUNTED"],
            chains: &["ENTRY_UNACCOUNTED"],
            named: Some(last),
        },
        Damage {
            name: "the quantity of an entry changed",
            sql: vec![set("quantity_trade = 3", deduction)],
            amounts: &["AMOUNT_MISMATCH", "BALANCE_BREAK"],
            chains: &["HASH_MISMATCH"],
            named: Some(deduction),
        },
        Damage {
            name: "the actor of an entry changed",
            sql: vec![set("actor = 'somebody else'", replenishment)],
            amounts: &[],
            chains: &["HASH_MISMATCH"],
            named: Some(replenishment),
        },
        Damage {
            name: "an entry given to another merchant",
            sql: vec![set("merchant_id = 2", replenishment)],
            amounts: &["MERCHANT_MISMATCH"],
            chains: &["HASH_MISMATCH"],
            named: Some(replenishment),
        },
        Damage {
            name: "an entry deleted in the middle",
            sql: vec![format!("DELETE FROM t_inventory_flow WHERE id = {replenishment}")],
            amounts: &["AMOUNT_MISMATCH", "ENTRY_MISSING", "VERSION_MISMATCH"],
            chains: &["ENTRY_MISSING"],
            named: Some(last),
        },
        Damage {
            name: "the newest entry deleted",
            sql: vec![format!("DELETE FROM t_inventory_flow WHERE id = {last}")],
            amounts: &["AMOUNT_MISMATCH", "ENTRY_MISSING", "VERSION_MISMATCH"],
            chains: &["ENTRY_MISSING"],
            named: None,
        },
        Damage {
            name: "an entry put in behind the newest",
            sql: vec![entry(6, 4, -1, 11, "NULL")],
            amounts: &["ENTRY_UNACCOUNTED"],
            chains: &["ENTRY_UNACCOUNTED"],
            named: None,
        },
        Damage {
            name: "two entries changed places",
            sql: vec![
                set("sequence = -1", replenishment),
                set("sequence = 4", last),
                set("sequence = 5", replenishment),
            ],
            amounts: &["AMOUNT_MISMATCH", "BALANCE_BREAK", "ENTRY_OUT_OF_ORDER"],
            chains: &["CHAIN_HEAD_MISMATCH", "ENTRY_OUT_OF_ORDER", "HASH_MISMATCH"],
            named: Some(replenishment),
        },
        Damage {
            name: "an entry put in ahead of the first",
            sql: vec![entry(0, 3, 100, 0, &deduction.to_string())],
            amounts: &["ENTRY_UNACCOUNTED"],
            chains: &["ENTRY_UNACCOUNTED"],
            named: None,
        },
        Damage {
            name: "two entries changed ids",
            sql: vec![
                set("id = 1000", replenishment),
                set(&format!("id = {replenishment}"), last),
                set(&format!("id = {last}"), 1000),
            ],
            amounts: &["ENTRY_OUT_OF_ORDER"],
            chains: &["ENTRY_OUT_OF_ORDER"],
            named: Some(last),
        },
        Damage {
            name: "the opening made something else",
            sql: vec![set("kind = 4", opening)],
            amounts: &["OPENING_MISPLACED"],
            chains: &["HASH_MISMATCH"],
            named: Some(opening),
        },
        Damage {
            name: "a refund too many, with everything else to fit",
            sql: vec![
                entry(6, 3, -4, 14, &deduction.to_string()),
                stock("leaved_amount = leaved_amount + 4, version = version + 1"),
            ],
            amounts: &["REFUND_EXCEEDS_DEDUCTED"],
            chains: &["HASH_MISSING"],
            named: Some(deduction),
        },
        Damage {
            name: "a refund of what is no deduction",
            sql: vec![set(&format!("deduction_id = {opening}"), refund)],
            amounts: &["REFUND_WITHOUT_DEDUCTION"],
            chains: &["HASH_MISMATCH"],
            named: Some(refund),
        },
        Damage {
            name: "a hash removed",
            sql: vec![set("entry_hash = NULL", last)],
            amounts: &[],
            chains: &["HASH_MISSING"],
            named: Some(last),
        },
        Damage {
            name: "the end of the chain removed",
            sql: vec![stock("chain_sequence = 0, chain_head = NULL")],
            amounts: &[],
            chains: &["CHAIN_HEAD_MISMATCH"],
            named: None,
        },
        Damage {
            name: "a checkpoint made up",
            sql: vec![format!(
                "INSERT INTO t_inventory_checkpoint VALUES (1, 2, 1, -10, 1, 5, 0, 0, 0, 0, 0, 0)"
            )],
            amounts: &["CHECKPOINT_MISMATCH"],
            chains: &[],
            named: None,
        },
    ]
}

async fn each_kind_of_damage_is_found_and_named(database: &TestDatabase) {
    let shop = shop(database).await;
    let books = Books::keep(database).await;
    let server = TestServer::start(database).await;
    for Damage { name, sql, amounts, chains, named } in damages(database.kind, shop) {
        for sql in &sql {
            books.execute(sql).await;
        }
        let by_api = reconciled(&server).await;
        assert_eq!(kinds(&by_api), amounts, "{name}, by the API: {by_api:?}");
        let by_program = audit(database, "reconcile").await;
        assert_eq!(kinds(&by_program), amounts, "{name}, by the program: {by_program:?}");
        let chain_by_api = verified(&server).await;
        assert_eq!(kinds(&chain_by_api), chains, "{name}, by the API: {chain_by_api:?}");
        let chain_by_program = audit(database, "verify").await;
        assert_eq!(kinds(&chain_by_program), chains, "{name}: {chain_by_program:?}");
        let found = [by_api, by_program, chain_by_api, chain_by_program].concat();
        for finding in &found {
            assert_eq!(finding["skuId"], "1", "{name}: {finding}");
        }
        if let Some(named) = named {
            let names = |finding: &&Value| {
                finding["flowIds"].as_array().unwrap().contains(&json!(named.to_string()))
            };
            assert!(found.iter().any(|finding| names(&finding)), "{name}: {found:?}");
        }
        books.put_back().await;
    }
    // Units of a SKU that nobody ever put on the books.
    books.execute("INSERT INTO t_inventory (sku_id, merchant_id, leaved_amount, version, created_at, \
                   updated_at) SELECT 99, 1, 100, 0, created_at, updated_at FROM t_inventory WHERE sku_id = 1").await;
    assert_eq!(kinds(&audit(database, "reconcile").await), ["AMOUNT_MISMATCH"]);
    assert_eq!(kinds(&reconciled(&server).await), ["AMOUNT_MISMATCH"]);
    books.put_back().await;
    books_agree(database, &server).await;
}

async fn books_that_were_not_damaged_agree(database: &TestDatabase) {
    shop(database).await;
    let server = TestServer::start(database).await;
    books_agree(database, &server).await;
    let query = "{ inventoryReconciliation { nodes { skuId agrees entryCount \
                 leavedAmountByEntries inventory { leavedAmount version } } \
                 pageInfo { hasNextPage } } }";
    let answer = server.graphql(query, Value::Null).await;
    assert_eq!(
        answer.field()["nodes"],
        json!([
            { "skuId": "1", "agrees": true, "entryCount": "5", "leavedAmountByEntries": "10",
              "inventory": { "leavedAmount": 10, "version": "5" } },
            { "skuId": "2", "agrees": true, "entryCount": "2", "leavedAmountByEntries": "7",
              "inventory": { "leavedAmount": 7, "version": "2" } },
        ])
    );
    let query = "{ inventoryReconciliation(first: 1) { nodes { skuId } \
                 pageInfo { hasNextPage endCursor } } }";
    let first = server.graphql(query, Value::Null).await;
    assert_eq!(first.field()["pageInfo"]["hasNextPage"], true);
    let query = "query($after: String) { inventoryReconciliation(first: 1, after: $after) \
                 { nodes { skuId } pageInfo { hasNextPage } } }";
    let after = &first.field()["pageInfo"]["endCursor"];
    let second = server.graphql(query, json!({ "after": after })).await;
    assert_eq!(
        second.field(),
        &json!({ "nodes": [{ "skuId": "2" }], "pageInfo": { "hasNextPage": false } })
    );
    let query = "{ inventoryVerify(skuId: 99) { agrees } }";
    assert_eq!(server.graphql(query, Value::Null).await.field(), &Value::Null);
}

/// SQLite keeps anything in any column; the others, a number that is of no kind.
async fn a_row_that_makes_no_sense_is_named_and_the_rest_is_checked(database: &TestDatabase) {
    let shop = shop(database).await;
    let books = Books::keep(database).await;
    let server = TestServer::start(database).await;
    let [_, deduction, _, replenishment, _] = shop.entries;
    let mut garbage = vec!["kind = 9"];
    if database.kind == Kind::Sqlite {
        garbage.extend(["leaved_after = 'much'", "actor = x'00ff'", "entry_hash = x'00'"]);
    }
    for what in garbage {
        books.execute(&format!("UPDATE t_inventory_flow SET {what} WHERE id = {deduction}")).await;
        let changed = format!("UPDATE t_inventory_flow SET actor = 'x' WHERE id = {replenishment}");
        books.execute(&changed).await;
        for found in [verified(&server).await, audit(database, "verify").await] {
            let kinds = kinds(&found);
            assert!(kinds.contains(&"ENTRY_UNREADABLE"), "{what}: {found:?}");
            assert!(kinds.contains(&"HASH_MISMATCH"), "{what}: {found:?}");
            assert_eq!(found[0]["flowIds"], json!([deduction.to_string()]), "{what}: {found:?}");
        }
        for found in [reconciled(&server).await, audit(database, "reconcile").await] {
            assert!(kinds(&found).contains(&"ENTRY_UNREADABLE"), "{what}: {found:?}");
        }
        books.put_back().await;
    }
}

async fn books_agree(database: &TestDatabase, server: &TestServer) {
    for found in [
        reconciled(server).await,
        verified(server).await,
        audit(database, "reconcile").await,
        audit(database, "verify").await,
    ] {
        assert_eq!(found, [Value::Null; 0]);
    }
}

/// The kinds of findings, each once, in the order of their names.
fn kinds(findings: &[Value]) -> Vec<&str> {
    let mut kinds: Vec<&str> =
        findings.iter().map(|finding| finding["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

const FINDING: &str = "kind skuId message sequence flowIds expected actual flows { id }";

async fn reconciled(server: &TestServer) -> Vec<Value> {
    let query = format!(
        "{{ inventoryReconciliation {{ nodes {{ agrees findingCount findings {{ {FINDING} }} }} }} }}"
    );
    let answer = server.graphql(&query, Value::Null).await;
    let mut findings = Vec::new();
    for node in answer.field()["nodes"].as_array().unwrap() {
        let found = node["findings"].as_array().unwrap();
        assert_eq!(node["agrees"], found.is_empty(), "{node}");
        findings.extend(found.iter().cloned());
    }
    findings
}

async fn verified(server: &TestServer) -> Vec<Value> {
    let query =
        format!("{{ inventoryVerify(skuId: 1) {{ agrees complete findings {{ {FINDING} }} }} }}");
    let answer = server.graphql(&query, Value::Null).await;
    let verified = answer.field();
    assert_eq!(verified["complete"], true);
    let findings = verified["findings"].as_array().unwrap().clone();
    assert_eq!(verified["agrees"], findings.is_empty(), "{verified}");
    findings
}

/// The findings of `stockflow audit`, whose exit code says whether there are any.
async fn audit(database: &TestDatabase, what: &str) -> Vec<Value> {
    let output = run(&["audit", what, "--json", "--database-url", &database.url]).await;
    let told: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let findings = told["findings"].as_array().unwrap().clone();
    assert_eq!(told["findingCount"], findings.len(), "{told}");
    assert_eq!(told["agrees"], findings.is_empty(), "{told}");
    assert_eq!(output.status.code(), Some(i32::from(!findings.is_empty())), "{told}");
    findings
}
