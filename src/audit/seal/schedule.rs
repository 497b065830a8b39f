//! Makes seals time and again, while a server runs.
//!
//! A seal is due when the newest in the table is as old as the interval, whoever made it; so of several
//! servers side by side each makes some, and none makes one too many: where two are at it at once, the
//! number of the seal is one of them's, and the other has nothing to do.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::{MissedTickBehavior, interval};

use super::key::SealKey;
use super::make::MakeSealError;
use super::metrics::SealMetrics;
use super::table;
use crate::audit::Audit;
use crate::domain::{Clock, SealId};
use crate::telemetry::causes;

/// How often it is seen at the most whether a seal is due.
const LOOK_EVERY_MIN: Duration = Duration::from_secs(1);

/// How often it is seen at the least whether a seal is due: so much later than due one may be made.
const LOOK_EVERY_MAX: Duration = Duration::from_mins(1);

/// Makes seals when they are due.
#[derive(Clone, Debug)]
pub struct SealSchedule {
    /// Whose books are sealed.
    pub audit: Audit,
    /// The key that signs; `None` for seals that nobody has signed.
    pub key: Option<Arc<SealKey>>,
    /// What time it is.
    pub clock: Clock,
    /// How old the newest seal may become.
    pub interval: Duration,
    /// What is counted.
    pub metrics: SealMetrics,
}

/// What became of a look at the newest seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealTurn {
    /// It is young enough.
    NotDue,
    /// This one was made.
    Made(SealId),
    /// Another server made this one at the same moment.
    MadeElsewhere(SealId),
}

impl SealSchedule {
    /// Makes seals until it is dropped, at a pause between two where one is.
    pub async fn run(self) {
        let mut looks = interval(self.interval.clamp(LOOK_EVERY_MIN, LOOK_EVERY_MAX));
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            match self.turn().await {
                Ok(SealTurn::Made(id)) => tracing::info!(seal = id.0, "the books were sealed"),
                Ok(SealTurn::NotDue | SealTurn::MadeElsewhere(_)) => {}
                Err(error) => {
                    tracing::warn!(error = causes(&error), "the books could not be sealed");
                }
            }
        }
    }

    /// Makes a seal if one is due.
    ///
    /// # Errors
    ///
    /// [`MakeSealError`] when one is due and cannot be made.
    pub async fn turn(&self) -> Result<SealTurn, MakeSealError> {
        let turn = self.make_if_due().await;
        match &turn {
            Ok(SealTurn::Made(_)) => self.metrics.made(),
            Ok(SealTurn::NotDue | SealTurn::MadeElsewhere(_)) => {}
            Err(_) => self.metrics.failed(),
        }
        turn
    }

    async fn make_if_due(&self) -> Result<SealTurn, MakeSealError> {
        let newest = table::newest(self.audit.database()).await?;
        if let Some(newest) = newest {
            let sealed_at = newest.seal.sealed_at;
            self.metrics.newest(sealed_at);
            let age = self.clock.now().signed_duration_since(sealed_at);
            if age < TimeDelta::from_std(self.interval).unwrap_or(TimeDelta::MAX) {
                return Ok(SealTurn::NotDue);
            }
        }
        match self.audit.make_seal(self.key.as_deref(), &self.clock).await {
            Ok(made) => {
                self.metrics.newest(made.seal.sealed_at);
                Ok(SealTurn::Made(made.seal.id))
            }
            Err(MakeSealError::Another(id)) => Ok(SealTurn::MadeElsewhere(id)),
            Err(error) => Err(error),
        }
    }
}
