//! What is wrong with the books, where something is: typed, with the entries at fault.
//!
//! Books that the server alone has written never give a finding, whatever goes on while they are
//! looked at. One is a sign of a hand that went past the server, or of a mistake of its own.

use std::fmt;

use super::{FlowId, SkuId};

/// What kind of thing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// The amount on the books is not what the entries add up to.
    AmountMismatch,
    /// The version on the books is not the number of entries.
    VersionMismatch,
    /// Entries are missing: the sequence has a gap, or ends too early.
    EntryMissing,
    /// There are entries that are none of those from 1 to the version on the books.
    EntryUnaccounted,
    /// The ids of entries run against their sequence.
    EntryOutOfOrder,
    /// What an entry says was left does not follow from the entry before it.
    BalanceBreak,
    /// The first entry is no opening, or a later one is.
    OpeningMisplaced,
    /// An entry belongs to another merchant than its SKU.
    MerchantMismatch,
    /// More was given back of a deduction than it took.
    RefundExceedsDeducted,
    /// A refund gives back what is no deduction of its SKU.
    RefundWithoutDeduction,
    /// There are entries of a SKU that is not on the books.
    StockMissing,
    /// A row holds what no version of the server writes.
    EntryUnreadable,
    /// A checkpoint is not what the entries up to it add up to.
    CheckpointMismatch,
    /// An entry has no hash.
    HashMissing,
    /// The hash of an entry does not follow from what it says and from the entry before it.
    HashMismatch,
    /// The end of the chain on the books is not the hash of the newest entry.
    ChainHeadMismatch,
}

impl FindingKind {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::AmountMismatch,
        Self::VersionMismatch,
        Self::EntryMissing,
        Self::EntryUnaccounted,
        Self::EntryOutOfOrder,
        Self::BalanceBreak,
        Self::OpeningMisplaced,
        Self::MerchantMismatch,
        Self::RefundExceedsDeducted,
        Self::RefundWithoutDeduction,
        Self::StockMissing,
        Self::EntryUnreadable,
        Self::CheckpointMismatch,
        Self::HashMissing,
        Self::HashMismatch,
        Self::ChainHeadMismatch,
    ];

    /// Its name, as clients and files know it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AmountMismatch => "AMOUNT_MISMATCH",
            Self::VersionMismatch => "VERSION_MISMATCH",
            Self::EntryMissing => "ENTRY_MISSING",
            Self::EntryUnaccounted => "ENTRY_UNACCOUNTED",
            Self::EntryOutOfOrder => "ENTRY_OUT_OF_ORDER",
            Self::BalanceBreak => "BALANCE_BREAK",
            Self::OpeningMisplaced => "OPENING_MISPLACED",
            Self::MerchantMismatch => "MERCHANT_MISMATCH",
            Self::RefundExceedsDeducted => "REFUND_EXCEEDS_DEDUCTED",
            Self::RefundWithoutDeduction => "REFUND_WITHOUT_DEDUCTION",
            Self::StockMissing => "STOCK_MISSING",
            Self::EntryUnreadable => "ENTRY_UNREADABLE",
            Self::CheckpointMismatch => "CHECKPOINT_MISMATCH",
            Self::HashMissing => "HASH_MISSING",
            Self::HashMismatch => "HASH_MISMATCH",
            Self::ChainHeadMismatch => "CHAIN_HEAD_MISMATCH",
        }
    }

    /// What it says, for people.
    const fn text(self) -> &'static str {
        match self {
            Self::AmountMismatch => "the amount on the books is not what its entries add up to",
            Self::VersionMismatch => "the version on the books is not the number of its entries",
            Self::EntryMissing => "entries are missing",
            Self::EntryUnaccounted => {
                "there are entries that are none of 1 to the version on the books"
            }
            Self::EntryOutOfOrder => "the id of an entry runs against its sequence",
            Self::BalanceBreak => {
                "what was left after an entry does not follow from the one before"
            }
            Self::OpeningMisplaced => "the first entry, and no other, must be an opening",
            Self::MerchantMismatch => "an entry belongs to another merchant than its SKU",
            Self::RefundExceedsDeducted => "more was given back of a deduction than it took",
            Self::RefundWithoutDeduction => "a refund gives back what is no deduction of this SKU",
            Self::StockMissing => "there are entries of a SKU that is not on the books",
            Self::EntryUnreadable => "an entry holds what the server never writes",
            Self::CheckpointMismatch => "a checkpoint is not what the entries up to it add up to",
            Self::HashMissing => "an entry has no hash",
            Self::HashMismatch => "the hash of an entry does not follow from what it says",
            Self::ChainHeadMismatch => "the end of the chain is not the hash of the newest entry",
        }
    }
}

