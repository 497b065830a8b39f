//! What subcommands have in common at their beginning and end: settings, log, database, ledger.

use std::net::SocketAddr;
use std::time::Duration;

use super::Failure;
use super::arguments::SourceArguments;
use crate::cache::{CacheMetrics, CacheSettings, RedisSettings, SharedBooks, StockCache};
use crate::config::{self, Flags, Settings, Sources, is_loopback};
use crate::count::CountSettings;
use crate::db::{Database, DatabaseSettings, Inspection};
use crate::domain::Clock;
use crate::graphql::{DocumentLimits, Schema, SchemaSettings};
use crate::http::{ConnectionLimits, Origins, RateLimit, RequestLimits, SocketLimits};
use crate::ledger::{LanesEnded, Ledger, LedgerMetrics, LedgerSettings};
use crate::live::LiveSettings;
use crate::refusals::RefusalSettings;
use crate::telemetry;

/// How long a ledger that nobody can ask any more may take to finish what it has.
const DRAIN_MAX: Duration = Duration::from_secs(15);

/// Connections of the ledger beyond one for each lane: it is there while a broken one is being
/// replaced, and while the last one is being rolled back.
const WRITER_CONNECTIONS_SPARE: u32 = 1;

/// How long connections may take to come back and be closed.
const CLOSE_MAX: Duration = Duration::from_secs(5);

/// Where the settings are to be read from, of which `flags` say some.
pub(super) fn sources(sources: &SourceArguments, mut flags: Flags) -> Sources {
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    flags.set("database.url", sources.database_url.clone());
    Sources { environment, file: sources.config.clone(), flags }
}

/// Reads the settings, of which `flags` say some, and starts the log.
///
/// # Errors
///
/// [`Failure`] with everything that is wrong with them.
pub(super) fn settings(arguments: &SourceArguments, flags: Flags) -> Result<Settings, Failure> {
    let settings =
        config::load(&sources(arguments, flags)).map_err(|invalid| Failure::settings(&invalid))?;
    telemetry::init(&settings.log)
        .map_err(|error| Failure::broke("the log could not be started", &error))?;
    Ok(settings)
}

/// What the settings say of the database.
pub(super) fn database_settings(settings: &Settings) -> DatabaseSettings {
    let section = &settings.database;
    DatabaseSettings {
        url: section.url.clone(),
        writer_connections_max: u32::try_from(settings.ledger.lanes)
            .unwrap_or(u32::MAX)
            .saturating_add(WRITER_CONNECTIONS_SPARE),
        reader_connections_max: section.reader_connections_max,
        acquire_timeout: section.acquire_timeout,
        lock_timeout: section.lock_timeout,
        replica_urls: section.replica_urls.clone(),
        replica_lag_max: section.replica_lag_max,
        replica_fallback_max: section.replica_fallback_max,
        keep_clock: true,
    }
}

/// What the settings say of the ledger.
pub(super) fn ledger_settings(settings: &Settings) -> LedgerSettings {
    let section = &settings.ledger;
    LedgerSettings {
        queue_max: section.queue_max,
        batch_max: section.batch_max,
        lanes: section.lanes,
        deadline: section.deadline,
        early_refusal_age_max: section.early_refusal_age_max,
    }
}

/// What the settings say of refused demand; `None` if none is kept.
pub(super) fn refusal_settings(settings: &Settings) -> Option<RefusalSettings> {
    let section = &settings.refusals;
    let write_interval = section.write_interval?;
    Some(RefusalSettings { write_interval, retention_days: section.retention_days })
}

/// What the settings say of the cache.
fn cache_settings(settings: &Settings) -> CacheSettings {
    let section = &settings.cache;
    let redis = (!section.redis_urls.is_empty()).then(|| RedisSettings {
        urls: section.redis_urls.clone(),
        cluster: section.redis_cluster || section.redis_urls.len() > 1,
        near_age_max: section.redis_near_age_max,
        timeout: section.redis_timeout,
        hot_lookups_per_second: section.redis_hot_lookups_per_second,
    });
    CacheSettings { age_max: section.age_max, entries_max: section.entries_max, redis }
}

/// Starts the cache for the books in `database`.
///
/// # Errors
///
/// [`Failure`] when Redis is not named as it must be, or the books do not tell their name.
pub(super) async fn cache(
    database: &Database,
    settings: &Settings,
    metrics: &CacheMetrics,
) -> Result<StockCache, Failure> {
    let settings = cache_settings(settings);
    let name = database.books_name().await.map_err(|error| {
        Failure::broke("the database does not tell when its tables were made", &error)
    })?;
    if settings.redis.is_some() {
        tracing::info!(books = name, "copies are shared in Redis with servers of the same books");
    }
    let books = SharedBooks { name, clock: database.clock().clone() };
    StockCache::start(&settings, books, metrics.clone()).map_err(|error| Failure::cache(&error))
}

