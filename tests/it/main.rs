//! One test binary; a module a concern.

#![expect(unreachable_pub, reason = "nothing outside a test binary reaches into it")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::wildcard_enum_match_arm,
    reason = "a test that meets what it did not expect fails, and says where"
)]

mod servers;
mod support;

mod access;
mod anomalies;
mod answers;
mod audit;
mod auth;
mod bad_input;
mod bulk;
mod cache;
mod cli;
mod clock;
mod concurrency;
mod console;
mod contention;
mod counts;
mod crash;
mod deadline;
mod deploy;
mod doctor;
mod documents;
mod early_refusal;
mod export;
mod failure;
mod fuzz;
mod grants;
mod healthcheck;
mod house;
mod http;
mod incidents;
mod lanes;
mod limits;
mod live;
mod metrics;
mod migrations;
mod mysql_way;
mod operations;
mod outside;
mod plans;
mod random;
mod reads;
mod redis;
mod redis_cluster;
mod refusals;
mod replicas;
mod schema;
mod seals;
mod settings;
mod sockets;
mod statements;
mod telemetry;
mod test_servers;
mod transactions;
