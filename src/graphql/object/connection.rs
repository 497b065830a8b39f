//! Pages of lists, as Relay spells them.

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use chrono::{DateTime, Utc};

use super::flow::InventoryFlow;
use super::inventory::Inventory;
use crate::domain::filter::{FlowFilter, InventoryFilter};
use crate::domain::{self, Cut, Flow, FlowCursor, InventoryCursor, Page, SkuId};
use crate::graphql::arguments::opaque;
use crate::graphql::budget::{self, spend, spend_on_nodes};
use crate::graphql::context::ContextExt as _;
use crate::graphql::scalar::BigInt;
use crate::graphql::texts::spend_on_texts;
use crate::telemetry::trace::Span;

/// Where a page stands in its list.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct PageInfo {
    /// Whether there are nodes ahead of this page.
    has_previous_page: bool,
    /// Whether there are nodes behind this page.
    has_next_page: bool,
    /// The cursor of the first node, for `before`; null on an empty page.
    start_cursor: Option<String>,
    /// The cursor of the last node, for `after`; null on an empty page. Of `inventoryAnomalies` it is
    /// where the search goes on, also on an empty page.
    end_cursor: Option<String>,
}

impl PageInfo {
    /// Of a search, which goes on behind its `end` even if it has found nothing.
    pub(super) fn of_search(
        (has_previous, has_next): (bool, bool),
        start: Option<String>,
        end: Option<String>,
    ) -> Self {
        Self {
            has_previous_page: has_previous,
            has_next_page: has_next,
            start_cursor: start,
            end_cursor: end,
        }
    }

    pub(super) fn of<T>(page: &Page<T>, cursor: impl Fn(&T) -> String) -> Self {
        Self {
            has_previous_page: page.has_previous,
            has_next_page: page.has_next,
            start_cursor: page.nodes.first().map(&cursor),
            end_cursor: page.nodes.last().map(&cursor),
        }
    }

    /// The same of a page behind which the list goes on at a cursor that need not be its last node's.
    pub(super) fn ending_at(self, end_cursor: String) -> Self {
        Self { end_cursor: Some(end_cursor), ..self }
    }
}

fn flow_cursor(flow: &Flow) -> String {
    opaque(&FlowCursor::from(flow))
}

fn stock_cursor(stock: &domain::Inventory) -> String {
    opaque(&InventoryCursor::from(stock))
}

/// An entry, and its place in the list.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryFlowEdge {
    /// The place of the entry in the list. It stays what it is whatever is written meanwhile.
    cursor: String,
    /// The entry.
    node: InventoryFlow,
}

impl From<&Flow> for InventoryFlowEdge {
    fn from(flow: &Flow) -> Self {
        Self { cursor: flow_cursor(flow), node: flow.clone().into() }
    }
}

/// A page of the flow history.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryFlowConnection {
    /// Where the page stands in the list.
    page_info: PageInfo,
    #[graphql(skip)]
    flows: Vec<Flow>,
    #[graphql(skip)]
    filter: FlowFilter,
    /// The SKU whose own history it is, so that pages of several SKUs are counted at once.
    #[graphql(skip)]
    sku_id: Option<SkuId>,
    /// How long the list is, where that is known already.
    #[graphql(skip)]
    count: Option<i64>,
}

impl InventoryFlowConnection {
    /// A page of everybody's history.
    pub(in crate::graphql) fn new(page: Page<Flow>, filter: FlowFilter) -> Self {
        let page_info = PageInfo::of(&page, flow_cursor);
        Self { page_info, flows: page.nodes, filter, sku_id: None, count: None }
    }

    /// A page of one SKU's history.
    pub(super) fn of_sku(page: Page<Flow>, sku_id: SkuId, filter: FlowFilter) -> Self {
        Self { sku_id: Some(sku_id), ..Self::new(page, filter) }
    }

    /// A page of a list that was counted.
    pub(super) fn counted(page: Page<Flow>, count: i64) -> Self {
        Self { count: Some(count), ..Self::new(page, FlowFilter::default()) }
    }

    /// The page of a list that has nothing.
    pub(super) fn nothing(filter: FlowFilter) -> Self {
        Self::new(Page { nodes: Vec::new(), has_previous: false, has_next: false }, filter)
    }
}

