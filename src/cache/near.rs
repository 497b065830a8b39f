//! Copies in the memory of this process: bounded in number, those that are asked for most stay.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use moka::ops::compute::Op;
use moka::sync::Cache;

use super::copy::StockCopy;
use crate::domain::SkuId;

/// At what age a copy is replaced whatever its version. Older than any copy of use; it bounds how
/// long a version is believed in that the books no longer have, because they were put back to an
/// older state beneath a running server.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(10);

/// A copy, and when somebody last looked for a newer one.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) copy: StockCopy,
    looks: Arc<Looks>,
}

/// Where a newer copy may be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// In Redis.
    Redis,
    /// On the books, by a reader.
    Books,
    /// On the books, by whoever would have been refused.
    Ledger,
}

/// When somebody last looked, in microseconds; where nobody did, when the copy was put here.
#[derive(Debug)]
struct Looks {
    redis: AtomicU64,
    books: AtomicU64,
    ledger: AtomicU64,
}

impl Looks {
    fn new(now_us: u64) -> Self {
        let at = || AtomicU64::new(now_us);
        Self { redis: at(), books: at(), ledger: at() }
    }

    fn of(&self, look: Look) -> &AtomicU64 {
        match look {
            Look::Redis => &self.redis,
            Look::Books => &self.books,
            Look::Ledger => &self.ledger,
        }
    }
}

/// The copies of this process.
#[derive(Clone, Debug)]
pub(super) struct Near {
    copies: Cache<SkuId, Held>,
    start: Instant,
}

impl Near {
    /// Room for so many copies.
    pub(super) fn new(entries_max: u64) -> Self {
        Self { copies: Cache::new(entries_max), start: Instant::now() }
    }

    /// The copy of a SKU, however old.
    pub(super) fn get(&self, sku_id: SkuId) -> Option<Held> {
        self.copies.get(&sku_id)
    }

    /// How long ago somebody last looked.
    pub(super) fn since(&self, held: &Held, look: Look, now: Instant) -> Duration {
        let looked_us = held.looks.of(look).load(Ordering::Relaxed);
        Duration::from_micros(self.micros(now).saturating_sub(looked_us))
    }

    /// Whether the one who asks is to look for a newer copy, because nobody has for so long: one of
    /// all who ask at once.
    pub(super) fn claim(&self, held: &Held, look: Look, after: Duration, now: Instant) -> bool {
        let looked = held.looks.of(look);
        let looked_us = looked.load(Ordering::Relaxed);
        let now_us = self.micros(now);
        let due_us = looked_us.saturating_add(u64::try_from(after.as_micros()).unwrap_or(u64::MAX));
        now_us >= due_us
            && looked
                .compare_exchange(looked_us, now_us, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    fn micros(&self, now: Instant) -> u64 {
        let since = now.saturating_duration_since(self.start);
        u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
    }

    /// Somebody has just looked in Redis, and it knows no better.
    pub(super) fn looked_in_redis(&self, held: &Held, now: Instant) {
        held.looks.redis.store(self.micros(now), Ordering::Relaxed);
    }

    /// Keeps a copy unless a newer one is here; tells the one that is here then.
    pub(super) fn put(&self, copy: StockCopy, now: Instant) -> StockCopy {
        self.keep(copy, now, false)
    }

    /// The same for a copy that others were asked for: what is here has been compared with theirs.
    pub(super) fn compare(&self, copy: StockCopy, now: Instant) -> StockCopy {
        if let Some(held) = self.get(copy.sku_id)
            && held.copy == copy
        {
            self.looked_in_redis(&held, now);
            return copy;
        }
        self.keep(copy, now, true)
    }

    fn keep(&self, copy: StockCopy, now: Instant, compared: bool) -> StockCopy {
        let mut newest = copy;
        self.copies.entry(copy.sku_id).and_compute_with(|entry| {
            if let Some(held) = entry.map(moka::Entry::into_value)
                && !copy.replaces(&held.copy)
                && held.copy.age(now) < FORGOTTEN_AFTER
            {
                newest = held.copy;
                if !compared {
                    return Op::Nop;
                }
            }
            let looks = Arc::new(Looks::new(self.micros(now)));
            Op::Put(Held { copy: newest, looks })
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
    fn one_of_those_who_ask_is_to_look_for_a_newer_copy() {
        let near = Near::new(100);
        let start = Instant::now();
        let (after, at) = (Duration::from_millis(50), |ms| start + Duration::from_millis(ms));
        let claim = |look, ms| near.claim(&near.get(SkuId(7)).unwrap(), look, after, at(ms));
        near.put(copy(7, 8, 3, start), start);
        assert!(!claim(Look::Redis, 49));
        assert!(claim(Look::Redis, 51));
        assert!(!claim(Look::Redis, 52));
        assert!(claim(Look::Books, 52), "who looks elsewhere does so by themselves");
        assert!(claim(Look::Redis, 102));
        // What was compared with what others have counts as looked for; what is merely older does
        // not.
        near.put(copy(7, 9, 2, start), at(149));
        assert!(claim(Look::Redis, 153));
        near.compare(copy(7, 9, 2, start), at(200));
        assert!(!claim(Look::Redis, 240));
        let since = |ms| near.since(&near.get(SkuId(7)).unwrap(), Look::Redis, at(ms));
        assert!((39..=41).contains(&since(240).as_millis()));
    }
}
