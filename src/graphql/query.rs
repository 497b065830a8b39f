//! The questions.

use std::collections::HashMap;

use async_graphql::{Context, Guard as _, ID, MergedObject, Object, Result};

use super::anomaly_query::AnomalyQuery;
use super::answers_query::AnswersQuery;
use super::arguments::{self, PageArguments};
use super::audit_query::AuditQuery;
use super::budget::{LIST, spend};
use super::context::{ContextExt as _, RequestContext};
use super::count_query::CountQuery;
use super::input::{
    InventoryAvailabilityLineInput, InventoryFlowOrder, InventoryFlowWhere, InventoryOrder,
    InventoryWhere, ReadConsistency,
};
use super::needs::{AUDIT_READ, OWN_REQUESTS, STOCK_READ};
use super::object::{
    Inventory, InventoryAvailability, InventoryAvailabilityLine, InventoryConnection,
    InventoryFlow, InventoryFlowConnection, InventoryOperation, InventorySealConnection,
};
use super::point::InventoryPointInput;
use super::refusal_query::RefusalQuery;
use super::scalar::DateTime;
use super::texts::spend_on_texts;
use crate::domain::filter::{self, IntegerRange, InventoryFilter};
use crate::domain::limits::{LINES_MAX, QUANTITY_MAX};
use crate::domain::{InventoryCursor, PageRequest, SkuId};
use crate::telemetry::trace::Span;

/// Questions about stock and its history. Each field says which scope the caller needs for it; the
/// error `FORBIDDEN` tells that they have none of those in `extensions.scopes`. Who acts for one
/// merchant sees that merchant's SKUs and entries alone: all others are as if they did not exist.
/// An argument that is out of bounds is answered with the error `INVALID_ARGUMENT`, whose
/// `extensions.field` is its path. History, and lists of SKUs, are read as `REPLICA` is; what became
/// of a request, and stocktakes, from the primary. The error `BUSY` tells that too many read from the primary in
/// place of replicas.
#[derive(MergedObject, Default)]
pub(super) struct Query(
    StockQuery,
    AuditQuery,
    AnswersQuery,
    RefusalQuery,
    AnomalyQuery,
    CountQuery,
);

/// The questions about stock and its history.
#[derive(Default)]
pub(super) struct StockQuery;

#[Object]
impl StockQuery {
    /// One SKU's stock; null if the SKU does not exist.
    ///
    /// Needs `stock:read`.
    #[graphql(guard = "STOCK_READ")]
    async fn inventory(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The SKU.")] sku_id: ID,
        #[graphql(desc = "From where it may be read.", default_with = "ReadConsistency::Cached")]
        consistency: ReadConsistency,
    ) -> Result<Option<Inventory>> {
        let request = context.request();
        let sku_id = arguments::id(request, &["skuId"], &sku_id)?;
        Ok(request.one_inventory(sku_id, consistency.into()).await?.map(Into::into))
    }

