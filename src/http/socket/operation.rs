//! One operation of a socket, from its message to its last.
//!
//! It is a request like any other: it has an id of its own, takes from its caller's bucket, has a place
//! among the requests that are under way until it is answered, and so much time; a panic over it is its
//! own affair, and it is told in the log and counted. A subscription has all that until it has begun;
//! from then on it rests between its events, and holds no place.
//!
//! Before each answer it waits until its client has read all that was sent ([`gate`](super::gate)):
//! whoever does not read has nothing executed. Once it goes on it goes on to its answer, for what it
//! holds meanwhile is wanted by others.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use async_graphql::{Request, Value};
use axum::http::HeaderMap;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use opentelemetry_http::HeaderExtractor;
use tokio::sync::OwnedSemaphorePermit;

use super::gate::{Pass, Weight};
use super::{Sockets, message};
use crate::auth::Caller;
use crate::graphql::{
    self, Begun, ExecuteOptions, Executed, LiveAnswers, OUTCOME_OK, Operation, ReadTokens, Stage,
};
use crate::http::error::HttpError;
use crate::http::graphql_endpoint::READ_AFTER;
use crate::http::guard;
use crate::http::request_log::{Ended, OUTCOME_GONE};
use crate::telemetry::trace::Span;

/// An operation that was sent.
pub(super) struct Sent {
    pub(super) sockets: Arc<Sockets>,
    pub(super) caller: Caller,
    /// Under what the socket is found in the log.
    pub(super) socket_id: Arc<str>,
    /// What the client calls the operation.
    pub(super) id: Arc<str>,
    pub(super) request: Box<Request>,
    pub(super) pass: Pass,
    /// What it takes while it is not begun.
    pub(super) weight: Weight,
}

/// A message to the client.
#[derive(Debug)]
pub(super) struct Told {
    /// What the client calls the operation.
    pub(super) id: Arc<str>,
    pub(super) text: String,
    /// Whether the operation is over.
    pub(super) is_last: bool,
}

/// What an operation is told by, message by message. Dropped, it is given up: what it has given to the
/// ledger is not taken back by that.
pub(super) fn told(sent: Sent) -> BoxStream<'static, Told> {
    let record = Record::begin(&sent);
    let Sent { sockets, caller, id, request, pass, weight, .. } = sent;
    let reach = Reach { sockets, caller, request };
    let state = State { id, record, pass, part: Part::Sent(Box::new(reach), weight) };
    stream::unfold(state, State::next).boxed()
}

struct State {
    id: Arc<str>,
    record: Record,
    pass: Pass,
    part: Part,
}

/// What is to reach GraphQL.
struct Reach {
    sockets: Arc<Sockets>,
    caller: Caller,
    request: Box<Request>,
}

/// How far an operation has come.
enum Part {
    /// It was sent.
    Sent(Box<Reach>, Weight),
    /// Its one answer is being sent, until which it holds its place.
    Answered(OwnedSemaphorePermit),
    /// Its answers come as long as there is something to answer.
    Live(Arc<Sockets>, LiveAnswers),
    Over,
}

impl State {
    /// The next message, and what comes after it.
    async fn next(mut self) -> Option<(Told, Self)> {
        match std::mem::replace(&mut self.part, Part::Over) {
            Part::Sent(sent, weight) => {
                self.pass.opened().await;
                drop(weight);
                let sockets = Arc::clone(&sent.sockets);
                match self.record.reach(*sent).await {
                    Ok((Begun::Answered(executed), place)) => Some(self.answered(&executed, place)),
                    Ok((Begun::Live(answers), _place)) => {
                        self.record.began_live(answers.operation());
                        self.live(sockets, answers).await
                    }
                    Err(error) => Some(self.failed(&error)),
                }
            }
            Part::Answered(place) => {
                self.pass.opened().await;
                drop(place);
                let text = message::complete(&self.id);
                Some(self.last(text))
            }
            Part::Live(sockets, answers) => self.live(sockets, answers).await,
            Part::Over => None,
        }
    }

    fn answered(mut self, executed: &Executed, place: OwnedSemaphorePermit) -> (Told, Self) {
        self.record.executed(executed);
        match self.result(executed) {
            Ok(text) => {
                self.part = Part::Answered(place);
                self.more(text)
            }
            Err(text) => self.last(text),
        }
    }

    /// The next answer of a subscription. When the server stops there are no more: its client is to
    /// ask another, and not to take this for the end.
    async fn live(
        mut self,
        sockets: Arc<Sockets>,
        mut answers: LiveAnswers,
    ) -> Option<(Told, Self)> {
        let pass = &mut self.pass;
        let next = async {
            pass.opened().await;
            AssertUnwindSafe(answers.next()).catch_unwind().await
        };
        let next = tokio::select! {
            next = next => next,
            () = sockets.state.stopping.closed() => return None,
        };
        let executed = match next {
            Ok(Some(executed)) => executed,
            Ok(None) => {
                let text = message::complete(&self.id);
                return Some(self.last(text));
            }
            Err(_panic) => {
                let error = self.record.panicked();
                return Some(self.failed(&error));
            }
        };
        match self.result(&executed) {
            Ok(text) => {
                self.part = Part::Live(sockets, answers);
                Some(self.more(text))
            }
            Err(text) => {
                self.record.outcome = Some(executed.outcome);
                Some(self.last(text))
            }
        }
    }

