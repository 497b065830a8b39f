//! What may be asked of the lists. Conditions are joined by AND; a list means any of its values,
//! so an empty list means nothing.

use chrono::{DateTime, Utc};

use super::{Flow, FlowId, FlowKind, MerchantId, Minute, SkuId};

/// Where a read may be served from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Consistency {
    /// The cache, then a replica, then the primary.
    Cached,
    /// A replica, then the primary.
    Replica,
    /// The primary: the value that the next deduction will meet.
    Primary,
}

/// A half-open span of time: `from` is included, `to` is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct InstantRange {
    /// The first instant; unbounded if `None`.
    pub from: Option<DateTime<Utc>>,
    /// The first instant that is outside; unbounded if `None`.
    pub to: Option<DateTime<Utc>>,
}

impl InstantRange {
    /// Whether it bounds anything.
    pub fn is_bounded(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    /// Whether an instant is within.
    pub fn contains(&self, instant: DateTime<Utc>) -> bool {
        self.from.is_none_or(|from| from <= instant) && self.to.is_none_or(|to| instant < to)
    }
}

/// A closed span of whole numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct IntegerRange {
    /// The least; unbounded if `None`.
    pub min: Option<i32>,
    /// The greatest; unbounded if `None`.
    pub max: Option<i32>,
}

impl IntegerRange {
    /// Whether a number is within.
    pub fn contains(&self, number: i32) -> bool {
        self.min.is_none_or(|min| min <= number) && self.max.is_none_or(|max| number <= max)
    }
}

/// A closed span of SKUs, in the order of their ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SkuRange {
    /// The first; unbounded if `None`.
    pub from: Option<SkuId>,
    /// The last; unbounded if `None`.
    pub to: Option<SkuId>,
}

impl SkuRange {
    /// Whether a SKU is within it.
    pub fn contains(&self, sku_id: SkuId) -> bool {
        self.from.is_none_or(|from| from <= sku_id) && self.to.is_none_or(|to| sku_id <= to)
    }
}

/// Which entries of the flow history are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FlowFilter {
    /// Of this merchant.
    pub merchant_id: Option<MerchantId>,
    /// Of these SKUs.
    pub sku_ids: Option<Vec<SkuId>>,
    /// Of these order lines.
    pub order_detail_ids: Option<Vec<String>>,
    /// Of these kinds.
    pub kinds: Option<Vec<FlowKind>>,
    /// By these actors.
    pub actors: Option<Vec<String>>,
    /// Under this key.
    pub idempotency_key: Option<String>,
    /// Refunds of this deduction.
    pub deduction_id: Option<FlowId>,
    /// Written within this span.
    pub created_at: InstantRange,
    /// Of this many units.
    pub quantity_trade: IntegerRange,
}

/// A filter that entries are held against in memory. Its lists are in order, so that a long one costs
/// an entry hardly more than a short one.
#[derive(Clone, Debug)]
pub struct FlowMatcher(FlowFilter);

impl FlowMatcher {
    /// Lets through what `filter` does.
    pub fn new(mut filter: FlowFilter) -> Self {
        fn sort<T: Ord>(list: Option<&mut Vec<T>>) {
            if let Some(list) = list {
                list.sort_unstable();
            }
        }
        sort(filter.sku_ids.as_mut());
        sort(filter.order_detail_ids.as_mut());
        sort(filter.actors.as_mut());
        Self(filter)
    }

    /// The filter, for the database.
    pub fn filter(&self) -> &FlowFilter {
        &self.0
    }

    /// Whether it lets an entry through: the same that the database answers of it.
    pub fn matches(&self, flow: &Flow) -> bool {
        fn any<T: Ord>(wanted: Option<&Vec<T>>, value: &T) -> bool {
            wanted.is_none_or(|wanted| wanted.binary_search(value).is_ok())
        }
        let filter = &self.0;
        let of_order = |wanted: &Vec<String>| {
            flow.order_detail_id.as_ref().is_some_and(|order| wanted.binary_search(order).is_ok())
        };
        filter.merchant_id.is_none_or(|merchant_id| merchant_id == flow.merchant_id)
            && any(filter.sku_ids.as_ref(), &flow.sku_id)
            && filter.order_detail_ids.as_ref().is_none_or(of_order)
            && filter.kinds.as_ref().is_none_or(|kinds| kinds.contains(&flow.kind))
            && any(filter.actors.as_ref(), &flow.actor)
            && filter.idempotency_key.as_ref().is_none_or(|key| *key == flow.idempotency_key)
            && filter.deduction_id.is_none_or(|id| flow.deduction_id == Some(id))
            && filter.created_at.contains(flow.created_at)
            && filter.quantity_trade.contains(flow.quantity_trade)
    }
}

/// In which order entries are listed.
///
/// The order is that in which the changes took effect. Entries of one SKU go by their sequence;
/// entries of several by their id; and where a span of time is asked for over several SKUs, by
/// the time at which they were written, then by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FlowOrder {
    /// The newest entry first.
    NewestFirst,
    /// The oldest entry first.
    OldestFirst,
}

/// Which stocks are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct InventoryFilter {
    /// Of this merchant.
    pub merchant_id: Option<MerchantId>,
    /// Of these SKUs.
    pub sku_ids: Option<Vec<SkuId>>,
    /// Of SKUs within this span.
    pub sku_range: SkuRange,
    /// With this many units left.
    pub leaved_amount: IntegerRange,
    /// Last changed within this span.
    pub updated_at: InstantRange,
}

/// Which refusals for want of stock are added up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RefusalFilter {
    /// Of this merchant.
    pub merchant_id: Option<MerchantId>,
    /// Of these SKUs.
    pub sku_ids: Option<Vec<SkuId>>,
    /// In this minute or later.
    pub from: Option<Minute>,
    /// In a minute before this one.
    pub to: Option<Minute>,
}

/// In which order stocks are listed. Among equal amounts the SKUs go up, or down, as the amounts do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InventoryOrder {
    /// By SKU, ascending.
    SkuAscending,
    /// By SKU, descending.
    SkuDescending,
    /// By units left, the scarcest first.
    LeavedAmountAscending,
    /// By units left, the most plentiful first.
    LeavedAmountDescending,
}

impl InventoryOrder {
    /// Whether it is by the SKUs' ids.
    pub fn is_by_sku(self) -> bool {
        matches!(self, Self::SkuAscending | Self::SkuDescending)
    }
}
