//! The name under which a request is found again: in its answer, in its errors and in the log.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::Request;
use axum::http::{Extensions, HeaderMap, HeaderValue};
use tower_http::request_id::{MakeRequestId, RequestId};

/// The header that carries it.
pub(super) const X_REQUEST_ID: &str = "x-request-id";
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

/// Makes ids for requests whose clients chose none: random for the process, then counted. Random for
/// each request, they would ask the system for every one.
#[derive(Clone, Debug)]
pub(super) struct MakeId {
    process: u64,
    made: Arc<AtomicU64>,
}

impl MakeId {
    pub(super) fn new() -> Self {
        // The keys of a hasher are random for each that is made (`RandomState`).
        Self { process: RandomState::new().hash_one(()), made: Arc::default() }
    }

    /// The next id.
    pub(super) fn next(&self) -> String {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        format!("{:016x}-{number}", self.process)
    }
}

impl MakeRequestId for MakeId {
    fn make_request_id<B>(&mut self, _request: &axum::http::Request<B>) -> Option<RequestId> {
        HeaderValue::try_from(self.next()).ok().map(RequestId::new)
    }
}

/// The id of the request that carries these extensions.
pub(super) fn of(extensions: &Extensions) -> &str {
    told(extensions.get())
}

/// An id as it is told; that of a request that has none is `none`.
pub(super) fn told(id: Option<&RequestId>) -> &str {
    id.and_then(|id| id.header_value().to_str().ok()).unwrap_or("none")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_harmless_and_no_two_are_equal() {
        let request = axum::http::Request::new(());
        let (mut one, mut other) = (MakeId::new(), MakeId::new());
        let mut ids: Vec<HeaderValue> = (0..50)
            .flat_map(|_round| [&mut one, &mut other].map(|make| make.make_request_id(&request)))
            .map(|id| id.unwrap().into_header_value())
            .collect();
        for id in &ids {
            assert!(is_fit(&[(X_REQUEST_ID.parse().unwrap(), id.clone())].into_iter().collect()));
        }
        ids.sort_by(|one, other| one.as_bytes().cmp(other.as_bytes()));
        ids.dedup();
        assert_eq!(ids.len(), 100);
    }

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
