//! `t_inventory`: one row a SKU, with the units that are left of it.
//!
//! Reads by SKU, and pages in the order of the SKUs, go by the primary key; pages by amount and
//! the filter by amount by `t_inventory_leaved_amount`; "what changed since" by
//! `t_inventory_updated_at`.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum TInventory {
    Table,
    SkuId,
    LeavedAmount,
    Version,
    CreatedAt,
    UpdatedAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(table(super::instant(manager))).await?;
        manager
            .create_index(
                Index::create()
                    .name("t_inventory_leaved_amount")
                    .table(TInventory::Table)
                    .col(TInventory::LeavedAmount)
                    .col(TInventory::SkuId)
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("t_inventory_updated_at")
                    .table(TInventory::Table)
                    .col(TInventory::UpdatedAt)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(TInventory::Table).to_owned()).await
    }
}

fn table(instant: &'static str) -> TableCreateStatement {
    Table::create()
        .table(TInventory::Table)
        .col(ColumnDef::new(TInventory::SkuId).big_integer().not_null().primary_key())
        .col(
            ColumnDef::new(TInventory::LeavedAmount)
                .integer()
                .not_null()
                .check(Expr::col(TInventory::LeavedAmount).gte(0)),
        )
        .col(ColumnDef::new(TInventory::Version).big_integer().not_null())
        .col(ColumnDef::new(TInventory::CreatedAt).custom(instant).not_null())
        .col(ColumnDef::new(TInventory::UpdatedAt).custom(instant).not_null())
        .to_owned()
}
