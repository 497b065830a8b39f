//! The steps that bring the tables up to date: one file a step, up and down.
//!
//! A step that was released is never edited; another one follows it. The names of tables and
//! columns are spelled here once more, apart from `entity`, because a step must keep its meaning
//! when the entity has moved on. Nothing in this crate knows the server.

#![expect(
    elided_lifetimes_in_paths,
    reason = "MigrationTrait hides the lifetime of its manager, and async_trait wants the same spelling"
)]

pub use sea_orm_migration::{MigrationStatus, MigratorTrait};

use sea_orm_migration::sea_orm::DbBackend;
use sea_orm_migration::{MigrationTrait, SchemaManager};

mod collation;
mod m20261123_000001_inventory;
mod m20261123_000002_inventory_flow;
mod m20261126_000003_heartbeat;
mod m20261126_000004_merchant;
mod m20261126_000005_api_key;
mod m20261126_000006_chain;
mod m20261126_000007_audit;
mod m20261126_000008_refusal;
mod m20261126_000009_count;
mod m20261126_000010_short_index;

/// Every step, in order.
#[derive(Clone, Copy, Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_inventory::Migration),
            Box::new(m20261123_000002_inventory_flow::Migration),
            Box::new(m20261126_000003_heartbeat::Migration),
            Box::new(m20261126_000004_merchant::Migration),
            Box::new(m20261126_000005_api_key::Migration),
            Box::new(m20261126_000006_chain::Migration),
            Box::new(m20261126_000007_audit::Migration),
            Box::new(m20261126_000008_refusal::Migration),
            Box::new(m20261126_000009_count::Migration),
            Box::new(m20261126_000010_short_index::Migration),
        ]
    }
}

/// The type of an instant: UTC, to the microsecond.
///
/// MySQL's TIMESTAMP ends in 2038, so it is DATETIME there; the server keeps its sessions in UTC.
/// SQLite keeps the RFC 3339 text, which sorts as the instants do.
fn instant(manager: &SchemaManager<'_>) -> &'static str {
    match manager.get_database_backend() {
        DbBackend::MySql => "datetime(6)",
        DbBackend::Postgres => "timestamptz(6)",
        DbBackend::Sqlite | _ => "text",
    }
}
