//! Why an amount is what it is.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};

use super::connection::InventoryFlowConnection;
use super::flow::{InventoryFlow, InventoryFlowKind};
use crate::domain::{
    Cause, CauseEntries, Cut, Explanation, Flow, ReadAfter, SkuId, Snapshot, Stretch,
};
use crate::graphql::arguments::PageArguments;
use crate::graphql::budget::{COUNT_OF_SKU, spend, spend_on_nodes};
use crate::graphql::context::ContextExt as _;
use crate::graphql::needs::AUDIT_READ;
use crate::graphql::scalar::{BigInt, DateTime};
use crate::graphql::texts::{spend_on_lengths, spend_on_texts};
use crate::store::Asked;
use crate::telemetry::trace::Span;

/// How much of a SKU was there once an entry had taken effect.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventorySnapshot {
    /// The units; 0 before the SKU was on the books.
    quantity: i32,
    /// How many of the SKU's entries had taken effect: the `sequence` of the last of them; 0 before the
    /// first.
    sequence: BigInt,
    /// The instant: the one that was asked for, that of the entry that was asked for, or else that of the
    /// SKU's newest entry; null before the first.
    at: Option<DateTime>,
    #[graphql(skip)]
    entry: Option<Flow>,
}

impl InventorySnapshot {
    fn new(snapshot: &Snapshot, cut: Option<Cut>) -> Self {
        let written_at = snapshot.flow.as_ref().map(|flow| flow.created_at);
        Self {
            quantity: snapshot.quantity(),
            sequence: BigInt(snapshot.sequence()),
            at: cut.map(|cut| cut.reached_at).or(written_at).map(DateTime),
            entry: snapshot.flow.clone(),
        }
    }
}

#[ComplexObject]
impl InventorySnapshot {
    /// The last of the SKU's entries that had taken effect; null before the first.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn flow(&self, context: &Context<'_>) -> Result<Option<InventoryFlow>> {
        spend_on_nodes(context, 1)?;
        spend_on_texts(context, None, self.entry.as_slice())?;
        Ok(self.entry.clone().map(Into::into))
    }
}

/// What happened for one reason: the entries of one kind for which the same reason was given, by whomever.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryCause {
    /// What was done; null where `others` is true.
    kind: Option<InventoryFlowKind>,
    /// Why, as the callers told it; null if they did not, and where `others` is true.
    reason: Option<String>,
    /// Whether these are all the entries of kinds and reasons that no other cause names.
    others: bool,
    /// How many kinds and reasons it has: 1, but for the `others`.
    reason_count: BigInt,
    /// Who did it, if it was one and the same each time; null if there were several.
    actor: Option<String>,
    /// How many entries there are.
    entry_count: BigInt,
    /// Units that they took from stock.
    units_out: BigInt,
    /// Units that they brought in.
    units_in: BigInt,
    /// `unitsOut` minus `unitsIn`: by how much they lowered the amount; negative if they raised it.
    net: BigInt,
    #[graphql(skip)]
    stretch: Stretch,
    #[graphql(skip)]
    cause: Cause,
}

impl InventoryCause {
    fn new(cause: Cause, stretch: Stretch) -> Self {
        let (kind, reason) = match &cause.entries {
            CauseEntries::Of(reasoned) => (Some(reasoned.kind), reasoned.reason.clone()),
            CauseEntries::Others(_) => (None, None),
        };
        Self {
            kind: kind.map(Into::into),
            reason,
            others: kind.is_none(),
            reason_count: BigInt(cause.reasons),
            actor: cause.actor.clone(),
            entry_count: BigInt(cause.totals.entries),
            units_out: BigInt(cause.totals.units_out),
            units_in: BigInt(cause.totals.units_in),
            net: BigInt(cause.totals.net()),
            stretch,
            cause,
        }
    }
}

#[ComplexObject]
impl InventoryCause {
    /// The entries, oldest first; 50 a page and 200 at most.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn flows(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "So many entries from the beginning of the list; 0 to 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only entries behind this cursor.")] after: Option<String>,
    ) -> Result<InventoryFlowConnection> {
        let request = context.request();
        let page = PageArguments { first, after, ..PageArguments::default() }.read(request)?;
        spend(context, COUNT_OF_SKU.saturating_add(u64::from(page.limit)))?;
        let key = (self.stretch, page, self.cause.entries.clone());
        let page = request.cause_page(key).await?;
        Ok(InventoryFlowConnection::counted(page, self.cause.totals.entries))
    }
}

/// Entries that are added up without waiting for a turn at long work.
const SHORT_ENTRIES_MAX: i64 = 10_000;

