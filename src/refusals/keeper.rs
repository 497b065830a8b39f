//! Writes behind what was counted, and deletes what is too old.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use super::recorder::RefusalRecorder;
use super::table;
use crate::db::{Cause, Database, Fault};
use crate::domain::Minute;

/// Rows of one statement.
const ROWS_MAX: usize = 1_000;

/// Statements that write, one after the other: as many as write all that may wait.
const PIECES_MAX: usize = 100;

/// How long the database may take for one statement.
const STATEMENT_MAX: Duration = Duration::from_secs(5);

/// How long the last write may take when the server stops.
const DRAIN_MAX: Duration = Duration::from_secs(10);

/// How often it is seen whether rows are too old.
const DELETE_EVERY: Duration = Duration::from_mins(1);

/// Rows that one statement deletes: it holds their locks for some milliseconds.
const DELETED_MAX: u16 = 1_000;

/// Statements that delete, one after the other: more than a server writes until the next time.
const DELETES_MAX: usize = 100;

/// When what was counted is written, and for how long it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusalSettings {
    /// How long what was counted waits to be written: so much a server that is killed loses.
    pub write_interval: Duration,
    /// After how many days rows are deleted; 0 for never.
    pub retention_days: u32,
}

/// Writes behind what a recorder counted.
#[derive(Clone, Debug)]
pub struct RefusalKeeper {
    recorder: RefusalRecorder,
    database: Database,
    settings: RefusalSettings,
}

/// One that is at work.
#[derive(Debug)]
pub struct KeepingRefusals {
    keeper: RefusalKeeper,
    stop: CancellationToken,
    ended: JoinHandle<()>,
}

impl RefusalKeeper {
    /// Keeps in `database` what `recorder` counts.
    pub fn new(recorder: RefusalRecorder, database: Database, settings: RefusalSettings) -> Self {
        Self { recorder, database, settings }
    }

    /// Begins to write, until it is stopped.
    pub fn start(self) -> KeepingRefusals {
        let stop = CancellationToken::new();
        #[expect(clippy::disallowed_methods, reason = "whoever stops it waits for it")]
        let ended = tokio::spawn(self.clone().keep(stop.clone()));
        KeepingRefusals { keeper: self, stop, ended }
    }

    /// It is asked between two statements whether to stop, so that none is broken off.
    async fn keep(self, stop: CancellationToken) {
        let mut failing = false;
        let mut writes = interval(self.settings.write_interval);
        writes.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut deleted_at: Option<Instant> = None;
        while stop.run_until_cancelled(writes.tick()).await.is_some() {
            let mut kept = self.write().await;
            let now = Instant::now();
            let is_due =
                deleted_at.is_none_or(|at| now.saturating_duration_since(at) >= DELETE_EVERY);
            if kept.is_ok() && is_due {
                deleted_at = Some(now);
                kept = self.delete_old(&stop).await.map(drop);
            }
            match kept {
                Ok(()) => failing = false,
                Err(fault) => {
                    if !failing {
                        let error = fault.source.to_string();
                        tracing::warn!(error, "refused demand cannot be kept in the database");
                    }
                    failing = true;
                }
            }
        }
    }

    /// Writes what was counted since it was written last.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database fails. What was not written, as far as that is known, waits for
    /// the next time.
    pub async fn write(&self) -> Result<(), Fault> {
        for _piece in 0..PIECES_MAX {
            let rows = self.recorder.noted().take(ROWS_MAX);
            if rows.is_empty() {
                break;
            }
            let written = timeout(STATEMENT_MAX, table::write(&self.database, &rows)).await;
            if let Err(fault) = written.unwrap_or_else(|_elapsed| Err(Fault::silent())) {
                self.recorder.metrics().failed();
                self.recorder.noted().put_back(&rows);
                return Err(fault);
            }
            self.recorder.metrics().written(rows.len());
            // What is refused meanwhile is for the next time; or a sale would keep it at this for ever.
            if rows.len() < ROWS_MAX {
                break;
            }
        }
        self.recorder.noted().forget_written(self.recorder.minute());
        Ok(())
    }

    /// Deletes rows that are too old, and tells how many: some now, and others the next time where
    /// there are many.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database fails.
    pub async fn delete_old(&self, stop: &CancellationToken) -> Result<u64, Fault> {
        let Some(before) = self.kept_from() else { return Ok(0) };
        let deleted = self.delete_before(before, stop).await;
        if deleted.is_err() {
            self.recorder.metrics().failed();
        }
        deleted
    }

    async fn delete_before(&self, before: Minute, stop: &CancellationToken) -> Result<u64, Fault> {
        let mut deleted = 0_u64;
        if table::oldest(&self.database).await?.is_none_or(|oldest| oldest >= before) {
            return Ok(deleted);
        }
        for _piece in 0..DELETES_MAX {
            let piece = table::delete_before(&self.database, before, DELETED_MAX);
            let piece = timeout(STATEMENT_MAX, piece).await;
            let piece = match piece.unwrap_or_else(|_elapsed| Err(Fault::silent())) {
                Ok(piece) => piece,
                // Another server is at the same rows: what it leaves is for the next time.
                Err(fault) if fault.cause == Cause::Contended => break,
                Err(fault) => return Err(fault),
            };
            self.recorder.metrics().deleted(piece);
            deleted = deleted.saturating_add(piece);
            if piece < u64::from(DELETED_MAX) || stop.is_cancelled() {
                break;
            }
        }
        Ok(deleted)
    }

    /// The first minute that is kept; `None` for all of them. A clock that is ahead must not cost a
    /// year of figures: of this server's and the primary's, where that is known, the earlier counts.
    fn kept_from(&self) -> Option<Minute> {
        let days = Some(self.settings.retention_days).filter(|days| *days > 0)?;
        let retention = TimeDelta::try_days(days.into())?;
        let own = self.recorder.now();
        let primary = self.database.clock().earliest_us(Instant::now());
        let primary: Option<DateTime<Utc>> = primary.and_then(DateTime::from_timestamp_micros);
        let now = primary.map_or(own, |primary| own.min(primary));
        now.checked_sub_signed(retention).map(Minute::from)
    }
}

impl KeepingRefusals {
    /// Ends it, and writes what is left. Nothing should be counted any more.
    pub async fn stop(self) {
        let Self { keeper, stop, ended } = self;
        stop.cancel();
        let last = async {
            // It does not panic; and were it to, there is still something to be written.
            ended.await.ok();
            keeper.write().await
        };
        let written =
            timeout(DRAIN_MAX, last).await.unwrap_or_else(|_elapsed| Err(Fault::silent()));
        if let Err(fault) = written {
            let refusals = keeper.recorder.noted().refusals_waiting();
            let error = fault.source.to_string();
            tracing::warn!(error, refusals, "refused demand of the last minutes is lost");
        }
    }
}
