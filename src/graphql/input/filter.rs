//! What lists are filtered by.

use async_graphql::{ID, InputObject, Result};

use crate::domain::filter::{FlowFilter, InstantRange, IntegerRange, InventoryFilter, SkuRange};
use crate::domain::{MerchantId, SkuId};
use crate::graphql::arguments::{bounded, id, ids, text, texts};
use crate::graphql::context::RequestContext;
use crate::graphql::object::InventoryFlowKind;
use crate::graphql::scalar::DateTime;

/// A span of time. `from` is included, `to` is not, so that spans can follow each other without gap
/// or overlap; either may be left out. A `from` behind `to` is refused with `INVALID_ARGUMENT`.
#[derive(InputObject, Clone, Copy, Debug)]
pub(in crate::graphql) struct DateTimeRange {
    /// The first instant of the span.
    from: Option<DateTime>,
    /// The first instant behind the span.
    to: Option<DateTime>,
}

/// A span of whole numbers. Both ends are included; either may be left out. A `min` above `max` is
/// refused with `INVALID_ARGUMENT`.
#[derive(InputObject, Clone, Copy, Debug)]
pub(in crate::graphql) struct IntRange {
    /// The least number of the span.
    min: Option<i32>,
    /// The greatest number of the span.
    max: Option<i32>,
}

/// Which entries of the flow history are wanted. Conditions are joined by AND; a list means any of
/// its values, up to 250 of them, so that an empty list means none.
#[derive(InputObject, Clone, Debug, Default)]
pub(in crate::graphql) struct InventoryFlowWhere {
    /// Entries of any of these SKUs.
    sku_id: Option<Vec<ID>>,
    /// Entries of the SKUs of this merchant.
    merchant_id: Option<ID>,
    /// Deductions for, and refunds to, any of these order lines.
    order_detail_id: Option<Vec<String>>,
    /// Entries of any of these kinds.
    kind: Option<Vec<InventoryFlowKind>>,
    /// Entries by any of these actors.
    actor: Option<Vec<String>>,
    /// Entries written under this idempotency key, by whomever.
    idempotency_key: Option<String>,
    /// The refunds of this deduction.
    deduction_id: Option<ID>,
    /// Entries written within this span of time.
    created_at: Option<DateTimeRange>,
    /// Entries that took this many units; units that came in are negative.
    quantity_trade: Option<IntRange>,
}

impl InventoryFlowWhere {
    /// The filter that it spells, or which part of it is out of bounds.
    pub(in crate::graphql) fn read(self, request: &RequestContext) -> Result<FlowFilter> {
        let list = |name, list: &Option<Vec<String>>| match list {
            Some(list) => texts(request, &["where", name], list),
            None => Ok(()),
        };
        list("orderDetailId", &self.order_detail_id)?;
        list("actor", &self.actor)?;
        if let Some(key) = &self.idempotency_key {
            text(request, &["where", "idempotencyKey"], key)?;
        }
        if let Some(kinds) = &self.kind {
            bounded(request, &["where", "kind"], kinds)?;
        }
        let kinds = self.kind.map(|kinds| {
            let mut kinds: Vec<_> = kinds.into_iter().map(Into::into).collect();
            kinds.sort_unstable();
            kinds.dedup();
            kinds
        });
        let deduction_id = self.deduction_id.as_ref();
        Ok(FlowFilter {
            merchant_id: merchant_id(request, self.merchant_id.as_ref())?,
            sku_ids: sku_ids(request, self.sku_id.as_deref())?,
            order_detail_ids: self.order_detail_id.map(distinct),
            kinds,
            actors: self.actor.map(distinct),
            idempotency_key: self.idempotency_key,
            deduction_id: deduction_id
                .map(|spelled| id(request, &["where", "deductionId"], spelled))
                .transpose()?,
            created_at: instants(request, &["where", "createdAt"], self.created_at)?,
            quantity_trade: integers(request, &["where", "quantityTrade"], self.quantity_trade)?,
        })
    }
}

/// Which SKUs are wanted. Conditions are joined by AND; a list means any of its values, up to 250
/// of them, so that an empty list means none.
#[derive(InputObject, Clone, Debug, Default)]
pub(in crate::graphql) struct InventoryWhere {
    /// Any of these SKUs.
    sku_id: Option<Vec<ID>>,
    /// This SKU and those behind it, in the order of their ids.
    from_sku_id: Option<ID>,
    /// This SKU and those before it. Before `fromSkuId` it is refused with `INVALID_ARGUMENT`.
    to_sku_id: Option<ID>,
    /// The SKUs of this merchant.
    merchant_id: Option<ID>,
    /// SKUs with this many units left.
    leaved_amount: Option<IntRange>,
    /// SKUs whose newest entry was written within this span of time.
    updated_at: Option<DateTimeRange>,
}

impl InventoryWhere {
    /// The filter that it spells, or which part of it is out of bounds.
    pub(in crate::graphql) fn read(self, request: &RequestContext) -> Result<InventoryFilter> {
        Ok(InventoryFilter {
            merchant_id: merchant_id(request, self.merchant_id.as_ref())?,
            sku_ids: sku_ids(request, self.sku_id.as_deref())?,
            sku_range: sku_range(request, self.from_sku_id.as_ref(), self.to_sku_id.as_ref())?,
            leaved_amount: integers(request, &["where", "leavedAmount"], self.leaved_amount)?,
            updated_at: instants(request, &["where", "updatedAt"], self.updated_at)?,
        })
    }
}

pub(super) fn merchant_id(
    request: &RequestContext,
    spelled: Option<&ID>,
) -> Result<Option<MerchantId>> {
    spelled.map(|spelled| id(request, &["where", "merchantId"], spelled)).transpose()
}

pub(super) fn sku_ids(request: &RequestContext, list: Option<&[ID]>) -> Result<Option<Vec<SkuId>>> {
    list.map(|list| ids(request, &["where", "skuId"], list)).transpose()
}

/// The span of SKUs that is spelled, or that it ends before it begins.
fn sku_range(request: &RequestContext, from: Option<&ID>, to: Option<&ID>) -> Result<SkuRange> {
    let end = |name, spelled: Option<&ID>| {
        spelled.map(|spelled| id(request, &["where", name], spelled)).transpose()
    };
    let (from, to) = (end("fromSkuId", from)?, end("toSkuId", to)?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(request.invalid_argument(&["where", "toSkuId"], "must not be before fromSkuId"));
    }
    Ok(SkuRange { from, to })
}

pub(super) fn distinct(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// The span that is spelled at a path, or that it ends before it begins.
pub(in crate::graphql) fn instants(
    request: &RequestContext,
    path: &[&str],
    range: Option<DateTimeRange>,
) -> Result<InstantRange> {
    let Some(DateTimeRange { from, to }) = range else { return Ok(InstantRange::default()) };
    let (from, to) = (from.map(|from| from.0), to.map(|to| to.0));
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(request.invalid_argument(path, "must not have its from behind its to"));
    }
    Ok(InstantRange { from, to })
}

fn integers(
    request: &RequestContext,
    path: &[&str],
    range: Option<IntRange>,
) -> Result<IntegerRange> {
    let Some(IntRange { min, max }) = range else { return Ok(IntegerRange::default()) };
    if min.zip(max).is_some_and(|(min, max)| min > max) {
        return Err(request.invalid_argument(path, "must not have its min above its max"));
    }
    Ok(IntegerRange { min, max })
}
