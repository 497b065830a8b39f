//! What entries come to, group by group.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};

use super::connection::PageInfo;
use super::flow::{InventoryFlow, InventoryFlowKind};
use crate::domain::{FlowId, Group, Page};
use crate::graphql::arguments::opaque;
use crate::graphql::budget::spend_on_nodes;
use crate::graphql::context::ContextExt as _;
use crate::graphql::needs::AUDIT_READ;
use crate::graphql::scalar::{BigInt, DateTime};
use crate::graphql::texts::{spend_on_lengths, spend_on_texts};

/// Entries that have something in common, added up. What they are not grouped by is null.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryFlowSummary {
    /// The first instant of the period in which they were written. Of a period that `where.createdAt`
    /// cuts, only the entries within that are added up.
    period_start: Option<DateTime>,
    /// The first instant behind that period, with which the next begins.
    period_end: Option<DateTime>,
    /// Their SKU.
    sku_id: Option<ID>,
    /// Their kind.
    kind: Option<InventoryFlowKind>,
    /// Who wrote them.
    actor: Option<String>,
    /// Their order line; null also for those that have none.
    order_detail_id: Option<String>,
    /// How many there are.
    entry_count: BigInt,
    /// Units that they took from stock.
    units_out: BigInt,
    /// Units that they brought in.
    units_in: BigInt,
    /// `unitsOut` minus `unitsIn`: by how much they lowered the amount; negative if they raised it.
    net: BigInt,
    #[graphql(skip)]
    first: FlowId,
    #[graphql(skip)]
    last: FlowId,
}

impl From<Group> for InventoryFlowSummary {
    fn from(group: Group) -> Self {
        let Group { key, period_end, totals, first, last } = group;
        Self {
            period_start: key.period_start.map(DateTime),
            period_end: period_end.map(DateTime),
            sku_id: key.sku_id.map(|sku_id| sku_id.to_string().into()),
            kind: key.kind.map(Into::into),
            actor: key.actor,
            order_detail_id: key.order_detail_id.flatten(),
            entry_count: BigInt(totals.entries),
            units_out: BigInt(totals.units_out),
            units_in: BigInt(totals.units_in),
            net: BigInt(totals.net()),
            first,
            last,
        }
    }
}

#[ComplexObject]
impl InventoryFlowSummary {
    /// The first of the entries: that with the least id.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn first_flow(&self, context: &Context<'_>) -> Result<Option<InventoryFlow>> {
        flow(context, self.first).await
    }

    /// The last of the entries: that with the greatest id.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn last_flow(&self, context: &Context<'_>) -> Result<Option<InventoryFlow>> {
        flow(context, self.last).await
    }
}

async fn flow(context: &Context<'_>, id: FlowId) -> Result<Option<InventoryFlow>> {
    spend_on_nodes(context, 1)?;
    let flow = context.request().flow(id).await?;
    spend_on_texts(context, None, flow.as_slice())?;
    Ok(flow.map(Into::into))
}

/// A group, and its place in the list.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryFlowSummaryEdge {
    /// The place of the group in the list. It stays what it is whatever is written meanwhile.
    cursor: String,
    /// The group.
    node: InventoryFlowSummary,
}

/// A page of groups.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryFlowSummaryConnection {
    /// Where the page stands in the list.
    page_info: PageInfo,
    #[graphql(skip)]
    groups: Vec<Group>,
}

impl InventoryFlowSummaryConnection {
    /// A page.
    pub(in crate::graphql) fn new(page: Page<Group>) -> Self {
        let page_info = PageInfo::of(&page, |group: &Group| opaque(&group.key));
        Self { page_info, groups: page.nodes }
    }

    fn spend(&self, context: &Context<'_>) -> Result<()> {
        spend_on_nodes(context, self.groups.len())?;
        let texts = self.groups.iter().flat_map(|Group { key, .. }| {
            let line = key.order_detail_id.as_ref().and_then(Option::as_deref);
            [key.actor.as_deref(), line]
        });
        spend_on_lengths(context, &["actor", "orderDetailId"], texts)
    }
}

#[ComplexObject]
impl InventoryFlowSummaryConnection {
    /// The groups of the page, each with its cursor.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn edges(&self, context: &Context<'_>) -> Result<Vec<InventoryFlowSummaryEdge>> {
        self.spend(context)?;
        let edge = |group: &Group| InventoryFlowSummaryEdge {
            cursor: opaque(&group.key),
            node: group.clone().into(),
        };
        Ok(self.groups.iter().map(edge).collect())
    }

    /// The groups of the page.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn nodes(&self, context: &Context<'_>) -> Result<Vec<InventoryFlowSummary>> {
        self.spend(context)?;
        Ok(self.groups.iter().cloned().map(Into::into).collect())
    }
}
