//! Books that are right never give a finding, whatever is written while they are looked at.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use stockflow::audit::{Audit, Checks, Place, Watcher};
use stockflow::cache::StockCache;
use stockflow::domain::filter::{Consistency, InventoryFilter};
use stockflow::domain::{Outcome, PageRequest, SkuId};
use stockflow::store::{Asked, Store};

use crate::support::{TestDatabase, ledger, on_each_database};

on_each_database!(a_sale_under_way_is_never_a_finding);

const SKUS: i64 = 4;

struct Nobody;

impl Watcher for Nobody {
    fn is_at(&mut self, _place: &Place) {}

    fn keeps_every_pages(&self) -> Option<u32> {
        None
    }

    fn keep(&mut self, _place: &Place) {}
}

async fn a_sale_under_way_is_never_a_finding(database: &TestDatabase) {
    // Two servers' ledgers over one database.
    let ledgers = [ledger::start(database).await, ledger::start(database).await];
    for sku_id in 1..=SKUS {
        ledgers[0].submit(ledger::create(&format!("c{sku_id}"), sku_id, 1_000_000)).await.unwrap();
    }
    let done = Arc::new(AtomicBool::new(false));
    let sellers = (0..8_i64).map(|seller| {
        let ledger = ledgers[usize::try_from(seller % 2).unwrap()].clone();
        let done = Arc::clone(&done);
        tokio::spawn(async move {
            let mut round = 0_i64;
            while !done.load(Ordering::Relaxed) {
                round += 1;
                let key = format!("{seller}-{round}");
                let lines: Vec<(i64, i32)> =
                    (0..3).map(|line| (1 + (round + line) % SKUS, 2)).collect();
                let Ok(outcome) = ledger.submit(ledger::cart(&key, &lines)).await else { continue };
                if let Outcome::Done { receipt, .. } = outcome {
                    let flow_id = receipt[0].flow.id;
                    let refund = ledger::refund(&format!("r{key}"), flow_id, Some(1));
                    drop(ledger.submit(refund).await);
                }
                if round % 50 == 0 {
                    // A SKU that is put on the books while they are looked at.
                    let sku_id = 100 + seller * 1_000 + round;
                    drop(ledger.submit(ledger::create(&format!("n{key}"), sku_id, 5)).await);
                }
            }
        })
    });
    let sellers: Vec<_> = sellers.collect();
    let audit = Audit::new(Store::new(database.connect().await, StockCache::none()));
    let asked = Asked::of(Consistency::Replica);
    let page = PageRequest::new(Some(200), None, None, None).unwrap();
    let mut written = 0;
    for _round in 0..12 {
        let listed = audit.list_reconciliations(&InventoryFilter::default(), &page, &asked).await;
        for reconciled in listed.unwrap().value.nodes {
            assert!(reconciled.findings.is_empty(), "{:?}", reconciled.findings);
        }
        for sku_id in 1..=SKUS {
            let verified = audit.verify(SkuId(sku_id), 0).await.unwrap();
            assert!(verified.findings.is_empty(), "{:?}", verified.findings);
        }
        for checks in [Checks::Amounts, Checks::Chains] {
            let swept = audit.sweep(checks, Place::default(), &mut Nobody).await.unwrap();
            assert_eq!(swept.findings, [], "{checks:?}");
        }
        let stocks = audit_stocks(&audit, &page, &asked).await;
        written = stocks.iter().map(|stock| stock.version).sum();
        for stock in &stocks {
            let proof = audit.prove(stock, &asked).await.unwrap().value;
            assert!(proof.agrees, "{stock:?}: {proof:?}");
        }
    }
    done.store(true, Ordering::Relaxed);
    join_all(sellers).await;
    // More than the openings.
    assert!(written > 2 * SKUS, "nothing was sold in the meantime: {written}");
}

async fn audit_stocks(
    audit: &Audit,
    page: &PageRequest<stockflow::domain::InventoryCursor>,
    asked: &Asked,
) -> Vec<stockflow::domain::Inventory> {
    let listed = audit.list_reconciliations(&InventoryFilter::default(), page, asked).await;
    listed.unwrap().value.nodes.into_iter().filter_map(|node| node.stock).collect()
}
