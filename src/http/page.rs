//! What the server shows in a browser: at `/` `GraphiQL` with stockflow's examples, at `/console` the
//! console, whose views have addresses below that and are all the one page.
//!
//! The pages are built from `web/` by `build.rs` and lies in the binary, each file as it is and,
//! where that is smaller, packed by gzip; nothing is read, packed or computed at run time. Files
//! under `/assets/` carry a hash of their contents in their names and may be kept for ever; the
//! others are asked for again each time, and answered with 304 while they are unchanged.
//!
//! Every answer carries a content security policy that lets a page run only what this server
//! sent, and talk only to this server. A server that was built without npm has a page that loads
//! `GraphiQL` from a CDN, and a policy that names it (see `web/cdn/`), and no console.

use axum::{
    Router,
    body::Body,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY,
            CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY, VARY, X_FRAME_OPTIONS,
        },
    },
    response::Response,
    routing::get,
};

/// Monaco, `GraphiQL`'s editor, writes style sheets at run time and cannot do without
/// `'unsafe-inline'` for styles; `GraphiQL`'s fonts are `data:` addresses in its style sheet.
const POLICY_BUNDLED: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; \
    style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The console writes no styles but through the document's own model, which needs no leave.
const POLICY_CONSOLE: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; \
    style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// The CDN serves any package to anybody, so that a stricter rule for inline scripts would protect
/// nothing; the import map has to be inline. Its workers start from `blob:` addresses.
const POLICY_CDN: &str = "default-src 'none'; \
    script-src 'self' https://esm.sh 'unsafe-inline' data: blob:; worker-src 'self' blob:; \
    style-src 'self' https://esm.sh 'unsafe-inline'; font-src 'self' https://esm.sh data:; \
    img-src 'self' data:; connect-src 'self' https://esm.sh; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// No other page can hold on to this one, as its opener or by opening it.
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Of what a browser can do for a page, this one needs nothing that is asked for; `GraphiQL` copies
/// to the clipboard.
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const POWERS_NONE: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), \
    payment=(), publickey-credentials-get=(), serial=(), usb=()";

/// Where the console is; what is below it, the console itself tells apart.
const CONSOLE: &str = "/console";
const CONSOLE_VIEWS: &str = "/console/{*view}";
const CONSOLE_SLASH: &str = "/console/";

/// The console's service worker. Its own path would keep it from the console itself, which is not
/// below `/console/`.
const WORKER: &str = "/console/sw.js";
const WORKER_SCOPE: HeaderName = HeaderName::from_static("service-worker-allowed");

/// One file of a page.
#[derive(Debug)]
struct Asset {
    path: &'static str,
    content_type: &'static str,
    /// Weak, because it stands for the file in either form.
    etag: &'static str,
    identity: &'static [u8],
    gzip: Option<&'static [u8]>,
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The routes of the pages, and one for each file that they load.
pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    ASSETS.iter().fold(Router::new(), |router, asset| {
        let send = move |headers: HeaderMap| async move { answer(asset, &headers) };
        let router = router.route(asset.path, get(send));
        if asset.path == CONSOLE {
            router.route(CONSOLE_SLASH, get(send)).route(CONSOLE_VIEWS, get(send))
        } else {
            router
        }
    })
}

/// Sends the file, in the form that the client accepts, or says that the client has it already.
fn answer(asset: &'static Asset, request: &HeaderMap) -> Response {
    let mut response = if lists(request, &IF_NONE_MATCH, |tag| tag == asset.etag || tag == "*") {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        let gzip = asset.gzip.filter(|_| lists(request, &ACCEPT_ENCODING, is_gzip));
        let mut response = Response::new(Body::from(gzip.unwrap_or(asset.identity)));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
        if gzip.is_some() {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    };
    let cache = if asset.path.starts_with("/assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let policy = match asset.path {
        CONSOLE => POLICY_CONSOLE,
        _ if cfg!(page_from_cdn) => POLICY_CDN,
        _ => POLICY_BUNDLED,
    };
    for (name, value) in [
        (ETAG, asset.etag),
        (CACHE_CONTROL, cache),
        (VARY, "accept-encoding"),
        (CONTENT_SECURITY_POLICY, policy),
        (OPENER_POLICY, "same-origin"),
        (PERMISSIONS_POLICY, POWERS_NONE),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if asset.path == WORKER {
        response.headers_mut().insert(WORKER_SCOPE, HeaderValue::from_static(CONSOLE));
    }
    response
}

/// True if the header's list, however many lines it is on, has an item that fits.
fn lists(headers: &HeaderMap, name: &HeaderName, fits: impl Fn(&str) -> bool) -> bool {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|item| fits(item.trim()))
}

/// True for `gzip` and `gzip;q=0.5`, not for `gzip;q=0`, which refuses it.
fn is_gzip(coding: &str) -> bool {
    let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
    let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
    name.trim().eq_ignore_ascii_case("gzip") && weight.is_some_and(|weight| weight > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn gzip_goes_to_those_who_accept_it() {
        for (accepted, expected) in [
            ("gzip", true),
            ("br, GZIP;q=0.8", true),
            ("gzip; q=0.5, *;q=0", true),
            ("gzip;q=0", false),
            ("gzip; q=0.0, br", false),
            ("identity", false),
            ("", false),
        ] {
            let request = asked(&[(ACCEPT_ENCODING, accepted)]);
            assert_eq!(lists(&request, &ACCEPT_ENCODING, is_gzip), expected, "{accepted}");
        }
    }

    #[test]
    fn every_file_is_sent_once_and_then_known() {
        for page in ["/", CONSOLE] {
            assert_eq!(ASSETS.iter().filter(|asset| asset.path == page).count(), 1, "{page}");
        }
        for asset in ASSETS {
            let sent = answer(asset, &HeaderMap::new());
            assert_eq!(sent.status(), StatusCode::OK, "{}", asset.path);
            assert!(!sent.headers().contains_key(CONTENT_ENCODING), "{}", asset.path);
            assert!(sent.headers().contains_key(CONTENT_SECURITY_POLICY), "{}", asset.path);
            assert_eq!(sent.headers().contains_key(WORKER_SCOPE), asset.path == WORKER);

            let packed = answer(asset, &asked(&[(ACCEPT_ENCODING, "gzip, br")]));
            assert_eq!(packed.headers().contains_key(CONTENT_ENCODING), asset.gzip.is_some());

            let known = answer(asset, &asked(&[(IF_NONE_MATCH, asset.etag)]));
            assert_eq!(known.status(), StatusCode::NOT_MODIFIED, "{}", asset.path);
            assert_eq!(known.headers()[ETAG], asset.etag);
        }
    }
}
