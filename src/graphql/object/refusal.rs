//! Refusals for want of stock, added up.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};

use super::connection::PageInfo;
use crate::domain::{Minute, Page, RefusalCursor, RefusalGroup, RefusalSums};
use crate::graphql::arguments::opaque;
use crate::graphql::budget::spend_on_nodes;
use crate::graphql::scalar::{BigInt, DateTime};

/// When a minute begins. No server writes one that never does.
fn begins_at(minute: Minute) -> DateTime {
    DateTime(minute.begins_at().unwrap_or_default())
}

/// What refusals for want of stock add up to.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub(in crate::graphql) struct InventoryRefusalSums {
    /// How many lines of requests were refused because they fell short. A request that was sent again
    /// counts again, and a cart counts for each line that fell short.
    refusal_count: BigInt,
    /// Units that they asked for.
    units_requested: BigInt,
    /// Units that were missing for them: what they asked for, less what there was.
    units_missing: BigInt,
}

impl From<RefusalSums> for InventoryRefusalSums {
    fn from(sums: RefusalSums) -> Self {
        Self {
            refusal_count: BigInt(sums.refusal_count),
            units_requested: BigInt(sums.units_requested),
            units_missing: BigInt(sums.units_missing),
        }
    }
}

/// Refusals for want of stock that were added up.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryRefusalGroup {
    /// Their SKU; null if they are not grouped by it.
    sku_id: Option<ID>,
    /// When their minute, hour, day or month began; null if they are not grouped by one.
    period_start: Option<DateTime>,
    /// The first instant behind their minute, hour, day or month; null if they are not grouped by one.
    period_end: Option<DateTime>,
    #[graphql(flatten)]
    sums: InventoryRefusalSums,
    /// When the first minute began that has one of them.
    first_minute: DateTime,
    /// When the last minute began that has one of them.
    last_minute: DateTime,
}

impl From<&RefusalGroup> for InventoryRefusalGroup {
    fn from(group: &RefusalGroup) -> Self {
        Self {
            sku_id: group.sku_id.map(|sku_id| sku_id.to_string().into()),
            period_start: group.period.map(|period| begins_at(period.start)),
            period_end: group.period.map(|period| begins_at(period.end)),
            sums: group.sums.into(),
            first_minute: begins_at(group.first_minute),
            last_minute: begins_at(group.last_minute),
        }
    }
}

fn group_cursor(group: &RefusalGroup) -> String {
    opaque(&RefusalCursor::from(group))
}

/// A group of refusals, and its place in the list.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryRefusalGroupEdge {
    /// The place of the group in the list.
    cursor: String,
    /// The group.
    node: InventoryRefusalGroup,
}

/// A page of groups of refusals.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryRefusalGroupConnection {
    /// Where the page stands in the list.
    page_info: PageInfo,
    #[graphql(skip)]
    groups: Vec<RefusalGroup>,
}

impl InventoryRefusalGroupConnection {
    /// A page of them.
    pub(in crate::graphql) fn new(page: Page<RefusalGroup>) -> Self {
        Self { page_info: PageInfo::of(&page, group_cursor), groups: page.nodes }
    }
}

#[ComplexObject]
impl InventoryRefusalGroupConnection {
    /// The groups of the page, each with its cursor.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn edges(&self, context: &Context<'_>) -> Result<Vec<InventoryRefusalGroupEdge>> {
        spend_on_nodes(context, self.groups.len())?;
        let edge = |group: &RefusalGroup| InventoryRefusalGroupEdge {
            cursor: group_cursor(group),
            node: group.into(),
        };
        Ok(self.groups.iter().map(edge).collect())
    }

    /// The groups of the page.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn nodes(&self, context: &Context<'_>) -> Result<Vec<InventoryRefusalGroup>> {
        spend_on_nodes(context, self.groups.len())?;
        Ok(self.groups.iter().map(Into::into).collect())
    }
}
