//! Section `cache`: copies of amounts.

use std::time::Duration;

use crate::config::reader::Reader;

/// Copies of amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheSection {
    /// How old one may be that answers a read; zero for none to be kept.
    pub age_max: Duration,
    /// How many the server keeps in its memory.
    pub entries_max: u64,
    /// The Redis that servers share; may hold passwords.
    pub redis_urls: Vec<String>,
    /// Whether it is a cluster.
    pub redis_cluster: bool,
    /// How long a copy in memory answers before Redis is asked again.
    pub redis_near_age_max: Duration,
    /// How long Redis may take for one command.
    pub redis_timeout: Duration,
    /// Lookups that make a SKU hot.
    pub redis_hot_lookups_per_second: u32,
}

impl CacheSection {
    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        // A copy that is older than ten seconds is forgotten; see `cache::near`.
        let age_max = reader.duration("cache.age_ms_max", 0..=10_000);
        let entries_max = reader.number("cache.entries_max", 1..=100_000_000);
        let redis_urls = reader.list(
            "cache.redis_urls",
            |url| url.starts_with("redis://") || url.starts_with("rediss://"),
            "must begin with redis:// or rediss://, as redis://127.0.0.1:6379",
        );
        let redis_cluster = reader.get("cache.redis_cluster");
        let redis_near_age_max = reader.duration("cache.redis_near_age_ms_max", 0..=10_000);
        let redis_timeout = reader.duration("cache.redis_timeout_ms", 1..=10_000);
        let redis_hot_lookups_per_second =
            reader.number("cache.redis_hot_lookups_per_second", 1..=1_000_000_000);
        Some(Self {
            age_max: age_max?,
            entries_max: entries_max?,
            redis_urls: redis_urls?,
            redis_cluster: redis_cluster?,
            redis_near_age_max: redis_near_age_max?,
            redis_timeout: redis_timeout?,
            redis_hot_lookups_per_second: redis_hot_lookups_per_second?,
        })
    }
}
