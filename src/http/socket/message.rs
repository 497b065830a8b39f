//! The messages of the protocol: those of clients, as they are read, and those of the server, as they
//! are written.

use async_graphql::{Request, ServerError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::close::Close;
use crate::graphql::Executed;
use crate::http::error::HttpError;
use crate::http::graphql_endpoint::{self, from_parameters, no_json};

/// Bytes of the id of an operation: clients count, or make random ones of some 36.
const ID_BYTES_MAX: usize = 256;

/// Bytes of a message that pings, or answers a ping.
const PING_BYTES_MAX: usize = 1_024;

/// What can be told of a message before it is read.
#[derive(Deserialize)]
struct Head {
    r#type: String,
    id: Option<String>,
}

/// Under which id a message sends an operation, without reading the operation; `None` if it sends none,
/// or is not well-formed.
pub(super) fn sends(text: &str) -> Option<String> {
    let head: Head = serde_json::from_str(text).ok()?;
    let id = head.id.filter(|id| (1..=ID_BYTES_MAX).contains(&id.len()));
    id.filter(|_id| head.r#type == "subscribe")
}

/// What a client says.
#[derive(Debug)]
pub(super) enum ClientMessage {
    /// Wants the connection to be acknowledged; the payload may tell who calls.
    Init(Map<String, Value>),
    /// Wants to hear a pong with the same payload.
    Ping(Option<Map<String, Value>>),
    /// Was there when it was asked.
    Pong,
    /// Sends an operation, whatever its kind.
    Subscribe {
        /// What it calls the operation.
        id: String,
        /// What it asks.
        request: Box<Request>,
    },
    /// Wants no more of an operation.
    Complete(String),
}

impl ClientMessage {
    /// Reads a message.
    ///
    /// # Errors
    ///
    /// [`Close`] when it is none of the protocol.
    pub(super) fn read(text: &str) -> Result<Self, Close> {
        let message: Value = serde_json::from_str(text)
            .map_err(|error| Close::invalid_message(no_json("it", &error)))?;
        let Value::Object(mut message) = message else {
            return Err(Close::invalid_message("it must be an object"));
        };
        let Some(Value::String(kind)) = message.remove("type") else {
            return Err(Close::invalid_message("type must be a string"));
        };
        match kind.as_str() {
            "ping" | "pong" if text.len() > PING_BYTES_MAX => Err(Close::invalid_message(format!(
                "a {kind} may have {PING_BYTES_MAX} bytes at the most"
            ))),
            "connection_init" => Ok(Self::Init(payload(&mut message)?.unwrap_or_default())),
            "ping" => Ok(Self::Ping(payload(&mut message)?)),
            "pong" => payload(&mut message).map(|_payload| Self::Pong),
            "subscribe" => {
                let id = id(&mut message)?;
                let payload = payload(&mut message)?
                    .ok_or_else(|| Close::invalid_message("payload must be an object"))?;
                let request = from_parameters(payload)
                    .map_err(|error| Close::invalid_message(error.message))?;
                Ok(Self::Subscribe { id, request: Box::new(request) })
            }
            "complete" => id(&mut message).map(Self::Complete),
            "connection_ack" | "next" | "error" => {
                Err(Close::invalid_message(format!("{kind} is for the server to send")))
            }
            _unknown => Err(Close::invalid_message(format!("there is no type {kind}"))),
        }
    }
}

fn id(message: &mut Map<String, Value>) -> Result<String, Close> {
    match message.remove("id") {
        Some(Value::String(id)) if (1..=ID_BYTES_MAX).contains(&id.len()) => Ok(id),
        _ => {
            Err(Close::invalid_message(format!("id must be a string of 1 to {ID_BYTES_MAX} bytes")))
        }
    }
}

/// A payload that may be left out.
fn payload(message: &mut Map<String, Value>) -> Result<Option<Map<String, Value>>, Close> {
    match message.remove("payload") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(payload)) => Ok(Some(payload)),
        Some(_) => Err(Close::invalid_message("payload must be an object")),
    }
}

#[derive(Serialize)]
struct ServerMessage<'a, P> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<P>,
}

/// The connection is acknowledged.
pub(super) fn ack() -> String {
    written(None, "connection_ack", None::<()>)
}

/// What a ping is answered with.
pub(super) fn pong(payload: Option<Map<String, Value>>) -> String {
    written(None, "pong", payload)
}

/// A result of an operation; `None` if it cannot be written.
pub(super) fn next(id: &str, executed: &Executed) -> Option<String> {
    let message = ServerMessage {
        id: Some(id),
        r#type: "next",
        payload: Some(graphql_endpoint::payload(executed)),
    };
    serde_json::to_string(&message)
        .inspect_err(|error| tracing::error!(%error, "an answer could not be written as JSON"))
        .ok()
}

/// An operation is refused, and over.
pub(super) fn errors(id: &str, errors: &[ServerError]) -> String {
    written(Some(id), "error", Some(errors))
}

/// An operation does not reach GraphQL, or GraphQL not its end, and it is over.
pub(super) fn error(id: &str, error: &HttpError, request_id: &str) -> String {
    written(Some(id), "error", Some([error.entry(request_id)]))
}

/// An operation is over.
pub(super) fn complete(id: &str) -> String {
    written(Some(id), "complete", None::<()>)
}

