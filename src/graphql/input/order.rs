//! In which order, and from where.

use async_graphql::Enum;

use crate::domain::filter::{Consistency, FlowOrder, InventoryOrder as StockOrder};

/// Where a read may be served from. Whatever is chosen, only the primary decides a deduction; and
/// `extensions.read` of the answer tells the `source` of its oldest part (`CACHE`, `REPLICA` or
/// `PRIMARY`), and by `ageMs` how old it may be: what was committed so long before is in it. To see
/// what you have written or seen before from anywhere, send its `readToken` in the header
/// `stockflow-read-after`.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum ReadConsistency {
    /// From a copy of the amount, at most two seconds old unless the server was told otherwise; then
    /// from a replica, then the primary, whichever there is: the cheapest read.
    Cached,
    /// From a replica that is not further behind than its bound, five seconds unless the server was
    /// told otherwise; then from the primary.
    Replica,
    /// From the primary: the value that the next deduction will meet.
    Primary,
}

impl From<ReadConsistency> for Consistency {
    fn from(consistency: ReadConsistency) -> Self {
        match consistency {
            ReadConsistency::Cached => Self::Cached,
            ReadConsistency::Replica => Self::Replica,
            ReadConsistency::Primary => Self::Primary,
        }
    }
}

/// The order of entries. Entries of one SKU go by their sequence, entries of several by their id;
/// where `createdAt` bounds a list of several SKUs, by the time at which they were written.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum InventoryFlowOrder {
    /// The entry that took effect last comes first.
    NewestFirst,
    /// The entry that took effect first comes first.
    OldestFirst,
}

impl From<InventoryFlowOrder> for FlowOrder {
    fn from(order: InventoryFlowOrder) -> Self {
        match order {
            InventoryFlowOrder::NewestFirst => Self::NewestFirst,
            InventoryFlowOrder::OldestFirst => Self::OldestFirst,
        }
    }
}

/// The order of SKUs. Among equal amounts the SKUs go up, or down, as the amounts do.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum InventoryOrder {
    /// By SKU id, ascending.
    SkuAsc,
    /// By SKU id, descending.
    SkuDesc,
    /// By units left, the scarcest first.
    LeavedAmountAsc,
    /// By units left, the most plentiful first.
    LeavedAmountDesc,
}

impl From<InventoryOrder> for StockOrder {
    fn from(order: InventoryOrder) -> Self {
        match order {
            InventoryOrder::SkuAsc => Self::SkuAscending,
            InventoryOrder::SkuDesc => Self::SkuDescending,
            InventoryOrder::LeavedAmountAsc => Self::LeavedAmountAscending,
            InventoryOrder::LeavedAmountDesc => Self::LeavedAmountDescending,
        }
    }
}
