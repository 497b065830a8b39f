//! The question for what is unusual.

use async_graphql::{Context, Object, Result};

use super::arguments::PageArguments;
use super::budget::{COUNT, LIST, spend};
use super::context::ContextExt as _;
use super::input::InventoryAnomalyWhere;
use super::needs::AUDIT_READ;
use super::object::InventoryAnomalyConnection;
use crate::telemetry::trace::Span;

/// The question for what is unusual.
#[derive(Default)]
pub(super) struct AnomalyQuery;

#[Object]
impl AnomalyQuery {
    /// What looks unusual in the history, by rules that the server's settings tune: an order line that
    /// was deducted twice, refunds in a row, an actor at an hour that is none of theirs. The books add
    /// up all the same, and none of it says that somebody did wrong. A rule that is switched off finds
    /// nothing. What other merchants' entries tell of an actor does not count for who cannot see them.
    ///
    /// Anomalies come in the order of the ids of the entries that complete them, each exactly once
    /// whatever the size of the pages. A page examines some 20,000 entries, or the entries of 100 actors,
    /// so that it may have fewer anomalies than asked for, or none, and still have a next one: go on with
    /// `pageInfo.endCursor` while `pageInfo.hasNextPage` is true. 50 anomalies a page and 200 at most.
    /// Where several servers write, who follows the newest entries should begin each time a little before
    /// the last one seen. The error `BUSY` tells that others are at such work.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn inventory_anomalies(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Which anomalies are wanted; all of the last seven days if absent.",
            name = "where"
        )]
        filter: Option<InventoryAnomalyWhere>,
        #[graphql(desc = "So many anomalies from the beginning of the list; 0 to 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only anomalies behind this cursor.")] after: Option<String>,
    ) -> Result<InventoryAnomalyConnection> {
        let request = context.request();
        let filter = filter.unwrap_or_default().read(request)?;
        let page = PageArguments { first, after, last: None, before: None }.read(request)?;
        spend(context, LIST.saturating_add(COUNT))?;
        let page = context.audit().list_anomalies(&filter, &page, &request.reading.asked);
        let page = Span::part("audit.list_anomalies").around(page).await;
        let page = request.reading.noted(page.map_err(|error| request.failed(&error))?);
        Ok(page.into())
    }
}
