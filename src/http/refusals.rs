//! How many may be refused in a second because nobody knows them: one bucket for all of them.
//!
//! To find out that a token is not good costs work, and may cost a question to the database. When the
//! bucket is empty nobody is looked at whose token has not been good before. Those who are known
//! already are, for whoever sends nonsense must not be able to lock them out: of each good token a
//! hash is kept that is random for the process, in a place of its own among a fixed number, which
//! only another good token takes.

use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use governor::clock::Clock as _;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

/// For so many good tokens there is a place; a power of two.
const PLACES: usize = 16_384;

/// The bucket, and who is known.
#[derive(Debug)]
pub(super) struct Refusals {
    bucket: DefaultDirectRateLimiter,
    /// Until when it is empty, after `began`.
    empty_until_us: AtomicU64,
    began: Instant,
    hasher: RandomState,
    known: Box<[AtomicU64]>,
}

impl Refusals {
    /// Lets so many be refused as `quota` says.
    pub(super) fn new(quota: Quota) -> Self {
        Self {
            bucket: RateLimiter::direct(quota),
            empty_until_us: AtomicU64::new(0),
            began: Instant::now(),
            hasher: RandomState::new(),
            known: (0..PLACES).map(|_place| AtomicU64::new(0)).collect(),
        }
    }

    /// Whether somebody who shows this may be looked at.
    ///
    /// # Errors
    ///
    /// After how long they may.
    pub(super) fn may_try(&self, shown: Option<&str>) -> Result<(), Duration> {
        let empty_until = self.empty_until_us.load(Ordering::Relaxed);
        // Nobody has been refused too often; the usual case, which reads no clock.
        if empty_until == 0 {
            return Ok(());
        }
        let wait = Duration::from_micros(empty_until).saturating_sub(self.began.elapsed());
        if wait.is_zero() || shown.is_some_and(|shown| self.is_known(shown)) {
            return Ok(());
        }
        Err(wait)
    }

    /// Whoever has shown this was let in.
    pub(super) fn let_in(&self, shown: &str) {
        let hash = self.hash(shown);
        if let Some(place) = self.place(hash)
            && place.load(Ordering::Relaxed) != hash.get()
        {
            place.store(hash.get(), Ordering::Relaxed);
        }
    }

    /// Somebody was refused.
    ///
    /// # Errors
    ///
    /// The time after which there is a token again, when there is none for them.
    pub(super) fn take(&self) -> Result<(), Duration> {
        let Err(empty) = self.bucket.check() else { return Ok(()) };
        let wait = empty.wait_time_from(self.bucket.clock().now());
        if wait.is_zero() {
            return Ok(());
        }
        let until = self.began.elapsed().saturating_add(wait);
        let until = u64::try_from(until.as_micros()).unwrap_or(u64::MAX);
        self.empty_until_us.store(until, Ordering::Relaxed);
        Err(wait)
    }

    fn is_known(&self, shown: &str) -> bool {
        let hash = self.hash(shown);
        self.place(hash).is_some_and(|place| place.load(Ordering::Relaxed) == hash.get())
    }

    /// Never that of an empty place.
    fn hash(&self, shown: &str) -> NonZeroU64 {
        NonZeroU64::new(self.hasher.hash_one(shown)).unwrap_or(NonZeroU64::MIN)
    }

    fn place(&self, hash: NonZeroU64) -> Option<&AtomicU64> {
        let low = usize::try_from(hash.get() & 0xffff_ffff).unwrap_or_default();
        self.known.get(low % PLACES)
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    #[test]
    fn who_is_known_is_not_locked_out() {
        let quota = Quota::per_hour(NonZeroU32::MIN).allow_burst(NonZeroU32::new(3).unwrap());
        let refusals = Refusals::new(quota);
        refusals.let_in("Bearer good");
        for _refused in 0..3 {
            assert_eq!(refusals.may_try(Some("Bearer bad")), Ok(()));
            assert_eq!(refusals.take(), Ok(()));
        }
        assert_eq!(refusals.may_try(Some("Bearer bad")), Ok(()), "nobody was one too many");
        refusals.take().unwrap_err();
        for other in [Some("Bearer bad"), Some("Bearer good "), None] {
            let wait = refusals.may_try(other).unwrap_err();
            assert!(wait <= Duration::from_hours(1), "{other:?}: {wait:?}");
        }
        assert_eq!(refusals.may_try(Some("Bearer good")), Ok(()));
    }
}
