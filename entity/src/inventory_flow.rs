//! `t_inventory_flow`: one row a change, in the order in which the changes took effect.
//!
//! The table is append-only: the server inserts and selects, and needs no other right on it.

use sea_orm::entity::prelude::*;

/// One change of one SKU's stock.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "t_inventory_flow")]
pub struct Model {
    /// What a client keeps to refund a deduction.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The stock keeping unit.
    pub sku_id: i64,
    /// 1, 2, 3 … for each SKU; equals the version that the entry made.
    pub sequence: i64,
    /// 1 opening, 2 deduction, 3 refund, 4 replenishment, 5 adjustment.
    pub kind: i16,
    /// The order line, for deductions and their refunds.
    pub order_detail_id: Option<String>,
    /// Units taken from stock; negative when units come in.
    pub quantity_trade: i32,
    /// The amount once this entry took effect; never negative.
    pub leaved_after: i32,
    /// For a refund, the deduction that it gives back.
    pub deduction_id: Option<i64>,
    /// Who asked: the namespace of the key.
    pub idempotency_scope: String,
    /// Under which key they asked.
    pub idempotency_key: String,
    /// Which line of the request this entry answers, from 0.
    pub line: i32,
    /// SHA-256 over the request's parameters; 32 bytes.
    pub request_hash: Vec<u8>,
    /// Who did it, as the server authenticated them.
    pub actor: String,
    /// Why, as the caller told it.
    pub reason: Option<String>,
    /// When it was written; UTC, microseconds.
    pub created_at: DateTimeUtc,
    /// Whom the SKU belongs to.
    pub merchant_id: i64,
    /// SHA-256 over the hash of the SKU's entry before it and what this one says; 32 bytes, or null
    /// while it waits to be chained.
    pub entry_hash: Option<Vec<u8>>,
}

/// A refund points at its deduction by `deduction_id`; the server loads it by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
