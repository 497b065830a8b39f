//! Writes when keys were last used: behind everybody's back, and once a minute for each key.
//!
//! Nobody waits for it, and nothing depends on it: where it fails, the log is told once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use super::{KeyId, table};
use crate::db::Database;

/// How often it is seen whether there is something to write.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long after a key was written it is written again at the soonest.
const WRITE_EVERY: Duration = Duration::from_mins(1);

/// How much later a use must be to be noted: a busy key would have everybody wait for the lock.
const NOTE_EVERY_MS: i64 = 1_000;

/// Keys of one statement.
const KEYS_MAX: usize = 100;

/// How long the database may take.
const WRITE_MAX: Duration = Duration::from_secs(5);

/// What is to be written.
#[derive(Debug)]
pub(super) struct LastUses(Arc<Mutex<Noted>>);

/// Only keys that there are come in here.
type Noted = HashMap<KeyId, Use>;

#[derive(Debug)]
struct Use {
    /// When it was used; `None` if that is written.
    at: Option<DateTime<Utc>>,
    written: Option<Instant>,
}

impl LastUses {
    /// Begins to write into `database`, until `stop`.
    pub(super) fn start(database: Database, stop: CancellationToken) -> Self {
        let noted = Arc::new(Mutex::new(Noted::new()));
        let keep = keep(database, Arc::clone(&noted));
        #[expect(
            clippy::disallowed_methods,
            reason = "nobody waits for it, and it ends with `stop`"
        )]
        drop(tokio::spawn(async move { stop.run_until_cancelled(keep).await }));
        Self(noted)
    }

    /// A key was used. `noted_at_ms` is kept beside the key, for this alone.
    pub(super) fn note(&self, id: KeyId, noted_at_ms: &AtomicI64, now: DateTime<Utc>) {
        let now_ms = now.timestamp_millis();
        let noted_ms = noted_at_ms.load(Ordering::Relaxed);
        if now_ms.saturating_sub(noted_ms) < NOTE_EVERY_MS {
            return;
        }
        noted_at_ms.store(now_ms, Ordering::Relaxed);
        let mut noted = lock(&self.0);
        noted.entry(id).or_insert(Use { at: None, written: None }).at = Some(now);
    }
}

/// Nothing that is done under the lock panics.
fn lock(noted: &Mutex<Noted>) -> MutexGuard<'_, Noted> {
    noted.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn keep(database: Database, noted: Arc<Mutex<Noted>>) {
    let mut failing = false;
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        let due = take_due(&mut lock(&noted), Instant::now());
        if due.is_empty() {
            continue;
        }
        let written = timeout(WRITE_MAX, table::write_last_uses(&database, &due)).await;
        let error = match written {
            Ok(Ok(())) => None,
            Ok(Err(fault)) => Some(fault.source.to_string()),
            Err(_elapsed) => Some("no answer in time".to_owned()),
        };
        match error {
            None => failing = false,
            Some(error) => {
                if !failing {
                    tracing::warn!(error, "when API keys were last used cannot be written");
                }
                failing = true;
                put_back(&mut lock(&noted), due);
            }
        }
    }
}

/// What may be written now. Keys that have not been used since they were written are forgotten.
fn take_due(noted: &mut Noted, now: Instant) -> HashMap<KeyId, DateTime<Utc>> {
    let is_due = |written: Option<Instant>| {
        written.is_none_or(|at| now.saturating_duration_since(at) >= WRITE_EVERY)
    };
    noted.retain(|_id, used| used.at.is_some() || !is_due(used.written));
    let due = noted.iter_mut().filter(|(_id, used)| used.at.is_some() && is_due(used.written));
    due.take(KEYS_MAX)
        .filter_map(|(id, used)| {
            used.written = Some(now);
            Some((*id, used.at.take()?))
        })
        .collect()
}

/// What could not be written may be after a minute, unless the key was used again.
fn put_back(noted: &mut Noted, due: HashMap<KeyId, DateTime<Utc>>) {
    for (id, at) in due {
        if let Some(used) = noted.get_mut(&id) {
            used.at = used.at.or(Some(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_key_is_written_at_once_and_then_once_a_minute() {
        let uses = LastUses(Arc::default());
        let id: KeyId = "abcdefgh".parse().unwrap();
        let noted_at_ms = AtomicI64::new(0);
        let at = |ms: i64| DateTime::from_timestamp_millis(1_000_000_000 + ms).unwrap();
        let due = || take_due(&mut lock(&uses.0), Instant::now());
        uses.note(id, &noted_at_ms, at(0));
        uses.note(id, &noted_at_ms, at(999));
        assert_eq!(due(), [(id, at(0))].into());
        uses.note(id, &noted_at_ms, at(1_000));
        assert!(due().is_empty());
        tokio::time::advance(WRITE_EVERY).await;
        let due_now = due();
        assert_eq!(due_now, [(id, at(1_000))].into());
        put_back(&mut lock(&uses.0), due_now);
        tokio::time::advance(WRITE_EVERY).await;
        assert_eq!(due(), [(id, at(1_000))].into(), "what failed is tried again");
        tokio::time::advance(WRITE_EVERY).await;
        assert!(due().is_empty() && lock(&uses.0).is_empty(), "it is forgotten");
    }
}
