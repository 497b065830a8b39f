//! Begins what a client asks for over a connection that stays: a request that is answered once, or a
//! subscription that is answered for each event.
//!
//! A subscription is opened by executing it once without an event: that validates it, asks its guard,
//! reads its arguments, and leaves behind what is to be listened to. Then it is executed once for each
//! event, with the event in hand, each time as if it were a request of its own: with loaders, a budget
//! and a time limit of its own, for those of a request are used up or out of date after a while; and
//! what it reads of the event's SKU is at least as new as the event.
//!
//! Only some events are answered at once, for all who listen, so that what they select beneath an event
//! asks no more of the books however many listen. Who waits for an event has a task's few bytes, the
//! document and its variables, whose length is bounded here, and a place in the history, and neither a
//! connection to the database nor a buffer.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Error, Pos, Request, Response, Variables};
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt as _, stream};

use super::context::RequestContext;
use super::execute::{
    Asked, ExecuteOptions, Executed, Prepared, Stage, finish, first, refused, remember,
};
use super::judged::Judged;
use super::limits::{Excess, Limited};
use super::metrics::OUTCOME_OK;
use super::operation::Operation;
use super::subscription::{Event, Listening, Step};
use super::{Inner, Schema, coded, codes, left_out, read, root_field, values};
use crate::auth::Caller;
use crate::domain::ReadAfter;
use crate::domain::filter::Consistency;
use crate::live::{By, FlowListener, Live, NotBegun, StockListener};
use crate::store::{self, StoreError};

/// Bytes of a subscription's document and of its variables: they are kept for as long as it lasts, and
/// copied for each event. Two hundred SKUs, and as many fields, have a tenth of that.
const SUBSCRIPTION_BYTES_MAX: u64 = 65_536;

/// What a request that came over a socket turns out to be.
#[derive(Debug)]
pub enum Begun {
    /// A question or a change, which is answered; or whatever was refused.
    Answered(Box<Executed>),
    /// A subscription, whose answers are still to come.
    Live(LiveAnswers),
}

/// The answers of a subscription: one for each event. It ends only when it cannot go on, with an answer
/// at [`Stage::RequestError`]. Dropping it ends it at once.
pub struct LiveAnswers {
    operation: Arc<Operation>,
    answers: BoxStream<'static, Executed>,
}

impl LiveAnswers {
    /// What it asks for.
    pub fn operation(&self) -> &Arc<Operation> {
        &self.operation
    }
}

impl std::fmt::Debug for LiveAnswers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("LiveAnswers")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

impl Stream for LiveAnswers {
    type Item = Executed;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Executed>> {
        self.answers.poll_next_unpin(context)
    }
}

/// Begins a request in the name of its caller. A subscription lasts as long as its answers are taken;
/// the time that its options give it is that of each event.
pub async fn begin(schema: &Schema, request: Request, options: ExecuteOptions) -> Begun {
    match Prepared::read(schema, request, &options.request_id) {
        Ok(prepared) if prepared.subscribes() => match Box::pin(open(prepared, options)).await {
            Ok(answers) => Begun::Live(answers),
            Err(refused) => Begun::Answered(refused),
        },
        Ok(prepared) => Begun::Answered(Box::pin(prepared.execute(options)).await.into()),
        Err(refused) => Begun::Answered(refused),
    }
}

