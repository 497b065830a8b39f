//! What the entries of a SKU add up to, by their kinds.

use super::FlowKind;

/// How many entries of one kind there are, and what they took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Entries.
    pub count: i64,
    /// Units that they took from stock, all in all; negative when units came in.
    pub quantity: i64,
}

/// A sum for each kind, over the entries 1 to `sequence` of a SKU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// The last of the entries.
    pub sequence: i64,
    by_kind: [Sum; 5],
}

impl Sums {
    /// The same over the entries up to another one.
    #[must_use]
    pub fn up_to(self, sequence: i64) -> Self {
        Self { sequence, ..self }
    }

    /// Adds entries of one kind.
    pub fn add(&mut self, kind: FlowKind, count: i64, quantity: i64) {
        if let Some(sum) = self.by_kind.get_mut(place(kind)) {
            sum.count = sum.count.saturating_add(count);
            sum.quantity = sum.quantity.saturating_add(quantity);
        }
    }

    /// That of one kind.
    pub fn of(&self, kind: FlowKind) -> Sum {
        self.by_kind.get(place(kind)).copied().unwrap_or_default()
    }

    /// Entries of all kinds.
    pub fn count(&self) -> i64 {
        self.by_kind.iter().fold(0, |count, sum| count.saturating_add(sum.count))
    }

    /// What is left once they have all taken effect.
    pub fn leaved(&self) -> i64 {
        self.by_kind.iter().fold(0, |leaved, sum| leaved.saturating_sub(sum.quantity))
    }
}

fn place(kind: FlowKind) -> usize {
    match kind {
        FlowKind::Opening => 0,
        FlowKind::Deduction => 1,
        FlowKind::Refund => 2,
        FlowKind::Replenishment => 3,
        FlowKind::Adjustment => 4,
    }
}
