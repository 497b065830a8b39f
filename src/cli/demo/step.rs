//! What can happen in the shop. [`plan`](super::plan) makes it up, [`write`](super::write) has it
//! carried out.

use chrono::{DateTime, Utc};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) at: DateTime<Utc>,
    pub(super) actor: &'static str,
    pub(super) key: String,
    pub(super) reason: Option<String>,
    pub(super) act: Act,
}

/// What it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Open { sku_id: i64, quantity: i32 },
    Order { lines: Vec<OrderLine> },
    Refund { order_detail_id: String, quantity: i32 },
    Replenish { sku_id: i64, quantity: i32 },
    Count { sku_id: i64, counted: i32, believed: i32 },
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OrderLine {
    pub(super) order_detail_id: String,
    pub(super) sku_id: i64,
    pub(super) quantity: i32,
}