/// Opens a subscription, or answers why it is refused.
async fn open(
    prepared: Prepared<'_>,
    options: ExecuteOptions,
) -> Result<LiveAnswers, Box<Executed>> {
    let Prepared { schema, request, found, known, document, judged } = prepared;
    let ExecuteOptions { caller, request_id, allow_mutations: _, read_tokens, answer_by } = options;
    let name = found.key.operation_name.as_deref();
    let Some(meant) = read::operation(&document, name) else {
        let refusal = read::Refusal::new(codes::VALIDATION_FAILED, "no operation is meant");
        return Err(refused(refusal, &request_id, judged).into());
    };
    let variables = request.variables;
    if let Err(excess) = short(&found.key.text, &variables) {
        return Err(refused(excess.into(), &request_id, judged).into());
    }
    let absent = left_out::absent(&meant.node, &variables);
    let asked = Asked { schema, document: &document, name, meant: Some(meant), judged, absent };
    let form = known.as_deref().and_then(|known| known.form(&asked.absent));
    let form = form.filter(|form| form.fits(&schema.types, &variables));
    let (inner, alone) = if let Some(form) = form {
        (&schema.fast, form.document().clone())
    } else {
        if let Some(mut faulty) = asked.faults(variables.clone()).await {
            finish(schema, &mut faulty, &document, name, &request_id);
            return Err(failed(faulty, &asked.judged).into());
        }
        (&schema.strict, left_out::without(&document, meant, &asked.absent))
    };
    let alone = match alone.operations.iter().next() {
        Some((_name, operation)) => root_field::alone(&alone, operation),
        None => Ok(alone),
    };
    let alone = alone.map_err(|refusal| refused(refusal, &request_id, asked.judged.clone()))?;
    let answering = Answering {
        schema: schema.clone(),
        document: alone,
        variables,
        caller,
        request_id,
        read_after: read_tokens.0,
        answer_within: answer_by.map(|by| by.saturating_duration_since(Instant::now())),
        judged: asked.judged.clone(),
    };
    let listening = answering.listening(inner).await?;
    let listener = answering.listen(listening).await?;
    if form.is_some() {
        schema.metrics.document_known();
    }
    let known = (form.is_none() && schema.documents.takes(&found.key))
        .then(|| asked.known(known.as_deref()))
        .flatten();
    remember(schema, found, known);
    let operation = Arc::clone(&answering.judged.operation);
    Ok(LiveAnswers { operation, answers: answering.answers(listener) })
}

/// Refuses to keep what is long.
fn short(document: &str, variables: &Variables) -> Result<(), Excess> {
    let bytes = variables.values().map(values::bytes);
    let bytes = bytes.fold(values::number(document.len()), u64::saturating_add);
    Excess::check(Limited::SubscriptionBytes, bytes, SUBSCRIPTION_BYTES_MAX)
}

/// What was executed and did not succeed, and is over.
fn failed(response: Response, judged: &Judged) -> Executed {
    let outcome = response.errors.first().map_or(codes::INTERNAL, coded::code_of);
    let operation = Arc::clone(&judged.operation);
    Executed { response, stage: Stage::RequestError, read: None, operation, outcome }
}

/// Who waits for what is listened to.
#[derive(Debug)]
enum Listener {
    Flows(FlowListener),
    Stocks(StockListener),
}

impl Listener {
    async fn next(&mut self) -> Result<Event, StoreError> {
        match self {
            Self::Flows(flows) => flows.next().await.map(Event::Flow),
            Self::Stocks(stocks) => stocks.next().await.map(Event::Stock),
        }
    }
}

/// Answers the events of one subscription.
struct Answering {
    schema: Schema,
    /// The subscription alone, with its one field at its root.
    document: ExecutableDocument,
    variables: Variables,
    caller: Caller,
    request_id: String,
    /// What its reads must have reached besides the event.
    read_after: ReadAfter,
    /// How long the answer of an event may take.
    answer_within: Option<Duration>,
    judged: Judged,
}

impl Answering {
    /// What is executed now, with the context of a request of its own.
    fn request(&self, step: Step, read_after: ReadAfter) -> (Request, RequestContext) {
        let visibility = self.caller.visibility();
        let wanted = store::Asked { consistency: Consistency::Cached, read_after, visibility };
        let context =
            RequestContext::new(&self.schema, self.caller.clone(), self.request_id.clone(), wanted);
        let within = self.answer_within;
        let answer_by = within.and_then(|within| Instant::now().checked_add(within));
        let mut request = Request::new("").variables(self.variables.clone()).data(step);
        request.set_parsed_query(self.document.clone());
        (request, RequestContext { answer_by, ..context })
    }

    /// What is to be listened to, by executing the subscription once without an event.
    async fn listening(&self, inner: &Inner) -> Result<Listening, Box<Executed>> {
        let place = Arc::new(Mutex::new(None));
        let step = Step::Open(Arc::clone(&place));
        let (request, context) = self.request(step, self.read_after.clone());
        if let Some(mut response) = first(inner, request.data(context)).await {
            finish(&self.schema, &mut response, &self.document, None, &self.request_id);
            return Err(failed(response, &self.judged).into());
        }
        let listening = place.lock().unwrap_or_else(PoisonError::into_inner).take();
        listening.ok_or_else(|| {
            let refusal = read::Refusal::new(codes::INTERNAL, "the subscription was not opened");
            refused(refusal, &self.request_id, self.judged.clone()).into()
        })
    }

