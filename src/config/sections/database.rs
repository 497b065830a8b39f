//! Section `database`: where the books are.

use std::time::Duration;

use crate::config::reader::Reader;

/// Where the books are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseSection {
    /// The URL; may hold a password.
    pub url: String,
    /// Connections that readers may hold at once.
    pub reader_connections_max: u32,
    /// How long to wait for a connection.
    pub acquire_timeout: Duration,
    /// How long to wait for a lock.
    pub lock_timeout: Duration,
    /// URLs of replicas; they may hold passwords.
    pub replica_urls: Vec<String>,
    /// How far a replica may lag behind to be read from.
    pub replica_lag_max: Duration,
    /// Reads at once on the primary in place of replicas.
    pub replica_fallback_max: usize,
}

impl DatabaseSection {
    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let url = reader.text("database.url", |url| !url.is_empty(), "must not be empty");
        let reader_connections_max = reader.number("database.reader_connections_max", 1..=1_000);
        let acquire_timeout = reader.duration("database.acquire_timeout_ms", 1..=600_000);
        let lock_timeout = reader.duration("database.lock_timeout_ms", 1..=600_000);
        let replica_urls = reader.list(
            "database.replica_urls",
            |url| !url.is_empty(),
            "must not have an empty text among them",
        );
        let replica_lag_max = reader.duration("database.replica_lag_ms_max", 1_000..=86_400_000);
        let replica_fallback_max = reader.number("database.replica_fallback_max", 1..=1_000);
        Some(Self {
            url: url?,
            reader_connections_max: reader_connections_max?,
            acquire_timeout: acquire_timeout?,
            lock_timeout: lock_timeout?,
            replica_urls: replica_urls?,
            replica_lag_max: replica_lag_max?,
            replica_fallback_max: replica_fallback_max?,
        })
    }
}