/// What the settings say of the schema.
pub(super) fn schema_settings(settings: &Settings) -> SchemaSettings {
    let section = &settings.graphql;
    SchemaSettings {
        document_cache_bytes: section.document_cache_bytes,
        persisted_queries_bytes: section.persisted_queries_bytes,
        limits: DocumentLimits {
            document_bytes_max: section.document_bytes_max,
            depth_max: section.depth_max,
            selections_max: section.selections_max,
            fragments_max: section.fragments_max,
            variables_max: section.variables_max,
            aliases_max: section.aliases_max,
            root_fields_max: section.root_fields_max,
            directives_max: section.directives_max,
            complexity_max: section.complexity_max,
        },
        introspection: section.introspection,
        counts: CountSettings {
            second_person_above_units: settings.counts.second_person_above_units,
        },
        anomaly_rules: settings.anomalies.rules.clone(),
    }
}

/// The schema, which executes the documents of the settings' file alone if there is one.
///
/// # Errors
///
/// [`Failure`] with everything that is wrong with the file.
pub(super) async fn trusting(schema: Schema, settings: &Settings) -> Result<Schema, Failure> {
    let Some(path) = &settings.graphql.trusted_documents_file else { return Ok(schema) };
    let json = tokio::fs::read_to_string(path)
        .await
        .map_err(|error| Failure::trusted_documents(path, &error))?;
    schema
        .with_trusted_documents(&json)
        .await
        .map_err(|invalid| Failure::trusted_documents(path, &invalid))
}

/// What the settings say of live updates.
pub(super) fn live_settings(settings: &Settings) -> LiveSettings {
    let section = &settings.live;
    LiveSettings {
        poll_interval: section.poll_interval,
        buffer_entries: section.buffer_entries,
        subscriptions_max: section.subscriptions_max,
        subscriptions_per_caller_max: section.subscriptions_per_caller_max,
    }
}

/// What the settings say of connections.
pub(super) fn connection_limits(settings: &Settings) -> ConnectionLimits {
    let section = &settings.limits;
    ConnectionLimits {
        connections_max: section.connections_max,
        header_timeout: section.header_timeout,
        idle_timeout: section.idle_timeout,
        head_bytes_max: section.head_bytes_max,
        streams_max: section.streams_max,
    }
}

/// What the settings say of requests.
pub(super) fn request_limits(settings: &Settings) -> RequestLimits {
    let section = &settings.limits;
    RequestLimits {
        timeout: section.request_timeout,
        concurrent_max: section.concurrent_requests_max,
    }
}

/// What the settings say of sockets.
pub(super) fn socket_limits(settings: &Settings) -> SocketLimits {
    let section = &settings.live;
    SocketLimits {
        sockets_max: section.sockets_max,
        sockets_per_caller_max: section.sockets_per_caller_max,
        operations_per_socket_max: section.operations_per_socket_max,
        init_timeout: section.init_timeout,
        ping_interval: section.ping_interval,
        token_check_interval: section.token_check_interval,
        unread_timeout: settings.limits.idle_timeout,
    }
}

/// What the settings say of a caller's requests.
pub(super) fn rate_limit(settings: &Settings) -> RateLimit {
    RateLimit::new(settings.limits.requests_per_second, settings.limits.requests_burst)
}

/// What the settings say of web pages. A server on loopback is called by names of its own, because
/// nobody is authenticated.
pub(super) fn origins(settings: &Settings, listening: SocketAddr, is_open: bool) -> Origins {
    let server = &settings.server;
    let hosts = is_open.then(|| own_names(settings, &server.listen, listening)).flatten();
    Origins { allowed: server.cors_origins.clone(), hosts }
}

/// What the settings say of web pages where those ask who run the server: none of elsewhere may, and
/// on loopback the server is called by names of its own, because nobody is ever authenticated.
pub(super) fn operations_origins(settings: &Settings, listening: SocketAddr) -> Origins {
    let listen = settings.server.operations_listen.as_deref().unwrap_or_default();
    Origins { allowed: Vec::new(), hosts: own_names(settings, listen, listening) }
}

/// By which names besides those of loopback a server may be called that was told to listen on
/// `listen`; `None` for any, if that is not on loopback.
fn own_names(settings: &Settings, listen: &str, listening: SocketAddr) -> Option<Vec<String>> {
    is_loopback(listening.ip()).then(|| {
        let named = listen.rsplit_once(':').map(|(host, _port)| host.to_owned());
        settings.server.hosts.iter().cloned().chain(named).collect()
    })
}

