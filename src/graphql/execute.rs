//! Executes one request.
//!
//! There are two ways through the library. A document that is not known is validated and executed
//! as it was written. One that is known, with variables that certainly fit, is only executed. What
//! comes before the parting and after it is the same for both; see [`documents`](super::documents)
//! for why the answers are, too.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{Name, Positioned, Request, Response, ServerError, Value, Variables};
use futures_util::StreamExt as _;

use super::context::RequestContext;
use super::document_source::Found;
use super::documents::{Form, Key, Known};
use super::judged::Judged;
use super::metrics::{OUTCOME_OK, OUTCOME_REFUSED};
use super::operation::Operation;
use super::read_token::ReadTokens;
use super::reading::ReadFrom;
use super::{Inner, Schema, coded, codes, left_out, nulls, read, root_field, values};
use crate::auth::Caller;
use crate::domain::filter::Consistency;
use crate::store;
use crate::telemetry::trace::Span;

/// What a request may do, and in whose name.
#[derive(Clone, Debug)]
pub struct ExecuteOptions {
    /// Who asks.
    pub caller: Caller,
    /// The id under which the request is logged.
    pub request_id: String,
    /// Whether it may change something.
    pub allow_mutations: bool,
    /// What its reads must have reached.
    pub read_tokens: ReadTokens,
    /// When its time is over; `None` if it has as much as it takes.
    pub answer_by: Option<Instant>,
}

/// How far a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It was refused before anything was executed: the response has errors and no data.
    RequestError,
    /// It was executed, perhaps with errors.
    Executed,
    /// It wants to change something, and may not. Nothing was executed.
    MutationNotAllowed,
}

/// What became of a request.
#[derive(Debug)]
pub struct Executed {
    /// The answer. Every error in it has `extensions.code`, `retryable` and `requestId`.
    pub response: Response,
    /// How far it came.
    pub stage: Stage,
    /// From where its oldest part is; `None` if nothing was read.
    pub read: Option<ReadFrom>,
    /// What it asked for.
    pub operation: Arc<Operation>,
    /// What became of it: `ok`; `refused`, by user errors alone; or the code of its first error.
    pub outcome: &'static str,
}

/// Executes a request in the name of its caller. A subscription is none that is answered once, and is
/// refused; [`begin`](super::begin()) takes it.
pub async fn execute(schema: &Schema, request: Request, options: ExecuteOptions) -> Executed {
    match Prepared::read(schema, request, &options.request_id) {
        Ok(prepared) if prepared.subscribes() => {
            let text = "a subscription is sent over a WebSocket at /graphql, by the subprotocol \
                        graphql-transport-ws";
            let refusal = read::Refusal::new(codes::SUBSCRIPTION_OVER_HTTP, text);
            refused(refusal, &options.request_id, prepared.judged)
        }
        Ok(prepared) => prepared.execute(options).await,
        Err(refused) => *refused,
    }
}

/// A request of which it is known that it can be followed, and that its answer is not too much.
pub(super) struct Prepared<'a> {
    pub(super) schema: &'a Schema,
    /// Without the text of its document, and with those variables that its operation declares.
    pub(super) request: Request,
    pub(super) found: Found,
    /// What was known of the document before.
    pub(super) known: Option<Arc<Known>>,
    /// As it was written.
    pub(super) document: Arc<ExecutableDocument>,
    pub(super) judged: Judged,
}

impl<'a> Prepared<'a> {
    /// Finds and reads the document of a request, and looks at its variables; or answers why it is
    /// refused.
    pub(super) fn read(
        schema: &'a Schema,
        mut request: Request,
        request_id: &str,
    ) -> Result<Self, Box<Executed>> {
        let found = schema.source.find(&mut request).map_err(|refusal| {
            let name = request.operation_name.as_deref();
            refused(refusal, request_id, Judged::unread(schema, name))
        })?;
        let text = Text::read(schema, &found.key);
        let Text { known, document, judged } =
            text.map_err(|(refusal, judged)| refused(refusal, request_id, judged))?;
        let meant = read::operation(&document, found.key.operation_name.as_deref());
        request.variables = declared(meant, std::mem::take(&mut request.variables));
        match variables_fit(schema, meant, &judged, &request.variables) {
            Ok(()) => Ok(Self { schema, request, found, known, document, judged }),
            Err(refusal) => Err(refused(refusal, request_id, judged).into()),
        }
    }

    fn is_of(&self, ty: OperationType) -> bool {
        let meant = read::operation(&self.document, self.found.key.operation_name.as_deref());
        meant.is_some_and(|meant| meant.node.ty == ty)
    }

    /// Whether it is a subscription.
    pub(super) fn subscribes(&self) -> bool {
        self.is_of(OperationType::Subscription)
    }

