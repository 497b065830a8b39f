//! Seals: what they are over, that they tell whoever changes the past, and that an entry's inclusion
//! can be proved to somebody who has a seal and nothing else.

mod command;
mod damage;
mod make;
mod proof;
mod schedule;

use chrono::{DateTime, TimeDelta, Utc};
use stockflow::audit::Audit;
use stockflow::cache::StockCache;
use stockflow::domain::{Clock, Command, Flow};
use stockflow::ledger::Ledger;
use stockflow::store::Store;

use crate::support::{TestDatabase, ledger};

/// A shop, and who seals its books.
struct Shop {
    ledger: Ledger,
    audit: Audit,
}

impl Shop {
    /// Without any SKU.
    async fn empty(database: &TestDatabase) -> Self {
        let store = Store::new(database.connect().await, StockCache::none());
        Self { ledger: ledger::start(database).await, audit: Audit::new(store) }
    }

    /// With five SKUs, 1 to 5, of which some were sold. Every entry is a request of its own.
    async fn over(database: &TestDatabase) -> Self {
        let shop = Self::empty(database).await;
        for sku_id in 1..=5 {
            shop.post(ledger::create(&format!("create {sku_id}"), sku_id, 100)).await;
        }
        shop.sell("a", 1, 3).await;
        shop.sell("b", 1, 4).await;
        shop.sell("c", 4, 1).await;
        shop
    }

    /// Has a command carried out that makes one entry.
    async fn post(&self, command: Command) -> Flow {
        ledger::done(self.ledger.submit(command).await.unwrap()).0.remove(0)
    }

    async fn sell(&self, key: &str, sku_id: i64, quantity: i32) -> Flow {
        self.post(ledger::deduct(key, sku_id, quantity)).await
    }
}

/// An instant of a test's own, so many seconds after another.
fn instant(seconds: i64) -> DateTime<Utc> {
    let begin = DateTime::from_timestamp_micros(1_764_000_000_123_456).unwrap();
    begin + TimeDelta::seconds(seconds)
}

/// A clock that stands still.
fn at(seconds: i64) -> Clock {
    Clock::from_fn(move || instant(seconds))
}
