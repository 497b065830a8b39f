//! The ledger's statements. Each hands over all its rows as one JSON parameter, so that its text
//! stays the same however many there are and is prepared once.
//!
//! Rows are locked in ascending order of their ids: PostgreSQL locks in the order of `ORDER BY`
//! (its manual, "The Locking Clause", puts the locks above the sort); MariaDB and MySQL lock as
//! they read, which `STRAIGHT_JOIN` makes the order of the array.

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, Statement, Value};
use serde::Serialize;

use crate::db::{Column, Dialect};

/// The columns of a stock, by name: a server that runs on while another adds a column must not be
/// surprised by it.
const STOCK: &str = "i.sku_id, i.leaved_amount, i.version, i.created_at, i.updated_at";

/// The columns of an entry, by name.
const ENTRY: &str = "f.id, f.sku_id, f.sequence, f.kind, f.order_detail_id, f.quantity_trade, \
                     f.leaved_after, f.deduction_id, f.idempotency_scope, f.idempotency_key, \
                     f.line, f.request_hash, f.actor, f.reason, f.created_at";

/// How MariaDB and MySQL are told to begin with the array.
fn join(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::MariaDb | Dialect::MySql => "STRAIGHT_JOIN",
        Dialect::Sqlite | Dialect::Postgres => "JOIN",
    }
}

/// How stocks are found one by one: MariaDB and MySQL would rather read a small table from end to
/// end, and lock all of it.
fn by_key(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::MariaDb | Dialect::MySql => "FORCE INDEX (PRIMARY)",
        Dialect::Sqlite | Dialect::Postgres => "",
    }
}

/// The stocks of the SKUs `[{sku_id}]`, locked until the transaction ends.
pub(super) fn lock_stocks(dialect: Dialect, rows: String) -> Statement {
    let lock = match dialect {
        // BEGIN IMMEDIATE has locked the whole file.
        Dialect::Sqlite => "",
        Dialect::MariaDb | Dialect::MySql => " FOR UPDATE",
        Dialect::Postgres => " ORDER BY i.sku_id FOR UPDATE OF i",
    };
    let read = stocks(dialect, rows);
    Statement { sql: read.sql + lock, ..read }
}

/// The stocks of the SKUs `[{sku_id}]`, as they are committed.
pub(super) fn stocks(dialect: Dialect, rows: String) -> Statement {
    let table = dialect.json_table(1, &[Column::Integer("sku_id")]);
    let join = join(dialect);
    let by_key = by_key(dialect);
    let sql = format!(
        "SELECT {STOCK} FROM {table} {join} t_inventory AS i {by_key} ON i.sku_id = c.sku_id"
    );
    statement(dialect, sql, [rows.into()])
}

/// Those of the SKUs `[{sku_id}]` whose stocks nobody else has locked; and, so long as the
/// transaction lasts, nobody else will.
pub(super) fn unlocked_stocks(dialect: Dialect, rows: String) -> Statement {
    let locked = lock_stocks(dialect, rows);
    Statement { sql: format!("{} SKIP LOCKED", locked.sql), ..locked }
}

/// The entries of the ids `[{id}]`.
pub(super) fn entries(dialect: Dialect, rows: String) -> Statement {
    let table = dialect.json_table(1, &[Column::Integer("id")]);
    let join = join(dialect);
    let sql = format!("SELECT {ENTRY} FROM {table} {join} t_inventory_flow AS f ON f.id = c.id");
    statement(dialect, sql, [rows.into()])
}

/// The units given back so far of the deductions `[{id}]`.
pub(super) fn refunded(dialect: Dialect, rows: String) -> Statement {
    let table = dialect.json_table(1, &[Column::Integer("id")]);
    let join = join(dialect);
    let integer = match dialect {
        Dialect::MariaDb | Dialect::MySql => "signed",
        Dialect::Sqlite | Dialect::Postgres => "bigint",
    };
    let sql = format!(
        "SELECT f.deduction_id, CAST(-SUM(f.quantity_trade) AS {integer}) AS quantity \
         FROM {table} {join} t_inventory_flow AS f ON f.deduction_id = c.id \
         GROUP BY f.deduction_id"
    );
    statement(dialect, sql, [rows.into()])
}

/// What was written under the keys `[{scope, idempotency_key}]`.
pub(super) fn written(dialect: Dialect, rows: String) -> Statement {
    let columns = [Column::Text("scope", 128), Column::Text("idempotency_key", 128)];
    let table = dialect.json_table(1, &columns);
    let join = join(dialect);
    let sql = format!(
        "SELECT {ENTRY} FROM {table} {join} t_inventory_flow AS f \
         ON f.idempotency_key = c.idempotency_key AND f.idempotency_scope = c.scope \
         ORDER BY f.line"
    );
    statement(dialect, sql, [rows.into()])
}

/// Puts the stocks `[{sku_id, leaved_amount, version}]` on the books.
pub(super) fn open_stocks(dialect: Dialect, rows: String, now: DateTime<Utc>) -> Statement {
    let table = dialect.json_table(3, &["sku_id", "leaved_amount", "version"].map(Column::Integer));
    let (created_at, updated_at) = (instant(dialect, 1), instant(dialect, 2));
    let sql = format!(
        "INSERT INTO t_inventory (sku_id, leaved_amount, version, created_at, updated_at) \
         SELECT c.sku_id, c.leaved_amount, c.version, {created_at}, {updated_at} FROM {table}"
    );
    let now = dialect.instant(now);
    statement(dialect, sql, [now.clone(), now, rows.into()])
}

