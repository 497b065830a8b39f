//! Traces of requests: what a request waited for, sent to a collector by OTLP.
//!
//! Whether a request is traced is decided once, when it arrives: by its caller, who sends
//! `traceparent`, or by chance. What is not traced makes no spans at all; and where no collector is
//! named, all that is left is to see that there is none. So spans are made by OpenTelemetry's own
//! interface, not out of those of the log, which would be made for every request.
//!
//! The span that a task is at work on is found by whatever it calls, through OpenTelemetry's
//! context. A span ends when it is dropped.

mod batch;
mod export;

use std::fmt;
use std::sync::OnceLock;

use futures_util::future::Either;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{
    FutureExt as _, SpanBuilder, SpanKind, Status, TraceContextExt as _, Tracer as _, WithContext,
};
use opentelemetry::{Context, KeyValue, Value};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracer;

pub use batch::{SharedSpan, Waiting, step};
pub use export::{StartError, Traces, start};

/// What makes spans; not set where nothing is traced.
static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// Whether requests may be traced.
pub fn is_on() -> bool {
    TRACER.get().is_some()
}

/// A part of what is done for a request; nothing where the request is not traced. It ends when it is
/// dropped.
#[derive(Default)]
pub struct Span(Option<Context>);

/// A future, and the span in which it runs.
pub type Traced<F> = Either<WithContext<F>, F>;

impl Span {
    /// The whole of a request that arrived with these headers, as it is called, if it is to be
    /// traced.
    pub fn of_request(name: &'static str, headers: &dyn Extractor) -> Self {
        let Some(tracer) = TRACER.get() else { return Self(None) };
        let caller = TraceContextPropagator::new().extract_with_context(&Context::new(), headers);
        let builder = SpanBuilder::from_name(name).with_kind(SpanKind::Server);
        let span = caller.with_span(tracer.build_with_context(builder, &caller));
        Self(span.span().is_recording().then_some(span))
    }

    /// A part of what the task is at work on.
    pub fn part(name: &'static str) -> Self {
        let Some(tracer) = TRACER.get() else { return Self(None) };
        Self(current().map(|whole| {
            let span = tracer.build_with_context(SpanBuilder::from_name(name), &whole);
            whole.with_span(span)
        }))
    }

    /// Whether anybody will see it.
    pub fn is_traced(&self) -> bool {
        self.0.is_some()
    }

    /// The id of its trace.
    pub fn trace_id(&self) -> Option<String> {
        self.0.as_ref().map(|span| span.span().span_context().trace_id().to_string())
    }

    /// Says something of it, under a name that OpenTelemetry's conventions know.
    pub fn say(&self, name: &'static str, value: impl Into<Value>) {
        if let Some(span) = &self.0 {
            span.span().set_attribute(KeyValue::new(name, value));
        }
    }

    /// It failed, by the server's own fault; `code` is what the client is told.
    pub fn fail(&self, code: &'static str) {
        if let Some(span) = &self.0 {
            span.span().set_status(Status::error(code));
        }
    }

    /// The same future, whose parts are parts of this span.
    pub fn around<F: Future>(&self, future: F) -> Traced<F> {
        match &self.0 {
            Some(span) => Either::Left(future.with_context(span.clone())),
            None => Either::Right(future),
        }
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        if let Some(span) = &self.0 {
            span.span().end();
        }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Span").field(&self.trace_id()).finish()
    }
}

/// The span that the task is at work on, if that is traced.
fn current() -> Option<Context> {
    Context::map_current(|context| context.span().is_recording().then(|| context.clone()))
}
