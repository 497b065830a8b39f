//! A collector of traces: takes what servers send by OTLP over HTTP, and keeps it.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use tokio::net::TcpListener;

type Kept = Arc<Mutex<Vec<ExportTraceServiceRequest>>>;

/// A collector of a test's own.
pub struct Collector {
    /// Where it listens, as `http://127.0.0.1:PORT`.
    pub url: String,
    kept: Kept,
    serving: tokio::task::JoinHandle<()>,
}

impl Collector {
    /// Starts it.
    pub async fn start() -> Self {
        let kept = Kept::default();
        let router = Router::new().route("/v1/traces", post(keep)).with_state(Arc::clone(&kept));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, kept, serving }
    }

    /// What servers are called, and every span that they sent.
    pub fn spans(&self) -> Vec<(String, Span)> {
        let kept = self.kept.lock().unwrap();
        let resources = kept.iter().flat_map(|request| &request.resource_spans);
        let spans = resources.flat_map(|of_resource| {
            let attributes = &of_resource.resource.as_ref().unwrap().attributes;
            let service = text(attributes, "service.name").unwrap();
            let scopes = of_resource.scope_spans.iter().flat_map(|scope| scope.spans.clone());
            scopes.map(move |span| (service.clone(), span))
        });
        spans.collect()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn keep(State(kept): State<Kept>, headers: HeaderMap, body: Bytes) -> StatusCode {
    assert_eq!(headers["content-type"], "application/x-protobuf");
    kept.lock().unwrap().push(ExportTraceServiceRequest::decode(body).unwrap());
    StatusCode::OK
}

/// What an attribute says, if it is a text or a number.
pub fn text(attributes: &[KeyValue], name: &str) -> Option<String> {
    let attribute = attributes.iter().find(|attribute| attribute.key == name)?;
    match attribute.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        other => panic!("{other:?}"),
    }
}
