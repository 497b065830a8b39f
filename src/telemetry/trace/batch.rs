//! What is done for several requests at once, in the trace of each: how long each waited for it, and
//! its steps. What took one batch a millisecond took each of its requests a millisecond; so each
//! trace has all of it, and nobody has to follow a link to another.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{SpanBuilder, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue};

use super::{Span, TRACER, Traced, current};

/// A request that waits for its turn, from now on.
#[derive(Clone, Debug)]
pub struct Waiting(Option<(Context, SystemTime)>);

impl Waiting {
    /// That of the task, if it is traced.
    pub fn begin() -> Self {
        let request = TRACER.get().and_then(|_on| current());
        Self(request.map(|request| (request, now())))
    }
}

/// What is done now for several requests. It ends when it is dropped.
#[derive(Debug)]
pub struct SharedSpan {
    /// One for each request that is traced.
    spans: Arc<[Span]>,
}

/// The spans that a task is at work on, in its context.
struct Shared(Arc<[Span]>);

impl SharedSpan {
    /// Ends the waiting of each of `requests`, as a span called `wait`, and begins what is done for
    /// them, as one called `name`, of `size` requests altogether.
    pub fn begin<'a>(
        wait: &'static str,
        name: &'static str,
        requests: impl Iterator<Item = &'a Waiting>,
        size: usize,
    ) -> Self {
        let Some(tracer) = TRACER.get() else { return Self { spans: Arc::default() } };
        let now = now();
        let requests = requests.filter_map(|waiting| waiting.0.as_ref());
        let spans = requests.map(|(request, since)| {
            record(wait.into(), request, *since, now);
            let size = i64::try_from(size).unwrap_or(i64::MAX);
            let builder = SpanBuilder::from_name(name)
                .with_start_time(now)
                .with_attributes([KeyValue::new("stockflow.batch.size", size)]);
            Span(Some(request.with_span(tracer.build_with_context(builder, request))))
        });
        Self { spans: spans.collect() }
    }

    /// The same future, whose steps are parts of this.
    pub fn around<F: Future>(&self, future: F) -> Traced<F> {
        if self.spans.is_empty() {
            return Span(None).around(future);
        }
        let context = Context::new().with_value(Shared(Arc::clone(&self.spans)));
        // A context without a span of its own has none that could end twice.
        Traced::Left(opentelemetry::trace::FutureExt::with_context(future, context))
    }
}

/// Tells that a step of what is done for several requests has ended now, and how long it took. Each
/// has it as a span, called by the room and the step.
pub fn step(room: &'static str, step: &'static str, took: Duration) {
    if TRACER.get().is_none() {
        return;
    }
    Context::map_current(|context| {
        let Some(Shared(spans)) = context.get::<Shared>() else { return };
        let now = now();
        let began = now.checked_sub(took).unwrap_or(now);
        for whole in spans.iter().filter_map(|span| span.0.as_ref()) {
            record(format!("{room}.{step}").into(), whole, began, now);
        }
    });
}

/// A span that is over.
fn record(name: Cow<'static, str>, whole: &Context, began: SystemTime, ended: SystemTime) {
    if let Some(tracer) = TRACER.get() {
        let builder = SpanBuilder::from_name(name).with_start_time(began);
        let span = tracer.build_with_context(builder, whole);
        Context::new().with_span(span).span().end_with_timestamp(ended);
    }
}

#[expect(clippy::disallowed_methods, reason = "traces of several servers share the time of day")]
fn now() -> SystemTime {
    SystemTime::now()
}
