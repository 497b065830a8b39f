//! What happens to the books, as it happens, for those who listen.
//!
//! One [`follower`] a server reads new entries from the primary, while somebody listens, and puts them
//! into a [`ring`] in memory; each who listens reads on from there at their own pace, from their own
//! place ([`flows`], [`stocks`]). Nobody is sent anything, so that who is slow holds up nobody, and
//! needs no buffer. Whoever begins in the past, or falls behind what the ring has, reads pages of the
//! history ([`pages`]), in turns that are a few for all of them, until the ring has what comes next.
//!
//! What holds here:
//!
//! - Entries are told in order of their ids, each once, without a gap, and not before they are
//!   [settled]: an id is a place from which anybody can go on, at any time, on any server.
//! - What listening costs the primary is bounded, and the same for one who listens and for thousands:
//!   some looks a second, and each new entry read once. While nobody listens it costs nothing.
//! - So many may listen at once and no more, on the server and of one caller ([`places`]).
//! - Who waits has no connection to the database. While the primary is away they wait; nothing is lost,
//!   and it goes on by itself.
//! - What is another merchant's is passed by in memory, as the statements of the [`store`](crate::store)
//!   leave it out.
//!
//! The ledger does not know this room: it tells the [`Database`] that it has written, which wakes the
//! follower. What others write is found within the poll interval. Nothing here writes. It knows neither
//! GraphQL nor HTTP.

mod flows;
mod follower;
mod metrics;
mod pages;
mod places;
mod ring;
mod settled;
mod stocks;

use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::{Notify, Semaphore, SemaphorePermit, oneshot, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub use flows::FlowListener;
pub use metrics::LiveMetrics;
pub use stocks::StockListener;

use crate::db::{Database, Fault};
use crate::domain::{Clock, Visibility};
use crate::store::{Loaded, Store, StoreError};
use places::{Place, Places};
use ring::Ring;

/// Reads of history that may be under way at once, for all who listen.
const CATCH_UP_TURNS: usize = 4;

/// How long whoever begins to listen waits to learn where now is.
const START_MAX: Duration = Duration::from_secs(5);

/// How the books are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveSettings {
    /// How often the primary is looked at for what other servers have written.
    pub poll_interval: Duration,
    /// How many of the newest entries are kept in memory.
    pub buffer_entries: usize,
    /// Subscriptions at once.
    pub subscriptions_max: usize,
    /// Subscriptions of one caller at once, where callers are told apart.
    pub subscriptions_per_caller_max: usize,
}

impl Default for LiveSettings {
    fn default() -> Self {
        Self {
            poll_interval: Duration::from_millis(200),
            buffer_entries: 10_000,
            subscriptions_max: 20_000,
            subscriptions_per_caller_max: 500,
        }
    }
}

/// Who begins to listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By<'a> {
    /// Under what they are counted; `None` where callers are not told apart.
    pub caller: Option<&'a str>,
    /// Whose books they see.
    pub visibility: Visibility,
}

/// Why one who wants to listen cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum NotBegun {
    /// The cursor is no place in these books: they were put back to an older state, perhaps.
    #[error("no entry has that cursor")]
    NoSuchEntry,
    /// As many listen as may, or where to begin could not be read.
    #[error(transparent)]
    Failed(#[from] StoreError),
}

/// What happens to the books. Cheap to clone; clones share the follower.
#[derive(Clone, Debug)]
pub struct Live {
    shared: Arc<Shared>,
}

/// A follower that is at work.
#[derive(Debug)]
pub struct Following {
    stop: CancellationToken,
    ended: JoinHandle<()>,
}

/// What the follower and those who listen have in common.
#[derive(Debug)]
struct Shared {
    store: Store,
    clock: Clock,
    settings: LiveSettings,
    metrics: LiveMetrics,
    ring: RwLock<Ring>,
    /// Tells that the ring is another.
    moved: watch::Sender<()>,
    /// Calls the follower, also one that rests.
    called: Notify,
    newcomers: Mutex<Vec<oneshot::Sender<Start>>>,
    catch_up_turns: Semaphore,
    /// Who listens.
    places: Places,
}

/// Where one who listens begins.
#[derive(Clone, Debug)]
struct Start {
    epoch: u64,
    /// What is behind this id is to be told,
    behind: i64,
    /// but for these.
    seen: Arc<[i64]>,
}

