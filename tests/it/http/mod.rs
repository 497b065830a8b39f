//! The server towards the network: what a client may ask of it, how it proves who it is, whose pages
//! it serves, and how it stops.

mod body;
mod connections;
mod headers;
mod http2;
mod operations;
mod origins;
mod requests;
mod stop;
pub mod tls;
mod wire;

use crate::support::{Kind, TestDatabase, TestServer};

/// A server over SQLite with settings of the environment.
async fn server(environment: &[(&str, &str)]) -> (TestDatabase, TestServer) {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start_with(&database.url, &[], environment).await;
    (database, server)
}
