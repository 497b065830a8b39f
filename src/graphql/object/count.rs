//! A stocktake, and pages of them.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Enum, ID, Result, SimpleObject};
use tokio::sync::OnceCell;

use super::connection::PageInfo;
use super::count_lines::{InventoryCountLineConnection, InventoryCountLineKind};
use super::count_observations::InventoryCountObservationConnection;
use crate::auth::Scope;
use crate::count::CountFilter;
use crate::domain::{self, Count, CountCursor, CountResult, CountStatus, Page};
use crate::graphql::arguments::{self, PageArguments, opaque};
use crate::graphql::budget::{self, LIST, spend, spend_on_nodes};
use crate::graphql::context::ContextExt as _;
use crate::graphql::scalar::{BigInt, DateTime};
use crate::graphql::texts;
use crate::telemetry::trace::Span;

/// How far a stocktake has come.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "CountStatus")]
pub(in crate::graphql) enum InventoryCountStatus {
    /// Observations are recorded.
    Open,
    /// Its adjustments are on the books.
    Completed,
    /// It was given up, and changed nothing.
    Abandoned,
}

/// A stocktake: shelves are counted while the shop sells.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryCount {
    /// What it is named by.
    id: ID,
    /// The merchant whose SKUs are counted.
    merchant_id: ID,
    /// How far it has come. It is closed once, and for ever.
    status: InventoryCountStatus,
    /// Whether what is expected stays hidden from those who count, for as long as it is open.
    blind: bool,
    /// Whether its SKUs were named one by one.
    of_listed_skus: bool,
    /// How many SKUs are to be counted, up to 5,000; fixed when it was started.
    sku_count: i32,
    /// How many observations were recorded. Send it back when you complete the count, and nothing is
    /// written that you have not reviewed.
    revision: BigInt,
    /// Why, in the words of who started it.
    reason: Option<String>,
    /// When it was started.
    started_at: DateTime,
    /// Who started it.
    started_by: String,
    /// When it was completed or abandoned; null while it is open.
    closed_at: Option<DateTime>,
    /// Who completed or abandoned it; null while it is open.
    closed_by: Option<String>,
    #[graphql(skip)]
    count: Count,
    #[graphql(skip)]
    results: Arc<OnceCell<Vec<CountResult>>>,
}

impl From<Count> for InventoryCount {
    fn from(count: Count) -> Self {
        Self {
            id: count.id.to_string().into(),
            merchant_id: count.merchant_id.to_string().into(),
            status: count.status.into(),
            blind: count.blind,
            of_listed_skus: count.of_listed_skus,
            sku_count: i32::try_from(count.sku_count).unwrap_or(i32::MAX),
            revision: BigInt(count.revision),
            reason: count.reason.clone(),
            started_at: DateTime(count.started_at),
            started_by: count.started_by.clone(),
            closed_at: count.closed_at.map(DateTime),
            closed_by: count.closed_by.clone(),
            results: Arc::default(),
            count,
        }
    }
}

impl InventoryCount {
    /// What it comes to, read once however often it is asked for.
    async fn results(&self, context: &Context<'_>) -> Result<&[CountResult]> {
        let request = context.request();
        let load = async || {
            spend(context, budget::COUNT)?;
            let results = context.counts().load_results(&self.count);
            let results = Span::part("count.load_results").around(results).await;
            Ok(request.reading.noted(results.map_err(|error| request.failed(&error))?))
        };
        let results: Result<&Vec<CountResult>> = self.results.get_or_try_init(load).await;
        Ok(results?)
    }

    /// Whether the caller must not see what is expected.
    fn is_hidden_from(&self, context: &Context<'_>) -> bool {
        self.count.hides_expected() && !context.request().caller.has(Scope::AuditRead)
    }
}

#[ComplexObject]
impl InventoryCount {
    /// What it comes to over all its SKUs.
    async fn summary(&self, context: &Context<'_>) -> Result<InventoryCountSummary> {
        let summary = domain::CountSummary::of(self.results(context).await?);
        Ok(InventoryCountSummary::new(summary, self.is_hidden_from(context)))
    }

    /// What it comes to SKU by SKU, in the order of their ids; 50 a page and 200 at most. While it is
    /// open, and when it was abandoned, as the books are now; when it was completed, as it was written.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    async fn lines(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only SKUs of any of these kinds; all of them if absent.")] only: Option<
            Vec<InventoryCountLineKind>,
        >,
        #[graphql(desc = "So many SKUs from the beginning of the list; 0 to 200.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only SKUs behind this cursor.")] after: Option<String>,
        #[graphql(desc = "So many SKUs from the end of the list; 0 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only SKUs ahead of this cursor.")] before: Option<String>,
    ) -> Result<InventoryCountLineConnection> {
        let request = context.request();
        let page = PageArguments { first, after, last, before }.read(request)?;
        let hidden = self.is_hidden_from(context);
        if let Some(only) = &only {
            arguments::bounded(request, &["only"], only)?;
            if hidden && only.iter().any(|kind| kind.tells_what_is_expected()) {
                let text = "cannot be asked of a blind count while it is open";
                return Err(request.invalid_argument(&["only"], text));
            }
        }
        let results = self.results(context).await?;
        let of_kind = |result: &&CountResult| {
            only.as_ref().is_none_or(|only| only.iter().any(|kind| kind.is_of(result)))
        };
        let results: Vec<CountResult> = results.iter().filter(of_kind).copied().collect();
        Ok(InventoryCountLineConnection::new(results, &page, hidden))
    }

    /// What was counted, by whom, what was recorded last first; 50 a page and 200 at most. Of each SKU
    /// the observation counts that names the latest entry; of those that name the same one, the one
    /// that was counted last.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    async fn observations(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those of this SKU.")] sku_id: Option<ID>,
        #[graphql(desc = "So many observations from the beginning of the list; 0 to 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only observations behind this cursor.")] after: Option<String>,
        #[graphql(desc = "So many observations from the end of the list; 0 to 200.")] last: Option<
            i32,
        >,
        #[graphql(desc = "Only observations ahead of this cursor.")] before: Option<String>,
    ) -> Result<InventoryCountObservationConnection> {
        let page = PageArguments { first, after, last, before };
        let sku_id = sku_id.map(|id| arguments::id(context.request(), &["skuId"], &id));
        InventoryCountObservationConnection::read(context, self.count.id, sku_id.transpose()?, page)
            .await
    }
}

