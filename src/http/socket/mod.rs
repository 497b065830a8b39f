//! GraphQL over WebSocket at `/graphql`, to the letter of the protocol `graphql-transport-ws`
//! (PROTOCOL.md of the npm package `graphql-ws`): for subscriptions, and for any other operation.
//!
//! The integration that comes with async-graphql closes with the wrong codes, or with reasons that
//! clients refuse; never asks a client who says nothing to go; replaces a subscription by another of
//! the same id; and takes any number of them before anybody said who they are. So the protocol is
//! spoken by a loop of our own over [`graphql`](crate::graphql):
//!
//! 1. an upgrade is agreed on ([`handshake`]), within the bounds of all requests;
//! 2. messages are read and written ([`message`]), and the [`session`] decides what each asks for: pure,
//!    so that the protocol can be tested and read in one sitting;
//! 3. the [`connection`] carries it out, and looks after the times of the socket;
//! 4. each [`operation`] is a request like any other;
//! 5. who calls is known for as long as their token holds ([`identity`]).
//!
//! What holds here: a socket takes bounded memory, whatever its client sends or does not read; nothing
//! of it outlives it; and it ends when the server stops.

mod close;
mod connection;
mod gate;
mod handshake;
mod identity;
mod message;
mod metrics;
mod operation;
mod operations;
mod pace;
mod pulse;
mod session;
mod wire;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::SEC_WEBSOCKET_VERSION;
use axum::response::Response;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use metrics::SocketMetrics;

use super::error::{HttpError, code};
use super::graphql_endpoint::{self, MediaType};
use super::guard::{Guard, RETRY_AFTER_BUSY};
use super::request_id::{self, MakeId};
use super::{HttpState, caller};
use crate::graphql::OperationMetrics;
use connection::Connection;
use handshake::Handshake;
use identity::{ByCaller, Shown};

/// What clients may ask of sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketLimits {
    /// Sockets at once.
    pub sockets_max: usize,
    /// Sockets of one caller at once, where callers are known.
    pub sockets_per_caller_max: usize,
    /// Operations under way at once on one socket.
    pub operations_per_socket_max: usize,
    /// How long a client may take to say who it is once its socket is open.
    pub init_timeout: Duration,
    /// How often a client is pinged; one that is not heard from one ping to the next is gone.
    pub ping_interval: Duration,
    /// How often a token is looked at again.
    pub token_check_interval: Duration,
    /// How long a client may leave something unread, or a message that it has begun unfinished.
    pub unread_timeout: Duration,
}

/// What all sockets have in common.
#[derive(Debug)]
pub(super) struct Sockets {
    state: Arc<HttpState>,
    guard: Arc<Guard>,
    places: Arc<Semaphore>,
    by_caller: ByCaller,
    ids: MakeId,
    /// Where operations are counted of which it is not known what they ask for.
    none: Arc<OperationMetrics>,
}

impl Sockets {
    /// None yet. Their operations take places of `guard`, as requests do.
    pub(super) fn new(state: Arc<HttpState>, guard: Arc<Guard>) -> Arc<Self> {
        let places = state.socket_limits.sockets_max.min(Semaphore::MAX_PERMITS);
        let none = state.schema.metrics_of_none();
        Arc::new(Self {
            state,
            guard,
            places: Arc::new(Semaphore::new(places)),
            by_caller: ByCaller::default(),
            ids: MakeId::new(),
            none,
        })
    }

    fn limits(&self) -> &SocketLimits {
        &self.state.socket_limits
    }

    fn metrics(&self) -> &SocketMetrics {
        &self.state.socket_metrics
    }

    /// A place for one more.
    fn place(&self) -> Result<OwnedSemaphorePermit, HttpError> {
        if self.state.stopping.is_closed() {
            return Err(HttpError::stopping());
        }
        let full = |_full| busy("as many sockets are open as may be; try again later");
        Arc::clone(&self.places).try_acquire_owned().map_err(full)
    }
}

fn busy(message: &'static str) -> HttpError {
    let error = HttpError::new(StatusCode::SERVICE_UNAVAILABLE, code::BUSY, message);
    HttpError { retryable: true, retry_after: Some(RETRY_AFTER_BUSY), ..error }
}

/// Opens a socket where a GET of `/graphql` asks for one; any other is a request of its own.
pub(super) async fn serve(State(sockets): State<Arc<Sockets>>, mut request: Request) -> Response {
    if !handshake::is_asked(&request) {
        return graphql_endpoint::serve(State(Arc::clone(&sockets.state)), request).await;
    }
    let agreed = Handshake::of(&mut request)
        .and_then(|handshake| sockets.place().map(|place| (handshake, place)));
    let id = request_id::of(request.extensions());
    let (handshake, place) = match agreed {
        Ok(agreed) => agreed,
        Err(error) => {
            let is_other_version = error.status == StatusCode::UPGRADE_REQUIRED;
            let mut response = error.into_response(MediaType::Json, id);
            if is_other_version {
                response.headers_mut().insert(SEC_WEBSOCKET_VERSION, handshake::VERSION);
            }
            return response;
        }
    };
    let response = handshake.response();
    let shown = Shown::in_header(caller::authorization(request.headers()));
    let id: Arc<str> = id.into();
    #[expect(clippy::disallowed_methods, reason = "`serve` waits for its stream, and so for it")]
    drop(tokio::spawn(async move {
        live(&sockets, id, handshake.upgrade, shown).await;
        drop(place);
    }));
    response
}

/// Serves a socket until its end.
async fn live(sockets: &Arc<Sockets>, id: Arc<str>, upgrade: OnUpgrade, shown: Shown) {
    let stream = match upgrade.await {
        Ok(stream) => TokioIo::new(stream),
        // Its client did not wait for the answer.
        Err(error) => {
            tracing::debug!(%error, request_id = &*id, "a connection was not upgraded");
            return;
        }
    };
    let began = Instant::now();
    sockets.metrics().opened();
    let connection = Connection::new(Arc::clone(sockets), Arc::clone(&id), stream, shown).await;
    let mut connection = Box::new(connection);
    let end = connection.run().await;
    connection.end(&end).await;
    let label = end.label();
    sockets.metrics().ended(&label);
    tracing::info!(
        target: "stockflow::request",
        caller = connection.actor(),
        closed = label,
        duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        request_id = &*id,
        "socket",
    );
}
