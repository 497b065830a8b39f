//! Keeps an issuer's public keys up to date.
//!
//! One task looks for them: time and again, and when somebody shows a token of a key that is not
//! known. Those who wait for it share one look, whose end does not depend on any of them; and however
//! many they are, one look follows the other by [`refetch_min`](JwksSettings::refetch_min) at the
//! soonest. While the issuer is down, or answers nonsense, the last good set holds.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use jsonwebtoken::Algorithm;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::keys::{InvalidSet, KeySet};
use super::source::{FETCH_MAX, LoadError, Source};
use crate::auth::{AuthMetrics, JwksSettings, JwksSource};
use crate::telemetry::causes;

/// How often a file is looked at.
const FILE_EVERY: Duration = Duration::from_secs(1);

/// How long to wait before an issuer that failed is asked again, at the least.
const RETRY_MIN: Duration = Duration::from_secs(1);

/// How long a look may take, with some room for the task to be woken.
const LOOK_MAX: Duration = FETCH_MAX.saturating_add(Duration::from_secs(1));

/// Why the server cannot begin to check tokens.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The file of public keys is missing or wrong.
    #[error("there are no public keys")]
    Keys(#[from] NoKeys),
    /// Nothing can be fetched.
    #[error("nothing can be fetched")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum NoKeys {
    /// They cannot be had.
    #[error("the keys cannot be had")]
    Load(#[from] LoadError),
    /// What can be had is none.
    #[error("what is there is of no use")]
    Set(#[from] InvalidSet),
    /// None of them is for the algorithm that is configured.
    #[error("none of its keys is for {0:?}")]
    None(Algorithm),
}

/// Has the keys that hold now, and sees to it that they do. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Keeper {
    shared: Arc<Shared>,
    _stop: DropGuard,
}

#[derive(Debug)]
struct Shared {
    source: Source,
    algorithm: Algorithm,
    refresh: Duration,
    refetch_min: Duration,
    state: RwLock<State>,
    wanted: Notify,
    /// Looks that have ended.
    looks: watch::Sender<u64>,
    metrics: AuthMetrics,
}

#[derive(Debug, Default)]
struct State {
    set: Option<Arc<KeySet>>,
    /// When the last look began.
    looked_at: Option<Instant>,
    looking: bool,
    failing: bool,
}

impl Keeper {
    /// Looks for keys for the first time, and begins to keep them.
    ///
    /// # Errors
    ///
    /// [`StartError`] when a file has none. A URL may have some later.
    pub(super) async fn start(
        settings: JwksSettings,
        algorithm: Algorithm,
        metrics: AuthMetrics,
    ) -> Result<Self, StartError> {
        let source = Source::new(&settings.source).map_err(StartError::Client)?;
        let shared = Arc::new(Shared {
            source,
            algorithm,
            refresh: settings.refresh,
            refetch_min: settings.refetch_min,
            state: RwLock::default(),
            wanted: Notify::new(),
            looks: watch::Sender::new(0),
            metrics,
        });
        let looked = shared.look().await;
        if matches!(settings.source, JwksSource::File(_)) {
            looked?;
        }
        let stop = CancellationToken::new();
        let (keeping, stopped) = (Arc::clone(&shared), stop.clone());
        #[expect(
            clippy::disallowed_methods,
            reason = "nobody waits for it, and it ends with `stop`"
        )]
        drop(tokio::spawn(async move { stopped.run_until_cancelled(keeping.keep()).await }));
        Ok(Self { shared, _stop: stop.drop_guard() })
    }

    /// The keys that hold; `None` if there were none to be had yet.
    pub(super) fn set(&self) -> Option<Arc<KeySet>> {
        self.shared.state().set.clone()
    }

    /// The keys that hold after another look, if it is time for one.
    pub(super) async fn look_again(&self) -> Option<Arc<KeySet>> {
        let mut looks = self.shared.looks.subscribe();
        let wait = {
            let state = self.shared.state();
            let due = self.shared.is_due(&state);
            if due && !state.looking {
                self.shared.wanted.notify_one();
            }
            due || state.looking
        };
        if wait {
            // Who has waited for too long does with what there is.
            drop(timeout(LOOK_MAX, looks.changed()).await);
        }
        self.set()
    }
}

impl Shared {
    /// Nothing that is done under the lock panics.
    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether somebody's wish may cause a look.
    fn is_due(&self, state: &State) -> bool {
        state.looked_at.is_none_or(|at| at.elapsed() >= self.refetch_min)
    }

    async fn keep(&self) {
        loop {
            match timeout(self.pause(), self.wanted.notified()).await {
                // Two may have wished for the same look.
                Ok(()) if !self.is_due(&self.state()) => {}
                Ok(()) | Err(_) => drop(self.look().await),
            }
        }
    }

    fn pause(&self) -> Duration {
        let failing = self.state().failing;
        match &self.source {
            Source::File(_) => FILE_EVERY,
            Source::Url(..) if failing => self.refetch_min.max(RETRY_MIN).min(self.refresh),
            Source::Url(..) => self.refresh,
        }
    }

    /// Looks for keys, and takes them if there are any.
    async fn look(&self) -> Result<(), NoKeys> {
        {
            let mut state = self.state_mut();
            state.looking = true;
            state.looked_at = Some(Instant::now());
        }
        let loaded = self.source.load().await;
        let taken = loaded.map_err(NoKeys::from).and_then(|document| self.take(&document));
        {
            let mut state = self.state_mut();
            state.looking = false;
            let has_failed = std::mem::replace(&mut state.failing, taken.is_err());
            match &taken {
                Err(error) if !has_failed => {
                    let holds = state.set.is_some();
                    tracing::warn!(
                        error = causes(error),
                        holds,
                        "auth.jwks: there are no new keys"
                    );
                }
                Ok(()) if has_failed => tracing::info!("auth.jwks: there are keys again"),
                Ok(()) | Err(_) => {}
            }
        }
        self.metrics.looked_for_keys(taken.is_ok());
        self.looks.send_modify(|looks| *looks = looks.wrapping_add(1));
        taken
    }

    /// A set of which no key is of use is taken all the same: whoever takes all keys away means it.
    fn take(&self, document: &[u8]) -> Result<(), NoKeys> {
        let mut state = self.state_mut();
        let generation = state.set.as_ref().map_or(0, |set| set.generation).saturating_add(1);
        let set = KeySet::read(document, self.algorithm, generation)?;
        let is_empty = set.is_empty();
        if state.set.as_ref().is_none_or(|held| !held.is_same(&set)) {
            if generation > 1 {
                tracing::info!(generation, "auth.jwks: the keys have changed");
            }
            state.set = Some(Arc::new(set));
        }
        if is_empty { Err(NoKeys::None(self.algorithm)) } else { Ok(()) }
    }
}
