//! `/metrics`: what is counted, for an operator's Prometheus.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use super::HttpState;
use crate::telemetry::METRICS_MEDIA_TYPE;

/// All the numbers as they are now.
pub(super) async fn text(State(state): State<Arc<HttpState>>) -> impl IntoResponse {
    ([(CONTENT_TYPE, METRICS_MEDIA_TYPE)], state.metrics.text())
}
