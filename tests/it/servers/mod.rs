//! Private database servers for the tests: started in temporary folders on free ports, stopped
//! when the test process ends, however it ends. No server that was there before is touched.
//!
//! They are started when a test first asks for them, once for a test process, so the tests run in
//! one process: by `cargo test`, not by a runner that makes a process of every test.

pub mod binaries;
mod guardian;
mod mariadb;
mod own;
mod postgres;
mod readiness;
mod running;
mod shared;

pub use own::OwnServer;
pub use shared::{mariadb, postgres};

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerKind {
    MariaDb,
    Postgres,
}

impl ServerKind {
    /// The URL of a database on a server of this kind.
    fn url(self, port: u16, database: &str) -> String {
        match self {
            Self::MariaDb => format!("mysql://root@127.0.0.1:{port}/{database}"),
            Self::Postgres => format!("postgres://postgres@127.0.0.1:{port}/{database}"),
        }
    }

    /// A database that every server of this kind has from its birth.
    fn first_database(self) -> &'static str {
        match self {
            Self::MariaDb => "mysql",
            Self::Postgres => "postgres",
        }
    }
}
