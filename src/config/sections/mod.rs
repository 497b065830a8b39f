//! One file a section: its settings, their bounds, and what is said of one that is out of them.

mod anomalies;
mod audit;
mod auth;
mod cache;
mod counts;
mod database;
mod graphql;
mod jwt;
mod ledger;
mod limits;
mod live;
mod log;
mod refusals;
mod server;
mod telemetry;

pub use anomalies::AnomaliesSection;
pub use audit::AuditSection;
pub use auth::AuthSection;
pub use cache::CacheSection;
pub use counts::CountsSection;
pub use database::DatabaseSection;
pub use graphql::GraphqlSection;
pub use jwt::{JwksSource, JwtAlgorithm, JwtKeys, JwtSection};
pub use ledger::LedgerSection;
pub use limits::LimitsSection;
pub use live::LiveSection;
pub use log::{LogFormat, LogSection};
pub use refusals::RefusalsSection;
pub use server::{ANY_ORIGIN, ServerSection, TlsFiles};
pub use telemetry::TelemetrySection;
