//! Whose web pages may make a browser call the server.
//!
//! A browser lets a page send requests to any server, and names the page's origin in most of them.
//! Only pages of this server and of the origins in `server.cors_origins` are served; what programs
//! send has no origin. That alone does not guard a server on loopback that authenticates nobody,
//! which is what a developer runs: a page at `http://evil.example:8000` whose name is given the
//! address 127.0.0.1 once it is loaded (DNS rebinding) is of one origin with whatever listens on
//! port 8000 of the visitor's machine, as far as the browser can tell. What gives it away is the name
//! by which it calls. So such a server is to be called by a name of loopback, by the host that it
//! listens on, or by a name in `server.hosts`.
//!
//! With authentication, a page would need a token, which no browser adds by itself; where those who
//! run the server ask, nobody is authenticated, so the rule holds there whenever it is on loopback.

use std::time::Duration;

use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::error::{HttpError, code};
use super::graphql_endpoint::READ_AFTER;
use super::request_id::X_REQUEST_ID;
use crate::config::{ANY_ORIGIN, host_address, is_loopback};

/// How long a browser may remember what it was allowed.
const PREFLIGHT_AGE_MAX: Duration = Duration::from_mins(10);

/// Whose pages are served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// Origins as browsers spell them, or [`ANY_ORIGIN`] alone.
    pub allowed: Vec<String>,
    /// By which names the server may be called besides those of loopback; `None` for any.
    pub hosts: Option<Vec<String>>,
}

impl Origins {
    /// Refuses what a page of elsewhere has sent.
    ///
    /// # Errors
    ///
    /// [`HttpError`] with what would let it pass.
    pub(super) fn check(&self, request: &Request) -> Result<(), HttpError> {
        let origin = request.headers().get(ORIGIN);
        if origin.is_none() && self.hosts.is_none() {
            return Ok(());
        }
        let host = called(request);
        if let (Some(hosts), Some(host)) = (&self.hosts, host)
            && !is_among(hosts, name(host))
        {
            return Err(forbidden(
                "the server is not to be called by this name; server.hosts lists those by which it is",
            ));
        }
        match origin {
            Some(origin) if !self.allows(origin, host) => Err(forbidden(
                "pages of this origin may not call; server.cors_origins lists those that may",
            )),
            Some(_) | None => Ok(()),
        }
    }

    fn allows(&self, origin: &HeaderValue, host: Option<&str>) -> bool {
        let Ok(origin) = origin.to_str() else { return false };
        // A proxy may have spoken TLS in front of the server, so the scheme tells nothing.
        let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        authority.zip(host).is_some_and(|(origin, host)| origin.eq_ignore_ascii_case(host))
            || self.allowed.iter().any(|allowed| allowed == origin || allowed == ANY_ORIGIN)
    }

    /// What tells browsers which pages may call; `None` if none of elsewhere may.
    pub(super) fn layer(&self) -> Option<CorsLayer> {
        let allowed = match &*self.allowed {
            [] => return None,
            [any] if any == ANY_ORIGIN => AllowOrigin::any(),
            list => AllowOrigin::list(list.iter().filter_map(|origin| origin.parse().ok())),
        };
        let named = HeaderName::from_static;
        Some(
            CorsLayer::new()
                .allow_origin(allowed)
                .allow_methods([Method::GET, Method::POST])
                .allow_headers([
                    CONTENT_TYPE,
                    AUTHORIZATION,
                    named(READ_AFTER),
                    named(X_REQUEST_ID),
                    named("traceparent"),
                ])
                .expose_headers([named(X_REQUEST_ID), RETRY_AFTER])
                .max_age(PREFLIGHT_AGE_MAX),
        )
    }
}

fn forbidden(message: &'static str) -> HttpError {
    HttpError::new(StatusCode::FORBIDDEN, code::ORIGIN_NOT_ALLOWED, message)
}

/// The name, and perhaps the port, by which the client calls the server. Browsers always tell.
fn called(request: &Request) -> Option<&str> {
    match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        // What is not text is no name; it is left to be none of those that are allowed.
        None => request.headers().get(HOST).map(|host| host.to_str().unwrap_or("?")),
    }
}

/// The name without its port.
fn name(host: &str) -> &str {
    let end = match host.strip_prefix('[') {
        Some(rest) => rest.find(']').map(|at| at.saturating_add(2)),
        None => host.find(':'),
    };
    end.and_then(|end| host.get(..end)).unwrap_or(host)
}

/// Whether a name is listed, or is of loopback whatever a name server says (RFC 6761, section 6.3).
fn is_among(hosts: &[String], name: &str) -> bool {
    hosts.iter().any(|host| host.eq_ignore_ascii_case(name)) || names_loopback(name)
}

/// Whether a name, or an address as URLs spell it, is of loopback.
fn names_loopback(name: &str) -> bool {
    if let Some(address) = host_address(name) {
        return is_loopback(address);
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    name.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn asked(host: &str, origin: Option<&str>) -> Request {
        let request = Request::builder().uri("/graphql").header(HOST, host);
        let request = match origin {
            Some(origin) => request.header(ORIGIN, origin),
            None => request,
        };
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn only_pages_of_the_server_and_of_listed_origins_call() {
        let origins = Origins { allowed: vec!["https://shop.example".into()], hosts: None };
        for (host, origin, allowed) in [
            ("stock.example", None, true),
            ("stock.example", Some("https://shop.example"), true),
            ("stock.example", Some("https://stock.example"), true),
            ("stock.example:8000", Some("http://STOCK.example:8000"), true),
            ("stock.example", Some("http://shop.example"), false),
            ("stock.example", Some("https://shop.example.evil"), false),
            ("stock.example", Some("https://evil.example"), false),
            ("stock.example:8000", Some("http://stock.example"), false),
            ("stock.example", Some("null"), false),
            ("stock.example", Some(""), false),
        ] {
            let checked = origins.check(&asked(host, origin));
            assert_eq!(checked.is_ok(), allowed, "{origin:?} to {host}");
        }
        let any = Origins { allowed: vec![ANY_ORIGIN.into()], hosts: None };
        assert!(any.check(&asked("stock.example", Some("null"))).is_ok());
    }

    #[test]
    fn a_guarded_server_has_names_of_its_own() {
        let origins = Origins { allowed: vec![], hosts: Some(vec!["stock.example".into()]) };
        for (host, allowed) in [
            ("127.0.0.1:8000", true),
            ("127.8.9.1", true),
            ("localhost:8000", true),
            ("LocalHost.", true),
            ("shop.localhost:1", true),
            ("[::1]:8000", true),
            ("[::ffff:127.0.0.1]:8000", true),
            ("Stock.example:8000", true),
            ("evil.example:8000", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("notlocalhost", false),
            ("10.0.0.1", false),
            ("0.0.0.0:8000", false),
            ("[::2]:8000", false),
            ("", false),
        ] {
            assert_eq!(origins.check(&asked(host, None)).is_ok(), allowed, "{host}");
        }
        // To the browser, the page of a name that was given this machine's address is of one origin
        // with the server.
        let rebound = asked("evil.example:8000", Some("http://evil.example:8000"));
        assert_eq!(origins.check(&rebound).unwrap_err().code, code::ORIGIN_NOT_ALLOWED);
    }
}
