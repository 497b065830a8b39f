//! Opens the pools, each connection set up so that it cannot surprise the ledger.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::sqlx::pool::PoolOptions;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{
    self, AssertSqlSafe, Connection as _, Executor, MySqlConnection, PgConnection, query_scalar,
};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, RuntimeErr, Statement};
use tokio::sync::watch;

use super::demotion::Demotion;
use super::pools::Pools;
use super::replica::ReplicaOptions;
use super::replicas::Replicas;
use super::seen::{Admission, BEAT_SQL, Seen};
use super::settings::{InvalidReplica, InvalidUrl};
use super::{Database, DatabaseSettings, DbMetrics, Dialect, heartbeat};
use crate::config::url_shown;
use crate::domain::BooksClock;

/// A connection that rested longer than this is asked for a sign of life before it is used: it may
/// have died with a server that has since come back. A busy one tells by itself.
const IDLE_BEFORE_TEST: Duration = Duration::from_secs(1);

/// After how long without a word the database ends a session and frees its locks: the server that
/// held them may have lost its host in the middle of a transaction. None of ours rests so long in
/// one; a session that rests outside of one is opened anew when it is needed.
const ABANDONED_SECONDS: u32 = 30;

/// How long a connection may take to be rolled back before it is closed instead.
const ROLLBACK_MAX: Duration = Duration::from_secs(5);

/// Pages of SQLite's write-ahead log, of 4 KiB, after which they are copied into the file ("PRAGMA
/// `wal_autocheckpoint`"). A page is written again by each batch that touches it, and copied once:
/// left at 1,000, some batches over a thousand SKUs would each pay for a copy.
const SQLITE_CHECKPOINT_PAGES: &str = "10000";

/// Rows that SQLite's thread may read ahead: those of the longest page, and one more that tells
/// whether there are others, so that it need not wait in the middle of one.
const SQLITE_ROWS_BUFFERED: usize = 256;

/// What connections are for.
#[derive(Clone, Debug)]
pub(super) enum Door {
    /// Transactions that change something.
    Writer(Demotion),
    /// Single statements that change nothing.
    Reader(Demotion),
    /// The same, to a replica, by connections that show what was seen of it before.
    Replica(Admission),
}

impl Door {
    fn is_writer(&self) -> bool {
        matches!(self, Self::Writer(_))
    }

    /// What is known of the server behind it; a replica takes no changes anyway.
    fn demotion(&self) -> Demotion {
        match self {
            Self::Writer(demotion) | Self::Reader(demotion) => demotion.clone(),
            Self::Replica(_) => Demotion::default(),
        }
    }