impl Live {
    /// What happens to the books that `store` reads. Nothing is told before it is
    /// [followed](Self::follow).
    pub fn new(store: Store, settings: LiveSettings, clock: Clock, metrics: LiveMetrics) -> Self {
        let shared = Shared {
            store,
            clock,
            settings,
            metrics,
            ring: RwLock::new(Ring::new(settings.buffer_entries.max(1))),
            moved: watch::Sender::new(()),
            called: Notify::new(),
            newcomers: Mutex::default(),
            catch_up_turns: Semaphore::new(CATCH_UP_TURNS),
            places: Places::new(settings.subscriptions_max, settings.subscriptions_per_caller_max),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Begins to follow the books, until it is stopped.
    pub fn follow(&self) -> Following {
        let stop = CancellationToken::new();
        let following = follower::follow(Arc::clone(&self.shared), stop.clone());
        #[expect(clippy::disallowed_methods, reason = "whoever stops it waits for it")]
        let ended = tokio::spawn(following);
        Following { stop, ended }
    }
}

impl Following {
    /// Ends it. Those who still listen are told nothing more.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.ended.await {
            tracing::error!(%error, "the follower of the books ended in a panic");
        }
    }
}

impl Shared {
    fn database(&self) -> &Database {
        self.store.database()
    }

    fn ring(&self) -> RwLockReadGuard<'_, Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring_mut(&self) -> RwLockWriteGuard<'_, Ring> {
        self.ring.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells those who listen that the ring is another.
    fn moved(&self) {
        self.moved.send_replace(());
    }

    fn is_listened_to(&self) -> bool {
        self.places.are_taken()
    }

    /// Where now is: what the follower's next look sees is not news, and all else is.
    async fn start(&self) -> Loaded<Start> {
        let (tell, told) = oneshot::channel();
        self.waiting().push(tell);
        self.called.notify_one();
        match tokio::time::timeout(START_MAX, told).await {
            Ok(Ok(start)) => Ok(start),
            Ok(Err(_ended)) => Err(lost()),
            Err(_elapsed) => Err(Fault::silent().into()),
        }
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<oneshot::Sender<Start>>> {
        self.newcomers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those who want to know where now is.
    fn newcomers(&self) -> Vec<oneshot::Sender<Start>> {
        std::mem::take(&mut self.waiting())
    }

    /// They could not be told yet.
    fn put_back(&self, newcomers: Vec<oneshot::Sender<Start>>) {
        let still = newcomers.into_iter().filter(|newcomer| !newcomer.is_closed());
        self.waiting().extend(still);
    }
}

/// One who listens, for as long as it lives.
#[derive(Debug)]
struct Listening {
    shared: Arc<Shared>,
    gauge: Gauge,
    place: Place,
}

/// A turn to read history, for as long as this is.
#[derive(Debug)]
struct Turn<'a> {
    _of_caller: Option<SemaphorePermit<'a>>,
    _of_all: Option<SemaphorePermit<'a>>,
}

impl Listening {
    /// # Errors
    ///
    /// [`StoreError`] when as many listen as may.
    fn begin(shared: &Arc<Shared>, to: &'static str, caller: Option<&str>) -> Loaded<Self> {
        let place = shared.places.take(caller).ok_or_else(Fault::crowded_out)?;
        if place.is_first {
            shared.called.notify_one();
        }
        let gauge = shared.metrics.listeners(to);
        gauge.inc();
        Ok(Self { shared: Arc::clone(shared), gauge, place })
    }

    /// Waits for a turn to read history: first one of the caller's, so that those of one caller who
    /// wait leave the others' turns alone.
    async fn turn(&self) -> Turn<'_> {
        // They are never closed.
        let of_caller = match self.place.turns() {
            Some(turns) => turns.acquire().await.ok(),
            None => None,
        };
        let of_all = self.shared.catch_up_turns.acquire().await.ok();
        Turn { _of_caller: of_caller, _of_all: of_all }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.gauge.dec();
        self.shared.places.give_back(&self.place);
    }
}

/// Nothing more can be told: the books are others, or the server ends. Whoever comes again is told.
fn lost() -> StoreError {
    Fault::gone().into()
}
