//! Where the databases speak differently.

use chrono::{DateTime, Utc};
use sea_orm::{DbBackend, Value};

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// An SQLite file.
    Sqlite,
    /// MariaDB.
    MariaDb,
    /// MySQL.
    MySql,
    /// PostgreSQL.
    Postgres,
}

/// How the ids of rows that one statement inserted are learnt of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsertedIds {
    /// They follow each other up to the last one, which the database tells.
    Consecutive,
    /// The statement answers them.
    Returned,
    /// Another statement looks them up by what was inserted; MySQL knows no `RETURNING`.
    LookedUp,
}

impl Dialect {
    /// The driver that speaks it.
    pub fn backend(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::MariaDb | Self::MySql => DbBackend::MySql,
            Self::Postgres => DbBackend::Postgres,
        }
    }

    /// How the ids of rows that one statement inserted are learnt of.
    ///
    /// SQLite has one writer, and gives each row the id behind the largest that there ever was
    /// (its manual, "SQLite Autoincrement"), so that those of one statement follow each other and
    /// the last of them tells all; to have them returned is a message to another thread for each
    /// row. On the servers others insert at the same time.
    pub fn inserted_ids(self) -> InsertedIds {
        match self {
            Self::Sqlite => InsertedIds::Consecutive,
            Self::MariaDb | Self::Postgres => InsertedIds::Returned,
            Self::MySql => InsertedIds::LookedUp,
        }
    }

    /// The collation that compares byte for byte, trailing spaces included. The others of MariaDB
    /// and MySQL, `utf8mb4_bin` among them, take `'a'` and `'a '` for the same key (MySQL manual,
    /// "The binary Collation Compared to _bin Collations"; MariaDB manual, "NO PAD Collations").
    pub fn exact_collation(self) -> Option<&'static str> {
        match self {
            Self::Sqlite | Self::Postgres => None,
            Self::MariaDb => Some("utf8mb4_nopad_bin"),
            Self::MySql => Some("utf8mb4_0900_bin"),
        }
    }

    /// The text of parameter `number`, from 1.
    ///
    /// MariaDB and MySQL know only `?`, so their parameters must come in the order of the text.
    pub fn parameter(self, number: u8) -> String {
        match self {
            Self::Sqlite => format!("?{number}"),
            Self::MariaDb | Self::MySql => "?".to_owned(),
            Self::Postgres => format!("${number}"),
        }
    }

    /// How a table of parameters is joined with another so that the statement begins with it, which
    /// MariaDB and MySQL must be told.
    pub fn join_in_order(self) -> &'static str {
        match self {
            Self::MariaDb | Self::MySql => "STRAIGHT_JOIN",
            Self::Sqlite | Self::Postgres => "JOIN",
        }
    }

    /// What a sum must be cast as to be a whole number of 64 bits: it is a decimal number on MariaDB and
    /// MySQL, and may be one on PostgreSQL.
    pub fn big_integer(self) -> &'static str {
        match self {
            Self::MariaDb | Self::MySql => "signed",
            Self::Sqlite | Self::Postgres => "bigint",
        }
    }

    /// An instant as a parameter.
    ///
    /// The driver hands an instant in UTC to MariaDB and MySQL as a TIMESTAMP, and MariaDB takes one
    /// beyond 2038 for none at all; as a DATETIME, which the columns are, it holds to the end of the
    /// calendar.
    pub fn instant(self, instant: DateTime<Utc>) -> Value {
        match self {
            Self::MariaDb | Self::MySql => instant.naive_utc().into(),
            Self::Sqlite | Self::Postgres => instant.into(),
        }
    }
}
