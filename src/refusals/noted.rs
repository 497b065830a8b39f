//! The sums in memory, and which of them are to be written.

use std::collections::{BTreeMap, HashMap};

use crate::domain::{Minute, RefusalSums, SkuId};

/// How far from the present a minute may be that is kept though all of it is written: requests of one
/// moment may see the clock on both sides of a minute's end.
const MINUTES_NEAR: u64 = 1;

/// What a SKU's refusals of a minute add up to so far, on this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) sku_id: SkuId,
    pub(super) minute: Minute,
    /// Whose row it is; see [`NotedMinute`].
    pub(super) writer_id: i64,
    pub(super) sums: RefusalSums,
}

/// Sums by minute and SKU.
#[derive(Debug)]
pub(super) struct Noted {
    minutes: BTreeMap<Minute, NotedMinute>,
    /// Sums of all minutes.
    len: usize,
    len_max: usize,
}

/// A minute as it is being added up. It has a number of its own, at random, under which its rows are
/// written. So a minute whose rows were written can be forgotten: were the clock set back to it, it
/// would begin again under another number, and add to what is there.
#[derive(Debug)]
struct NotedMinute {
    writer_id: i64,
    sums: HashMap<SkuId, NotedSums>,
    /// The SKUs whose sums are to be written.
    waiting: Vec<SkuId>,
}

#[derive(Clone, Copy, Debug, Default)]
struct NotedSums {
    sums: RefusalSums,
    /// Whether it is among those to be written.
    waits: bool,
}

impl Noted {
    /// Nothing yet, and never more than `len_max` sums.
    pub(super) fn new(len_max: usize) -> Self {
        Self { minutes: BTreeMap::new(), len: 0, len_max }
    }

    /// Counts a line that fell short; tells whether there was room for it.
    pub(super) fn note(
        &mut self,
        minute: Minute,
        sku_id: SkuId,
        requested: i32,
        available: i32,
    ) -> bool {
        let is_full = self.len >= self.len_max;
        let of_minute = self.minutes.entry(minute).or_insert_with(NotedMinute::new);
        let noted = match of_minute.sums.get_mut(&sku_id) {
            Some(noted) => noted,
            None if is_full => return false,
            None => {
                self.len = self.len.saturating_add(1);
                of_minute.sums.entry(sku_id).or_default()
            }
        };
        noted.sums.count(requested, available);
        if !noted.waits {
            noted.waits = true;
            of_minute.waiting.push(sku_id);
        }
        true
    }

    /// Up to so many rows that are to be written, the oldest minutes first. They do not wait any more.
    pub(super) fn take(&mut self, rows_max: usize) -> Vec<Row> {
        let mut rows = Vec::new();
        for (minute, of_minute) in &mut self.minutes {
            while rows.len() < rows_max
                && let Some(sku_id) = of_minute.waiting.pop()
            {
                if let Some(noted) = of_minute.sums.get_mut(&sku_id) {
                    noted.waits = false;
                    let (minute, sums) = (*minute, noted.sums);
                    rows.push(Row { sku_id, minute, writer_id: of_minute.writer_id, sums });
                }
            }
        }
        rows
    }

    /// Rows that could not be written wait again.
    pub(super) fn put_back(&mut self, rows: &[Row]) {
        for row in rows {
            if let Some(of_minute) = self.minutes.get_mut(&row.minute)
                && let Some(noted) = of_minute.sums.get_mut(&row.sku_id)
                && !noted.waits
            {
                noted.waits = true;
                of_minute.waiting.push(row.sku_id);
            }
        }
    }

    /// Forgets the minutes that nothing is added to any more, once all of their rows are written: to
    /// be called when none is being written.
    pub(super) fn forget_written(&mut self, now: Minute) {
        let Self { minutes, len, .. } = self;
        minutes.retain(|minute, of_minute| {
            let kept = !of_minute.waiting.is_empty() || minute.0.abs_diff(now.0) <= MINUTES_NEAR;
            if !kept {
                *len = len.saturating_sub(of_minute.sums.len());
            }
            kept
        });
    }

