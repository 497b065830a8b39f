//! The changes. Each is a command to the ledger.

use std::sync::atomic::Ordering;

use async_graphql::{Context, MergedObject, Object, Result};

use super::bulk_mutation::BulkMutation;
use super::context::ContextExt as _;
use super::count_mutation::CountMutation;
use super::input::{
    InventoryCreateInput, InventoryDeductBatchInput, InventoryDeductInput,
    InventoryRefundBatchInput, InventoryRefundInput, InventoryReplenishInput,
    InventorySetQuantityInput,
};
use super::needs::{STOCK_MANAGE, STOCK_WRITE};
use super::object::{
    InventoryCreatePayload, InventoryDeductBatchPayload, InventoryDeductPayload,
    InventoryRefundBatchPayload, InventoryRefundPayload, InventoryReplenishPayload,
    InventorySetQuantityPayload,
};
use crate::domain::{Command, Outcome, Refusal};
use crate::telemetry::trace::Span;

/// Changes of stock. Each is carried out in one transaction with the entries that it writes, and at
/// most once for its idempotency key, for ever: sent again, with the same key and the same
/// parameters, it answers what it answered the first time, with `replayed` true. What it refuses,
/// in `userErrors`, wrote nothing and may be tried again under the same key. After the errors
/// `BUSY`, `UNAVAILABLE`, `TIMEOUT` and `RATE_LIMITED`, or a lost connection, send the same request
/// again with the same key; where `extensions.retryAfterMs` is given, after so many milliseconds.
///
/// Each field says which scope the caller needs for it; the error `FORBIDDEN` tells that they have
/// none of those in `extensions.scopes`, and nothing was done. Who acts for one merchant touches
/// that merchant's SKUs alone: all others are as if they did not exist, but for `inventoryCreate`,
/// which tells that an id is taken.
///
/// Every mutation can refuse with `INVALID_ARGUMENT`, `INVALID_QUANTITY` and
/// `IDEMPOTENCY_KEY_REUSED`.
#[derive(MergedObject, Default)]
pub(super) struct Mutation(StockMutation, CountMutation, BulkMutation);

/// The changes of stock.
#[derive(Default)]
pub(super) struct StockMutation;

