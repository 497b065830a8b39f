//! Seals are made over what is there, and over nothing that is broken.

use std::sync::{Arc, Barrier};

use sea_orm::ConnectionTrait as _;
use stockflow::audit::seal::{CheckedBy, MakeSealError};
use stockflow::domain::filter::Consistency;
use stockflow::domain::merkle::Tree;
use stockflow::domain::{Clock, FlowId, Hash, PageRequest, SealCursor, SealHead, SealId, SkuId};
use stockflow::store::Asked;

use super::{Shop, at, instant};
use crate::support::{TestDatabase, ledger, on_each_database};

on_each_database!(
    a_seal_holds_and_still_does_after_more_sales,
    of_two_sealers_one_finds_the_others,
    what_is_broken_is_not_sealed,
    seals_are_listed_the_newest_first,
);

async fn a_seal_holds_and_still_does_after_more_sales(database: &TestDatabase) {
    let empty = Shop::empty(database).await.audit.make_seal(None, &at(0)).await.unwrap();
    assert_eq!(empty.seal.merkle_root, Hash::of(&[]), "of no leaves");
    assert_eq!((empty.seal.sku_count, empty.seal.last_flow_id), (0, FlowId(0)));
    assert_eq!(empty.seal.previous_hash, Hash::NOTHING);

    let shop = Shop::over(database).await;
    let newest = shop.sell("d", 2, 1).await;
    let signed = shop.audit.make_seal(None, &at(1)).await.unwrap();
    let seal = signed.seal;
    assert_eq!((seal.id, seal.sealed_at), (SealId(2), instant(1)));
    assert_eq!((seal.sku_count, seal.last_flow_id), (5, newest.id));
    assert_eq!(seal.previous_hash, empty.seal.hash());

    // A SKU of less than all the others, and sales of some, come behind it.
    shop.sell("e", 2, 1).await;
    shop.sell("f", 5, 1).await;
    shop.post(ledger::create("create 0", 6, 1)).await;
    for signed in [empty, signed] {
        let check = shop.audit.check_seal(&signed, None).await.unwrap();
        assert!(check.holds(), "{:?}", check.findings);
        assert_eq!(check.sku_count, signed.seal.sku_count);
        assert_eq!(check.checked_by, CheckedBy::Nothing);
        assert_eq!(check.seal_count, 2);
    }
    let third = shop.audit.make_seal(None, &at(2)).await.unwrap();
    assert_eq!((third.seal.sku_count, third.seal.previous_hash), (6, seal.hash()));
    // Nothing was sold since.
    let fourth = shop.audit.make_seal(None, &at(3)).await.unwrap();
    assert_eq!(fourth.seal.merkle_root, third.seal.merkle_root);
    for signed in [signed, third, fourth] {
        assert!(shop.audit.check_seal(&signed, None).await.unwrap().holds());
        assert_eq!(shop.audit.newest_seal().await.unwrap(), Some(fourth));
    }
    // The root is that of the ends, as anybody can compute it who sees the books.
    let mut tree = Tree::default();
    for (sku_id, sequence, flow_id, hash) in ends(database).await {
        let hash = hash.as_slice().try_into().unwrap();
        let (sku_id, flow_id) = (SkuId(sku_id), FlowId(flow_id));
        tree.add(SealHead { sku_id, sequence, flow_id, hash }.leaf());
    }
    assert_eq!(tree.finish().0, fourth.seal.merkle_root);
}

async fn ends(database: &TestDatabase) -> Vec<(i64, i64, i64, Vec<u8>)> {
    let sql = "SELECT f.sku_id, f.sequence, f.id, f.entry_hash FROM t_inventory_flow f \
               JOIN t_inventory i ON i.sku_id = f.sku_id AND i.version = f.sequence \
               ORDER BY f.sku_id";
    let plain = database.plain().await;
    let statement = sea_orm::Statement::from_string(plain.get_database_backend(), sql);
    let rows = plain.query_all_raw(statement).await.unwrap();
    let number = |row: &sea_orm::QueryResult, at| row.try_get_by_index::<i64>(at).unwrap();
    let end = |row: &sea_orm::QueryResult| {
        (number(row, 0), number(row, 1), number(row, 2), row.try_get_by_index(3).unwrap())
    };
    rows.iter().map(end).collect()
}