/// Connects to the database, whose replicas are of no use to those who only write.
///
/// # Errors
///
/// [`Failure`] when it is not there.
pub(super) async fn connect(settings: &Settings) -> Result<Database, Failure> {
    connect_as(&database_settings(settings).without_replicas()).await
}

/// Connects to a database that is there, and whose tables are those of this version, to read and to
/// change nothing. It may be a replica.
///
/// # Errors
///
/// [`Failure`] when it is not there, or its tables are not up to date.
pub(super) async fn connect_to_read(settings: &Settings) -> Result<Database, Failure> {
    let of_database = database_settings(settings).without_replicas();
    let inspection = Inspection::open(&of_database)
        .await
        .map_err(|error| Failure::connect(&of_database, &error))?;
    let steps = inspection.migrations().await;
    inspection.close().await;
    let missing: Vec<String> = match steps {
        Ok(steps) => {
            steps.into_iter().filter_map(|step| (!step.applied).then_some(step.name)).collect()
        }
        // Whoever may not see the steps may see the entries all the same.
        Err(fault) if fault.is_denied() => Vec::new(),
        Err(fault) => {
            return Err(Failure::broke(
                "the database does not tell which steps were taken",
                &fault,
            ));
        }
    };
    if !missing.is_empty() {
        return Err(Failure::new(format!(
            "the tables are not there, or not up to date (missing: {}), and this changes nothing. \
             Run `stockflow migrate up` first, or name another database with --database-url.",
            missing.join(", ")
        )));
    }
    connect(settings).await
}

/// Connects to the database and brings its tables up to date.
///
/// # Errors
///
/// [`Failure`] when it is not there, or its tables cannot be changed.
pub(super) async fn open(settings: &Settings) -> Result<Database, Failure> {
    migrated(connect(settings).await?).await
}

/// Connects to the database and its replicas, and brings its tables up to date.
///
/// # Errors
///
/// [`Failure`] when the database is not there, its tables cannot be changed, or a URL names no
/// replica of it.
pub(super) async fn open_with_replicas(settings: &Settings) -> Result<Database, Failure> {
    migrated(connect_as(&database_settings(settings)).await?).await
}

async fn connect_as(settings: &DatabaseSettings) -> Result<Database, Failure> {
    Database::connect(settings).await.map_err(|error| Failure::connect(settings, &error))
}

/// Takes the steps that are left, and tells how many those were.
///
/// # Errors
///
/// [`Failure`] when the tables cannot be changed; it names the steps if the user may not.
pub(super) async fn migrate(database: &Database) -> Result<usize, Failure> {
    let error = match database.migrate_up().await {
        Ok(steps) => return Ok(steps),
        Err(error) => error,
    };
    if !error.is_denied() {
        return Err(Failure::broke("the tables could not be brought up to date", &error));
    }
    let missing: Vec<String> = database
        .migrations()
        .await
        .unwrap_or_default()
        .into_iter()
        .filter_map(|step| (!step.applied).then_some(step.name))
        .collect();
    Err(Failure::new(format!(
        "the tables are not up to date (missing: {}), and the database's user may not change them. \
         Run `stockflow migrate up` as a user who may, and give this one the rights in \
         deploy/grants.",
        missing.join(", ")
    )))
}

async fn migrated(database: Database) -> Result<Database, Failure> {
    let steps = migrate(&database).await?;
    if steps > 0 {
        tracing::info!(steps, "brought the tables up to date");
    }
    Ok(database)
}

/// Starts a ledger.
///
/// # Errors
///
/// [`Failure`] when the system has no thread for it.
pub(super) fn ledger(
    database: &Database,
    cache: StockCache,
    settings: &Settings,
    clock: Clock,
    metrics: &LedgerMetrics,
) -> Result<(Ledger, LanesEnded), Failure> {
    Ledger::start(database.clone(), cache, ledger_settings(settings), clock, metrics.clone())
        .map_err(|error| Failure::broke("the system has no thread for the ledger", &error))
}

/// Waits until a ledger has written what it was given. Every clone of it must be gone.
pub(super) async fn drain(lanes: LanesEnded) {
    match tokio::time::timeout(DRAIN_MAX, lanes).await {
        Ok(()) => {}
        // Whoever waits for an answer gets none, and asks again under the same key.
        Err(_elapsed) => tracing::warn!("the ledger was not done in time"),
    }
}

/// Closes the connections.
pub(super) async fn close(database: Database) {
    match tokio::time::timeout(CLOSE_MAX, database.close()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the database was not closed in good order"),
        // A connection that does not come back has nothing that could be lost any more.
        Err(_elapsed) => tracing::warn!("the database was not closed in time"),
    }
}
