//! The changes that come many in one request. Each line is a command to the ledger.

use async_graphql::{Context, Object, Result};

use super::context::ContextExt as _;
use super::error::LineFailure;
use super::input::{InventoryDeductManyInput, InventoryErrorPolicy, InventoryReplenishManyInput};
use super::mutation::refused;
use super::needs::{STOCK_MANAGE, STOCK_WRITE};
use super::object::{BulkResults, InventoryDeductManyPayload, InventoryReplenishManyPayload};
use crate::domain::{Bulk, Command, LineOutcome, Origin, Outcome, Source};
use crate::telemetry::trace::Span;

/// The changes of stock that come many in one request.
#[derive(Default)]
pub(super) struct BulkMutation;

#[Object]
impl BulkMutation {
    /// Takes units for up to 5,000 order lines that have nothing to do with each other, as from an
    /// import of orders. Each line is the same as an `inventoryDeduct` of its own: it has a key of its
    /// own, under which `inventoryOperation` finds it and it may be sent again in either way, and an
    /// outcome of its own.
    ///
    /// With the policy `REJECT_FAILED` a line that is refused is left out, and one that fails is told
    /// with its `failure`: what became of the others is always answered. Send those again that failed,
    /// or simply all of them. With `REJECT_ALL` all lines are carried out in one transaction, or none
    /// of them, but for those that had been carried out before; the whole request fails then with
    /// `BUSY` or `UNAVAILABLE`, as a single change does.
    ///
    /// A key that comes twice in one request is answered as its first line, or refused with
    /// `IDEMPOTENCY_KEY_REUSED` if the two want something different.
    ///
    /// Refuses with `TOO_MANY_LINES`, and a line with `INSUFFICIENT_STOCK` and `SKU_NOT_FOUND`.
    ///
    /// Needs `stock:write`.
    #[graphql(guard = "STOCK_WRITE")]
    async fn inventory_deduct_many(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The lines.")] input: InventoryDeductManyInput,
    ) -> Result<InventoryDeductManyPayload> {
        let InventoryDeductManyInput { lines, error_policy } = input;
        let results = carry_out(context, error_policy, lines, |line| {
            let request = line.request();
            let envelope = context.request().envelope(line.idempotency_key, line.reason);
            Command::deduct(envelope, &request)
        });
        Ok(results.await?.into())
    }

    /// Adds units to up to 5,000 SKUs, as from a nightly feed. Each line is the same as an
    /// `inventoryReplenish` of its own; for the rest, see `inventoryDeductMany`.
    ///
    /// Refuses with `TOO_MANY_LINES`, and a line with `SKU_NOT_FOUND` and `QUANTITY_OVERFLOW`.
    ///
    /// Needs `stock:manage`.
    #[graphql(guard = "STOCK_MANAGE")]
    async fn inventory_replenish_many(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The lines.")] input: InventoryReplenishManyInput,
    ) -> Result<InventoryReplenishManyPayload> {
        let InventoryReplenishManyInput { lines, error_policy } = input;
        let results = carry_out(context, error_policy, lines, |line| {
            let request = line.request();
            let envelope = context.request().envelope(line.idempotency_key, line.reason);
            Command::replenish(envelope, &request)
        });
        Ok(results.await?.into())
    }
}

/// Has the ledger carry the lines out, as far as they are not refused already.
async fn carry_out<L>(
    context: &Context<'_>,
    policy: InventoryErrorPolicy,
    lines: Vec<L>,
    command: impl Fn(L) -> std::result::Result<Command, Vec<crate::domain::Refusal>>,
) -> Result<BulkResults> {
    if let Err(refusal) = Bulk::check_length(lines.len()) {
        refused(context, std::slice::from_ref(&refusal));
        return Ok(refusal.into());
    }
    let bulk = Bulk::of(lines.into_iter().map(command));
    let request = context.request();
    // It is decided after this instant, by all that was committed before.
    let origin = Origin { source: Source::Primary, as_of: std::time::Instant::now() };
    let carried_out = match policy {
        InventoryErrorPolicy::RejectFailed => Ok(each(context, bulk).await),
        InventoryErrorPolicy::RejectAll => together(context, bulk).await,
    };
    request.reading.note(origin);
    request.loaders.renew();
    let outcomes = carried_out?;
    for outcome in &outcomes {
        if let LineOutcome::Decided(Outcome::Refused(refusals)) = outcome {
            refused(context, refusals);
        }
    }
    Ok(outcomes.into())
}

async fn each(context: &Context<'_>, mut bulk: Bulk) -> Vec<LineOutcome<LineFailure>> {
    let request = context.request();
    let submitted = context.ledger().submit_each(bulk.take_commands(), request.answer_by);
    let answers = Span::part("ledger.submit").around(submitted).await;
    request.lines_failed(answers.iter().filter_map(|answer| answer.as_ref().err()));
    let outcomes = answers.into_iter().map(|answer| match answer {
        Ok(outcome) => LineOutcome::Decided(outcome),
        Err(error) => LineOutcome::Failed(LineFailure::of(&error)),
    });
    bulk.outcomes(&outcomes.collect::<Vec<_>>())
}

async fn together(context: &Context<'_>, mut bulk: Bulk) -> Result<Vec<LineOutcome<LineFailure>>> {
    if bulk.has_refused() {
        return Ok(bulk.outcomes(&[]));
    }
    let submitted = context.ledger().submit_together(bulk.take_commands());
    let answered = Span::part("ledger.submit").around(submitted).await;
    let answers = answered.map_err(|error| context.request().failed(&error))?;
    let outcomes = answers.into_iter().map(|answer| match answer {
        Some(outcome) => LineOutcome::Decided(outcome),
        None => LineOutcome::Withheld,
    });
    Ok(bulk.outcomes(&outcomes.collect::<Vec<_>>()))
}