    /// Executes it once.
    pub(super) async fn execute(self, options: ExecuteOptions) -> Executed {
        let mutates = self.is_of(OperationType::Mutation);
        let Self { schema, request, found, known, document, judged } = self;
        let ExecuteOptions { caller, request_id, allow_mutations, read_tokens, answer_by } =
            options;
        if mutates && !allow_mutations {
            return mutation_not_allowed(judged);
        }
        let name = found.key.operation_name.as_deref();
        let meant = read::operation(&document, name);
        let absent = meant.map(|meant| left_out::absent(&meant.node, &request.variables));
        let absent = absent.unwrap_or_default();
        let asked = Asked { schema, document: &document, name, meant, judged, absent };
        let form = known.as_ref().and_then(|known| known.form(&asked.absent));
        let consistency = if mutates { Consistency::Primary } else { Consistency::Cached };
        let wanted = store::Asked {
            consistency,
            read_after: read_tokens.0,
            visibility: caller.visibility(),
        };
        let context = RequestContext::new(schema, caller, request_id.clone(), wanted);
        let context = RequestContext { answer_by, ..context };
        let (reading, user_errors) = (Arc::clone(&context.reading), Arc::clone(&context.refused));
        let request = request.data(context);
        let mut response = asked.answer(request, form).await;
        let stage = finish(schema, &mut response, &document, name, &request_id);
        let operation = Arc::clone(&asked.judged.operation);
        if stage == Stage::Executed {
            let known = if form.is_none() && schema.documents.takes(&found.key) {
                asked.known(known.as_deref())
            } else {
                None
            };
            remember(schema, found, known);
        }
        let outcome = match response.errors.first() {
            Some(error) => coded::code_of(error),
            None if user_errors.load(Ordering::Relaxed) => OUTCOME_REFUSED,
            None => OUTCOME_OK,
        };
        Executed { response, stage, read: reading.oldest(), operation, outcome }
    }
}

/// Gives the errors of an answer their codes, and their places their nulls. Tells how far it came.
pub(super) fn finish(
    schema: &Schema,
    response: &mut Response,
    document: &ExecutableDocument,
    name: Option<&str>,
    request_id: &str,
) -> Stage {
    let stage = stage(response);
    if !response.errors.is_empty() {
        if stage == Stage::Executed {
            nulls::put(response, &schema.types, document, name);
        }
        coded::errors(response, stage, document, request_id);
    }
    stage
}

/// A document, and what is known of it.
struct Text {
    /// What was known before; `None` if it is met for the first time.
    known: Option<Arc<Known>>,
    /// As it was written.
    document: Arc<ExecutableDocument>,
    judged: Judged,
}

impl Text {
    /// The document that a request sent or named.
    fn read(schema: &Schema, key: &Key) -> Result<Self, (read::Refusal, Judged)> {
        if let Some(known) = schema.documents.find(key) {
            let (document, judged) = (Arc::clone(known.written()), known.judged().clone());
            return Ok(Self { known: Some(known), document, judged });
        }
        let name = key.operation_name.as_deref();
        let document =
            parsed(schema, &key.text).map_err(|refusal| (refusal, Judged::unread(schema, name)))?;
        let judged = Judged::of(schema, &document, read::operation(&document, name), name);
        Ok(Self { known: None, document: Arc::new(document), judged })
    }
}

/// The variables that the operation declares. Others are nobody's, and the library would copy them
/// for each use all the same; where it is not clear which operation is meant, none is executed.
fn declared(meant: Option<&Positioned<OperationDefinition>>, mut given: Variables) -> Variables {
    let definitions = meant.into_iter().flat_map(|meant| &meant.node.variable_definitions);
    let mut declared = Variables::default();
    for definition in definitions {
        declared.extend(given.remove_entry(&definition.node.name.node));
    }
    declared
}

/// Variables are there that must be, none has a list that nothing takes, and the answer will not be too much with them.
fn variables_fit(
    schema: &Schema,
    meant: Option<&Positioned<OperationDefinition>>,
    judged: &Judged,
    variables: &Variables,
) -> Result<(), read::Refusal> {
    variables.values().try_for_each(values::check)?;
    if let Some(meant) = meant {
        read::variables_given(&meant.node, variables)?;
    }
    schema.bearable(judged.complexity.as_deref(), variables)?;
    Ok(())
}

/// Keeps what was executed, for the next who sends or names it.
pub(super) fn remember(schema: &Schema, found: Found, known: Option<Known>) {
    schema.source.executed(found.hash, &found.key.text);
    if let Some(known) = known {
        schema.documents.keep(found.key, known);
    }
}

fn mutation_not_allowed(judged: Judged) -> Executed {
    Executed {
        response: Response::default(),
        stage: Stage::MutationNotAllowed,
        read: None,
        operation: judged.operation,
        // Whoever does not allow it has a code for it.
        outcome: OUTCOME_REFUSED,
    }
}

fn parsed(schema: &Schema, text: &str) -> Result<ExecutableDocument, read::Refusal> {
    let _span = Span::part("graphql.parse");
    schema.rules.document(&schema.types, text)
}

/// What a request asks for.
pub(super) struct Asked<'a> {
    pub(super) schema: &'a Schema,
    /// As it was written.
    pub(super) document: &'a Arc<ExecutableDocument>,
    pub(super) name: Option<&'a str>,
    /// The operation that is meant; `None` if that is not clear, of which the library tells.
    pub(super) meant: Option<&'a Positioned<OperationDefinition>>,
    /// What is known of that.
    pub(super) judged: Judged,
    /// The variables that are left out.
    pub(super) absent: Vec<&'a Name>,
}