/// Parameter `number`, an instant; in a SELECT PostgreSQL takes a parameter for text unless told.
fn instant(dialect: Dialect, number: u8) -> String {
    let parameter = dialect.parameter(number);
    match dialect {
        Dialect::Postgres => format!("{parameter}::timestamptz"),
        Dialect::Sqlite | Dialect::MariaDb | Dialect::MySql => parameter,
    }
}

/// Applies the changes `[{sku_id, version, taken, entries}]`. It must affect as many rows as there
/// are changes: one that has not the units, or not the version that was read, is left alone.
pub(super) fn change_stocks(dialect: Dialect, rows: String, now: DateTime<Utc>) -> Statement {
    let now = dialect.instant(now);
    let columns = ["sku_id", "version", "taken", "entries"].map(Column::Integer);
    // Which table is changed must be said with each column where several are joined, and must not
    // be said where they are not.
    let set = |of: &str, instant: String| {
        format!(
            "{of}leaved_amount = i.leaved_amount - c.taken, {of}version = i.version + c.entries, \
             {of}updated_at = {instant}"
        )
    };
    let condition = "i.sku_id = c.sku_id AND i.version = c.version AND i.leaved_amount >= c.taken";
    match dialect {
        Dialect::MariaDb | Dialect::MySql => {
            let table = dialect.json_table(1, &columns);
            let (join, by_key) = (join(dialect), by_key(dialect));
            let set = set("i.", dialect.parameter(2));
            let sql =
                format!("UPDATE {table} {join} t_inventory AS i {by_key} ON {condition} SET {set}");
            statement(dialect, sql, [rows.into(), now])
        }
        Dialect::Sqlite | Dialect::Postgres => {
            let set = set("", dialect.parameter(1));
            let table = dialect.json_table(2, &columns);
            let sql = format!("UPDATE t_inventory AS i SET {set} FROM {table} WHERE {condition}");
            statement(dialect, sql, [now, rows.into()])
        }
    }
}

/// Writes entries in the order of the array, so that their ids ascend as they took effect.
/// Answers `id, sku_id, sequence` where the database can; see [`Dialect::has_returning`].
pub(super) fn write_entries(dialect: Dialect, rows: String, now: DateTime<Utc>) -> Statement {
    const TEXT: [(&str, u16); 6] = [
        ("order_detail_id", 128),
        ("idempotency_scope", 128),
        ("idempotency_key", 128),
        ("request_hash", 64),
        ("actor", 128),
        ("reason", 500),
    ];
    const INTEGERS: [&str; 8] = [
        "place",
        "sku_id",
        "sequence",
        "kind",
        "quantity_trade",
        "leaved_after",
        "deduction_id",
        "line",
    ];
    let columns: Vec<Column> = TEXT
        .map(|(name, chars)| Column::Text(name, chars))
        .into_iter()
        .chain(INTEGERS.map(Column::Integer))
        .collect();
    let hash = match dialect {
        Dialect::Sqlite | Dialect::MariaDb | Dialect::MySql => "UNHEX(c.request_hash)",
        Dialect::Postgres => "decode(c.request_hash, 'hex')",
    };
    let instant = instant(dialect, 1);
    let table = dialect.json_table(2, &columns);
    let returning = if dialect.has_returning() { " RETURNING id, sku_id, sequence" } else { "" };
    let sql = format!(
        "INSERT INTO t_inventory_flow (sku_id, sequence, kind, order_detail_id, quantity_trade, \
         leaved_after, deduction_id, idempotency_scope, idempotency_key, line, request_hash, \
         actor, reason, created_at) \
         SELECT c.sku_id, c.sequence, c.kind, c.order_detail_id, c.quantity_trade, \
         c.leaved_after, c.deduction_id, c.idempotency_scope, c.idempotency_key, c.line, {hash}, \
         c.actor, c.reason, {instant} FROM {table} WHERE 1 = 1 ORDER BY c.place{returning}"
    );
    statement(dialect, sql, [dialect.instant(now), rows.into()])
}

/// The ids of the entries `[{sku_id, sequence}]`, where writing them did not answer any.
pub(super) fn entry_ids(dialect: Dialect, rows: String) -> Statement {
    let table = dialect.json_table(1, &["sku_id", "sequence"].map(Column::Integer));
    let join = join(dialect);
    let sql = format!(
        "SELECT f.id, f.sku_id, f.sequence FROM {table} {join} t_inventory_flow AS f \
         ON f.sku_id = c.sku_id AND f.sequence = c.sequence"
    );
    statement(dialect, sql, [rows.into()])
}

/// Rows as one JSON parameter.
pub(super) fn json(rows: impl Iterator<Item = impl Serialize>) -> Result<String, DbErr> {
    let rows: Vec<_> = rows.collect();
    serde_json::to_string(&rows).map_err(|error| DbErr::Json(error.to_string()))
}

fn statement<const N: usize>(dialect: Dialect, sql: String, values: [Value; N]) -> Statement {
    Statement::from_sql_and_values(dialect.backend(), sql, values)
}
