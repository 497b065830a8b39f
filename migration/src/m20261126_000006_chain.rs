//! Room for the chain of each SKU's entries: a hash with each entry, and with each SKU how far its
//! entries are chained and the last hash.
//!
//! The hashes themselves are put in afterwards, by the program that took the step, in many small
//! transactions: entries of any number may be there, and servers of the version before may still
//! write some. What those write has no hash, and is chained by the next program that looks.
//!
//! The amount as it was after a given entry is found by `t_inventory_flow_sku`, whatever the length of
//! the SKU's history.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden, Clone, Copy)]
enum TInventory {
    Table,
    ChainSequence,
    ChainHead,
}

#[derive(DeriveIden, Clone, Copy)]
enum TInventoryFlow {
    Table,
    Id,
    SkuId,
    EntryHash,
}

use TInventory as Stock;
use TInventoryFlow as Flow;

const SKU: &str = "t_inventory_flow_sku";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sequence =
            ColumnDef::new(Stock::ChainSequence).big_integer().not_null().default(0).to_owned();
        let head = ColumnDef::new(Stock::ChainHead).binary_len(32).null().to_owned();
        let hash = ColumnDef::new(Flow::EntryHash).binary_len(32).null().to_owned();
        add(manager, Stock::Table, sequence).await?;
        add(manager, Stock::Table, head).await?;
        add(manager, Flow::Table, hash).await?;
        let index =
            Index::create().name(SKU).table(Flow::Table).col(Flow::SkuId).col(Flow::Id).to_owned();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(SKU).table(Flow::Table).to_owned()).await?;
        drop(manager, Flow::Table, Flow::EntryHash).await?;
        drop(manager, Stock::Table, Stock::ChainHead).await?;
        drop(manager, Stock::Table, Stock::ChainSequence).await
    }
}

async fn add(
    manager: &SchemaManager<'_>,
    table: impl Iden + Send + 'static,
    column: ColumnDef,
) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}

async fn drop(
    manager: &SchemaManager<'_>,
    table: impl Iden + Send + 'static,
    column: impl Iden + Send + 'static,
) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await
}
