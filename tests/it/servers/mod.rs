//! Private servers for the tests: started in temporary folders on free ports, stopped when the
//! test process ends, however it ends. No server that was there before is touched.
//!
//! Those that the tests share are started when a test first asks for them, once for a test process,
//! so the tests run in one process: by `cargo test`, not by a runner that makes a process of every
//! test. The others are a test's own, which it may do to as it likes.

pub mod binaries;
mod database;
mod guardian;
mod mariadb;
mod own;
mod ports;
mod postgres;
mod program;
mod readiness;
mod redis;
mod redis_cluster;
mod redis_nodes;
mod redis_server;
mod replicated;
mod replication;
mod running;
mod shared;

pub use database::ServerKind;
pub use own::OwnServer;
pub use readiness::until;
pub use redis_cluster::RedisCluster;
pub use redis_server::RedisServer;
pub use replicated::Replicated;
pub use shared::{mariadb, postgres};

/// Runs one body with the replicas of both kinds of database.
macro_rules! on_each_kind {
    ($($name:ident),+ $(,)?) => {
        $(
            mod $name {
                use crate::servers::ServerKind;

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn mariadb() {
                    super::$name(ServerKind::MariaDb).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    super::$name(ServerKind::Postgres).await;
                }
            }
        )+
    };
}

pub(crate) use on_each_kind;
