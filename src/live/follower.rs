//! Follows the books: reads what is new from the primary, once for all who listen.
//!
//! It looks when this server has committed entries, and otherwise at an interval, for other servers
//! write, too; one look at a time, and not before some milliseconds after the one before, however much
//! is written. So what it costs the primary is bounded, and does not depend on how many listen. While
//! nobody does, it does not look at all.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::settled::{LOOK_IDS_MAX, Settling};
use super::{Shared, Start};
use crate::db::Fault;

/// The least time from one look to the next: fifty a second at the most.
const PAUSE_MIN: Duration = Duration::from_millis(20);

/// How long a look may take.
const LOOK_MAX: Duration = Duration::from_secs(10);

/// The longest pause after a look that failed.
const PAUSE_AFTER_FAILURE_MAX: Duration = Duration::from_secs(5);

/// Follows the books until it is stopped.
pub(super) async fn follow(shared: Arc<Shared>, stop: CancellationToken) {
    let follower = Follower { shared: Arc::clone(&shared), settling: None, failures: 0 };
    stop.run_until_cancelled(follower.run()).await;
    shared.ring_mut().end();
    shared.moved();
    drop(shared.newcomers());
}

struct Follower {
    shared: Arc<Shared>,
    /// `None` before the first look, and after nobody has listened for a while.
    settling: Option<Settling>,
    /// Looks in a row that failed.
    failures: u32,
}

impl Follower {
    async fn run(mut self) {
        loop {
            if !self.shared.is_listened_to() {
                self.shared.called.notified().await;
                // Much may have been written in the meantime, of which nobody wants to be told.
                self.settling = None;
                continue;
            }
            let begun = Instant::now();
            let looked = timeout(LOOK_MAX, self.look()).await;
            match looked.unwrap_or_else(|_elapsed| Err(Fault::silent())) {
                Ok(more) => {
                    if self.failures > 0 {
                        tracing::info!("the books are followed again");
                    }
                    self.failures = 0;
                    self.pause(begun, more).await;
                }
                Err(fault) => self.pause_after(&fault).await,
            }
        }
    }

    /// Waits until another look is worth while.
    async fn pause(&self, begun: Instant, more: bool) {
        sleep_until(begun.checked_add(PAUSE_MIN).unwrap_or(begun)).await;
        let waiting = self.settling.as_ref().is_some_and(Settling::is_waiting);
        if more || waiting {
            return;
        }
        let poll = begun.checked_add(self.shared.settings.poll_interval).unwrap_or(begun);
        tokio::select! {
            () = self.shared.database().entries_written() => {}
            () = self.shared.called.notified() => {}
            () = sleep_until(poll) => {}
        }
    }

    async fn pause_after(&mut self, fault: &Fault) {
        self.shared.metrics.look_failures.inc();
        if self.failures == 0 {
            let error = fault.source.to_string();
            tracing::warn!(error, "the books cannot be followed; those who listen wait");
        }
        self.failures = self.failures.saturating_add(1);
        let poll = self.shared.settings.poll_interval;
        let pause = poll.saturating_mul(1 << self.failures.min(8)).min(PAUSE_AFTER_FAILURE_MAX);
        tokio::time::sleep(pause).await;
    }

    /// Looks once, and tells whether there is more to be seen at once.
    async fn look(&mut self) -> Result<bool, Fault> {
        let shared = Arc::clone(&self.shared);
        let database = shared.database();
        let settling = match &mut self.settling {
            Some(settling) => settling,
            none => {
                let begun = Settling::begin(database).await?;
                shared.ring_mut().clear();
                none.insert(begun)
            }
        };
        // Who comes later is not told of what this look sees.
        let newcomers = shared.newcomers();
        shared.metrics.looks.inc();
        let look = match settling.look(database).await {
            Ok(look) => look,
            Err(fault) => {
                shared.put_back(newcomers);
                return Err(fault);
            }
        };
        if !look.has_anchor {
            tracing::error!(
                entry = settling.behind,
                "an entry is gone that was told of: the books were put back to an older state"
            );
            shared.ring_mut().end();
            shared.moved();
            shared.put_back(newcomers);
            self.settling = None;
            return Ok(true);
        }
        let (behind, more) = (settling.behind, look.ids.len() >= LOOK_IDS_MAX);
        if settling.tells_now(&look) {
            let start = Start { epoch: shared.ring().epoch(), behind, seen: Arc::clone(&look.ids) };
            for newcomer in newcomers {
                // One who has gone again does not wait for it.
                newcomer.send(start.clone()).ok();
            }
        } else {
            shared.put_back(newcomers);
        }
        let entries = settling.settle(database, look).await?;
        let settled = settling.behind;
        let is_begun = shared.ring().is_begun();
        if let Some(newest) = entries.last().filter(|_newest| is_begun) {
            let lag = shared.clock.now().signed_duration_since(newest.created_at);
            shared.metrics.followed(entries.len(), lag.to_std().unwrap_or_default());
        }
        // As long as the first target waits, nothing that is older is known to be settled either.
        if settled > behind || (!is_begun && !settling.is_waiting()) {
            shared.ring_mut().add(behind, entries, settled);
            shared.moved();
        }
        Ok(more)
    }
}
