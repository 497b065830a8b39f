//! A SKU's stock, compared with its entries.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};

use super::connection::PageInfo;
use super::finding::InventoryFinding;
use super::inventory::Inventory;
use crate::domain::{self, InventoryCursor, Page, Reconciliation};
use crate::graphql::arguments::opaque;
use crate::graphql::budget::spend_on_nodes;
use crate::graphql::needs::STOCK_READ;
use crate::graphql::scalar::BigInt;

/// One SKU's stock, compared with the entries that made it: both as they were at one moment.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryReconciliation {
    /// The id of the SKU.
    sku_id: ID,
    /// The amount on the books; null if there are entries of the SKU and no stock.
    leaved_amount: Option<i32>,
    /// The version on the books; null if there is no stock.
    version: Option<BigInt>,
    /// What its entries add up to.
    leaved_amount_by_entries: BigInt,
    /// How many entries there are. It should be the stock's version.
    entry_count: BigInt,
    /// Whether nothing is wrong.
    agrees: bool,
    /// How many things are wrong.
    finding_count: BigInt,
    /// What is wrong; the first 100 things at the most.
    findings: Vec<InventoryFinding>,
    #[graphql(skip)]
    stock: Option<domain::Inventory>,
}

impl From<Reconciliation> for InventoryReconciliation {
    fn from(reconciled: Reconciliation) -> Self {
        Self {
            sku_id: reconciled.sku_id.to_string().into(),
            leaved_amount: reconciled.stock.map(|stock| stock.leaved_amount),
            version: reconciled.stock.map(|stock| BigInt(stock.version)),
            stock: reconciled.stock,
            leaved_amount_by_entries: BigInt(reconciled.leaved_by_entries),
            entry_count: BigInt(reconciled.entry_count),
            agrees: reconciled.findings.is_empty(),
            finding_count: BigInt(i64::try_from(reconciled.findings.count).unwrap_or(i64::MAX)),
            findings: reconciled.findings.kept.into_iter().map(Into::into).collect(),
        }
    }
}

#[ComplexObject]
impl InventoryReconciliation {
    /// The stock, as it was compared; null if there are entries of the SKU and no stock.
    ///
    /// Needs `stock:read`.
    #[graphql(guard = "STOCK_READ")]
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn inventory(&self, context: &Context<'_>) -> Result<Option<Inventory>> {
        spend_on_nodes(context, 1)?;
        Ok(self.stock.map(Into::into))
    }
}

/// A SKU that was reconciled, and its place in the list.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryReconciliationEdge {
    /// The place of the SKU in the list.
    cursor: String,
    /// What was found out of it.
    node: InventoryReconciliation,
}

/// A page of SKUs that were reconciled, in the order of their ids.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryReconciliationConnection {
    /// Where the page stands in the list.
    page_info: PageInfo,
    #[graphql(skip)]
    nodes_found: Vec<Reconciliation>,
}

impl InventoryReconciliationConnection {
    /// A page.
    pub(in crate::graphql) fn new(page: Page<Reconciliation>) -> Self {
        Self { page_info: PageInfo::of(&page, cursor), nodes_found: page.nodes }
    }

    /// Takes what the nodes cost, the findings of each among them.
    fn spend(&self, context: &Context<'_>) -> Result<()> {
        let findings = self.nodes_found.iter().map(|node| node.findings.kept.len());
        let nodes = findings.fold(self.nodes_found.len(), usize::saturating_add);
        spend_on_nodes(context, nodes)
    }
}

#[ComplexObject]
impl InventoryReconciliationConnection {
    /// The SKUs of the page, each with its cursor.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn edges(&self, context: &Context<'_>) -> Result<Vec<InventoryReconciliationEdge>> {
        self.spend(context)?;
        let edge = |node: &Reconciliation| InventoryReconciliationEdge {
            cursor: cursor(node),
            node: node.clone().into(),
        };
        Ok(self.nodes_found.iter().map(edge).collect())
    }

    /// The SKUs of the page.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn nodes(&self, context: &Context<'_>) -> Result<Vec<InventoryReconciliation>> {
        self.spend(context)?;
        Ok(self.nodes_found.iter().cloned().map(Into::into).collect())
    }
}

fn cursor(reconciled: &Reconciliation) -> String {
    let none = InventoryCursor { sku_id: reconciled.sku_id, leaved_amount: 0 };
    opaque(&reconciled.stock.as_ref().map_or(none, InventoryCursor::from))
}
