//! `t_inventory_seal`: statements over the ends of all chains. They prove something where a copy of them
//! is kept elsewhere.

use sea_orm::entity::prelude::*;

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "t_inventory_seal")]
pub struct Model {
    /// 1, 2, 3 …, without a gap.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// When it was made; UTC, microseconds.
    pub sealed_at: DateTimeUtc,
    /// SKUs whose chains it is over.
    pub sku_count: i64,
    /// The greatest id of an entry beneath it; 0 if there is none.
    pub last_flow_id: i64,
    /// The root of the tree over the ends of the chains; 32 bytes.
    pub merkle_root: Vec<u8>,
    /// The hash of the seal before it; 32 zeros for the first.
    pub previous_hash: Vec<u8>,
    /// The Ed25519 key by which it is signed; 32 bytes, null if it is not.
    pub public_key: Option<Vec<u8>>,
    /// Its signature; 64 bytes, null if it has none.
    pub signature: Option<Vec<u8>>,
}

/// The table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
