//! One SKU's stock.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};

use super::connection::InventoryFlowConnection;
use crate::domain::{self, MerchantId, ReadAfter, SkuId};
use crate::graphql::arguments::PageArguments;
use crate::graphql::budget::spend_on_page;
use crate::graphql::context::ContextExt as _;
use crate::graphql::input::{InventoryFlowOrder, InventoryFlowWhere};
use crate::graphql::needs::AUDIT_READ;
use crate::graphql::scalar::{BigInt, DateTime};

/// One SKU's stock, as it was when it was read.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct Inventory {
    /// The id of the SKU.
    sku_id: ID,
    /// The merchant whom the SKU belongs to, for ever.
    merchant_id: ID,
    /// Units that can be sold now; never negative. Column `t_inventory.leaved_amount`.
    leaved_amount: i32,
    /// How many flow entries made this amount; it grows by one with each. Of two copies of a SKU's
    /// stock the one with the greater version is the newer.
    version: BigInt,
    /// When the SKU was put on the books.
    created_at: DateTime,
    /// When its newest entry was written.
    updated_at: DateTime,
    #[graphql(skip)]
    sku: SkuId,
    #[graphql(skip)]
    merchant: MerchantId,
}

impl From<domain::Inventory> for Inventory {
    fn from(stock: domain::Inventory) -> Self {
        Self {
            sku_id: stock.sku_id.to_string().into(),
            merchant_id: stock.merchant_id.to_string().into(),
            leaved_amount: stock.leaved_amount,
            version: BigInt(stock.version),
            created_at: DateTime(stock.created_at),
            updated_at: DateTime(stock.updated_at),
            sku: stock.sku_id,
            merchant: stock.merchant_id,
        }
    }
}

#[ComplexObject]
impl Inventory {
    /// Send it back in the header `stockflow-read-after` of a later request, and what that reads of
    /// this SKU is at least as new as this.
    async fn read_token(&self) -> String {
        ReadAfter::of_version(self.sku, self.version.0).to_string()
    }

    /// The SKU's own history: filtered, ordered, 50 entries a page and 200 at most. A `skuId` or
    /// `merchantId` in `where` that is not this SKU's finds nothing.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the contract")]
    async fn flows(
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
        let mut filter = filter.unwrap_or_default().read(request)?;
        let page = PageArguments { first, after, last, before }.read(request)?;
        spend_on_page(context, page.limit, &filter)?;
        // What is left of the filter's own SKUs and merchant; none of them finds nothing.
        let (sku_ids, merchant_id) = (filter.sku_ids.take(), filter.merchant_id.take());
        if sku_ids.is_some_and(|sku_ids| !sku_ids.contains(&self.sku))
            || merchant_id.is_some_and(|merchant_id| merchant_id != self.merchant)
        {
            filter.sku_ids = Some(Vec::new());
            return Ok(InventoryFlowConnection::nothing(filter));
        }
        let key = (self.sku, filter.clone(), order_by.into(), page);
        let page = request.flow_page(key).await?;
        Ok(InventoryFlowConnection::of_sku(page, self.sku, filter))
    }
}
