//! How many requests a caller may send in a second: a bucket of tokens for each caller.
//!
//! Callers are told apart by the namespace of their idempotency keys, which no two of them share,
//! and of it only a hash is kept that is random for the process. Those whom nobody knows are one
//! caller together ([`Refusals`]). Buckets that are full again are
//! dropped now and then, so that callers who are gone take no memory.

use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use governor::clock::Clock as _;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::error::{HttpError, code};
use super::refusals::Refusals;
use crate::auth::Caller;

/// After so many requests the buckets that are full are dropped.
const SWEEP_EVERY: u64 = 65_536;

/// The buckets of all callers.
#[derive(Debug)]
pub struct RateLimit(Option<Buckets>);

#[derive(Debug)]
struct Buckets {
    by_caller: DefaultKeyedRateLimiter<u64>,
    refusals: Refusals,
    hasher: RandomState,
    requests: AtomicU64,
}

impl RateLimit {
    /// Lets each caller send `per_second` requests on average, 0 for any number, and `burst` at
    /// once after a rest, which is at least 1.
    pub fn new(per_second: u32, burst: u32) -> Self {
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        Self(NonZeroU32::new(per_second).map(|per_second| {
            let quota = Quota::per_second(per_second).allow_burst(burst);
            Buckets {
                by_caller: RateLimiter::keyed(quota),
                refusals: Refusals::new(quota),
                hasher: RandomState::new(),
                requests: AtomicU64::new(0),
            }
        }))
    }

    /// Whether it may be looked at who shows this token.
    ///
    /// # Errors
    ///
    /// [`HttpError`] when too many were refused, and this is none who is known already.
    pub(super) fn may_try(&self, shown: Option<&str>) -> Result<(), HttpError> {
        let Some(buckets) = &self.0 else { return Ok(()) };
        buckets.refusals.may_try(shown).map_err(refused_too_often)
    }

    /// Knows from now on whoever shows this token, for it was good.
    pub(super) fn let_in(&self, shown: Option<&str>) {
        if let (Some(buckets), Some(shown)) = (&self.0, shown) {
            buckets.refusals.let_in(shown);
        }
    }

    /// Takes a token out of the bucket of all those whom nobody knows.
    ///
    /// # Errors
    ///
    /// [`HttpError`] when it is empty, with the time after which there is one.
    pub(super) fn take_of_refused(&self) -> Result<(), HttpError> {
        let Some(buckets) = &self.0 else { return Ok(()) };
        buckets.refusals.take().map_err(refused_too_often)
    }

    /// Takes a token out of the caller's bucket.
    ///
    /// # Errors
    ///
    /// [`HttpError`] when it is empty, with the time after which there is one.
    pub(super) fn take(&self, caller: &Caller) -> Result<(), HttpError> {
        self.take_of(caller.idempotency_scope())
    }

    fn take_of(&self, caller: &str) -> Result<(), HttpError> {
        let Some(Buckets { by_caller, hasher, requests, .. }) = &self.0 else { return Ok(()) };
        if requests.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            by_caller.retain_recent();
            by_caller.shrink_to_fit();
        }
        let Err(empty) = by_caller.check_key(&hasher.hash_one(caller)) else { return Ok(()) };
        let wait = empty.wait_time_from(by_caller.clock().now());
        // Others may have used tokens that came in while this thread was held up after it had read the
        // clock; by now there is one.
        if wait.is_zero() { Ok(()) } else { Err(rate_limited(wait)) }
    }
}

fn rate_limited(retry_after: Duration) -> HttpError {
    too_many(
        "this caller sends more requests than it may; send the same request again later, with the \
         same key",
        retry_after,
    )
}

fn refused_too_often(retry_after: Duration) -> HttpError {
    too_many(
        "more requests than may be come from those who are not authenticated; send the same \
         request again later, with the same key and a good token",
        retry_after,
    )
}

fn too_many(message: &'static str, retry_after: Duration) -> HttpError {
    let error = HttpError::new(StatusCode::TOO_MANY_REQUESTS, code::RATE_LIMITED, message);
    HttpError { retryable: true, retry_after: Some(retry_after), ..error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_caller_has_a_bucket() {
        let limit = RateLimit::new(1, 3);
        for name in ["a", "b"] {
            for _request in 0..3 {
                assert_eq!(limit.take_of(name), Ok(()));
            }
            let error = limit.take_of(name).unwrap_err();
            assert_eq!((error.status, error.code), (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"));
            let wait = error.retry_after.unwrap();
            assert!(!wait.is_zero() && wait <= Duration::from_secs(1), "{wait:?}");
        }
    }

    #[test]
    fn no_rate_is_no_limit() {
        let limit = RateLimit::new(0, 1);
        assert!((0..1_000).all(|_request| limit.take_of("a").is_ok()));
    }

    #[test]
    fn callers_who_are_gone_take_no_memory() {
        // A bucket is full again after a nanosecond.
        let limit = RateLimit::new(1_000_000_000, 1_000);
        for number in 0..SWEEP_EVERY * 2 {
            limit.take_of(&number.to_string()).unwrap();
        }
        let buckets = &limit.0.as_ref().unwrap().by_caller;
        assert!(u64::try_from(buckets.len()).unwrap() <= SWEEP_EVERY);
    }
}
