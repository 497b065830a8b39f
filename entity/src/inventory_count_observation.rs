//! `t_inventory_count_observation`: what was seen of shelves in stocktakes; append-only.

use sea_orm::entity::prelude::*;

/// What somebody counted of one SKU.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "t_inventory_count_observation")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The stocktake.
    pub count_id: i64,
    /// The stock keeping unit.
    pub sku_id: i64,
    /// Units on the shelf.
    pub quantity: i32,
    /// The sequence of the SKU's newest entry when the shelf was counted.
    pub version: i64,
    /// Units that this entry had left.
    pub leaved_after: i32,
    /// When the shelf was counted; UTC, microseconds.
    pub counted_at: DateTimeUtc,
    /// When that was recorded.
    pub recorded_at: DateTimeUtc,
    /// Who counted.
    pub actor: String,
    /// Who asked: the namespace of the key.
    pub idempotency_scope: String,
    /// The key under which it was recorded.
    pub idempotency_key: String,
    /// SHA-256 over what was recorded.
    pub request_hash: Vec<u8>,
}

/// The table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
