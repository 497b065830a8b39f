//! What every answer tells browsers and caches, unless it says otherwise itself.

use axum::http::header::{CACHE_CONTROL, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue, Response};

/// Which pages may load what is here as a part of their own: an image, a script.
static RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Adds them. Amounts of stock are of this moment, so nothing is stored; and who has once come by
/// TLS comes by TLS for a year.
pub(super) fn add<B>(mut response: Response<B>, by_tls: bool) -> Response<B> {
    let headers = response.headers_mut();
    let same_origin = HeaderValue::from_static("same-origin");
    headers.insert(&RESOURCE_POLICY, same_origin);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if by_tls {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
    response
}
