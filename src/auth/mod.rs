//! Who is calling, and what they may do.
//!
//! A [`Caller`] is what the server knows of whoever sent a request: the actor that goes on the
//! books, the namespace of their idempotency keys, the merchants whose books they see, and their
//! [`Scopes`]. Nothing in it is taken from a request's own word.
//!
//! The [`Authenticator`] makes one of a bearer token, which is a JWT ([`jwt`]) or an API key
//! ([`api_key`]). Where neither is configured everybody is the same anonymous caller. Who it is that
//! was refused, and why, the log is told; the client learns of no more than three kinds.
//!
//! This room knows neither GraphQL nor HTTP servers. API keys are kept beside the books, in a table
//! that is this room's alone, as the ledger's are the ledger's; so it may use `db`.

mod admission;
pub mod api_key;
mod authenticator;
mod caller;
mod jwt;
mod metrics;
mod refusal;
mod scope;
mod settings;

pub use admission::Admission;
pub use authenticator::{Authenticator, StartError};
pub use caller::{Caller, InvalidName, NAME_CHARS_MAX};
pub use jwt::count_keys;
pub use metrics::AuthMetrics;
pub use refusal::{Invalid, NotAuthenticated};
pub use scope::{InvalidScope, Scope, Scopes};
pub use settings::{
    ApiKeySettings, AuthSettings, JwksSettings, JwksSource, JwtAlgorithm, JwtKeys, JwtSettings,
    SharedSecret,
};
