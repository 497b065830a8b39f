//! Copies in the memory of this process: bounded in number, those that are asked for most stay.

use std::time::{Duration, Instant};

use moka::ops::compute::Op;
use moka::sync::Cache;

use super::copy::StockCopy;
use crate::domain::SkuId;

/// At what age a copy is replaced whatever its version. Older than any copy of use; it bounds how
/// long a version is believed in that the books no longer have, because they were put back to an
/// older state beneath a running server.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(10);

/// A copy, and when it was last put here, or found to be the newest that others know.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) copy: StockCopy,
    pub(super) put_at: Instant,
}

/// The copies of this process.
#[derive(Clone, Debug)]
pub(super) struct Near(Cache<SkuId, Held>);

impl Near {
    /// Room for so many copies.
    pub(super) fn new(entries_max: u64) -> Self {
        Self(Cache::new(entries_max))
    }

    /// The copy of a SKU, however old.
    pub(super) fn get(&self, sku_id: SkuId) -> Option<Held> {
        self.0.get(&sku_id)
    }

    /// Keeps a copy unless a newer one is here; tells the one that is here then.
    pub(super) fn put(&self, copy: StockCopy, now: Instant) -> StockCopy {
        self.keep(copy, now, false)
    }

    /// The same for a copy that others were asked for: what is here has been compared with theirs.
    pub(super) fn compare(&self, copy: StockCopy, now: Instant) -> StockCopy {
        self.keep(copy, now, true)
    }

    fn keep(&self, copy: StockCopy, now: Instant, compared: bool) -> StockCopy {
        let mut newest = copy;
        self.0.entry(copy.sku_id).and_compute_with(|entry| {
            if let Some(held) = entry.map(moka::Entry::into_value)
                && !copy.replaces(&held.copy)
                && held.copy.age(now) < FORGOTTEN_AFTER
            {
                newest = held.copy;
                if !compared {
                    return Op::Nop;
                }
            }
            Op::Put(Held { copy: newest, put_at: now })
        });
        newest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::tests::{absent, copy};

    #[test]
    fn only_what_is_newer_replaces_a_copy() {
        let near = Near::new(100);
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let put = |copy| near.put(copy, start);
        assert_eq!(put(absent(7, at(0))), absent(7, at(0)));
        assert_eq!(put(copy(7, 10, 1, at(5))), copy(7, 10, 1, at(5)));
        assert_eq!(put(copy(7, 8, 3, at(6))), copy(7, 8, 3, at(6)));
        // A late message, whatever it says of its own age; and a replica that lags.
        assert_eq!(put(copy(7, 9, 2, at(9))), copy(7, 8, 3, at(6)));
        assert_eq!(put(absent(7, at(9))), copy(7, 8, 3, at(6)));
        // The same version, seen to hold later, and not earlier.
        assert_eq!(put(copy(7, 8, 3, at(9))), copy(7, 8, 3, at(9)));
        assert_eq!(put(copy(7, 8, 3, at(7))), copy(7, 8, 3, at(9)));
        assert_eq!(near.get(SkuId(7)).unwrap().copy, copy(7, 8, 3, at(9)));
    }

    #[test]
    fn a_version_that_the_books_no_longer_have_is_forgotten() {
        let near = Near::new(100);
        let start = Instant::now();
        let later = start + FORGOTTEN_AFTER;
        near.put(copy(7, 8, 9, start), start);
        assert_eq!(near.compare(copy(7, 5, 2, start), start), copy(7, 8, 9, start));
        assert_eq!(near.put(copy(7, 5, 2, later), later), copy(7, 5, 2, later));
    }

    #[test]
    fn a_copy_that_was_compared_counts_as_put_now() {
        let near = Near::new(100);
        let start = Instant::now();
        let later = start + Duration::from_millis(60);
        let put_at = || near.get(SkuId(7)).unwrap().put_at;
        near.put(copy(7, 8, 3, start), start);
        near.put(copy(7, 9, 2, start), later);
        assert_eq!(put_at(), start);
        near.compare(copy(7, 9, 2, start), later);
        assert_eq!(put_at(), later);
    }
}
