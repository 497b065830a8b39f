//! Starts a count: fixes which SKUs are counted.

use std::collections::HashSet;

use backon::Retryable as _;
use entity::inventory;
use entity::inventory_count::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait as _, Order, Query};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use super::{CountError, Counts, ended, retries, rows, statement};
use crate::db::{Cells, Fault, Table};
use crate::domain::count::{CountScope, StartCount};
use crate::domain::limits::COUNT_SKUS_MAX;
use crate::domain::{
    Argument, Count, CountId, CountOutcome, CountStatus, CountViolation, Field, Refusal, SkuId,
    Violation,
};

/// SKUs of one INSERT.
const ROWS_MAX: usize = 1_000;

type Outcome = CountOutcome<Count>;

impl Counts {
    /// Starts a count, at most once for its key.
    ///
    /// # Errors
    ///
    /// [`CountError`] when the database fails; the same request may be sent again.
    pub async fn start(&self, start: &StartCount) -> Result<Outcome, CountError> {
        let attempt = || self.try_start(start);
        Ok(attempt.retry(retries()).when(Fault::is_transient).await?)
    }

    async fn try_start(&self, start: &StartCount) -> Result<Outcome, Fault> {
        let (_turn, transaction) = self.begin().await?;
        let done = self.start_within(&transaction, start).await;
        ended(transaction, done).await
    }

    async fn start_within(
        &self,
        transaction: &DatabaseTransaction,
        start: &StartCount,
    ) -> Result<Outcome, Fault> {
        if let Some((count, hash)) = self.started(transaction, start).await? {
            return Ok(if hash == start.fingerprint() {
                Outcome::Done { value: count, replayed: true }
            } else {
                let field = Field::of(Argument::IdempotencyKey);
                let violation = Violation::IdempotencyKeyReused;
                Outcome::Refused(vec![Refusal { field, violation }])
            });
        }
        let sku_ids = match self.skus(transaction, start).await? {
            Ok(sku_ids) => sku_ids,
            Err(refusals) => return Ok(Outcome::Refused(refusals)),
        };
        self.insert_count(transaction, start, sku_ids.len()).await?;
        let Some((count, _hash)) = self.started(transaction, start).await? else {
            return Err(Fault::lost());
        };
        for sku_ids in sku_ids.chunks(ROWS_MAX) {
            self.insert_skus(transaction, count.id, sku_ids).await?;
        }
        Ok(Outcome::Done { value: count, replayed: false })
    }

    /// What was started under the same key, with its fingerprint.
    async fn started(
        &self,
        transaction: &DatabaseTransaction,
        start: &StartCount,
    ) -> Result<Option<(Count, Vec<u8>)>, Fault> {
        let mut select = statement::select_count();
        select
            .and_where(Expr::col(Column::IdempotencyKey).eq(start.key.as_str()))
            .and_where(Expr::col(Column::IdempotencyScope).eq(start.scope.as_str()));
        let select = self.dialect().backend().build(&select);
        transaction.query_one_raw(select).await?.as_ref().map(rows::count).transpose()
    }

    /// The SKUs to be counted, or why they cannot be.
    async fn skus(
        &self,
        transaction: &DatabaseTransaction,
        start: &StartCount,
    ) -> Result<Result<Vec<SkuId>, Vec<Refusal>>, Fault> {
        use inventory::Column::{MerchantId, SkuId as Sku};
        let mut select = Query::select()
            .column(Sku)
            .from(inventory::Entity)
            .and_where(Expr::col(MerchantId).eq(start.merchant_id.0))
            .order_by(Sku, Order::Asc)
            .take();
        match &start.skus {
            CountScope::Listed(listed) => {
                select.and_where(Expr::col(Sku).is_in(listed.iter().map(|sku_id| sku_id.0)));
            }
            CountScope::Between(from, to) => {
                let one_more = u64::try_from(COUNT_SKUS_MAX).unwrap_or(u64::MAX).saturating_add(1);
                select.and_where(Expr::col(Sku).between(from.0, to.0)).limit(one_more);
            }
        }
        let select = self.dialect().backend().build(&select);
        let found = transaction.query_all_raw(select).await?;
        let found: Result<Vec<SkuId>, _> =
            found.iter().map(|row| row.try_get_by_index(0).map(SkuId)).collect();
        Ok(judged(start, found?))
    }

