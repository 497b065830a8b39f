//! What is kept beside the books so that they can be proved: sums up to a point of a SKU's history, and
//! seals over the ends of all chains.
//!
//! Nothing here is the truth: a checkpoint can be computed anew from the entries at any time, and a
//! seal is of use because a copy of it is kept elsewhere. All three tables are append-only.
//!
//! The head of a SKU in a seal is in the newest row of `t_inventory_seal_head` that is not newer than
//! the seal: a SKU that did not change between two seals has no row for the second.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden, Clone, Copy)]
enum TInventoryCheckpoint {
    Table,
    SkuId,
    Sequence,
    OpeningCount,
    OpeningQuantity,
    DeductionCount,
    DeductionQuantity,
    RefundCount,
    RefundQuantity,
    ReplenishmentCount,
    ReplenishmentQuantity,
    AdjustmentCount,
    AdjustmentQuantity,
}

#[derive(DeriveIden, Clone, Copy)]
enum TInventorySeal {
    Table,
    Id,
    SealedAt,
    SkuCount,
    LastFlowId,
    MerkleRoot,
    PreviousHash,
    PublicKey,
    Signature,
}

#[derive(DeriveIden, Clone, Copy)]
enum TInventorySealHead {
    Table,
    SkuId,
    SealId,
    Sequence,
    FlowId,
    ChainHead,
}

use TInventoryCheckpoint as Checkpoint;
use TInventorySeal as Seal;
use TInventorySealHead as Head;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(checkpoints()).await?;
        manager.create_table(seals(super::instant(manager))).await?;
        manager.create_table(heads()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Head::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Seal::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Checkpoint::Table).to_owned()).await
    }
}

fn number(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).big_integer().not_null().to_owned()
}

fn checkpoints() -> TableCreateStatement {
    let mut table = Table::create().table(Checkpoint::Table).to_owned();
    for column in [
        Checkpoint::SkuId,
        Checkpoint::Sequence,
        Checkpoint::OpeningCount,
        Checkpoint::OpeningQuantity,
        Checkpoint::DeductionCount,
        Checkpoint::DeductionQuantity,
        Checkpoint::RefundCount,
        Checkpoint::RefundQuantity,
        Checkpoint::ReplenishmentCount,
        Checkpoint::ReplenishmentQuantity,
        Checkpoint::AdjustmentCount,
        Checkpoint::AdjustmentQuantity,
    ] {
        table.col(number(column));
    }
    let key = Index::create().col(Checkpoint::SkuId).col(Checkpoint::Sequence).to_owned();
    table.primary_key(&mut key.clone()).to_owned()
}

fn seals(instant: &'static str) -> TableCreateStatement {
    Table::create()
        .table(Seal::Table)
        .col(number(Seal::Id).primary_key())
        .col(ColumnDef::new(Seal::SealedAt).custom(instant).not_null())
        .col(number(Seal::SkuCount))
        .col(number(Seal::LastFlowId))
        .col(ColumnDef::new(Seal::MerkleRoot).binary_len(32).not_null())
        .col(ColumnDef::new(Seal::PreviousHash).binary_len(32).not_null())
        .col(ColumnDef::new(Seal::PublicKey).binary_len(32).null())
        .col(ColumnDef::new(Seal::Signature).binary_len(64).null())
        .to_owned()
}

fn heads() -> TableCreateStatement {
    let key = Index::create().col(Head::SkuId).col(Head::SealId).to_owned();
    Table::create()
        .table(Head::Table)
        .col(number(Head::SkuId))
        .col(number(Head::SealId))
        .col(number(Head::Sequence))
        .col(number(Head::FlowId))
        .col(ColumnDef::new(Head::ChainHead).binary_len(32).not_null())
        .primary_key(&mut key.clone())
        .to_owned()
}
