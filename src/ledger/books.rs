//! What the ledger reads before it decides.

use std::collections::HashMap;

use crate::domain::{Chain, CountId, CountStatus, Flow, FlowId, Inventory, MerchantId, SkuId};

/// A request's key: who asked, and under which key.
pub type RequestKey = (String, String);

/// How far a stocktake has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountState {
    /// Whose SKUs it counts.
    pub merchant_id: MerchantId,
    /// Whether it is open.
    pub status: CountStatus,
    /// How many observations were recorded.
    pub revision: i64,
}

/// Everything that the commands of a batch depend on. The stocks are locked, so that nothing here
/// changes before the batch is committed.
#[derive(Clone, Debug, Default)]
pub struct Books {
    /// The stocks of every SKU concerned that exists.
    pub stocks: HashMap<SkuId, Inventory>,
    /// How far the entries of each of them are chained.
    pub chains: HashMap<SkuId, Chain>,
    /// The entries that refunds name, of whatever kind, as far as they exist.
    pub entries: HashMap<FlowId, Flow>,
    /// Units given back so far, of those of them that were refunded before.
    pub refunded: HashMap<FlowId, i64>,
    /// The stocktakes that are to be completed, locked like the stocks.
    pub counts: HashMap<CountId, CountState>,
    /// Units that adjustments of a SKU brought in behind a sequence; of those that a stocktake names,
    /// where there were any.
    pub adjusted: HashMap<(SkuId, i64), i64>,
    /// What was written before under the batch's keys, in the order of the lines.
    pub written: HashMap<RequestKey, Vec<Flow>>,
}
