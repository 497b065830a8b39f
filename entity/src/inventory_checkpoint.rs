//! `t_inventory_checkpoint`: sums over the beginnings of histories, so that long ones need not be added up
//! each time.

use sea_orm::entity::prelude::*;

/// What the entries of a SKU add up to, from its first to one of them.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "t_inventory_checkpoint")]
pub struct Model {
    /// The stock keeping unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sku_id: i64,
    /// The last of the entries that are added up.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    /// How many of them are openings.
    pub opening_count: i64,
    /// The sum of what those took; negative where units came in.
    pub opening_quantity: i64,
    /// How many of them are deductions.
    pub deduction_count: i64,
    /// The sum of what those took; negative where units came in.
    pub deduction_quantity: i64,
    /// How many of them are refunds.
    pub refund_count: i64,
    /// The sum of what those took; negative where units came in.
    pub refund_quantity: i64,
    /// How many of them are replenishments.
    pub replenishment_count: i64,
    /// The sum of what those took; negative where units came in.
    pub replenishment_quantity: i64,
    /// How many of them are adjustments.
    pub adjustment_count: i64,
    /// The sum of what those took; negative where units came in.
    pub adjustment_quantity: i64,
}

/// The table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
