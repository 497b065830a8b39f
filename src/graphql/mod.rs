//! The API: the schema, its resolvers, and what its errors look like.
//!
//! A mutation walks straight through: input → [`Command`](crate::domain::Command) → ledger →
//! payload. A query asks the store, nested fields by loaders that gather what one request needs
//! into a fixed number of statements. What is refused is data; what fails is a top-level error with
//! a code, and its cause stays in the log.
//!
//! The names of this room are those of the contract with clients, and the documentation of its
//! types is their manual. It knows neither SQL nor HTTP; no rule about stock is decided here.

mod arguments;
mod budget;
pub mod codes;
mod context;
mod error;
mod execute;
mod guard;
mod input;
mod left_out;
mod loader;
mod mutation;
mod nulls;
mod object;
mod query;
mod scalar;
mod types;

use std::sync::Arc;

use async_graphql::{EmptySubscription, SDLExportOptions};

pub use execute::{ExecuteOptions, Executed, Stage, execute};

use crate::ledger::Ledger;
use crate::store::Store;
use mutation::Mutation;
use query::Query;
use types::Types;

/// The schema with everything that its resolvers need. Cheap to clone.
#[derive(Clone)]
pub struct Schema {
    inner: async_graphql::Schema<Query, Mutation, EmptySubscription>,
    types: Arc<Types>,
    store: Store,
}

/// The schema over these books.
pub fn build_schema(store: Store, ledger: Ledger) -> Schema {
    let inner = builder().data(store.clone()).data(ledger).finish();
    Schema { types: Arc::new(Types::read(&inner.sdl())), inner, store }
}

/// The schema in the schema definition language, sorted, so that it differs only where it does.
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    builder().finish().sdl_with_options(options)
}

fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, EmptySubscription> {
    async_graphql::Schema::build(Query, Mutation, EmptySubscription)
}
