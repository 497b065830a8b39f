//! What an operator may set: defaults, then a file, then the environment, then flags.
//!
//! [`load`] lays the four over each other and checks the whole, so that every fault is told at
//! once and the rest of the server never meets a setting that makes no sense. Every key there is
//! stands in `default.toml`, with its meaning; a key that does not is refused, because a setting
//! that is spelled wrong would otherwise look as if it held.
//!
//! This room knows nothing else of the server; `cli` hands its values on.

mod effective;
mod fault;
mod layers;
mod load;
mod loopback;
mod mask;
mod nearest;
mod reader;
mod secret;
mod sections;
mod settings;

pub use effective::Effective;
pub use fault::{Fault, InvalidSettings};
pub use load::{Flags, Sources, load, load_shown};
pub use loopback::{host_address, is_loopback};
pub use mask::url_shown;
pub use secret::Secret;
pub use sections::{
    ANY_ORIGIN, AnomaliesSection, AuditSection, AuthSection, CacheSection, CountsSection,
    DatabaseSection, GraphqlSection, JwksSource, JwtAlgorithm, JwtKeys, JwtSection, LedgerSection,
    LimitsSection, LiveSection, LogFormat, LogSection, RefusalsSection, ServerSection,
    TelemetrySection, TlsFiles,
};
pub use settings::Settings;

/// The file of defaults: every key, with its meaning.
pub const DEFAULTS: &str = include_str!("default.toml");
