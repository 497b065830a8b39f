//! Compares a SKU's stock with its entries, one after the other, from the first to the newest.
//!
//! The stock is read first, and the entries after it. Those beyond its version were written in the
//! meantime, or by a hand that went past the server: which of the two is told by the stock as it is
//! when they have been read ([`Reconciler::is_beyond`], [`Reconciler::stock_again`]).

use std::collections::HashMap;

use super::extent::Extent;
use super::finding::{Finding, FindingKind, Findings};
use super::{Flow, FlowId, FlowKind, Inventory, MerchantId, SkuId};

/// What is known of a deduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deduction {
    /// Whose units it took.
    pub sku_id: SkuId,
    /// How many, if it is a deduction; `None` if it is an entry of another kind.
    pub quantity: Option<i64>,
}

/// What was given back of a deduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refunded {
    /// Units.
    pub quantity: i64,
    /// The newest of the refunds.
    pub flow_id: FlowId,
}

/// What was found out of one SKU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciliation {
    /// Whose books.
    pub sku_id: SkuId,
    /// The stock on the books; `None` if there is none.
    pub stock: Option<Inventory>,
    /// What the entries up to its version add up to.
    pub leaved_by_entries: i64,
    /// How many those are.
    pub entry_count: i64,
    /// What is wrong.
    pub findings: Findings,
}

/// A SKU that is being reconciled.
#[derive(Debug)]
pub struct Reconciler {
    sku_id: SkuId,
    stock: Option<Inventory>,
    merchant_id: Option<MerchantId>,
    /// The sequence of the entry before, its id, and what it left; the latter `None` behind a gap.
    sequence: i64,
    flow_id: FlowId,
    leaved_after: Option<i64>,
    leaved_by_entries: i64,
    entry_count: i64,
    extent: Extent,
    refunded: HashMap<FlowId, Refunded>,
    findings: Findings,
}

impl Reconciler {
    /// Begins with the stock as it was read; `None` if there is none of that SKU.
    pub fn new(sku_id: SkuId, stock: Option<Inventory>) -> Self {
        Self {
            sku_id,
            stock,
            merchant_id: stock.map(|stock| stock.merchant_id),
            sequence: 0,
            flow_id: FlowId(0),
            leaved_after: Some(0),
            leaved_by_entries: 0,
            entry_count: 0,
            extent: Extent::new(sku_id, stock.map(|stock| stock.version)),
            refunded: HashMap::new(),
            findings: Findings::default(),
        }
    }

    /// The sequence behind which the next entry is wanted.
    pub fn sequence(&self) -> i64 {
        self.sequence
    }

    /// Takes the next entry in the order of the sequence.
    pub fn entry(&mut self, flow: &Flow) {
        if !self.takes(flow.sequence, flow.id) {
            return;
        }
        let gap = flow.sequence != self.sequence.saturating_add(1);
        if gap {
            self.missing(self.sequence.saturating_add(1), flow.sequence.saturating_sub(1), flow.id);
        }
        let at = |kind| Finding::of(kind, flow.sku_id).at(flow.sequence, [flow.id]);
        if flow.id <= self.flow_id {
            let finding = at(FindingKind::EntryOutOfOrder);
            self.findings.add(Finding { flow_ids: vec![self.flow_id, flow.id], ..finding });
        }
        let quantity = i64::from(flow.quantity_trade);
        let follows = self.leaved_after.map(|leaved| leaved.saturating_sub(quantity));
        if let Some(expected) = follows.filter(|it| !gap && *it != i64::from(flow.leaved_after)) {
            let finding = at(FindingKind::BalanceBreak).but(expected, flow.leaved_after);
            self.findings.add(finding);
        }
        if (flow.kind == FlowKind::Opening) != (flow.sequence == 1) {
            self.findings.add(at(FindingKind::OpeningMisplaced));
        }
        let merchant_id = *self.merchant_id.get_or_insert(flow.merchant_id);
        if merchant_id != flow.merchant_id {
            let finding = at(FindingKind::MerchantMismatch).but(merchant_id, flow.merchant_id);
            self.findings.add(finding);
        }
        self.refund(flow, at(FindingKind::RefundWithoutDeduction));
        self.sequence = flow.sequence;
        self.flow_id = flow.id;
        self.leaved_after = Some(flow.leaved_after.into());
        self.leaved_by_entries = self.leaved_by_entries.saturating_sub(quantity);
        self.entry_count = self.entry_count.saturating_add(1);
    }

    /// Takes an entry that cannot be read, at its place in the sequence.
    pub fn unreadable(&mut self, sequence: i64, flow_id: FlowId, why: &str) {
        if !self.takes(sequence, flow_id) {
            return;
        }
        let finding =
            Finding::of(FindingKind::EntryUnreadable, self.sku_id).at(sequence, [flow_id]);
        self.findings.add(Finding { actual: Some(why.to_owned()), ..finding });
        self.sequence = sequence;
        self.flow_id = flow_id;
        self.leaved_after = None;
        self.entry_count = self.entry_count.saturating_add(1);
    }

