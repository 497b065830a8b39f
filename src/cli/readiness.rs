//! Whether the server can do its work, as `/readyz` asks.
//!
//! Anybody may ask, as often as they like, so what it costs must not depend on how many do: the
//! database is asked by one question at a time, which all who ask meanwhile share, and its answer
//! holds for a moment. It is told in the log when it changes, not when it is asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use crate::db::Database;
use crate::gather::{Gather, GatherSettings, NotAsked};
use crate::http::{Readiness, Unready};
use crate::ledger::Fullness;

/// How long an answer of the database holds.
const ANSWER_AGE_MAX: Duration = Duration::from_millis(250);

/// How long the database may take to give a sign of life.
const CHECK_MAX: Duration = Duration::from_secs(2);

/// Asks the database, and the ledger's queue.
#[derive(Debug)]
pub(super) struct ServerReadiness {
    database: SharedCheck,
    queue: Fullness,
}

impl ServerReadiness {
    /// Of a server over `database` whose ledger has this queue.
    pub(super) fn new(database: Database, queue: Fullness) -> Self {
        let database = SharedCheck::new(move || {
            let database = database.clone();
            async move { look(&database).await }.boxed()
        });
        Self { database, queue }
    }
}

impl Readiness for ServerReadiness {
    fn check(&self) -> BoxFuture<'_, Result<(), Unready>> {
        async {
            self.database.get().await?;
            if self.queue.is_full() { Err(Unready::QueueFull) } else { Ok(()) }
        }
        .boxed()
    }
}

/// What is the matter with the database: for its users, and for the log.
type Finding = Result<(), (Unready, String)>;

async fn look(database: &Database) -> Finding {
    let unreachable = |cause| (Unready::DatabaseUnreachable, cause);
    let asked = async {
        database.ping().await.map_err(|fault| unreachable(fault.source.to_string()))?;
        let migrations = database.migrations().await;
        let migrations = migrations.map_err(|error| (Unready::NotMigrated, error.to_string()))?;
        if migrations.iter().all(|migration| migration.applied) {
            return Ok(());
        }
        Err((Unready::NotMigrated, "its tables are not up to date".to_owned()))
    };
    tokio::time::timeout(CHECK_MAX, asked)
        .await
        .unwrap_or_else(|_elapsed| Err(unreachable("it gave no sign of life in time".to_owned())))
}

/// A check that all share who ask for it, and whose answer holds for a moment.
#[derive(Debug)]
struct SharedCheck {
    asked: Gather<(), Result<(), Unready>, NotAsked>,
    newest: Arc<Newest>,
}

/// The newest answer.
type Newest = Mutex<Option<(Instant, Result<(), Unready>)>>;

impl SharedCheck {
    fn new(look: impl Fn() -> BoxFuture<'static, Finding> + Send + Sync + 'static) -> Self {
        let newest = Arc::<Newest>::default();
        let settings = GatherSettings {
            // One key, however many ask for it.
            keys_max: usize::MAX,
            questions_max: 1,
            waiting_max: usize::MAX,
            pause: ANSWER_AGE_MAX,
        };
        let keep = Arc::clone(&newest);
        let asked = Gather::new(
            settings,
            |not_asked| not_asked,
            move |_keys| {
                let (found, keep) = (look(), Arc::clone(&keep));
                async move { Ok(HashMap::from([((), remember(&keep, found.await))])) }.boxed()
            },
        );
        Self { asked, newest }
    }

    async fn get(&self) -> Result<(), Unready> {
        let newest = *self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        match newest {
            Some((at, answer)) if at.elapsed() < ANSWER_AGE_MAX => answer,
            Some(_) | None => {
                let found = self.asked.get(vec![()]).await.ok();
                let answer = found.and_then(|found| found.get(&()).copied());
                answer.unwrap_or(Err(Unready::DatabaseUnreachable))
            }
        }
    }
}

/// Keeps what was found, and tells it if it is something else than before. A server begins well.
fn remember(newest: &Newest, found: Finding) -> Result<(), Unready> {
    let answer = found.as_ref().map_err(|(unready, _cause)| *unready).copied();
    let mut newest = newest.lock().unwrap_or_else(PoisonError::into_inner);
    let before = newest.replace((Instant::now(), answer));
    drop(newest);
    if before.map_or(Ok(()), |(_at, answer)| answer) != answer {
        match found {
            Ok(()) => tracing::info!("the database is as it should be again"),
            Err((_unready, cause)) => {
                tracing::warn!(error = cause, "the database is not as it should be");
            }
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    /// However many ask, and however long they go on.
    #[tokio::test]
    async fn many_who_ask_cost_few_questions() {
        let questions = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&questions);
        let check = SharedCheck::new(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            async {
                tokio::task::yield_now().await;
                Err((Unready::NotMigrated, "why".to_owned()))
            }
            .boxed()
        });
        let began = Instant::now();
        let answers = join_all((0..100).map(|_asker| check.get())).await;
        assert!(answers.iter().all(|answer| *answer == Err(Unready::NotMigrated)));
        assert_eq!(questions.load(Ordering::SeqCst), 1, "they ask together");
        for _ask in 0..1_000 {
            assert_eq!(check.get().await, Err(Unready::NotMigrated));
        }
        let periods = began.elapsed().as_millis() / ANSWER_AGE_MAX.as_millis();
        let questions = u128::try_from(questions.load(Ordering::SeqCst)).unwrap();
        assert!((1..=periods + 2).contains(&questions), "{questions} in {periods} periods");
    }
}
