//! The upgrade of a connection of HTTP/1.1 to a WebSocket (RFC 6455, section 4.2).
//!
//! No extension is agreed on, so that nothing is compressed: the messages are small, and a client
//! could have the server unpack more than it sent. HTTP/2 could carry a WebSocket as well (RFC 8441);
//! browsers open a connection of HTTP/1.1 for it where a server does not offer that, and this one
//! does not.

use axum::extract::Request;
use axum::http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hyper::upgrade::OnUpgrade;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::http::error::HttpError;

/// The protocol that is spoken over the socket.
const SUBPROTOCOL: &str = "graphql-transport-ws";

/// The one version of WebSocket that there is.
pub(super) const VERSION: HeaderValue = HeaderValue::from_static("13");

/// Bytes of a key, once it is decoded.
const KEY_BYTES: usize = 16;

/// An upgrade that is agreed on.
#[derive(Debug)]
pub(super) struct Handshake {
    accept_key: HeaderValue,
    /// The stream, as soon as the answer is sent.
    pub(super) upgrade: OnUpgrade,
}

/// Whether a request wants its connection to become a WebSocket.
pub(super) fn is_asked(request: &Request) -> bool {
    request.method() == Method::GET && lists(request.headers(), &UPGRADE, "websocket")
}

impl Handshake {
    /// Agrees on the upgrade that a request asks for.
    ///
    /// # Errors
    ///
    /// [`HttpError`] when it is not well-formed, or wants another protocol.
    pub(super) fn of(request: &mut Request) -> Result<Self, HttpError> {
        let headers = request.headers();
        if headers.get(SEC_WEBSOCKET_VERSION) != Some(&VERSION) {
            let mut error = HttpError::bad_request("WebSockets are of version 13 here");
            error.status = StatusCode::UPGRADE_REQUIRED;
            return Err(error);
        }
        if !lists(headers, &CONNECTION, "upgrade") {
            return Err(HttpError::bad_request("Connection must say upgrade"));
        }
        if !lists(headers, &SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL) {
            return Err(HttpError::bad_request(
                "WebSockets speak the subprotocol graphql-transport-ws here; name it in \
                 Sec-WebSocket-Protocol",
            ));
        }
        let key = headers.get(SEC_WEBSOCKET_KEY).map(HeaderValue::as_bytes).unwrap_or_default();
        if BASE64_STANDARD.decode(key).map(|key| key.len()) != Ok(KEY_BYTES) {
            return Err(HttpError::bad_request("Sec-WebSocket-Key must be 16 bytes as base64"));
        }
        let accept_key = HeaderValue::try_from(derive_accept_key(key))
            .map_err(|_never| HttpError::internal())?;
        let upgrade = request.extensions_mut().remove::<OnUpgrade>();
        let upgrade = upgrade
            .ok_or_else(|| HttpError::bad_request("only HTTP/1.1 can be upgraded to WebSocket"))?;
        Ok(Self { accept_key, upgrade })
    }

    /// The answer that the client waits for.
    pub(super) fn response(&self) -> Response {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_ACCEPT, self.accept_key.clone());
        headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
        response
    }
}

/// Whether a header lists a word, which has no case.
fn lists(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|item| item.trim().eq_ignore_ascii_case(word))
}
