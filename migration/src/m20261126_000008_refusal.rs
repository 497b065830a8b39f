//! Demand that was refused for want of stock, added up by SKU and minute.
//!
//! Each server has rows of its own, by a number at random, which it writes as what the minute adds up to
//! so far; so they can be written again, and no server waits for another. A minute is counted from 1970
//! rather than kept as an instant: it is a key, and is compared with spans of minutes.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden, Clone, Copy)]
enum TInventoryRefusal {
    Table,
    SkuId,
    RefusedMinute,
    WriterId,
    MerchantId,
    RefusalCount,
    UnitsRequested,
    UnitsMissing,
}

use TInventoryRefusal as Refusal;

const INDEXES: [(&str, &[Refusal]); 2] = [
    ("t_inventory_refusal_minute", &[Refusal::RefusedMinute, Refusal::SkuId]),
    (
        "t_inventory_refusal_merchant_minute",
        &[Refusal::MerchantId, Refusal::RefusedMinute, Refusal::SkuId],
    ),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(table()).await?;
        for (name, columns) in INDEXES {
            let mut index = Index::create().name(name).table(Refusal::Table).to_owned();
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Refusal::Table).to_owned()).await
    }
}

fn table() -> TableCreateStatement {
    let mut table = Table::create().table(Refusal::Table).to_owned();
    for column in [
        Refusal::SkuId,
        Refusal::RefusedMinute,
        Refusal::WriterId,
        Refusal::MerchantId,
        Refusal::RefusalCount,
        Refusal::UnitsRequested,
        Refusal::UnitsMissing,
    ] {
        table.col(ColumnDef::new(column).big_integer().not_null());
    }
    let mut key = Index::create()
        .col(Refusal::SkuId)
        .col(Refusal::RefusedMinute)
        .col(Refusal::WriterId)
        .to_owned();
    table.primary_key(&mut key).to_owned()
}