    async fn insert_count(
        &self,
        transaction: &DatabaseTransaction,
        start: &StartCount,
        sku_count: usize,
    ) -> Result<(), Fault> {
        let dialect = self.dialect();
        let sku_count = i64::try_from(sku_count).unwrap_or(i64::MAX);
        let listed = matches!(start.skus, CountScope::Listed(_));
        let reason = start.reason.as_ref().map(|reason| reason.as_str().to_owned());
        let columns = [
            (Column::MerchantId, Expr::value(start.merchant_id.0)),
            (Column::Status, Expr::value(CountStatus::Open.code())),
            (Column::Blind, Expr::value(start.blind)),
            (Column::OfListedSkus, Expr::value(listed)),
            (Column::SkuCount, Expr::value(sku_count)),
            (Column::Revision, Expr::value(0_i64)),
            (Column::Reason, Expr::value(reason)),
            (Column::IdempotencyScope, Expr::value(start.scope.as_str())),
            (Column::IdempotencyKey, Expr::value(start.key.as_str())),
            (Column::RequestHash, Expr::value(start.fingerprint().to_vec())),
            (Column::StartedAt, Expr::value(dialect.instant(self.clock.now()))),
            (Column::StartedBy, Expr::value(start.actor.as_str())),
        ];
        let (columns, values): (Vec<Column>, Vec<Expr>) = columns.into_iter().unzip();
        let mut insert = Query::insert().into_table(Entity).columns(columns).to_owned();
        insert.values(values).map_err(Fault::corrupt)?;
        transaction.execute_raw(dialect.backend().build(&insert)).await?;
        Ok(())
    }

    async fn insert_skus(
        &self,
        transaction: &DatabaseTransaction,
        count_id: CountId,
        sku_ids: &[SkuId],
    ) -> Result<(), Fault> {
        let dialect = self.dialect();
        let count_ids = Cells::Integers(vec![count_id.0; sku_ids.len()]);
        let skus = Table::of_integers("sku_id", sku_ids.iter().map(|sku_id| sku_id.0))
            .with("count_id", count_ids);
        let sql = format!(
            "INSERT INTO t_inventory_count_sku (count_id, sku_id) \
             SELECT c.count_id, c.sku_id FROM {}",
            skus.sql(dialect, 1)
        );
        transaction.execute_raw(statement::with_table(dialect, sql, skus, [])?).await?;
        Ok(())
    }
}

/// Whether those that were found are all that is to be counted, and no more than may be.
fn judged(start: &StartCount, found: Vec<SkuId>) -> Result<Vec<SkuId>, Vec<Refusal>> {
    match &start.skus {
        CountScope::Listed(listed) => {
            let there: HashSet<SkuId> = found.iter().copied().collect();
            let missing = listed.iter().enumerate().filter(|(_, sku_id)| !there.contains(sku_id));
            let missing: Vec<Refusal> = missing
                .map(|(place, sku_id)| Refusal {
                    field: Field::of_line(Some(place), Argument::SkuIds),
                    violation: Violation::SkuNotFound { sku_id: *sku_id },
                })
                .collect();
            if missing.is_empty() { Ok(found) } else { Err(missing) }
        }
        CountScope::Between(..) => {
            let violation = match found.len() {
                0 => CountViolation::NoSkus(start.merchant_id),
                skus if skus > COUNT_SKUS_MAX => CountViolation::TooManySkus,
                _ => return Ok(found),
            };
            let field = Field::of(Argument::MerchantId);
            Err(vec![Refusal { field, violation: violation.into() }])
        }
    }
}
