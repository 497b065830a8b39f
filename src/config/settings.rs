//! The settings, once they are known to make sense.

use std::ops::RangeInclusive;
use std::time::Duration;

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use super::fault::{Fault, words};

/// Every setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Section `server`.
    pub server: ServerSection,
    /// Section `database`.
    pub database: DatabaseSection,
    /// Section `ledger`.
    pub ledger: LedgerSection,
    /// Section `cache`.
    pub cache: CacheSection,
    /// Section `graphql`.
    pub graphql: GraphqlSection,
    /// Section `log`.
    pub log: LogSection,
}

/// How requests come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSection {
    /// Where to listen, as `HOST:PORT`.
    pub listen: String,
    /// The largest body that is read.
    pub body_bytes_max: usize,
    /// How long requests under way may take to finish when the server stops.
    pub shutdown_timeout: Duration,
}

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

/// Bounds of the writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerSection {
    /// Commands of one transaction.
    pub batch_max: usize,
    /// Transactions under way at once.
    pub lanes: usize,
    /// Commands that may wait.
    pub queue_max: usize,
    /// How long one may wait before it is begun.
    pub deadline: Duration,
    /// How old a copy may be by which one is refused early; zero for none to be.
    pub early_refusal_age_max: Duration,
}

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

/// What is kept of GraphQL's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphqlSection {
    /// Memory for documents that are known; 0 for none.
    pub document_cache_bytes: u64,
}

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSection {
    /// Levels, in the language of `tracing`'s `EnvFilter`.
    pub filter: String,
    /// For whom.
    pub format: LogFormat,
}

/// Who reads the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// People.
    Text,
    /// Machines: one JSON object a line.
    Json,
}

