//! `t_api_key`: one row a key that the command line has made.
//!
//! What the key is, is nowhere: only its hash. A row stays when its key is revoked, so that its id
//! can still be told apart.

use sea_orm::entity::prelude::*;

/// One key.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "t_api_key")]
pub struct Model {
    /// The part of the key that everybody may see.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// SHA-256 of the whole key; 32 bytes.
    pub secret_hash: Vec<u8>,
    /// Whose it is; keys of one label are one caller's.
    pub label: String,
    /// The merchant whose books it shows; null for all of them.
    pub merchant_id: Option<i64>,
    /// What it allows: names with a space between them.
    pub scopes: String,
    /// When it was made; UTC, microseconds.
    pub created_at: DateTimeUtc,
    /// Until when it holds; null for ever.
    pub expires_at: Option<DateTimeUtc>,
    /// When it was revoked; null if it was not.
    pub revoked_at: Option<DateTimeUtc>,
    /// When it was last used, to a minute; null if it was not.
    pub last_used_at: Option<DateTimeUtc>,
}

/// The table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
