//! The changes of stocktakes. The last of them is one of stock.

use std::future::Future;

use async_graphql::{Context, ID, Object, Result};

use super::context::ContextExt as _;
use super::input::{
    InventoryCountAbandonInput, InventoryCountCompleteInput, InventoryCountRecordInput,
    InventoryCountStartInput,
};
use super::mutation::refused;
use super::needs::STOCK_MANAGE;
use super::object::{
    InventoryCountAbandonPayload, InventoryCountCompletePayload, InventoryCountRecordPayload,
    InventoryCountStartPayload,
};
use crate::count::CountError;
use crate::domain::count::{RecordCount, StartCount};
use crate::domain::{Argument, CountId, CountOutcome, Field, Refusal};
use crate::telemetry::trace::Span;

/// The changes of stocktakes.
#[derive(Default)]
pub(super) struct CountMutation;

#[Object]
impl CountMutation {
    /// Starts a stocktake over some SKUs of a merchant, or over all of them, 5,000 at the most. The
    /// shop goes on selling.
    ///
    /// Refuses with `SKU_NOT_FOUND` and `TOO_MANY_LINES`.
    ///
    /// Needs `stock:manage`.
    #[graphql(guard = "STOCK_MANAGE")]
    async fn inventory_count_start(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is to be counted.")] input: InventoryCountStartInput,
    ) -> Result<InventoryCountStartPayload> {
        let request = context.request();
        let start = input.request(request.caller.merchant_by_default());
        let envelope = request.envelope(input.idempotency_key, input.reason);
        let outcome = match StartCount::new(envelope, &start) {
            Ok(start) => done(context, "count.start", context.counts().start(&start)).await?,
            Err(refusals) => CountOutcome::Refused(refusals),
        };
        Ok(told(context, outcome).into())
    }

    /// Records what was counted. It may come late and in any order, and be sent again: each line is
    /// recorded at most once for its own key, for ever, and answered then as it was the first time,
    /// when the stocktake has been closed, too. To count a SKU again, record another observation.
    ///
    /// Refuses with `COUNT_NOT_FOUND`, `COUNT_NOT_OPEN`, `SKU_NOT_IN_COUNT`, `FLOW_NOT_FOUND` and
    /// `TOO_MANY_LINES`.
    ///
    /// Needs `stock:manage`.
    #[graphql(guard = "STOCK_MANAGE")]
    async fn inventory_count_record(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What was counted.")] input: InventoryCountRecordInput,
    ) -> Result<InventoryCountRecordPayload> {
        // Each line has a key of its own.
        let envelope = context.request().envelope(String::new(), None);
        let outcome = match RecordCount::new(envelope, &input.request()) {
            Ok(record) => done(context, "count.record", context.counts().record(&record)).await?,
            Err(refusals) => CountOutcome::Refused(refusals),
        };
        Ok(told(context, outcome).into())
    }

    /// Completes a stocktake: puts the variances of all SKUs that were counted on the books, in one
    /// transaction, with an entry for each that was counted, also where it agrees, as proof that it was.
    /// What was sold or came in since a shelf was counted stays as it is, and what others have adjusted
    /// since is not adjusted again. A stocktake is completed once, whoever asks and however often.
    ///
    /// Refuses with `COUNT_NOT_FOUND`, `COUNT_NOT_OPEN`, `COUNT_UNCOUNTED`, `COUNT_CHANGED`,
    /// `COUNT_STALE`, `COUNT_NEEDS_SECOND_PERSON` and `QUANTITY_OVERFLOW`; of SKUs at fault the first
    /// 250 are told.
    ///
    /// Needs `stock:manage`.
    #[graphql(guard = "STOCK_MANAGE")]
    async fn inventory_count_complete(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which stocktake, as it was reviewed.")]
        input: InventoryCountCompleteInput,
    ) -> Result<InventoryCountCompletePayload> {
        let outcome = match count_id(&input.count_id) {
            Ok(id) => {
                let complete = input.request(id, context.request());
                let completed = context.counts().complete(&complete);
                done(context, "count.complete", completed).await?
            }
            Err(refusals) => CountOutcome::Refused(refusals),
        };
        Ok(told(context, outcome).into())
    }

    /// Gives a stocktake up. What was recorded stays to be read; no amount changes.
    ///
    /// Refuses with `COUNT_NOT_FOUND` and `COUNT_NOT_OPEN`.
    ///
    /// Needs `stock:manage`.
    #[graphql(guard = "STOCK_MANAGE")]
    async fn inventory_count_abandon(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which stocktake.")] input: InventoryCountAbandonInput,
    ) -> Result<InventoryCountAbandonPayload> {
        let outcome = match count_id(&input.count_id) {
            Ok(id) => {
                let caller = &context.request().caller;
                let abandoned = context.counts().abandon(id, caller.actor(), caller.visibility());
                done(context, "count.abandon", abandoned).await?
            }
            Err(refusals) => CountOutcome::Refused(refusals),
        };
        Ok(told(context, outcome).into())
    }
}

/// The count that an id names.
fn count_id(id: &ID) -> std::result::Result<CountId, Vec<Refusal>> {
    id.parse().map_err(|invalid: crate::domain::id::InvalidId| {
        vec![Refusal { field: Field::of(Argument::CountId), violation: invalid.into() }]
    })
}

/// Waits for what becomes of a change.
async fn done<T>(
    context: &Context<'_>,
    name: &'static str,
    change: impl Future<Output = std::result::Result<T, CountError>>,
) -> Result<T> {
    let request = context.request();
    let done = Span::part(name).around(change).await.map_err(|error| request.failed(&error))?;
    request.loaders.renew();
    Ok(done)
}

/// Counts what a change was refused for.
fn told<T>(context: &Context<'_>, outcome: CountOutcome<T>) -> CountOutcome<T> {
    if let CountOutcome::Refused(refusals) = &outcome {
        refused(context, refusals);
    }
    outcome
}