    /// Begins to listen.
    async fn listen(&self, to: Listening) -> Result<Listener, Box<Executed>> {
        let Some(live) = &self.schema.live else {
            let text = "the server tells of no events";
            let refusal = read::Refusal::new(codes::UNAVAILABLE, text);
            return Err(refused(refusal, &self.request_id, self.judged.clone()).into());
        };
        let listener = self.listener(live, to).await;
        listener.map_err(|error| match error {
            NotBegun::Failed(error) => self.ended(&error).into(),
            NotBegun::NoSuchEntry => {
                let text = "is the cursor of no entry that is on the books; they may have been put \
                            back to an older state: go on from an older cursor";
                self.over(|context| context.invalid_argument(&["after"], text)).into()
            }
        })
    }

    async fn listener(&self, live: &Live, to: Listening) -> Result<Listener, NotBegun> {
        let caller = (!self.caller.is_anonymous()).then(|| self.caller.idempotency_scope());
        let by = By { caller, visibility: self.caller.visibility() };
        Ok(match to {
            Listening::Flows(filter, after) => {
                Listener::Flows(live.flows(*filter, after, by).await?)
            }
            Listening::Stocks(sku_ids) => Listener::Stocks(live.stocks(sku_ids, by).await?),
        })
    }

    /// The last answer of those who cannot be told any more.
    fn ended(&self, error: &StoreError) -> Executed {
        self.over(|context| context.failed(error))
    }

    /// A last answer, with an error.
    fn over(&self, error: impl FnOnce(&RequestContext) -> Error) -> Executed {
        let step = Step::Open(Arc::default());
        let (_request, context) = self.request(step, ReadAfter::default());
        let mut told = error(&context).into_server_error(Pos::default());
        told.locations.clear();
        failed(Response::from_errors(vec![told]), &self.judged)
    }

    /// Every answer, until it cannot go on.
    fn answers(self, listener: Listener) -> BoxStream<'static, Executed> {
        let state = Some(Box::new((self, listener)));
        stream::unfold(state, |state| async move {
            let mut state = state?;
            let (answering, listener) = &mut *state;
            let answer = match listener.next().await {
                Ok(event) => Box::pin(answering.answer(event)).await,
                Err(error) => answering.ended(&error),
            };
            let ends = answer.stage != Stage::Executed;
            Some((answer, (!ends).then_some(state)))
        })
        .boxed()
    }

    /// Answers an event. One that has no answer but errors is the last: whoever comes again with the
    /// last cursor is told it again.
    async fn answer(&self, event: Event) -> Executed {
        let reached = match &event {
            Event::Flow(flow) => ReadAfter::of_version(flow.sku_id, flow.sequence),
            Event::Stock(stock) => ReadAfter::of_version(stock.sku_id, stock.version),
        };
        let read_after = self.read_after.clone().and(&reached).unwrap_or(reached);
        // It is never closed.
        let _turn = self.schema.event_turns.acquire().await.ok();
        let (request, context) = self.request(Step::Answer(event), read_after);
        let reading = Arc::clone(&context.reading);
        self.schema.metrics.document_known();
        let answer = first(&self.schema.fast, request.data(context));
        let answer = match self.answer_within {
            Some(within) => tokio::time::timeout(within, answer).await.ok(),
            None => Some(answer.await),
        };
        let Some(Some(mut response)) = answer else {
            let text = "an event was not answered in time";
            let refusal = read::Refusal::new(codes::UNAVAILABLE, text);
            return refused(refusal, &self.request_id, self.judged.clone());
        };
        let document = &self.document;
        let stage = finish(&self.schema, &mut response, document, None, &self.request_id);
        let is_whole = !matches!(response.data, async_graphql::Value::Null);
        if stage != Stage::Executed || !is_whole {
            response.data = async_graphql::Value::Null;
            return failed(response, &self.judged);
        }
        let outcome = response.errors.first().map_or(OUTCOME_OK, coded::code_of);
        let operation = Arc::clone(&self.judged.operation);
        Executed { response, stage, read: reading.oldest(), operation, outcome }
    }
}