/// Takes settings out of what was laid together, and keeps every fault.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    config: &'a config::Config,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(config: &'a config::Config, faults: Vec<Fault>) -> Self {
        Self { config, faults }
    }

    /// Reads every setting; gives up only at the end.
    pub(super) fn read(mut self) -> Result<Settings, Vec<Fault>> {
        let server = self.server();
        let database = self.database();
        let ledger = self.ledger();
        let cache = self.cache();
        let graphql = self.graphql();
        let log = self.log();
        let settings = (|| {
            Some(Settings {
                server: server?,
                database: database?,
                ledger: ledger?,
                cache: cache?,
                graphql: graphql?,
                log: log?,
            })
        })();
        settings.filter(|_settings| self.faults.is_empty()).ok_or(self.faults)
    }

    fn server(&mut self) -> Option<ServerSection> {
        let listen = self.text("server.listen", is_address, "must be HOST:PORT, as 127.0.0.1:8000");
        let body_bytes_max = self.number("server.body_bytes_max", 1_024..=67_108_864);
        let shutdown_timeout = self.duration("server.shutdown_timeout_ms", 0..=600_000);
        Some(ServerSection {
            listen: listen?,
            body_bytes_max: body_bytes_max?,
            shutdown_timeout: shutdown_timeout?,
        })
    }

    fn database(&mut self) -> Option<DatabaseSection> {
        let url = self.text("database.url", |url| !url.is_empty(), "must not be empty");
        let reader_connections_max = self.number("database.reader_connections_max", 1..=1_000);
        let acquire_timeout = self.duration("database.acquire_timeout_ms", 1..=600_000);
        let lock_timeout = self.duration("database.lock_timeout_ms", 1..=600_000);
        let replica_urls = self.list(
            "database.replica_urls",
            |url| !url.is_empty(),
            "must not have an empty text among them",
        );
        let replica_lag_max = self.duration("database.replica_lag_ms_max", 1_000..=86_400_000);
        let replica_fallback_max = self.number("database.replica_fallback_max", 1..=1_000);
        Some(DatabaseSection {
            url: url?,
            reader_connections_max: reader_connections_max?,
            acquire_timeout: acquire_timeout?,
            lock_timeout: lock_timeout?,
            replica_urls: replica_urls?,
            replica_lag_max: replica_lag_max?,
            replica_fallback_max: replica_fallback_max?,
        })
    }

    fn ledger(&mut self) -> Option<LedgerSection> {
        let batch_max = self.number("ledger.batch_max", 1..=2_500);
        let lanes = self.number("ledger.lanes", 1..=64);
        let queue_max = self.number("ledger.queue_max", 1..=1_000_000);
        let deadline = self.duration("ledger.deadline_ms", 1..=600_000);
        let early_refusal_age_max = self.duration("ledger.early_refusal_age_ms_max", 0..=10_000);
        Some(LedgerSection {
            batch_max: batch_max?,
            lanes: lanes?,
            queue_max: queue_max?,
            deadline: deadline?,
            early_refusal_age_max: early_refusal_age_max?,
        })
    }

    fn cache(&mut self) -> Option<CacheSection> {
        // A copy that is older than ten seconds is forgotten; see `cache::near`.
        let age_max = self.duration("cache.age_ms_max", 0..=10_000);
        let entries_max = self.number("cache.entries_max", 1..=100_000_000);
        let redis_urls = self.list(
            "cache.redis_urls",
            |url| url.starts_with("redis://") || url.starts_with("rediss://"),
            "must begin with redis:// or rediss://, as redis://127.0.0.1:6379",
        );
        let redis_cluster = self.get("cache.redis_cluster");
        let redis_near_age_max = self.duration("cache.redis_near_age_ms_max", 0..=10_000);
        let redis_timeout = self.duration("cache.redis_timeout_ms", 1..=10_000);
        let redis_hot_lookups_per_second =
            self.number("cache.redis_hot_lookups_per_second", 1..=1_000_000_000);
        Some(CacheSection {
            age_max: age_max?,
            entries_max: entries_max?,
            redis_urls: redis_urls?,
            redis_cluster: redis_cluster?,
            redis_near_age_max: redis_near_age_max?,
            redis_timeout: redis_timeout?,
            redis_hot_lookups_per_second: redis_hot_lookups_per_second?,
        })
    }

    fn graphql(&mut self) -> Option<GraphqlSection> {
        let document_cache_bytes = self.number("graphql.document_cache_bytes", 0..=1_073_741_824);
        Some(GraphqlSection { document_cache_bytes: document_cache_bytes? })
    }

    fn log(&mut self) -> Option<LogSection> {
        let is_filter = |filter: &str| EnvFilter::try_new(filter).is_ok();
        let filter =
            self.text("log.filter", is_filter, "must be levels, as info or warn,stockflow=debug");
        let is_format = |format: &str| matches!(format, "text" | "json");
        let format = self.text("log.format", is_format, "must be text or json")?;
        let format = if format == "json" { LogFormat::Json } else { LogFormat::Text };
        Some(LogSection { filter: filter?, format })
    }

    fn get<'de, T: Deserialize<'de>>(&mut self, key: &str) -> Option<T> {
        self.config.get(key).map_err(|error| self.fault(key, words(&error))).ok()
    }

    fn text(&mut self, key: &str, holds: impl Fn(&str) -> bool, otherwise: &str) -> Option<String> {
        let text: String = self.get(key)?;
        if holds(&text) {
            return Some(text);
        }
        self.fault(key, otherwise.to_owned());
        None
    }

    /// A list of texts, which the environment spells with commas between them.
    fn list(
        &mut self,
        key: &str,
        holds: impl Fn(&str) -> bool,
        otherwise: &str,
    ) -> Option<Vec<String>> {
        let list = match self.config.get::<String>(key) {
            Ok(text) => text.split(',').map(|one| one.trim().to_owned()).collect(),
            Err(_no_text) => self.get::<Vec<String>>(key)?,
        };
        if list.iter().all(|one| holds(one)) {
            return Some(list);
        }
        self.fault(key, otherwise.to_owned());
        None
    }

    fn number<N: TryFrom<i64>>(&mut self, key: &str, bounds: RangeInclusive<i64>) -> Option<N> {
        let number: i64 = self.get(key)?;
        let (min, max) = (bounds.start(), bounds.end());
        let taken = bounds.contains(&number).then(|| N::try_from(number).ok()).flatten();
        if taken.is_none() {
            self.fault(key, format!("must be from {min} to {max}, is {number}"));
        }
        taken
    }

    fn duration(&mut self, key: &str, bounds_ms: RangeInclusive<i64>) -> Option<Duration> {
        self.number(key, bounds_ms).map(Duration::from_millis)
    }

    fn fault(&mut self, key: &str, message: String) {
        self.faults.push(Fault { subject: key.to_owned(), message });
    }
}

/// A name or an address, a colon and a port. Whether the machine has it, the system tells.
fn is_address(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host_fits = match bare {
            Some(address) => address.contains(':'),
            None => !host.is_empty() && !host.contains([':', '/', ' ']),
        };
        host_fits && port.parse::<u16>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_a_port() {
        for address in ["127.0.0.1:8000", "localhost:0", "[::1]:8000", "0.0.0.0:65535"] {
            assert!(is_address(address), "{address}");
        }
        for other in ["", "8000", ":8000", "localhost", "a:b", "::1:8000", "h:65536", "http://h:1"]
        {
            assert!(!is_address(other), "{other}");
        }
    }
}