    /// Whether an entry is one that the stock has; if not, it is noted.
    fn takes(&mut self, sequence: i64, flow_id: FlowId) -> bool {
        match self.extent.takes(sequence, flow_id) {
            Ok(takes) => takes,
            Err(finding) => {
                self.findings.add(finding);
                false
            }
        }
    }

    fn missing(&mut self, first: i64, last: i64, next: FlowId) {
        let finding = Finding::of(FindingKind::EntryMissing, self.sku_id).at(first, [next]);
        let count = last.saturating_sub(first).saturating_add(1);
        let actual = format!("{count} missing, up to sequence {last}");
        self.findings.add(Finding { actual: Some(actual), ..finding });
    }

    fn refund(&mut self, flow: &Flow, without_deduction: Finding) {
        let deduction_id = match (flow.kind, flow.deduction_id) {
            (FlowKind::Refund, Some(deduction_id)) if deduction_id < flow.id => deduction_id,
            (FlowKind::Refund, _) | (_, Some(_)) => {
                return self.findings.add(without_deduction);
            }
            (_, None) => return,
        };
        let none = Refunded { quantity: 0, flow_id: flow.id };
        let refunded = self.refunded.entry(deduction_id).or_insert(none);
        refunded.quantity = refunded.quantity.saturating_sub(flow.quantity_trade.into());
        refunded.flow_id = flow.id;
    }

    /// The deductions of which something was given back, which are to be looked up.
    pub fn refunded(&self) -> impl Iterator<Item = FlowId> {
        self.refunded.keys().copied()
    }

    /// Compares what was given back with the deductions that were found; one that was not found does
    /// not exist.
    pub fn deductions(&mut self, found: &HashMap<FlowId, Deduction>) {
        let mut refunded: Vec<_> = self.refunded.drain().collect();
        refunded.sort_unstable_by_key(|(deduction_id, _refunded)| *deduction_id);
        for (deduction_id, refunded) in refunded {
            let deduction = found.get(&deduction_id).filter(|it| it.sku_id == self.sku_id);
            let finding = match deduction.and_then(|deduction| deduction.quantity) {
                None => Finding::of(FindingKind::RefundWithoutDeduction, self.sku_id),
                Some(quantity) if refunded.quantity > quantity => {
                    Finding::of(FindingKind::RefundExceedsDeducted, self.sku_id)
                        .but(format!("{quantity} at the most"), refunded.quantity)
                }
                Some(_) => continue,
            };
            self.findings
                .add(Finding { flow_ids: vec![deduction_id, refunded.flow_id], ..finding });
        }
    }

    /// Adds what was found elsewhere.
    pub fn found(&mut self, finding: Finding) {
        self.findings.add(finding);
    }

    /// Whether there are entries beyond the version of the stock as it was read, so that the stock is
    /// to be read again.
    pub fn is_beyond(&self) -> bool {
        self.extent.is_passed()
    }

    /// Takes the version of the stock as it is on the primary now that the entries have been read.
    pub fn stock_again(&mut self, version: Option<i64>) {
        if let Some(finding) = self.extent.unaccounted(version.unwrap_or_default()) {
            self.findings.add(finding);
        }
    }

    /// What was found out, once all entries were taken.
    pub fn finish(mut self) -> Reconciliation {
        match self.stock {
            None => {
                let flow_ids = (self.entry_count > 0).then_some(self.flow_id);
                if self.entry_count > 0 {
                    let finding = Finding::of(FindingKind::StockMissing, self.sku_id);
                    self.findings.add(finding.at(self.sequence, flow_ids));
                }
            }
            Some(stock) => self.compare(stock),
        }
        Reconciliation {
            sku_id: self.sku_id,
            stock: self.stock,
            leaved_by_entries: self.leaved_by_entries,
            entry_count: self.entry_count,
            findings: self.findings,
        }
    }

    fn compare(&mut self, stock: Inventory) {
        if self.sequence < stock.version {
            let finding = Finding::of(FindingKind::EntryMissing, self.sku_id);
            let first = self.sequence.saturating_add(1);
            let actual = format!("the newest is at sequence {}", self.sequence);
            self.findings.add(Finding { actual: Some(actual), ..finding.at(first, None) });
        }
        if self.entry_count != stock.version {
            let finding = Finding::of(FindingKind::VersionMismatch, self.sku_id);
            self.findings.add(finding.but(self.entry_count, stock.version));
        }
        // By the sum of all that the entries took, and by what the newest says that it left.
        let by_entries = std::iter::once(self.leaved_by_entries).chain(self.leaved_after);
        let amount = i64::from(stock.leaved_amount);
        if let Some(expected) = by_entries.into_iter().find(|leaved| *leaved != amount) {
            let finding = Finding::of(FindingKind::AmountMismatch, self.sku_id);
            let finding = finding.but(expected, amount);
            let newest = (self.entry_count > 0).then_some(self.flow_id);
            self.findings.add(Finding { flow_ids: newest.into_iter().collect(), ..finding });
        }
    }
}

#[cfg(test)]
#[path = "reconciliation_tests.rs"]
mod tests;
