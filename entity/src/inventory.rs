//! `t_inventory`: one row a SKU.

use sea_orm::entity::prelude::*;

/// How much of one SKU is left.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "t_inventory")]
pub struct Model {
    /// The stock keeping unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sku_id: i64,
    /// Units that can still be sold; never negative.
    pub leaved_amount: i32,
    /// Number of flow entries that made this amount.
    pub version: i64,
    /// When the SKU was put on the books; UTC, microseconds.
    pub created_at: DateTimeUtc,
    /// When its newest entry was written; UTC, microseconds.
    pub updated_at: DateTimeUtc,
    /// Whom the SKU belongs to.
    pub merchant_id: i64,
    /// Sequence of the newest entry that has a hash; 0 if none has.
    pub chain_sequence: i64,
    /// The hash of that entry; null if none has one. 32 bytes.
    pub chain_head: Option<Vec<u8>>,
}

/// The table stands alone: its history is found by `sku_id`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