    /// SKUs, in the order of their ids, or by the stock that is left; 50 a page and 200 at most.
    ///
    /// Needs `stock:read`.
    #[graphql(guard = "STOCK_READ")]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the contract")]
    async fn inventories(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which SKUs are wanted; all of them if absent.", name = "where")]
        filter: Option<InventoryWhere>,
        #[graphql(desc = "In which order; by SKU id, ascending, if absent.")] order_by: Option<
            InventoryOrder,
        >,
        #[graphql(desc = "So many SKUs from the beginning of the list; 0 to 200.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only SKUs behind this cursor.")] after: Option<String>,
        #[graphql(desc = "So many SKUs from the end of the list; 0 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only SKUs ahead of this cursor.")] before: Option<String>,
        #[graphql(
            desc = "SKUs as they were at a point of the past, those left out that were not on the \
                    books then. It needs audit:read, lists by SKU id, and takes no leavedAmount and \
                    no updatedAt in where. As they are if absent."
        )]
        as_of: Option<InventoryPointInput>,
    ) -> Result<InventoryConnection> {
        let request = context.request();
        let filter = filter.unwrap_or_default().read(request)?;
        let page = PageArguments { first, after, last, before }.read(request)?;
        let order = order_by.unwrap_or(InventoryOrder::SkuAsc).into();
        spend(context, LIST)?;
        if let Some(point) = as_of {
            return inventories_as_of(context, point, filter, order, page).await;
        }
        let asked = &request.reading.asked;
        let page = context.store().list_inventories(&filter, order, &page, asked);
        let page = Span::part("store.list_inventories").around(page).await;
        let page = request.reading.noted(page.map_err(|error| request.failed(&error))?);
        Ok(InventoryConnection::new(page, filter))
    }

    /// Could these lines be deducted now? The cheap check before a purchase: it locks nothing and
    /// promises nothing. Lines of one SKU are added up.
    ///
    /// Needs `stock:read`.
    #[graphql(guard = "STOCK_READ")]
    async fn inventory_availability(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What a purchase would take; 1 to 250 lines.")] lines: Vec<
            InventoryAvailabilityLineInput,
        >,
        #[graphql(desc = "From where it may be read.", default_with = "ReadConsistency::Cached")]
        consistency: ReadConsistency,
    ) -> Result<InventoryAvailability> {
        let request = context.request();
        spend(context, LIST)?;
        let wanted = wanted(request, &lines)?;
        let sku_ids: Vec<SkuId> = wanted.iter().map(|(sku_id, _requested)| *sku_id).collect();
        let asked = request.reading.asked.with_consistency(consistency.into());
        let stocks = context.store().load_inventories(&sku_ids, &asked);
        let stocks = Span::part("store.load_inventories").around(stocks).await;
        let stocks = request.reading.noted(stocks.map_err(|error| request.failed(&error))?);
        let lines: Vec<_> = wanted
            .into_iter()
            .map(|(sku_id, requested)| {
                let left = stocks.get(&sku_id).map(|stock| stock.leaved_amount);
                InventoryAvailabilityLine {
                    sku_id: sku_id.to_string().into(),
                    requested,
                    leaved_amount: left.unwrap_or_default(),
                    available: left.is_some_and(|left| left >= requested),
                }
            })
            .collect();
        Ok(InventoryAvailability { available: lines.iter().all(|line| line.available), lines })
    }

    /// One entry of the flow table; null if there is none of that id.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn inventory_flow(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the entry.")] id: ID,
    ) -> Result<Option<InventoryFlow>> {
        let request = context.request();
        let id = arguments::id(request, &["id"], &id)?;
        Ok(request.flow(id).await?.map(Into::into))
    }

    /// The flow history of any number of SKUs: filtered, ordered, paged by cursor, 50 entries a page
    /// and 200 at most. Entries that are written while you page are neither repeated nor do they
    /// hide others. The entries of one SKU appear in their order. Where several servers write, an
    /// entry of another SKU may appear a moment later than one with a greater id: who follows the
    /// newest entries of several SKUs should begin each time a little before the last one seen.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the contract")]
    async fn inventory_flows(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which entries are wanted; all of them if absent.", name = "where")]
        filter: Option<InventoryFlowWhere>,
        #[graphql(desc = "In which order.", default_with = "InventoryFlowOrder::NewestFirst")]
        order_by: InventoryFlowOrder,
        #[graphql(desc = "So many entries from the beginning of the list; 0 to 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only entries behind this cursor.")] after: Option<String>,
        #[graphql(desc = "So many entries from the end of the list; 0 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only entries ahead of this cursor.")] before: Option<String>,
    ) -> Result<InventoryFlowConnection> {
        let request = context.request();
        let filter = filter.unwrap_or_default().read(request)?;
        let page = PageArguments { first, after, last, before }.read(request)?;
        spend(context, LIST)?;
        let asked = &request.reading.asked;
        let page = context.store().list_flows(&filter, order_by.into(), &page, asked);
        let page = Span::part("store.list_flows").around(page).await;
        let page = request.reading.noted(page.map_err(|error| request.failed(&error))?);
        Ok(InventoryFlowConnection::new(page, filter))
    }

    /// What became of a request: the entries written under this idempotency key by the calling
    /// client; null if it wrote none. For a client that lost the answer.
    ///
    /// Needs `stock:write`, `stock:manage` or `audit:read`.
    #[graphql(guard = "OWN_REQUESTS")]
    async fn inventory_operation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The key of the request, to the letter.")] idempotency_key: String,
    ) -> Result<Option<InventoryOperation>> {
        let request = context.request();
        spend(context, LIST)?;
        arguments::text(request, &["idempotencyKey"], &idempotency_key)?;
        let scope = request.caller.idempotency_scope();
        let flows = context.store().find_operation(scope, &idempotency_key);
        let flows = Span::part("store.find_operation").around(flows).await;
        let flows = request.reading.noted(flows.map_err(|error| request.failed(&error))?);
        spend_on_texts(context, Some("flows"), &flows)?;
        Ok(flows.first().map(|flow| DateTime(flow.created_at)).map(|created_at| {
            InventoryOperation {
                idempotency_key,
                flows: flows.into_iter().map(Into::into).collect(),
                created_at,
            }
        }))
    }

    /// The seals over the books, the newest first; 50 a page and 200 at most. A seal is over the SKUs
    /// of all merchants, and tells every caller how many those are and the id of the newest entry, but
    /// nothing of any of them. It proves something where it was kept elsewhere since it was made.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn inventory_seals(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "So many seals from the beginning of the list; 0 to 200.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only seals behind this cursor.")] after: Option<String>,
        #[graphql(desc = "So many seals from the end of the list; 0 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only seals ahead of this cursor.")] before: Option<String>,
    ) -> Result<InventorySealConnection> {
        InventorySealConnection::read(context, PageArguments { first, after, last, before }).await
    }
}

