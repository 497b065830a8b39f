//! What the server answers when a request does not reach GraphQL, or GraphQL not its end.
//!
//! Whatever the path, the body is GraphQL's: clients have one way to read errors.

use std::borrow::Cow;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;

use super::graphql_endpoint::MediaType;

/// The values of `extensions.code` in errors that this room makes.
pub mod code {
    /// The request is not well-formed: no JSON, no query, a parameter of the wrong type.
    pub const BAD_REQUEST: &str = "BAD_REQUEST";
    /// The caller is known, and may not see this.
    pub const FORBIDDEN: &str = "FORBIDDEN";
    /// As many requests are under way as may be.
    pub const BUSY: &str = "BUSY";
    /// The server is at fault; the log tells more under the request id.
    pub const INTERNAL: &str = "INTERNAL";
    /// The path does not take this method.
    pub const METHOD_NOT_ALLOWED: &str = "METHOD_NOT_ALLOWED";
    /// GET is for questions; what changes something must be sent by POST.
    pub const MUTATION_OVER_GET: &str = "MUTATION_OVER_GET";
    /// The client accepts no type that the server can send.
    pub const NOT_ACCEPTABLE: &str = "NOT_ACCEPTABLE";
    /// There is nothing at this path.
    pub const NOT_FOUND: &str = "NOT_FOUND";
    /// A web page of elsewhere has sent it.
    pub const ORIGIN_NOT_ALLOWED: &str = "ORIGIN_NOT_ALLOWED";
    /// The body is larger than the server reads.
    pub const PAYLOAD_TOO_LARGE: &str = "PAYLOAD_TOO_LARGE";
    /// Who is calling is not known: there is no token, or none that is good.
    pub const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
    /// The caller sends more requests than it may.
    pub const RATE_LIMITED: &str = "RATE_LIMITED";
    /// The request took longer than it may. What it asked for may have been done.
    pub const TIMEOUT: &str = "TIMEOUT";
    /// The server stops before the request was answered, or cannot tell now who is calling. Sent
    /// again, with the same key, the request is answered or carried out, and not twice.
    pub const UNAVAILABLE: &str = "UNAVAILABLE";
    /// The body is of a type that the server does not read.
    pub const UNSUPPORTED_MEDIA_TYPE: &str = "UNSUPPORTED_MEDIA_TYPE";

    /// Every code, for tests of the documentation.
    pub const ALL: [&str; 15] = [
        BAD_REQUEST,
        BUSY,
        FORBIDDEN,
        INTERNAL,
        METHOD_NOT_ALLOWED,
        MUTATION_OVER_GET,
        NOT_ACCEPTABLE,
        NOT_FOUND,
        ORIGIN_NOT_ALLOWED,
        PAYLOAD_TOO_LARGE,
        RATE_LIMITED,
        TIMEOUT,
        UNAUTHENTICATED,
        UNAVAILABLE,
        UNSUPPORTED_MEDIA_TYPE,
    ];
}

/// The code of an answer that this room makes, among the answer's extensions, for the log.
#[derive(Clone, Copy, Debug)]
pub(super) struct ErrorCode(pub(super) &'static str);

/// A request that ends here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HttpError {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: Cow<'static, str>,
    /// The methods that would be taken, where that is what is wrong.
    pub(super) allow: Option<&'static str>,
    /// How the client may say who it is, where that is what is wrong.
    pub(super) challenge: Option<&'static str>,
    /// Whether the same request may fare better when it is sent again.
    pub(super) retryable: bool,
    /// After how long, where that can be told.
    pub(super) retry_after: Option<Duration>,
}

impl HttpError {
    pub(super) fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            allow: None,
            challenge: None,
            retryable: false,
            retry_after: None,
        }
    }

    pub(super) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code::BAD_REQUEST, message)
    }

    pub(super) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            code::INTERNAL,
            "the server failed; its log tells more under the request id",
        )
    }

    /// The server stops, and cannot wait for the answer.
    pub(super) fn stopping() -> Self {
        let message = "the server stops; send the same request again, with the same key";
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, code::UNAVAILABLE, message);
        Self { retryable: true, ..error }
    }

    /// Who is calling cannot be told now.
    pub(super) fn undecided() -> Self {
        let message = "who is calling cannot be told now; send the same request again later, with \
                       the same key";
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, code::UNAVAILABLE, message);
        Self { retryable: true, ..error }
    }

    /// The error as GraphQL has it.
    pub(super) fn entry<'a>(&'a self, request_id: &'a str) -> ErrorEntry<'a> {
        let extensions = Extensions {
            code: self.code,
            retryable: self.retryable,
            retry_after_ms: self.retry_after.map(|after| after.as_millis().max(1)),
            request_id,
        };
        ErrorEntry { message: &self.message, extensions }
    }

    /// The answer.
    pub(super) fn into_response(self, media_type: MediaType, request_id: &str) -> Response {
        let body = ErrorBody { errors: [self.entry(request_id)] };
        // Texts, numbers and a boolean can be written as JSON.
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        response.extensions_mut().insert(ErrorCode(self.code));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, media_type.header());
        if let Some(allow) = self.allow {
            headers.insert(ALLOW, HeaderValue::from_static(allow));
        }
        if let Some(challenge) = self.challenge {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if let Some(after) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(whole_seconds(after)));
        }
        response
    }
}

/// As many seconds as are needed to wait for so long; HTTP counts in whole ones.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0)).max(1)
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    errors: [ErrorEntry<'a>; 1],
}

/// An error of an answer.
#[derive(Serialize)]
pub(super) struct ErrorEntry<'a> {
    message: &'a str,
    extensions: Extensions<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Extensions<'a> {
    code: &'a str,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u128>,
    request_id: &'a str,
}
