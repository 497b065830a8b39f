//! Columns whose text is compared byte for byte.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

/// What a text column must say so that `'a'`, `'A'` and `'a '` are three different keys.
///
/// SQLite and PostgreSQL compare so by default. MariaDB and MySQL need a binary collation that
/// does not pad, and call theirs by different names (MariaDB manual, "NO PAD Collations"; MySQL
/// manual, "Collation Pad Attributes").
///
/// # Errors
///
/// Those of the database, when it is asked which it is.
pub(crate) async fn exact(manager: &SchemaManager<'_>) -> Result<&'static str, DbErr> {
    if manager.get_database_backend() != DbBackend::MySql {
        return Ok("");
    }
    let statement = Statement::from_string(DbBackend::MySql, "SELECT VERSION()");
    let row = manager.get_connection().query_one_raw(statement).await?;
    let version: String = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    Ok(if version.contains("MariaDB") {
        " CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"
    } else {
        " CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin"
    })
}
