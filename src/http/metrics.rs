//! `/metrics`: what is counted, for an operator's Prometheus.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::graphql_endpoint::MediaType;
use super::{HttpState, caller, request_id};
use crate::telemetry::{METRICS_MEDIA_TYPE, Metrics};

/// Where clients reach the server: for whoever may see the books of all merchants, since what is
/// counted is counted over all of them.
pub(super) async fn text(State(state): State<Arc<HttpState>>, request: Request) -> Response {
    let id = request_id::of(request.extensions());
    match caller::of_everything(&state, request.headers(), id).await {
        Ok(_caller) => answer(&state.metrics).into_response(),
        Err(error) => error.into_response(MediaType::Json, id),
    }
}

/// The route where only those reach it who run it.
pub(super) fn router(metrics: Arc<Metrics>) -> Router {
    let text = async |State(metrics): State<Arc<Metrics>>| answer(&metrics);
    Router::new().route("/metrics", get(text)).with_state(metrics)
}

/// All the numbers as they are now.
fn answer(metrics: &Metrics) -> impl IntoResponse + use<> {
    ([(CONTENT_TYPE, METRICS_MEDIA_TYPE)], metrics.text())
}
