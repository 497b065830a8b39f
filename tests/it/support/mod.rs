//! What the tests stand on: fresh databases, real servers, and an auditor of the books.

pub mod api;
pub mod books;
pub mod database;
pub mod granted;
pub mod hex;
pub mod ledger;
pub mod load;
pub mod metrics;
pub mod proxy;
pub mod sdl;
pub mod server;
pub mod staleness;
pub mod stock;

pub use api::{Answer, Api, code, codes};
pub use database::{Kind, TestDatabase};
pub use hex::hex;
pub use metrics::metric;
pub use server::TestServer;

/// Runs one body against SQLite, MariaDB and PostgreSQL, each as a test of its own with a fresh
/// database. The books are audited when the body ends.
macro_rules! on_each_database {
    ($($name:ident),+ $(,)?) => {
        $(
            mod $name {
                use crate::support::{Kind, TestDatabase};

                async fn run(kind: Kind) {
                    if let Some(database) = TestDatabase::fresh(kind).await {
                        super::$name(&database).await;
                        database.audit().await;
                    }
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    run(Kind::Sqlite).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn mariadb() {
                    run(Kind::MariaDb).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    run(Kind::Postgres).await;
                }
            }
        )+
    };
}

pub(crate) use on_each_database;
