//! Who is calling, and what those are told whom nobody knows.
//!
//! A client learns of no more than it needs to mend its request: that there is no token, that it has
//! expired or is not valid yet, or that it is none for this server. Which of many things is wrong
//! with it the log tells, under the request id; the token is in neither.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};

use super::HttpState;
use super::error::{HttpError, code};
use crate::auth::{Admission, Caller, NotAuthenticated, Scope};

/// Why somebody was not let in.
#[derive(Clone, Debug)]
pub(super) enum NotAdmitted {
    /// Nobody is known to be calling.
    Refused(NotAuthenticated),
    /// Too many were refused of late to look.
    TooMany(HttpError),
}

/// What is said in `WWW-Authenticate` (RFC 6750, section 3) to those who sent no token,
const NO_TOKEN: &str = r#"Bearer realm="stockflow""#;
/// who sent something else,
const NOT_A_TOKEN: &str = r#"Bearer realm="stockflow", error="invalid_request""#;
/// and whose token is not taken.
const BAD_TOKEN: &str = r#"Bearer realm="stockflow", error="invalid_token""#;

/// Who sent a request with these headers.
///
/// # Errors
///
/// [`HttpError`] when nobody is known to, when too many were refused of late to look, or when it
/// cannot be told now.
pub(super) async fn of(
    state: &HttpState,
    headers: &HeaderMap,
    request_id: &str,
) -> Result<Caller, HttpError> {
    let admitted = admit(state, authorization(headers), request_id).await;
    admitted.map(|admission| admission.caller).map_err(|not_admitted| match not_admitted {
        NotAdmitted::Refused(refused) => error(refused),
        NotAdmitted::TooMany(error) => error,
    })
}

/// Lets somebody in who shows this; `None` if they show nothing.
///
/// # Errors
///
/// [`NotAdmitted`] when nobody is known to be calling, when too many were refused of late to look, or
/// when it cannot be told now.
pub(super) async fn admit(
    state: &HttpState,
    shown: Option<&str>,
    request_id: &str,
) -> Result<Admission, NotAdmitted> {
    state.rate_limit.may_try(shown).map_err(NotAdmitted::TooMany)?;
    match state.authenticator.authenticate(shown).await {
        Ok(admission) => {
            if !state.authenticator.is_open() {
                state.rate_limit.let_in(shown);
            }
            Ok(admission)
        }
        Err(refused) => {
            tell(refused, request_id);
            if is_refusal(refused) {
                state.rate_limit.take_of_refused().map_err(NotAdmitted::TooMany)?;
            }
            Err(NotAdmitted::Refused(refused))
        }
    }
}

/// Whether it is the client who is at fault.
fn is_refusal(refused: NotAuthenticated) -> bool {
    !matches!(refused, NotAuthenticated::Undecided | NotAuthenticated::Failed)
}

/// Who sent a request with these headers, if they may look into the books of all merchants.
///
/// # Errors
///
/// [`HttpError`] when nobody is known to, or they may not.
pub(super) async fn of_everything(
    state: &HttpState,
    headers: &HeaderMap,
    request_id: &str,
) -> Result<Caller, HttpError> {
    let caller = of(state, headers, request_id).await?;
    if caller.acts_for_all_merchants() && caller.has(Scope::AuditRead) {
        return Ok(caller);
    }
    let message = "this is for callers who act for all merchants and have the scope audit:read";
    Err(HttpError::new(StatusCode::FORBIDDEN, code::FORBIDDEN, message))
}

/// The header. Several, or one that is not text, are left to be no token.
pub(super) fn authorization(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let first = all.next()?;
    let only = all.next().is_none().then_some(first);
    Some(only.and_then(|only| only.to_str().ok()).unwrap_or_default())
}

/// What a token that is not taken costs must be little, so that a flood of them fills no disk: the
/// reasons are told to whoever looks for them.
fn tell(refused: NotAuthenticated, request_id: &str) {
    match refused {
        NotAuthenticated::Undecided | NotAuthenticated::Failed => {
            tracing::warn!(request_id, reason = %refused, "nobody is known to be calling");
        }
        NotAuthenticated::Missing
        | NotAuthenticated::Malformed
        | NotAuthenticated::Expired
        | NotAuthenticated::NotYetValid
        | NotAuthenticated::Invalid(_) => {
            tracing::debug!(request_id, reason = %refused, "nobody is known to be calling");
        }
    }
}

fn error(refused: NotAuthenticated) -> HttpError {
    match refused {
        NotAuthenticated::Missing => unauthenticated(
            "say who you are: send a token in the header Authorization, as Bearer TOKEN",
            NO_TOKEN,
        ),
        NotAuthenticated::Malformed => unauthenticated(
            "the header Authorization must be sent once, as Bearer TOKEN",
            NOT_A_TOKEN,
        ),
        NotAuthenticated::Expired => {
            unauthenticated("the token has expired; get a new one", BAD_TOKEN)
        }
        NotAuthenticated::NotYetValid => {
            unauthenticated("the token is not valid yet; see that the clocks are right", BAD_TOKEN)
        }
        NotAuthenticated::Invalid(_) => {
            unauthenticated("the token is not valid for this server", BAD_TOKEN)
        }
        NotAuthenticated::Failed => HttpError::internal(),
        NotAuthenticated::Undecided => HttpError::undecided(),
    }
}

fn unauthenticated(message: &'static str, challenge: &'static str) -> HttpError {
    let error = HttpError::new(StatusCode::UNAUTHORIZED, code::UNAUTHENTICATED, message);
    HttpError { challenge: Some(challenge), ..error }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn there_is_one_header_and_it_is_text() {
        let of = |values: &[&[u8]]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
            }
            authorization(&headers).map(ToOwned::to_owned)
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[b"Bearer x"]).as_deref(), Some("Bearer x"));
        assert_eq!(of(&[b"Bearer x", b"Bearer x"]).as_deref(), Some(""));
        assert_eq!(of(&[b"Bearer \xff"]).as_deref(), Some(""));
    }
}