    fn admission(&self) -> Option<Admission> {
        match self {
            Self::Replica(admission) => Some(admission.clone()),
            Self::Writer(_) | Self::Reader(_) => None,
        }
    }
}

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL names none.
    #[error(transparent)]
    Url(#[from] InvalidUrl),
    /// The URL of a replica names none.
    #[error(transparent)]
    Replica(#[from] InvalidReplica),
    /// It did not answer, or refused.
    #[error("{0}")]
    Refused(#[source] DbErr),
}

impl Database {
    /// Connects to the database that `settings` name.
    ///
    /// An SQLite file is created when it is missing; on a server the database must exist. Replicas
    /// are connected to when they are there.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] when the URL names no database, the database cannot be reached, or the URL
    /// of a replica names none.
    pub async fn connect(settings: &DatabaseSettings) -> Result<Self, ConnectError> {
        let family = family(&settings.url)?;
        let of_replicas = replica_options(family, settings)?;
        probe(family, &settings.url).await.map_err(ConnectError::Refused)?;
        let demotion = Demotion::default();
        let writer = options(family, settings, Door::Writer(demotion.clone()));
        let reader = options(family, settings, Door::Reader(demotion.clone()));
        let writer_options = Arc::new(writer.clone());
        let writer = connect(writer).await?;
        let mut reader = connect(reader).await?;
        let dialect = match family {
            Dialect::MariaDb | Dialect::MySql => {
                mysql_dialect(&writer).await.map_err(ConnectError::Refused)?
            }
            Dialect::Sqlite | Dialect::Postgres => family,
        };
        let statements_read = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&statements_read);
        reader.set_metric_callback(move |_statement| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        let (metrics, clock) = (DbMetrics::new(), BooksClock::default());
        let replicas = Replicas::open(of_replicas, settings, &clock, &metrics).await?;
        if settings.keep_clock && dialect == Dialect::Sqlite {
            heartbeat::start_with_machine(clock.clone(), replicas.stop());
        } else if settings.keep_clock || !replicas.is_empty() {
            let beats = !replicas.is_empty();
            let primary = heartbeat::Primary { writer: writer.clone(), dialect, demotion };
            heartbeat::start(primary, clock.clone(), beats, replicas.stop());
        }
        let replicas = Arc::new(replicas);
        let pools = Pools {
            tables: writer.clone(),
            reader: reader.clone(),
            replicas: Arc::clone(&replicas),
            writer: Arc::default(),
        };
        Ok(Self {
            writer,
            writer_options,
            reader,
            dialect,
            inserted_ids: dialect.inserted_ids(),
            statements_read,
            clock,
            replicas,
            pools,
            metrics,
            entries_written: Arc::default(),
        })
    }
}

/// How each replica is connected to, with its URL as it may be shown.
fn replica_options(
    primary: Dialect,
    settings: &DatabaseSettings,
) -> Result<Vec<(String, ReplicaOptions)>, InvalidReplica> {
    let options = |url: &String| {
        let shown = url_shown(url);
        match family(url) {
            _ if primary == Dialect::Sqlite => Err(InvalidReplica::OfFile),
            Ok(other) if other == primary => {
                let lazy = |door| {
                    let mut options = options(primary, &settings.of_replica(url), door);
                    options.connect_lazy(true);
                    options
                };
                let seen = watch::Sender::new(Seen::default());
                let reader = lazy(Door::Replica(Admission::by(seen.subscribe())));
                Ok((
                    shown,
                    ReplicaOptions { reader, probe: lazy(Door::Reader(Demotion::default())), seen },
                ))
            }
            Ok(_other) => Err(InvalidReplica::Other(shown)),
            Err(_invalid) => Err(InvalidReplica::Url(shown)),
        }
    };
    settings.replica_urls.iter().map(options).collect()
}

pub(super) fn options(family: Dialect, settings: &DatabaseSettings, door: Door) -> ConnectOptions {
    let connections_max = match &door {
        Door::Writer(_) if family == Dialect::Sqlite => 1,
        Door::Writer(_) => settings.writer_connections_max,
        Door::Reader(_) | Door::Replica(_) => settings.reader_connections_max,
    };
    match family {
        Dialect::Sqlite => sqlite(settings, connections_max),
        Dialect::MariaDb | Dialect::MySql => mysql(settings, connections_max, door),
        Dialect::Postgres => postgres(settings, connections_max, door),
    }
}

/// Knocks once. A pool goes on knocking until its patience is over, and then tells only that; one
/// connection tells at once what is wrong.
pub(super) async fn probe(family: Dialect, url: &str) -> Result<(), DbErr> {
    let knocked = match family {
        Dialect::Sqlite => Ok(()),
        Dialect::MariaDb | Dialect::MySql => match MySqlConnection::connect(url).await {
            Ok(connection) => connection.close().await,
            Err(error) => Err(error),
        },
        Dialect::Postgres => match PgConnection::connect(url).await {
            Ok(connection) => connection.close().await,
            Err(error) => Err(error),
        },
    };
    knocked.map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))
}

pub(super) async fn connect(options: ConnectOptions) -> Result<DatabaseConnection, ConnectError> {
    sea_orm::Database::connect(options).await.map_err(ConnectError::Refused)
}

pub(super) fn family(url: &str) -> Result<Dialect, InvalidUrl> {
    let scheme = url.split_once(':').ok_or(InvalidUrl::Scheme)?.0;
    match scheme {
        "sqlite" if url.contains(":memory:") || url.contains("mode=memory") => {
            Err(InvalidUrl::InMemory)
        }
        "sqlite" => Ok(Dialect::Sqlite),
        "mysql" | "mariadb" => Ok(Dialect::MySql),
        "postgres" | "postgresql" => Ok(Dialect::Postgres),
        _ => Err(InvalidUrl::Scheme),
    }
}

/// MariaDB and MySQL share a protocol and, mostly, a language; where not, the server's own word
/// counts.
pub(super) async fn mysql_dialect(connection: &DatabaseConnection) -> Result<Dialect, DbErr> {
    let statement = Statement::from_string(connection.get_database_backend(), "SELECT VERSION()");
    let row = connection.query_one_raw(statement).await?;
    let version: String = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    Ok(if version.contains("MariaDB") { Dialect::MariaDb } else { Dialect::MySql })
}

/// The URL as drivers know it: MariaDB by MySQL's name alone.
pub(super) fn of_driver(url: &str) -> String {
    match url.strip_prefix("mariadb:") {
        Some(rest) => format!("mysql:{rest}"),
        None => url.to_owned(),
    }
}

fn common(settings: &DatabaseSettings, connections_max: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(of_driver(&settings.url));
    options
        .max_connections(connections_max)
        .acquire_timeout(settings.acquire_timeout)
        .connect_timeout(settings.acquire_timeout)
        .test_before_acquire_if_idle_for(IDLE_BEFORE_TEST)
        .sqlx_logging_level(tracing::log::LevelFilter::Trace);
    options
}

