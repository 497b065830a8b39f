//! What a count comes to, SKU by SKU.
//!
//! A count has up to 5,000 SKUs, which are read at once: which of them differ is known only when all
//! are. Amounts and adjustments are seen by one statement, and so at one moment. Of a count that was
//! completed the entries tell which it wrote.

use std::collections::HashMap;

use entity::inventory_flow;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{QueryResult, Statement};

use super::Counts;
use crate::db::{Dialect, Fault};
use crate::domain::count::{COUNT_SCOPE, Counted};
use crate::domain::{Count, CountId, CountLine, CountResult, CountStatus, FlowId, Origin, SkuId};
use crate::ledger::adjusted_since;
use crate::store::{Found, Loaded};

/// What an entry of a completed count traded and left.
type Written = HashMap<SkuId, (FlowId, i32, i32)>;

impl Counts {
    /// What a count comes to, in the order of its SKUs' ids.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails.
    pub async fn load_results(&self, count: &Count) -> Loaded<Found<Vec<CountResult>>> {
        let (value, origin) = self.results(count).await?;
        Ok(Found { value, origin })
    }

    pub(super) async fn results(&self, count: &Count) -> Result<(Vec<CountResult>, Origin), Fault> {
        let rows = self.read(results(self.dialect(), count.id)).await?;
        let written = match count.status {
            CountStatus::Completed => self.written(count.id).await?,
            CountStatus::Open | CountStatus::Abandoned => Written::new(),
        };
        let results: Result<Vec<CountResult>, Fault> =
            rows.rows.iter().map(|row| result(row, &written)).collect();
        Ok((results?, rows.origin))
    }

    /// The entries that a completed count wrote.
    async fn written(&self, id: CountId) -> Result<Written, Fault> {
        use inventory_flow::Column::{
            Id, IdempotencyKey, IdempotencyScope, LeavedAfter, QuantityTrade, SkuId as Sku,
        };
        let select = Query::select()
            .columns([Sku, Id, QuantityTrade, LeavedAfter])
            .from(inventory_flow::Entity)
            .and_where(Expr::col(IdempotencyKey).eq(Count::key_of(id)))
            .and_where(Expr::col(IdempotencyScope).eq(COUNT_SCOPE))
            .take();
        let rows = self.read(self.dialect().backend().build(&select)).await?.rows;
        let mut written = Written::with_capacity(rows.len());
        for row in rows {
            let entry = (
                FlowId(row.try_get_by_index(1)?),
                row.try_get_by_index(2)?,
                row.try_get_by_index(3)?,
            );
            written.insert(SkuId(row.try_get_by_index(0)?), entry);
        }
        Ok(written)
    }

    /// The statement by which what a count comes to is read, for looking at its plan.
    pub fn results_statement(&self, id: CountId) -> Statement {
        results(self.dialect(), id)
    }
}

fn results(dialect: Dialect, id: CountId) -> Statement {
    let (by_key, join) = (super::statement::by_key(dialect), dialect.join_in_order());
    let observations = match dialect {
        Dialect::Sqlite => "INDEXED BY t_inventory_count_observation_sku",
        Dialect::MariaDb | Dialect::MySql => "FORCE INDEX (t_inventory_count_observation_sku)",
        Dialect::Postgres => "",
    };
    let adjusted = adjusted_since(dialect, "s.sku_id", "s.version");
    let first = dialect.parameter(1);
    let sql = format!(
        "SELECT s.sku_id, i.version, i.leaved_amount, s.quantity, s.version, s.leaved_after, \
         s.counted_at, (SELECT COUNT(*) FROM t_inventory_count_observation AS o {observations} \
         WHERE o.count_id = s.count_id AND o.sku_id = s.sku_id), {adjusted} \
         FROM t_inventory_count_sku AS s {by_key} \
         {join} t_inventory AS i {by_key} ON i.sku_id = s.sku_id \
         WHERE s.count_id = {first} ORDER BY s.sku_id"
    );
    Statement::from_sql_and_values(dialect.backend(), sql, [id.0.into()])
}

fn result(row: &QueryResult, written: &Written) -> Result<CountResult, Fault> {
    let sku_id = SkuId(row.try_get_by_index(0)?);
    let leaved_amount: i32 = row.try_get_by_index(2)?;
    let quantity: Option<i32> = row.try_get_by_index(3)?;
    let version: Option<i64> = row.try_get_by_index(4)?;
    let leaved_after: Option<i32> = row.try_get_by_index(5)?;
    let counted_at = row.try_get_by_index(6)?;
    let adjusted: Option<i64> = row.try_get_by_index(8)?;
    let line =
        quantity.zip(version).zip(leaved_after).map(|((quantity, version), leaved_after)| {
            CountLine { sku_id, quantity, version, leaved_after }
        });
    let counted = line.zip(counted_at).map(|(line, counted_at)| match written.get(&sku_id) {
        Some(entry) => Counted::completed(line, counted_at, *entry),
        None => Counted::open(line, counted_at, adjusted.unwrap_or_default(), leaved_amount),
    });
    Ok(CountResult {
        sku_id,
        version: row.try_get_by_index(1)?,
        observation_count: row.try_get_by_index(7)?,
        counted,
    })
}
