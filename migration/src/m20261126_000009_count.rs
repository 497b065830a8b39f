//! Stocktakes: which SKUs are counted, what was seen of each shelf, and how each count was closed.
//!
//! `t_inventory_count_sku` is fixed when a count is started, but for which observation of the SKU
//! counts; observations are only ever added. Who adds one, or closes the count, has the row of
//! `t_inventory_count` locked, so that nothing else has to refer to it.
//!
//! | asked for | index |
//! | --- | --- |
//! | a count; all of them, the newest first | primary key |
//! | a merchant's counts, those of a status | `t_inventory_count_merchant`, `…_status`, `…_merchant_status` |
//! | a key | `t_inventory_count_idempotency`, `…_observation_idempotency` (unique) |
//! | the SKUs of a count | primary key |
//! | the observations of a count, of one of its SKUs | `t_inventory_count_observation_count`, `…_sku` |
//! | whether somebody has counted | `t_inventory_count_observation_actor` |

use sea_orm_migration::prelude::*;

use super::collation;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden, Clone, Copy)]
enum TInventoryCount {
    Table,
    Id,
    MerchantId,
    Status,
    Blind,
    OfListedSkus,
    SkuCount,
    Revision,
    Reason,
    IdempotencyScope,
    IdempotencyKey,
    RequestHash,
    StartedAt,
    StartedBy,
    ClosedAt,
    ClosedBy,
}

#[derive(DeriveIden, Clone, Copy)]
enum TInventoryCountSku {
    Table,
    CountId,
    SkuId,
    ObservationId,
    Quantity,
    Version,
    LeavedAfter,
    CountedAt,
}

#[derive(DeriveIden, Clone, Copy)]
enum TInventoryCountObservation {
    Table,
    Id,
    CountId,
    SkuId,
    Quantity,
    Version,
    LeavedAfter,
    CountedAt,
    RecordedAt,
    Actor,
    IdempotencyScope,
    IdempotencyKey,
    RequestHash,
}

use TInventoryCount as Count;
use TInventoryCountObservation as Observation;
use TInventoryCountSku as Sku;

const COUNT_INDEXES: [(&str, &[Count], bool); 4] = [
    ("t_inventory_count_idempotency", &[Count::IdempotencyKey, Count::IdempotencyScope], true),
    ("t_inventory_count_merchant", &[Count::MerchantId, Count::Id], false),
    ("t_inventory_count_status", &[Count::Status, Count::Id], false),
    ("t_inventory_count_merchant_status", &[Count::MerchantId, Count::Status, Count::Id], false),
];

const OBSERVATION_INDEXES: [(&str, &[Observation], bool); 4] = [
    (
        "t_inventory_count_observation_idempotency",
        &[Observation::IdempotencyKey, Observation::IdempotencyScope],
        true,
    ),
    ("t_inventory_count_observation_count", &[Observation::CountId, Observation::Id], false),
    (
        "t_inventory_count_observation_sku",
        &[Observation::CountId, Observation::SkuId, Observation::Id],
        false,
    ),
    ("t_inventory_count_observation_actor", &[Observation::CountId, Observation::Actor], false),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (instant, exact) = (super::instant(manager), collation::exact(manager).await?);
        manager.create_table(counts(instant, exact)).await?;
        manager.create_table(skus(instant)).await?;
        manager.create_table(observations(instant, exact)).await?;
        for (name, columns, unique) in COUNT_INDEXES {
            manager.create_index(index(Count::Table, name, columns, unique)).await?;
        }
        for (name, columns, unique) in OBSERVATION_INDEXES {
            manager.create_index(index(Observation::Table, name, columns, unique)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Observation::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Sku::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Count::Table).to_owned()).await
    }
}

fn index(
    table: impl Iden + Send + 'static,
    name: &str,
    columns: &[impl Iden + Copy + Send + Sync + 'static],
    unique: bool,
) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(table).to_owned();
    if unique {
        index.unique();
    }
    for column in columns {
        index.col(*column);
    }
    index
}

fn text(chars: u16, exact: &str) -> Alias {
    Alias::new(format!("varchar({chars}){exact}"))
}

fn counts(instant: &'static str, exact: &str) -> TableCreateStatement {
    let text = |chars| text(chars, exact);
    Table::create()
        .table(Count::Table)
        .col(ColumnDef::new(Count::Id).big_integer().not_null().auto_increment().primary_key())
        .col(ColumnDef::new(Count::MerchantId).big_integer().not_null())
        .col(ColumnDef::new(Count::Status).small_integer().not_null())
        .col(ColumnDef::new(Count::Blind).boolean().not_null())
        .col(ColumnDef::new(Count::OfListedSkus).boolean().not_null())
        .col(ColumnDef::new(Count::SkuCount).big_integer().not_null())
        .col(ColumnDef::new(Count::Revision).big_integer().not_null())
        .col(ColumnDef::new(Count::Reason).custom(text(500)).null())
        .col(ColumnDef::new(Count::IdempotencyScope).custom(text(128)).not_null())
        .col(ColumnDef::new(Count::IdempotencyKey).custom(text(128)).not_null())
        .col(ColumnDef::new(Count::RequestHash).binary_len(32).not_null())
        .col(ColumnDef::new(Count::StartedAt).custom(instant).not_null())
        .col(ColumnDef::new(Count::StartedBy).custom(text(128)).not_null())
        .col(ColumnDef::new(Count::ClosedAt).custom(instant).null())
        .col(ColumnDef::new(Count::ClosedBy).custom(text(128)).null())
        .to_owned()
}

fn skus(instant: &'static str) -> TableCreateStatement {
    let key = Index::create().col(Sku::CountId).col(Sku::SkuId).to_owned();
    Table::create()
        .table(Sku::Table)
        .col(ColumnDef::new(Sku::CountId).big_integer().not_null())
        .col(ColumnDef::new(Sku::SkuId).big_integer().not_null())
        .col(ColumnDef::new(Sku::ObservationId).big_integer().null())
        .col(ColumnDef::new(Sku::Quantity).integer().null())
        .col(ColumnDef::new(Sku::Version).big_integer().null())
        .col(ColumnDef::new(Sku::LeavedAfter).integer().null())
        .col(ColumnDef::new(Sku::CountedAt).custom(instant).null())
        .primary_key(&mut key.clone())
        .to_owned()
}

fn observations(instant: &'static str, exact: &str) -> TableCreateStatement {
    let text = |chars| text(chars, exact);
    Table::create()
        .table(Observation::Table)
        .col(
            ColumnDef::new(Observation::Id).big_integer().not_null().auto_increment().primary_key(),
        )
        .col(ColumnDef::new(Observation::CountId).big_integer().not_null())
        .col(ColumnDef::new(Observation::SkuId).big_integer().not_null())
        .col(
            ColumnDef::new(Observation::Quantity)
                .integer()
                .not_null()
                .check(Expr::col(Observation::Quantity).gte(0)),
        )
        .col(ColumnDef::new(Observation::Version).big_integer().not_null())
        .col(ColumnDef::new(Observation::LeavedAfter).integer().not_null())
        .col(ColumnDef::new(Observation::CountedAt).custom(instant).not_null())
        .col(ColumnDef::new(Observation::RecordedAt).custom(instant).not_null())
        .col(ColumnDef::new(Observation::Actor).custom(text(128)).not_null())
        .col(ColumnDef::new(Observation::IdempotencyScope).custom(text(128)).not_null())
        .col(ColumnDef::new(Observation::IdempotencyKey).custom(text(128)).not_null())
        .col(ColumnDef::new(Observation::RequestHash).binary_len(32).not_null())
        .to_owned()
}
