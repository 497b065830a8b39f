//! The routes, and what is put around every one of them.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::X_CONTENT_TYPE_OPTIONS;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;
use tower::ServiceBuilder;
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use tracing::Span;

use super::error::{HttpError, code};
use super::graphql_endpoint::{self, MediaType};
use super::health::{self, Readiness};
use super::request_id::{self, MakeId};
use super::{metrics, page};
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
    /// The largest body that is read.
    pub body_bytes_max: usize,
    /// Ends every request that is still under way; [`serve`](super::serve) says when.
    pub cut_off: CancellationToken,
}

impl std::fmt::Debug for HttpState {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("HttpState")
    }
}

/// Every route of the server.
pub fn router(state: HttpState) -> Router {
    let cut_off = state.cut_off.clone();
    Router::new()
        .route("/graphql", get(graphql_endpoint::serve).post(graphql_endpoint::serve))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::text))
        .merge(page::router())
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Arc::new(state))
        // In one piece, because a router boxes every layer that it is given: the first is the
        // outermost, and sees what those below it have done.
        .layer(
            ServiceBuilder::new()
                .map_request(request_id::drop_unfit)
                .layer(SetRequestIdLayer::x_request_id(MakeId::new()))
                .layer(SetResponseHeaderLayer::if_not_present(
                    X_CONTENT_TYPE_OPTIONS,
                    HeaderValue::from_static("nosniff"),
                ))
                .layer(
                    TraceLayer::new_for_http()
                        .make_span_with(span)
                        .on_request(())
                        .on_response(log_response)
                        .on_failure(()),
                )
                .layer(PropagateRequestIdLayer::x_request_id())
                .layer(from_fn_with_state(cut_off, contain)),
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

/// Lets a request end with an answer whatever becomes of it: a panic, which is then its own
/// affair, or the end of the server's patience. The layer of tower-http that catches panics does
/// not see the request, so could not tell its id.
async fn contain(
    State(cut_off): State<CancellationToken>,
    request: Request,
    next: Next,
) -> Response {
    let id = request_id::of(request.extensions()).to_owned();
    let error = tokio::select! {
        caught = AssertUnwindSafe(next.run(request)).catch_unwind() => match caught {
            Ok(response) => return response,
            // What it was is in the log already: the panic hook has written it.
            Err(_panic) => {
                tracing::error!(request_id = id, "a request ended in a panic");
                HttpError::internal()
            }
        },
        () = cut_off.cancelled() => HttpError::stopping(),
    };
    error.into_response(MediaType::Json, &id)
}

/// The path without its query, which may hold what a client asks for. Only for whoever looks for a
/// fault: what is logged of a request at the usual level names its id by itself, and a span that
/// nobody needs is a twentieth of what a request costs.
fn span(request: &Request) -> Span {
    tracing::debug_span!(
        "request",
        method = %request.method(),
        path = request.uri().path(),
        request_id = request_id::of(request.extensions()),
    )
}

fn log_response(response: &Response, latency: Duration, _span: &Span) {
    let status = response.status().as_u16();
    let latency_ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
    if response.status().is_server_error() {
        let request_id = request_id::of_response(response.headers());
        tracing::warn!(request_id, status, latency_ms, "answered");
    } else {
        // A flash sale would fill the disk with it.
        tracing::debug!(status, latency_ms, "answered");
    }
}
