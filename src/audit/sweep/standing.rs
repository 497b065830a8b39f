//! What a sweep knows of each SKU as its entries go by: enough to see that something is wrong, not to
//! say what.

use std::collections::{BTreeSet, HashMap};

use super::super::checkpoints::Comparison;
use super::super::stocks::ChainedStock;
use super::Checks;
use crate::domain::chain::link;
use crate::domain::{Flow, FlowKind, Hash, MerchantId, SkuId};

/// One SKU: its stock as it was read before its entries, and the newest of the entries that went by.
#[derive(Clone, Copy, Debug)]
struct Standing {
    version: i64,
    leaved_amount: i32,
    leaved_after: i32,
    merchant_id: MerchantId,
    head: Hash,
    sequence: i64,
    entry_hash: Hash,
    /// The greatest sequence beyond the version; 0 if there is none.
    beyond: i64,
}

/// The SKUs of one pass: those of a span of ids.
#[derive(Debug)]
pub(super) struct Standings {
    checks: Checks,
    skus: HashMap<SkuId, Standing>,
    /// The SKUs behind the first and up to the last of these are in this pass.
    behind: i64,
    until: i64,
    suspects: BTreeSet<SkuId>,
    /// What is kept of the sums of long histories, to be compared as these go by.
    checkpoints: HashMap<SkuId, Comparison>,
}

impl Standings {
    /// The SKUs `behind` one and up to `until`, whose stocks are these.
    pub(super) fn new(checks: Checks, stocks: &[ChainedStock], behind: i64, until: i64) -> Self {
        let mut suspects = BTreeSet::new();
        let mut skus = HashMap::with_capacity(stocks.len());
        for ChainedStock { stock, chain } in stocks {
            let unchained = checks == Checks::Chains && chain.sequence != stock.version;
            // One without entries is none that the server has put there.
            if unchained || stock.version < 1 {
                suspects.insert(stock.sku_id);
            }
            let standing = Standing {
                version: stock.version,
                leaved_amount: stock.leaved_amount,
                leaved_after: 0,
                merchant_id: stock.merchant_id,
                head: chain.head,
                sequence: 0,
                entry_hash: Hash::NOTHING,
                beyond: 0,
            };
            skus.insert(stock.sku_id, standing);
        }
        Self { checks, skus, behind, until, suspects, checkpoints: HashMap::new() }
    }

    /// Has checkpoints compared, too.
    pub(super) fn compare(&mut self, checkpoints: HashMap<SkuId, Comparison>) {
        self.checkpoints = checkpoints;
    }

    /// The SKUs of the pass that have stocks.
    pub(super) fn sku_ids(&self) -> impl Iterator<Item = SkuId> {
        self.skus.keys().copied()
    }

    /// Whether a SKU is in this pass.
    pub(super) fn has(&self, sku_id: SkuId) -> bool {
        self.behind < sku_id.0 && sku_id.0 <= self.until
    }

    /// Takes a SKU's entry as it is: those before it were checked at another time.
    pub(super) fn begin_behind(&mut self, flow: &Flow) {
        // Nothing is known of its sums.
        if self.checkpoints.remove(&flow.sku_id).is_some() {
            self.suspects.insert(flow.sku_id);
        }
        if let Some(standing) = self.skus.get_mut(&flow.sku_id) {
            standing.sequence = flow.sequence;
            standing.leaved_after = flow.leaved_after;
            standing.entry_hash = flow.entry_hash.unwrap_or(Hash::NOTHING);
            let makes_stock = match self.checks {
                Checks::Amounts => flow.leaved_after == standing.leaved_amount,
                Checks::Chains => standing.entry_hash == standing.head,
            };
            if flow.sequence == standing.version && !makes_stock {
                self.suspects.insert(flow.sku_id);
            }
        }
    }

    /// Takes an entry of a SKU of this pass, in the order of the ids.
    pub(super) fn entry(&mut self, flow: &Flow) {
        let Some(standing) = self.skus.get_mut(&flow.sku_id) else {
            // It was put on the books since, or is not on the books.
            self.suspects.insert(flow.sku_id);
            return;
        };
        if flow.sequence > standing.version {
            standing.beyond = standing.beyond.max(flow.sequence);
            return;
        }
        let compared = self.checkpoints.get_mut(&flow.sku_id).and_then(|it| it.entry(flow));
        if !standing.passes(flow, self.checks) || compared.is_some() {
            self.suspects.insert(flow.sku_id);
        }
    }

    /// Something is wrong with a SKU.
    pub(super) fn suspect(&mut self, sku_id: SkuId) {
        self.suspects.insert(sku_id);
    }

    /// The SKUs that have entries beyond their versions, with the greatest sequence of each.
    pub(super) fn beyond(&self) -> Vec<(SkuId, i64)> {
        let beyond = |(sku_id, standing): (&SkuId, &Standing)| (*sku_id, standing.beyond);
        self.skus.iter().map(beyond).filter(|(_sku_id, beyond)| *beyond > 0).collect()
    }

    /// The SKUs with which something seems to be wrong so far; they are forgotten here.
    pub(super) fn take_suspects(&mut self) -> BTreeSet<SkuId> {
        std::mem::take(&mut self.suspects)
    }

    /// The SKUs with which something seems to be wrong, once all entries have gone by.
    pub(super) fn finish(self) -> BTreeSet<SkuId> {
        let Self { skus, mut suspects, checkpoints, .. } = self;
        let unmet = checkpoints.into_iter().filter(|(_sku_id, it)| !it.is_done());
        suspects.extend(unmet.map(|(sku_id, _comparison)| sku_id));
        let short = skus.iter().filter(|(_sku_id, it)| it.sequence < it.version);
        suspects.extend(short.map(|(sku_id, _standing)| *sku_id));
        suspects
    }
}

impl Standing {
    /// Whether an entry follows from the one before it, and makes the stock if it is the newest.
    fn passes(&mut self, flow: &Flow, checks: Checks) -> bool {
        let before = *self;
        self.sequence = flow.sequence;
        self.leaved_after = flow.leaved_after;
        let newest = flow.sequence == self.version;
        if Some(flow.sequence) != before.sequence.checked_add(1) {
            return false;
        }
        match checks {
            Checks::Chains => {
                let hash = link(before.entry_hash, flow.content_hash());
                self.entry_hash = hash;
                flow.entry_hash == Some(hash) && (!newest || hash == self.head)
            }
            Checks::Amounts => {
                let follows = before.leaved_after.checked_sub(flow.quantity_trade);
                follows == Some(flow.leaved_after)
                    && (flow.kind == FlowKind::Opening) == (flow.sequence == 1)
                    && (flow.kind == FlowKind::Refund) == flow.deduction_id.is_some()
                    && flow.deduction_id.is_none_or(|deduction_id| deduction_id < flow.id)
                    && flow.merchant_id == self.merchant_id
                    && (!newest || flow.leaved_after == self.leaved_amount)
            }
        }
    }
}
