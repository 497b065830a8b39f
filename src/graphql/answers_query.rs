//! The questions of those who run a shop: what was moved when, why an amount is what it is, and what
//! became of an order.

use async_graphql::{Context, ID, Object, Result};

use super::arguments::{self, PageArguments};
use super::budget::{COUNT, COUNT_OF_SKU, LIST, spend};
use super::context::ContextExt as _;
use super::input::{InventoryFlowGroup, InventoryFlowWhere, read_grouping};
use super::needs::AUDIT_READ;
use super::object::{InventoryExplanation, InventoryFlowSummaryConnection, InventoryOrderTrail};
use super::point::InventoryPointInput;
use crate::domain::order_trail::TRAILS_MAX;
use crate::domain::{GroupKey, PageRequest};
use crate::telemetry::trace::Span;

/// What is answered from many entries at once.
#[derive(Default)]
pub(super) struct AnswersQuery;

#[Object]
impl AnswersQuery {
    /// What entries come to, group by group: how many there are and the units that they took and brought
    /// in. Groups go by their period first, then by SKU, kind, actor and order line, as far as they are
    /// grouped by these; those without entries are left out. 50 groups a page and 200 at most, and fewer
    /// where they lie years apart. It reads every entry of the periods that a page shows, of all that
    /// `where` lets through if no period is asked for, and costs as much as counting them: bound it by
    /// `where.createdAt` where a history is long. An unknown `timeZone`, a second period and a cursor of
    /// another grouping are refused with `INVALID_ARGUMENT`. The error `BUSY` tells that others are at such
    /// work.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the question")]
    async fn inventory_flow_summary(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which entries are added up; all of them if absent.", name = "where")]
        filter: Option<InventoryFlowWhere>,
        #[graphql(
            desc = "What the entries of a group have in common, in any order; all entries are one \
                    group if it is empty."
        )]
        group_by: Vec<InventoryFlowGroup>,
        #[graphql(
            desc = "Where hours, days and months begin: a time zone of the IANA database, as \
                    Europe/Berlin; UTC if absent."
        )]
        time_zone: Option<String>,
        #[graphql(desc = "So many groups from the beginning of the list; 0 to 200.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only groups behind this cursor.")] after: Option<String>,
    ) -> Result<InventoryFlowSummaryConnection> {
        let request = context.request();
        let filter = filter.unwrap_or_default().read(request)?;
        let grouping = read_grouping(request, &group_by, time_zone.as_deref())?;
        let arguments = PageArguments { first, after, ..PageArguments::default() };
        let page: PageRequest<GroupKey> = arguments.read(request)?;
        if page.after.as_ref().is_some_and(|key| !key.fits(&grouping)) {
            return Err(request.invalid_argument(&["after"], "is not a cursor of this list"));
        }
        spend(context, LIST.saturating_add(COUNT))?;
        let asked = &request.reading.asked;
        let page = async {
            let _turn = context.audit().turn().await?;
            context.store().list_flow_groups(&filter, &grouping, &page, asked).await
        };
        let page = Span::part("store.list_flow_groups").around(page).await;
        let page = request.reading.noted(page.map_err(|error| request.failed(&error))?);
        Ok(InventoryFlowSummaryConnection::new(page))
    }

    /// Why a SKU has the amount that it has: what it was before, what happened, cause by cause, and what
    /// it is after that; null if the SKU does not exist. All of it is of one moment, however much is sold
    /// meanwhile: the answer names the entries between which it tells. It reads every entry between them,
    /// and costs as much as counting them; the error `BUSY` tells that others are at such work, if those
    /// are many. A `from` behind `to` is refused with `INVALID_ARGUMENT`.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn inventory_explain(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The SKU.")] sku_id: ID,
        #[graphql(
            desc = "What has taken effect before is not told again; from the SKU's first entry on \
                    if absent."
        )]
        from: Option<InventoryPointInput>,
        #[graphql(desc = "Up to where; up to the SKU's newest entry if absent.")] to: Option<
            InventoryPointInput,
        >,
    ) -> Result<Option<InventoryExplanation>> {
        let request = context.request();
        let sku_id = arguments::id(request, &["skuId"], &sku_id)?;
        spend(context, LIST.saturating_add(COUNT))?;
        let instant = |point: &Option<InventoryPointInput>| point.as_ref()?.instant();
        let instants = instant(&from).zip(instant(&to));
        let from = match from {
            Some(point) => Some(point.read(request, &["from"]).await?),
            None => None,
        };
        let to = match to {
            Some(point) => Some(point.read(request, &["to"]).await?),
            None => None,
        };
        let entries = from.zip(to);
        if instants.is_some_and(|(from, to)| from > to)
            || entries.is_some_and(|(from, to)| from.flow_id > to.flow_id)
        {
            return Err(request.invalid_argument(&["from"], "must not be behind to"));
        }
        InventoryExplanation::read(context, sku_id, from, to).await
    }

    /// What became of an order line: what was taken for it, what came back, and what may still be given
    /// back; null if nothing was ever taken for it.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn inventory_order_trail(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The order line, to the letter.")] order_detail_id: String,
    ) -> Result<Option<InventoryOrderTrail>> {
        arguments::text(context.request(), &["orderDetailId"], &order_detail_id)?;
        Ok(trails(context, &[order_detail_id]).await?.pop())
    }

    /// What became of several order lines, as of all the lines of an order: in the order in which they
    /// are asked for, each once; those for which nothing was ever taken are left out.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn inventory_order_trails(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The order lines, to the letter; 50 at most.")] order_detail_ids: Vec<
            String,
        >,
    ) -> Result<Vec<InventoryOrderTrail>> {
        let request = context.request();
        if order_detail_ids.len() > TRAILS_MAX {
            let text = format!("must be at most {TRAILS_MAX}, are {}", order_detail_ids.len());
            return Err(request.invalid_argument(&["orderDetailIds"], text));
        }
        arguments::texts(request, &["orderDetailIds"], &order_detail_ids)?;
        trails(context, &order_detail_ids).await
    }
}

/// What became of order lines, in this order.
async fn trails(
    context: &Context<'_>,
    order_detail_ids: &[String],
) -> Result<Vec<InventoryOrderTrail>> {
    let request = context.request();
    let lines = u64::try_from(order_detail_ids.len()).unwrap_or(u64::MAX);
    spend(context, LIST.saturating_add(lines.saturating_mul(COUNT_OF_SKU)))?;
    let trails = context.store().load_order_trails(order_detail_ids, &request.reading.asked);
    let trails = Span::part("store.load_order_trails").around(trails).await;
    let mut trails = request.reading.noted(trails.map_err(|error| request.failed(&error))?);
    let found = order_detail_ids.iter().filter_map(|id| trails.remove(id));
    Ok(found.map(Into::into).collect())
}
