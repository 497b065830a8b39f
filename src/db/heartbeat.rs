//! Keeps the primary's clock known, and writes the time by it where replicas show it.
//!
//! The row is written in commit order with everything else, so a replica that shows a beat has all
//! that was committed before the primary's clock showed that time. Whoever writes it has read the
//! clock before: the time that is written is never younger than the moment at which it is.
//!
//! Any number of servers keep the one row, and do not add up: a beat that is fresh is left alone.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr, Statement};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use super::demotion::Demotion;
use super::{Dialect, Fault};
use crate::domain::{BooksClock, Clock};

/// How often the clock is asked for, and replicas for what they show.
pub(super) const PERIOD: Duration = Duration::from_millis(250);

/// How long the primary may take for each of the two statements.
const STATEMENT_MAX: Duration = Duration::from_secs(2);

/// A beat that is younger than this is left alone; somewhat shorter than the period, so that one
/// server alone writes each time.
const FRESH_US: i64 = 200_000;

/// A beat that is ahead of the clock by more than this was written before the clock went back.
const AHEAD_US: i64 = 1_000_000;

/// Failures in a row before they are told: the table may just be on its way.
const FAILURES_UNTOLD: u32 = 8;

/// Begins to keep the clock and, if `beats`, the row, until `stop`.
#[expect(clippy::disallowed_methods, reason = "nobody waits for it, and it ends with `stop`")]
pub(super) fn start(primary: Primary, clock: BooksClock, beats: bool, stop: CancellationToken) {
    let heart = Heart { primary, clock, beats, failures: 0, told: false };
    tokio::spawn(async move { stop.run_until_cancelled(heart.run()).await });
}

/// Begins to keep the clock of an SQLite file, until `stop`: all who share it are on this machine,
/// and the machine's clock is the one that counts.
#[expect(clippy::disallowed_methods, reason = "nobody waits for it, and it ends with `stop`")]
pub(super) fn start_with_machine(clock: BooksClock, stop: CancellationToken) {
    let machine = Clock::system();
    let run = async move {
        let mut ticks = interval(PERIOD);
        loop {
            ticks.tick().await;
            let asked = Instant::now();
            let told_us = machine.now().timestamp_micros();
            clock.measured(asked, Instant::now(), told_us);
        }
    };
    tokio::spawn(async move { stop.run_until_cancelled(run).await });
}

/// The primary, and what is known of it.
pub(super) struct Primary {
    /// A way to it for what changes something.
    pub(super) writer: DatabaseConnection,
    /// Which SQL it speaks.
    pub(super) dialect: Dialect,
    /// Whether it takes no changes any more.
    pub(super) demotion: Demotion,
}

struct Heart {
    primary: Primary,
    clock: BooksClock,
    beats: bool,
    /// In a row.
    failures: u32,
    /// Whether they were told.
    told: bool,
}

impl Heart {
    async fn run(mut self) {
        let mut ticks = interval(PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let beat = self.beat().await;
            self.tell(beat);
        }
    }

    async fn beat(&self) -> Result<(), Fault> {
        let Primary { writer, dialect, demotion } = &self.primary;
        let asked = Instant::now();
        let row = bounded(writer.query_one_raw(question(*dialect))).await?;
        let answered = Instant::now();
        let row = row.ok_or_else(Fault::silent)?;
        let told_us = row.try_get_by_index(0)?;
        let demoted = row.try_get_by_index::<i64>(1)? != 0;
        if demotion.is_news(demoted) {
            tell_of_demotion(demoted);
        }
        if demoted {
            // Its clock is not the one that counts.
            return Ok(());
        }
        self.clock.measured(asked, answered, told_us);
        if self.beats {
            bounded(writer.execute_raw(beat(*dialect, told_us))).await?;
        }
        Ok(())
    }

    /// Tells of failures once, and once that they are over.
    fn tell(&mut self, beat: Result<(), Fault>) {
        match beat {
            Ok(()) => {
                if self.told {
                    tracing::info!("the primary's clock and t_heartbeat are kept again");
                }
                (self.failures, self.told) = (0, false);
            }
            Err(fault) => {
                self.failures = self.failures.saturating_add(1);
                if self.told {
                    return;
                }
                let error = &fault.source;
                if fault.is_denied() {
                    self.told = true;
                    tracing::warn!(
                        %error,
                        "the database's user may not write t_heartbeat, so that replicas are not \
                         read from unless another server writes it; \
                         GRANT SELECT, UPDATE ON t_heartbeat to that user"
                    );
                } else if self.failures >= FAILURES_UNTOLD {
                    self.told = true;
                    tracing::warn!(%error, "the primary's clock and t_heartbeat cannot be kept");
                }
            }
        }
    }
}

async fn bounded<T>(statement: impl Future<Output = Result<T, DbErr>>) -> Result<T, Fault> {
    match timeout(STATEMENT_MAX, statement).await {
        Ok(answer) => answer.map_err(Fault::from),
        Err(_elapsed) => Err(Fault::silent()),
    }
}

fn tell_of_demotion(demoted: bool) {
    if demoted {
        tracing::warn!(
            "the primary takes no changes; no connection to it is used twice until one that is \
             opened anew leads to a primary that does"
        );
    } else {
        tracing::info!("the primary takes changes again");
    }
}

/// What the primary's clock shows, in microseconds since 1970, and 1 if it takes no changes. Sessions
/// are in UTC, where no hour comes twice.
pub(super) fn question(dialect: Dialect) -> Statement {
    let sql = match dialect {
        Dialect::Postgres => {
            "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, \
             pg_is_in_recovery()::int::bigint"
        }
        Dialect::MariaDb | Dialect::MySql | Dialect::Sqlite => {
            "SELECT CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED), \
             CAST(@@GLOBAL.read_only AS SIGNED)"
        }
    };
    Statement::from_string(dialect.backend(), sql)
}

/// Writes the time, unless somebody just has.
fn beat(dialect: Dialect, told_us: i64) -> Statement {
    let parameter = |number| dialect.parameter(number);
    let sql = format!(
        "UPDATE t_heartbeat SET beat_us = {} WHERE id = 1 AND (beat_us < {} OR beat_us > {})",
        parameter(1),
        parameter(2),
        parameter(3)
    );
    let bounds = [told_us.saturating_sub(FRESH_US), told_us.saturating_add(AHEAD_US)];
    let [stale, ahead] = bounds.map(Into::into);
    Statement::from_sql_and_values(dialect.backend(), sql, [told_us.into(), stale, ahead])
}
