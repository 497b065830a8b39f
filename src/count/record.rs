//! Records what was counted.
//!
//! Each observation has a key of its own, since a phone that was offline sends what it has kept again,
//! and in other portions than before. What is recorded already is answered as it was then, in a count
//! that has been closed, too. Of the others either all of a request are recorded or none.

use std::collections::{BTreeMap, HashMap};

use backon::Retryable as _;
use chrono::{DateTime, Utc};
use entity::inventory_count::{Column as CountColumn, Entity as CountEntity};
use entity::inventory_count_observation::{Column, Entity};
use entity::inventory_count_sku::{Column as SkuColumn, Entity as SkuEntity};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, QueryResult, Statement};

use super::places::Place;
use super::{CountError, Counts, ended, retries, rows, statement};
use crate::db::Fault;
use crate::domain::count::{RecordCount, Seen, ShelfCount};
use crate::domain::{
    Argument, Count, CountOutcome, CountViolation, Field, Observation, ObservationId, Refusal,
    SkuId, Violation,
};

/// The count as it is afterwards, and the observations, one for each line.
type Outcome = CountOutcome<(Count, Vec<Observation>)>;

impl Counts {
    /// Records observations, each at most once for its key.
    ///
    /// # Errors
    ///
    /// [`CountError`] when the database fails; the same request may be sent again.
    pub async fn record(&self, record: &RecordCount) -> Result<Outcome, CountError> {
        let attempt = || self.try_record(record);
        Ok(attempt.retry(retries()).when(Fault::is_transient).await?)
    }

    async fn try_record(&self, record: &RecordCount) -> Result<Outcome, Fault> {
        let (_turn, transaction) = self.begin().await?;
        let done = self.record_within(&transaction, record).await;
        ended(transaction, done).await
    }

    async fn record_within(
        &self,
        transaction: &DatabaseTransaction,
        record: &RecordCount,
    ) -> Result<Outcome, Fault> {
        let count_id = record.count_id;
        let refused = |violation: CountViolation| {
            let field = Field::of(Argument::CountId);
            Ok(Outcome::Refused(vec![Refusal { field, violation: violation.into() }]))
        };
        let count =
            statement::lock_count(transaction, self.dialect(), count_id, record.visibility).await?;
        let Some(count) = count else {
            return refused(CountViolation::NotFound(count_id));
        };
        let mut known = self.known(transaction, record).await?;
        let fresh = match fresh(record, &known) {
            Ok(fresh) => fresh,
            Err(refusals) => return Ok(Outcome::Refused(refusals)),
        };
        let replayed = fresh.is_empty();
        let mut count = count;
        if !replayed {
            if !count.is_open() {
                return refused(CountViolation::NotOpen { count_id, status: count.status });
            }
            let places = match self.places(transaction, &count, &fresh).await? {
                Ok(places) => places,
                Err(refusals) => return Ok(Outcome::Refused(refusals)),
            };
            self.insert_observations(transaction, record, &places).await?;
            known = self.known(transaction, record).await?;
            let added: Vec<&Observation> =
                fresh.iter().filter_map(|(_place, line)| known.get(line.key.as_str())).collect();
            self.let_count(transaction, &count, &added).await?;
            count.revision = self.revise(transaction, &count, added.len()).await?;
        }
        let of = |line: &ShelfCount| known.get(line.key.as_str()).cloned();
        let observations: Option<Vec<Observation>> = record.lines.iter().map(of).collect();
        let value = (count, observations.ok_or_else(Fault::lost)?);
        Ok(Outcome::Done { value, replayed })
    }

    /// What was recorded under the keys of a request, by whoever sends it.
    async fn known(
        &self,
        transaction: &DatabaseTransaction,
        record: &RecordCount,
    ) -> Result<HashMap<String, Observation>, Fault> {
        let mut keys: Vec<String> =
            record.lines.iter().map(|line| line.key.as_str().to_owned()).collect();
        keys.sort_unstable();
        keys.dedup();
        let select = statement::observations(self.dialect(), &record.scope, keys)?;
        let mut known = HashMap::new();
        for row in transaction.query_all_raw(select).await? {
            let observation = rows::observation(&row)?;
            known.insert(observation.idempotency_key.clone(), observation);
        }
        Ok(known)
    }

    /// Those of the SKUs that are in the count, each with the observation that counts so far.
    pub(super) async fn current(
        &self,
        transaction: &DatabaseTransaction,
        count: &Count,
        sku_ids: impl Iterator<Item = SkuId>,
    ) -> Result<BTreeMap<SkuId, Option<Seen>>, Fault> {
        let select = Query::select()
            .columns([
                SkuColumn::SkuId,
                SkuColumn::ObservationId,
                SkuColumn::Version,
                SkuColumn::CountedAt,
            ])
            .from(SkuEntity)
            .and_where(Expr::col(SkuColumn::CountId).eq(count.id.0))
            .and_where(Expr::col(SkuColumn::SkuId).is_in(sku_ids.map(|sku_id| sku_id.0)))
            .take();
        let select = self.dialect().backend().build(&select);
        let mut current = BTreeMap::new();
        for row in self.rows(transaction, select).await? {
            let id: Option<i64> = row.try_get_by_index(1)?;
            let version: Option<i64> = row.try_get_by_index(2)?;
            let counted_at: Option<DateTime<Utc>> = row.try_get_by_index(3)?;
            let seen = id.zip(version).zip(counted_at);
            let seen = seen.map(|((id, version), counted_at)| Seen {
                version,
                counted_at,
                id: ObservationId(id),
            });
            current.insert(SkuId(row.try_get_by_index(0)?), seen);
        }
        Ok(current)
    }

