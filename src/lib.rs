//! stockflow: a GraphQL server for merchants' stock.

pub mod db;
pub mod domain;
