//! Sends spans to the collector: in batches, by a thread of its own, out of a queue that is bounded.
//! No request waits for it; what finds the queue full is dropped. That the collector does not take
//! them is told once, and once when it does again.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{
    ExporterBuildError, Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchSpanProcessor, Sampler, SdkTracerProvider};
use tokio::runtime::Handle;

use super::TRACER;
use crate::config::TelemetrySection;
use crate::telemetry::causes;

/// How long the collector may take to accept a batch.
const SEND_MAX: Duration = Duration::from_secs(5);

/// How long the last spans may take to be sent when the server stops.
const STOP_MAX: Duration = Duration::from_secs(5);

/// Why traces cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no client to send them with.
    #[error("there is no HTTP client")]
    Client(#[source] reqwest::Error),
    /// The standard's variables of the environment make no sense.
    #[error("the settings of the exporter make no sense")]
    Exporter(#[source] ExporterBuildError),
}

/// What sends spans. Dropped without being [stopped](Traces::stop) it loses the last of them.
pub struct Traces(Option<SdkTracerProvider>);

/// Has requests traced from now on, if a collector is named. Must be called within the runtime that
/// is to send the spans; only the first call counts.
///
/// # Errors
///
/// [`StartError`] when what is set makes no sense.
pub fn start(settings: &TelemetrySection) -> Result<Traces, StartError> {
    let Some(endpoint) = &settings.otlp_endpoint else { return Ok(Traces(None)) };
    let client =
        reqwest::Client::builder().timeout(SEND_MAX).build().map_err(StartError::Client)?;
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .with_timeout(SEND_MAX)
        .with_http_client(Sender { client, runtime: Handle::current(), failing: Arc::default() })
        .build()
        .map_err(StartError::Exporter)?;
    let sampler = Sampler::TraceIdRatioBased(settings.otlp_sample_ratio);
    let resource = Resource::builder()
        .with_service_name(settings.service_name.clone())
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    let provider = SdkTracerProvider::builder()
        .with_span_processor(BatchSpanProcessor::builder(exporter).build())
        .with_sampler(Sampler::ParentBased(Box::new(sampler)))
        .with_resource(resource)
        .build();
    TRACER.get_or_init(|| provider.tracer("stockflow"));
    Ok(Traces(Some(provider)))
}

impl Traces {
    /// Sends what is left, for some seconds at the most.
    pub async fn stop(self) {
        let Some(provider) = self.0 else { return };
        let stopped = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(STOP_MAX));
        if !matches!(stopped.await, Ok(Ok(()))) {
            tracing::warn!("the last traces could not be sent");
        }
    }
}

impl fmt::Debug for Traces {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Traces").field(&self.0.is_some()).finish()
    }
}

/// Sends what the exporter's thread, which has no runtime, gives it.
#[derive(Clone, Debug)]
struct Sender {
    client: reqwest::Client,
    runtime: Handle,
    /// Whether the last batch was not taken.
    failing: Arc<AtomicBool>,
}

impl Sender {
    async fn send(self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sent = async {
            let response = self.client.execute(request.try_into()?).await?;
            let status = response.status();
            Ok((status, response.bytes().await?))
        };
        match sent.await.map_err(reqwest::Error::without_url) {
            Ok((status, body)) => {
                self.tell((!status.is_success()).then(|| format!("it answers {status}")));
                Ok(Response::builder().status(status).body(body)?)
            }
            Err(error) => {
                self.tell(Some(causes(&error)));
                Err(error.into())
            }
        }
    }

    /// Tells when it begins to fail, and when it no longer does.
    fn tell(&self, failure: Option<String>) {
        let was_failing = self.failing.swap(failure.is_some(), Ordering::Relaxed);
        match failure {
            Some(causes) if !was_failing => tracing::warn!(
                causes,
                "traces are not taken by their collector, and are lost until they are"
            ),
            None if was_failing => tracing::info!("traces are taken by their collector again"),
            Some(_) | None => {}
        }
    }
}

impl HttpClient for Sender {
    fn send_bytes<'life0, 'async_trait>(
        &'life0 self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'async_trait>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        let sending = self.runtime.spawn(self.clone().send(request));
        Box::pin(async move { sending.await? })
    }
}
