//! Counts lookups, to find the SKUs that are hot now.
//!
//! A fixed number of cells is shared by all SKUs, so that nothing grows with them. Two SKUs that
//! share a cell are counted together; one of them may then be taken for hot when it is not, which
//! costs some copies and nothing else.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::domain::SkuId;

/// Cells.
const CELLS: u64 = 4_096;

/// Seconds that a SKU stays hot after it was found to be, so that its copies do not come and go.
const HOT_FOR_SECONDS: u64 = 10;

/// Of a cell's number: so many bits count, those above tell the second that they count.
const COUNT_BITS: u32 = 32;

/// The lookups of the present second, by SKU.
#[derive(Debug)]
pub(super) struct HotSkus {
    cells: Vec<Cell>,
    hasher: RandomState,
    start: Instant,
    lookups_per_second: u64,
}

#[derive(Debug, Default)]
struct Cell {
    /// The second and, in it, the lookups.
    counted: AtomicU64,
    /// The second until which it is hot.
    hot_until: AtomicU64,
}

impl HotSkus {
    /// A SKU is hot that is looked up so often within a second.
    pub(super) fn new(lookups_per_second: u32, start: Instant) -> Self {
        Self {
            cells: (0..CELLS).map(|_cell| Cell::default()).collect(),
            hasher: RandomState::new(),
            start,
            lookups_per_second: lookups_per_second.max(1).into(),
        }
    }

    /// Counts a lookup.
    pub(super) fn count(&self, sku_id: SkuId, now: Instant) {
        let Some(cell) = self.cell(sku_id) else { return };
        let second = self.second(now);
        let counted = cell.counted.load(Ordering::Relaxed);
        let count = if counted >> COUNT_BITS == second & u64::from(u32::MAX) {
            cell.counted.fetch_add(1, Ordering::Relaxed).wrapping_add(1) & u64::from(u32::MAX)
        } else {
            // Of two who begin a second at once one is not counted.
            cell.counted.store((second << COUNT_BITS) | 1, Ordering::Relaxed);
            1
        };
        if count >= self.lookups_per_second {
            cell.hot_until.store(second.saturating_add(HOT_FOR_SECONDS), Ordering::Relaxed);
        }
    }

    /// Whether a SKU is hot.
    pub(super) fn is_hot(&self, sku_id: SkuId, now: Instant) -> bool {
        let second = self.second(now);
        self.cell(sku_id).is_some_and(|cell| cell.hot_until.load(Ordering::Relaxed) > second)
    }

    fn cell(&self, sku_id: SkuId) -> Option<&Cell> {
        let place = usize::try_from(self.hasher.hash_one(sku_id) % CELLS).ok()?;
        self.cells.get(place)
    }

    fn second(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.start).as_secs()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn who_is_looked_up_often_within_a_second_is_hot_for_a_while() {
        let start = Instant::now();
        let skus = HotSkus::new(100, start);
        let at = |ms| start + Duration::from_millis(ms);
        for lookup in 0..99 {
            skus.count(SkuId(1), at(lookup));
        }
        assert!(!skus.is_hot(SkuId(1), at(99)));
        // Another second begins anew.
        skus.count(SkuId(1), at(1_000));
        assert!(!skus.is_hot(SkuId(1), at(1_000)));
        for lookup in 0..99 {
            skus.count(SkuId(1), at(1_001 + lookup));
        }
        assert!(skus.is_hot(SkuId(1), at(1_200)));
        assert!(!skus.is_hot(SkuId(2), at(1_200)));
        assert!(skus.is_hot(SkuId(1), at(10_900)));
        assert!(!skus.is_hot(SkuId(1), at(11_000)));
    }
}
