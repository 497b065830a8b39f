//! Reconciles stocks with their entries.

use super::Audit;
use std::collections::HashSet;

use super::history::{HistorySource, next_behind};
use crate::db::{Fault, ReadFrom};
use crate::domain::filter::{Consistency, InventoryFilter, InventoryOrder};
use crate::domain::{
    Inventory, InventoryCursor, Page, PageRequest, Reconciler, Reconciliation, SkuId, Visibility,
};
use crate::store::{Asked, Found, Loaded};

/// Entries after which a page ends, even if it has not as many SKUs as it might. The SKU that passes
/// it is reconciled to its end, however long its history.
const PAGE_ENTRIES_MAX: i64 = 250_000;

impl Audit {
    /// A page of SKUs in the order of their ids, each reconciled; of SKUs with long histories fewer
    /// than were asked for.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails, or too many are at it.
    pub async fn list_reconciliations(
        &self,
        filter: &InventoryFilter,
        page: &PageRequest<InventoryCursor>,
        asked: &Asked,
    ) -> Loaded<Found<Page<Reconciliation>>> {
        let _turn = self.turn().await?;
        let order = InventoryOrder::SkuAscending;
        let Found { value: page, origin } =
            self.store().list_inventories(filter, order, page, asked).await?;
        let Page { nodes: stocks, has_previous, mut has_next } = page;
        let from = read_from(asked);
        let mut nodes = Vec::with_capacity(stocks.len());
        let (mut entries, count) = (0_i64, stocks.len());
        for stock in stocks {
            if entries >= PAGE_ENTRIES_MAX {
                break;
            }
            let reconciled = self.reconcile(stock.sku_id, Some(stock), from).await?;
            entries = entries.saturating_add(reconciled.entry_count);
            nodes.push(reconciled);
        }
        has_next |= nodes.len() < count;
        if let (Some(named), false) = (&filter.sku_ids, has_next)
            && asked.visibility == Visibility::All
        {
            let range = &filter.sku_range;
            let within = named.iter().copied().filter(|sku_id| range.contains(*sku_id));
            self.add_those_without_stock(&within.collect::<Vec<_>>(), from, &mut nodes).await?;
        }
        Ok(Found { value: Page { nodes, has_previous, has_next }, origin })
    }

    /// Adds the SKUs among those that were named that have entries and no stock.
    async fn add_those_without_stock(
        &self,
        named: &[SkuId],
        from: ReadFrom,
        nodes: &mut Vec<Reconciliation>,
    ) -> Loaded<()> {
        let known: HashSet<SkuId> =
            self.stocks_of(named).await?.iter().map(|it| it.stock.sku_id).collect();
        for sku_id in named.iter().filter(|sku_id| !known.contains(sku_id)) {
            let reconciled = self.reconcile(*sku_id, None, from).await?;
            if reconciled.entry_count > 0 {
                nodes.push(reconciled);
            }
        }
        nodes.sort_by_key(|node| node.sku_id);
        Ok(())
    }

    /// Reconciles one SKU, as its stock was read; `None` if it is not on the books.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database fails.
    pub async fn reconcile(
        &self,
        sku_id: SkuId,
        stock: Option<Inventory>,
        from: ReadFrom,
    ) -> Result<Reconciliation, Fault> {
        let version = stock.map_or(0, |stock| stock.version);
        let source = HistorySource { sku_id, from, version };
        let mut reconciler = Reconciler::new(sku_id, stock);
        let mut checkpoints = self.checkpoints_to_compare(&source).await?;
        // No entry of the server's has a sequence below 1, but one of somebody else's may.
        let mut behind = i64::MIN;
        loop {
            let page = self.entries_of(&source, behind).await?;
            for entry in &page {
                match entry {
                    Ok(flow) => {
                        reconciler.entry(flow);
                        if let Some(finding) = checkpoints.entry(flow) {
                            reconciler.found(finding);
                        }
                    }
                    Err(unreadable) => {
                        let sequence = unreadable.sequence_behind(reconciler.sequence());
                        reconciler.unreadable(sequence, unreadable.id, &unreadable.why);
                        checkpoints.unreadable();
                    }
                }
            }
            let Some(next) = next_behind(&page) else { break };
            behind = next;
        }
        for finding in checkpoints.left() {
            reconciler.found(finding);
        }
        let deductions: Vec<_> = reconciler.refunded().collect();
        reconciler.deductions(&self.deductions(&source, &deductions).await?);
        if reconciler.is_beyond() {
            reconciler.stock_again(self.version_now(sku_id).await?);
        }
        Ok(reconciler.finish())
    }
}

/// Which source such a question allows.
pub(crate) fn read_from(asked: &Asked) -> ReadFrom {
    match asked.consistency {
        Consistency::Cached | Consistency::Replica => ReadFrom::Replica,
        Consistency::Primary => ReadFrom::Primary,
    }
}
