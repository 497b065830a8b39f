//! What a database error means, told in one place by SQLSTATE and driver code, never by its text.

use sea_orm::sqlx::error::ErrorKind;
use sea_orm::sqlx::mysql::MySqlDatabaseError;
use sea_orm::{DbErr, RuntimeErr, sqlx};

use crate::domain::FaultKind;

/// Why the database did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Somebody else wrote the same key at the same moment. Reading again shows it.
    Duplicate,
    /// A deadlock, a serialization failure, a lock that was not to be had, a busy file.
    Contended,
    /// It cannot be reached, is shutting down, cannot write at the moment, or the connection was
    /// lost, perhaps in the middle of a commit.
    Unreachable,
    /// Anything else: the statement, the schema or the data is wrong.
    Other,
}

/// A database error with its meaning. The error itself is for the log.
#[derive(Debug, thiserror::Error)]
#[error("the database failed ({cause:?})")]
pub struct Fault {
    /// What it means.
    pub cause: Cause,
    /// What the driver said.
    #[source]
    pub source: DbErr,
}

impl Fault {
    /// Rows were not what they had to be for a statement to take effect.
    pub fn contended() -> Self {
        Self { cause: Cause::Contended, source: DbErr::RecordNotUpdated }
    }

    /// What was asked for together with others came to no end, by a mistake of the server.
    pub fn lost() -> Self {
        Self { cause: Cause::Other, source: DbErr::Custom("the question was lost".to_owned()) }
    }

    /// What was read makes no sense, or cannot be told on.
    pub fn corrupt(error: impl std::fmt::Display) -> Self {
        Self { cause: Cause::Other, source: DbErr::Custom(error.to_string()) }
    }

    /// The database did not answer within the time that it was given.
    pub fn silent() -> Self {
        Self { cause: Cause::Unreachable, source: DbErr::Custom("no answer in time".to_owned()) }
    }

    /// Too many ask for the same at once.
    pub fn crowded() -> Self {
        let text = "too many are at such reads already";
        Self { cause: Cause::Contended, source: DbErr::Custom(text.to_owned()) }
    }

    /// As many are served in this way as may be.
    pub fn crowded_out() -> Self {
        let text = "as many listen as may";
        Self { cause: Cause::Contended, source: DbErr::Custom(text.to_owned()) }
    }

    /// What was being read from went away in the meantime.
    pub fn gone() -> Self {
        Self { cause: Cause::Unreachable, source: DbErr::Custom("it went away".to_owned()) }
    }

    /// How a caller should take it.
    pub fn kind(&self) -> FaultKind {
        match self.cause {
            Cause::Duplicate | Cause::Contended => FaultKind::Busy,
            Cause::Unreachable => FaultKind::Unavailable,
            Cause::Other => FaultKind::Internal,
        }
    }

    /// Whether a connection turned out to be dead, as those do that outlived a restart of the
    /// database. Another one may live.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what else there is tells of no connection")]
    pub fn is_lost_connection(&self) -> bool {
        match &self.source {
            DbErr::Conn(RuntimeErr::SqlxError(error))
            | DbErr::Exec(RuntimeErr::SqlxError(error))
            | DbErr::Query(RuntimeErr::SqlxError(error)) => {
                let told = matches!(**error, sqlx::Error::Io(_) | sqlx::Error::Database(_));
                told && self.cause == Cause::Unreachable
            }
            _ => false,
        }
    }

    /// Whether the database's user may not do it.
    pub fn is_denied(&self) -> bool {
        is_denied(&self.source)
    }

    /// Whether there is no such table (SQLSTATE 42P01; MariaDB and MySQL: 1146).
    pub fn is_of_no_table(&self) -> bool {
        is_told_by(&self.source, &[1146], "42P01")
    }

    /// Whether the same transaction, carried out again from its beginning, may succeed.
    pub fn is_transient(&self) -> bool {
        self.cause != Cause::Other
    }
}

/// Whether the database's user may not do it (SQLSTATE 42501; MariaDB and MySQL: denied for the
/// database, the table or the column).
pub(super) fn is_denied(error: &DbErr) -> bool {
    is_told_by(error, &[1044, 1142, 1143], "42501")
}

/// Whether a server told one of these: by a number of MariaDB's and MySQL's, or by an SQLSTATE.
#[expect(clippy::wildcard_enum_match_arm, reason = "what else there is, no server told")]
fn is_told_by(error: &DbErr, numbers: &[u16], state: &str) -> bool {
    let error = match error {
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            error.as_database_error()
        }
        _ => None,
    };
    error.is_some_and(|error| match error.try_downcast_ref::<MySqlDatabaseError>() {
        Some(error) => numbers.contains(&error.number()),
        None => error.code().is_some_and(|code| code == state),
    })
}

impl From<DbErr> for Fault {
    fn from(source: DbErr) -> Self {
        let cause = cause(&source);
        let source = match quoting_code(&source) {
            Some(code) => {
                DbErr::Custom(format!("error {code}, whose text is left out, for it quotes values"))
            }
            None => source,
        };
        Self { cause, source }
    }
}

