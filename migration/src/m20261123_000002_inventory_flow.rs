//! `t_inventory_flow`: one row a change, append-only.
//!
//! Which index serves what:
//!
//! | asked for | index |
//! | --- | --- |
//! | an entry; everything, newest or oldest first | primary key |
//! | the entries of a SKU, however long ago it sold | `t_inventory_flow_sequence` (unique) |
//! | the entries of one kind of a SKU | `t_inventory_flow_sku_kind` |
//! | the entries of an order line | `t_inventory_flow_order_detail` |
//! | the refunds of a deduction, and their sum | `t_inventory_flow_deduction` |
//! | a span of time | `t_inventory_flow_created_at` |
//! | a key; what became of a request; at most once | `t_inventory_flow_idempotency` (unique) |
//! | the entries of an actor, of one kind over all SKUs | `t_inventory_flow_actor`, `…_kind` |
//!
//! A SKU's entries are read in the order of `sequence`, not of `id`: an index that begins with the
//! SKU then is the only one in that order, and no planner is tempted to walk the primary key
//! backwards through everybody else's entries.

use sea_orm_migration::prelude::*;

use super::collation;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden, Clone, Copy)]
enum TInventoryFlow {
    Table,
    Id,
    SkuId,
    Sequence,
    Kind,
    OrderDetailId,
    QuantityTrade,
    LeavedAfter,
    DeductionId,
    IdempotencyScope,
    IdempotencyKey,
    Line,
    RequestHash,
    Actor,
    Reason,
    CreatedAt,
}

use TInventoryFlow as Flow;

const INDEXES: [(&str, &[Flow], bool); 8] = [
    ("t_inventory_flow_sequence", &[Flow::SkuId, Flow::Sequence], true),
    ("t_inventory_flow_sku_kind", &[Flow::SkuId, Flow::Kind, Flow::Sequence], false),
    ("t_inventory_flow_order_detail", &[Flow::OrderDetailId, Flow::Id], false),
    ("t_inventory_flow_deduction", &[Flow::DeductionId, Flow::Id], false),
    ("t_inventory_flow_created_at", &[Flow::CreatedAt, Flow::Id], false),
    // The key comes first: it tells more than the scope, and auditors look for it alone.
    (
        "t_inventory_flow_idempotency",
        &[Flow::IdempotencyKey, Flow::IdempotencyScope, Flow::Line],
        true,
    ),
    ("t_inventory_flow_kind", &[Flow::Kind, Flow::Id], false),
    ("t_inventory_flow_actor", &[Flow::Actor, Flow::Id], false),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let exact = collation::exact(manager).await?;
        manager.create_table(table(super::instant(manager), exact)).await?;
        for (name, columns, unique) in INDEXES {
            let mut index = Index::create().name(name).table(Flow::Table).to_owned();
            if unique {
                index.unique();
            }
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Flow::Table).to_owned()).await
    }
}

fn table(instant: &'static str, exact: &str) -> TableCreateStatement {
    let text = |chars: u16| Alias::new(format!("varchar({chars}){exact}"));
    Table::create()
        .table(Flow::Table)
        .col(ColumnDef::new(Flow::Id).big_integer().not_null().auto_increment().primary_key())
        .col(ColumnDef::new(Flow::SkuId).big_integer().not_null())
        .col(ColumnDef::new(Flow::Sequence).big_integer().not_null())
        .col(ColumnDef::new(Flow::Kind).small_integer().not_null())
        .col(ColumnDef::new(Flow::OrderDetailId).custom(text(128)).null())
        .col(ColumnDef::new(Flow::QuantityTrade).integer().not_null())
        .col(
            ColumnDef::new(Flow::LeavedAfter)
                .integer()
                .not_null()
                .check(Expr::col(Flow::LeavedAfter).gte(0)),
        )
        .col(ColumnDef::new(Flow::DeductionId).big_integer().null())
        .col(ColumnDef::new(Flow::IdempotencyScope).custom(text(128)).not_null())
        .col(ColumnDef::new(Flow::IdempotencyKey).custom(text(128)).not_null())
        .col(ColumnDef::new(Flow::Line).integer().not_null())
        .col(ColumnDef::new(Flow::RequestHash).binary_len(32).not_null())
        .col(ColumnDef::new(Flow::Actor).custom(text(128)).not_null())
        .col(ColumnDef::new(Flow::Reason).custom(text(500)).null())
        .col(ColumnDef::new(Flow::CreatedAt).custom(instant).not_null())
        .foreign_key(
            ForeignKey::create()
                .name("t_inventory_flow_refunds")
                .from(Flow::Table, Flow::DeductionId)
                .to(Flow::Table, Flow::Id),
        )
        .to_owned()
}
