//! stockflow: a GraphQL server for merchants' stock.

pub mod auth;
pub mod db;
pub mod domain;
pub mod graphql;
pub mod ledger;
pub mod store;
