//! What a stocktake comes to, SKU by SKU.

use async_graphql::{ComplexObject, Context, Enum, ID, Result, SimpleObject};

use super::connection::PageInfo;
use crate::domain::{CountLineCursor, CountResult, Page, PageEnd, PageRequest};
use crate::graphql::arguments::opaque;
use crate::graphql::budget::spend_on_nodes;
use crate::graphql::scalar::{BigInt, DateTime};

/// What became of a SKU in a stocktake.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum InventoryCountLineKind {
    /// It was counted.
    Counted,
    /// Nobody has counted it.
    Missing,
    /// More or fewer units were found than expected.
    Variance,
    /// It must be counted again: more units went out since than the shelf had.
    Stale,
}

impl InventoryCountLineKind {
    /// Whether a SKU is of this kind.
    pub(super) fn is_of(self, result: &CountResult) -> bool {
        let counted = result.counted.as_ref();
        match self {
            Self::Counted => counted.is_some(),
            Self::Missing => counted.is_none(),
            Self::Variance => counted.is_some_and(|counted| counted.variance() != 0),
            Self::Stale => counted.is_some_and(|counted| counted.leaves < 0),
        }
    }

    /// Whether who knows which SKUs are of this kind knows something of what was expected.
    pub(super) fn tells_what_is_expected(self) -> bool {
        match self {
            Self::Variance | Self::Stale => true,
            Self::Counted | Self::Missing => false,
        }
    }
}

/// A SKU of a stocktake. What was counted of it is null until it is; and what follows from what was
/// expected is null in a blind count that is open, without `audit:read`.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryCountLine {
    /// The SKU.
    sku_id: ID,
    /// Its version now: what an observation names that is made at this moment.
    version: BigInt,
    /// How often it was counted.
    observation_count: i32,
    /// Units that were on the shelf, by the observation that counts.
    quantity: Option<i32>,
    /// The version that the SKU had then.
    counted_version: Option<BigInt>,
    /// When that was, as who counted says.
    counted_at: Option<DateTime>,
    /// Units that should have been on the shelf then, by the books as they are: what adjustments have
    /// set right since is counted in.
    quantity_expected: Option<i32>,
    /// Units more than expected; negative when some are missing. So many are put on the books, or were.
    variance: Option<i32>,
    /// Units that came in since the shelf was counted, less those that went out.
    quantity_moved: Option<i32>,
    /// Units that the SKU has once the count is completed, or had right then. Below 0 it cannot be:
    /// more units went out since than the shelf had, and it must be counted again.
    quantity_after: Option<i32>,
    /// The entry by which the count adjusted the SKU; null until it is completed.
    flow_id: Option<ID>,
}

impl InventoryCountLine {
    fn new(result: &CountResult, hidden: bool) -> Self {
        let counted = result.counted.as_ref();
        let told = counted.filter(|_counted| !hidden);
        Self {
            sku_id: result.sku_id.to_string().into(),
            version: BigInt(result.version),
            observation_count: units(result.observation_count),
            quantity: counted.map(|counted| counted.line.quantity),
            counted_version: counted.map(|counted| BigInt(counted.line.version)),
            counted_at: counted.map(|counted| DateTime(counted.counted_at)),
            quantity_expected: told.map(|counted| units(counted.expected)),
            variance: told.map(|counted| units(counted.variance())),
            quantity_moved: told.map(|counted| units(counted.moved())),
            quantity_after: told.map(|counted| units(counted.leaves)),
            flow_id: counted.and_then(|it| it.flow_id).map(|id| id.to_string().into()),
        }
    }
}

/// Units as the schema tells them. The amounts that they are made of have 32 bits.
fn units(units: i64) -> i32 {
    let bound = if units < 0 { i32::MIN } else { i32::MAX };
    i32::try_from(units).unwrap_or(bound)
}

fn line_cursor(result: &CountResult) -> String {
    opaque(&CountLineCursor(result.sku_id))
}

/// A SKU of a stocktake, and its place in the list.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryCountLineEdge {
    /// The place of the SKU in the list.
    cursor: String,
    /// The SKU.
    node: InventoryCountLine,
}

/// A page of the SKUs of a stocktake.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryCountLineConnection {
    /// Where the page stands in the list.
    page_info: PageInfo,
    /// How many SKUs the list has in all.
    total_count: BigInt,
    #[graphql(skip)]
    results: Vec<CountResult>,
    #[graphql(skip)]
    hidden: bool,
}

impl InventoryCountLineConnection {
    /// The page of a list, which is in the order of its SKUs.
    pub(super) fn new(
        results: Vec<CountResult>,
        page: &PageRequest<CountLineCursor>,
        hidden: bool,
    ) -> Self {
        let total_count = BigInt(i64::try_from(results.len()).unwrap_or(i64::MAX));
        let within = |result: &CountResult| {
            page.after.is_none_or(|after| result.sku_id > after.0)
                && page.before.is_none_or(|before| result.sku_id < before.0)
        };
        let one_more = usize::try_from(page.limit).unwrap_or(usize::MAX).saturating_add(1);
        let window = results.into_iter().filter(within);
        let fetched = match page.end {
            PageEnd::First => window.take(one_more).collect(),
            PageEnd::Last => window.rev().take(one_more).collect(),
        };
        let page = Page::from_fetched(fetched, page);
        let page_info = PageInfo::of(&page, line_cursor);
        Self { page_info, total_count, results: page.nodes, hidden }
    }
}

#[ComplexObject]
impl InventoryCountLineConnection {
    /// The SKUs of the page, each with its cursor.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn edges(&self, context: &Context<'_>) -> Result<Vec<InventoryCountLineEdge>> {
        spend_on_nodes(context, self.results.len())?;
        let edge = |result: &CountResult| InventoryCountLineEdge {
            cursor: line_cursor(result),
            node: InventoryCountLine::new(result, self.hidden),
        };
        Ok(self.results.iter().map(edge).collect())
    }

    /// The SKUs of the page.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn nodes(&self, context: &Context<'_>) -> Result<Vec<InventoryCountLine>> {
        spend_on_nodes(context, self.results.len())?;
        let line = |result: &CountResult| InventoryCountLine::new(result, self.hidden);
        Ok(self.results.iter().map(line).collect())
    }
}
