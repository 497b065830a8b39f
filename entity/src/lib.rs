//! The rows of the tables, and nothing else.
//!
//! A row here is what the database holds, column by column. It carries no rule and no method:
//! what stock *is* lives in the server's `domain`, and `db` turns one into the other. Nothing in
//! this crate knows the server.

pub mod api_key;
pub mod inventory;
pub mod inventory_checkpoint;
pub mod inventory_count;
pub mod inventory_count_observation;
pub mod inventory_count_sku;
pub mod inventory_flow;
pub mod inventory_refusal;
pub mod inventory_seal;
pub mod inventory_seal_head;
