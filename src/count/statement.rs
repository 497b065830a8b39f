//! The statements about counts that are more than a filter. Each hands over its rows as one table of
//! parameters ([`Table`]).

use entity::inventory_count::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbErr, Iterable as _, Statement, Value};

use super::rows;
use crate::db::{Cells, Dialect, Fault, Table};
use crate::domain::limits::IDENTIFIER_CHARS_MAX;
use crate::domain::{Count, CountId, ObservationId, Visibility};

/// A statement, or why its parameters could not be written.
pub(super) type Built = Result<Statement, DbErr>;

/// A statement whose table comes ahead of its other parameters.
pub(super) fn with_table<const N: usize>(
    dialect: Dialect,
    sql: String,
    table: Table,
    values: [Value; N],
) -> Built {
    let values = table.into_values(dialect)?.into_iter().chain(values);
    Ok(Statement::from_sql_and_values(dialect.backend(), sql, values))
}

/// How rows are found one by one: MariaDB and MySQL would rather read a small table from end to end.
pub(super) fn by_key(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::MariaDb | Dialect::MySql => "FORCE INDEX (PRIMARY)",
        Dialect::Sqlite | Dialect::Postgres => "",
    }
}

/// Every column of a count.
pub(super) fn select_count() -> SelectStatement {
    Query::select().columns(Column::iter()).from(Entity).take()
}

/// Reads a count and locks it until the transaction ends; `None` if there is none that is seen.
pub(super) async fn lock_count(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    id: CountId,
    visibility: Visibility,
) -> Result<Option<Count>, Fault> {
    let mut select = select_count();
    select.and_where(Expr::col(Column::Id).eq(id.0));
    // Nobody is to hold up the count of another merchant.
    if let Some(merchant_id) = visibility.only() {
        select.and_where(Expr::col(Column::MerchantId).eq(merchant_id.0));
    }
    // BEGIN IMMEDIATE has locked the whole file of SQLite.
    if dialect != Dialect::Sqlite {
        select.lock_exclusive();
    }
    let row = transaction.query_one_raw(dialect.backend().build(&select)).await?;
    Ok(row.as_ref().map(rows::count).transpose()?.map(|(count, _hash)| count))
}

/// The observations under the keys `{idempotency_key}` of a scope.
pub(super) fn observations(dialect: Dialect, scope: &str, keys: Vec<String>) -> Built {
    let keys = Table::new().with("idempotency_key", Cells::Texts(IDENTIFIER_CHARS_MAX, keys));
    let (table, join) = (keys.sql(dialect, 1), dialect.join_in_order());
    let first = parameter_behind(dialect, &keys);
    let sql = format!(
        "SELECT o.id, o.count_id, o.sku_id, o.quantity, o.version, o.leaved_after, o.counted_at, \
         o.recorded_at, o.actor, o.idempotency_scope, o.idempotency_key, o.request_hash \
         FROM {table} {join} t_inventory_count_observation AS o \
         ON o.idempotency_key = c.idempotency_key AND o.idempotency_scope = {first}"
    );
    with_table(dialect, sql, keys, [scope.into()])
}

/// The parameter that follows those of a table without optional columns.
pub(super) fn parameter_behind(dialect: Dialect, table: &Table) -> String {
    let own = match dialect {
        Dialect::Sqlite | Dialect::MariaDb | Dialect::MySql => 1,
        Dialect::Postgres => table.column_count(),
    };
    dialect.parameter(u8::try_from(own.saturating_add(1)).unwrap_or(u8::MAX))
}

/// Makes these observations those that count of their SKUs.
pub(super) fn let_count(dialect: Dialect, ids: &[ObservationId]) -> Built {
    let ids = Table::of_integers("id", ids.iter().map(|id| id.0));
    let table = ids.sql(dialect, 1);
    let set = |of: &str| {
        let columns = ["quantity", "version", "leaved_after", "counted_at"];
        let columns = columns.map(|column| format!("{of}{column} = o.{column}"));
        format!("{of}observation_id = o.id, {}", columns.join(", "))
    };
    let sql = match dialect {
        Dialect::MariaDb | Dialect::MySql => {
            let (join, by_key, set) = (dialect.join_in_order(), by_key(dialect), set("s."));
            format!(
                "UPDATE {table} {join} t_inventory_count_observation AS o {by_key} ON o.id = c.id \
                 {join} t_inventory_count_sku AS s {by_key} \
                 ON s.count_id = o.count_id AND s.sku_id = o.sku_id SET {set}"
            )
        }
        Dialect::Sqlite | Dialect::Postgres => format!(
            "UPDATE t_inventory_count_sku AS s SET {set} FROM {table} \
             JOIN t_inventory_count_observation AS o ON o.id = c.id \
             WHERE s.count_id = o.count_id AND s.sku_id = o.sku_id",
            set = set("")
        ),
    };
    with_table(dialect, sql, ids, [])
}

/// The stocks of SKUs `{sku_id}`: `sku_id, version, leaved_amount`.
pub(super) fn stocks(dialect: Dialect, skus: Table) -> Built {
    let (table, join, by_key) = (skus.sql(dialect, 1), dialect.join_in_order(), by_key(dialect));
    let sql = format!(
        "SELECT i.sku_id, i.version, i.leaved_amount FROM {table} \
         {join} t_inventory AS i {by_key} ON i.sku_id = c.sku_id"
    );
    with_table(dialect, sql, skus, [])
}

/// The entries at the places `{sku_id, sequence}`: `sku_id, sequence, leaved_after`.
pub(super) fn entries_at(dialect: Dialect, places: Table) -> Built {
    let (table, join) = (places.sql(dialect, 1), dialect.join_in_order());
    let sql = format!(
        "SELECT f.sku_id, f.sequence, f.leaved_after FROM {table} \
         {join} t_inventory_flow AS f ON f.sku_id = c.sku_id AND f.sequence = c.sequence"
    );
    with_table(dialect, sql, places, [])
}

/// The entries of the ids `{id}`: `id, sku_id, sequence, leaved_after, merchant_id`.
pub(super) fn entries(dialect: Dialect, ids: Table) -> Built {
    let (table, join) = (ids.sql(dialect, 1), dialect.join_in_order());
    let sql = format!(
        "SELECT f.id, f.sku_id, f.sequence, f.leaved_after, f.merchant_id FROM {table} \
         {join} t_inventory_flow AS f ON f.id = c.id"
    );
    with_table(dialect, sql, ids, [])
}
