//! The statements that change `t_inventory_refusal`: all there are.

use sea_orm::{ConnectionTrait as _, Statement, Value};

use super::noted::Row;
use crate::db::{Cells, Database, Dialect, Fault, ReadFrom, Table, Wanted};
use crate::domain::{Minute, ReadAfter, Visibility};

/// Writes rows, or writes them anew. A row says what its minute adds up to so far, so that one that
/// is there already, because an answer was lost, is no obstacle; and the greater figure stays, so that
/// a statement that arrives late does not turn it back. The merchant is that of the SKU.
///
/// # Errors
///
/// [`Fault`] when the database fails, or its user may not. The rows may be there all the same.
pub(super) async fn write(database: &Database, rows: &[Row]) -> Result<(), Fault> {
    let dialect = database.dialect();
    let numbers = |of: fn(&Row) -> i64| Cells::Integers(rows.iter().map(of).collect());
    let table = Table::of_integers("sku_id", rows.iter().map(|row| row.sku_id.0))
        .with("refused_minute", numbers(|row| row.minute.0))
        .with("writer_id", numbers(|row| row.writer_id))
        .with("refusal_count", numbers(|row| row.sums.refusal_count))
        .with("units_requested", numbers(|row| row.sums.units_requested))
        .with("units_missing", numbers(|row| row.sums.units_missing));
    let sql = write_sql(dialect, &table.sql(dialect, 1));
    let statement =
        Statement::from_sql_and_values(dialect.backend(), sql, table.into_values(dialect)?);
    // One statement would do; but who asks for a transaction on SQLite waits for its turn.
    let transaction = database.begin_beside_stock().await?;
    transaction.execute_raw(statement).await?;
    transaction.commit().await?;
    Ok(())
}

fn write_sql(dialect: Dialect, rows: &str) -> String {
    let join = dialect.join_in_order();
    let (greatest, new) = match dialect {
        Dialect::Sqlite => ("MAX", ["excluded.", ""]),
        Dialect::Postgres => ("GREATEST", ["EXCLUDED.", ""]),
        Dialect::MariaDb | Dialect::MySql => ("GREATEST", ["VALUES(", ")"]),
    };
    let set = ["refusal_count", "units_requested", "units_missing"].map(|column| {
        let [before, behind] = new;
        format!("{column} = {greatest}(t_inventory_refusal.{column}, {before}{column}{behind})")
    });
    let set = set.join(", ");
    let conflict = match dialect {
        Dialect::Sqlite | Dialect::Postgres => {
            "ON CONFLICT (sku_id, refused_minute, writer_id) DO UPDATE SET"
        }
        Dialect::MariaDb | Dialect::MySql => "ON DUPLICATE KEY UPDATE",
    };
    // SQLite would take ON for that of the join, were there no WHERE.
    format!(
        "INSERT INTO t_inventory_refusal (sku_id, refused_minute, writer_id, merchant_id, \
         refusal_count, units_requested, units_missing) \
         SELECT c.sku_id, c.refused_minute, c.writer_id, stock.merchant_id, c.refusal_count, \
         c.units_requested, c.units_missing \
         FROM {rows} {join} t_inventory AS stock ON stock.sku_id = c.sku_id WHERE 1 = 1 \
         {conflict} {set}"
    )
}

/// Deletes up to so many rows of minutes before one, the oldest first; tells how many there were.
/// Servers that do so at the same moment pass each other by, or wait for each other for a moment.
///
/// # Errors
///
/// [`Fault`] when the database fails, or its user may not.
pub(super) async fn delete_before(
    database: &Database,
    minute: Minute,
    rows_max: u16,
) -> Result<u64, Fault> {
    let dialect = database.dialect();
    let before = dialect.parameter(1);
    let oldest = format!("refused_minute < {before} ORDER BY refused_minute LIMIT {rows_max}");
    let table = "t_inventory_refusal";
    let sql = match dialect {
        Dialect::MariaDb | Dialect::MySql => format!("DELETE FROM {table} WHERE {oldest}"),
        Dialect::Sqlite => {
            format!("DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} WHERE {oldest})")
        }
        Dialect::Postgres => format!(
            "DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} \
             WHERE {oldest} FOR UPDATE SKIP LOCKED))"
        ),
    };
    let values = [Value::from(minute.0)];
    let statement = Statement::from_sql_and_values(dialect.backend(), sql, values);
    Ok(database.writer().execute_raw(statement).await?.rows_affected())
}

/// The statement that tells the oldest minute, for looking at its plan.
pub fn oldest_statement(dialect: Dialect) -> Statement {
    let sql = "SELECT MIN(refused_minute) FROM t_inventory_refusal";
    Statement::from_string(dialect.backend(), sql)
}

/// The oldest minute that there is.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn oldest(database: &Database) -> Result<Option<Minute>, Fault> {
    let any = ReadAfter::default();
    let wanted =
        Wanted { from: ReadFrom::Primary, reached: &any, visibility: Visibility::All, few: true };
    let rows = database.read(oldest_statement(database.dialect()), wanted).await?.rows;
    let oldest: Option<i64> =
        rows.first().map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    Ok(oldest.map(Minute))
}
