//! Who is calling, and what they may do.
//!
//! A [`Caller`] is what the server knows of whoever sent a request: the actor that goes on the
//! books, the namespace of their idempotency keys, the merchants whose books they see, and their
//! [`Scopes`]. Nothing in it is taken from a request's own word.
//!
//! This room knows neither GraphQL nor HTTP. API keys are kept beside the books, in a table that is
//! this room's alone, as the ledger's are the ledger's; so it may use `db`.

mod caller;
mod scope;

pub use caller::{Caller, InvalidName, NAME_CHARS_MAX};
pub use scope::{Scope, Scopes};
