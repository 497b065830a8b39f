//! Requests as callers spell them: text and numbers, nothing checked yet.
//!
//! [`Command`](super::Command) is what becomes of one that holds to the bounds.

use super::{MerchantId, Visibility};

/// What every request says besides what it wants.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Who asks, as authenticated: the namespace of the key.
    pub scope: String,
    /// Who did it, as it will be written on the books.
    pub actor: String,
    /// Whose books they see and touch.
    pub visibility: Visibility,
    /// The key.
    pub idempotency_key: String,
    /// Why.
    pub reason: Option<String>,
}

/// To put a new SKU on the books.
#[derive(Clone, Debug)]
pub struct CreateRequest {
    /// The SKU.
    pub sku_id: String,
    /// Whom it belongs to, as the caller names them.
    pub merchant_id: Option<String>,
    /// Whom it belongs to where the caller names nobody; `None` if the caller must.
    pub merchant_by_default: Option<MerchantId>,
    /// Units.
    pub quantity: i32,
}

/// To add units to a SKU.
#[derive(Clone, Debug)]
pub struct StockRequest {
    /// The SKU.
    pub sku_id: String,
    /// Units.
    pub quantity: i32,
}

/// To take units of one SKU for one order line.
#[derive(Clone, Debug)]
pub struct DeductRequest {
    /// The SKU.
    pub sku_id: String,
    /// The order line.
    pub order_detail_id: String,
    /// Units.
    pub quantity: i32,
}

/// To give units of one deduction back.
#[derive(Clone, Debug)]
pub struct RefundRequest {
    /// The deduction.
    pub flow_id: String,
    /// Units; all that is left to refund if `None`.
    pub quantity: Option<i32>,
}

/// To set the amount of a SKU after a count.
#[derive(Clone, Debug)]
pub struct SetQuantityRequest {
    /// The SKU.
    pub sku_id: String,
    /// Units counted.
    pub quantity: i32,
    /// The amount that the caller believes in. The outer `None`: not given, which is refused; the
    /// inner: given as null, to skip the comparison.
    pub change_from_quantity: Option<Option<i32>>,
}
