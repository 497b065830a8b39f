//! One SKU's stock.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};

use super::connection::InventoryFlowConnection;
use super::proof::InventoryProof;
use crate::domain::{self, MerchantId, ReadAfter, SkuId};
use crate::graphql::arguments::PageArguments;
use crate::graphql::budget::{COUNT_OF_SKU, PAGE_OF_SKU, spend, spend_on_page};
use crate::graphql::context::ContextExt as _;
use crate::graphql::input::{InventoryFlowOrder, InventoryFlowWhere};
use crate::graphql::needs::AUDIT_READ;
use crate::graphql::point::InventoryPointInput;
use crate::graphql::scalar::{BigInt, DateTime, Hash};
use crate::graphql::texts::spend_on_texts;
use crate::telemetry::trace::Span;

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

impl Inventory {
    fn stock(&self) -> domain::Inventory {
        domain::Inventory {
            sku_id: self.sku,
            merchant_id: self.merchant,
            leaved_amount: self.leaved_amount,
            version: self.version.0,
            created_at: self.created_at.0,
            updated_at: self.updated_at.0,
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

    /// The stock as it was at a point of the past: at an instant, or after an entry. Null if the SKU was
    /// not on the books then. One of the two arguments must be given. What was still being
    /// written at that moment may appear a little later; after that the same point gives the same answer
    /// for ever.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn as_of(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "An instant: whatever was written at it or before has taken effect.")]
        at: Option<DateTime>,
        #[graphql(
            desc = "An entry, of whichever SKU: it and every entry of a lesser id has taken \
                          effect."
        )]
        flow_id: Option<ID>,
    ) -> Result<Option<Self>> {
        spend(context, PAGE_OF_SKU)?;
        let request = context.request();
        let cut = InventoryPointInput::of(at, flow_id).read(request, &[]).await?;
        let stock = request.stock_as_of(self.sku, self.created_at.0, cut).await?;
        Ok(stock.map(Into::into))
    }

    /// The hash of the entry that made this amount: the end of the SKU's chain, as of `version`. Null
    /// while that entry waits to be chained.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn chain_head(&self, context: &Context<'_>) -> Result<Option<Hash>> {
        spend(context, PAGE_OF_SKU)?;
        let flow = context.request().flow_at(self.sku, self.version.0).await?;
        Ok(flow.and_then(|flow| flow.entry_hash).map(Hash))
    }

    /// Proves the amount: the entries that made it, added up by kind, and whether they make it. Of
    /// long histories what the older entries add up to is kept, and compared with the entry up to which
    /// it was; the first who asks for such a proof may wait for some seconds.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn proof(&self, context: &Context<'_>) -> Result<InventoryProof> {
        spend(context, COUNT_OF_SKU)?;
        let request = context.request();
        let stock = self.stock();
        let proof = context.audit().prove(&stock, &request.reading.asked);
        let proof = Span::part("audit.prove").around(proof).await;
        let proof = request.reading.noted(proof.map_err(|error| request.failed(&error))?);
        spend_on_texts(context, Some("lastFlow"), proof.last.as_slice())?;
        Ok(proof.into())
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
