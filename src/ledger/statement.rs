//! The ledger's statements. Each hands over all its rows as one table of parameters ([`Table`]), so
//! that its text stays the same however many there are and is prepared once.
//!
//! Rows are locked in ascending order of their ids: PostgreSQL locks in the order of `ORDER BY`
//! (its manual, "The Locking Clause", puts the locks above the sort); MariaDB and MySQL lock as
//! they read, which `STRAIGHT_JOIN` makes the order of the table.

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, Statement, Value};

use crate::db::{Dialect, InsertedIds, Table};

/// The columns of a stock, by name: a server that runs on while another adds a column must not be
/// surprised by it.
const STOCK: &str = "i.sku_id, i.leaved_amount, i.version, i.created_at, i.updated_at, \
                     i.merchant_id, i.chain_sequence, i.chain_head";

/// The columns of an entry, by name.
const ENTRY: &str = "f.id, f.sku_id, f.sequence, f.kind, f.order_detail_id, f.quantity_trade, \
                     f.leaved_after, f.deduction_id, f.idempotency_scope, f.idempotency_key, \
                     f.line, f.request_hash, f.actor, f.reason, f.created_at, f.merchant_id, \
                     f.entry_hash";

/// A statement, or why its parameters could not be written.
pub(super) type Built = Result<Statement, DbErr>;

/// How stocks are found one by one: MariaDB and MySQL would rather read a small table from end to
/// end, and lock all of it.
fn by_key(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::MariaDb | Dialect::MySql => "FORCE INDEX (PRIMARY)",
        Dialect::Sqlite | Dialect::Postgres => "",
    }
}

/// The stocks of the SKUs `{sku_id, merchant_id}`, locked until the transaction ends; see
/// [`stocks`].
pub(super) fn lock_stocks(dialect: Dialect, skus: Table) -> Built {
    let lock = match dialect {
        // BEGIN IMMEDIATE has locked the whole file.
        Dialect::Sqlite => "",
        Dialect::MariaDb | Dialect::MySql => " FOR UPDATE",
        Dialect::Postgres => " ORDER BY i.sku_id FOR UPDATE OF i",
    };
    let read = stocks(dialect, skus)?;
    Ok(Statement { sql: read.sql + lock, ..read })
}

/// The stocks of the SKUs `{sku_id, merchant_id}`, as they are committed: those that belong to the
/// merchant, or whomever they belong to where that is 0. So a SKU of another merchant is found as
/// little as one that does not exist.
pub(super) fn stocks(dialect: Dialect, skus: Table) -> Built {
    let (table, join, by_key) = (skus.sql(dialect, 1), dialect.join_in_order(), by_key(dialect));
    let sql = format!(
        "SELECT {STOCK} FROM {table} {join} t_inventory AS i {by_key} ON i.sku_id = c.sku_id \
         AND (c.merchant_id = 0 OR i.merchant_id = c.merchant_id)"
    );
    statement(dialect, sql, [], skus)
}

/// Those of the SKUs `{sku_id, merchant_id}` whose stocks nobody else has locked; and, so long as the
/// transaction lasts, nobody else will.
pub(super) fn unlocked_stocks(dialect: Dialect, skus: Table) -> Built {
    let locked = lock_stocks(dialect, skus)?;
    Ok(Statement { sql: format!("{} SKIP LOCKED", locked.sql), ..locked })
}

/// The entries of the ids `{id}`.
pub(super) fn entries(dialect: Dialect, ids: Table) -> Built {
    let (table, join) = (ids.sql(dialect, 1), dialect.join_in_order());
    let sql = format!("SELECT {ENTRY} FROM {table} {join} t_inventory_flow AS f ON f.id = c.id");
    statement(dialect, sql, [], ids)
}

/// The units given back so far of the deductions `{id}`.
pub(super) fn refunded(dialect: Dialect, ids: Table) -> Built {
    let (table, join) = (ids.sql(dialect, 1), dialect.join_in_order());
    let integer = dialect.big_integer();
    let sql = format!(
        "SELECT f.deduction_id, CAST(-SUM(f.quantity_trade) AS {integer}) AS quantity \
         FROM {table} {join} t_inventory_flow AS f ON f.deduction_id = c.id \
         GROUP BY f.deduction_id"
    );
    statement(dialect, sql, [], ids)
}

/// What was written under the keys `{scope, idempotency_key}`.
pub(super) fn written(dialect: Dialect, keys: Table) -> Built {
    let (table, join) = (keys.sql(dialect, 1), dialect.join_in_order());
    let sql = format!(
        "SELECT {ENTRY} FROM {table} {join} t_inventory_flow AS f \
         ON f.idempotency_key = c.idempotency_key AND f.idempotency_scope = c.scope \
         ORDER BY f.line"
    );
    statement(dialect, sql, [], keys)
}

/// Those of the keys `{scope, idempotency_key}` under which something was written. Every request
/// that wrote anything wrote a line 0.
pub(super) fn written_keys(dialect: Dialect, keys: Table) -> Built {
    let (table, join) = (keys.sql(dialect, 1), dialect.join_in_order());
    let sql = format!(
        "SELECT f.idempotency_scope, f.idempotency_key FROM {table} {join} t_inventory_flow AS f \
         ON f.idempotency_key = c.idempotency_key AND f.idempotency_scope = c.scope \
         AND f.line = 0"
    );
    statement(dialect, sql, [], keys)
}

