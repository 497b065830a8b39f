//! `t_inventory_count`: stocktakes.

use sea_orm::entity::prelude::*;

/// One stocktake.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "t_inventory_count")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose SKUs are counted.
    pub merchant_id: i64,
    /// 1 open, 2 completed, 3 abandoned.
    pub status: i16,
    /// Whether those who count are not to see what is expected.
    pub blind: bool,
    /// Whether its SKUs were named one by one.
    pub of_listed_skus: bool,
    /// How many SKUs are to be counted.
    pub sku_count: i64,
    /// How many observations were recorded.
    pub revision: i64,
    /// Why.
    pub reason: Option<String>,
    /// Who asked for it: the namespace of the key.
    pub idempotency_scope: String,
    /// The key under which it was started.
    pub idempotency_key: String,
    /// SHA-256 over the parameters of the request that started it.
    pub request_hash: Vec<u8>,
    /// When it was started; UTC, microseconds.
    pub started_at: DateTimeUtc,
    /// Who started it.
    pub started_by: String,
    /// When it was closed; null while it is open.
    pub closed_at: Option<DateTimeUtc>,
    /// Who closed it.
    pub closed_by: Option<String>,
}

/// The table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
