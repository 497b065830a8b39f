//! Brings the tables up to date, one server at a time.

use migration::{MigrationStatus, Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Statement};
use sha2::{Digest as _, Sha256};

use super::fault::is_denied;
use super::{Database, Dialect, Fault};

/// The number under which servers that start together queue for the tables; any number that
/// nobody else takes will do.
const LOCK: i64 = 0x73_74_6f_63_6b;

/// How long to wait for another server's migration; a step over millions of rows takes a while.
const LOCK_TIMEOUT_SECONDS: u32 = 600;

/// When the first step was taken.
pub(super) const FIRST_STEP_SQL: &str =
    "SELECT applied_at FROM seaql_migrations ORDER BY version LIMIT 1";

/// Why the tables are not up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A step failed, or the database did.
    #[error("the tables could not be migrated: {0}")]
    Step(#[from] DbErr),
    /// Another server is at it and does not come to an end.
    #[error("another server has been migrating the tables for {LOCK_TIMEOUT_SECONDS} seconds")]
    Locked,
}

impl MigrateError {
    /// Whether the database's user may not change the tables, or not even read which steps were
    /// taken.
    pub fn is_denied(&self) -> bool {
        match self {
            Self::Step(error) => is_denied(error),
            Self::Locked => false,
        }
    }
}

/// One step, and whether the database has taken it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationState {
    /// The step.
    pub name: String,
    /// Whether it has been taken.
    pub applied: bool,
}

impl Database {
    /// Every step there is, in order. Changes nothing, and needs no right but to select.
    ///
    /// # Errors
    ///
    /// Those of the database, and of steps on record that this version does not know.
    pub async fn migrations(&self) -> Result<Vec<MigrationState>, DbErr> {
        migrations(self.reader()).await
    }

    /// A name that no other books have: when the first step was taken, in seconds since 1970, and
    /// where they are, for several may be set up in one second. Books that are put back from a copy
    /// keep it. Servers that reach one database by different hosts each have a name for it, and
    /// share nothing, which costs some questions and nothing else.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database fails, or has no tables yet.
    pub async fn books_name(&self) -> Result<String, Fault> {
        let statement = Statement::from_string(self.dialect().backend(), FIRST_STEP_SQL);
        let row = self.reader().query_one_raw(statement).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound("no step was taken".to_owned()))?;
        let applied_at: i64 = row.try_get_by_index(0)?;
        let place = Sha256::digest(place(self.writer_options.get_url()));
        let place: String = place.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Ok(format!("{applied_at}-{place}"))
    }

    /// Takes the steps that the database has not taken yet, and tells how many those were. Entries
    /// that have no hash are chained then.
    ///
    /// Servers that start together take them one after the other. Nothing is locked, and no right
    /// to change tables is needed, when there is nothing to do.
    ///
    /// # Errors
    ///
    /// [`MigrateError`] when a step fails. On SQLite and PostgreSQL none has been taken then; on
    /// MariaDB and MySQL, which cannot undo a change of tables, those before it have.
    pub async fn migrate_up(&self) -> Result<usize, MigrateError> {
        let mut steps = 0;
        if pending(&self.migrations().await?) > 0 {
            let turn = Turn::take(self).await?;
            let taken = match migrations(turn.connection()).await {
                Ok(before) => {
                    Migrator::up(turn.connection(), None).await.map(|()| pending(&before))
                }
                Err(error) => Err(error),
            };
            steps = turn.end(taken).await?;
        }
        match self.chain_entries().await {
            Ok(0) => {}
            Ok(entries) => tracing::info!(entries, "entries that had no hash were chained"),
            Err(error) if is_denied(&error) => tracing::warn!(
                "some entries wait to be chained, and the database's user may not change history; \
                 run `stockflow migrate up` as a user who may"
            ),
            Err(error) => return Err(error.into()),
        }
        Ok(steps)
    }

    /// Takes back the last `steps` steps, with the data that they made room for.
    ///
    /// # Errors
    ///
    /// [`MigrateError`] when a step fails.
    pub async fn migrate_down(&self, steps: u32) -> Result<(), MigrateError> {
        let turn = Turn::take(self).await?;
        let down = Migrator::down(turn.connection(), Some(steps)).await;
        turn.end(down).await
    }
}

