//! Watches requests from their arrival to their answer: counts each, tells each GraphQL request in
//! one line of the log, and has it traced where that is wanted.
//!
//! What the line says comes from where it is known: who calls and what for from the GraphQL endpoint,
//! by [`RequestNotes`]; the code of an error that did not reach GraphQL from the answer. Nothing of
//! what a client sent is in it but its own name for the operation, cleaned, and its request id.
//!
//! A request whose client hangs up is told and counted too, as `gone`.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry_http::HeaderExtractor;
use tower_http::request_id::RequestId;
use tracing::Instrument as _;

use super::error::ErrorCode;
use super::request_id;
use super::request_metrics::HttpMetrics;
use crate::auth::Caller;
use crate::graphql::{Executed, OUTCOME_OK, Operation, OperationMetrics, codes};
use crate::telemetry::trace::Span;

/// The path of GraphQL, whose requests are told by one line each.
pub(super) const GRAPHQL: &str = "/graphql";

/// What became of a request whose client did not wait for it.
pub(super) const OUTCOME_GONE: &str = "gone";

/// What became of a request that was answered with an error that has no code.
const OUTCOME_OTHER: &str = "other";

/// Bytes of a path that are told, at the level for whoever looks for a fault.
const PATH_BYTES_MAX: usize = 128;

/// What becomes known of a GraphQL request while it is answered. It is among the request's
/// extensions.
#[derive(Debug, Default)]
pub(super) struct RequestNotes {
    caller: OnceLock<Caller>,
    executed: OnceLock<(Arc<Operation>, &'static str)>,
}

impl RequestNotes {
    /// Those of a request; nobody reads what is noted of a request that has none.
    pub(super) fn of(request: &Request) -> Arc<Self> {
        request.extensions().get::<Arc<Self>>().cloned().unwrap_or_default()
    }

    /// Notes who calls, once that is known.
    pub(super) fn caller(&self, caller: &Caller) {
        self.caller.get_or_init(|| caller.clone());
    }

    /// Notes what was asked for, and what became of it.
    pub(super) fn executed(&self, executed: &Executed) {
        self.executed.get_or_init(|| (Arc::clone(&executed.operation), executed.outcome));
    }
}

/// What watches.
#[derive(Debug)]
pub(super) struct Watch {
    /// Where all requests are counted.
    pub(super) http: HttpMetrics,
    /// Where GraphQL requests are counted of which it is not known what they ask for.
    pub(super) none: Arc<OperationMetrics>,
}

/// Watches one request.
pub(super) async fn watch(
    State(watch): State<Arc<Watch>>,
    mut request: Request,
    next: Next,
) -> Response {
    // Without its query, which may hold what a client asks for. Only for whoever looks for a fault:
    // a span that nobody needs is a twentieth of what a request costs.
    let span = tracing::debug_span!(
        "request",
        method = %request.method(),
        path = path(&request),
        request_id = request_id::of(request.extensions()),
    );
    let mut watched = Watched::begin(watch, &mut request);
    let answering = watched.trace.around(next.run(request));
    let response = answering.instrument(span).await;
    watched.answered(&response);
    response
}

fn path(request: &Request) -> &str {
    let path = request.uri().path();
    path.get(..path.len().min(PATH_BYTES_MAX)).unwrap_or_default()
}

/// A request that is being answered. When it is dropped it has ended, one way or the other.
struct Watched {
    watch: Arc<Watch>,
    began: Instant,
    request_id: Option<RequestId>,
    /// `None` for what is no GraphQL.
    notes: Option<Arc<RequestNotes>>,
    answer: Option<(StatusCode, Option<&'static str>)>,
    trace: Span,
}

impl Watched {
    fn begin(watch: Arc<Watch>, request: &mut Request) -> Self {
        let began = Instant::now();
        watch.http.began();
        let request_id = request.extensions().get::<RequestId>().cloned();
        let notes = is_graphql(request).then(Arc::<RequestNotes>::default);
        let mut trace = Span::default();
        if let Some(notes) = &notes {
            request.extensions_mut().insert(Arc::clone(notes));
            trace = traced(request);
        }
        Self { watch, began, request_id, notes, answer: None, trace }
    }

    fn answered(&mut self, response: &Response) {
        let code = response.extensions().get::<ErrorCode>().map(|code| code.0);
        self.answer = Some((response.status(), code));
    }

    fn request_id(&self) -> &str {
        request_id::told(self.request_id.as_ref())
    }

    fn graphql_ended(&self, notes: &RequestNotes, took: Duration) {
        let executed = notes.executed.get();
        let operation = executed.map(|(operation, _outcome)| operation.as_ref());
        let outcome = match (self.answer, executed) {
            (None, _either) => OUTCOME_GONE,
            (Some((_status, Some(code))), _either) => code,
            (Some(_answer), Some((_operation, outcome))) => outcome,
            (Some((status, None)), None) if succeeded(status) => OUTCOME_OK,
            (Some(_answer), None) => OUTCOME_OTHER,
        };
        let ended = Ended {
            operation,
            caller: notes.caller.get(),
            outcome,
            status: self.answer.map(|(status, _code)| status),
            took,
            request_id: self.request_id(),
            trace: &self.trace,
        };
        ended.count(&self.watch.none);
        ended.tell(None);
    }

