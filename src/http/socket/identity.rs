//! Who calls over a socket, and for how long that is known.
//!
//! A program shows its token in the header `Authorization` of the upgrade, as with any request. A
//! browser cannot, so its token is in the payload of `connection_init`. A request is over before much
//! can change; a socket is not, so the token is kept, and shown again now and then: when it has
//! expired, was revoked or allows something else, the socket is closed. While that cannot be told,
//! what is under way goes on, and nothing new is begun.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::Instant;

use super::Sockets;
use super::close::Close;
use crate::auth::{Admission, Caller, NotAuthenticated};
use crate::http::caller::{self, NotAdmitted};

/// The key of the payload under which a browser shows its token; it has no case, as the header.
const AUTHORIZATION: &str = "authorization";

/// What somebody shows to say who they are, as in the header `Authorization`. It is never told.
#[derive(Clone)]
pub(super) struct Shown(Option<Arc<str>>);

impl fmt::Debug for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

impl Shown {
    /// What the upgrade's header says.
    pub(super) fn in_header(authorization: Option<&str>) -> Self {
        Self(authorization.map(Arc::from))
    }

    /// This, or what the payload of `connection_init` says if this is nothing.
    pub(super) fn or_in_payload(self, payload: &Map<String, Value>) -> Self {
        if self.0.is_some() {
            return self;
        }
        let mut all = payload.iter().filter(|(key, _)| key.eq_ignore_ascii_case(AUTHORIZATION));
        let Some((_key, first)) = all.next() else { return self };
        // Several, or one that is not text, are left to be no token.
        let only = all.next().is_none().then_some(first);
        Self(Some(only.and_then(Value::as_str).unwrap_or_default().into()))
    }
}

/// Who calls over a socket.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) caller: Caller,
    shown: Shown,
    /// When the token is looked at again; `None` where nobody is authenticated.
    check_at: Option<Instant>,
    /// Whether it could not be told the last time that it was looked at.
    is_undecided: bool,
    _place: Option<CallerPlace>,
}

impl Identity {
    /// Finds out who shows this.
    ///
    /// # Errors
    ///
    /// [`Close`] when nobody is known to, when it cannot be told now, or when they have as many
    /// sockets, or have sent as many requests, as they may.
    pub(super) async fn find(
        sockets: &Sockets,
        shown: Shown,
        request_id: &str,
    ) -> Result<Self, Close> {
        let admitted = caller::admit(&sockets.state, shown.0.as_deref(), request_id).await;
        let admission = admitted.map_err(|not_admitted| match not_admitted {
            NotAdmitted::Refused(refused) => Close::not_authenticated(refused),
            NotAdmitted::TooMany(_error) => Close::try_again("too many were refused of late"),
        })?;
        let taken = sockets.state.rate_limit.take(&admission.caller);
        taken.map_err(|_error| Close::try_again("this caller sends more than it may"))?;
        let is_open = sockets.state.authenticator.is_open();
        let place = if is_open {
            None
        } else {
            let max = sockets.limits().sockets_per_caller_max;
            let place = sockets.by_caller.take(&admission.caller, max);
            Some(place.ok_or_else(|| Close::try_again("this caller has too many sockets"))?)
        };
        let interval = sockets.limits().token_check_interval;
        let check_at = if is_open { None } else { check_at(&admission, interval) };
        let Admission { caller, .. } = admission;
        Ok(Self { caller, shown, check_at, is_undecided: false, _place: place })
    }

    /// When the token is to be looked at again.
    pub(super) fn check_at(&self) -> Option<Instant> {
        self.check_at
    }

    /// Whether it cannot be told now who calls.
    pub(super) fn is_undecided(&self) -> bool {
        self.is_undecided
    }

    /// Shows the token again. Not before [`checked`](Self::checked) is it due once more.
    pub(super) fn check(
        &mut self,
        sockets: Arc<Sockets>,
    ) -> impl Future<Output = Result<Admission, NotAuthenticated>> + Send + use<> {
        self.check_at = None;
        let shown = self.shown.clone();
        async move { sockets.state.authenticator.authenticate(shown.0.as_deref()).await }
    }

    /// Takes what was said of the token.
    ///
    /// # Errors
    ///
    /// [`Close`] when it holds no more, or allows something else.
    pub(super) fn checked(
        &mut self,
        answer: Result<Admission, NotAuthenticated>,
        interval: Duration,
    ) -> Result<(), Close> {
        match answer {
            Ok(admission) if admission.caller == self.caller => {
                self.is_undecided = false;
                self.check_at = check_at(&admission, interval);
                Ok(())
            }
            Ok(_other) => Err(Close::caller_changed()),
            Err(NotAuthenticated::Undecided | NotAuthenticated::Failed) => {
                self.is_undecided = true;
                self.check_at = Instant::now().checked_add(interval);
                Ok(())
            }
            Err(refused) => Err(Close::not_authenticated(refused)),
        }
    }
}

