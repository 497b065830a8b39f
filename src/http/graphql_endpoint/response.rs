//! What GraphQL answered, in HTTP's words.

use std::collections::BTreeMap;

use async_graphql::{ServerError, Value};
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use serde::Serialize;

use super::media_type::MediaType;
use crate::graphql::{Executed, Stage};
use crate::http::error::{HttpError, code};

/// A response without the entry `data`, because nothing was executed.
#[derive(Serialize)]
struct RequestError<'a> {
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

/// The answer to a request that GraphQL has seen.
pub(super) fn of(executed: &Executed, media_type: MediaType, request_id: &str) -> Response {
    let response = &executed.response;
    let (status, body) = match executed.stage {
        Stage::Executed => (StatusCode::OK, serde_json::to_vec(response)),
        Stage::RequestError => {
            let status = match media_type {
                MediaType::Json => StatusCode::OK,
                MediaType::GraphqlResponse => StatusCode::BAD_REQUEST,
            };
            let error = RequestError { errors: &response.errors, extensions: &response.extensions };
            (status, serde_json::to_vec(&error))
        }
        Stage::MutationNotAllowed => {
            return mutation_over_get().into_response(media_type, request_id);
        }
    };
    match body {
        Ok(body) => {
            let mut response = Response::new(Body::from(body));
            *response.status_mut() = status;
            response.headers_mut().insert(CONTENT_TYPE, media_type.header());
            response
        }
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            HttpError::internal().into_response(media_type, request_id)
        }
    }
}

fn mutation_over_get() -> HttpError {
    let message = "GET is for queries; send what changes something by POST";
    let error = HttpError::new(StatusCode::METHOD_NOT_ALLOWED, code::MUTATION_OVER_GET, message);
    HttpError { allow: Some("POST"), ..error }
}
