//! Copies of amounts: in the memory of this process and, where there is one, in a Redis that all
//! servers share.
//!
//! A copy tells a SKU's stock with its version, and since when it may be outdated
//! ([`StockCopy::as_of`]). It is replaced only by a newer one, so that a late message or a lagging
//! replica can never bring an old amount back. What makes a copy of use is its age, and nothing
//! else: a message that was lost, a server that did not hear of a change or a Redis that came back
//! with old values can make an answer as old as [`CacheSettings::age_max`], and no older.
//!
//! - The ledger puts down what it knows after each commit; readers, what they have loaded.
//! - A lookup first goes to the memory of the process ([`near`]), which waits for nobody. Some
//!   milliseconds later, where there is a Redis ([`redis`]), to which the other servers write as
//!   well, and at half of its time on the books, a copy that is asked for is renewed, behind the
//!   back of those who are answered by it meanwhile. One that nobody has asked for in between is not
//!   answered by before Redis was looked at.
//! - Nothing here decides anything. Who does not find a copy young enough asks the books.
//!
//! This room knows neither the database, nor the ledger, nor the store.

mod copy;
mod metrics;
mod near;
mod redis;
mod settings;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::{CancellationToken, DropGuard};

pub use copy::StockCopy;
pub use metrics::CacheMetrics;
pub use redis::SharedBooks;
pub use settings::{CacheSettings, RedisSettings};

use crate::domain::{ReadAfter, SkuId};
use near::{Held, Look, Near};
use redis::Remote;

/// At half of the time for which a copy is of use it is renewed, while it is in demand.
fn half(duration: Duration) -> Duration {
    duration.checked_div(2).unwrap_or_default()
}

/// How a copy is to be renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// From Redis, which other servers write to as well.
    FromRedis,
    /// From the books.
    FromBooks,
}

/// Why there is no cache.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// A URL of Redis is none.
    #[error("a Redis URL is none: {0}")]
    Url(#[source] ::redis::RedisError),
}

/// The copies. Cheap to clone; when the last clone is dropped, the work behind it ends.
#[derive(Clone, Debug)]
pub struct StockCache(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    age_max: Duration,
    near: Near,
    remote: Option<Shared>,
    metrics: CacheMetrics,
}

/// What all servers share.
#[derive(Debug)]
struct Shared {
    remote: Arc<Remote>,
    near_age_max: Duration,
    /// How long a read may wait for it: for the command under way, and for its own.
    wait_max: Duration,
    _until_dropped: DropGuard,
}

impl StockCache {
    /// A cache in the memory of this process alone.
    pub fn in_process(settings: &CacheSettings, metrics: CacheMetrics) -> Self {
        Self::over(settings, None, metrics)
    }

    /// A cache that asks nobody and keeps nothing.
    pub fn none() -> Self {
        let settings = CacheSettings { age_max: Duration::ZERO, entries_max: 0, redis: None };
        Self::in_process(&settings, CacheMetrics::new())
    }

