//! Whoever has SQL access changes the past behind the server's back, as cleverly as they can: so that
//! the books hold by themselves. A seal that was kept elsewhere tells.

use entity::{inventory, inventory_flow};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, EntityTrait as _, QueryOrder as _};
use stockflow::audit::seal::{SealFinding, SealFindingKind as Kind};
use stockflow::db::flow_from_row;
use stockflow::domain::{Chain, Flow, Hash, SealId, SignedSeal, SkuId};

use super::{Shop, at};
use crate::support::granted::{run, said};
use crate::support::{Kind as DatabaseKind, TestDatabase, books, on_each_database};

on_each_database!(
    an_entry_that_was_changed_with_every_hash_behind_it_is_named,
    entries_that_were_taken_from_the_end_are_named,
    ends_that_were_changed_along_are_told_by_the_root,
    a_seal_that_was_changed_in_the_table_is_named,
);

/// A person at a SQL prompt.
struct Intruder<'a> {
    database: &'a TestDatabase,
    plain: DatabaseConnection,
}

impl<'a> Intruder<'a> {
    async fn at(database: &'a TestDatabase) -> Self {
        Self { database, plain: database.plain().await }
    }

    async fn run(&self, sql: &str) {
        self.plain.execute_unprepared(sql).await.unwrap();
    }

    fn hash(&self, hash: Hash) -> String {
        match self.database.kind {
            DatabaseKind::Sqlite | DatabaseKind::MariaDb => format!("X'{hash}'"),
            DatabaseKind::Postgres => format!("'\\x{hash}'::bytea"),
        }
    }

    /// Has a SKU's books agree with what its entries say now, to the last hash.
    async fn cover_up(&self, sku_id: i64) {
        let entries = inventory_flow::Entity::find()
            .order_by_asc(inventory_flow::Column::Sequence)
            .all(&self.plain)
            .await
            .unwrap();
        let mut chain = Chain::EMPTY;
        let mut left = 0;
        for entry in entries.into_iter().filter(|entry| entry.sku_id == sku_id) {
            let mut flow: Flow = flow_from_row(entry).unwrap();
            left -= flow.quantity_trade;
            flow.leaved_after = left;
            chain.add(&mut flow);
            let hash = self.hash(flow.entry_hash.unwrap());
            self.run(&format!(
                "UPDATE t_inventory_flow SET leaved_after = {left}, entry_hash = {hash} \
                 WHERE id = {}",
                flow.id
            ))
            .await;
        }
        let Chain { sequence, head } = chain;
        self.run(&format!(
            "UPDATE t_inventory SET leaved_amount = {left}, version = {sequence}, \
             chain_sequence = {sequence}, chain_head = {} WHERE sku_id = {sku_id}",
            self.hash(head)
        ))
        .await;
        // Nothing is to be seen in the books by themselves.
        books::audit(&self.plain).await;
    }

    /// Changes the record of the sealed ends along.
    async fn cover_up_seals(&self, sku_id: i64) {
        let stock = inventory::Entity::find_by_id(sku_id).one(&self.plain).await.unwrap().unwrap();
        let head = self.hash(stock.chain_head.unwrap().as_slice().try_into().unwrap());
        self.run(&format!(
            "UPDATE t_inventory_seal_head SET sequence = {sequence}, chain_head = {head}, \
             flow_id = (SELECT id FROM t_inventory_flow WHERE sku_id = {sku_id} \
             AND sequence = {sequence}) WHERE sku_id = {sku_id}",
            sequence = stock.chain_sequence,
        ))
        .await;
    }
}

async fn findings(shop: &Shop, signed: &SignedSeal) -> Vec<SealFinding> {
    let check = shop.audit.check_seal(signed, None).await.unwrap();
    assert_eq!(check.findings_left_out, 0);
    assert_eq!(check.holds(), check.findings.is_empty());
    check.findings
}

async fn an_entry_that_was_changed_with_every_hash_behind_it_is_named(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let intruder = Intruder::at(database).await;
    let first = shop.audit.make_seal(None, &at(1)).await.unwrap();
    shop.sell("d", 1, 1).await;
    let end = shop.sell("e", 1, 1).await;
    let second = shop.audit.make_seal(None, &at(2)).await.unwrap();
    shop.sell("f", 1, 1).await;

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("seal-2.json").to_str().unwrap().to_owned();
    std::fs::write(&file, second.to_json()).unwrap();
    let verify = ["audit", "verify", "--seal", &file, "--database-url", &database.url];
    let holds = run(&verify).await;
    assert!(holds.status.success() && said(&holds).contains("seal 2 holds"), "{}", said(&holds));

    // Entry 4 of SKU 1 is behind the first seal, and beneath the second.
    intruder
        .run("UPDATE t_inventory_flow SET quantity_trade = 9 WHERE sku_id = 1 AND sequence = 4")
        .await;
    intruder.cover_up(1).await;
    assert_eq!(findings(&shop, &first).await, []);
    let found = findings(&shop, &second).await;
    assert_eq!(found.len(), 1, "{found:?}");
    let SealFinding { kind, seal_id, sku_id, flow_id, sequence, message } = &found[0];
    assert_eq!((*kind, *seal_id), (Kind::SealedEntryDiffers, SealId(2)));
    assert_eq!((*sku_id, *flow_id, *sequence), (Some(SkuId(1)), Some(end.id), Some(5)));
    assert!(message.contains("somewhere from sequence 4 to 5"), "{message}");
    // By themselves the books agree; held against the seal that was kept, they do not.
    assert!(run(&["audit", "verify", "--database-url", &database.url]).await.status.success());
    let told = run(&[&verify[..], &["--json"]].concat()).await;
    assert_eq!(told.status.code(), Some(1), "{}", said(&told));
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(told["seal"]["findings"][0]["kind"], "SEALED_ENTRY_DIFFERS", "{told}");
    assert_eq!((&told["findingCount"], &told["agrees"]), (&0.into(), &false.into()), "{told}");
    // Nor is it sealed again.
    let error = shop.audit.make_seal(None, &at(3)).await.unwrap_err().to_string();
    assert!(error.contains("SKU 1 with sequence 5"), "{error}");
}

