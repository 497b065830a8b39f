//! What one request may cost to answer.
//!
//! A short question can have a very long answer: pages within pages multiply. What the document and
//! its variables tell of that is judged before anything is executed
//! ([`complexity`](super::complexity)); what only the books tell, as the number of refunds, here.
//! Texts are among that, which have any length ([`texts`](super::texts)).
//! Before a page is resolved its values are taken from the request's budget, and a question that
//! would answer more is refused there, before the memory for it is taken.

use std::sync::atomic::{AtomicU64, Ordering};

use async_graphql::{Context, Result};

use super::context::ContextExt as _;
use crate::domain::filter::FlowFilter;

/// What a list costs besides its values: a statement of its own.
pub(super) const LIST: u64 = 500;

/// What counting a whole list costs: it reads all of it.
pub(super) const COUNT: u64 = 10_000;

/// What counting one SKU's entries costs: it reads those, and shares its statement.
pub(super) const COUNT_OF_SKU: u64 = 500;

/// What a page of one SKU's entries costs besides those: its share of a statement.
pub(super) const PAGE_OF_SKU: u64 = 10;

/// What is left of a request's budget.
#[derive(Debug)]
pub(super) struct Budget {
    values_max: u64,
    left: AtomicU64,
}

impl Budget {
    /// A whole one.
    pub(super) fn new(values_max: u64) -> Self {
        Self { values_max, left: AtomicU64::new(values_max) }
    }

    /// Takes `cost`; tells whether there was as much.
    fn take(&self, cost: u64) -> bool {
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost))
            .is_ok()
    }
}

/// Takes what the present field costs by itself.
pub(super) fn spend(context: &Context<'_>, cost: u64) -> Result<()> {
    let request = context.request();
    let budget = &request.budget;
    if budget.take(cost) { Ok(()) } else { Err(request.too_complex(budget.values_max)) }
}

/// Takes what `nodes` objects cost with all that the present field selects of each.
pub(super) fn spend_on_nodes(context: &Context<'_>, nodes: usize) -> Result<()> {
    let selected = context.field().selection_set().count().saturating_add(1);
    spend(context, u64::try_from(nodes.saturating_mul(selected)).unwrap_or(u64::MAX))
}

/// Takes what a page of one SKU's entries costs: the entries are read whatever is selected of them,
/// and each SKU's page has a copy of the filter.
pub(super) fn spend_on_page(context: &Context<'_>, limit: u32, filter: &FlowFilter) -> Result<()> {
    let lists = [
        filter.sku_ids.as_ref().map(Vec::len),
        filter.order_detail_ids.as_ref().map(Vec::len),
        filter.actors.as_ref().map(Vec::len),
    ];
    let values = lists.into_iter().flatten().fold(0, usize::saturating_add);
    let values = u64::try_from(values).unwrap_or(u64::MAX);
    spend(context, PAGE_OF_SKU.saturating_add(u64::from(limit)).saturating_add(values))
}
