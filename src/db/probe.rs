//! Asks one replica again and again what it shows of the heartbeat.
//!
//! One that fails, or does not answer in time twice in a row, is left out, and reads that are under
//! way there are given up; it is asked on, and read from again when it answers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr, Statement};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use super::heartbeat::PERIOD;
use super::replica::Replica;
use super::seen::{BEAT_SQL, is_fit};
use super::{DbMetrics, Fault};
use crate::domain::BooksClock;

/// How long a replica may take to answer.
const ANSWER_MAX: Duration = Duration::from_secs(1);

/// Answers from the start for which a replica may lag behind before that is told: it shows the last
/// beat of whoever was there before, until the first of ours has come.
const ANSWERS_UNTOLD: u32 = 8;

/// Begins to ask, until `stop`.
#[expect(clippy::disallowed_methods, reason = "nobody waits for it, and it ends with `stop`")]
pub(super) fn start(
    replica: Arc<Replica>,
    clock: BooksClock,
    lag_max: Duration,
    metrics: DbMetrics,
    stop: CancellationToken,
) {
    metrics.replica(replica.number, false, None);
    let probe =
        Probe { replica, clock, lag_max, metrics, pool: None, told: Standing::Unknown, answers: 0 };
    tokio::spawn(async move { stop.run_until_cancelled(probe.run()).await });
}

/// How a replica stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Unknown,
    Fit,
    Behind,
    Unreachable,
}

struct Probe {
    replica: Arc<Replica>,
    clock: BooksClock,
    lag_max: Duration,
    metrics: DbMetrics,
    /// One connection, to be opened anew after each failure.
    pool: Option<DatabaseConnection>,
    told: Standing,
    answers: u32,
}

impl Probe {
    async fn run(mut self) {
        let mut ticks = interval(PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut missed = false;
        loop {
            ticks.tick().await;
            let asked = timeout(ANSWER_MAX, self.ask()).await;
            // One that is merely busy gets a second chance: its reads would burden the next one.
            if asked.is_err() && !missed {
                missed = true;
                continue;
            }
            missed = false;
            self.keep(asked.unwrap_or_else(|_elapsed| Err(Fault::silent()))).await;
        }
    }

    /// The beat that it shows.
    async fn ask(&mut self) -> Result<i64, Fault> {
        let pool = if let Some(pool) = &self.pool {
            pool
        } else {
            self.pool.insert(self.replica.open_probe().await?)
        };
        let statement = Statement::from_string(pool.get_database_backend(), BEAT_SQL);
        let row = pool.query_one_raw(statement).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound("t_heartbeat has no row".to_owned()))?;
        Ok(row.try_get_by_index(0)?)
    }

    async fn keep(&mut self, shown: Result<i64, Fault>) {
        let before = self.replica.seen();
        let fault = match shown {
            Ok(beat_us) => {
                self.answers = self.answers.saturating_add(1);
                self.replica.keep(Some(beat_us));
                None
            }
            Err(fault) => {
                self.pool = None;
                self.replica.keep(None);
                if before.reachable
                    && let Err(error) = self.replica.reopen().await
                {
                    tracing::error!(%error, "a replica's connections could not be opened anew");
                }
                Some(fault)
            }
        };
        let now = Instant::now();
        let as_of = self.replica.seen().shown_as_of(&self.clock);
        let lag = as_of.map(|as_of| now.saturating_duration_since(as_of));
        let standing = match as_of {
            _ if fault.is_some() => Standing::Unreachable,
            Some(as_of) if is_fit(as_of, now, self.lag_max) => Standing::Fit,
            Some(_) | None => Standing::Behind,
        };
        self.metrics.replica(self.replica.number, standing == Standing::Fit, lag);
        self.tell(standing, fault.as_ref(), lag);
    }

    /// Tells how it stands when that changes.
    fn tell(&mut self, standing: Standing, fault: Option<&Fault>, lag: Option<Duration>) {
        let early = self.told == Standing::Unknown && self.answers < ANSWERS_UNTOLD;
        if standing == self.told || (standing == Standing::Behind && early) {
            return;
        }
        let (replica, url) = (self.replica.number, &self.replica.url_shown);
        let lag_ms = lag.map(|lag| u64::try_from(lag.as_millis()).unwrap_or(u64::MAX));
        match standing {
            Standing::Fit => tracing::info!(replica, url, lag_ms, "a replica is read from"),
            Standing::Behind => {
                tracing::warn!(replica, url, lag_ms, "a replica is left out: it lags behind");
            }
            Standing::Unreachable | Standing::Unknown => {
                let error = fault.map(|fault| fault.source.to_string());
                tracing::warn!(
                    replica,
                    url,
                    error,
                    "a replica is left out: it does not tell how far it has come"
                );
            }
        }
        self.told = standing;
    }
}
