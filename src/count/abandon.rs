//! Gives a count up.

use backon::Retryable as _;
use entity::inventory_count::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use super::{CountError, Counts, ended, retries, statement};
use crate::db::Fault;
use crate::domain::{
    Argument, Count, CountId, CountOutcome, CountStatus, CountViolation, Field, Refusal, Visibility,
};

type Outcome = CountOutcome<Count>;

impl Counts {
    /// Gives a count up, as `actor`. One that was given up before stays so.
    ///
    /// # Errors
    ///
    /// [`CountError`] when the database fails; the same request may be sent again.
    pub async fn abandon(
        &self,
        id: CountId,
        actor: &str,
        visibility: Visibility,
    ) -> Result<Outcome, CountError> {
        let attempt = || self.try_abandon(id, actor, visibility);
        Ok(attempt.retry(retries()).when(Fault::is_transient).await?)
    }

    async fn try_abandon(
        &self,
        id: CountId,
        actor: &str,
        visibility: Visibility,
    ) -> Result<Outcome, Fault> {
        let (_turn, transaction) = self.begin().await?;
        let done = self.abandon_within(&transaction, id, actor, visibility).await;
        ended(transaction, done).await
    }

    async fn abandon_within(
        &self,
        transaction: &DatabaseTransaction,
        id: CountId,
        actor: &str,
        visibility: Visibility,
    ) -> Result<Outcome, Fault> {
        let count = statement::lock_count(transaction, self.dialect(), id, visibility).await?;
        let refused = |violation: CountViolation| {
            let field = Field::of(Argument::CountId);
            Ok(Outcome::Refused(vec![Refusal { field, violation: violation.into() }]))
        };
        let Some(mut count) = count else {
            return refused(CountViolation::NotFound(id));
        };
        match count.status {
            CountStatus::Open => {}
            CountStatus::Abandoned => return Ok(Outcome::Done { value: count, replayed: true }),
            status @ CountStatus::Completed => {
                return refused(CountViolation::NotOpen { count_id: id, status });
            }
        }
        let now = self.clock.now();
        let abandon = Query::update()
            .table(Entity)
            .value(Column::Status, CountStatus::Abandoned.code())
            .value(Column::ClosedAt, self.dialect().instant(now))
            .value(Column::ClosedBy, actor)
            .and_where(Expr::col(Column::Id).eq(id.0))
            .take();
        transaction.execute_raw(self.dialect().backend().build(&abandon)).await?;
        count.status = CountStatus::Abandoned;
        (count.closed_at, count.closed_by) = (Some(now), Some(actor.to_owned()));
        Ok(Outcome::Done { value: count, replayed: false })
    }
}
