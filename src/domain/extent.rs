//! Which entries of a SKU belong to its stock as it was read: those from 1 to its version. What lies
//! beyond was written in the meantime, or by a hand that went past the server.

use super::finding::{Finding, FindingKind};
use super::{FlowId, SkuId};

/// The entries that a stock has, and those that were met beyond.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    sku_id: SkuId,
    /// `None` where there is no stock, so that all entries are taken.
    version: Option<i64>,
    /// The first sequence beyond the version with its entry, and the last.
    beyond: Option<(i64, FlowId, i64)>,
}

impl Extent {
    pub(super) fn new(sku_id: SkuId, version: Option<i64>) -> Self {
        Self { sku_id, version, beyond: None }
    }

    /// Whether an entry belongs to the stock; one beyond is noted.
    ///
    /// # Errors
    ///
    /// What is found of one that can belong to no stock.
    pub(super) fn takes(&mut self, sequence: i64, flow_id: FlowId) -> Result<bool, Finding> {
        if sequence < 1 {
            let finding = Finding::of(FindingKind::EntryUnaccounted, self.sku_id);
            return Err(finding.at(sequence, [flow_id]));
        }
        let within = self.version.is_none_or(|version| sequence <= version);
        if !within {
            let (first, first_id, _last) = self.beyond.unwrap_or((sequence, flow_id, sequence));
            self.beyond = Some((first, first_id, sequence));
        }
        Ok(within)
    }

    /// Whether entries were met beyond.
    pub(super) fn is_passed(&self) -> bool {
        self.beyond.is_some()
    }

    /// What is found of those if the stock has this version now; 0 if it is not on the books.
    pub(super) fn unaccounted(&self, version_now: i64) -> Option<Finding> {
        let (first, flow_id, last) = self.beyond.filter(|(.., last)| version_now < *last)?;
        let finding = Finding::of(FindingKind::EntryUnaccounted, self.sku_id);
        Some(finding.at(first, [flow_id]).but(version_now, last))
    }
}
