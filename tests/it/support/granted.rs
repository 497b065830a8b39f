//! A database of users with least privilege, made by the files of `deploy/grants` as an operator
//! applies them, through the clients that the databases bring.

use std::path::Path;
use std::process::{Output, Stdio};

use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::server::program;
use crate::servers::{OwnServer, ServerKind};

/// A password whose appearance anywhere is a mistake.
pub const PASSWORD: &str = "s3cret";

/// A server of a test's own with the users of `deploy/grants`.
#[derive(Debug)]
pub struct Granted {
    pub kind: ServerKind,
    pub server: OwnServer,
    port: u16,
}

impl Granted {
    /// With users, and no tables yet; `None` if the server is not installed.
    pub async fn users(kind: ServerKind) -> Option<Self> {
        let server = OwnServer::start(kind).await?;
        let url = server.create_database().await;
        let port = url.rsplit_once(':').unwrap().1.split('/').next().unwrap().parse().unwrap();
        let granted = Self { kind, server, port };
        granted.apply("users").await;
        Some(granted)
    }

    /// With its tables and all rights.
    pub async fn start(kind: ServerKind) -> Option<Self> {
        let granted = Self::users(kind).await?;
        granted.migrate(&["up"]).await;
        granted.apply("tables").await;
        Some(granted)
    }

    /// Applies a file: `users` or `tables`, with passwords put in as it asks.
    pub async fn apply(&self, what: &str) {
        let name = match (self.kind, what) {
            (ServerKind::MariaDb, "users") => "mariadb-users.sql",
            (ServerKind::MariaDb, _) => "mariadb.sql",
            (ServerKind::Postgres, "users") => "postgres-users.sql",
            (ServerKind::Postgres, _) => "postgres.sql",
        };
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/grants").join(name);
        let mut sql = std::fs::read_to_string(path).unwrap();
        for user in ["owner", "server", "reader"] {
            sql = sql.replace(&format!("change-me-{user}"), PASSWORD);
        }
        let port = self.port.to_string();
        let (client, arguments) = match (self.kind, what) {
            (ServerKind::MariaDb, _) => {
                ("mariadb", ["--protocol=tcp", "-h127.0.0.1", "-P", &port, "-uroot"].to_vec())
            }
            (ServerKind::Postgres, what) => {
                let common = ["-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", &port];
                let who = match what {
                    "users" => ["-U", "postgres", "-d", "postgres"],
                    _ => ["-U", "stockflow_owner", "-d", "stock"],
                };
                ("psql", [&common[..], &who].concat())
            }
        };
        let mut client = Command::new(client)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        client.stdin.take().unwrap().write_all(sql.as_bytes()).await.unwrap();
        let output = client.wait_with_output().await.unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Migrates as the owner.
    pub async fn migrate(&self, arguments: &[&str]) {
        let url = self.url("owner");
        let output = run(&[&["migrate"], arguments, &["--database-url", &url]].concat()).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// The URL for one of the users: owner, server or reader.
    pub fn url(&self, user: &str) -> String {
        let scheme = match self.kind {
            ServerKind::MariaDb => "mysql",
            ServerKind::Postgres => "postgres",
        };
        format!("{scheme}://stockflow_{user}:{PASSWORD}@127.0.0.1:{}/stock", self.port)
    }

    /// A plain connection of one of the users.
    pub async fn plain(&self, user: &str) -> DatabaseConnection {
        sea_orm::Database::connect(self.url(user)).await.unwrap()
    }

    /// Has the administrator carry out a statement in the database.
    pub async fn administer_stock(&self, sql: &str) {
        let user = match self.kind {
            ServerKind::MariaDb => "root",
            ServerKind::Postgres => "postgres",
        };
        let url = self.url("owner").replace(&format!("stockflow_owner:{PASSWORD}"), user);
        let connection = sea_orm::Database::connect(url).await.unwrap();
        connection.execute_unprepared(sql).await.unwrap();
        connection.close().await.unwrap();
    }
}

/// Runs the program to its end.
pub async fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().await.unwrap()
}

/// What it said on both.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
