//! What each request passes on its way in, whatever its path, and how it ends if not by itself.
//!
//! - A page of elsewhere is refused ([`Origins`]).
//! - There are so many requests at once and no more, each until its answer is sent; questions about
//!   the server's health are answered all the same, for a busy server is not to be taken for a dead
//!   one.
//! - A panic over one request is its own affair.
//! - A request has so much time, and less when the server's patience ends. What it has given to the
//!   ledger is not taken back by that.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt as _;
use hyper::body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::{HttpError, code};
use super::graphql_endpoint::MediaType;
use super::origin::Origins;
use super::{Stopping, health, request_id};

/// After how long a client who finds the server full may come back.
pub(super) const RETRY_AFTER_BUSY: Duration = Duration::from_secs(1);

/// What requests may ask of the server's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimits {
    /// How long one may take, from its head to its answer.
    pub timeout: Duration,
    /// How many there may be at once, those included whose answers are being sent.
    pub concurrent_max: usize,
}

/// When the time of a request is over, where it has an end that can be told.
#[derive(Clone, Copy, Debug)]
pub(super) struct AnswerBy(pub(super) Option<Instant>);

/// Looks after all that.
#[derive(Debug)]
pub(super) struct Guard {
    limits: RequestLimits,
    places: Arc<Semaphore>,
    origins: Origins,
    stopping: Stopping,
}

impl Guard {
    pub(super) fn new(limits: RequestLimits, origins: Origins, stopping: Stopping) -> Self {
        let places = Semaphore::new(limits.concurrent_max.min(Semaphore::MAX_PERMITS));
        Self { limits, places: Arc::new(places), origins, stopping }
    }

    /// How long a request may take.
    pub(super) fn timeout(&self) -> Duration {
        self.limits.timeout
    }

    /// A place for an operation that came by another way than as a request of its own.
    ///
    /// # Errors
    ///
    /// [`HttpError`] when all are taken.
    pub(super) fn place(&self) -> Result<OwnedSemaphorePermit, HttpError> {
        Arc::clone(&self.places).try_acquire_owned().map_err(|_full| busy())
    }

    /// A place for a request, unless it needs none.
    fn admit(&self, request: &Request) -> Result<Option<OwnedSemaphorePermit>, HttpError> {
        self.origins.check(request)?;
        match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => Ok(Some(place)),
            Err(_full) if health::is_asked(request.uri().path()) => Ok(None),
            Err(_full) => Err(busy()),
        }
    }
}

/// Lets a request in, and end with an answer whatever becomes of it. The layers of tower-http that
/// catch panics and bound times do not see the request, so could not tell its id.
pub(super) async fn contain(
    State(guard): State<Arc<Guard>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = request_id::of(request.extensions()).to_owned();
    let answer_by = AnswerBy(Instant::now().checked_add(guard.limits.timeout));
    request.extensions_mut().insert(answer_by);
    let error = match guard.admit(&request) {
        Err(error) => error,
        Ok(place) => tokio::select! {
            biased;
            caught = AssertUnwindSafe(next.run(request)).catch_unwind() => match caught {
                Ok(response) => return keep(place, response),
                // What it was is in the log already: the panic hook has written it.
                Err(_panic) => {
                    tracing::error!(request_id = id, "a request ended in a panic");
                    HttpError::internal()
                }
            },
            () = guard.stopping.is_cut_off() => HttpError::stopping(),
            () = tokio::time::sleep(guard.limits.timeout) => timeout(guard.limits.timeout),
        },
    };
    error.into_response(MediaType::Json, &id)
}

/// Has a request keep its place until its answer is sent or given up. Answers that are not read take
/// memory as requests under way do.
fn keep(place: Option<OwnedSemaphorePermit>, response: Response) -> Response {
    match place {
        Some(place) => response.map(|body| Body::new(Placed { body, _place: place })),
        None => response,
    }
}

/// A body that has a place.
struct Placed {
    body: Body,
    _place: OwnedSemaphorePermit,
}

impl HttpBody for Placed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn busy() -> HttpError {
    let message = "too many requests are under way; send the same request again, with the same key";
    let error = HttpError::new(StatusCode::SERVICE_UNAVAILABLE, code::BUSY, message);
    HttpError { retryable: true, retry_after: Some(RETRY_AFTER_BUSY), ..error }
}

/// What is answered when a request took longer than it may.
pub(super) fn timeout(limit: Duration) -> HttpError {
    let message = format!(
        "the request took longer than {} ms; a change may have been made all the same: send the \
         same request again, with the same key, and it is not made twice",
        limit.as_millis()
    );
    let error = HttpError::new(StatusCode::SERVICE_UNAVAILABLE, code::TIMEOUT, message);
    HttpError { retryable: true, ..error }
}
