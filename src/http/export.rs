//! `/export/flows.csv` and `/export/flows.jsonl`: the history as a file, for who has `audit:read`.
//!
//! Who may ask, how often and from which pages is what it is for GraphQL. What is refused is told
//! before the head of the answer; what fails behind it breaks the transfer off, so that no client
//! takes a part for the whole, and the last line, the manifest, is missing.
//!
//! The request's time limit bounds the way to the head, and then each page: a long history may take
//! longer. A client that does not read is left to the connection's own limit, one that has gone takes
//! the export with it, and a server that stops and has no more patience breaks it off.

use std::error::Error;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use futures_util::stream;
use serde::Serialize;

use super::error::{ErrorCode, HttpError};
use super::graphql_endpoint::MediaType;
use super::{HttpState, Stopping, caller, request_id};
use crate::audit::export::{Export, Format};
use crate::auth::Caller;
use crate::graphql::{self, ExportOptions, ExportRefused, codes};
use crate::telemetry::causes;

/// Where the one form is, and where the other.
pub(super) const CSV: &str = "/export/flows.csv";
pub(super) const JSON_LINES: &str = "/export/flows.jsonl";

/// After how many seconds a client may come back who finds too many exports under way.
const RETRY_AFTER_SECONDS: u16 = 5;

/// What became of an export whose client did not wait for its end.
const OUTCOME_GONE: &str = "gone";

/// Answers in CSV.
pub(super) async fn csv(State(state): State<Arc<HttpState>>, request: Request) -> Response {
    serve(&state, request, Format::Csv).await
}

/// Answers in JSON Lines.
pub(super) async fn json_lines(State(state): State<Arc<HttpState>>, request: Request) -> Response {
    serve(&state, request, Format::JsonLines).await
}

async fn serve(state: &HttpState, request: Request, format: Format) -> Response {
    let (head, _body) = request.into_parts();
    let id = request_id::of(&head.extensions).to_owned();
    let (caller, parameters) = match admitted(state, &head, &id).await {
        Ok(admitted) => admitted,
        Err(error) => return error.into_response(MediaType::Json, &id),
    };
    let options = ExportOptions {
        caller: caller.clone(),
        request_id: id.clone(),
        parameters,
        format,
        page_time_max: state.request_limits.timeout,
    };
    let export = match graphql::begin_export(&state.schema, options).await {
        Ok(export) => export,
        Err(refused) => return refusal(&refused, &id),
    };
    let mut response = if head.method == Method::HEAD {
        // A body that nobody asks for anything: what is not sent has no length.
        Response::new(Body::from_stream(stream::pending::<Result<Vec<u8>, axum::Error>>()))
    } else {
        let told = Told { request_id: id, caller, format, rows: 0, outcome: OUTCOME_GONE };
        Response::new(body(Sent { export, told, stopping: state.stopping.clone() }))
    };
    let (media_type, disposition) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"flows.csv\""),
        Format::JsonLines => ("application/x-ndjson", "attachment; filename=\"flows.jsonl\""),
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    response
}

/// Who asks, and for what.
async fn admitted(
    state: &HttpState,
    head: &Parts,
    id: &str,
) -> Result<(Caller, Vec<(String, String)>), HttpError> {
    let caller = caller::of(state, &head.headers, id).await?;
    state.rate_limit.take(&caller)?;
    Ok((caller, parameters(&head.uri)?))
}

fn parameters(uri: &Uri) -> Result<Vec<(String, String)>, HttpError> {
    match Query::try_from_uri(uri) {
        Ok(Query(parameters)) => Ok(parameters),
        Err(_text) => Err(HttpError::bad_request("the query string is not UTF-8")),
    }
}

/// What is told of an export that does not begin.
fn refusal(refused: &ExportRefused, request_id: &str) -> Response {
    #[derive(Serialize)]
    struct Refusal<'a> {
        errors: [&'a async_graphql::ServerError; 1],
    }
    let status = match refused.code {
        codes::FORBIDDEN => StatusCode::FORBIDDEN,
        codes::INVALID_ARGUMENT => StatusCode::BAD_REQUEST,
        codes::BUSY | codes::UNAVAILABLE => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let body = match serde_json::to_vec(&Refusal { errors: [&refused.error] }) {
        Ok(body) => body,
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            return HttpError::internal().into_response(MediaType::Json, request_id);
        }
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.extensions_mut().insert(ErrorCode(refused.code));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, MediaType::Json.header());
    if refused.code == codes::BUSY {
        headers.insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS));
    }
    response
}

/// An export that is being sent.
struct Sent {
    export: Export,
    told: Told,
    stopping: Stopping,
}

/// What the log tells of an export when it ends, one way or the other.
struct Told {
    request_id: String,
    caller: Caller,
    format: Format,
    rows: u64,
    outcome: &'static str,
}

impl Drop for Told {
    fn drop(&mut self) {
        tracing::info!(
            request_id = self.request_id,
            caller = self.caller.actor(),
            format = self.format.extension(),
            rows = self.rows,
            outcome = self.outcome,
            "an export ended"
        );
    }
}

type Piece = Result<Vec<u8>, Box<dyn Error + Send + Sync>>;

impl Sent {
    /// The next piece. It is asked for when the client has read the last one.
    async fn next(&mut self) -> Option<Piece> {
        if self.export.is_at_end() {
            return None;
        }
        let piece = tokio::select! {
            biased;
            () = self.stopping.is_cut_off() => {
                self.told.outcome = codes::UNAVAILABLE;
                return Some(Err("the server stops".into()));
            }
            piece = self.export.next() => piece?,
        };
        self.told.rows = self.export.rows();
        Some(match piece {
            Ok(bytes) => {
                if self.export.is_at_end() {
                    self.told.outcome = graphql::OUTCOME_OK;
                }
                Ok(bytes)
            }
            Err(error) => {
                self.told.outcome = "failed";
                let request_id = self.told.request_id.as_str();
                tracing::error!(request_id, causes = causes(&error), "an export broke off");
                Err(error.into())
            }
        })
    }
}

fn body(sent: Sent) -> Body {
    Body::from_stream(stream::unfold(sent, |mut sent| async {
        let piece = sent.next().await?;
        Some((piece, sent))
    }))
}
