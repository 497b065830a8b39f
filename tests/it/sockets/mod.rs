//! GraphQL over WebSocket: the protocol to its letter, against the real server.

mod bytes;
mod callers;
mod client;
mod handshake;
mod protocol;
mod reference;
mod stop;
mod times;

use crate::support::{Kind, TestDatabase, TestServer};

/// A server over SQLite with settings of the environment.
async fn server(environment: &[(&str, &str)]) -> (TestDatabase, TestServer) {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start_with(&database.url, &[], environment).await;
    (database, server)
}
