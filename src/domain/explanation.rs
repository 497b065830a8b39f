//! Why an amount is what it is: how it began, what happened by cause, and how it ended.

use std::sync::Arc;

use super::{Flow, FlowKind, SkuId, Totals};

/// Causes that are told one by one; the largest by the units they moved.
pub const CAUSES_MAX: u32 = 100;

/// Why entries were written: what was done, and the reason that was given for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reasoned {
    /// What was done.
    pub kind: FlowKind,
    /// Why, in the caller's words.
    pub reason: Option<String>,
}

/// Which entries a cause is made of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CauseEntries {
    /// Those of a kind and a reason.
    Of(Reasoned),
    /// Those of none of these.
    Others(Arc<[Reasoned]>),
}

/// Entries 1, 2, 3 … of a SKU, of which those behind `after` up to `until` are meant. As entries never
/// change, they are the same for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stretch {
    /// The SKU.
    pub sku_id: SkuId,
    /// The last entry before them; 0 if there is none.
    pub after: i64,
    /// The last of them.
    pub until: i64,
}

/// What happened for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Which entries they are.
    pub entries: CauseEntries,
    /// What they come to.
    pub totals: Totals,
    /// Who wrote them, if it was one and the same.
    pub actor: Option<String>,
    /// How many kinds and reasons they have.
    pub reasons: i64,
}

/// How much was there once an entry had taken effect; before the first, nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The entry.
    pub flow: Option<Flow>,
}

impl Snapshot {
    /// The units.
    pub fn quantity(&self) -> i32 {
        self.flow.as_ref().map_or(0, |flow| flow.leaved_after)
    }

    /// How many entries made them.
    pub fn sequence(&self) -> i64 {
        self.flow.as_ref().map_or(0, |flow| flow.sequence)
    }
}

/// Two snapshots of a SKU and all that happened between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Before it.
    pub opening: Snapshot,
    /// After it.
    pub closing: Snapshot,
    /// The causes, those first that moved most; what is left of them last.
    pub causes: Vec<Cause>,
}

impl Explanation {
    /// What all causes come to.
    pub fn totals(&self) -> Totals {
        self.causes.iter().fold(Totals::default(), |all, cause| all.with(cause.totals))
    }

    /// The amount that the causes lead to from the first one.
    pub fn quantity_by_entries(&self) -> i64 {
        i64::from(self.opening.quantity()).saturating_sub(self.totals().net())
    }

    /// How many entries there should be.
    pub fn entries_expected(&self) -> i64 {
        self.closing.sequence().saturating_sub(self.opening.sequence())
    }

    /// Whether the causes lead from the first amount to the last, and no entry is missing.
    pub fn agrees(&self) -> bool {
        self.quantity_by_entries() == i64::from(self.closing.quantity())
            && self.totals().entries == self.entries_expected()
    }
}

/// The causes of a stretch, of which `all` entries come of `reasons` kinds and reasons: those that are
/// named, and one more for whatever none of these explains.
pub fn with_others(mut named: Vec<Cause>, all: Totals, reasons: i64) -> Vec<Cause> {
    let told = named.iter().fold(Totals::default(), |told, cause| told.with(cause.totals));
    let left = all.without(told);
    if left.entries > 0 {
        let reasoned = named.iter().filter_map(|cause| match &cause.entries {
            CauseEntries::Of(reasoned) => Some(reasoned.clone()),
            CauseEntries::Others(_) => None,
        });
        let entries = CauseEntries::Others(reasoned.collect());
        let so_many = i64::try_from(named.len()).unwrap_or(i64::MAX);
        let reasons = reasons.saturating_sub(so_many);
        named.push(Cause { entries, totals: left, actor: None, reasons });
    }
    named
}

#[cfg(test)]
mod tests {
    use super::super::flow::sample;
    use super::*;

    fn cause(reason: &str, entries: i64, units_out: i64, units_in: i64) -> Cause {
        let reason = Some(reason.to_owned());
        Cause {
            entries: CauseEntries::Of(Reasoned { kind: FlowKind::Adjustment, reason }),
            totals: Totals { entries, units_out, units_in },
            actor: None,
            reasons: 1,
        }
    }

    fn snapshot(sequence: i64, leaved_after: i32) -> Snapshot {
        Snapshot { flow: Some(Flow { leaved_after, ..sample(SkuId(7), sequence) }) }
    }

    #[test]
    fn what_is_not_named_is_in_one_cause_so_that_the_sum_holds() {
        let named = vec![cause("a", 2, 9, 0), cause("b", 1, 0, 4)];
        let all = Totals { entries: 7, units_out: 11, units_in: 6 };
        let causes = with_others(named.clone(), all, 5);
        let others = causes.last().unwrap();
        assert_eq!(others.totals, Totals { entries: 4, units_out: 2, units_in: 2 });
        assert_eq!(others.reasons, 3);
        let explained = Explanation { opening: snapshot(3, 50), closing: snapshot(10, 45), causes };
        assert_eq!(explained.totals(), all);
        assert!(explained.agrees());
        let told = Totals { entries: 3, units_out: 9, units_in: 4 };
        assert_eq!(with_others(named.clone(), told, 2), named, "nothing is left");
    }

    #[test]
    fn what_does_not_add_up_does_not_agree() {
        let causes = vec![cause("a", 2, 5, 0)];
        let explained = |opening, closing| Explanation { opening, closing, causes: causes.clone() };
        assert!(explained(snapshot(3, 50), snapshot(5, 45)).agrees());
        assert!(!explained(snapshot(3, 50), snapshot(5, 44)).agrees(), "another amount");
        assert!(!explained(snapshot(3, 50), snapshot(6, 45)).agrees(), "a missing entry");
        let never = Explanation {
            opening: Snapshot::default(),
            closing: Snapshot::default(),
            causes: Vec::new(),
        };
        assert!(never.agrees());
    }
}
