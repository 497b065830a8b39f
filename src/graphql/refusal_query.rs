//! The questions about demand that was not met.

use async_graphql::{Context, ID, Object, Result};

use super::arguments::{self, PageArguments};
use super::budget::{COUNT, LIST, spend};
use super::context::ContextExt as _;
use super::input::{
    DateTimeRange, InventoryRefusalGroupBy, InventoryRefusalWhere, instants, refusal_grouping,
};
use super::needs::AUDIT_READ;
use super::object::{InventoryRefusalGroupConnection, InventorySoldOutSpanConnection};
use crate::domain::{RefusalCursor, RefusalPeriod};
use crate::telemetry::trace::Span;

/// The questions about demand that was not met.
#[derive(Default)]
pub(super) struct RefusalQuery;

#[Object]
impl RefusalQuery {
    /// How often deductions were refused with `INSUFFICIENT_STOCK`, and for how many units, added up by
    /// SKU, by minute, hour, day or month, by both or altogether: by their periods first, and then by
    /// their SKUs; 50 groups a page and 200 at most, and fewer where they lie far apart. Groups without refusals are none. Refusals are no part of the books: each
    /// server counts them in its memory, by its own clock, and writes them every few seconds, so that
    /// the newest are missing, and those of the last seconds are lost for ever when a server is killed.
    /// They are deleted after some time, 400 days unless the server was told otherwise. Where they are
    /// not added up by SKU and minute every minute of the span is read: the error `BUSY` tells that others
    /// are at such work.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the schema")]
    async fn inventory_refusals(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which are wanted; all of them if absent.", name = "where")]
        filter: Option<InventoryRefusalWhere>,
        #[graphql(
            desc = "By what they are added up; an empty list for one group of all of them.",
            default_with = "vec![InventoryRefusalGroupBy::Sku]"
        )]
        group_by: Vec<InventoryRefusalGroupBy>,
        #[graphql(
            desc = "Where hours, days and months begin: a time zone of the IANA database, as \
                    Europe/Berlin; UTC if absent."
        )]
        time_zone: Option<String>,
        #[graphql(desc = "So many groups from the beginning of the list; 0 to 200.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only groups behind this cursor.")] after: Option<String>,
    ) -> Result<InventoryRefusalGroupConnection> {
        let request = context.request();
        let filter = filter.unwrap_or_default().read(request)?;
        let grouping = refusal_grouping(request, &group_by, time_zone.as_deref())?;
        let page = PageArguments { first, after, last: None, before: None }.read(request)?;
        if page.after.as_ref().is_some_and(|cursor: &RefusalCursor| !cursor.fits(grouping)) {
            return Err(request.invalid_argument(&["after"], "is not a cursor of this list"));
        }
        // What is kept by the minute is read as it is; else a page may add up any number of minutes.
        let is_short = grouping.by_sku && grouping.period == Some(RefusalPeriod::Minute);
        spend(context, if is_short { LIST } else { LIST.saturating_add(COUNT) })?;
        let asked = &request.reading.asked;
        let page = async {
            let turn = if is_short { None } else { Some(context.audit().turn().await?) };
            let page = context.store().list_refusals(&filter, grouping, &page, asked).await;
            drop(turn);
            page
        };
        let page = Span::part("store.list_refusals").around(page).await;
        let page = request.reading.noted(page.map_err(|error| request.failed(&error))?);
        Ok(InventoryRefusalGroupConnection::new(page))
    }

    /// When a SKU ran out, and when it came back: the times in which it had nothing left, the newest
    /// first; null if the SKU does not exist; 50 a page and 200 at most. A page looks through 100,000
    /// entries at the most, and ends there though there may be more: go on for as long as `hasNextPage`
    /// is true. The error `BUSY` tells that others are at such work.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn inventory_sold_out_spans(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The SKU.")] sku_id: ID,
        #[graphql(desc = "Only times that began within this span.")] ran_out_at: Option<
            DateTimeRange,
        >,
        #[graphql(desc = "So many times from the beginning of the list; 0 to 200.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only times behind this cursor.")] after: Option<String>,
    ) -> Result<Option<InventorySoldOutSpanConnection>> {
        let request = context.request();
        let sku_id = arguments::id(request, &["skuId"], &sku_id)?;
        let began = instants(request, &["ranOutAt"], ran_out_at)?;
        let page = PageArguments { first, after, last: None, before: None }.read(request)?;
        spend(context, LIST.saturating_add(COUNT))?;
        let asked = &request.reading.asked;
        let spans = async {
            let _turn = context.audit().turn().await?;
            let now = request.begun_at;
            context.store().list_sold_out_spans(sku_id, began, &page, now, asked).await
        };
        let spans = Span::part("store.list_sold_out_spans").around(spans).await;
        let spans = request.reading.noted(spans.map_err(|error| request.failed(&error))?);
        Ok(spans.map(|spans| InventorySoldOutSpanConnection::new(sku_id, spans)))
    }
}
