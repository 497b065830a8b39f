//! The name under which a request is found again: in its answer, in its errors and in the log.

use axum::extract::Request;
use axum::http::{Extensions, HeaderMap, HeaderValue};
use tower_http::request_id::RequestId;

const X_REQUEST_ID: &str = "x-request-id";
const REQUEST_ID_BYTES_MAX: usize = 64;

/// Takes away an id that the client may not choose: it is written to the log, so it must be
/// short and of harmless characters. The server then makes one of its own.
pub(super) fn drop_unfit(mut request: Request) -> Request {
    if !is_fit(request.headers()) {
        request.headers_mut().remove(X_REQUEST_ID);
    }
    request
}

fn is_fit(headers: &HeaderMap) -> bool {
    let mut ids = headers.get_all(X_REQUEST_ID).iter().map(HeaderValue::as_bytes);
    let fit = |id: &[u8]| {
        (1..=REQUEST_ID_BYTES_MAX).contains(&id.len())
            && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte))
    };
    ids.next().is_some_and(fit) && ids.next().is_none()
}

/// The id of the request that carries these extensions.
pub(super) fn of(extensions: &Extensions) -> &str {
    extensions.get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or("none")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_chooses_among_harmless_ids() {
        let fit = |ids: &[&str]| {
            let pairs = ids.iter().map(|id| {
                (X_REQUEST_ID.parse().unwrap(), HeaderValue::from_bytes(id.as_bytes()).unwrap())
            });
            is_fit(&pairs.collect())
        };
        let long = "x".repeat(65);
        assert!(fit(&["order-7_a.B"]));
        assert!(fit(&[&long[1..]]));
        for unfit in [&[][..], &[""], &[&long], &["a b"], &["a\"b"], &["ä"], &["a", "b"]] {
            assert!(!fit(unfit), "{unfit:?}");
        }
    }
}
