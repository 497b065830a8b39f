//! The routes, and what is put around every one of them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRef, Request};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use tower::ServiceBuilder;
use tower_http::cors::CorsLayer;
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};

use super::error::{HttpError, code};
use super::graphql_endpoint::{self, MediaType};
use super::guard::{Guard, RequestLimits, contain};
use super::health::{self, Health, Readiness};
use super::request_id::{self, MakeId};
use super::request_log::{self, GRAPHQL, Watch};
use super::request_metrics::HttpMetrics;
use super::socket::{self, SocketLimits, SocketMetrics, Sockets};
use super::{Origins, RateLimit, Stopping, export, headers, metrics, page};
use crate::auth::Authenticator;
use crate::graphql::Schema;
use crate::telemetry::Metrics;

/// What the routes need.
pub struct HttpState {
    /// Who may call.
    pub authenticator: Authenticator,
    /// What `/graphql` is asked.
    pub schema: Schema,
    /// What `/readyz` asks.
    pub readiness: Arc<dyn Readiness>,
    /// What `/metrics` tells.
    pub metrics: Arc<Metrics>,
    /// Whether clients reach `/metrics`; if not, it is among [`operations_router`]'s alone.
    pub metrics_for_clients: bool,
    /// Whether there is a page at `/`.
    pub graphiql: bool,
    /// Where requests are counted.
    pub http_metrics: HttpMetrics,
    /// The largest body that is read.
    pub body_bytes_max: usize,
    /// What requests may ask of the server's time.
    pub request_limits: RequestLimits,
    /// How many a caller may send.
    pub rate_limit: RateLimit,
    /// What clients may ask of sockets.
    pub socket_limits: SocketLimits,
    /// Where sockets are counted.
    pub socket_metrics: SocketMetrics,
    /// Whose pages are served.
    pub origins: Origins,
    /// Whether clients speak TLS with the server.
    pub by_tls: bool,
    /// The end; [`serve`](super::serve) says when.
    pub stopping: Stopping,
}

impl std::fmt::Debug for HttpState {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("HttpState")
    }
}

/// What the routes are given.
#[derive(Clone)]
struct Given {
    state: Arc<HttpState>,
    sockets: Arc<Sockets>,
}

impl FromRef<Given> for Arc<HttpState> {
    fn from_ref(given: &Given) -> Self {
        Self::clone(&given.state)
    }
}

impl FromRef<Given> for Arc<Sockets> {
    fn from_ref(given: &Given) -> Self {
        Self::clone(&given.sockets)
    }
}

/// Every route of the server for its clients.
pub fn router(state: HttpState) -> Router {
    let stopping = state.stopping.clone();
    let guard = Guard::new(state.request_limits, state.origins.clone(), stopping.clone());
    let guard = Arc::new(guard);
    let health = Health { readiness: Arc::clone(&state.readiness), stopping };
    let watch = watch(&state);
    let by_tls = state.by_tls;
    let mut routes = Router::new().route(GRAPHQL, get(socket::serve).post(graphql_endpoint::serve));
    routes = routes.route(export::CSV, get(export::csv));
    routes = routes.route(export::JSON_LINES, get(export::json_lines));
    if state.metrics_for_clients {
        routes = routes.route("/metrics", get(metrics::text));
    }
    if state.graphiql {
        routes = routes.merge(page::router());
    }
    let cors = state.origins.layer();
    let state = Arc::new(state);
    let sockets = Sockets::new(Arc::clone(&state), Arc::clone(&guard));
    let routes = routes.with_state(Given { state, sockets }).merge(health::router(health));
    surround(routes, Around { guard, watch, cors, by_tls })
}

/// The routes for those who run the server, over a listener of their own. Holds nothing of what
/// `state` is asked by clients, so that the ledger can end before it; `origins` are its own.
pub fn operations_router(state: &HttpState, origins: Origins) -> Router {
    let readiness = Arc::clone(&state.readiness);
    let health = Health { readiness, stopping: state.stopping.clone() };
    // It goes on when clients are cut off.
    let guard = Arc::new(Guard::new(state.request_limits, origins, Stopping::new()));
    let watch = watch(state);
    let routes = health::router(health).merge(metrics::router(Arc::clone(&state.metrics)));
    surround(routes, Around { guard, watch, cors: None, by_tls: false })
}

/// What looks at each request and answer.
fn watch(state: &HttpState) -> Arc<Watch> {
    let none = state.schema.metrics_of_none();
    Arc::new(Watch { http: state.http_metrics.clone(), none })
}

/// What is around every route.
struct Around {
    guard: Arc<Guard>,
    watch: Arc<Watch>,
    cors: Option<CorsLayer>,
    by_tls: bool,
}

/// Puts around the routes what is around every one of them.
fn surround(routes: Router, around: Around) -> Router {
    let Around { guard, watch, cors, by_tls } = around;
    routes
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        // In one piece, because a router boxes every layer that it is given: the first is the
        // outermost, and sees what those below it have done.
        .layer(
            ServiceBuilder::new()
                .map_request(request_id::drop_unfit)
                .layer(SetRequestIdLayer::x_request_id(MakeId::new()))
                .map_response(move |response| headers::add(response, by_tls))
                .layer(from_fn_with_state(watch, request_log::watch))
                .layer(PropagateRequestIdLayer::x_request_id())
                .option_layer(cors)
                .layer(from_fn_with_state(guard, contain)),
        )
}

async fn not_found(uri: Uri, request: Request) -> Response {
    let message = format!("there is nothing at {}; GraphQL is at /graphql", uri.path());
    HttpError::new(StatusCode::NOT_FOUND, code::NOT_FOUND, message)
        .into_response(MediaType::Json, request_id::of(request.extensions()))
}

/// The header `Allow` is added by the router, which knows.
async fn method_not_allowed(method: Method, request: Request) -> Response {
    let message = format!("{} does not take {method}", request.uri().path());
    HttpError::new(StatusCode::METHOD_NOT_ALLOWED, code::METHOD_NOT_ALLOWED, message)
        .into_response(MediaType::Json, request_id::of(request.extensions()))
}
