//! What the ledger reads and writes of stocktakes: it completes them in the transaction that adjusts
//! their SKUs, so that there is no moment at which one is done without the other.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::inventory_count::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, Statement};

use super::books::CountState;
use super::decide::ClosedCount;
use super::submission::Submission;
use crate::db::{Cells, Dialect, Fault, Table};
use crate::domain::{CountId, CountLine, CountStatus, FlowKind, MerchantId, Operation, SkuId};

/// Reads and locks the stocktakes that `submissions` complete. Behind the locks of the stocks; whoever
/// records an observation locks the stocktake alone.
pub(super) async fn locked(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    submissions: &[Submission],
) -> Result<HashMap<CountId, CountState>, Fault> {
    let ids: BTreeSet<CountId> =
        completed(submissions).map(|(count_id, _lines)| count_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = Table::of_integers("id", ids.iter().map(|id| id.0));
    let rows = transaction.query_all_raw(lock(dialect, ids)?).await?;
    let mut counts = HashMap::with_capacity(rows.len());
    for row in rows {
        let (id, code): (i64, i16) = (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
        let status = CountStatus::from_code(code)
            .ok_or_else(|| Fault::corrupt(format!("t_inventory_count row {id} is corrupt")))?;
        let merchant_id = MerchantId(row.try_get_by_index(1)?);
        let revision = row.try_get_by_index(3)?;
        counts.insert(CountId(id), CountState { merchant_id, status, revision });
    }
    Ok(counts)
}

fn lock(dialect: Dialect, ids: Table) -> Result<Statement, Fault> {
    let (table, join) = (ids.sql(dialect, 1), dialect.join_in_order());
    let (by_key, lock) = match dialect {
        // BEGIN IMMEDIATE has locked the whole file.
        Dialect::Sqlite => ("", ""),
        Dialect::MariaDb | Dialect::MySql => ("FORCE INDEX (PRIMARY)", " FOR UPDATE"),
        Dialect::Postgres => ("", " ORDER BY t.id FOR UPDATE OF t"),
    };
    let sql = format!(
        "SELECT t.id, t.merchant_id, t.status, t.revision FROM {table} \
         {join} t_inventory_count AS t {by_key} ON t.id = c.id{lock}"
    );
    let values = ids.into_values(dialect)?;
    Ok(Statement::from_sql_and_values(dialect.backend(), sql, values))
}

/// Units that adjustments brought in behind the entries up to which shelves were counted.
pub(super) async fn adjusted(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    submissions: &[Submission],
) -> Result<HashMap<(SkuId, i64), i64>, Fault> {
    let lines: Vec<&CountLine> =
        completed(submissions).flat_map(|(_count_id, lines)| lines.iter()).collect();
    if lines.is_empty() {
        return Ok(HashMap::new());
    }
    let shelves = Table::of_integers("sku_id", lines.iter().map(|line| line.sku_id.0))
        .with("version", Cells::Integers(lines.iter().map(|line| line.version).collect()));
    let sum = adjusted_since(dialect, "c.sku_id", "c.version");
    let sql =
        format!("SELECT c.sku_id, c.version, {sum} FROM {table}", table = shelves.sql(dialect, 1));
    let values = shelves.into_values(dialect)?;
    let statement = Statement::from_sql_and_values(dialect.backend(), sql, values);
    let mut adjusted = HashMap::new();
    for row in transaction.query_all_raw(statement).await? {
        let units: Option<i64> = row.try_get_by_index(2)?;
        if let Some(units) = units {
            let shelf = (SkuId(row.try_get_by_index(0)?), row.try_get_by_index(1)?);
            adjusted.insert(shelf, units);
        }
    }
    Ok(adjusted)
}

/// Units that adjustments of a SKU brought in behind a sequence, as a value of a statement; null if
/// there were none. A statement of its own for each SKU, so that each is found by the one index.
pub(crate) fn adjusted_since(dialect: Dialect, sku_id: &str, version: &str) -> String {
    let by_index = match dialect {
        Dialect::Sqlite => "INDEXED BY t_inventory_flow_sku_kind",
        Dialect::MariaDb | Dialect::MySql => "FORCE INDEX (t_inventory_flow_sku_kind)",
        Dialect::Postgres => "",
    };
    let (kind, integer) = (FlowKind::Adjustment.code(), dialect.big_integer());
    format!(
        "(SELECT CAST(-SUM(f.quantity_trade) AS {integer}) FROM t_inventory_flow AS f {by_index} \
         WHERE f.sku_id = {sku_id} AND f.kind = {kind} AND f.sequence > {version})"
    )
}

/// Completes stocktakes.
pub(super) async fn close(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    closed: &[ClosedCount],
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    for ClosedCount { count_id, revision, closed_by } in closed {
        let close = Query::update()
            .table(Entity)
            .value(Column::Status, CountStatus::Completed.code())
            .value(Column::ClosedAt, dialect.instant(now))
            .value(Column::ClosedBy, closed_by.as_str())
            .and_where(Expr::col(Column::Id).eq(count_id.0))
            .and_where(Expr::col(Column::Status).eq(CountStatus::Open.code()))
            .and_where(Expr::col(Column::Revision).eq(*revision))
            .take();
        let close = dialect.backend().build(&close);
        if transaction.execute_raw(close).await?.rows_affected() != 1 {
            // Its lock makes this impossible.
            tracing::error!(%count_id, "an inventory count changed in spite of its lock");
            return Err(Fault::contended());
        }
    }
    Ok(())
}

/// Whether a submission completes a stocktake.
pub(super) fn completes_one(submission: &Submission) -> bool {
    completed(std::slice::from_ref(submission)).next().is_some()
}

fn completed(submissions: &[Submission]) -> impl Iterator<Item = (CountId, &[CountLine])> {
    submissions.iter().flat_map(Submission::commands).filter_map(|command| {
        match &command.operation {
            Operation::Count { count_id, lines, .. } => Some((*count_id, lines.as_slice())),
            Operation::Create { .. }
            | Operation::Deduct(_)
            | Operation::DeductBatch(_)
            | Operation::Refund(_)
            | Operation::RefundBatch(_)
            | Operation::Replenish { .. }
            | Operation::SetQuantity { .. } => None,
        }
    })
}
