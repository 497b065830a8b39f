//! `/graphql`: GraphQL over HTTP, to the letter of its draft
//! (<https://graphql.github.io/graphql-over-http/draft/>).
//!
//! The integration that comes with async-graphql passes 46 of the 61 audits of the working
//! group's own suite (npm `graphql-http`): it answers in one media type whatever is accepted,
//! sends 200 and `data: null` for documents that do not validate, executes mutations sent by GET
//! and bodies of any content type, which lets any web page's form write. None of that can be set
//! right around it, so the endpoint is a response layer of our own over
//! [`graphql::execute`](crate::graphql::execute):
//!
//! 1. what to answer in is agreed on ([`media_type`]), before anything else can go wrong;
//! 2. who is calling is found out, before anything is read that they sent;
//! 3. the request is read ([`request`]): one operation, never a batch;
//! 4. the answer gets the status that its media type asks for ([`response`]).

mod media_type;
mod request;
mod response;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;

pub(super) use media_type::MediaType;
pub(super) use request::{from_parameters, no_json};
pub(super) use response::payload;

use super::error::{HttpError, code};
use super::guard::AnswerBy;
use super::request_log::RequestNotes;
use super::{HttpState, caller, request_id};
use crate::auth::Caller;
use crate::graphql::{self, ExecuteOptions, ReadTokens};

/// In this header a client sends tokens of what it must see.
pub(super) const READ_AFTER: &str = "stockflow-read-after";

/// Answers GET (and HEAD) and POST; the router refuses every other method.
pub(super) async fn serve(State(state): State<Arc<HttpState>>, request: Request) -> Response {
    let id = request_id::of(request.extensions()).to_owned();
    let Some(media_type) = agreed(request.headers()) else {
        return not_acceptable().into_response(MediaType::Json, &id);
    };
    let caller = match caller::of(&state, request.headers(), &id).await {
        Ok(caller) => caller,
        Err(error) => return error.into_response(media_type, &id),
    };
    RequestNotes::of(&request).caller(&caller);
    match state.rate_limit.take(&caller) {
        Ok(()) => answer(&state, caller, request, media_type, &id).await,
        Err(error) => error.into_response(media_type, &id),
    }
}

/// Answers what an authenticated caller asks.
async fn answer(
    state: &HttpState,
    caller: Caller,
    request: Request,
    media_type: MediaType,
    id: &str,
) -> Response {
    let notes = RequestNotes::of(&request);
    let by_post = request.method() == Method::POST;
    let (head, body) = request.into_parts();
    let read = if by_post {
        request::from_body(&head.headers, body, state.body_bytes_max).await
    } else {
        request::from_query(&head.uri)
    };
    let request = match read {
        Ok(request) => request,
        Err(error) => return error.into_response(media_type, id),
    };
    let tokens = head.headers.get_all(READ_AFTER).iter();
    // What is not text is no token; it is left to be refused as one.
    let read_tokens = match ReadTokens::parse(tokens.map(|token| token.to_str().unwrap_or("?"))) {
        Ok(read_tokens) => read_tokens,
        Err(invalid) => return no_token(&invalid).into_response(media_type, id),
    };
    let options = ExecuteOptions {
        caller,
        request_id: id.to_owned(),
        allow_mutations: by_post,
        read_tokens,
        answer_by: head.extensions.get::<AnswerBy>().and_then(|AnswerBy(instant)| *instant),
    };
    let executed = graphql::execute(&state.schema, request, options).await;
    notes.executed(&executed);
    response::of(&executed, media_type, id)
}

fn agreed(headers: &HeaderMap) -> Option<MediaType> {
    // What is not text cannot be a media type; it is left to match nothing.
    media_type::negotiate(headers.get_all(ACCEPT).iter().map(|line| line.to_str().unwrap_or("?")))
}

fn no_token(invalid: &impl std::fmt::Display) -> HttpError {
    HttpError::bad_request(format!(
        "a token in the header {READ_AFTER} {invalid}; send a readToken as it was answered, or \
         several with commas between them"
    ))
}

fn not_acceptable() -> HttpError {
    HttpError::new(
        StatusCode::NOT_ACCEPTABLE,
        code::NOT_ACCEPTABLE,
        "the server sends application/graphql-response+json or application/json, in UTF-8",
    )
}
