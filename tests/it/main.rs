//! One test binary; a module a concern.

#![expect(unreachable_pub, reason = "nothing outside a test binary reaches into it")]

mod servers;
mod support;

mod concurrency;
mod migrations;
mod plans;
mod random;
mod transactions;