/// When a token that is good now is to be looked at again: when it expires, if not before.
fn check_at(admission: &Admission, interval: Duration) -> Option<Instant> {
    let after = admission.holds_for.map_or(interval, |holds_for| holds_for.min(interval));
    Instant::now().checked_add(after)
}

/// How many sockets each caller has. Clones count together.
#[derive(Clone, Debug, Default)]
pub(super) struct ByCaller(Arc<Mutex<HashMap<Arc<str>, usize>>>);

/// One of a caller's sockets, for as long as this is.
#[derive(Debug)]
struct CallerPlace {
    by_caller: ByCaller,
    caller: Arc<str>,
}

impl ByCaller {
    /// A place for one more socket of a caller; `None` if they have `max`.
    fn take(&self, caller: &Caller, max: usize) -> Option<CallerPlace> {
        // No two callers share the namespace of their keys.
        let caller: Arc<str> = caller.idempotency_scope().into();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(Arc::clone(&caller)).or_default();
        if *count >= max {
            return None;
        }
        *count = count.saturating_add(1);
        drop(all);
        Some(CallerPlace { by_caller: self.clone(), caller })
    }
}

impl Drop for CallerPlace {
    fn drop(&mut self) {
        let mut all = self.by_caller.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.caller) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                all.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::auth::{Invalid, Scope, Scopes};

    fn caller(name: &str, scopes: Scopes) -> Caller {
        Caller::user(name, Caller::anonymous().visibility(), scopes).unwrap()
    }

    fn shown(header: Option<&str>, payload: Value) -> Option<String> {
        let Value::Object(payload) = payload else { panic!("{payload}") };
        Shown::in_header(header).or_in_payload(&payload).0.map(|shown| shown.to_string())
    }

    #[test]
    fn the_header_goes_before_the_payload() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(shown(None, json!({})), None);
        assert_eq!(shown(None, json!({ "authorization": "Bearer a" })), some("Bearer a"));
        assert_eq!(shown(None, json!({ "Authorization": "Bearer a" })), some("Bearer a"));
        assert_eq!(shown(Some("Bearer b"), json!({ "authorization": "x" })), some("Bearer b"));
        for no_token in [
            json!({ "authorization": 1 }),
            json!({ "authorization": null }),
            json!({ "authorization": "Bearer a", "AUTHORIZATION": "Bearer a" }),
        ] {
            assert_eq!(shown(None, no_token.clone()), some(""), "{no_token}");
        }
        assert_eq!(format!("{:?}", Shown::in_header(Some("Bearer secret"))), "***");
    }

    #[test]
    fn a_caller_has_so_many_sockets_and_no_more() {
        let by_caller = ByCaller::default();
        let (ada, bob) = (caller("ada", Scopes::all()), caller("bob", Scopes::all()));
        let places = [by_caller.take(&ada, 2), by_caller.take(&ada, 2)];
        assert!(places.iter().all(Option::is_some));
        assert!(by_caller.take(&ada, 2).is_none() && by_caller.take(&bob, 2).is_some());
        drop(places);
        assert!(by_caller.0.lock().unwrap().is_empty(), "who has gone takes no memory");
    }

    #[tokio::test]
    async fn a_token_is_good_until_it_is_not() {
        let ada = caller("ada", Scopes::all());
        let mut identity = Identity {
            caller: ada.clone(),
            shown: Shown::in_header(None),
            check_at: None,
            is_undecided: false,
            _place: None,
        };
        let interval = Duration::from_secs(5);
        let good = Admission { caller: ada, holds_for: Some(Duration::from_secs(1)) };
        identity.checked(Ok(good.clone()), interval).unwrap();
        let due = identity.check_at().unwrap().saturating_duration_since(Instant::now());
        assert!(due <= Duration::from_secs(1), "it is looked at when it expires: {due:?}");
        identity.checked(Err(NotAuthenticated::Undecided), interval).unwrap();
        assert!(identity.is_undecided() && identity.check_at().is_some());
        identity.checked(Ok(good), interval).unwrap();
        assert!(!identity.is_undecided());
        let less = caller("ada", [Scope::StockRead].into_iter().collect());
        for answer in [
            Ok(Admission { caller: less, holds_for: None }),
            Err(NotAuthenticated::Expired),
            Err(NotAuthenticated::Invalid(Invalid::KeyRevoked)),
        ] {
            let close = identity.checked(answer.clone(), interval).unwrap_err();
            assert_eq!(close.code, 4403, "{answer:?}");
        }
    }
}