/// What a stocktake comes to over all its SKUs.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub(in crate::graphql) struct InventoryCountSummary {
    /// SKUs to be counted.
    sku_count: i32,
    /// SKUs that were counted.
    counted_count: i32,
    /// SKUs that nobody has counted.
    missing_count: i32,
    /// SKUs of which more or fewer units were found than expected. In a blind count that is open, null
    /// without `audit:read`; as are the numbers that follow.
    variance_count: Option<i32>,
    /// Units found that were not expected, over all SKUs.
    units_over: Option<BigInt>,
    /// Units expected that were not found, over all SKUs.
    units_short: Option<BigInt>,
    /// Both together: what a second person may be needed for.
    variance_units: Option<BigInt>,
    /// SKUs that must be counted again before the count can be completed: more units went out since
    /// than the shelf had.
    stale_count: Option<i32>,
}

impl InventoryCountSummary {
    fn new(summary: domain::CountSummary, hidden: bool) -> Self {
        let number = |number: i64| i32::try_from(number).unwrap_or(i32::MAX);
        let told = |value: i64| (!hidden).then_some(value);
        Self {
            sku_count: number(summary.sku_count),
            counted_count: number(summary.counted_count),
            missing_count: number(summary.missing_count()),
            variance_count: told(summary.variance_count).map(number),
            units_over: told(summary.units_over).map(BigInt),
            units_short: told(summary.units_short).map(BigInt),
            variance_units: told(summary.variance_units()).map(BigInt),
            stale_count: told(summary.stale_count).map(number),
        }
    }
}

fn count_cursor(count: &Count) -> String {
    opaque(&CountCursor(count.id))
}

/// A stocktake, and its place in the list.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryCountEdge {
    /// The place of the stocktake in the list.
    cursor: String,
    /// The stocktake.
    node: InventoryCount,
}

/// A page of stocktakes, the newest first.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryCountConnection {
    /// Where the page stands in the list.
    page_info: PageInfo,
    #[graphql(skip)]
    counts: Vec<Count>,
    #[graphql(skip)]
    filter: CountFilter,
}

impl InventoryCountConnection {
    /// The page that these arguments ask for.
    pub(in crate::graphql) async fn read(
        context: &Context<'_>,
        filter: CountFilter,
        page: PageArguments,
    ) -> Result<Self> {
        let request = context.request();
        let page = page.read(request)?;
        spend(context, LIST)?;
        let page = context.counts().list_counts(&filter, &page, request.caller.visibility());
        let page = Span::part("count.list_counts").around(page).await;
        let page: Page<Count> =
            request.reading.noted(page.map_err(|error| request.failed(&error))?);
        Ok(Self { page_info: PageInfo::of(&page, count_cursor), counts: page.nodes, filter })
    }
}

/// Takes what the texts of stocktakes cost.
pub(in crate::graphql) fn spend_on_count_texts(
    context: &Context<'_>,
    counts: &[Count],
) -> Result<()> {
    let texts = counts.iter().flat_map(|count| {
        [count.reason.as_deref(), Some(count.started_by.as_str()), count.closed_by.as_deref()]
    });
    let costs = texts.flatten().map(|text| texts::cost(text.len()));
    spend(context, costs.fold(0, u64::saturating_add))
}

#[ComplexObject]
impl InventoryCountConnection {
    /// The stocktakes of the page, each with its cursor.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn edges(&self, context: &Context<'_>) -> Result<Vec<InventoryCountEdge>> {
        spend_on_nodes(context, self.counts.len())?;
        spend_on_count_texts(context, &self.counts)?;
        let edge = |count: &Count| InventoryCountEdge {
            cursor: count_cursor(count),
            node: count.clone().into(),
        };
        Ok(self.counts.iter().map(edge).collect())
    }

    /// The stocktakes of the page.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn nodes(&self, context: &Context<'_>) -> Result<Vec<InventoryCount>> {
        spend_on_nodes(context, self.counts.len())?;
        spend_on_count_texts(context, &self.counts)?;
        Ok(self.counts.iter().cloned().map(Into::into).collect())
    }

    /// How many stocktakes the list has in all. They are counted when this is asked for, and only then.
    async fn total_count(&self, context: &Context<'_>) -> Result<BigInt> {
        spend(context, budget::COUNT)?;
        let request = context.request();
        let count = context.counts().count_counts(&self.filter, request.caller.visibility());
        let count = Span::part("count.count_counts").around(count).await;
        Ok(BigInt(request.reading.noted(count.map_err(|error| request.failed(&error))?)))
    }
}
