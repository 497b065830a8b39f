//! The questions about stocktakes.

use async_graphql::{Context, ID, Object, Result};

use super::arguments::{self, PageArguments};
use super::budget::{LIST, spend};
use super::context::ContextExt as _;
use super::input::InventoryCountWhere;
use super::needs::COUNTS;
use super::object::{InventoryCount, InventoryCountConnection, spend_on_count_texts};
use crate::telemetry::trace::Span;

/// The questions about stocktakes.
#[derive(Default)]
pub(super) struct CountQuery;

#[Object]
impl CountQuery {
    /// One stocktake; null if there is none of that id.
    ///
    /// Needs `stock:manage` or `audit:read`.
    #[graphql(guard = "COUNTS")]
    async fn inventory_count(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the stocktake.")] id: ID,
    ) -> Result<Option<InventoryCount>> {
        let request = context.request();
        let id = arguments::id(request, &["id"], &id)?;
        spend(context, LIST)?;
        let count = context.counts().find_count(id, request.caller.visibility());
        let count = Span::part("count.find_count").around(count).await;
        let count = request.reading.noted(count.map_err(|error| request.failed(&error))?);
        spend_on_count_texts(context, count.as_slice())?;
        Ok(count.map(Into::into))
    }

    /// Stocktakes, the newest first; 50 a page and 200 at most. What they come to is read for each of
    /// them that it is asked of, which costs as much as counting a list: ask it of a few at a time.
    ///
    /// Needs `stock:manage` or `audit:read`.
    #[graphql(guard = "COUNTS")]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    async fn inventory_counts(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which stocktakes are wanted; all of them if absent.", name = "where")]
        filter: Option<InventoryCountWhere>,
        #[graphql(desc = "So many stocktakes from the beginning of the list; 0 to 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only stocktakes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "So many stocktakes from the end of the list; 0 to 200.")] last: Option<
            i32,
        >,
        #[graphql(desc = "Only stocktakes ahead of this cursor.")] before: Option<String>,
    ) -> Result<InventoryCountConnection> {
        let filter = filter.unwrap_or_default().read(context.request())?;
        let page = PageArguments { first, after, last, before };
        InventoryCountConnection::read(context, filter, page).await
    }
}
