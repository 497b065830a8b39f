//! The inputs of bulks.

use async_graphql::{Enum, ID, InputObject};

use crate::domain::request::{DeductRequest, StockRequest};

/// What becomes of the lines of a bulk when some of them are refused.
#[derive(Enum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::graphql) enum InventoryErrorPolicy {
    /// Those alone are left out: each line is carried out by itself.
    #[default]
    RejectFailed,
    /// None is carried out: all lines are in one transaction, which holds up whoever wants one of
    /// their SKUs for as long as it takes.
    RejectAll,
}

/// One deduction of many.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryDeductManyLineInput {
    /// The SKU. Lines of one SKU take one after the other, in their order.
    pub(in crate::graphql) sku_id: ID,
    /// The order line that the units are for, in your own terms; 1 to 128 characters. Refunds
    /// inherit it.
    pub(in crate::graphql) order_detail_id: String,
    /// Units to take, 1 to 1,000,000.
    pub(in crate::graphql) quantity: i32,
    /// Why, for the history; up to 500 characters.
    pub(in crate::graphql) reason: Option<String>,
    /// The key under which this line is carried out at most once, made by you before you send; 1 to
    /// 128 characters. It is the same as that of an `inventoryDeduct`: the line may be sent again
    /// alone, or as part of another bulk.
    pub(in crate::graphql) idempotency_key: String,
}

impl InventoryDeductManyLineInput {
    pub(in crate::graphql) fn request(&self) -> DeductRequest {
        DeductRequest {
            sku_id: self.sku_id.to_string(),
            order_detail_id: self.order_detail_id.clone(),
            quantity: self.quantity,
        }
    }
}

/// Many deductions.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryDeductManyInput {
    /// What to take, 1 to 5,000 lines.
    pub(in crate::graphql) lines: Vec<InventoryDeductManyLineInput>,
    /// What becomes of the lines when some of them are refused.
    #[graphql(default)]
    pub(in crate::graphql) error_policy: InventoryErrorPolicy,
}

/// One replenishment of many.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryReplenishManyLineInput {
    /// The SKU. Several lines may name the same one.
    pub(in crate::graphql) sku_id: ID,
    /// Units that came in, 1 to 1,000,000.
    pub(in crate::graphql) quantity: i32,
    /// Why, for the history; up to 500 characters.
    pub(in crate::graphql) reason: Option<String>,
    /// The key under which this line is carried out at most once, made by you before you send; 1 to
    /// 128 characters. It is the same as that of an `inventoryReplenish`: the line may be sent again
    /// alone, or as part of another bulk.
    pub(in crate::graphql) idempotency_key: String,
}

impl InventoryReplenishManyLineInput {
    pub(in crate::graphql) fn request(&self) -> StockRequest {
        StockRequest { sku_id: self.sku_id.to_string(), quantity: self.quantity }
    }
}

/// Many replenishments.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryReplenishManyInput {
    /// What came in, 1 to 5,000 lines.
    pub(in crate::graphql) lines: Vec<InventoryReplenishManyLineInput>,
    /// What becomes of the lines when some of them are refused.
    #[graphql(default)]
    pub(in crate::graphql) error_policy: InventoryErrorPolicy,
}
