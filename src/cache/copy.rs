//! A copy of one SKU's amount.

use std::time::{Duration, Instant};

use crate::domain::{Inventory, SkuId};

/// What was known of one SKU: its stock, or that it is not on the books. A copy is replaced only by
/// a newer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockCopy {
    /// The SKU.
    pub sku_id: SkuId,
    /// Its stock; `None` if it was not on the books.
    pub stock: Option<Inventory>,
    /// Whatever was committed before this instant is in the copy.
    pub as_of: Instant,
}

impl StockCopy {
    /// A copy of a stock that is on the books.
    pub fn of(stock: Inventory, as_of: Instant) -> Self {
        Self { sku_id: stock.sku_id, stock: Some(stock), as_of }
    }

    /// The version that made the amount; 0 while the SKU is not on the books, which it once was
    /// not.
    pub fn version(&self) -> i64 {
        self.stock.map_or(0, |stock| stock.version)
    }

    /// How old the copy may be at `now`.
    pub fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.as_of)
    }

    /// Whether this copy is to replace `held`: it has a greater version, or was seen to hold later.
    pub(super) fn replaces(&self, held: &Self) -> bool {
        (self.version(), self.as_of) > (held.version(), held.as_of)
    }
}
