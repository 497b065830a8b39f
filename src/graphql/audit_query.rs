//! The questions by which the books are proved.

use async_graphql::{Context, ID, Object, Result};

use super::arguments::{self, PageArguments};
use super::budget::{COUNT, LIST, spend};
use super::context::ContextExt as _;
use super::input::InventoryWhere;
use super::needs::AUDIT_READ;
use super::object::{InventoryReconciliationConnection, InventoryVerification};
use super::scalar::BigInt;
use crate::telemetry::trace::Span;

/// Entries that one question recomputes, about.
const VERIFIED_ENTRIES_MAX: i64 = 200_000;

/// The questions by which the books are proved.
#[derive(Default)]
pub(super) struct AuditQuery;

#[Object]
impl AuditQuery {
    /// Reconciles SKUs, in the order of their ids: compares the amount and the version on the books with
    /// the entries, from the first to the newest, and refunds with the deductions that they give back. A
    /// SKU is compared as it was at one moment, so that a sale under way is never a finding. It reads
    /// every entry: 50 SKUs a page and 200 at most, and fewer where histories are long, for a page ends
    /// after some 250,000 entries. For all the books at once there is `stockflow audit reconcile`. The
    /// error `BUSY` tells that others are at such work.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn inventory_reconciliation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which SKUs are wanted; all of them if absent.", name = "where")]
        filter: Option<InventoryWhere>,
        #[graphql(desc = "So many SKUs from the beginning of the list; 0 to 200.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only SKUs behind this cursor.")] after: Option<String>,
    ) -> Result<InventoryReconciliationConnection> {
        let request = context.request();
        let filter = filter.unwrap_or_default().read(request)?;
        let page = PageArguments { first, after, last: None, before: None }.read(request)?;
        spend(context, LIST.saturating_add(COUNT))?;
        let asked = &request.reading.asked;
        let page = context.audit().list_reconciliations(&filter, &page, asked);
        let page = Span::part("audit.list_reconciliations").around(page).await;
        let page = request.reading.noted(page.map_err(|error| request.failed(&error))?);
        Ok(InventoryReconciliationConnection::new(page))
    }

    /// Recomputes the hashes of a SKU's entries and names the first entry that does not fit; null if the
    /// SKU does not exist. Some 200,000 entries at a time: if `complete` is false, ask again with
    /// `afterSequence`. For all the books at once, and to compare them with a seal, there is
    /// `stockflow audit verify`. The error `BUSY` tells that others are at such work.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn inventory_verify(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The SKU.")] sku_id: ID,
        #[graphql(
            desc = "Only the entries behind this place in its sequence. The hash of the entry \
                          there is taken as it is; from the first entry on if absent."
        )]
        after_sequence: Option<BigInt>,
    ) -> Result<Option<InventoryVerification>> {
        let request = context.request();
        let sku_id = arguments::id(request, &["skuId"], &sku_id)?;
        let behind = after_sequence.map_or(0, |BigInt(sequence)| sequence);
        if behind < 0 {
            return Err(request.invalid_argument(&["afterSequence"], "must not be less than 0"));
        }
        spend(context, COUNT)?;
        let asked = &request.reading.asked;
        let found = context.audit().verify_some(sku_id, behind, VERIFIED_ENTRIES_MAX, asked);
        let found = Span::part("audit.verify_some").around(found).await;
        let found = request.reading.noted(found.map_err(|error| request.failed(&error))?);
        Ok(found.map(Into::into))
    }
}
