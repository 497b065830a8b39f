//! Servers that take tokens.

use std::io::Write as _;
use std::path::Path;

use tempfile::NamedTempFile;

use super::issuer::{AUDIENCE, ISSUER};
use crate::support::{TestDatabase, TestServer};

/// Settings of section `auth`, by their keys.
pub type Settings<'a> = &'a [(&'a str, &'a str)];

/// The variables that say so.
pub fn variables(settings: Settings<'_>) -> Vec<(String, String)> {
    let name = |key: &str| format!("STOCKFLOW_AUTH__{}", key.to_uppercase());
    settings.iter().map(|(key, value)| (name(key), (*value).to_owned())).collect()
}

/// Starts a server with these settings.
pub async fn start(database_url: &str, settings: Settings<'_>) -> TestServer {
    let variables = variables(settings);
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    TestServer::start_with(database_url, &[], &variables).await
}

/// Starts a server that takes JWTs of this algorithm, with these settings besides.
pub async fn start_with_jwts(
    database: &TestDatabase,
    algorithm: &str,
    settings: Settings<'_>,
) -> TestServer {
    let taken = [("jwt_algorithm", algorithm), ("jwt_issuer", ISSUER), ("jwt_audience", AUDIENCE)];
    start(&database.url, &[&taken[..], settings].concat()).await
}

/// A file of a test's own.
pub fn file(content: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(content.as_bytes()).unwrap();
    file
}

/// Replaces a file in one step, as those do who care for its readers.
pub fn replace(path: &Path, content: &str) {
    let beside = NamedTempFile::new_in(path.parent().unwrap()).unwrap();
    std::fs::write(beside.path(), content).unwrap();
    beside.persist(path).unwrap();
}