/// WAL, so that readers and the writer do not wait for each other; FULL, so that what was
/// acknowledged outlives a power cut (SQLite manual, "PRAGMA synchronous"). What a statement may
/// have to undo is kept in memory, not in a file: it is some pages of one batch ("PRAGMA
/// `temp_store`"; a tenth of what a batch over a thousand SKUs costs).
fn sqlite(settings: &DatabaseSettings, connections_max: u32) -> ConnectOptions {
    let lock_timeout = settings.lock_timeout;
    let mut options = common(settings, connections_max);
    options.map_sqlx_sqlite_opts(move |options| {
        options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(lock_timeout)
            .row_buffer_size(SQLITE_ROWS_BUFFERED)
            .pragma("temp_store", "memory")
            .pragma("wal_autocheckpoint", SQLITE_CHECKPOINT_PAGES)
    });
    options.map_sqlx_sqlite_pool_opts(|pool| pool.idle_timeout(None).max_lifetime(None));
    options
}

/// READ COMMITTED for the whole session, so that no statement of its own has to set it and no
/// cancelled one can leave it behind; strict, so that nothing is cut to fit.
fn mysql(settings: &DatabaseSettings, connections_max: u32, door: Door) -> ConnectOptions {
    let lock_timeout_seconds = seconds(settings.lock_timeout);
    let mut options = common(settings, connections_max);
    options.map_sqlx_mysql_pool_opts(move |pool| {
        let admission = door.admission();
        used_again(pool, &door).after_connect(move |connection, _meta| {
            let admission = admission.clone();
            Box::pin(async move {
                // The variable behind the level has two names; this statement has one.
                connection
                    .execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
                    .await?;
                // What M! begins is for MariaDB; to MySQL it is a comment. Rows have one bound,
                // and tables that somebody locks or changes another, which is a day or a year.
                let session = format!(
                    "SET SESSION innodb_lock_wait_timeout = {lock_timeout_seconds}, \
                     lock_wait_timeout = {lock_timeout_seconds}, \
                     wait_timeout = {ABANDONED_SECONDS}, \
                     sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES') \
                     /*M! , idle_transaction_timeout = {ABANDONED_SECONDS} */"
                );
                connection.execute(AssertSqlSafe(session)).await?;
                match admission {
                    Some(admission) => {
                        admission.of(query_scalar(BEAT_SQL).fetch_one(connection)).await
                    }
                    None => Ok(()),
                }
            })
        })
    });
    options
}

/// READ COMMITTED whatever the administrator's default is.
fn postgres(settings: &DatabaseSettings, connections_max: u32, door: Door) -> ConnectOptions {
    let lock_timeout_ms = settings.lock_timeout.as_millis().to_string();
    let abandoned_ms = format!("{ABANDONED_SECONDS}000");
    let mut options = common(settings, connections_max);
    options.map_sqlx_postgres_opts(move |options| {
        options.application_name("stockflow").options([
            ("default_transaction_isolation", "read committed"),
            ("lock_timeout", lock_timeout_ms.as_str()),
            ("idle_in_transaction_session_timeout", abandoned_ms.as_str()),
            ("client_min_messages", "error"),
        ])
    });
    options.map_sqlx_postgres_pool_opts(move |pool| {
        let admission = door.admission();
        used_again(pool, &door).after_connect(move |connection, _meta| {
            let admission = admission.clone();
            Box::pin(async move {
                match admission {
                    Some(admission) => {
                        admission.of(query_scalar(BEAT_SQL).fetch_one(connection)).await
                    }
                    None => Ok(()),
                }
            })
        })
    });
    options
}

/// When a connection is used again: never to a server that was demoted; and through the writer's
/// door only once it is rolled back, for a `begin` that was dropped while it waited leaves its
/// transaction open on the server (sqlx issue #4385), and the next borrower's work would vanish in
/// it. Readers begin none, and are spared the way to the server.
fn used_again<D: sqlx::Database>(pool: PoolOptions<D>, door: &Door) -> PoolOptions<D>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
{
    let is_writer = door.is_writer();
    let (at_rest, released) = (door.demotion(), door.demotion());
    pool.before_acquire(move |_connection, _meta| {
        let used_again = !at_rest.is_known();
        Box::pin(async move { Ok(used_again) })
    })
    .after_release(move |connection, _meta| {
        let used_again = !released.is_known();
        Box::pin(async move {
            if !is_writer || !used_again {
                return Ok(used_again);
            }
            let rolled_back = connection.execute("ROLLBACK");
            // One that does not answer is not kept.
            Ok(tokio::time::timeout(ROLLBACK_MAX, rolled_back).await.is_ok_and(|done| done.is_ok()))
        })
    })
}

fn seconds(duration: Duration) -> u64 {
    duration.as_secs().max(1)
}
