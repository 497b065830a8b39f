//! What the database's user may do, found out by EXPLAIN: it asks for the rights of the statement
//! that it explains, however they were granted, and carries nothing out.

use std::fmt;

use sea_orm::ConnectionTrait as _;

use super::Inspection;
use crate::db::{Dialect, Fault};

/// What may be done with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Read its rows.
    Select,
    /// Add rows.
    Insert,
    /// Change rows.
    Update,
    /// Remove rows.
    Delete,
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        })
    }
}

/// Whether something may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// It may.
    Granted,
    /// It may not.
    Denied,
    /// There is no such table, as far as this user is told.
    NoTable,
}

impl Inspection {
    /// Whether this user may do that with the rows of a table of which `column` is a column that
    /// the server would change. Who may not SELECT counts as one who may not INSERT either.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database does not answer, or has a table of other columns.
    pub async fn may(&self, action: Action, table: &str, column: &str) -> Result<Right, Fault> {
        let explained = match action {
            Action::Select => format!("SELECT {column} FROM {table} WHERE 1 = 0"),
            // Of all columns, for some may have no default.
            Action::Insert => format!("INSERT INTO {table} SELECT * FROM {table} WHERE 1 = 0"),
            Action::Update => format!("UPDATE {table} SET {column} = NULL WHERE 1 = 0"),
            Action::Delete => format!("DELETE FROM {table} WHERE 1 = 0"),
        };
        let sql = match self.dialect {
            Dialect::Sqlite => format!("EXPLAIN QUERY PLAN {explained}"),
            Dialect::MariaDb | Dialect::MySql | Dialect::Postgres => format!("EXPLAIN {explained}"),
        };
        match self.connection.query_all_raw(self.statement(&sql)).await.map_err(Fault::from) {
            Ok(_plan) => Ok(Right::Granted),
            Err(fault) if fault.is_denied() => Ok(Right::Denied),
            Err(fault) if fault.is_of_no_table() => Ok(Right::NoTable),
            Err(fault) => Err(fault),
        }
    }

    /// Whether this user may take the numbers of new entries, which are a sequence on PostgreSQL.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database does not answer.
    pub async fn may_number_entries(&self) -> Result<bool, Fault> {
        if self.dialect != Dialect::Postgres {
            return Ok(true);
        }
        let sql = "SELECT has_sequence_privilege(pg_get_serial_sequence('t_inventory_flow', 'id'), \
                   'USAGE, UPDATE')";
        Ok(self.ask::<Option<bool>>(sql).await?.flatten().unwrap_or(true))
    }

    /// Whether this user may change tables, which bringing them up to date needs and serving does
    /// not. Of rights by way of a role MariaDB and MySQL tell nothing here.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database does not answer.
    pub async fn may_change_tables(&self) -> Result<bool, Fault> {
        match self.dialect {
            Dialect::Sqlite => Ok(true),
            Dialect::Postgres => {
                let sql = "SELECT has_schema_privilege(current_schema(), 'CREATE')";
                Ok(self.ask::<Option<bool>>(sql).await?.flatten().unwrap_or_default())
            }
            Dialect::MariaDb | Dialect::MySql => {
                // The rights over everything, and those over this database, whose name may be a
                // pattern there.
                let sql = "SELECT CAST(COUNT(*) AS SIGNED) FROM ( \
                           SELECT privilege_type, '%' AS pattern, grantee \
                           FROM information_schema.user_privileges UNION ALL \
                           SELECT privilege_type, table_schema, grantee \
                           FROM information_schema.schema_privileges) AS rights \
                           WHERE privilege_type IN ('CREATE', 'ALTER', 'DROP') \
                           AND DATABASE() LIKE pattern \
                           AND grantee = CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), \
                           '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')";
                Ok(self.ask::<i64>(sql).await?.is_some_and(|count| count > 0))
            }
        }
    }
}
