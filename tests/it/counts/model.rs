//! A shop at random: what is sold, comes back and comes in moves shelves and books alike; shelves are
//! counted in between, and what was counted is sent late, twice and in any order. In the end the books
//! are what the shelves are.

use std::collections::BTreeMap;

use fastrand::Rng;
use serde_json::{Value, json};
use stockflow::auth::Caller;

use super::{change, complete, create, line, record, start, stock};
use crate::access::shop::{Shop, trusted};
use crate::support::{TestDatabase, codes, on_each_database};

on_each_database!(the_books_become_what_the_shelves_are);

const SKUS: i64 = 4;
const ROUNDS: u64 = 6;
const STEPS: usize = 60;

/// The units that are really there.
type Shelves = BTreeMap<i64, i32>;

struct Model<'a> {
    shop: &'a Shop,
    anna: Caller,
    ben: Caller,
    rng: Rng,
    round: u64,
    step: usize,
    shelves: Shelves,
    /// What may come back, by its deduction.
    sold: Vec<(String, i64, i32)>,
    /// What was counted and not sent, for each of two counts.
    kept: [Vec<Value>; 2],
    sent: [Vec<Value>; 2],
    counts: [String; 2],
}

impl Model<'_> {
    fn key(&self, what: &str) -> String {
        format!("{what} {} {}", self.round, self.step)
    }

    fn caller(&mut self) -> Caller {
        if self.rng.bool() { self.anna.clone() } else { self.ben.clone() }
    }

    async fn step(&mut self) {
        let place = self.rng.i64(1..=SKUS);
        let sku_id = self.round_sku(place);
        let quantity = self.rng.i32(1..=4);
        let (amount, version) = stock(self.shop, &self.anna, sku_id).await;
        match self.rng.u8(0..10) {
            0..=2 if amount >= quantity && self.shelves[&sku_id] >= quantity => {
                let key = self.key("sale");
                let id = super::sell(self.shop, &self.anna, &key, sku_id, quantity).await;
                self.sold.push((id, sku_id, quantity));
                *self.shelves.get_mut(&sku_id).unwrap() -= quantity;
            }
            3 if !self.sold.is_empty() => {
                let (id, sku_id, quantity) =
                    self.sold.swap_remove(self.rng.usize(..self.sold.len()));
                let input = json!({ "flowId": id, "idempotencyKey": self.key("refund") });
                self.shop.mutate(&self.anna, "inventoryRefund", input).await;
                *self.shelves.get_mut(&sku_id).unwrap() += quantity;
            }
            4 => {
                let key = self.key("delivery");
                let input = json!({ "skuId": sku_id, "quantity": quantity, "idempotencyKey": key });
                self.shop.mutate(&self.anna, "inventoryReplenish", input).await;
                *self.shelves.get_mut(&sku_id).unwrap() += quantity;
            }
            // Somebody sets an amount by hand, rightly or not: no shelf changes.
            5 => {
                let key = self.key("set");
                let input = json!({ "skuId": sku_id, "quantity": self.rng.i32(0..=20),
                                    "changeFromQuantity": null, "reason": "guess",
                                    "idempotencyKey": key });
                self.shop.mutate(&self.anna, "inventorySetQuantity", input).await;
            }
            6 | 7 => {
                let which = self.rng.usize(..2);
                let counted = line(&self.key("shelf"), sku_id, self.shelves[&sku_id], version);
                self.kept[which].push(counted);
            }
            _ => self.send().await,
        }
    }

    /// Some of what is kept, and some of what was sent before.
    async fn send(&mut self) {
        let which = self.rng.usize(..2);
        self.rng.shuffle(&mut self.kept[which]);
        let some = self.rng.usize(..=self.kept[which].len());
        let mut lines: Vec<Value> = self.kept[which].drain(..some).collect();
        self.sent[which].extend(lines.iter().cloned());
        if let Some(again) = self.rng.choice(&self.sent[which]) {
            lines.push(again.clone());
        }
        if lines.is_empty() {
            return;
        }
        // The keys are those of the one who counted.
        let recorded = record(self.shop, &self.ben, &self.counts[which], &lines).await;
        assert_eq!(codes(&recorded), [""; 0], "{recorded}");
    }

    fn round_sku(&self, place: i64) -> i64 {
        i64::try_from(self.round).unwrap() * 100 + place
    }

    /// What was not counted yet is counted, and the counts set right whatever is not on the books as it
    /// is on the shelves.
    async fn end(&mut self) {
        for which in 0..2 {
            for place in 1..=SKUS {
                let sku_id = self.round_sku(place);
                let is_counted = |line: &Value| line["skuId"] == sku_id;
                if self.kept[which].iter().chain(&self.sent[which]).any(is_counted) {
                    continue;
                }
                let (_amount, version) = stock(self.shop, &self.anna, sku_id).await;
                let key = format!("last {} {which} {place}", self.round);
                self.kept[which].push(line(&key, sku_id, self.shelves[&sku_id], version));
            }
            self.send_all(which).await;
        }
        for which in 0..2 {
            let caller = self.caller();
            let completed = complete(self.shop, &caller, &self.counts[which]).await;
            assert_eq!(codes(&completed), [""; 0], "round {}: {completed}", self.round);
            for (sku_id, units) in &self.shelves {
                let (amount, _version) = stock(self.shop, &self.anna, *sku_id).await;
                assert_eq!(amount, *units, "round {}, SKU {sku_id}", self.round);
            }
        }
    }

    async fn send_all(&mut self, which: usize) {
        self.rng.shuffle(&mut self.kept[which]);
        let lines: Vec<Value> = self.kept[which].drain(..).collect();
        if lines.is_empty() {
            return;
        }
        let recorded = record(self.shop, &self.ben, &self.counts[which], &lines).await;
        assert_eq!(codes(&recorded), [""; 0], "{recorded}");
    }
}

async fn the_books_become_what_the_shelves_are(database: &TestDatabase) {
    let shop = Shop::over(database).await;
    let (anna, ben) = (trusted("anna", Some(1)), trusted("ben", Some(1)));
    for round in 1..=ROUNDS {
        let mut rng = Rng::with_seed(round);
        let mut shelves = Shelves::new();
        for place in 1..=SKUS {
            let sku_id = i64::try_from(round).unwrap() * 100 + place;
            create(&shop, &anna, sku_id, rng.i32(0..=20)).await;
            shelves.insert(sku_id, rng.i32(0..=20));
        }
        let skus: Vec<i64> = shelves.keys().copied().collect();
        let counts = [
            start(&shop, &anna, &format!("one {round}"), &skus).await,
            start(&shop, &ben, &format!("other {round}"), &skus).await,
        ];
        let mut model = Model {
            shop: &shop,
            anna: anna.clone(),
            ben: ben.clone(),
            rng,
            round,
            step: 0,
            shelves,
            sold: Vec::new(),
            kept: Default::default(),
            sent: Default::default(),
            counts,
        };
        for step in 0..STEPS {
            model.step = step;
            model.step().await;
        }
        model.end().await;
        let abandoned = json!({ "countId": model.counts[0] });
        let refused = change(&shop, &anna, "inventoryCountAbandon", abandoned).await;
        assert_eq!(codes(&refused), ["COUNT_NOT_OPEN"]);
    }
}
