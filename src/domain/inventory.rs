//! How much of one SKU is left.

use chrono::{DateTime, Utc};

use super::{Flow, MerchantId, SkuId};

/// A SKU's stock at one version. A copy of it may be replaced by a newer version only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inventory {
    /// The stock keeping unit.
    pub sku_id: SkuId,
    /// Whom it belongs to, for ever.
    pub merchant_id: MerchantId,
    /// Units that can be sold; 0 upward.
    pub leaved_amount: i32,
    /// Number of flow entries that made this amount.
    pub version: i64,
    /// When the SKU was put on the books.
    pub created_at: DateTime<Utc>,
    /// When its newest entry was written.
    pub updated_at: DateTime<Utc>,
}

impl Inventory {
    /// The stock as `flow` left it, of a SKU that was put on the books at `created_at`.
    pub fn after(flow: &Flow, created_at: DateTime<Utc>) -> Self {
        Self {
            sku_id: flow.sku_id,
            merchant_id: flow.merchant_id,
            leaved_amount: flow.leaved_after,
            version: flow.sequence,
            created_at,
            updated_at: flow.created_at,
        }
    }
}
