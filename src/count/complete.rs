//! Completes a count: has the ledger put what it found on the books.

use crate::db::Fault;
use crate::domain::count::{COUNT_SCOPE, CountSummary, Uncounted, needs_second_person};
use crate::domain::limits::LINES_MAX;
use crate::domain::{
    Argument, Command, Count, CountId, CountLine, CountOutcome, CountResult, CountStatus,
    CountViolation, Field, Operation, Outcome, Refusal, Violation, Visibility,
};

use super::{CountError, Counts};

/// How often a count is reckoned anew because observations came in meanwhile.
const ATTEMPTS_MAX: usize = 8;

/// A count to be completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompleteCount {
    /// Which.
    pub count_id: CountId,
    /// Who completes it.
    pub actor: String,
    /// Whose counts they see.
    pub visibility: Visibility,
    /// What is to become of SKUs that nobody has counted.
    pub uncounted: Uncounted,
    /// The revision at which it was reviewed; whatever it is at if `None`.
    pub revision: Option<i64>,
}

type Completed = CountOutcome<Count>;

/// What came of one attempt.
enum Attempt {
    Ended(Completed),
    /// The count changed meanwhile.
    Again,
}

impl Counts {
    /// Completes a count: all its adjustments are written in one transaction, or none. One that was
    /// completed before stays as it is.
    ///
    /// # Errors
    ///
    /// [`CountError`] when the database or the ledger fails, or observations come in faster than the
    /// count can be reckoned; the same request may be sent again.
    pub async fn complete(&self, complete: &CompleteCount) -> Result<Completed, CountError> {
        for _attempt in 0..ATTEMPTS_MAX {
            if let Attempt::Ended(ended) = self.try_complete(complete).await? {
                return Ok(ended);
            }
        }
        Err(Fault::contended().into())
    }

    async fn try_complete(&self, complete: &CompleteCount) -> Result<Attempt, CountError> {
        let count_id = complete.count_id;
        let (count, _origin) = self.seen(count_id, complete.visibility).await?;
        let Some(count) = count else {
            return Ok(refused(CountViolation::NotFound(count_id)));
        };
        match count.status {
            CountStatus::Open => {}
            CountStatus::Completed => {
                return Ok(Attempt::Ended(CountOutcome::Done { value: count, replayed: true }));
            }
            status @ CountStatus::Abandoned => {
                return Ok(refused(CountViolation::NotOpen { count_id, status }));
            }
        }
        if complete.revision.is_some_and(|revision| revision != count.revision) {
            let revision = count.revision;
            let violation = CountViolation::Changed { count_id, revision };
            let field = Field::of(Argument::Revision);
            let refusal = Refusal { field, violation: violation.into() };
            return Ok(Attempt::Ended(CountOutcome::Refused(vec![refusal])));
        }
        // Behind the revision: what is read with more than that is found out by the ledger.
        let (results, _origin) = self.results(&count).await?;
        if let Some(violation) = self.objection(complete, &count, &results).await? {
            return Ok(refused(violation));
        }
        let outcome = self.ledger.submit(command(complete, &count, &results)?).await?;
        Ok(self.told(complete, outcome).await?)
    }

    /// Why the count must not be completed as it is, or not by this person.
    async fn objection(
        &self,
        complete: &CompleteCount,
        count: &Count,
        results: &[CountResult],
    ) -> Result<Option<CountViolation>, Fault> {
        let (count_id, summary) = (count.id, CountSummary::of(results));
        if summary.counted_count == 0 {
            return Ok(Some(CountViolation::NothingCounted(count_id)));
        }
        let missing = summary.missing_count();
        if missing > 0 && complete.uncounted == Uncounted::Refuse {
            return Ok(Some(CountViolation::Uncounted { count_id, missing }));
        }
        let above = self.settings.second_person_above_units;
        if needs_second_person(&summary, above) {
            let started = count.started_by == complete.actor;
            if started || self.has_counted(count_id, &complete.actor).await? {
                let (units, above) = (summary.variance_units(), above.unwrap_or_default());
                return Ok(Some(CountViolation::NeedsSecondPerson { count_id, units, above }));
            }
        }
        Ok(None)
    }

    /// What the ledger's answer means to the count.
    async fn told(&self, complete: &CompleteCount, outcome: Outcome) -> Result<Attempt, Fault> {
        let refusals = match outcome {
            Outcome::Done { replayed, .. } => {
                let (count, _origin) = self.seen(complete.count_id, complete.visibility).await?;
                let value = count.ok_or_else(Fault::lost)?;
                return Ok(Attempt::Ended(CountOutcome::Done { value, replayed }));
            }
            Outcome::Refused(refusals) => refusals,
        };
        let changed = |refusal: &Refusal| {
            matches!(
                refusal.violation,
                // Somebody has completed it as it was before, or closed it.
                Violation::IdempotencyKeyReused
                    | Violation::Count(
                        CountViolation::Changed { .. } | CountViolation::NotOpen { .. }
                    )
            )
        };
        if refusals.iter().any(changed) {
            return Ok(Attempt::Again);
        }
        // The lines are not those of the request, which has none.
        let field = Field::of(Argument::CountId);
        let refusals = refusals.into_iter().take(LINES_MAX);
        let refusals = refusals.map(|refusal| Refusal { field, ..refusal }).collect();
        Ok(Attempt::Ended(CountOutcome::Refused(refusals)))
    }
}

fn refused(violation: CountViolation) -> Attempt {
    let field = Field::of(Argument::CountId);
    let refusal = Refusal { field, violation: violation.into() };
    Attempt::Ended(CountOutcome::Refused(vec![refusal]))
}

/// What the ledger is to carry out: the same for whoever completes the count as it is.
fn command(
    complete: &CompleteCount,
    count: &Count,
    results: &[CountResult],
) -> Result<Command, Fault> {
    let counted = results.iter().filter_map(|result| result.counted);
    let lines: Vec<CountLine> = counted.map(|counted| counted.line).collect();
    Ok(Command {
        scope: COUNT_SCOPE.to_owned(),
        key: count.key().map_err(Fault::corrupt)?,
        actor: complete.actor.clone(),
        visibility: Visibility::Only(count.merchant_id),
        reason: count.adjustment_reason(),
        operation: Operation::Count { count_id: count.id, revision: count.revision, lines },
    })
}
