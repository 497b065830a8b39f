//! The inputs of mutations, and of the check before one.

use async_graphql::{ID, InputObject, MaybeUndefined};

use crate::domain::MerchantId;
use crate::domain::request::{
    CreateRequest, DeductRequest, RefundRequest, SetQuantityRequest, StockRequest,
};

/// A new SKU.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryCreateInput {
    /// The id of the SKU, a whole number from 1 to 9223372036854775807.
    pub(in crate::graphql) sku_id: ID,
    /// The merchant whom it will belong to, for ever; a whole number like that of a SKU. Who acts
    /// for one merchant may leave it out; who acts for many must name one. Where the server
    /// authenticates nobody, it is merchant 1 if left out.
    pub(in crate::graphql) merchant_id: Option<ID>,
    /// Units that it opens with, 0 to 1,000,000.
    pub(in crate::graphql) quantity: i32,
    /// Why, for the history; up to 500 characters.
    pub(in crate::graphql) reason: Option<String>,
    /// The key under which this is carried out at most once, made by you before you send; 1 to 128
    /// characters.
    pub(in crate::graphql) idempotency_key: String,
}

impl InventoryCreateInput {
    /// `merchant_by_default` is whom it belongs to where nobody is named.
    pub(in crate::graphql) fn request(
        &self,
        merchant_by_default: Option<MerchantId>,
    ) -> CreateRequest {
        CreateRequest {
            sku_id: self.sku_id.to_string(),
            merchant_id: self.merchant_id.as_ref().map(|merchant_id| merchant_id.0.clone()),
            merchant_by_default,
            quantity: self.quantity,
        }
    }
}

/// Units of one SKU for one order line.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryDeductInput {
    /// The SKU.
    pub(in crate::graphql) sku_id: ID,
    /// The order line that the units are for, in your own terms; 1 to 128 characters. Refunds
    /// inherit it.
    pub(in crate::graphql) order_detail_id: String,
    /// Units to take, 1 to 1,000,000.
    pub(in crate::graphql) quantity: i32,
    /// Why, for the history; up to 500 characters.
    pub(in crate::graphql) reason: Option<String>,
    /// The key under which this is carried out at most once, made by you before you send; 1 to 128
    /// characters.
    pub(in crate::graphql) idempotency_key: String,
}

impl InventoryDeductInput {
    pub(in crate::graphql) fn request(&self) -> DeductRequest {
        DeductRequest {
            sku_id: self.sku_id.to_string(),
            order_detail_id: self.order_detail_id.clone(),
            quantity: self.quantity,
        }
    }
}

/// One line of a cart.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryDeductLineInput {
    /// The SKU. Several lines may name the same one.
    pub(in crate::graphql) sku_id: ID,
    /// The order line that the units are for, in your own terms; 1 to 128 characters.
    pub(in crate::graphql) order_detail_id: String,
    /// Units to take, 1 to 1,000,000.
    pub(in crate::graphql) quantity: i32,
}

/// A cart.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryDeductBatchInput {
    /// What to take, 1 to 250 lines: all of them or none.
    pub(in crate::graphql) lines: Vec<InventoryDeductLineInput>,
    /// Why, for the history; up to 500 characters.
    pub(in crate::graphql) reason: Option<String>,
    /// The key under which the whole cart is carried out at most once, made by you before you send;
    /// 1 to 128 characters.
    pub(in crate::graphql) idempotency_key: String,
}

impl InventoryDeductBatchInput {
    pub(in crate::graphql) fn requests(&self) -> Vec<DeductRequest> {
        let request = |line: &InventoryDeductLineInput| DeductRequest {
            sku_id: line.sku_id.to_string(),
            order_detail_id: line.order_detail_id.clone(),
            quantity: line.quantity,
        };
        self.lines.iter().map(request).collect()
    }
}

