//! `SQLite`'s indexes over the flow without the id at their end, which it puts there by itself.
//!
//! An index of `SQLite` over a table with an integer key keeps that key in every entry, sorts by it
//! and searches by it (the file format's section "Representation Of SQL Indices"), so that a column of
//! it in the index is kept twice: a tenth of the file, and of what a deduction writes. `MariaDB` and
//! `PostgreSQL` do without what is said twice, or need it said; there this step does nothing.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden, Clone, Copy)]
enum TInventoryFlow {
    Table,
    Id,
    SkuId,
    Kind,
    OrderDetailId,
    DeductionId,
    Actor,
    CreatedAt,
    MerchantId,
}

use TInventoryFlow as Flow;

/// The indexes, and their columns before the id.
const INDEXES: [(&str, &[Flow]); 10] = [
    ("t_inventory_flow_sku", &[Flow::SkuId]),
    ("t_inventory_flow_deduction", &[Flow::DeductionId]),
    ("t_inventory_flow_created_at", &[Flow::CreatedAt]),
    ("t_inventory_flow_kind", &[Flow::Kind]),
    ("t_inventory_flow_actor", &[Flow::Actor]),
    ("t_inventory_flow_merchant", &[Flow::MerchantId]),
    ("t_inventory_flow_merchant_created_at", &[Flow::MerchantId, Flow::CreatedAt]),
    ("t_inventory_flow_merchant_kind", &[Flow::MerchantId, Flow::Kind]),
    ("t_inventory_flow_merchant_actor", &[Flow::MerchantId, Flow::Actor]),
    ("t_inventory_flow_order_line", &[Flow::OrderDetailId, Flow::MerchantId]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_anew(manager, &[]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_anew(manager, &[Flow::Id]).await
    }
}

async fn create_anew(manager: &SchemaManager<'_>, last: &[Flow]) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    for (name, columns) in INDEXES {
        manager.drop_index(Index::drop().name(name).table(Flow::Table).to_owned()).await?;
        let mut index = Index::create().name(name).table(Flow::Table).to_owned();
        for column in columns.iter().chain(last) {
            index.col(*column);
        }
        manager.create_index(index).await?;
    }
    Ok(())
}