/// Why a SKU has the amount that it has: the amount at the beginning, what happened, and the amount at the
/// end. `opening.quantity` minus `net` is `quantityByEntries`, which is `closing.quantity` in books that
/// are right.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryExplanation {
    /// The SKU.
    sku_id: ID,
    /// How much was there before it.
    opening: InventorySnapshot,
    /// How much was there after it.
    closing: InventorySnapshot,
    /// How many entries lie between.
    entry_count: BigInt,
    /// Units that they took from stock, all in all.
    units_out: BigInt,
    /// Units that they brought in, all in all.
    units_in: BigInt,
    /// `unitsOut` minus `unitsIn`, which is the sum over the causes: by how much the amount fell; negative
    /// if it rose.
    net: BigInt,
    /// The amount that the causes lead to.
    quantity_by_entries: BigInt,
    /// How many entries should lie between, by the `sequence` of both ends.
    entry_count_by_sequence: BigInt,
    /// Whether the causes lead from the first amount to the last, and no entry is missing. If not, somebody
    /// has changed the books past the server: `inventoryReconciliation` names what is wrong.
    agrees: bool,
    #[graphql(skip)]
    stretch: Stretch,
    #[graphql(skip)]
    found: Vec<Cause>,
}

impl InventoryExplanation {
    /// That of a SKU between two points of the past, if there are such; `None` if the SKU does not exist.
    pub(in crate::graphql) async fn read(
        context: &Context<'_>,
        sku_id: SkuId,
        from: Option<Cut>,
        to: Option<Cut>,
    ) -> Result<Option<Self>> {
        let request = context.request();
        let opening = match from {
            Some(cut) => request.flow_as_of((sku_id, cut, request.begun_at)).await?,
            None => None,
        };
        let opening = Snapshot { flow: opening };
        // From a source that has come as far as the beginning.
        let own = &request.reading.asked.read_after;
        let version = opening.sequence().max(own.version_min(sku_id));
        let reached = ReadAfter::of_version(sku_id, version);
        // Of a token that is as long as may be, this SKU is what matters.
        let reached = own.clone().and(&reached).unwrap_or(reached);
        let asked = match opening.flow {
            Some(_) => Asked { read_after: reached, ..request.reading.asked.clone() },
            None => request.reading.asked.clone(),
        };
        let newest = context.store().find_newest_flow(sku_id, &asked);
        let newest = Span::part("store.find_newest_flow").around(newest).await;
        let newest = request.reading.noted(newest.map_err(|error| request.failed(&error))?);
        let Some(newest) = newest else { return Ok(None) };
        let closing = match to {
            Some(cut) => request.flow_as_of((sku_id, cut, request.begun_at)).await?,
            None => Some(newest),
        };
        let closing = Snapshot { flow: closing };
        let stretch = Stretch { sku_id, after: opening.sequence(), until: closing.sequence() };
        let is_long = stretch.until.saturating_sub(stretch.after) > SHORT_ENTRIES_MAX;
        let turn =
            async { if is_long { context.audit().turn().await.map(Some) } else { Ok(None) } };
        let _turn = turn.await.map_err(|error| request.failed(&error))?;
        let causes = context.store().load_causes(stretch, &request.reading.asked);
        let causes = Span::part("store.load_causes").around(causes).await;
        let causes = request.reading.noted(causes.map_err(|error| request.failed(&error))?);
        let explanation = Explanation { opening, closing, causes };
        Ok(Some(Self::new(explanation, stretch, from, to)))
    }

    fn new(explanation: Explanation, stretch: Stretch, from: Option<Cut>, to: Option<Cut>) -> Self {
        let totals = explanation.totals();
        Self {
            sku_id: stretch.sku_id.to_string().into(),
            opening: InventorySnapshot::new(&explanation.opening, from),
            closing: InventorySnapshot::new(&explanation.closing, to),
            entry_count: BigInt(totals.entries),
            units_out: BigInt(totals.units_out),
            units_in: BigInt(totals.units_in),
            net: BigInt(totals.net()),
            quantity_by_entries: BigInt(explanation.quantity_by_entries()),
            entry_count_by_sequence: BigInt(explanation.entries_expected()),
            agrees: explanation.agrees(),
            stretch,
            found: explanation.causes,
        }
    }
}

#[ComplexObject]
impl InventoryExplanation {
    /// What happened, by what was done and the reason that was given: the 100 causes by which most units
    /// were moved, and one more for all `others`, so that the sum holds.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn causes(&self, context: &Context<'_>) -> Result<Vec<InventoryCause>> {
        spend_on_nodes(context, self.found.len())?;
        let causes: Vec<InventoryCause> = self
            .found
            .iter()
            .map(|cause| InventoryCause::new(cause.clone(), self.stretch))
            .collect();
        let texts =
            causes.iter().flat_map(|cause| [cause.reason.as_deref(), cause.actor.as_deref()]);
        spend_on_lengths(context, &["reason", "actor"], texts)?;
        Ok(causes)
    }
}
