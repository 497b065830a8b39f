//! What an operator says of the cache.

use std::time::Duration;

/// Bounds of the cache.
#[derive(Clone, Debug)]
pub struct CacheSettings {
    /// How old a copy may be that answers a read; zero for no cache at all.
    pub age_max: Duration,
    /// Copies in the memory of this process, at the most.
    pub entries_max: u64,
    /// The Redis that servers share; `None` for none.
    pub redis: Option<RedisSettings>,
}

/// How to reach Redis, and how to use it.
#[derive(Clone, Debug)]
pub struct RedisSettings {
    /// `redis://…` or `rediss://…`: one of a single server, or some of a cluster's nodes.
    pub urls: Vec<String>,
    /// Whether they are of a cluster. Several always are.
    pub cluster: bool,
    /// How long a copy in the memory of this process answers before Redis is asked again, which
    /// other servers write to as well.
    pub near_age_max: Duration,
    /// How long one command may take.
    pub timeout: Duration,
    /// Lookups of one SKU in a second that make it hot, so that each node of a cluster gets a copy
    /// of it.
    pub hot_lookups_per_second: u32,
}

impl Default for CacheSettings {
    fn default() -> Self {
        Self { age_max: Duration::from_secs(2), entries_max: 100_000, redis: None }
    }
}

impl RedisSettings {
    /// The settings that hold unless an operator says otherwise.
    pub fn new(urls: Vec<String>) -> Self {
        Self {
            cluster: urls.len() > 1,
            urls,
            near_age_max: Duration::from_millis(50),
            timeout: Duration::from_millis(20),
            hot_lookups_per_second: 1_000,
        }
    }
}
