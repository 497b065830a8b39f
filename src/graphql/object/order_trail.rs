//! What became of an order line.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};

use super::connection::InventoryFlowConnection;
use crate::domain::{OrderTrail, SkuId, TrailSums};
use crate::graphql::arguments::PageArguments;
use crate::graphql::budget::{PAGE_OF_SKU, spend, spend_on_nodes};
use crate::graphql::context::ContextExt as _;
use crate::graphql::needs::AUDIT_READ;
use crate::graphql::scalar::{BigInt, DateTime};

/// What was taken of one SKU for an order line, and what came back.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryOrderTrailSku {
    /// The SKU.
    sku_id: ID,
    /// Units that were taken.
    deducted: BigInt,
    /// Units that came back.
    refunded: BigInt,
    /// Units that may still be given back.
    refundable: BigInt,
    /// How many deductions there are.
    deduction_count: BigInt,
    /// How many refunds of them there are.
    refund_count: BigInt,
    /// When the first of these entries was written.
    first_at: DateTime,
    /// When the last was written.
    last_at: DateTime,
}

impl From<(SkuId, TrailSums)> for InventoryOrderTrailSku {
    fn from((sku_id, sums): (SkuId, TrailSums)) -> Self {
        Self {
            sku_id: sku_id.to_string().into(),
            deducted: BigInt(sums.deducted),
            refunded: BigInt(sums.refunded),
            refundable: BigInt(sums.refundable()),
            deduction_count: BigInt(sums.deductions),
            refund_count: BigInt(sums.refunds),
            first_at: DateTime(sums.first_at),
            last_at: DateTime(sums.last_at),
        }
    }
}

/// What became of an order line: what was taken for it, what came back, and what may still be given back.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryOrderTrail {
    /// The order line.
    order_detail_id: String,
    /// Units that were taken, of all its SKUs.
    deducted: BigInt,
    /// Units that came back, of all its SKUs.
    refunded: BigInt,
    /// Units that may still be given back, of all its SKUs.
    refundable: BigInt,
    /// How many deductions there are.
    deduction_count: BigInt,
    /// How many refunds of them there are.
    refund_count: BigInt,
    /// When the first of its entries was written.
    first_at: DateTime,
    /// When the last was written.
    last_at: DateTime,
    /// How many SKUs it has.
    sku_count: BigInt,
    #[graphql(skip)]
    trail: OrderTrail,
}

impl From<OrderTrail> for InventoryOrderTrail {
    fn from(trail: OrderTrail) -> Self {
        let sums = &trail.sums;
        Self {
            order_detail_id: trail.order_detail_id.clone(),
            deducted: BigInt(sums.deducted),
            refunded: BigInt(sums.refunded),
            refundable: BigInt(sums.refundable()),
            deduction_count: BigInt(sums.deductions),
            refund_count: BigInt(sums.refunds),
            first_at: DateTime(sums.first_at),
            last_at: DateTime(sums.last_at),
            sku_count: BigInt(trail.sku_count),
            trail,
        }
    }
}

#[ComplexObject]
impl InventoryOrderTrail {
    /// The same for each of its SKUs, in the order of their ids; the first 100 at the most. The others are
    /// found by `inventoryFlowSummary(where: {orderDetailId: …}, groupBy: [SKU])`.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn skus(&self, context: &Context<'_>) -> Result<Vec<InventoryOrderTrailSku>> {
        spend_on_nodes(context, self.trail.skus.len())?;
        Ok(self.trail.skus.iter().copied().map(Into::into).collect())
    }

    /// Its deductions, in the order in which they took effect; 50 a page and 200 at most. Each tells its
    /// refunds, step by step, and what may still be given back of it.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn deductions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "So many deductions from the beginning of the list; 0 to 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only deductions behind this cursor.")] after: Option<String>,
    ) -> Result<InventoryFlowConnection> {
        let request = context.request();
        let page = PageArguments { first, after, ..PageArguments::default() }.read(request)?;
        spend(context, PAGE_OF_SKU.saturating_add(u64::from(page.limit)))?;
        let key = (page, self.trail.order_detail_id.clone());
        let page = request.order_deductions(key).await?;
        Ok(InventoryFlowConnection::counted(page, self.trail.sums.deductions))
    }
}