    async fn insert_observations(
        &self,
        transaction: &DatabaseTransaction,
        record: &RecordCount,
        places: &[(&ShelfCount, Place)],
    ) -> Result<(), Fault> {
        let (dialect, now) = (self.dialect(), self.clock.now());
        let mut insert = Query::insert().into_table(Entity).to_owned();
        insert.columns([
            Column::CountId,
            Column::SkuId,
            Column::Quantity,
            Column::Version,
            Column::LeavedAfter,
            Column::CountedAt,
            Column::RecordedAt,
            Column::Actor,
            Column::IdempotencyScope,
            Column::IdempotencyKey,
            Column::RequestHash,
        ]);
        for (line, place) in places {
            // A clock that is ahead must not make its observation count for ever.
            let counted_at = line.counted_at.map_or(now, |counted_at| Ord::min(counted_at, now));
            let values = [
                Expr::value(record.count_id.0),
                Expr::value(line.sku_id.0),
                Expr::value(line.quantity),
                Expr::value(place.version),
                Expr::value(place.leaved_after),
                Expr::value(dialect.instant(counted_at)),
                Expr::value(dialect.instant(now)),
                Expr::value(record.actor.as_str()),
                Expr::value(record.scope.as_str()),
                Expr::value(line.key.as_str()),
                Expr::value(line.fingerprint(record.count_id).to_vec()),
            ];
            insert.values(values).map_err(Fault::corrupt)?;
        }
        transaction.execute_raw(dialect.backend().build(&insert)).await?;
        Ok(())
    }

    /// Lets those of the new observations count that do so rather than what there was.
    async fn let_count(
        &self,
        transaction: &DatabaseTransaction,
        count: &Count,
        added: &[&Observation],
    ) -> Result<(), Fault> {
        let sku_ids = added.iter().map(|observation| observation.sku_id);
        let mut current = self.current(transaction, count, sku_ids).await?;
        let mut counting: BTreeMap<SkuId, ObservationId> = BTreeMap::new();
        for observation in added {
            let seen = observation.seen();
            let before = current.entry(observation.sku_id).or_default();
            if before.is_none_or(|before| seen.counts_rather_than(&before)) {
                *before = Some(seen);
                counting.insert(observation.sku_id, observation.id);
            }
        }
        if counting.is_empty() {
            return Ok(());
        }
        let ids: Vec<ObservationId> = counting.into_values().collect();
        transaction.execute_raw(statement::let_count(self.dialect(), &ids)?).await?;
        Ok(())
    }

    /// Tells those who have looked at the count that it is another now.
    async fn revise(
        &self,
        transaction: &DatabaseTransaction,
        count: &Count,
        added: usize,
    ) -> Result<i64, Fault> {
        let revision = count.revision.saturating_add(i64::try_from(added).unwrap_or(i64::MAX));
        let revise = Query::update()
            .table(CountEntity)
            .value(CountColumn::Revision, revision)
            .and_where(Expr::col(CountColumn::Id).eq(count.id.0))
            .take();
        transaction.execute_raw(self.dialect().backend().build(&revise)).await?;
        Ok(revision)
    }

    pub(super) async fn rows(
        &self,
        transaction: &DatabaseTransaction,
        statement: Statement,
    ) -> Result<Vec<QueryResult>, Fault> {
        Ok(transaction.query_all_raw(statement).await?)
    }
}

/// The lines that are not recorded yet, by their place, each key once; or which keys were used for
/// something else.
fn fresh<'a>(
    record: &'a RecordCount,
    known: &HashMap<String, Observation>,
) -> Result<Vec<(usize, &'a ShelfCount)>, Vec<Refusal>> {
    let mut fresh: Vec<(usize, &ShelfCount)> = Vec::new();
    let mut met: HashMap<&str, [u8; 32]> = HashMap::new();
    let mut refusals = Vec::new();
    for (place, line) in record.lines.iter().enumerate() {
        let (key, hash) = (line.key.as_str(), line.fingerprint(record.count_id));
        let before = known.get(key).map(|known| known.request_hash);
        match before.or_else(|| met.get(key).copied()) {
            Some(before) if before == hash => {}
            Some(_) => refusals.push(Refusal {
                field: Field::of_line(Some(place), Argument::IdempotencyKey),
                violation: Violation::IdempotencyKeyReused,
            }),
            None => {
                met.insert(key, hash);
                fresh.push((place, line));
            }
        }
    }
    if refusals.is_empty() { Ok(fresh) } else { Err(refusals) }
}