/// A page of SKUs as they were at a point of the past.
async fn inventories_as_of(
    context: &Context<'_>,
    point: InventoryPointInput,
    filter: InventoryFilter,
    order: filter::InventoryOrder,
    page: PageRequest<InventoryCursor>,
) -> Result<InventoryConnection> {
    AUDIT_READ.check(context).await?;
    let request = context.request();
    let refused = |path: &[&str]| {
        request.invalid_argument(path, "cannot be asked of the past; leave it out beside asOf")
    };
    if filter.leaved_amount != IntegerRange::default() {
        return Err(refused(&["where", "leavedAmount"]));
    }
    if filter.updated_at.is_bounded() {
        return Err(refused(&["where", "updatedAt"]));
    }
    if !order.is_by_sku() {
        return Err(refused(&["orderBy"]));
    }
    let cut = point.read(request, &["asOf"]).await?;
    let as_of = (cut, request.begun_at);
    let asked = &request.reading.asked;
    let found = context.store().list_inventories_as_of(&filter, order, &page, as_of, asked);
    let found = Span::part("store.list_inventories_as_of").around(found).await;
    let page = request.reading.noted(found.map_err(|error| request.failed(&error))?);
    Ok(InventoryConnection::as_of(page, filter, as_of))
}

/// The units wanted of each SKU, in the order in which the SKUs first come.
fn wanted(
    request: &RequestContext,
    lines: &[InventoryAvailabilityLineInput],
) -> Result<Vec<(SkuId, i32)>> {
    if lines.is_empty() || lines.len() > LINES_MAX {
        let text = format!("must be 1 to {LINES_MAX} lines, are {}", lines.len());
        return Err(request.invalid_argument(&["lines"], text));
    }
    let mut wanted: Vec<(SkuId, i32)> = Vec::new();
    let mut places: HashMap<SkuId, usize> = HashMap::new();
    for (line, place) in lines.iter().zip(0_usize..) {
        let place = place.to_string();
        let sku_id = arguments::id(request, &["lines", &place, "skuId"], &line.sku_id)?;
        if !(1..=QUANTITY_MAX).contains(&line.quantity) {
            let text = format!("must be from 1 to {QUANTITY_MAX}, is {}", line.quantity);
            return Err(request.invalid_argument(&["lines", &place, "quantity"], text));
        }
        let next = wanted.len();
        match wanted.get_mut(*places.entry(sku_id).or_insert(next)) {
            // 250 lines of a million stay far within 32 bits.
            Some((_sku_id, requested)) => *requested = requested.saturating_add(line.quantity),
            None => wanted.push((sku_id, line.quantity)),
        }
    }
    Ok(wanted)
}
