//! `merchant_id` on both tables: whom a SKU belongs to, and with it its entries.
//!
//! What is on the books already belongs to merchant 1. So does what a server of the version before
//! puts there while it still runs, for the column has that default.
//!
//! A SKU never changes hands, so its own history needs no merchant to be found. What is listed over
//! all of a merchant's SKUs is, whether the caller sees one merchant or all:
//!
//! | asked for | index |
//! | --- | --- |
//! | a merchant's SKUs, by id, by what is left | `t_inventory_merchant_sku`, `…_merchant_amount` |
//! | a merchant's entries; within a span of time | `t_inventory_flow_merchant`, `…_merchant_created_at` |
//! | those of one kind, those of one actor | `…_merchant_kind`, `…_merchant_actor` |
//! | those of an order line | `t_inventory_flow_order_line` |
//!
//! The last takes the place of `t_inventory_flow_order_detail`: an order line has few entries, which
//! are sorted quickly where they are wanted of all merchants.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden, Clone, Copy)]
enum TInventory {
    Table,
    SkuId,
    LeavedAmount,
    MerchantId,
}

#[derive(DeriveIden, Clone, Copy)]
enum TInventoryFlow {
    Table,
    Id,
    Kind,
    OrderDetailId,
    Actor,
    CreatedAt,
    MerchantId,
}

use TInventory as Stock;
use TInventoryFlow as Flow;

const STOCK_INDEXES: [(&str, &[Stock]); 2] = [
    ("t_inventory_merchant_sku", &[Stock::MerchantId, Stock::SkuId]),
    ("t_inventory_merchant_amount", &[Stock::MerchantId, Stock::LeavedAmount, Stock::SkuId]),
];

const FLOW_INDEXES: [(&str, &[Flow]); 5] = [
    ("t_inventory_flow_merchant", &[Flow::MerchantId, Flow::Id]),
    ("t_inventory_flow_merchant_created_at", &[Flow::MerchantId, Flow::CreatedAt, Flow::Id]),
    ("t_inventory_flow_merchant_kind", &[Flow::MerchantId, Flow::Kind, Flow::Id]),
    ("t_inventory_flow_merchant_actor", &[Flow::MerchantId, Flow::Actor, Flow::Id]),
    ("t_inventory_flow_order_line", &[Flow::OrderDetailId, Flow::MerchantId, Flow::Id]),
];

const ORDER_DETAIL: &str = "t_inventory_flow_order_detail";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_merchant(manager, Stock::Table, Stock::MerchantId).await?;
        add_merchant(manager, Flow::Table, Flow::MerchantId).await?;
        for (name, columns) in STOCK_INDEXES {
            create_index(manager, Stock::Table, name, columns).await?;
        }
        for (name, columns) in FLOW_INDEXES {
            create_index(manager, Flow::Table, name, columns).await?;
        }
        drop_index(manager, Flow::Table, ORDER_DETAIL).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [Flow::OrderDetailId, Flow::Id];
        create_index(manager, Flow::Table, ORDER_DETAIL, &columns).await?;
        for (name, _columns) in FLOW_INDEXES {
            drop_index(manager, Flow::Table, name).await?;
        }
        for (name, _columns) in STOCK_INDEXES {
            drop_index(manager, Stock::Table, name).await?;
        }
        drop_merchant(manager, Flow::Table, Flow::MerchantId).await?;
        drop_merchant(manager, Stock::Table, Stock::MerchantId).await
    }
}

async fn add_merchant(
    manager: &SchemaManager<'_>,
    table: impl Iden + Send + 'static,
    column: impl Iden + Send + 'static,
) -> Result<(), DbErr> {
    let column = ColumnDef::new(column).big_integer().not_null().default(1).to_owned();
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}

async fn drop_merchant(
    manager: &SchemaManager<'_>,
    table: impl Iden + Send + 'static,
    column: impl Iden + Send + 'static,
) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await
}

async fn create_index(
    manager: &SchemaManager<'_>,
    table: impl Iden + Send + 'static,
    name: &str,
    columns: &[impl Iden + Copy + Send + Sync + 'static],
) -> Result<(), DbErr> {
    let mut index = Index::create().name(name).table(table).to_owned();
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index).await
}

async fn drop_index(
    manager: &SchemaManager<'_>,
    table: impl Iden + Send + 'static,
    name: &str,
) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().name(name).table(table).to_owned()).await
}