    /// A cache in the memory of this process and in the Redis that `settings` name, if they name
    /// one. Redis need not be there yet. Must be called within a runtime, on which the work behind
    /// it is done.
    ///
    /// # Errors
    ///
    /// [`CacheError`] when a URL is none.
    pub fn start(
        settings: &CacheSettings,
        books: SharedBooks,
        metrics: CacheMetrics,
    ) -> Result<Self, CacheError> {
        let Some(redis) = settings.redis.as_ref().filter(|_redis| !settings.age_max.is_zero())
        else {
            return Ok(Self::in_process(settings, metrics));
        };
        let remote = Remote::new(redis, books, settings.age_max, metrics.redis.clone());
        let remote = Arc::new(remote.map_err(CacheError::Url)?);
        let ended = CancellationToken::new();
        let work = ended.clone().run_until_cancelled_owned(Arc::clone(&remote).run());
        #[expect(
            clippy::disallowed_methods,
            reason = "it ends with the cache; nobody waits for it"
        )]
        drop(tokio::spawn(work));
        let shared = Shared {
            remote,
            near_age_max: redis.near_age_max.min(settings.age_max),
            wait_max: redis.timeout.saturating_mul(2),
            _until_dropped: ended.drop_guard(),
        };
        Ok(Self::over(settings, Some(shared), metrics))
    }

    fn over(settings: &CacheSettings, remote: Option<Shared>, metrics: CacheMetrics) -> Self {
        let near = Near::new(settings.entries_max);
        Self(Arc::new(Inner { age_max: settings.age_max, near, remote, metrics }))
    }

    /// Whether it keeps anything at all.
    pub fn is_on(&self) -> bool {
        !self.0.age_max.is_zero()
    }

    /// How old a copy may be that answers a read.
    pub fn age_max(&self) -> Duration {
        self.0.age_max
    }

    /// The copy of a SKU in the memory of this process, if it is of use for a read and has at least
    /// the version that `read_after` asks for; and how it is to be renewed now, behind the back of
    /// whoever asks, which one of all who ask at once is told. Waits for nobody.
    pub fn at_hand(
        &self,
        sku_id: SkuId,
        read_after: &ReadAfter,
    ) -> Option<(StockCopy, Option<Renewal>)> {
        self.at_hand_at(sku_id, read_after, Instant::now())
    }

    fn at_hand_at(
        &self,
        sku_id: SkuId,
        read_after: &ReadAfter,
        now: Instant,
    ) -> Option<(StockCopy, Option<Renewal>)> {
        let inner = &*self.0;
        if inner.age_max.is_zero() {
            return None;
        }
        if let Some(shared) = &inner.remote {
            shared.remote.count(sku_id, now);
        }
        let held = inner.near.get(sku_id)?;
        if !inner.is_of_use(&held.copy, read_after, now) {
            return None;
        }
        let mut renewal = None;
        if let Some(shared) = inner.shared_by(sku_id) {
            let since = inner.near.since(&held, Look::Redis, now);
            // Nobody has looked lately: what Redis may know is worth waiting for.
            if since >= shared.near_age_max.saturating_mul(2) {
                return None;
            }
            if inner.near.claim(&held, Look::Redis, shared.near_age_max, now) {
                renewal = Some(Renewal::FromRedis);
            }
        }
        if renewal.is_none() && inner.is_due(&held, Look::Books, inner.age_max, now) {
            renewal = Some(Renewal::FromBooks);
        }
        inner.metrics.near();
        Some((held.copy, renewal))
    }

    /// The copy of a SKU in the memory of this process, if it is of use for a read, whether or not
    /// others may know better: for who could not be answered by anybody else.
    pub fn still_of_use(&self, sku_id: SkuId, read_after: &ReadAfter) -> Option<StockCopy> {
        let copy = self.0.near.get(sku_id)?.copy;
        self.0.is_of_use(&copy, read_after, Instant::now()).then_some(copy)
    }

    /// The copy of a SKU in the memory of this process, if it is not older than `age_max`. Past half
    /// of that it is `None` for one of those who ask, now and then, so that the ledger renews it
    /// before it is too old for all of them. Waits for nobody.
    pub fn not_older_than(&self, sku_id: SkuId, age_max: Duration) -> Option<StockCopy> {
        self.not_older_than_at(sku_id, age_max, Instant::now())
    }

    fn not_older_than_at(
        &self,
        sku_id: SkuId,
        age_max: Duration,
        now: Instant,
    ) -> Option<StockCopy> {
        let inner = &*self.0;
        if !self.is_on() {
            return None;
        }
        let held = inner.near.get(sku_id)?;
        let of_use =
            held.copy.age(now) <= age_max && !inner.is_due(&held, Look::Ledger, age_max, now);
        of_use.then_some(held.copy)
    }

    /// The copies that are of use for a read out of those that Redis has, for SKUs of which none is
    /// at hand. They are at hand from now on.
    pub async fn fetch(
        &self,
        sku_ids: &[SkuId],
        read_after: &ReadAfter,
    ) -> HashMap<SkuId, StockCopy> {
        let inner = &*self.0;
        let mut found = HashMap::new();
        if let Some(shared) = &inner.remote {
            let fetched = tokio::time::timeout(shared.wait_max, shared.remote.fetch(sku_ids)).await;
            let now = Instant::now();
            for copy in fetched.unwrap_or_default() {
                // What is here may be newer.
                let copy = inner.near.compare(copy, now);
                if inner.is_of_use(&copy, read_after, now) {
                    found.insert(copy.sku_id, copy);
                }
            }
            inner.metrics.remote(found.len());
            // A Redis that answers, and keeps nothing, must not send everybody to the books.
            for sku_id in sku_ids {
                if let Some(held) = inner.near.get(*sku_id)
                    && held.copy.age(now) < half(inner.age_max)
                    && inner.is_of_use(&held.copy, read_after, now)
                    && !found.contains_key(sku_id)
                {
                    inner.near.looked_in_redis(&held, now);
                    found.insert(*sku_id, held.copy);
                }
            }
        }
        if self.is_on() {
            inner.metrics.missed(sku_ids.len().saturating_sub(found.len()));
        }
        found
    }

    /// Keeps copies that are newer than what is here, and has them sent to Redis. Waits for nobody.
    /// Tells of each SKU the newest copy, which may be another.
    pub fn put(&self, copies: &[StockCopy]) -> Vec<StockCopy> {
        let inner = &*self.0;
        if !self.is_on() {
            return copies.to_vec();
        }
        let now = Instant::now();
        if let Some(shared) = &inner.remote {
            for copy in copies {
                shared.remote.count(copy.sku_id, now);
            }
            shared.remote.offer(copies.iter().copied());
        }
        copies.iter().map(|copy| inner.near.put(*copy, now)).collect()
    }
}

impl Inner {
    fn is_of_use(&self, copy: &StockCopy, read_after: &ReadAfter, now: Instant) -> bool {
        copy.age(now) <= self.age_max && copy.version() >= read_after.version_min(copy.sku_id)
    }

    /// Whether a copy of use up to an age is to be renewed on the books now, by the one who asks.
    fn is_due(&self, held: &Held, look: Look, age_max: Duration, now: Instant) -> bool {
        let due = half(age_max);
        held.copy.age(now) >= due && self.near.claim(held, look, half(due), now)
    }

    /// What all servers share, as far as it answers for the SKU.
    fn shared_by(&self, sku_id: SkuId) -> Option<&Shared> {
        self.remote.as_ref().filter(|shared| shared.remote.answers(sku_id))
    }
}

#[cfg(test)]
mod tests;