/// Something that is wrong with the books of one SKU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub kind: FindingKind,
    /// Whose books.
    pub sku_id: SkuId,
    /// The place in the SKU's history, where there is one.
    pub sequence: Option<i64>,
    /// The entries at fault, as far as they exist; of many the first.
    pub flow_ids: Vec<FlowId>,
    /// What should be there.
    pub expected: Option<String>,
    /// What is there.
    pub actual: Option<String>,
}

impl Finding {
    /// A finding about a SKU as a whole.
    pub fn of(kind: FindingKind, sku_id: SkuId) -> Self {
        Self { kind, sku_id, sequence: None, flow_ids: Vec::new(), expected: None, actual: None }
    }

    /// The same, at a place of the history.
    #[must_use]
    pub fn at(self, sequence: i64, flow_ids: impl IntoIterator<Item = FlowId>) -> Self {
        Self { sequence: Some(sequence), flow_ids: flow_ids.into_iter().collect(), ..self }
    }

    /// The same, with what should be there and what is.
    #[must_use]
    pub fn but(self, expected: impl fmt::Display, actual: impl fmt::Display) -> Self {
        Self { expected: Some(expected.to_string()), actual: Some(actual.to_string()), ..self }
    }
}

/// In one line, for people.
impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SKU {}: {}", self.sku_id, self.kind.text())?;
        if let Some(sequence) = self.sequence {
            write!(formatter, ", at sequence {sequence}")?;
        }
        if !self.flow_ids.is_empty() {
            let ids: Vec<String> = self.flow_ids.iter().map(ToString::to_string).collect();
            let entries = if ids.len() == 1 { "entry" } else { "entries" };
            write!(formatter, " ({entries} {})", ids.join(", "))?;
        }
        match (&self.expected, &self.actual) {
            (Some(expected), Some(actual)) => {
                write!(formatter, ": {actual} is there, and should be {expected}")
            }
            (None, Some(actual)) => write!(formatter, ": {actual}"),
            (Some(_) | None, None) => Ok(()),
        }
    }
}

/// Findings, of which only the first are kept: where a history is damaged from one place on, there
/// may be as many as there are entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// The first of them.
    pub kept: Vec<Finding>,
    /// How many there are.
    pub count: u64,
}

impl Findings {
    /// Findings of one SKU that are kept.
    pub const KEPT_MAX: usize = 100;

    /// Adds one.
    pub fn add(&mut self, finding: Finding) {
        self.count = self.count.saturating_add(1);
        if self.kept.len() < Self::KEPT_MAX {
            self.kept.push(finding);
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_told_in_one_line() {
        let finding = Finding::of(FindingKind::AmountMismatch, SkuId(7)).but(9, 8);
        assert_eq!(
            finding.to_string(),
            "SKU 7: the amount on the books is not what its entries add up to: 8 is there, and \
             should be 9"
        );
        let finding = Finding::of(FindingKind::EntryOutOfOrder, SkuId(7));
        let finding = finding.at(3, [FlowId(1), FlowId(2)]);
        assert_eq!(
            finding.to_string(),
            "SKU 7: the id of an entry runs against its sequence, at sequence 3 (entries 1, 2)"
        );
    }

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> = FindingKind::ALL.map(FindingKind::name).into();
        assert_eq!(names.len(), FindingKind::ALL.len());
    }
}
