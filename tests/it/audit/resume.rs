//! A check that was interrupted goes on where it was, and forgets nothing that it had found.

use stockflow::audit::{Audit, Checks, Place, Watcher};
use stockflow::cache::StockCache;
use stockflow::store::Store;

use super::planted::Books;
use crate::support::{TestDatabase, ledger, on_each_database};

on_each_database!(a_check_goes_on_from_every_place_that_was_kept);

/// Keeps every place.
#[derive(Default)]
struct Places(Vec<Place>);

impl Watcher for Places {
    fn is_at(&mut self, _place: &Place) {}

    fn keeps_every_pages(&self) -> Option<u32> {
        Some(1)
    }

    fn keep(&mut self, place: &Place) {
        self.0.push(place.clone());
    }
}

async fn a_check_goes_on_from_every_place_that_was_kept(database: &TestDatabase) {
    let ledger = ledger::start(database).await;
    for sku_id in 1..=3 {
        ledger.submit(ledger::create(&format!("c{sku_id}"), sku_id, 1_000_000)).await.unwrap();
    }
    let (first, _) = ledger::done(ledger.submit(ledger::deduct("d", 1, 5)).await.unwrap());
    for cart in 0..20 {
        let lines: Vec<(i64, i32)> = (0..250).map(|line| (1 + line % 3, 1)).collect();
        ledger::done(ledger.submit(ledger::cart(&format!("cart {cart}"), &lines)).await.unwrap());
    }
    // Given back in two steps, with thousands of entries between.
    let refund = |key, quantity| ledger::refund(key, first[0].id, Some(quantity));
    ledger::done(ledger.submit(refund("r", 2)).await.unwrap());
    let books = Books::keep(database).await;
    let audit = Audit::new(Store::new(database.connect().await, StockCache::none()));
    for (checks, damage) in [
        (Checks::Amounts, vec![]),
        (Checks::Chains, vec![]),
        (
            Checks::Amounts,
            vec![
                // Early in the history of one SKU; late in another's.
                "UPDATE t_inventory_flow SET leaved_after = 7 WHERE sku_id = 2 AND sequence = 3",
                "UPDATE t_inventory SET leaved_amount = 7 WHERE sku_id = 3",
                "UPDATE t_inventory_flow SET quantity_trade = 1 WHERE sku_id = 1 AND sequence = 2",
            ],
        ),
        (
            Checks::Chains,
            vec![
                "UPDATE t_inventory_flow SET actor = 'x' WHERE sku_id = 2 AND sequence = 3",
                "UPDATE t_inventory_flow SET actor = 'x' WHERE sku_id = 3 AND sequence = 1600",
            ],
        ),
    ] {
        for sql in &damage {
            books.execute(sql).await;
        }
        let mut places = Places::default();
        let whole = audit.sweep(checks, Place::default(), &mut places).await.unwrap();
        assert_eq!(whole.finding_count == 0, damage.is_empty(), "{:?}", whole.findings);
        assert!(places.0.len() >= 2, "{:?}", places.0);
        for place in places.0 {
            let rest = audit.sweep(checks, place.clone(), &mut Places::default()).await.unwrap();
            assert_eq!(rest.findings, whole.findings, "from {place:?}");
        }
        books.put_back().await;
    }
}
