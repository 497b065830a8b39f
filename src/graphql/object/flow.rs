//! One change of one SKU's stock.

use async_graphql::{ComplexObject, Context, Enum, ID, Result, SimpleObject};

use super::inventory::Inventory;
use super::seal::InventoryInclusionProof;
use crate::domain::{self, FlowKind, SkuId};
use crate::graphql::budget::spend_on_nodes;
use crate::graphql::context::ContextExt as _;
use crate::graphql::needs::{AUDIT_READ, REFUNDED, STOCK_READ};
use crate::graphql::scalar::{BigInt, DateTime, Hash};
use crate::graphql::texts::spend_on_texts;

/// Why stock changed.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum InventoryFlowKind {
    /// A SKU was put on the books.
    Opening,
    /// Units were taken for an order line.
    Deduction,
    /// Units of a deduction came back.
    Refund,
    /// The merchant brought units in.
    Replenishment,
    /// The amount was set after a count.
    Adjustment,
}

impl From<FlowKind> for InventoryFlowKind {
    fn from(kind: FlowKind) -> Self {
        match kind {
            FlowKind::Opening => Self::Opening,
            FlowKind::Deduction => Self::Deduction,
            FlowKind::Refund => Self::Refund,
            FlowKind::Replenishment => Self::Replenishment,
            FlowKind::Adjustment => Self::Adjustment,
        }
    }
}

impl From<InventoryFlowKind> for FlowKind {
    fn from(kind: InventoryFlowKind) -> Self {
        match kind {
            InventoryFlowKind::Opening => Self::Opening,
            InventoryFlowKind::Deduction => Self::Deduction,
            InventoryFlowKind::Refund => Self::Refund,
            InventoryFlowKind::Replenishment => Self::Replenishment,
            InventoryFlowKind::Adjustment => Self::Adjustment,
        }
    }
}

/// One change of one SKU's stock. Written once, in the transaction that made the change; never
/// changed or deleted.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryFlow {
    /// The id of the entry. Keep that of a deduction: it is what a refund names.
    id: ID,
    /// The SKU whose stock changed.
    sku_id: ID,
    /// The merchant whom the SKU belongs to.
    merchant_id: ID,
    /// Why it changed.
    kind: InventoryFlowKind,
    /// Units taken from stock; negative when units came in. Column
    /// `t_inventory_flow.quantity_trade`.
    quantity_trade: i32,
    /// Units that were there before.
    quantity_before: i32,
    /// Units that were left after: `quantityBefore` minus `quantityTrade`.
    quantity_after: i32,
    /// 1 for the SKU's first entry, then without a gap.
    sequence: BigInt,
    /// When it was written.
    created_at: DateTime,
    /// Its place in the SKU's chain: the SHA-256 of the hash of the SKU's entry before it, 32 zeros for
    /// the first, and of `contentHash`. Whoever changes, removes or puts in an entry changes every later
    /// hash. Null while an entry of a server of an earlier version waits to be chained.
    hash: Option<Hash>,
    #[graphql(skip)]
    flow: domain::Flow,
}

impl From<domain::Flow> for InventoryFlow {
    fn from(flow: domain::Flow) -> Self {
        Self {
            id: flow.id.to_string().into(),
            sku_id: flow.sku_id.to_string().into(),
            merchant_id: flow.merchant_id.to_string().into(),
            kind: flow.kind.into(),
            quantity_trade: flow.quantity_trade,
            quantity_before: flow.quantity_before(),
            quantity_after: flow.leaved_after,
            sequence: BigInt(flow.sequence),
            created_at: DateTime(flow.created_at),
            hash: flow.entry_hash.map(Hash),
            flow,
        }
    }
}

#[ComplexObject]
impl InventoryFlow {
    /// The order line, for deductions and their refunds; otherwise null.
    async fn order_detail_id(&self) -> Option<&str> {
        self.flow.order_detail_id.as_deref()
    }

    /// Why, as the caller told it.
    async fn reason(&self) -> Option<&str> {
        self.flow.reason.as_deref()
    }

    /// Who did it, as the server authenticated them; never taken from the request.
    async fn actor(&self) -> &str {
        &self.flow.actor
    }