pub(super) async fn migrations(
    connection: &impl ConnectionTrait,
) -> Result<Vec<MigrationState>, DbErr> {
    let migrations = Migrator::get_migration_with_status_read_only(connection).await?;
    Ok(migrations
        .iter()
        .map(|migration| MigrationState {
            name: migration.name().to_owned(),
            applied: migration.status() == MigrationStatus::Applied,
        })
        .collect())
}

fn pending(migrations: &[MigrationState]) -> usize {
    migrations.iter().filter(|migration| !migration.applied).count()
}

/// A server's turn at the tables. The lock lives on the connection that the steps run on; where
/// the database can undo a change of tables, they are one transaction.
struct Turn {
    transaction: DatabaseTransaction,
    dialect: Dialect,
}

impl Turn {
    async fn take(database: &Database) -> Result<Self, MigrateError> {
        let dialect = database.dialect();
        let transaction = database.begin_beside_stock().await?;
        let turn = Self { transaction, dialect };
        match dialect {
            // BEGIN IMMEDIATE is the lock.
            Dialect::Sqlite => {}
            Dialect::Postgres => {
                turn.execute("SET LOCAL lock_timeout = 0").await?;
                turn.execute(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
            }
            Dialect::MariaDb | Dialect::MySql => {
                let lock = format!("SELECT GET_LOCK('stockflow-{LOCK}', {LOCK_TIMEOUT_SECONDS})");
                let statement = Statement::from_string(dialect.backend(), lock);
                let row = turn.transaction.query_one_raw(statement).await?;
                let taken = row.map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose()?;
                if taken.flatten() != Some(1) {
                    return Err(MigrateError::Locked);
                }
            }
        }
        Ok(turn)
    }

    fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    async fn execute(&self, sql: &str) -> Result<(), DbErr> {
        self.transaction.execute_unprepared(sql).await.map(|_result| ())
    }

    /// Keeps what was done, or undoes it where that can be done, and gives the turn away.
    async fn end<T>(self, done: Result<T, DbErr>) -> Result<T, MigrateError> {
        if matches!(self.dialect, Dialect::MariaDb | Dialect::MySql) {
            self.execute(&format!("DO RELEASE_LOCK('stockflow-{LOCK}')")).await?;
        }
        match done {
            Ok(value) => {
                self.transaction.commit().await?;
                Ok(value)
            }
            Err(error) => {
                self.transaction.rollback().await?;
                Err(error.into())
            }
        }
    }
}

/// Where the books of a URL are, whoever asks for them and how; of a file, from the top.
fn place(url: &str) -> String {
    let (scheme, rest) = url.split_once(':').unwrap_or(("", url));
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (rest, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    if scheme == "sqlite" {
        let file = std::fs::canonicalize(rest).unwrap_or_else(|_unknown| rest.into());
        return file.display().to_string();
    }
    let place = rest.rsplit_once('@').map_or(rest, |(_user, rest)| rest);
    // What tells of the place may also stand here.
    let names = ["host=", "hostaddr=", "port=", "socket=", "dbname="];
    let told = parameters.split('&').filter(|one| names.iter().any(|name| one.starts_with(name)));
    std::iter::once(place).chain(told).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_same_whoever_asks_for_it() {
        let place_of_shop = "db:5432/shop";
        for url in [
            "postgres://db:5432/shop",
            "postgres://user:pass@word@db:5432/shop",
            "postgres://other@db:5432/shop?sslmode=require",
        ] {
            assert_eq!(place(url), place_of_shop);
        }
        assert_ne!(place("postgres://db:5432/other"), place_of_shop);
        assert_ne!(place("postgres:///shop?host=a"), place("postgres:///shop?host=b"));
        assert_ne!(place("postgres://elsewhere:5432/shop"), place_of_shop);
        let here = std::env::current_dir().unwrap().join("Cargo.toml").display().to_string();
        for url in ["sqlite://Cargo.toml?mode=rwc", "sqlite://./Cargo.toml", "sqlite:Cargo.toml"] {
            assert_eq!(place(url), here);
        }
        assert_eq!(place("sqlite:///no/such/stock.db"), "/no/such/stock.db");
    }
}