#[Object]
impl StockMutation {
    /// Puts a new SKU on the books with an opening amount, of 0 units too.
    ///
    /// Refuses with `SKU_ALREADY_EXISTS`.
    ///
    /// Needs `stock:manage`.
    #[graphql(guard = "STOCK_MANAGE")]
    async fn inventory_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The SKU and what it opens with.")] input: InventoryCreateInput,
    ) -> Result<InventoryCreatePayload> {
        let request = input.request(context.request().caller.merchant_by_default());
        let envelope = context.request().envelope(input.idempotency_key, input.reason);
        submit(context, Command::create(envelope, &request)).await
    }

    /// Takes units of one SKU for one order line, or refuses: never below zero, never twice for one
    /// key. Keep the `id` of the flow entry: it is what a refund names.
    ///
    /// Refuses with `INSUFFICIENT_STOCK` and `SKU_NOT_FOUND`.
    ///
    /// Needs `stock:write`.
    #[graphql(guard = "STOCK_WRITE")]
    async fn inventory_deduct(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to take, and for which order line.")] input: InventoryDeductInput,
    ) -> Result<InventoryDeductPayload> {
        let request = input.request();
        let envelope = context.request().envelope(input.idempotency_key, input.reason);
        submit(context, Command::deduct(envelope, &request)).await
    }

    /// Takes every line of a cart, or none of them. Lines of one SKU take one after the other, in
    /// their order. A refusal names every line that falls short, with what it asked for and what
    /// was left for it.
    ///
    /// Refuses with `INSUFFICIENT_STOCK`, `SKU_NOT_FOUND` and `TOO_MANY_LINES`.
    ///
    /// Needs `stock:write`.
    #[graphql(guard = "STOCK_WRITE")]
    async fn inventory_deduct_batch(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The cart.")] input: InventoryDeductBatchInput,
    ) -> Result<InventoryDeductBatchPayload> {
        let requests = input.requests();
        let envelope = context.request().envelope(input.idempotency_key, input.reason);
        submit(context, Command::deduct_batch(envelope, &requests)).await
    }

    /// Puts back all or part of one deduction, by its flow id. However many steps, and however many
    /// at once, their sum never exceeds what was deducted.
    ///
    /// Refuses with `FLOW_NOT_FOUND`, `NOT_A_DEDUCTION`, `REFUND_EXCEEDS_DEDUCTED` and
    /// `QUANTITY_OVERFLOW`.
    ///
    /// Needs `stock:write`.
    #[graphql(guard = "STOCK_WRITE")]
    async fn inventory_refund(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which deduction, and how much of it.")] input: InventoryRefundInput,
    ) -> Result<InventoryRefundPayload> {
        let request = input.request();
        let envelope = context.request().envelope(input.idempotency_key, input.reason);
        submit(context, Command::refund(envelope, &request)).await
    }

    /// Puts back parts of several deductions, all of them or none. Several lines may name the same
    /// deduction: they add up.
    ///
    /// Refuses with `FLOW_NOT_FOUND`, `NOT_A_DEDUCTION`, `REFUND_EXCEEDS_DEDUCTED`,
    /// `QUANTITY_OVERFLOW` and `TOO_MANY_LINES`.
    ///
    /// Needs `stock:write`.
    #[graphql(guard = "STOCK_WRITE")]
    async fn inventory_refund_batch(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which deductions, and how much of each.")]
        input: InventoryRefundBatchInput,
    ) -> Result<InventoryRefundBatchPayload> {
        let requests = input.requests();
        let envelope = context.request().envelope(input.idempotency_key, input.reason);
        submit(context, Command::refund_batch(envelope, &requests)).await
    }

    /// Adds units that the merchant brought in.
    ///
    /// Refuses with `SKU_NOT_FOUND` and `QUANTITY_OVERFLOW`.
    ///
    /// Needs `stock:manage`.
    #[graphql(guard = "STOCK_MANAGE")]
    async fn inventory_replenish(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The SKU and what came in.")] input: InventoryReplenishInput,
    ) -> Result<InventoryReplenishPayload> {
        let request = input.request();
        let envelope = context.request().envelope(input.idempotency_key, input.reason);
        submit(context, Command::replenish(envelope, &request)).await
    }

    /// Sets the amount after a count. `changeFromQuantity` is the amount that you believe to be on
    /// the books; if it no longer is, nothing is written. A count that agrees is written too, as
    /// proof that it was made.
    ///
    /// Refuses with `SKU_NOT_FOUND` and `CHANGE_FROM_QUANTITY_STALE`.
    ///
    /// Needs `stock:manage`.
    #[graphql(guard = "STOCK_MANAGE")]
    async fn inventory_set_quantity(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The SKU and what was counted.")] input: InventorySetQuantityInput,
    ) -> Result<InventorySetQuantityPayload> {
        let request = input.request();
        let envelope = context.request().envelope(input.idempotency_key, Some(input.reason));
        submit(context, Command::set_quantity(envelope, &request)).await
    }
}

/// Has the ledger carry a command out, unless it is refused already.
async fn submit<P>(
    context: &Context<'_>,
    command: std::result::Result<Command, Vec<Refusal>>,
) -> Result<P>
where
    P: From<Outcome> + From<Vec<Refusal>>,
{
    let command = match command {
        Ok(command) => command,
        Err(refusals) => {
            refused(context, &refusals);
            return Ok(refusals.into());
        }
    };
    let request = context.request();
    let read_after = &request.reading.asked.read_after;
    let submitted = context.ledger().submit_unless_hopeless(command, read_after);
    let answered = Span::part("ledger.submit").around(submitted).await;
    let (outcome, origin) = answered.map_err(|error| request.failed(&error))?;
    request.reading.note(origin);
    request.loaders.renew();
    if let Outcome::Refused(refusals) = &outcome {
        refused(context, refusals);
    }
    Ok(outcome.into())
}

/// Counts what a request was refused for.
pub(super) fn refused(context: &Context<'_>, refusals: &[Refusal]) {
    context.request().refused.store(true, Ordering::Relaxed);
    context.metrics().refused(refusals);
}
