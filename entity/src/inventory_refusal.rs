//! `t_inventory_refusal`: demand that was refused for want of stock, a row for each SKU, minute and server.

use sea_orm::entity::prelude::*;

/// What a SKU's refusals of a minute add up to on one server.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "t_inventory_refusal")]
pub struct Model {
    /// The stock keeping unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sku_id: i64,
    /// The minute: so many since 1970 began before it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub refused_minute: i64,
    /// A number at random that the server took for its rows of the minute.
    #[sea_orm(primary_key, auto_increment = false)]
    pub writer_id: i64,
    /// The merchant whose SKU it is.
    pub merchant_id: i64,
    /// Lines of requests that fell short.
    pub refusal_count: i64,
    /// Units that they asked for.
    pub units_requested: i64,
    /// Units that were missing for them.
    pub units_missing: i64,
}

/// The table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
