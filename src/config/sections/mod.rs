//! One file a section: its settings, their bounds, and what is said of one that is out of them.

mod cache;
mod database;
mod graphql;
mod ledger;
mod log;
mod server;

pub use cache::CacheSection;
pub use database::DatabaseSection;
pub use graphql::GraphqlSection;
pub use ledger::LedgerSection;
pub use log::{LogFormat, LogSection};
pub use server::ServerSection;
