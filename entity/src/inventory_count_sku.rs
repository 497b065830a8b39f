//! `t_inventory_count_sku`: the SKUs of a stocktake, each with the observation that counts.

use sea_orm::entity::prelude::*;

/// One SKU of one stocktake. What follows the SKU is null until it is counted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "t_inventory_count_sku")]
pub struct Model {
    /// The stocktake.
    #[sea_orm(primary_key, auto_increment = false)]
    pub count_id: i64,
    /// The stock keeping unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sku_id: i64,
    /// The observation that counts.
    pub observation_id: Option<i64>,
    /// Units that it found.
    pub quantity: Option<i32>,
    /// The sequence of the SKU's newest entry then.
    pub version: Option<i64>,
    /// Units that this entry had left.
    pub leaved_after: Option<i32>,
    /// When it was made.
    pub counted_at: Option<DateTimeUtc>,
}

/// The table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