    /// The key of the request that wrote it.
    async fn idempotency_key(&self) -> &str {
        &self.flow.idempotency_key
    }

    /// The SHA-256 over what the entry says, everything but its id and its hash, in the bytes that the
    /// server's README describes.
    async fn content_hash(&self) -> Hash {
        Hash(self.flow.content_hash())
    }

    /// The SKU's stock as it is now, not as it was at this entry: see `quantityBefore` and
    /// `quantityAfter` for that.
    ///
    /// Needs `stock:read`.
    #[graphql(guard = "STOCK_READ")]
    async fn inventory(&self, context: &Context<'_>) -> Result<Inventory> {
        spend_on_nodes(context, 1)?;
        let request = context.request();
        let stock = request.inventory(self.flow.sku_id).await?;
        let stock = stock.ok_or_else(|| request.failed(&Vanished(self.flow.sku_id)))?;
        Ok(stock.into())
    }

    /// For a refund, the deduction that it gives back; otherwise null.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn deduction(&self, context: &Context<'_>) -> Result<Option<Self>> {
        spend_on_nodes(context, 1)?;
        match self.flow.deduction_id {
            Some(id) => {
                let flow = context.request().flow(id).await?;
                spend_on_texts(context, None, flow.as_slice())?;
                Ok(flow.map(Into::into))
            }
            None => Ok(None),
        }
    }

    /// For a deduction, its refunds, oldest first; otherwise none. At most the first 1,000: the rest
    /// is found by `inventoryFlows(where: {deductionId: …})`.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn refunds(&self, context: &Context<'_>) -> Result<Vec<Self>> {
        if self.flow.kind != FlowKind::Deduction {
            return Ok(Vec::new());
        }
        let refunds = context.request().refunds(self.flow.id).await?;
        spend_on_nodes(context, refunds.len())?;
        spend_on_texts(context, None, &refunds)?;
        Ok(refunds.into_iter().map(Into::into).collect())
    }

    /// For a deduction, units given back so far; otherwise 0.
    ///
    /// Needs `stock:write` or `audit:read`.
    #[graphql(guard = "REFUNDED")]
    async fn refunded_quantity(&self, context: &Context<'_>) -> Result<i32> {
        self.refunded(context).await
    }

    /// For a deduction, units that may still be given back; otherwise 0.
    ///
    /// Needs `stock:write` or `audit:read`.
    #[graphql(guard = "REFUNDED")]
    async fn refundable_quantity(&self, context: &Context<'_>) -> Result<i32> {
        let refunded = self.refunded(context).await?;
        Ok(match self.flow.kind {
            FlowKind::Deduction => self.flow.quantity_trade.saturating_sub(refunded).max(0),
            FlowKind::Opening
            | FlowKind::Refund
            | FlowKind::Replenishment
            | FlowKind::Adjustment => 0,
        })
    }

    /// That the entry is beneath a seal, for whoever has that seal from elsewhere; null if it is not,
    /// or there is no such seal. It costs as much as counting a whole list, because it reads the ends
    /// of all chains in the seal. Where the books were damaged so that there is no proof, it is
    /// answered with the error `INTERNAL`, and the log tells why.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn inclusion_proof(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Beneath which seal; the first that reaches the entry if absent.")]
        seal_id: Option<ID>,
    ) -> Result<Option<InventoryInclusionProof>> {
        InventoryInclusionProof::read(context, self.flow.id, seal_id).await
    }
}

impl InventoryFlow {
    async fn refunded(&self, context: &Context<'_>) -> Result<i32> {
        if self.flow.kind != FlowKind::Deduction {
            return Ok(0);
        }
        context.request().refunded_quantity(self.flow.id).await
    }
}

/// An entry whose SKU is not on the books, which no version of the server leaves behind.
#[derive(Debug, thiserror::Error)]
#[error("SKU {0} has history but no stock")]
struct Vanished(SkuId);

impl crate::graphql::error::Failure for Vanished {
    fn kind(&self) -> domain::FaultKind {
        domain::FaultKind::Internal
    }
}
