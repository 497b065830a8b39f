//! `t_api_key`: one row a key by which programs say who they are. A row has a hash of its key, never
//! the key.
//!
//! A key is found by its id, the primary key. There are few, so that nothing else needs an index.

use sea_orm_migration::prelude::*;

use super::collation;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum TApiKey {
    Table,
    Id,
    SecretHash,
    Label,
    MerchantId,
    Scopes,
    CreatedAt,
    ExpiresAt,
    RevokedAt,
    LastUsedAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let exact = collation::exact(manager).await?;
        manager.create_table(table(super::instant(manager), exact)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(TApiKey::Table).to_owned()).await
    }
}

fn table(instant: &'static str, exact: &str) -> TableCreateStatement {
    let text = |chars: u16| Alias::new(format!("varchar({chars}){exact}"));
    Table::create()
        .table(TApiKey::Table)
        .col(ColumnDef::new(TApiKey::Id).custom(text(16)).not_null().primary_key())
        .col(ColumnDef::new(TApiKey::SecretHash).binary_len(32).not_null())
        .col(ColumnDef::new(TApiKey::Label).custom(text(100)).not_null())
        .col(ColumnDef::new(TApiKey::MerchantId).big_integer().null())
        .col(ColumnDef::new(TApiKey::Scopes).custom(text(500)).not_null())
        .col(ColumnDef::new(TApiKey::CreatedAt).custom(instant).not_null())
        .col(ColumnDef::new(TApiKey::ExpiresAt).custom(instant).null())
        .col(ColumnDef::new(TApiKey::RevokedAt).custom(instant).null())
        .col(ColumnDef::new(TApiKey::LastUsedAt).custom(instant).null())
        .to_owned()
}
