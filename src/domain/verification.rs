//! Recomputes the chain of a SKU's entries, one after the other, from an entry whose hash is taken as
//! it is, or from the first.
//!
//! As with [`reconciliation`](super::reconciliation), the stock is read first and the entries after it.

use super::chain::link;
use super::extent::Extent;
use super::finding::{Finding, FindingKind, Findings};
use super::{Chain, Flow, FlowId, Hash, SkuId};

/// What was found out of one SKU's chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Whose chain.
    pub sku_id: SkuId,
    /// Entries whose hashes were recomputed.
    pub entry_count: i64,
    /// The sequence of the newest of them; that from which it began if there was none.
    pub sequence: i64,
    /// Its hash as it is on the books.
    pub head: Hash,
    /// What is wrong, the first entry at fault first.
    pub findings: Findings,
}

/// A SKU whose chain is being recomputed.
#[derive(Debug)]
pub struct Verifier {
    sku_id: SkuId,
    /// The version on the books, and how far they say that the entries are chained.
    version: i64,
    chain: Chain,
    /// How far it was recomputed.
    at: Chain,
    entry_count: i64,
    /// The entry before; 0 if there was none.
    flow_id: FlowId,
    extent: Extent,
    findings: Findings,
}

impl Verifier {
    /// Begins behind the entry that `from` names, for a SKU of this version whose entries are chained
    /// so far.
    pub fn new(sku_id: SkuId, version: i64, chain: Chain, from: Chain) -> Self {
        Self {
            sku_id,
            version,
            chain,
            at: from,
            entry_count: 0,
            flow_id: FlowId(0),
            extent: Extent::new(sku_id, Some(version)),
            findings: Findings::default(),
        }
    }

    /// The sequence behind which the next entry is wanted.
    pub fn sequence(&self) -> i64 {
        self.at.sequence
    }

    /// Takes the next entry in the order of the sequence.
    pub fn entry(&mut self, flow: &Flow) {
        if !self.takes(flow.sequence, flow.id) {
            return;
        }
        let follows = self.follows(flow.sequence, flow.id);
        if flow.id <= self.flow_id {
            let finding = Finding::of(FindingKind::EntryOutOfOrder, flow.sku_id);
            self.findings.add(finding.at(flow.sequence, [self.flow_id, flow.id]));
        }
        let at = |kind| Finding::of(kind, flow.sku_id).at(flow.sequence, [flow.id]);
        let computed = link(self.at.head, flow.content_hash());
        let stored = match flow.entry_hash {
            None => {
                self.findings.add(at(FindingKind::HashMissing));
                computed
            }
            Some(stored) => {
                if follows && stored != computed {
                    self.findings.add(at(FindingKind::HashMismatch).but(computed, stored));
                }
                stored
            }
        };
        self.passed(flow.sequence, stored, flow.id);
    }

    /// Takes an entry that cannot be read, at its place in the sequence. The one behind it cannot be
    /// judged.
    pub fn unreadable(&mut self, sequence: i64, flow_id: FlowId, why: &str) {
        if !self.takes(sequence, flow_id) {
            return;
        }
        let finding =
            Finding::of(FindingKind::EntryUnreadable, self.sku_id).at(sequence, [flow_id]);
        self.findings.add(Finding { actual: Some(why.to_owned()), ..finding });
        // Its hash is unknown, so that the next entry seems not to fit, which is told besides.
        self.passed(sequence, Hash::NOTHING, flow_id);
    }

    fn takes(&mut self, sequence: i64, flow_id: FlowId) -> bool {
        match self.extent.takes(sequence, flow_id) {
            Ok(takes) => takes,
            Err(finding) => {
                self.findings.add(finding);
                false
            }
        }
    }

    fn follows(&mut self, sequence: i64, flow_id: FlowId) -> bool {
        let expected = self.at.sequence.saturating_add(1);
        if sequence != expected {
            let finding = Finding::of(FindingKind::EntryMissing, self.sku_id);
            self.findings.add(finding.at(expected, [flow_id]));
        }
        sequence == expected
    }

    fn passed(&mut self, sequence: i64, hash: Hash, flow_id: FlowId) {
        self.at = Chain { sequence, head: hash };
        self.flow_id = flow_id;
        self.entry_count = self.entry_count.saturating_add(1);
        if sequence == self.chain.sequence && hash != self.chain.head {
            let finding = Finding::of(FindingKind::ChainHeadMismatch, self.sku_id);
            self.findings.add(finding.at(sequence, [flow_id]).but(hash, self.chain.head));
        }
    }

    /// Whether there are entries beyond the version of the stock as it was read.
    pub fn is_beyond(&self) -> bool {
        self.extent.is_passed()
    }

    /// Takes the version of the stock as it is on the primary now that the entries have been read.
    pub fn stock_again(&mut self, version: Option<i64>) {
        if let Some(finding) = self.extent.unaccounted(version.unwrap_or_default()) {
            self.findings.add(finding);
        }
    }

    /// Whether the stock said that some of its entries are not chained, so that it is to be read again:
    /// they may have been chained since.
    pub fn is_unchained(&self) -> bool {
        self.chain.sequence < self.version
    }

    /// Takes how far the stock's entries are chained on the primary now.
    pub fn chain_again(&mut self, sequence: i64) {
        self.chain.sequence = sequence.min(self.version);
    }

    /// What was found out so far, where more entries are left.
    pub fn so_far(self) -> Verification {
        Verification {
            sku_id: self.sku_id,
            entry_count: self.entry_count,
            sequence: self.at.sequence,
            head: self.at.head,
            findings: self.findings,
        }
    }

    /// What was found out, once all entries were taken.
    pub fn finish(mut self) -> Verification {
        if self.at.sequence < self.version {
            let finding = Finding::of(FindingKind::EntryMissing, self.sku_id);
            let first = self.at.sequence.saturating_add(1);
            let actual = format!("the newest is at sequence {}", self.at.sequence);
            self.findings.add(Finding { actual: Some(actual), ..finding.at(first, None) });
        } else if self.chain.sequence != self.version && self.findings.is_empty() {
            let finding = Finding::of(FindingKind::ChainHeadMismatch, self.sku_id);
            self.findings.add(finding.but(self.version, self.chain.sequence));
        }
        self.so_far()
    }
}

#[cfg(test)]
#[path = "verification_tests.rs"]
mod tests;
