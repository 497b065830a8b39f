//! What looks unusual in the history.

use async_graphql::{ComplexObject, Context, Enum, ID, Result, SimpleObject};
use futures_util::future::try_join_all;

use super::connection::PageInfo;
use super::flow::InventoryFlow;
use crate::audit::AnomalyPage;
use crate::domain::{Anomaly, AnomalyCursor, AnomalyRule, Flow, FlowId};
use crate::graphql::arguments::opaque;
use crate::graphql::budget::{spend, spend_on_nodes};
use crate::graphql::context::ContextExt as _;
use crate::graphql::needs::AUDIT_READ;
use crate::graphql::scalar::{BigInt, DateTime};
use crate::graphql::texts::{self, spend_on_texts};

/// What is looked for. The numbers in it are settings of the server.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum InventoryAnomalyRule {
    /// An order line was deducted again, of the same SKU and under another key, while units of an
    /// earlier deduction were still taken. Measured: those units. Lines of one request, further SKUs of
    /// an order line, and a replacement once all was given back, are none. Looks at the 50 entries of
    /// the order line before it.
    DuplicateOrderDetail,
    /// An actor gave back more of their own deductions within a window, each soon after it was made,
    /// than is usual. Measured: refunds. Looks at the 1,000 entries of the actor before it; told once
    /// for as long as it lasts.
    QuickRefunds,
    /// An actor made more entries within a window than is usual. Measured: entries. Told once for as
    /// long as it lasts; another burst begins once as many entries have come slowly.
    Burst,
    /// An adjustment removed more than a part of the amount. Measured: the part, from 0 to 1.
    LargeAdjustment,
    /// An actor acted at a time of day, give or take two hours, at which they hardly acted on the days
    /// before. Measured: the part of their entries near that time, from 0 to 1. Told once an outing.
    /// Looks at the 1,000 entries of the actor before it: who makes so many in less than five days is
    /// not judged.
    OddHours,
    /// An entry is older, by the clock, than the SKU's entry before it. Measured: milliseconds.
    ClockBackwards,
}

impl From<AnomalyRule> for InventoryAnomalyRule {
    fn from(rule: AnomalyRule) -> Self {
        match rule {
            AnomalyRule::DuplicateOrderDetail => Self::DuplicateOrderDetail,
            AnomalyRule::QuickRefunds => Self::QuickRefunds,
            AnomalyRule::Burst => Self::Burst,
            AnomalyRule::LargeAdjustment => Self::LargeAdjustment,
            AnomalyRule::OddHours => Self::OddHours,
            AnomalyRule::ClockBackwards => Self::ClockBackwards,
        }
    }
}

impl From<InventoryAnomalyRule> for AnomalyRule {
    fn from(rule: InventoryAnomalyRule) -> Self {
        match rule {
            InventoryAnomalyRule::DuplicateOrderDetail => Self::DuplicateOrderDetail,
            InventoryAnomalyRule::QuickRefunds => Self::QuickRefunds,
            InventoryAnomalyRule::Burst => Self::Burst,
            InventoryAnomalyRule::LargeAdjustment => Self::LargeAdjustment,
            InventoryAnomalyRule::OddHours => Self::OddHours,
            InventoryAnomalyRule::ClockBackwards => Self::ClockBackwards,
        }
    }
}

/// Something that looks unusual.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryAnomaly {
    /// By which rule.
    rule: InventoryAnomalyRule,
    /// What it is, in one line, for people. Programs go by `rule` and the numbers.
    message: String,
    /// The SKU, for the rules that are about one; null for those about actors.
    sku_id: Option<ID>,
    /// What was measured; `rule` tells in which unit.
    measured: f64,
    /// What it should have held to, in the same unit.
    bound: f64,
    /// The earliest instant at which one of its entries was written.
    from: DateTime,
    /// The latest instant at which one of its entries was written.
    to: DateTime,
    /// The entry that completes it.
    flow_id: ID,
    /// The ids of its entries, in their order; of many the last 50. The last of them completes it.
    flow_ids: Vec<ID>,
    /// How many entries it has.
    flow_count: i32,
    #[graphql(skip)]
    actor_name: String,
    #[graphql(skip)]
    order_line: Option<String>,
    #[graphql(skip)]
    flows: Vec<FlowId>,
}

