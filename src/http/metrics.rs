//! `/metrics`: what is counted, for an operator's Prometheus.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

use super::graphql_endpoint::MediaType;
use super::{HttpState, caller, request_id};
use crate::telemetry::METRICS_MEDIA_TYPE;

/// All the numbers as they are now, for whoever may see the books of all merchants: what is counted
/// is counted over all of them.
pub(super) async fn text(State(state): State<Arc<HttpState>>, request: Request) -> Response {
    let id = request_id::of(request.extensions());
    match caller::of_everything(&state.authenticator, request.headers(), id).await {
        Ok(_caller) => ([(CONTENT_TYPE, METRICS_MEDIA_TYPE)], state.metrics.text()).into_response(),
        Err(error) => error.into_response(MediaType::Json, id),
    }
}
