//! Makes a caller of what a request carries.

use std::sync::Arc;

use super::api_key::ApiKeys;
use super::jwt::Jwts;
use super::{Admission, AuthMetrics, AuthSettings, Caller, Invalid, NotAuthenticated, api_key};
use crate::db::Database;
use crate::domain::Clock;

pub use super::jwt::StartError;

/// The longest token that is looked at. Those of issuers with many groups come to some 4 KiB.
const TOKEN_BYTES_MAX: usize = 8 * 1024;

/// Knows who may call. Cheap to clone; what it does behind the scenes ends with the last clone.
#[derive(Clone, Debug)]
pub struct Authenticator(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Whom everybody is, where nobody is authenticated.
    everybody: Option<Caller>,
    jwts: Option<Jwts>,
    api_keys: Option<ApiKeys>,
    metrics: AuthMetrics,
}

impl Authenticator {
    /// One that lets everybody in, as the same anonymous caller.
    pub fn open() -> Self {
        let everybody = Some(Caller::anonymous());
        let metrics = AuthMetrics::default();
        Self(Arc::new(Inner { everybody, jwts: None, api_keys: None, metrics }))
    }

    /// One that takes the tokens that `settings` say; [`open`](Self::open) if they say none. API
    /// keys are those in `database`.
    ///
    /// # Errors
    ///
    /// [`StartError`] when a file of public keys is missing or wrong. A URL that does not answer is
    /// none: it is told in the log, and asked again.
    pub async fn start(
        settings: AuthSettings,
        database: &Database,
        clock: Clock,
        metrics: AuthMetrics,
    ) -> Result<Self, StartError> {
        let AuthSettings { jwt, api_keys } = settings;
        if jwt.is_none() && api_keys.is_none() {
            return Ok(Self::open());
        }
        let jwts = match jwt {
            Some(jwt) => Some(Jwts::start(jwt, clock.clone(), &metrics).await?),
            None => None,
        };
        let api_keys = api_keys.map(|settings| ApiKeys::start(settings, database.clone(), clock));
        Ok(Self(Arc::new(Inner { everybody: None, jwts, api_keys, metrics })))
    }

    /// Whether nobody is authenticated.
    pub fn is_open(&self) -> bool {
        self.0.everybody.is_some()
    }

    /// Who is calling, by what the header `Authorization` says; `None` if there is none. Where
    /// nobody is authenticated it is not looked at.
    ///
    /// # Errors
    ///
    /// [`NotAuthenticated`] when it names nobody, or cannot be told now.
    pub async fn authenticate(
        &self,
        authorization: Option<&str>,
    ) -> Result<Admission, NotAuthenticated> {
        if let Some(everybody) = &self.0.everybody {
            return Ok(Admission { caller: everybody.clone(), holds_for: None });
        }
        let known = self.known(authorization).await;
        known.inspect_err(|refused| self.0.metrics.refused(*refused))
    }

    async fn known(&self, authorization: Option<&str>) -> Result<Admission, NotAuthenticated> {
        let token = bearer(authorization.ok_or(NotAuthenticated::Missing)?)?;
        if token.len() > TOKEN_BYTES_MAX {
            return Err(NotAuthenticated::Invalid(Invalid::TooLong));
        }
        if token.starts_with(api_key::PREFIX) {
            let not_taken = NotAuthenticated::Invalid(Invalid::KeysNotTaken);
            return self.0.api_keys.as_ref().ok_or(not_taken)?.authenticate(token).await;
        }
        let not_taken = NotAuthenticated::Invalid(Invalid::JwtsNotTaken);
        self.0.jwts.as_ref().ok_or(not_taken)?.authenticate(token).await
    }
}

/// The token (RFC 6750, section 2.1; RFC 9110, section 11.1: the scheme has no case).
fn bearer(authorization: &str) -> Result<&str, NotAuthenticated> {
    let (scheme, token) = authorization.split_once(' ').ok_or(NotAuthenticated::Malformed)?;
    let token = token.trim_matches(' ');
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || !token.bytes().all(is_token) {
        return Err(NotAuthenticated::Malformed);
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_borne_in_one_way() {
        for good in ["Bearer a.b-c_d~e+f/g=", "bearer x", "BEARER   x "] {
            assert!(bearer(good).is_ok(), "{good}");
        }
        for bad in
            ["", "Bearer", "Bearer ", "Basic YTpi", "x", "Bearer a b", "Bearer ä", "Bearer a,b"]
        {
            assert_eq!(bearer(bad), Err(NotAuthenticated::Malformed), "{bad}");
        }
    }

    #[tokio::test]
    async fn who_lets_everybody_in_looks_at_nothing() {
        let open = Authenticator::open();
        assert!(open.is_open());
        for header in [None, Some("Bearer x"), Some("nonsense")] {
            let admission = open.authenticate(header).await.unwrap();
            assert_eq!(admission, Admission { caller: Caller::anonymous(), holds_for: None });
        }
    }
}
