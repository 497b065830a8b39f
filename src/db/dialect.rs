//! Where the databases speak differently.

use std::fmt::Write as _;

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

/// A column of a table that is handed over as one JSON parameter.
#[derive(Clone, Copy, Debug)]
pub enum Column {
    /// A whole number of 64 bits.
    Integer(&'static str),
    /// A text of up to so many characters, compared byte for byte.
    Text(&'static str, u16),
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

    /// Whether `INSERT … RETURNING` can be used on every server that it may meet. MySQL has none.
    pub fn has_returning(self) -> bool {
        match self {
            Self::Sqlite | Self::Postgres => true,
            Self::MariaDb | Self::MySql => false,
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

    /// A table, called `c`, whose rows are the objects of a JSON array in parameter `number`.
    ///
    /// One parameter in place of thousands keeps the text of a statement the same however many
    /// rows it is given, so that it is prepared once. Rows come in the order of the array on
    /// SQLite, MariaDB and MySQL; PostgreSQL promises none.
    pub fn json_table(self, number: u8, columns: &[Column]) -> String {
        let mut list = String::new();
        for column in columns {
            if !list.is_empty() {
                list.push_str(", ");
            }
            // Writing to a String cannot fail.
            let _written = match (self, *column) {
                (Self::Sqlite, Column::Integer(name) | Column::Text(name, _)) => {
                    write!(list, "value ->> '{name}' AS {name}")
                }
                (Self::MariaDb | Self::MySql, Column::Integer(name)) => {
                    write!(list, "{name} BIGINT PATH '$.{name}'")
                }
                (Self::MariaDb | Self::MySql, Column::Text(name, chars)) => write!(
                    list,
                    "{name} VARCHAR({chars}) CHARACTER SET utf8mb4 COLLATE {} PATH '$.{name}'",
                    self.exact_collation().unwrap_or("utf8mb4_bin"),
                ),
                (Self::Postgres, Column::Integer(name)) => write!(list, "{name} bigint"),
                (Self::Postgres, Column::Text(name, _)) => write!(list, "{name} text"),
            };
        }
        let parameter = self.parameter(number);
        match self {
            Self::Sqlite => format!("(SELECT {list} FROM json_each({parameter})) AS c"),
            Self::MariaDb | Self::MySql => {
                format!("JSON_TABLE({parameter}, '$[*]' COLUMNS ({list})) AS c")
            }
            Self::Postgres => format!("json_to_recordset({parameter}::text::json) AS c({list})"),
        }
    }
}