/// Puts the stocks `{sku_id, merchant_id, leaved_amount, version, chain_sequence, chain_head}` on the
/// books.
pub(super) fn open_stocks(dialect: Dialect, stocks: Table, now: DateTime<Utc>) -> Built {
    let (created_at, updated_at) = (instant(dialect, 1), instant(dialect, 2));
    let (table, head) = (stocks.sql(dialect, 3), hash(dialect, "chain_head"));
    let sql = format!(
        "INSERT INTO t_inventory (sku_id, merchant_id, leaved_amount, version, chain_sequence, \
         chain_head, created_at, updated_at) SELECT c.sku_id, c.merchant_id, c.leaved_amount, \
         c.version, c.chain_sequence, {head}, {created_at}, {updated_at} FROM {table}"
    );
    let now = dialect.instant(now);
    statement(dialect, sql, [now.clone(), now], stocks)
}

/// Parameter `number`, an instant; in a SELECT PostgreSQL takes a parameter for text unless told.
fn instant(dialect: Dialect, number: u8) -> String {
    let parameter = dialect.parameter(number);
    match dialect {
        Dialect::Postgres => format!("{parameter}::timestamptz"),
        Dialect::Sqlite | Dialect::MariaDb | Dialect::MySql => parameter,
    }
}

/// A column of hashes, of which one of zeros stands for none.
fn hash(dialect: Dialect, column: &str) -> String {
    match dialect {
        Dialect::MariaDb | Dialect::MySql => {
            format!("NULLIF(UNHEX(c.{column}), REPEAT(CHAR(0), 32))")
        }
        Dialect::Sqlite => format!("NULLIF(c.{column}, zeroblob(32))"),
        Dialect::Postgres => format!("NULLIF(c.{column}, decode(repeat('00', 32), 'hex'))"),
    }
}

/// Applies the changes `{sku_id, version, taken, entries, chain_sequence, chain_head}`. It must affect as many rows as there
/// are changes: one that has not the units, or not the version that was read, is left alone.
pub(super) fn change_stocks(dialect: Dialect, changes: Table, now: DateTime<Utc>) -> Built {
    let now = dialect.instant(now);
    // Which table is changed must be said with each column where several are joined, and must not
    // be said where they are not.
    let head = hash(dialect, "chain_head");
    let set = |of: &str, instant: String| {
        format!(
            "{of}leaved_amount = i.leaved_amount - c.taken, {of}version = i.version + c.entries, \
             {of}updated_at = {instant}, {of}chain_sequence = c.chain_sequence, \
             {of}chain_head = {head}"
        )
    };
    let condition = "i.sku_id = c.sku_id AND i.version = c.version AND i.leaved_amount >= c.taken";
    match dialect {
        // Their parameters come in the order of the text.
        Dialect::MariaDb | Dialect::MySql => {
            let table = changes.sql(dialect, 1);
            let (join, by_key) = (dialect.join_in_order(), by_key(dialect));
            let set = set("i.", dialect.parameter(2));
            let sql =
                format!("UPDATE {table} {join} t_inventory AS i {by_key} ON {condition} SET {set}");
            let values = changes.into_values(dialect)?.into_iter().chain([now]);
            Ok(Statement::from_sql_and_values(dialect.backend(), sql, values))
        }
        Dialect::Sqlite | Dialect::Postgres => {
            let set = set("", dialect.parameter(1));
            let table = changes.sql(dialect, 2);
            let sql = format!("UPDATE t_inventory AS i SET {set} FROM {table} WHERE {condition}");
            statement(dialect, sql, [now], changes)
        }
    }
}

/// Writes entries in the order of `place`, so that their ids ascend as they took effect. The table
/// has the columns of the entries, but for the instant. Answers `id, sku_id, sequence` where the ids
/// are to be returned.
pub(super) fn write_entries(
    dialect: Dialect,
    entries: Table,
    now: DateTime<Utc>,
    ids: InsertedIds,
) -> Built {
    let entry_hash = hash(dialect, "entry_hash");
    let request_hash = match dialect {
        Dialect::MariaDb | Dialect::MySql => "UNHEX(c.request_hash)",
        Dialect::Sqlite | Dialect::Postgres => "c.request_hash",
    };
    let (instant, table) = (instant(dialect, 1), entries.sql(dialect, 2));
    let returning = match ids {
        InsertedIds::Returned => " RETURNING id, sku_id, sequence",
        InsertedIds::Consecutive | InsertedIds::LookedUp => "",
    };
    let sql = format!(
        "INSERT INTO t_inventory_flow (sku_id, merchant_id, sequence, kind, order_detail_id, quantity_trade, \
         leaved_after, deduction_id, idempotency_scope, idempotency_key, line, request_hash, \
         actor, reason, created_at, entry_hash) \
         SELECT c.sku_id, c.merchant_id, c.sequence, c.kind, c.order_detail_id, c.quantity_trade, \
         c.leaved_after, c.deduction_id, c.idempotency_scope, c.idempotency_key, c.line, \
         {request_hash}, c.actor, c.reason, {instant}, {entry_hash} FROM {table} WHERE 1 = 1 ORDER BY c.place{returning}"
    );
    statement(dialect, sql, [dialect.instant(now)], entries)
}

/// The ids of the entries `{sku_id, sequence}`, where writing them did not answer any.
pub(super) fn entry_ids(dialect: Dialect, entries: Table) -> Built {
    let (table, join) = (entries.sql(dialect, 1), dialect.join_in_order());
    let sql = format!(
        "SELECT f.id, f.sku_id, f.sequence FROM {table} {join} t_inventory_flow AS f \
         ON f.sku_id = c.sku_id AND f.sequence = c.sequence"
    );
    statement(dialect, sql, [], entries)
}

/// A statement whose table comes behind its other parameters.
fn statement<const N: usize>(
    dialect: Dialect,
    sql: String,
    values: [Value; N],
    table: Table,
) -> Built {
    let values = values.into_iter().chain(table.into_values(dialect)?);
    Ok(Statement::from_sql_and_values(dialect.backend(), sql, values))
}
