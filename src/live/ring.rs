//! The newest entries, in memory, for all who listen.
//!
//! It has every entry behind one id and up to another, the settled one. Whoever has come as far as its
//! beginning reads on from here; who has not must ask the database. It knows no filter and nobody who
//! listens: those keep their places themselves, so that it costs the same however many they are.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::domain::{Flow, FlowId};

/// Entries that one look passes by.
const LOOKED_AT_MAX: usize = 1_000;

/// The newest entries that are settled.
#[derive(Debug)]
pub(super) struct Ring {
    entries_max: usize,
    entries: VecDeque<Arc<Flow>>,
    /// It has what is behind this id. `None` as long as nothing is known to be settled.
    span: Option<Span>,
    /// Counts the books that there were: it is others that are put back to an older state.
    epoch: u64,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    behind: i64,
    settled: i64,
}

/// What there is for somebody at a place.
#[derive(Debug, PartialEq)]
pub(super) enum Seen {
    /// Nothing yet.
    Nothing,
    /// These, and all up to this id was looked at.
    Entries(Vec<Arc<Flow>>, i64),
    /// More than is kept here, up to this id.
    Behind(i64),
    /// The place is one of other books.
    Gone,
}

impl Ring {
    /// Room for so many entries.
    pub(super) fn new(entries_max: usize) -> Self {
        Self { entries_max, entries: VecDeque::new(), span: None, epoch: 0 }
    }

    /// Which books they are.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Whether anything is known to be settled.
    pub(super) fn is_begun(&self) -> bool {
        self.span.is_some()
    }

    /// The entry of an id, if it is here.
    pub(super) fn entry(&self, id: FlowId) -> Option<&Arc<Flow>> {
        let at = self.entries.binary_search_by_key(&id, |flow| flow.id).ok()?;
        self.entries.get(at)
    }

    /// Begins anew.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.span = None;
    }

    /// Nothing more is told of these books. Other ones may follow.
    pub(super) fn end(&mut self) {
        self.clear();
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// Adds all the entries behind `behind` that there are up to `settled`, in order of their ids.
    pub(super) fn add(&mut self, behind: i64, entries: Vec<Arc<Flow>>, settled: i64) {
        let span = self.span.get_or_insert(Span { behind, settled });
        span.settled = settled;
        self.entries.extend(entries);
        let surplus = self.entries.len().saturating_sub(self.entries_max);
        if let Some(last) = self.entries.drain(..surplus).next_back() {
            span.behind = last.id.0;
        }
    }

    /// What there is behind a place of an epoch for which `wanted` holds: up to `entries_max` of those.
    pub(super) fn behind(
        &self,
        (epoch, place): (u64, i64),
        entries_max: usize,
        mut wanted: impl FnMut(&Flow) -> bool,
    ) -> Seen {
        if epoch != self.epoch {
            return Seen::Gone;
        }
        let Some(span) = self.span.filter(|span| place < span.settled) else {
            return Seen::Nothing;
        };
        if place < span.behind {
            return Seen::Behind(span.settled);
        }
        let first = self.entries.partition_point(|flow| flow.id.0 <= place);
        let mut found = Vec::new();
        for flow in self.entries.iter().skip(first).take(LOOKED_AT_MAX) {
            if wanted(flow) {
                found.push(Arc::clone(flow));
                if found.len() >= entries_max {
                    return Seen::Entries(found, flow.id.0);
                }
            }
        }
        let last = self.entries.get(first.saturating_add(LOOKED_AT_MAX).saturating_sub(1));
        Seen::Entries(found, last.map_or(span.settled, |last| last.id.0))
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::{FlowKind, MerchantId, SkuId};

    fn flow(id: i64) -> Arc<Flow> {
        Arc::new(Flow {
            id: FlowId(id),
            sku_id: SkuId(id),
            merchant_id: MerchantId(1),
            sequence: 1,
            kind: FlowKind::Opening,
            order_detail_id: None,
            quantity_trade: -1,
            leaved_after: 1,
            deduction_id: None,
            idempotency_scope: "tests".to_owned(),
            idempotency_key: id.to_string(),
            line: 0,
            request_hash: [0; 32],
            actor: "tests".to_owned(),
            reason: None,
            created_at: DateTime::UNIX_EPOCH,
            entry_hash: None,
        })
    }

    fn flows(ids: impl Iterator<Item = i64>) -> Vec<Arc<Flow>> {
        ids.map(flow).collect()
    }

    /// The ids that somebody at a place takes, until there is nothing or too much.
    fn taken(ring: &Ring, mut place: i64, wanted: fn(&Flow) -> bool) -> (Vec<i64>, Seen) {
        let mut ids = Vec::new();
        loop {
            match ring.behind((ring.epoch(), place), 3, wanted) {
                Seen::Entries(entries, until) => {
                    assert!(until > place, "it goes on");
                    ids.extend(entries.iter().map(|flow| flow.id.0));
                    place = until;
                }
                end @ (Seen::Nothing | Seen::Behind(_) | Seen::Gone) => return (ids, end),
            }
        }
    }

    #[test]
    fn whoever_reads_on_has_all_of_it_once() {
        let mut ring = Ring::new(5_000);
        assert_eq!(taken(&ring, 0, |_flow| true), (Vec::new(), Seen::Nothing));
        // Not every id has an entry, the settled one neither.
        ring.add(10, flows((11..3_000).step_by(2)), 3_000);
        ring.add(3_000, Vec::new(), 3_005);
        ring.add(3_005, flows(3_006..3_010), 3_009);
        let all: Vec<i64> = (11..3_000).step_by(2).chain(3_006..3_010).collect();
        assert_eq!(taken(&ring, 10, |_flow| true), (all.clone(), Seen::Nothing));
        let later: Vec<i64> = all.iter().copied().filter(|id| *id > 1_500).collect();
        assert_eq!(taken(&ring, 1_500, |_flow| true), (later, Seen::Nothing));
        let rare: Vec<i64> = all.iter().copied().filter(|id| id % 1_001 == 0).collect();
        assert_eq!(taken(&ring, 10, |flow| flow.id.0 % 1_001 == 0), (rare, Seen::Nothing));
        assert_eq!(taken(&ring, 5_000, |_flow| true), (Vec::new(), Seen::Nothing));
    }

    #[test]
    fn who_is_ahead_of_its_beginning_must_ask_elsewhere() {
        let mut ring = Ring::new(4);
        ring.add(0, flows(1..=3), 3);
        assert_eq!(taken(&ring, 0, |_flow| true).0, [1, 2, 3]);
        ring.add(3, flows(4..=10), 10);
        assert_eq!(taken(&ring, 5, |_flow| true), (Vec::new(), Seen::Behind(10)));
        assert_eq!(taken(&ring, 6, |_flow| true), (vec![7, 8, 9, 10], Seen::Nothing));
    }

    #[test]
    fn a_place_in_other_books_is_none() {
        let mut ring = Ring::new(4);
        let epoch = ring.epoch();
        ring.add(0, flows(1..=3), 3);
        ring.end();
        assert_eq!(ring.behind((epoch, 0), 3, |_flow| true), Seen::Gone);
        assert_eq!(taken(&ring, 0, |_flow| true), (Vec::new(), Seen::Nothing));
    }
}
