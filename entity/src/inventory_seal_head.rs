//! `t_inventory_seal_head`: the end of a SKU's chain in a seal, for the SKUs that had changed since the seal
//! before.

use sea_orm::entity::prelude::*;

/// The end of one SKU's chain.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "t_inventory_seal_head")]
pub struct Model {
    /// The stock keeping unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sku_id: i64,
    /// The seal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seal_id: i64,
    /// The sequence of the last entry beneath the seal.
    pub sequence: i64,
    /// The id of that entry.
    pub flow_id: i64,
    /// Its hash; 32 bytes.
    pub chain_head: Vec<u8>,
}

/// The table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