/// Units of one deduction that come back.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryRefundInput {
    /// The deduction: the `id` of the flow entry that it answered.
    pub(in crate::graphql) flow_id: ID,
    /// Units to give back, 1 to 1,000,000; null or absent: all that is still refundable.
    pub(in crate::graphql) quantity: Option<i32>,
    /// Why, for the history; up to 500 characters.
    pub(in crate::graphql) reason: Option<String>,
    /// The key under which this step is carried out at most once, made by you before you send; 1 to
    /// 128 characters. Every step of a refund has a key of its own.
    pub(in crate::graphql) idempotency_key: String,
}

impl InventoryRefundInput {
    pub(in crate::graphql) fn request(&self) -> RefundRequest {
        RefundRequest { flow_id: self.flow_id.to_string(), quantity: self.quantity }
    }
}

/// One line of a refund of several deductions.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryRefundLineInput {
    /// The deduction. Several lines may name the same one.
    pub(in crate::graphql) flow_id: ID,
    /// Units to give back, 1 to 1,000,000; null or absent: all that is still refundable.
    pub(in crate::graphql) quantity: Option<i32>,
}

/// Units of several deductions that come back.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryRefundBatchInput {
    /// What to give back, 1 to 250 lines: all of them or none.
    pub(in crate::graphql) lines: Vec<InventoryRefundLineInput>,
    /// Why, for the history; up to 500 characters.
    pub(in crate::graphql) reason: Option<String>,
    /// The key under which all of it is carried out at most once, made by you before you send; 1 to
    /// 128 characters.
    pub(in crate::graphql) idempotency_key: String,
}

impl InventoryRefundBatchInput {
    pub(in crate::graphql) fn requests(&self) -> Vec<RefundRequest> {
        let request = |line: &InventoryRefundLineInput| RefundRequest {
            flow_id: line.flow_id.to_string(),
            quantity: line.quantity,
        };
        self.lines.iter().map(request).collect()
    }
}

/// Units that the merchant brought in.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryReplenishInput {
    /// The SKU.
    pub(in crate::graphql) sku_id: ID,
    /// Units that came in, 1 to 1,000,000.
    pub(in crate::graphql) quantity: i32,
    /// Why, for the history; up to 500 characters.
    pub(in crate::graphql) reason: Option<String>,
    /// The key under which this is carried out at most once, made by you before you send; 1 to 128
    /// characters.
    pub(in crate::graphql) idempotency_key: String,
}

impl InventoryReplenishInput {
    pub(in crate::graphql) fn request(&self) -> StockRequest {
        StockRequest { sku_id: self.sku_id.to_string(), quantity: self.quantity }
    }
}

/// A count of one SKU.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventorySetQuantityInput {
    /// The SKU.
    pub(in crate::graphql) sku_id: ID,
    /// Units counted, 0 to 1,000,000.
    pub(in crate::graphql) quantity: i32,
    /// The amount that you believe to be on the books; if it no longer is, nothing is written, so
    /// that a sale made meanwhile is not overwritten. null skips the comparison, and must be
    /// written out.
    pub(in crate::graphql) change_from_quantity: MaybeUndefined<i32>,
    /// Why, for the history; up to 500 characters.
    pub(in crate::graphql) reason: String,
    /// The key under which this is carried out at most once, made by you before you send; 1 to 128
    /// characters.
    pub(in crate::graphql) idempotency_key: String,
}

impl InventorySetQuantityInput {
    pub(in crate::graphql) fn request(&self) -> SetQuantityRequest {
        SetQuantityRequest {
            sku_id: self.sku_id.to_string(),
            quantity: self.quantity,
            change_from_quantity: match self.change_from_quantity {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(quantity) => Some(Some(quantity)),
            },
        }
    }
}

/// What a purchase would take of one SKU.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryAvailabilityLineInput {
    /// The SKU. Lines of one SKU are added up.
    pub(in crate::graphql) sku_id: ID,
    /// Units wanted, 1 to 1,000,000.
    pub(in crate::graphql) quantity: i32,
}