impl From<Anomaly> for InventoryAnomaly {
    fn from(anomaly: Anomaly) -> Self {
        Self {
            rule: anomaly.rule.into(),
            message: anomaly.to_string(),
            sku_id: anomaly.sku_id.map(|sku_id| sku_id.to_string().into()),
            measured: anomaly.measured,
            bound: anomaly.bound,
            from: DateTime(anomaly.from),
            to: DateTime(anomaly.to),
            flow_id: anomaly.flow_id.to_string().into(),
            flow_ids: anomaly.flow_ids.iter().map(|id| id.to_string().into()).collect(),
            flow_count: i32::try_from(anomaly.flow_count).unwrap_or(i32::MAX),
            actor_name: anomaly.actor,
            order_line: anomaly.order_detail_id,
            flows: anomaly.flow_ids,
        }
    }
}

#[ComplexObject]
impl InventoryAnomaly {
    /// Who made the entry that completes it.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn actor(&self, context: &Context<'_>) -> Result<&str> {
        spend(context, texts::cost(self.actor_name.len()))?;
        Ok(&self.actor_name)
    }

    /// The order line, for `DUPLICATE_ORDER_DETAIL`; otherwise null.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn order_detail_id(&self, context: &Context<'_>) -> Result<Option<&str>> {
        spend(context, texts::cost(self.order_line.as_ref().map_or(0, String::len)))?;
        Ok(self.order_line.as_deref())
    }

    /// Its entries, in the order of `flowIds`.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn flows(&self, context: &Context<'_>) -> Result<Vec<InventoryFlow>> {
        spend_on_nodes(context, self.flows.len())?;
        let request = context.request();
        // Those of all anomalies of the answer are read together.
        let flows = try_join_all(self.flows.iter().map(|id| request.flow(*id))).await?;
        let flows: Vec<Flow> = flows.into_iter().flatten().collect();
        spend_on_texts(context, None, &flows)?;
        Ok(flows.into_iter().map(Into::into).collect())
    }
}

/// An anomaly, and its place in the list.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryAnomalyEdge {
    /// The place of the anomaly in the list.
    cursor: String,
    /// The anomaly.
    node: InventoryAnomaly,
}

/// A page of a search for anomalies. It may be empty and still have a next page.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryAnomalyConnection {
    /// Where the page stands in the list. `endCursor` is where the search goes on, also on an empty
    /// page; it is null only if no entry was there to be examined.
    page_info: PageInfo,
    /// How many entries the page has examined.
    entries_examined: BigInt,
    /// When the last entry that was examined was written; null if none was.
    examined_to: Option<DateTime>,
    /// The rules that were looked for: of those that were asked for, those that are not switched off.
    rules: Vec<InventoryAnomalyRule>,
    #[graphql(skip)]
    found: Vec<Anomaly>,
}

impl From<AnomalyPage> for InventoryAnomalyConnection {
    fn from(page: AnomalyPage) -> Self {
        let start = page.anomalies.first().map(cursor);
        let end = page.end.map(|end| opaque(&end));
        Self {
            page_info: PageInfo::of_search((page.has_previous, page.has_next), start, end),
            entries_examined: BigInt(i64::try_from(page.entries_examined).unwrap_or(i64::MAX)),
            examined_to: page.examined_to.map(DateTime),
            rules: page.rules.into_iter().map(Into::into).collect(),
            found: page.anomalies,
        }
    }
}

impl InventoryAnomalyConnection {
    /// Takes what the nodes cost, the ids of the entries of each among them.
    fn spend(&self, context: &Context<'_>) -> Result<()> {
        let ids = self.found.iter().map(|anomaly| anomaly.flow_ids.len());
        spend(context, u64::try_from(ids.sum::<usize>()).unwrap_or(u64::MAX))?;
        spend_on_nodes(context, self.found.len())
    }
}

#[ComplexObject]
impl InventoryAnomalyConnection {
    /// The anomalies of the page, each with its cursor.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn edges(&self, context: &Context<'_>) -> Result<Vec<InventoryAnomalyEdge>> {
        self.spend(context)?;
        let edge = |anomaly: &Anomaly| InventoryAnomalyEdge {
            cursor: cursor(anomaly),
            node: anomaly.clone().into(),
        };
        Ok(self.found.iter().map(edge).collect())
    }

    /// The anomalies of the page.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn nodes(&self, context: &Context<'_>) -> Result<Vec<InventoryAnomaly>> {
        self.spend(context)?;
        Ok(self.found.iter().cloned().map(Into::into).collect())
    }
}

fn cursor(anomaly: &Anomaly) -> String {
    opaque(&AnomalyCursor { flow_id: anomaly.flow_id, rule: Some(anomaly.rule) })
}
