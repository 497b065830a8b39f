//! One test binary; a module a concern.

#![expect(unreachable_pub, reason = "nothing outside a test binary reaches into it")]

mod servers;
mod support;

mod bad_input;
mod cli;
mod concurrency;
mod crash;
mod failure;
mod incidents;
mod migrations;
mod operations;
mod outside;
mod plans;
mod random;
mod reads;
mod schema;
mod statements;
mod transactions;
