//! What GraphQL answered, in HTTP's words.

use std::collections::BTreeMap;
use std::time::Instant;

use async_graphql::{ServerError, Value};
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use serde::Serialize;

use super::media_type::MediaType;
use crate::graphql::codes::PERSISTED_QUERY_NOT_FOUND;
use crate::graphql::{Executed, Stage};
use crate::http::error::{HttpError, code};

/// A response without the entry `data`, because nothing was executed.
#[derive(Serialize)]
struct RequestError<'a> {
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

/// A response to what was executed.
#[derive(Serialize)]
struct Answer<'a> {
    data: &'a Value,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<Extensions<'a>>,
}

#[derive(Serialize)]
struct Extensions<'a> {
    #[serde(flatten)]
    others: &'a BTreeMap<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    read: Option<Read>,
}

/// From where the oldest part of the answer is, and how old it may be.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    source: &'static str,
    age_ms: u64,
}

/// What was executed, as the specification has its response.
pub(in crate::http) fn payload(executed: &Executed) -> impl Serialize {
    let response = &executed.response;
    let read = executed
        .read
        .map(|read| Read { source: read.source(), age_ms: read.age_ms(Instant::now()) });
    let others = &response.extensions;
    let extensions = (read.is_some() || !others.is_empty()).then_some(Extensions { others, read });
    Answer { data: &response.data, errors: &response.errors, extensions }
}

/// The answer to a request that GraphQL has seen.
pub(super) fn of(executed: &Executed, media_type: MediaType, request_id: &str) -> Response {
    let response = &executed.response;
    let (status, body) = match executed.stage {
        Stage::Executed => (StatusCode::OK, serde_json::to_vec(&payload(executed))),
        Stage::RequestError => {
            let status = match media_type {
                MediaType::GraphqlResponse if !only_asks_for_text(response) => {
                    StatusCode::BAD_REQUEST
                }
                MediaType::Json | MediaType::GraphqlResponse => StatusCode::OK,
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

/// Whether a document is not known by its hash. By Apollo's protocol that is no failure of the
/// client's, which sends the document then.
fn only_asks_for_text(response: &async_graphql::Response) -> bool {
    let code = |error: &ServerError| error.extensions.as_ref()?.get("code").cloned();
    let asks = Value::from(PERSISTED_QUERY_NOT_FOUND);
    response.errors.iter().any(|error| code(error).as_ref() == Some(&asks))
}

fn mutation_over_get() -> HttpError {
    let message = "GET is for queries; send what changes something by POST";
    let error = HttpError::new(StatusCode::METHOD_NOT_ALLOWED, code::MUTATION_OVER_GET, message);
    HttpError { allow: Some("POST"), ..error }
}
