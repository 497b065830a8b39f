//! The database servers: which there are, and what one may be for.

use sea_orm::{ConnectionTrait as _, DatabaseConnection};

use super::running::Running;
use super::{mariadb, ports, postgres};

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerKind {
    MariaDb,
    Postgres,
}

/// What a database server is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// For many tests, none of which makes it crash: it need not flush to disk.
    Shared,
    /// For one test, with the durability that its makers ship.
    Own,
    /// The same, with replicas.
    Primary,
    /// A replica, counted from 0, of the primary on a port. It loses nothing when it is killed.
    Replica { index: usize, primary: u16 },
}

impl ServerKind {
    /// Starts one and waits until it is ready; `None` if it is not installed.
    pub(super) fn start(self, role: Role) -> Option<Running> {
        match self {
            Self::MariaDb => Running::start(&mariadb::PROGRAM, ports::free, |folder, port| {
                mariadb::prepare(folder, port, role)
            }),
            Self::Postgres => Running::start(&postgres::PROGRAM, ports::free, |folder, port| {
                postgres::prepare(folder, port, role)
            }),
        }
    }

    /// Creates a database on a server of this kind, and answers its URL.
    pub(super) async fn create_database(self, port: u16, name: &str) -> String {
        let connection = self.connect(port).await;
        connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        connection.close().await.unwrap();
        self.url(port, name)
    }

    /// A connection of the administrator's.
    pub(super) async fn connect(self, port: u16) -> DatabaseConnection {
        // A database that every server of this kind has from its birth.
        let database = match self {
            Self::MariaDb => "mysql",
            Self::Postgres => "postgres",
        };
        sea_orm::Database::connect(self.url(port, database)).await.unwrap()
    }

    fn url(self, port: u16, database: &str) -> String {
        match self {
            Self::MariaDb => format!("mysql://root@127.0.0.1:{port}/{database}"),
            Self::Postgres => format!("postgres://postgres@127.0.0.1:{port}/{database}"),
        }
    }
}
