//! All the replicas: who is read from next, and how many may turn to the primary instead.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sea_orm::{DatabaseConnection, DbErr, Statement};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::read::{Rows, Wanted};
use super::replica::{Miss, Replica, ReplicaOptions};
use super::seen::{Seen, is_fit};
use super::settings::InvalidReplica;
use super::{DatabaseSettings, DbMetrics, Fault, probe};
use crate::domain::{BooksClock, Origin, Source};

/// How long a read may wait for its turn with the primary.
const FALLBACK_WAIT_MAX: Duration = Duration::from_secs(1);

/// What the replicas answer.
#[derive(Debug)]
pub(super) enum Answer {
    /// Rows.
    Rows(Rows),
    /// Nothing.
    None(WhyNone),
}

/// Why no replica answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhyNone {
    /// None can be read from.
    Lost,
    /// None of those that can has come as far as it must.
    Behind,
}

/// All the replicas. They are probed until it is dropped or stopped.
#[derive(Debug)]
pub(super) struct Replicas {
    all: Vec<Arc<Replica>>,
    lag_max: Duration,
    clock: BooksClock,
    metrics: DbMetrics,
    next: AtomicUsize,
    /// Turns with the primary of those who found no replica.
    lost: Semaphore,
    /// Turns of those for whom replicas have not come far enough, so that nobody who makes up what
    /// they want to see takes the others' place.
    behind: Semaphore,
    /// Whether the last read found no replica that would do, which was told then.
    without: AtomicBool,
    stop: DropGuard,
}

impl Replicas {
    /// Those to which `options` lead, each with its URL as it may be shown.
    ///
    /// # Errors
    ///
    /// [`InvalidReplica`] when the driver does not understand a URL.
    pub(super) async fn open(
        options: Vec<(String, ReplicaOptions)>,
        settings: &DatabaseSettings,
        clock: &BooksClock,
        metrics: &DbMetrics,
    ) -> Result<Self, InvalidReplica> {
        let stop = CancellationToken::new();
        let mut all = Vec::with_capacity(options.len());
        for (number, (url_shown, options)) in (1..).zip(options) {
            let replica = Replica::open(number, url_shown.clone(), options).await;
            all.push(Arc::new(replica.map_err(|_error| InvalidReplica::Url(url_shown))?));
        }
        let lag_max = settings.replica_lag_max;
        for replica in &all {
            let (replica, clock) = (Arc::clone(replica), clock.clone());
            probe::start(replica, clock, lag_max, metrics.clone(), stop.clone());
        }
        Ok(Self {
            all,
            lag_max,
            clock: clock.clone(),
            metrics: metrics.clone(),
            next: AtomicUsize::new(0),
            lost: Semaphore::new(settings.replica_fallback_max),
            behind: Semaphore::new(settings.replica_fallback_max),
            without: AtomicBool::new(false),
            stop: stop.drop_guard(),
        })
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How old what one shows may be for it to be read from.
    pub(super) fn lag_max(&self) -> Duration {
        self.lag_max
    }

    /// The pool of each, by its number.
    pub(super) fn pools(&self) -> impl Iterator<Item = (usize, DatabaseConnection)> {
        self.all.iter().map(|replica| (replica.number, replica.pool()))
    }

    /// What ends all that measures.
    pub(super) fn stop(&self) -> CancellationToken {
        self.stop.token().clone()
    }

    /// Closes the connections, once those that are in use have come back.
    ///
    /// # Errors
    ///
    /// Those of the driver.
    pub(super) async fn close(&self) -> Result<(), DbErr> {
        for replica in &self.all {
            replica.close().await?;
        }
        Ok(())
    }

    /// What the first replica answers that will do, each having its turn.
    ///
    /// # Errors
    ///
    /// [`Fault`] when one took longer than a read may: the next would, too.
    pub(super) async fn read(
        &self,
        statement: &Statement,
        wanted: Wanted<'_>,
    ) -> Result<Answer, Fault> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let is_fit = |replica: &&Arc<Replica>| self.as_of(replica.seen()).is_some();
        let fit = self.all.iter().filter(is_fit).collect();
        let in_turn = in_turn(fit, turn);
        self.tell(in_turn.is_empty());
        let mut why = WhyNone::Lost;
        for replica in in_turn {
            // Another one may have been asked in the meantime, and taken its time.
            let seen = replica.seen();
            let Some(as_of) = self.as_of(seen) else { continue };
            match replica.read(statement, wanted, seen).await {
                Ok(rows) => {
                    self.metrics.read_by_replica();
                    let origin = Origin { source: Source::Replica, as_of };
                    return Ok(Answer::Rows(Rows { rows, origin }));
                }
                Err(Miss::Behind) => why = WhyNone::Behind,
                // Whatever it is: a table that it does not have yet, the primary may have.
                Err(Miss::Failed(fault)) => {
                    self.metrics.fault(replica.number);
                    replica.tell(&fault);
                }
                Err(Miss::TooLong) => {
                    self.metrics.fault(replica.number);
                    return Err(Fault::silent());
                }
            }
        }
        Ok(Answer::None(why))
    }

    /// A turn with the primary, for as long as it is held.
    ///
    /// # Errors
    ///
    /// [`Fault::crowded`] when so many have one that none comes free in time.
    pub(super) async fn fall_back(&self, why: WhyNone) -> Result<SemaphorePermit<'_>, Fault> {
        let turns = match why {
            WhyNone::Lost => &self.lost,
            WhyNone::Behind => &self.behind,
        };
        let turn = timeout(FALLBACK_WAIT_MAX, turns.acquire()).await;
        turn.ok().and_then(Result::ok).ok_or_else(|| {
            self.metrics.turned_away();
            Fault::crowded()
        })
    }

    /// Up to when a replica has everything of which this was seen, if that will do now.
    fn as_of(&self, seen: Seen) -> Option<Instant> {
        let as_of = seen.as_of(&self.clock)?;
        is_fit(as_of, Instant::now(), self.lag_max).then_some(as_of)
    }

    /// Tells when there begins to be no replica that will do, and when that ends.
    fn tell(&self, without: bool) {
        if self.without.load(Ordering::Relaxed) == without
            || self.without.swap(without, Ordering::Relaxed) == without
        {
            return;
        }
        if without {
            tracing::warn!("no replica will do, so that the primary answers in their place");
        } else {
            tracing::info!("replicas are read from again");
        }
    }
}

/// The same, beginning with another one each turn.
fn in_turn<T>(mut of: Vec<T>, turn: usize) -> Vec<T> {
    if let Some(first) = turn.checked_rem(of.len()) {
        of.rotate_left(first);
    }
    of
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_turn() {
        assert_eq!(in_turn(vec!['a', 'b', 'c'], 0), ['a', 'b', 'c']);
        assert_eq!(in_turn(vec!['a', 'b', 'c'], 1), ['b', 'c', 'a']);
        assert_eq!(in_turn(vec!['a', 'b', 'c'], 5), ['c', 'a', 'b']);
        assert_eq!(in_turn(vec!['a'], usize::MAX), ['a']);
        assert_eq!(in_turn(vec!['a'; 0], 3), ['a'; 0]);
    }
}