/// The code of an error whose text quotes values, which are a client's and must not reach the log:
/// duplicate keys and values that do not fit of MariaDB and MySQL, data exceptions of PostgreSQL.
#[expect(clippy::wildcard_enum_match_arm, reason = "what else there is quotes nothing")]
fn quoting_code(error: &DbErr) -> Option<String> {
    let error = match error {
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            error.as_database_error()?
        }
        _ => return None,
    };
    match error.try_downcast_ref::<MySqlDatabaseError>() {
        Some(error) => {
            let number = error.number();
            let quotes = matches!(number, 1022 | 1062 | 1169 | 1292 | 1366 | 1367 | 1411 | 1586);
            quotes.then(|| number.to_string())
        }
        None => {
            error.code().filter(|code| code.len() == 5 && code.starts_with("22")).map(Into::into)
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what is not known to be transient is not")]
fn cause(error: &DbErr) -> Cause {
    match error {
        DbErr::ConnectionAcquire(_) => Cause::Unreachable,
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => driver_cause(error),
        _ => Cause::Other,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what is not known to be transient is not")]
fn driver_cause(error: &sqlx::Error) -> Cause {
    match error {
        sqlx::Error::Database(error) => {
            if let Some(error) = error.try_downcast_ref::<MySqlDatabaseError>() {
                mysql_cause(error.number())
            } else if error.kind() == ErrorKind::UniqueViolation {
                Cause::Duplicate
            } else {
                error.code().map_or(Cause::Other, |code| code_cause(&code))
            }
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => Cause::Unreachable,
        _ => Cause::Other,
    }
}

/// By error number, because SQLSTATE is "HY000" for some (MySQL and MariaDB server error
/// references).
fn mysql_cause(number: u16) -> Cause {
    match number {
        // Duplicate entry, in its spellings.
        1022 | 1062 | 1169 | 1586 => Cause::Duplicate,
        // Record changed since the snapshot, lock wait timeout, deadlock, NOWAIT refused.
        1020 | 1205 | 1213 | 3572 => Cause::Contended,
        // Too many connections, shutting down, read-only, disk full, killed, lost, gone.
        1021
        | 1030
        | 1040
        | 1053
        | 1077
        | 1079
        | 1114
        | 1158..=1161
        | 1184
        | 1203
        | 1226
        | 1290
        | 1317
        | 1836
        | 1927
        | 2002
        | 2003
        | 2006
        | 2013
        | 2055
        | 3024
        | 3058
        | 3159
        | 3168
        | 4031 => Cause::Unreachable,
        _ => Cause::Other,
    }
}

/// By SQLSTATE (PostgreSQL manual, appendix A) or by SQLite's extended result code ("Result and
/// Error Codes"), which are numbers of up to four digits where SQLSTATE has five signs.
fn code_cause(code: &str) -> Cause {
    match code {
        // PostgreSQL: serialization failure, deadlock, lock not available, statement cancelled by
        // a timeout. SQLite: busy and locked, in their spellings.
        "40001" | "40P01" | "55P03" | "57014" | "5" | "6" | "261" | "262" | "517" | "773" => {
            Cause::Contended
        }
        // PostgreSQL: read-only transaction (a primary that became a replica), idle transaction
        // ended. SQLite: readonly, I/O error, full, cannot open.
        "25006" | "25P03" | "8" | "10" | "13" | "14" => Cause::Unreachable,
        // PostgreSQL: connection exceptions, insufficient resources, operator intervention, system
        // errors.
        _ if ["08", "53", "57", "58"]
            .iter()
            .any(|class| code.len() == 5 && code.starts_with(class)) =>
        {
            Cause::Unreachable
        }
        // SQLite: extended codes keep the primary one in their lowest byte.
        _ => match code.parse::<u16>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff) {
            Some(8 | 10 | 13 | 14) => Cause::Unreachable,
            _ => Cause::Other,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_mean_what_the_manuals_say() {
        for (code, cause) in [
            ("40001", Cause::Contended),
            ("40P01", Cause::Contended),
            ("5", Cause::Contended),
            ("517", Cause::Contended),
            ("57P01", Cause::Unreachable),
            ("08006", Cause::Unreachable),
            ("53300", Cause::Unreachable),
            ("13", Cause::Unreachable),
            ("778", Cause::Unreachable),
            ("23514", Cause::Other),
            ("42703", Cause::Other),
            ("275", Cause::Other),
            ("1", Cause::Other),
        ] {
            assert_eq!(code_cause(code), cause, "{code}");
        }
        assert_eq!(mysql_cause(1062), Cause::Duplicate);
        assert_eq!(mysql_cause(1205), Cause::Contended);
        assert_eq!(mysql_cause(2013), Cause::Unreachable);
        assert_eq!(mysql_cause(1064), Cause::Other);
    }
}