#[ComplexObject]
impl InventoryFlowConnection {
    /// The entries of the page, each with its cursor.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn edges(&self, context: &Context<'_>) -> Result<Vec<InventoryFlowEdge>> {
        spend_on_nodes(context, self.flows.len())?;
        spend_on_texts(context, Some("node"), &self.flows)?;
        Ok(self.flows.iter().map(Into::into).collect())
    }

    /// The entries of the page.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn nodes(&self, context: &Context<'_>) -> Result<Vec<InventoryFlow>> {
        spend_on_nodes(context, self.flows.len())?;
        spend_on_texts(context, None, &self.flows)?;
        Ok(self.flows.iter().cloned().map(Into::into).collect())
    }

    /// How many entries the list has in all. They are counted when this is asked for, and only
    /// then: over a long history that takes its time.
    async fn total_count(&self, context: &Context<'_>) -> Result<BigInt> {
        if let Some(count) = self.count {
            return Ok(BigInt(count));
        }
        let request = context.request();
        spend(context, self.sku_id.map_or(budget::COUNT, |_sku_id| budget::COUNT_OF_SKU))?;
        let count = if let Some(sku_id) = self.sku_id {
            request.flow_count(sku_id, self.filter.clone()).await?
        } else {
            let count = context.store().count_flows(&self.filter, &request.reading.asked);
            let count = Span::part("store.count_flows").around(count).await;
            request.reading.noted(count.map_err(|error| request.failed(&error))?)
        };
        Ok(BigInt(count))
    }
}

/// A SKU, and its place in the list.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryEdge {
    /// The place of the SKU in the list.
    cursor: String,
    /// The SKU's stock.
    node: Inventory,
}

/// A page of SKUs.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryConnection {
    /// Where the page stands in the list.
    page_info: PageInfo,
    #[graphql(skip)]
    stocks: Vec<domain::Inventory>,
    #[graphql(skip)]
    filter: InventoryFilter,
    /// The point of the past at which the list was read, if at one.
    #[graphql(skip)]
    as_of: Option<(Cut, DateTime<Utc>)>,
}

impl InventoryConnection {
    /// A page of stocks.
    pub(in crate::graphql) fn new(page: Page<domain::Inventory>, filter: InventoryFilter) -> Self {
        let page_info = PageInfo::of(&page, stock_cursor);
        Self { page_info, stocks: page.nodes, filter, as_of: None }
    }

    /// A page of stocks as they were at a point of the past, asked at an instant.
    pub(in crate::graphql) fn as_of(
        page: Page<domain::Inventory>,
        filter: InventoryFilter,
        as_of: (Cut, DateTime<Utc>),
    ) -> Self {
        Self { as_of: Some(as_of), ..Self::new(page, filter) }
    }
}

#[ComplexObject]
impl InventoryConnection {
    /// The SKUs of the page, each with its cursor.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn edges(&self, context: &Context<'_>) -> Result<Vec<InventoryEdge>> {
        spend_on_nodes(context, self.stocks.len())?;
        let edge = |stock: &domain::Inventory| InventoryEdge {
            cursor: stock_cursor(stock),
            node: (*stock).into(),
        };
        Ok(self.stocks.iter().map(edge).collect())
    }

    /// The SKUs of the page.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn nodes(&self, context: &Context<'_>) -> Result<Vec<Inventory>> {
        spend_on_nodes(context, self.stocks.len())?;
        Ok(self.stocks.iter().copied().map(Into::into).collect())
    }

    /// How many SKUs the list has in all. They are counted when this is asked for, and only then.
    async fn total_count(&self, context: &Context<'_>) -> Result<BigInt> {
        spend(context, budget::COUNT)?;
        let request = context.request();
        let (store, asked) = (context.store(), &request.reading.asked);
        let count = async {
            match self.as_of {
                Some(as_of) => store.count_inventories_as_of(&self.filter, as_of, asked).await,
                None => store.count_inventories(&self.filter, asked).await,
            }
        };
        let count = Span::part("store.count_inventories").around(count).await;
        Ok(BigInt(request.reading.noted(count.map_err(|error| request.failed(&error))?)))
    }
}