async fn entries_that_were_taken_from_the_end_are_named(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let intruder = Intruder::at(database).await;
    let signed = shop.audit.make_seal(None, &at(1)).await.unwrap();
    intruder.run("DELETE FROM t_inventory_flow WHERE sku_id = 4 AND sequence = 2").await;
    intruder.cover_up(4).await;
    let found = findings(&shop, &signed).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].kind, found[0].sku_id), (Kind::SealedEntryMissing, Some(SkuId(4))));
    assert_eq!(found[0].sequence, Some(2));

    // Something else is written in its place.
    let other = shop.sell("other", 4, 2).await;
    let found = findings(&shop, &signed).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].kind, Kind::SealedEntryDiffers);
    assert!(found[0].message.contains(&format!("of the id {}", other.id)), "{found:?}");

    // A whole SKU is gone.
    for table in ["t_inventory", "t_inventory_flow"] {
        intruder.run(&format!("DELETE FROM {table} WHERE sku_id = 5")).await;
    }
    let found = findings(&shop, &signed).await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!((found[1].kind, found[1].sku_id), (Kind::SealedEntryMissing, Some(SkuId(5))));
}

async fn ends_that_were_changed_along_are_told_by_the_root(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let intruder = Intruder::at(database).await;
    let signed = shop.audit.make_seal(None, &at(1)).await.unwrap();
    intruder
        .run("UPDATE t_inventory_flow SET quantity_trade = 9 WHERE sku_id = 1 AND sequence = 2")
        .await;
    intruder.cover_up(1).await;
    intruder.cover_up_seals(1).await;
    let found = findings(&shop, &signed).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].kind, Kind::SealRootDiffers);

    // The ends of a SKU are taken away along with its books.
    for table in ["t_inventory", "t_inventory_flow", "t_inventory_seal_head"] {
        intruder.run(&format!("DELETE FROM {table} WHERE sku_id = 5")).await;
    }
    let found = findings(&shop, &signed).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].message.contains("4 SKUs"), "{found:?}");
}

async fn a_seal_that_was_changed_in_the_table_is_named(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let intruder = Intruder::at(database).await;
    let mut seals = Vec::new();
    for seconds in 0..3 {
        seals.push(shop.audit.make_seal(None, &at(seconds)).await.unwrap());
    }
    let kinds = |found: &[SealFinding]| {
        found.iter().map(|found| (found.kind, found.seal_id.0)).collect::<Vec<_>>()
    };
    let zeros = intruder.hash(Hash::NOTHING);
    intruder.run(&format!("UPDATE t_inventory_seal SET merkle_root = {zeros} WHERE id = 2")).await;
    // By its copy: the table has another one.
    let found = findings(&shop, &seals[1]).await;
    assert_eq!(kinds(&found), [(Kind::SealDiffers, 2)], "{found:?}");
    assert!(found[0].message.ends_with("merkle_root"), "{found:?}");
    // By the copy of another: the next does not follow from it.
    for other in [&seals[0], &seals[2]] {
        let found = findings(&shop, other).await;
        assert_eq!(kinds(&found), [(Kind::SealChainBroken, 3)], "{found:?}");
    }
    intruder.run("DELETE FROM t_inventory_seal WHERE id = 2").await;
    let found = findings(&shop, &seals[1]).await;
    let expected = [(Kind::SealChainBroken, 3), (Kind::SealChainBroken, 3), (Kind::SealMissing, 2)];
    assert_eq!(kinds(&found), expected, "{found:?}");
    // The ends are still compared, with what the copy says.
    intruder.run("DELETE FROM t_inventory_flow WHERE sku_id = 4 AND sequence = 2").await;
    intruder.cover_up(4).await;
    let found = findings(&shop, &seals[1]).await;
    assert_eq!(kinds(&found)[3..], [(Kind::SealedEntryMissing, 2)], "{found:?}");
    // The newest was taken away: nothing in the table tells.
    intruder.run("DELETE FROM t_inventory_seal").await;
    let found = findings(&shop, &seals[2]).await;
    assert_eq!(kinds(&found), [(Kind::SealMissing, 3), (Kind::SealedEntryMissing, 3)], "{found:?}");
}
