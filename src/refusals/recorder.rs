//! Counts what is refused, in memory: the one way into this room.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::metrics::RefusalMetrics;
use super::noted::Noted;
use crate::domain::{Clock, Minute, Refusal, Violation};

/// Sums that may be in memory, of all SKUs and minutes; each takes some 100 bytes. A shop of thousands
/// of SKUs that are all sold out and all wanted has as many a minute.
const SUMS_MAX: usize = 100_000;

/// Counts demand that is refused for want of stock. Cheap to clone; clones count together.
#[derive(Clone, Debug)]
pub struct RefusalRecorder {
    noted: Arc<Mutex<Noted>>,
    clock: Clock,
    metrics: RefusalMetrics,
}

impl RefusalRecorder {
    /// Nothing counted yet. The minute of a refusal is told by `clock`.
    pub fn new(clock: Clock, metrics: RefusalMetrics) -> Self {
        Self { noted: Arc::new(Mutex::new(Noted::new(SUMS_MAX))), clock, metrics }
    }

    /// Counts what a client is answered, as far as it is refused for want of stock: each line that
    /// falls short. Waits for nobody but others who count, and allocates nothing for a SKU that was
    /// counted in this minute before.
    pub fn note(&self, refusals: &[Refusal]) {
        let short = refusals.iter().filter_map(|refusal| {
            if let Violation::InsufficientStock { sku_id, requested, available } = refusal.violation
            {
                Some((sku_id, requested, available))
            } else {
                None
            }
        });
        let mut short = short.peekable();
        if short.peek().is_none() {
            return;
        }
        let minute = self.minute();
        let mut noted = self.noted();
        for (sku_id, requested, available) in short {
            if !noted.note(minute, sku_id, requested, available) {
                self.metrics.left_out();
            }
        }
    }

    /// What is counted so far. Nothing that is done under the lock panics.
    pub(super) fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The present instant.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The present minute.
    pub(super) fn minute(&self) -> Minute {
        Minute::of(self.now())
    }

    pub(super) fn metrics(&self) -> &RefusalMetrics {
        &self.metrics
    }
}