    /// The message that tells of what was executed.
    ///
    /// # Errors
    ///
    /// The message that tells that it was not, or that its result cannot be told.
    fn result(&mut self, executed: &Executed) -> Result<String, String> {
        let told = match executed.stage {
            Stage::Executed => message::next(&self.id, executed),
            Stage::RequestError => {
                return Err(message::errors(&self.id, &executed.response.errors));
            }
            // Whoever allows mutations is not answered so.
            Stage::MutationNotAllowed => None,
        };
        let Some(text) = told else {
            let error = HttpError::internal();
            self.record.outcome = Some(error.code);
            return Err(message::error(&self.id, &error, &self.record.request_id));
        };
        self.record.told();
        Ok(text)
    }

    fn failed(mut self, error: &HttpError) -> (Told, Self) {
        self.record.outcome = Some(error.code);
        let text = message::error(&self.id, error, &self.record.request_id);
        self.last(text)
    }

    fn more(self, text: String) -> (Told, Self) {
        (Told { id: Arc::clone(&self.id), text, is_last: false }, self)
    }

    fn last(self, text: String) -> (Told, Self) {
        (Told { id: Arc::clone(&self.id), text, is_last: true }, self)
    }
}

/// The tokens of what the client must see: as in the header of a request, in the payload's extensions.
fn read_tokens(request: &Request) -> Result<ReadTokens, HttpError> {
    let lines: Vec<&str> = match request.extensions.get(READ_AFTER) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(line)) => vec![line],
        // What is not text is no token; it is left to be refused as one.
        Some(_) => vec!["?"],
    };
    ReadTokens::parse(lines).map_err(|invalid| {
        HttpError::bad_request(format!(
            "a token in extensions.{READ_AFTER} {invalid}; send a readToken as it was answered, or \
             several with commas between them"
        ))
    })
}

/// What becomes known of an operation; told and counted when it is dropped, for then it has ended.
struct Record {
    sockets: Arc<Sockets>,
    socket_id: Arc<str>,
    request_id: String,
    caller: Caller,
    began: Instant,
    operation: Option<Arc<Operation>>,
    /// What became of it; `None` while that is open.
    outcome: Option<&'static str>,
    /// Whether it is a subscription that has begun.
    is_live: bool,
    results: u64,
    trace: Span,
}

impl Record {
    fn begin(sent: &Sent) -> Self {
        sent.sockets.metrics().operation_began();
        // What a browser sends over a socket has no headers that would tell of a trace.
        let trace = Span::of_request("WS /graphql", &HeaderExtractor(&HeaderMap::new()));
        Self {
            sockets: Arc::clone(&sent.sockets),
            socket_id: Arc::clone(&sent.socket_id),
            request_id: sent.sockets.ids.next(),
            caller: sent.caller.clone(),
            began: Instant::now(),
            operation: None,
            outcome: None,
            is_live: false,
            results: 0,
            trace,
        }
    }

    /// Has the operation reach GraphQL, and be begun there.
    async fn reach(&self, sent: Reach) -> Result<(Begun, OwnedSemaphorePermit), HttpError> {
        let Reach { sockets, caller, request } = sent;
        let place = sockets.guard.place()?;
        let limit = sockets.guard.timeout();
        let options = ExecuteOptions {
            caller,
            request_id: self.request_id.clone(),
            allow_mutations: true,
            read_tokens: read_tokens(&request)?,
            answer_by: Instant::now().checked_add(limit),
        };
        let begun = self.trace.around(graphql::begin(&sockets.state.schema, *request, options));
        let stopping = &sockets.state.stopping;
        tokio::select! {
            biased;
            caught = AssertUnwindSafe(begun).catch_unwind() => match caught {
                Ok(begun) => Ok((begun, place)),
                Err(_panic) => Err(self.panicked()),
            },
            () = stopping.is_cut_off() => Err(HttpError::stopping()),
            () = tokio::time::sleep(limit) => Err(guard::timeout(limit)),
        }
    }

    /// What it was is in the log already: the panic hook has written it.
    fn panicked(&self) -> HttpError {
        let request_id = self.request_id.as_str();
        tracing::error!(request_id, "a request ended in a panic");
        HttpError::internal()
    }

    fn executed(&mut self, executed: &Executed) {
        self.operation = Some(Arc::clone(&executed.operation));
        self.outcome = Some(executed.outcome);
    }

    /// A subscription is counted when it has begun: how long it lasts says nothing of the server.
    fn began_live(&mut self, operation: &Arc<Operation>) {
        operation.metrics().count(OUTCOME_OK, self.began.elapsed());
        self.operation = Some(Arc::clone(operation));
        self.is_live = true;
    }

    fn told(&mut self) {
        self.results = self.results.saturating_add(1);
        self.sockets.metrics().result();
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        self.sockets.metrics().operation_ended();
        // Who wants no more of a subscription has had what it asked for.
        let otherwise = if self.is_live { OUTCOME_OK } else { OUTCOME_GONE };
        let ended = Ended {
            operation: self.operation.as_deref(),
            caller: Some(&self.caller),
            outcome: self.outcome.unwrap_or(otherwise),
            status: None,
            took: self.began.elapsed(),
            request_id: &self.request_id,
            trace: &self.trace,
        };
        if !self.is_live {
            ended.count(&self.sockets.none);
        }
        ended.tell(Some((&self.socket_id, self.results)));
    }
}