async fn of_two_sealers_one_finds_the_others(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    // Both have read everything when the first of them goes on to write.
    let both = Arc::new(Barrier::new(2));
    let sealers = (1..=2).map(|seconds| {
        let (audit, both) = (shop.audit.clone(), Arc::clone(&both));
        let clock = Clock::from_fn(move || {
            // So that no task that the other needs waits behind this one.
            tokio::task::block_in_place(|| both.wait());
            instant(seconds)
        });
        tokio::spawn(async move { audit.make_seal(None, &clock).await })
    });
    let mut made = Vec::new();
    for sealer in sealers.collect::<Vec<_>>() {
        match sealer.await.unwrap() {
            Ok(signed) => made.push(signed),
            Err(MakeSealError::Another(id)) => assert_eq!(id, SealId(1)),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(made.len(), 1);
    assert!(shop.audit.check_seal(&made[0], None).await.unwrap().holds());
    // The next has the next number.
    let next = shop.audit.make_seal(None, &at(3)).await.unwrap();
    assert_eq!((next.seal.id, next.seal.previous_hash), (SealId(2), made[0].seal.hash()));
}

async fn what_is_broken_is_not_sealed(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    shop.audit.make_seal(None, &at(1)).await.unwrap();
    shop.sell("d", 1, 1).await;
    let plain = database.plain().await;
    for (damage, repair, told) in [
        (
            "UPDATE t_inventory SET version = version + 1 WHERE sku_id = 2",
            "UPDATE t_inventory SET version = version - 1 WHERE sku_id = 2",
            "SKU 2 has entries behind sequence 1 that are not chained yet; run `stockflow migrate up`",
        ),
        (
            "UPDATE t_inventory SET chain_sequence = 2, version = 2 WHERE sku_id = 3",
            "UPDATE t_inventory SET chain_sequence = 1, version = 1 WHERE sku_id = 3",
            "SKU 3 does not end with its entry of sequence 2",
        ),
        (
            "UPDATE t_inventory_flow SET sequence = 1001 WHERE sku_id = 1 AND sequence = 4",
            "UPDATE t_inventory_flow SET sequence = 4 WHERE sku_id = 1 AND sequence = 1001",
            "SKU 1 does not end with its entry of sequence 4",
        ),
        (
            "UPDATE t_inventory SET chain_sequence = 2, version = 2 WHERE sku_id = 1",
            "UPDATE t_inventory SET chain_sequence = 4, version = 4 WHERE sku_id = 1",
            "SKU 1 goes to sequence 2, and was sealed up to 3",
        ),
        (
            "UPDATE t_inventory_flow SET sequence = 1001 WHERE sku_id = 1 AND sequence = 3",
            "UPDATE t_inventory_flow SET sequence = 3 WHERE sku_id = 1 AND sequence = 1001",
            "the entry of SKU 1 with sequence 3 is not the one that was sealed before",
        ),
        (
            "UPDATE t_inventory SET sku_id = 1001 WHERE sku_id = 5",
            "UPDATE t_inventory SET sku_id = 5 WHERE sku_id = 1001",
            "SKU 1001 does not end with its entry of sequence 1",
        ),
        (
            "UPDATE t_inventory_seal SET sku_count = 6",
            "UPDATE t_inventory_seal SET sku_count = 5",
            "seal 1 is over 6 SKUs, and t_inventory_seal_head has the ends of 5",
        ),
        (
            "UPDATE t_inventory_seal SET id = 7",
            "UPDATE t_inventory_seal SET id = 1 WHERE id = 7",
            "",
        ),
    ] {
        plain.execute_unprepared(damage).await.unwrap();
        let made = shop.audit.make_seal(None, &at(2)).await;
        plain.execute_unprepared(repair).await.unwrap();
        if told.is_empty() {
            let made = made.unwrap().seal.id;
            for table in ["t_inventory_seal WHERE id", "t_inventory_seal_head WHERE seal_id"] {
                plain.execute_unprepared(&format!("DELETE FROM {table} = {made}")).await.unwrap();
            }
        } else {
            let error = made.unwrap_err().to_string();
            assert!(error.contains(told), "{damage}: {error}");
        }
    }
    assert_eq!(shop.audit.make_seal(None, &at(2)).await.unwrap().seal.id, SealId(2));
    what_was_taken_away_is_missed(&shop, &plain).await;
}

async fn what_was_taken_away_is_missed(shop: &Shop, plain: &sea_orm::DatabaseConnection) {
    // Seals were taken away, and their ends are still there.
    plain.execute_unprepared("DELETE FROM t_inventory_seal").await.unwrap();
    let error = shop.audit.make_seal(None, &at(3)).await.unwrap_err();
    assert!(matches!(error, MakeSealError::SealsLost(SealId(1))), "{error}");
    plain.execute_unprepared("DELETE FROM t_inventory_seal_head").await.unwrap();

    // A SKU that was sealed is gone.
    shop.audit.make_seal(None, &at(4)).await.unwrap();
    for table in ["t_inventory", "t_inventory_flow"] {
        plain.execute_unprepared(&format!("DELETE FROM {table} WHERE sku_id = 5")).await.unwrap();
    }
    let error = shop.audit.make_seal(None, &at(5)).await.unwrap_err();
    assert!(matches!(error, MakeSealError::Vanished { sku_id: SkuId(5) }), "{error}");
}

async fn seals_are_listed_the_newest_first(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let mut made = Vec::new();
    for seconds in 0..5 {
        made.insert(0, shop.audit.make_seal(None, &at(seconds)).await.unwrap());
    }
    let asked = Asked::of(Consistency::Replica);
    let page = async |first, after: Option<i64>, last, before: Option<i64>| {
        let cursor = |id: Option<i64>| id.map(|id| SealCursor(SealId(id)));
        let page = PageRequest::new(first, cursor(after), last, cursor(before)).unwrap();
        shop.audit.list_seals(&page, &asked).await.unwrap().value
    };
    let all = page(None, None, None, None).await;
    assert_eq!((all.nodes, all.has_previous, all.has_next), (made.clone(), false, false));
    let some = page(Some(2), Some(5), None, None).await;
    assert_eq!((some.nodes, some.has_previous, some.has_next), (made[1..3].to_vec(), true, true));
    let some = page(None, None, Some(2), Some(1)).await;
    assert_eq!((some.nodes, some.has_previous, some.has_next), (made[2..4].to_vec(), true, true));
    assert_eq!(shop.audit.count_seals(&asked).await.unwrap().value, 5);
}