    fn other_ended(&self, took: Duration) {
        let status = self.answer.map(|(status, _code)| status);
        let (request_id, duration_ms) = (self.request_id(), milliseconds(took));
        let number = status.map(|status| status.as_u16());
        // That a server is busy or not ready is told where it is found, and anybody may ask.
        let unavailable = StatusCode::SERVICE_UNAVAILABLE;
        if status.is_some_and(|status| status.is_server_error() && status != unavailable) {
            tracing::warn!(request_id, status = number, duration_ms, "answered");
        } else {
            tracing::debug!(request_id, status = number, duration_ms, "answered");
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let took = self.began.elapsed();
        self.watch.http.ended(self.answer.map(|(status, _code)| status));
        match &self.notes {
            Some(notes) => self.graphql_ended(notes, took),
            None => self.other_ended(took),
        }
    }
}

/// A GraphQL request that has ended, over whatever it came.
#[derive(Debug)]
pub(super) struct Ended<'a> {
    /// What it asked for, if that is known.
    pub(super) operation: Option<&'a Operation>,
    /// Who asked, if that is known.
    pub(super) caller: Option<&'a Caller>,
    /// What became of it.
    pub(super) outcome: &'static str,
    /// The status of its answer, if it had one of its own.
    pub(super) status: Option<StatusCode>,
    /// How long it took.
    pub(super) took: Duration,
    /// The id under which it is told.
    pub(super) request_id: &'a str,
    /// Its trace.
    pub(super) trace: &'a Span,
}

impl Ended<'_> {
    /// Counts it: by what it asked for, or among those of which that is not known.
    pub(super) fn count(&self, none: &OperationMetrics) {
        self.operation.map_or(none, Operation::metrics).count(self.outcome, self.took);
    }

    /// Tells it in a line; one that came over a socket with the id of that, and with how many results
    /// it had.
    pub(super) fn tell(&self, socket: Option<(&str, u64)>) {
        self.tell_trace();
        tracing::info!(
            target: "stockflow::request",
            operation = self.operation.map_or("", Operation::name),
            fields = self.operation.map_or("", Operation::fields),
            caller = self.caller.map(Caller::actor),
            outcome = self.outcome,
            status = self.status.map(|status| status.as_u16()),
            duration_ms = milliseconds(self.took),
            request_id = self.request_id,
            trace_id = self.trace.trace_id(),
            socket = socket.map(|(id, _results)| id),
            results = socket.map(|(_id, results)| results),
            "request",
        );
    }

    /// What is known of it at its end, in the words of OpenTelemetry's conventions where they have
    /// any.
    fn tell_trace(&self) {
        if !self.trace.is_traced() {
            return;
        }
        if let Some(operation) = self.operation {
            self.trace.say("graphql.operation.name", operation.name().to_owned());
            self.trace.say("stockflow.fields", operation.fields().to_owned());
            if let Some(kind) = operation.kind() {
                self.trace.say("graphql.operation.type", kind);
            }
        }
        if let Some(caller) = self.caller {
            self.trace.say("user.id", caller.actor().to_owned());
        }
        self.trace.say("stockflow.outcome", self.outcome);
        self.trace.say("stockflow.request_id", self.request_id.to_owned());
        if let Some(status) = self.status {
            self.trace.say("http.response.status_code", i64::from(status.as_u16()));
        }
        let is_server_error = self.status.is_some_and(|status| status.is_server_error());
        if is_server_error || codes::is_fault(self.outcome) {
            self.trace.say("error.type", self.outcome);
            self.trace.fail(self.outcome);
        }
    }
}

/// A socket is opened by an answer of another class than other successes.
fn succeeded(status: StatusCode) -> bool {
    status.is_success() || status == StatusCode::SWITCHING_PROTOCOLS
}

/// Whether a request asks GraphQL something: a browser that asks whether it may (OPTIONS) does not.
fn is_graphql(request: &Request) -> bool {
    request.uri().path() == GRAPHQL
        && [Method::GET, Method::HEAD, Method::POST].contains(request.method())
}

/// The span of a GraphQL request, if it is to be traced.
fn traced(request: &Request) -> Span {
    let name = match *request.method() {
        Method::POST => "POST /graphql",
        Method::HEAD => "HEAD /graphql",
        _ => "GET /graphql",
    };
    let trace = Span::of_request(name, &HeaderExtractor(request.headers()));
    if trace.is_traced() {
        trace.say("http.request.method", request.method().as_str().to_owned());
        trace.say("http.route", GRAPHQL);
        trace.say("url.path", GRAPHQL);
        trace.say("url.scheme", request.uri().scheme_str().unwrap_or("http").to_owned());
    }
    trace
}

/// Milliseconds with three decimals.
fn milliseconds(duration: Duration) -> f64 {
    f64::from(u32::try_from(duration.as_micros()).unwrap_or(u32::MAX)) / 1_000.0
}
