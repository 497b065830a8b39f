//! Questions about a database itself, for those who operate it: what it is, how it is set, what its
//! user may do, how far it has come. They change nothing, and create nothing.
//!
//! Here are facts; whether they are good is judged by `cli`.

mod books;
mod rights;

use std::collections::BTreeMap;

use sea_orm::{
    ConnectOptions, ConnectionTrait as _, DatabaseConnection, QueryResult, Statement, TryGetable,
};

pub use books::BooksFound;
pub use rights::{Action, Right};

use super::connect::{Door, connect, family, mysql_dialect, options, probe};
use super::demotion::Demotion;
use super::heartbeat;
use super::migrate;
use super::seen::BEAT_SQL;
use super::{ConnectError, DatabaseSettings, Dialect, Fault, MigrationState};

/// Connections of it at the most: one whose question was given up may take a while to come back.
const CONNECTIONS_MAX: u32 = 2;

/// A database that is looked at, through connections that are set as those of readers are.
#[derive(Clone, Debug)]
pub struct Inspection {
    connection: DatabaseConnection,
    dialect: Dialect,
}

/// What the clock of a database shows, and whether the database takes changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Microseconds since 1970.
    pub clock_us: i64,
    /// Whether it is a replica, or takes no changes for another reason.
    pub read_only: bool,
}

impl Told {
    /// What a row tells that answers [`heartbeat::question`].
    pub(super) fn of(row: &QueryResult) -> Result<Self, Fault> {
        let read_only = row.try_get_by_index::<i64>(1)? != 0;
        Ok(Self { clock_us: row.try_get_by_index(0)?, read_only })
    }
}

impl Inspection {
    /// Connects. A file that is not there is not created.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] when the URL names no database, or it cannot be reached.
    pub async fn open(settings: &DatabaseSettings) -> Result<Self, ConnectError> {
        let family = family(&settings.url)?;
        probe(family, &settings.url).await.map_err(ConnectError::Refused)?;
        let mut options = options(family, settings, Door::Reader(Demotion::default()));
        options.max_connections(CONNECTIONS_MAX);
        if family == Dialect::Sqlite {
            look_only(&mut options);
        }
        let connection = connect(options).await?;
        let dialect = match family {
            Dialect::MariaDb | Dialect::MySql => {
                mysql_dialect(&connection).await.map_err(ConnectError::Refused)?
            }
            Dialect::Sqlite | Dialect::Postgres => family,
        };
        Ok(Self { connection, dialect })
    }

    /// Which SQL it speaks.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Its version, as it spells it.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it does not answer.
    pub async fn version(&self) -> Result<String, Fault> {
        let sql = match self.dialect {
            Dialect::Sqlite => "SELECT sqlite_version()",
            Dialect::MariaDb | Dialect::MySql => "SELECT VERSION()",
            Dialect::Postgres => "SELECT current_setting('server_version')",
        };
        Ok(self.ask(sql).await?.unwrap_or_default())
    }

    /// The variables of a server, as they hold for the sessions of this user. One that it does not
    /// know is left out; a file has none.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it does not answer.
    pub async fn variables(&self, names: &[&str]) -> Result<BTreeMap<String, String>, Fault> {
        let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        let names = names.join(", ");
        let sql = match self.dialect {
            Dialect::Sqlite => return Ok(BTreeMap::new()),
            Dialect::MariaDb | Dialect::MySql => {
                format!("SHOW VARIABLES WHERE Variable_name IN ({names})")
            }
            Dialect::Postgres => {
                format!("SELECT name, setting FROM pg_settings WHERE name IN ({names})")
            }
        };
        let rows = self.connection.query_all_raw(self.statement(&sql)).await?;
        let pair = |row: &QueryResult| {
            Ok::<_, Fault>((row.try_get_by_index(0)?, row.try_get_by_index(1)?))
        };
        rows.iter().map(pair).collect()
    }

    /// Connections that the database's user may have open at once, if he has a bound of his own.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it does not answer.
    pub async fn connections_of_user_max(&self) -> Result<Option<i64>, Fault> {
        let sql = match self.dialect {
            Dialect::Sqlite => return Ok(None),
            Dialect::MariaDb | Dialect::MySql => "SELECT CAST(@@max_user_connections AS SIGNED)",
            Dialect::Postgres => {
                "SELECT rolconnlimit::bigint FROM pg_roles WHERE rolname = current_user"
            }
        };
        Ok(self.ask(sql).await?.filter(|max| *max > 0))
    }

    /// What its clock shows, and whether it takes changes; `None` of a file, which has no clock.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it does not answer.
    pub async fn told(&self) -> Result<Option<Told>, Fault> {
        if self.dialect == Dialect::Sqlite {
            return Ok(None);
        }
        let row = self.connection.query_one_raw(heartbeat::question(self.dialect)).await?;
        Told::of(&row.ok_or_else(Fault::silent)?).map(Some)
    }

    /// Every step that brings the tables up to date, and whether it was taken.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it does not answer, or has steps on record that this version does not know.
    pub async fn migrations(&self) -> Result<Vec<MigrationState>, Fault> {
        Ok(migrate::migrations(&self.connection).await?)
    }

    /// When the first step was taken, in seconds since 1970, which tells books apart; `None` if none
    /// was.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it does not answer, or has no tables yet.
    pub async fn founded_at(&self) -> Result<Option<i64>, Fault> {
        self.ask(migrate::FIRST_STEP_SQL).await
    }

    /// The newest beat that it shows, in microseconds since 1970; 0 if there never was one.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it does not answer, or has no tables yet.
    pub async fn beat_us(&self) -> Result<Option<i64>, Fault> {
        self.ask(BEAT_SQL).await
    }

    /// Closes the connections.
    pub async fn close(self) {
        // Nothing hangs on them that could be lost.
        drop(self.connection.close().await);
    }

    fn statement(&self, sql: &str) -> Statement {
        Statement::from_string(self.dialect.backend(), sql)
    }

    /// The first column of the first row, if there is any.
    async fn ask<T: TryGetable>(&self, sql: &str) -> Result<Option<T>, Fault> {
        let row = self.connection.query_one_raw(self.statement(sql)).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
    }
}

/// Has SQLite refuse whatever would change the file. Its log (`-wal`) and its index of that (`-shm`)
/// come into being beside it all the same, as with every program that opens it.
fn look_only(options: &mut ConnectOptions) {
    options.map_sqlx_sqlite_opts(|options| options.create_if_missing(false).read_only(true));
}