/// Texts, numbers, booleans and errors of GraphQL can be written as JSON.
fn written(id: Option<&str>, r#type: &'static str, payload: Option<impl Serialize>) -> String {
    serde_json::to_string(&ServerMessage { id, r#type, payload }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(text: &str) -> String {
        let close = ClientMessage::read(text).unwrap_err();
        assert_eq!(close.code, 4400, "{text}");
        close.reason().to_owned()
    }

    #[test]
    fn what_the_protocol_has_is_read() {
        let read = |message: Value| ClientMessage::read(&message.to_string()).unwrap();
        for message in [
            json!({ "type": "connection_init" }),
            json!({ "type": "connection_init", "payload": null }),
            json!({ "type": "connection_init", "payload": {}, "id": 1, "more": [] }),
        ] {
            assert!(matches!(read(message), ClientMessage::Init(payload) if payload.is_empty()));
        }
        assert!(matches!(read(json!({ "type": "ping" })), ClientMessage::Ping(None)));
        let ping = read(json!({ "type": "ping", "payload": { "at": 1 } }));
        assert!(matches!(ping, ClientMessage::Ping(Some(payload)) if payload["at"] == 1));
        assert!(matches!(read(json!({ "type": "pong" })), ClientMessage::Pong));
        let complete = read(json!({ "type": "complete", "id": "a" }));
        assert!(matches!(complete, ClientMessage::Complete(id) if id == "a"));
        let payload = json!({ "query": "{ a }", "variables": null, "operationName": null });
        let subscribe = read(json!({ "type": "subscribe", "id": "1", "payload": payload }));
        let ClientMessage::Subscribe { id, request } = subscribe else { panic!("{subscribe:?}") };
        assert_eq!((id.as_str(), request.query.as_str()), ("1", "{ a }"));
        let by_id = json!({ "type": "subscribe", "id": "1", "payload": { "documentId": "x" } });
        assert!(matches!(read(by_id), ClientMessage::Subscribe { .. }));
    }

    #[test]
    fn an_operation_is_told_by_its_head() {
        let sent = json!({ "payload": { "query": "{ a }" }, "id": "1", "type": "subscribe" });
        assert_eq!(sends(&sent.to_string()).as_deref(), Some("1"));
        for text in [
            r#"{"type": "complete", "id": "1"}"#,
            r#"{"type": "subscribe", "id": 1}"#,
            r#"{"type": "subscribe", "id": ""}"#,
            r#"{"type": "subscribe", "id": "1""#,
            r#"{"type": "ping", "type": "subscribe", "id": "1"}"#,
        ] {
            assert_eq!(sends(text), None, "{text}");
        }
    }

    #[test]
    fn what_it_has_not_is_refused_with_what_is_wrong() {
        for (text, part) in [
            ("", "not JSON"),
            ("{", "line 1, column 1"),
            ("[]", "it must be an object"),
            ("null", "it must be an object"),
            ("{}", "type must be a string"),
            (r#"{"type": 1}"#, "type must be a string"),
            (r#"{"type": "start"}"#, "there is no type start"),
            (r#"{"type": "connection_ack"}"#, "connection_ack is for the server"),
            (r#"{"type": "connection_init", "payload": 1}"#, "payload must be an object"),
            (r#"{"type": "ping", "payload": "x"}"#, "payload must be an object"),
            (r#"{"type": "subscribe", "payload": {"query": "{a}"}}"#, "id must be"),
            (r#"{"type": "subscribe", "id": "", "payload": {"query": "{a}"}}"#, "id must be"),
            (r#"{"type": "subscribe", "id": 1, "payload": {"query": "{a}"}}"#, "id must be"),
            (r#"{"type": "subscribe", "id": "1"}"#, "payload must be an object"),
            (r#"{"type": "subscribe", "id": "1", "payload": {}}"#, "query is missing"),
            (
                r#"{"type": "subscribe", "id": "1", "payload": {"query": "{a}", "variables": []}}"#,
                "variables must be an object",
            ),
            (r#"{"type": "complete"}"#, "id must be"),
        ] {
            let reason = refused(text);
            assert!(reason.starts_with("Invalid message: ") && reason.contains(part), "{reason}");
        }
        let long = format!(r#"{{"type": "complete", "id": "{}"}}"#, "x".repeat(ID_BYTES_MAX + 1));
        assert!(refused(&long).contains("id must be"));
        for kind in ["ping", "pong"] {
            let payload = json!({ "padding": "x".repeat(PING_BYTES_MAX) });
            let long = json!({ "type": kind, "payload": payload }).to_string();
            assert!(refused(&long).contains("1024 bytes"));
        }
        assert!(refused(&format!(r#"{{"type": "{}"}}"#, "ä".repeat(1_000))).len() <= 123);
    }

    #[test]
    fn what_is_left_out_is_not_written() {
        assert_eq!(ack(), r#"{"type":"connection_ack"}"#);
        assert_eq!(pong(None), r#"{"type":"pong"}"#);
        assert_eq!(complete("a\"b"), r#"{"id":"a\"b","type":"complete"}"#);
        let error: Value =
            serde_json::from_str(&error("1", &HttpError::stopping(), "request-7")).unwrap();
        assert_eq!(error["payload"][0]["extensions"]["code"], "UNAVAILABLE");
        assert_eq!(error["payload"][0]["extensions"]["requestId"], "request-7");
    }
}
