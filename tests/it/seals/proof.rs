//! An entry's inclusion in a seal, proved to a script of a few lines in another language.

use std::process::Command;

use serde_json::{Value, json};
use stockflow::domain::{Flow, SealId, SignedSeal};

use super::{Shop, at};
use crate::support::{Kind, TestDatabase, TestServer, code, ledger, on_each_database};

on_each_database!(whoever_has_a_seal_can_see_that_an_entry_is_beneath_it);

const SEAL: &str = "id sealedAt skuCount lastFlowId merkleRoot previousHash hash publicKey signature \
                    statement";

async fn ask(server: &TestServer, flow: &Flow, seal_id: Option<i64>) -> Value {
    let query = format!(
        "query($id: ID!, $seal: ID) {{ inventoryFlow(id: $id) {{ inclusionProof(sealId: $seal) {{ \
         seal {{ {SEAL} }} contentHash previousHash entryHash links linkCount skuId sequence flowId \
         chainHead leafIndex treeSize path }} }} }}"
    );
    let answer = server.graphql(&query, json!({ "id": flow.id.0, "seal": seal_id })).await;
    answer.field()["inclusionProof"].clone()
}

/// What the script says of a proof: the hash of the seal to which it leads, or why it does not.
fn follow(proof: &Value) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("proof.json");
    std::fs::write(&path, proof.to_string()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/seal.py");
    let output = Command::new("python3").arg(script).arg(&path).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap().trim().to_owned();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

fn leads_to(proof: &Value, signed: &SignedSeal) {
    assert_eq!(follow(proof), Ok(signed.seal.hash().to_string()), "{proof}");
}

async fn whoever_has_a_seal_can_see_that_an_entry_is_beneath_it(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let server = TestServer::start(database).await;
    let sold = shop.sell("d", 1, 1).await;
    assert_eq!(ask(&server, &sold, None).await, Value::Null, "nothing is sealed");
    let first = shop.audit.make_seal(None, &at(1)).await.unwrap();
    let next = shop.sell("e", 1, 1).await;
    shop.sell("f", 3, 1).await;
    let alone = shop.post(ledger::create("create 6", 6, 1)).await;
    let second = shop.audit.make_seal(None, &at(2)).await.unwrap();
    let late = shop.sell("g", 1, 1).await;

    // The end of a chain, and an entry with others between it and the end.
    let proof = ask(&server, &sold, None).await;
    leads_to(&proof, &first);
    assert_eq!((&proof["links"], &proof["linkCount"]), (&json!([]), &json!("0")));
    let proof = ask(&server, &sold, Some(2)).await;
    leads_to(&proof, &second);
    assert_eq!(proof["linkCount"], "1");
    // The first that reaches it, and none before.
    leads_to(&ask(&server, &next, None).await, &second);
    assert_eq!(ask(&server, &next, Some(1)).await, Value::Null);
    leads_to(&ask(&server, &alone, None).await, &second);
    for (flow, seal_id) in [(&late, None), (&late, Some(2)), (&sold, Some(3)), (&alone, Some(1))] {
        assert_eq!(ask(&server, flow, seal_id).await, Value::Null, "{flow:?} in {seal_id:?}");
    }
    every_entry(&server, &second).await;
    listed(&server, [&second, &first]).await;

    // Whatever is changed in a proof leads elsewhere.
    for field in ["contentHash", "previousHash", "chainHead", "sequence", "flowId", "leafIndex"] {
        let mut other = proof.clone();
        let value = proof[field].as_str().unwrap();
        let last = if value.ends_with('1') { "0" } else { "1" };
        other[field] = json!(format!("{}{last}", &value[..value.len() - 1]));
        assert!(follow(&other).is_err(), "{field}");
    }
    let bad = server.graphql(
        "query($id: ID!) { inventoryFlow(id: $id) { inclusionProof(sealId: \"x\") { linkCount } } }",
        json!({ "id": sold.id.0 }),
    );
    assert_eq!(code(&bad.await), "INVALID_ARGUMENT");
}

/// Every entry of every SKU, asked for at once.
async fn every_entry(server: &TestServer, signed: &SignedSeal) {
    let query = format!(
        "query($seal: ID) {{ inventoryFlows(first: 20, orderBy: OLDEST_FIRST) {{ nodes {{ id \
         inclusionProof(sealId: $seal) {{ seal {{ {SEAL} }} contentHash previousHash entryHash \
         links linkCount skuId sequence flowId chainHead leafIndex treeSize path }} }} }} }}"
    );
    let answer = server.graphql(&query, json!({ "seal": signed.seal.id.0 })).await;
    let nodes = answer.field()["nodes"].as_array().unwrap();
    let (mut proved, mut others) = (0, 0);
    for node in nodes {
        let proof = &node["inclusionProof"];
        if proof.is_null() {
            others += 1;
        } else {
            leads_to(proof, signed);
            assert_eq!(proof["treeSize"], "6");
            proved += 1;
        }
    }
    assert_eq!((proved, others), (12, 1));
}

/// What the list answers is a file of the seal.
async fn listed(server: &TestServer, seals: [&SignedSeal; 2]) {
    let query = format!(
        "{{ inventorySeals {{ totalCount pageInfo {{ hasNextPage endCursor }} \
         nodes {{ {SEAL} }} edges {{ cursor node {{ id }} }} }} }}"
    );
    let answer = server.graphql(&query, json!({})).await;
    let list = answer.field();
    assert_eq!(list["totalCount"], "2");
    for (place, signed) in seals.into_iter().enumerate() {
        let node = &list["nodes"][place];
        assert_eq!(SignedSeal::from_json(&node.to_string()).unwrap(), *signed);
        assert_eq!(list["edges"][place]["node"]["id"], node["id"]);
    }
    let query =
        "query($after: String) { inventorySeals(first: 1, after: $after) { nodes { id } } }";
    let after = list["edges"][0]["cursor"].clone();
    let page = server.graphql(query, json!({ "after": after })).await;
    assert_eq!(page.field(), &json!({ "nodes": [{ "id": "1" }] }));
}

/// A chain that is longer than a proof: the proof of its last link's entry goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_chain_is_followed_in_parts() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let shop = Shop::empty(&database).await;
    let opening = shop.post(ledger::create("create", 1, 10_000)).await;
    let mut sold = vec![opening];
    for batch in 0..5 {
        let sales: Vec<_> = (0..250)
            .map(|n| shop.ledger.submit(ledger::deduct(&format!("{batch} {n}"), 1, 1)))
            .collect();
        for sale in futures_util::future::join_all(sales).await {
            sold.extend(ledger::done(sale.unwrap()).0);
        }
    }
    sold.sort_by_key(|flow| flow.sequence);
    let signed = shop.audit.make_seal(None, &at(1)).await.unwrap();
    let proof = async |place: usize| {
        let id = sold[place].id;
        shop.audit.prove_inclusion(id, Some(SealId(1))).await.unwrap().value.unwrap()
    };
    let first = proof(0).await;
    assert_eq!((first.links.len(), first.link_count), (1_000, 1_250));
    let rest = proof(1_000).await;
    assert_eq!(first.links[999], rest.content_hash);
    assert_eq!((rest.links.len(), rest.link_count), (250, 250));
    assert_eq!(rest.path.root(rest.head.leaf(), rest.leaf_count), Some(signed.seal.merkle_root));
    database.audit().await;
}