impl Asked<'_> {
    /// Has the library answer, with no more validation than needed; `form` is the known one.
    async fn answer(&self, mut request: Request, form: Option<&Form>) -> Response {
        let Self { schema, document, meant, absent, .. } = self;
        if let Some(form) = form
            && form.fits(&schema.types, &request.variables)
        {
            request.set_parsed_query(form.document().clone());
            schema.metrics.document_known();
            return schema.fast.execute(request).await;
        }
        schema.metrics.document_validated();
        let Some(meant) = meant.filter(|_meant| !absent.is_empty()) else {
            return self.validated(request).await;
        };
        // What was written is validated, not only what is left of it: without a resolver being
        // asked, since only the schema itself may be.
        let answer = self.validated(unexecuted(request.variables.clone())).await;
        if stage(&answer) == Stage::RequestError {
            return answer;
        }
        request.set_parsed_query(left_out::without(document, meant, absent));
        schema.strict.execute(request).await
    }

    /// Has the library validate and execute the document as it was written.
    async fn validated(&self, request: Request) -> Response {
        self.schema.strict.execute(self.as_written(request)).await
    }

    fn as_written(&self, mut request: Request) -> Request {
        request.operation_name = self.name.map(str::to_owned);
        request.set_parsed_query(ExecutableDocument::clone(self.document));
        request
    }

    /// What the library finds wrong with a subscription as it was written, with these variables. No
    /// resolver is asked.
    pub(super) async fn faults(&self, variables: Variables) -> Option<Response> {
        self.schema.metrics.document_validated();
        let answer = first(&self.schema.strict, self.as_written(unexecuted(variables))).await;
        answer.filter(|answer| is_of_validation(answer, OperationType::Subscription))
    }

    /// What is known now that it was executed, besides what was known before.
    pub(super) fn known(&self, before: Option<&Known>) -> Option<Known> {
        let form = Form::new(&self.schema.types, self.document, self.meant?, &self.absent);
        Some(match before {
            Some(before) => before.with(form),
            None => Known::new(Arc::clone(self.document), self.judged.clone(), form),
        })
    }
}

/// What the library finds wrong with a document, in each of its operations, whatever their variables
/// will be.
pub(super) async fn faults(schema: &Schema, document: &ExecutableDocument) -> Vec<String> {
    let mut faults = Vec::new();
    let operations = document.operations.iter();
    let operations = operations.map(|(name, operation)| (name.map(ToString::to_string), operation));
    for (name, operation) in operations.collect::<Vec<_>>() {
        let mut request = unexecuted(Variables::default());
        request.operation_name = name;
        request.set_parsed_query(document.clone());
        let answer = first(&schema.strict, request).await;
        let ty = operation.node.ty;
        if let Some(answer) = answer.filter(|answer| is_of_validation(answer, ty)) {
            faults.extend(answer.errors.into_iter().map(|error| error.message));
        } else if ty == OperationType::Subscription
            && let Err(refusal) = root_field::alone(document, operation)
        {
            faults.push(refusal.message);
        }
    }
    faults
}

/// The first thing that the library answers, or the only one; `None` if it is nothing.
pub(super) async fn first(inner: &Inner, request: Request) -> Option<Response> {
    pin!(inner.execute_stream(request)).next().await
}

/// Whether an operation that was not to be executed is answered with what validation found. What that
/// finds has a place in the document; that a subscription is not executed has none.
fn is_of_validation(answer: &Response, ty: OperationType) -> bool {
    let placed = || answer.errors.iter().any(|error| !error.locations.is_empty());
    stage(answer) == Stage::RequestError && (ty != OperationType::Subscription || placed())
}

/// A request of which nothing is executed but what asks for the schema itself.
fn unexecuted(variables: Variables) -> Request {
    Request::new("").variables(variables).only_introspection()
}

/// An error of execution has the path of the field that failed; one without a path came before.
fn stage(response: &Response) -> Stage {
    let before = !response.errors.is_empty()
        && response.data == Value::Null
        && response.errors.iter().all(|error| error.path.is_empty());
    if before { Stage::RequestError } else { Stage::Executed }
}

/// What a request is answered that is refused before anything of it is executed.
pub(super) fn refused(refusal: read::Refusal, request_id: &str, judged: Judged) -> Executed {
    let outcome = refusal.code;
    let mut error = ServerError::new(refusal.message, refusal.position);
    coded::describe(&mut error, refusal.code, request_id);
    if let (Some(excess), Some(extensions)) = (refusal.excess, &mut error.extensions) {
        extensions.set("limit", excess.limit);
        if let Some(actual) = excess.actual {
            extensions.set("actual", actual);
        }
    }
    let response = Response::from_errors(vec![error]);
    let operation = judged.operation;
    Executed { response, stage: Stage::RequestError, read: None, operation, outcome }
}
