//! `t_heartbeat`: one row with the time by the primary's clock, which servers that read from
//! replicas keep writing. What a replica shows of it tells up to when it has everything.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum THeartbeat {
    Table,
    Id,
    BeatUs,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(THeartbeat::Table)
                    .col(ColumnDef::new(THeartbeat::Id).small_integer().not_null().primary_key())
                    .col(ColumnDef::new(THeartbeat::BeatUs).big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        // The one row is there from the beginning, so that servers need no right to add any.
        manager
            .get_connection()
            .execute_unprepared("INSERT INTO t_heartbeat (id, beat_us) VALUES (1, 0)")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(THeartbeat::Table).to_owned()).await
    }
}