    /// How many lines wait to be written.
    pub(super) fn refusals_waiting(&self) -> i64 {
        let of_minute = |minute: &NotedMinute| {
            let waiting = minute.waiting.iter().filter_map(|sku_id| minute.sums.get(sku_id));
            waiting.map(|noted| noted.sums.refusal_count).fold(0, i64::saturating_add)
        };
        self.minutes.values().map(of_minute).fold(0, i64::saturating_add)
    }
}

impl NotedMinute {
    fn new() -> Self {
        Self { writer_id: fastrand::i64(1..), sums: HashMap::new(), waiting: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Minute = Minute(1_000);

    fn sums(refusal_count: i64, units_requested: i64, units_missing: i64) -> RefusalSums {
        RefusalSums { refusal_count, units_requested, units_missing }
    }

    fn told(rows: &[Row]) -> Vec<(i64, i64, i64)> {
        let row = |row: &Row| (row.minute.0, row.sku_id.0, row.sums.refusal_count);
        let mut told: Vec<_> = rows.iter().map(row).collect();
        told.sort_unstable();
        told
    }

    #[test]
    fn what_was_taken_waits_again_once_more_is_added_and_tells_the_whole() {
        let mut noted = Noted::new(10);
        assert!(noted.note(NOW, SkuId(7), 3, 1) && noted.note(NOW, SkuId(7), 1, 0));
        let first = noted.take(10);
        assert_eq!(first.len(), 1);
        assert_eq!(first[0].sums, sums(2, 4, 3));
        assert_eq!(noted.take(10), []);
        assert!(noted.note(NOW, SkuId(7), 1, 0));
        let second = noted.take(10);
        assert_eq!(second[0].sums, sums(3, 5, 4));
        assert_eq!(second[0].writer_id, first[0].writer_id);
    }

    #[test]
    fn what_could_not_be_written_waits_once() {
        let mut noted = Noted::new(10);
        noted.note(NOW, SkuId(7), 1, 0);
        let rows = noted.take(10);
        noted.note(NOW, SkuId(7), 1, 0);
        noted.put_back(&rows);
        assert_eq!(noted.refusals_waiting(), 2);
        assert_eq!(told(&noted.take(10)), [(1_000, 7, 2)]);
        assert_eq!(noted.take(10), []);
    }

    #[test]
    fn rows_come_in_pieces_the_oldest_first() {
        let mut noted = Noted::new(10);
        for (minute, sku_id) in [(1_000, 1), (999, 2), (999, 3)] {
            noted.note(Minute(minute), SkuId(sku_id), 1, 0);
        }
        assert_eq!(told(&noted.take(2)), [(999, 2, 1), (999, 3, 1)]);
        assert_eq!(told(&noted.take(2)), [(1_000, 1, 1)]);
    }

    #[test]
    fn beyond_the_bound_only_what_is_there_is_added_to() {
        let mut noted = Noted::new(2);
        assert!(noted.note(NOW, SkuId(1), 1, 0) && noted.note(NOW, SkuId(2), 1, 0));
        assert!(!noted.note(NOW, SkuId(3), 1, 0) && !noted.note(NOW.next(), SkuId(1), 1, 0));
        assert!(noted.note(NOW, SkuId(1), 1, 0));
        // Nothing of what is not written goes, whatever the clock says.
        noted.forget_written(Minute(0));
        assert_eq!(noted.take(10).len(), 2);
        noted.forget_written(NOW.next());
        assert!(!noted.note(NOW, SkuId(3), 1, 0), "the minute is near");
        noted.forget_written(NOW.next().next());
        assert!(noted.note(NOW, SkuId(3), 1, 0));
    }

    #[test]
    fn a_minute_that_was_forgotten_begins_again_as_another_row() {
        let mut noted = Noted::new(10);
        noted.note(NOW, SkuId(7), 1, 0);
        let before = noted.take(10);
        noted.forget_written(Minute(0));
        noted.note(NOW, SkuId(7), 1, 0);
        let after = noted.take(10);
        assert_eq!(after[0].sums, sums(1, 1, 1));
        assert_ne!(after[0].writer_id, before[0].writer_id);
    }
}
