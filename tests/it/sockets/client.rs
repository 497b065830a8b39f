//! A client that says what a test wants it to, and hears what it is told.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue, Request};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::support::{Answer, TestServer};

/// How long a test waits for a message.
const HEARS_WITHIN: Duration = Duration::from_mins(1);

/// The protocol.
pub const SUBPROTOCOL: &str = "graphql-transport-ws";

pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A client with a socket.
pub struct Client {
    pub socket: WebSocketStream<Box<dyn Stream>>,
}

/// What an upgrade asks for, with these headers besides, or in place of others.
pub fn request(url: &str, headers: &[(&str, &str)]) -> Request<()> {
    let url = format!("{}/graphql", url.replacen("http", "ws", 1));
    let mut request = url.into_client_request().unwrap();
    let names = [("sec-websocket-protocol", SUBPROTOCOL)];
    for (name, value) in names.iter().chain(headers) {
        let name: HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
    }
    request
}

impl Client {
    /// Opens a socket over a stream, or tells with which status and answer that was refused.
    pub async fn over(
        stream: Box<dyn Stream>,
        request: Request<()>,
    ) -> Result<Self, (u16, Answer)> {
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((socket, response)) => {
                assert_eq!(response.headers()["sec-websocket-protocol"], SUBPROTOCOL);
                Ok(Self { socket })
            }
            Err(Error::Http(response)) => {
                let body = response.body().clone().unwrap_or_default();
                let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
                Err((response.status().as_u16(), Answer(body)))
            }
            Err(other) => panic!("{other}"),
        }
    }

    /// Opens a socket with these headers, or tells with which status and answer that was refused.
    pub async fn try_open(url: &str, headers: &[(&str, &str)]) -> Result<Self, (u16, Answer)> {
        let address = url.split("://").nth(1).unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        Self::over(Box::new(stream), request(url, headers)).await
    }

    /// Opens a socket.
    pub async fn open(server: &TestServer) -> Self {
        Self::try_open(&server.url, &[]).await.unwrap()
    }

    /// Opens a socket, and has the connection acknowledged.
    pub async fn ready(server: &TestServer) -> Self {
        Self::open(server).await.initialised(&json!({})).await
    }

    /// Has the connection acknowledged, with this payload.
    pub async fn initialised(mut self, payload: &Value) -> Self {
        self.say(&json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(self.hears().await, json!({ "type": "connection_ack" }));
        self
    }

    pub async fn say(&mut self, message: &Value) {
        self.send(Message::text(message.to_string())).await;
    }

    pub async fn send(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    /// Sends an operation.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(&json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    /// Has a mutation begun.
    pub async fn deduct(&mut self, id: &str, sku_id: i64) {
        let input = TestServer::deduction(id, sku_id, 1);
        self.subscribe(id, DEDUCT, json!({ "input": input })).await;
    }

    /// The next message, whatever it is.
    async fn next(&mut self) -> Option<Result<Message, Error>> {
        let next = tokio::time::timeout(HEARS_WITHIN, self.socket.next()).await;
        next.unwrap_or_else(|_elapsed| panic!("in {HEARS_WITHIN:?} nothing is heard"))
    }

    /// The next message of the protocol.
    pub async fn hears(&mut self) -> Value {
        loop {
            match self.next().await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Waits until the server pings.
    pub async fn is_pinged(&mut self) {
        while !matches!(self.next().await.unwrap().unwrap(), Message::Ping(_)) {}
    }

    /// Waits until the server closes the socket, and answers the code and the reason. Whatever comes
    /// before that is passed over.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            match self.next().await {
                Some(Ok(Message::Close(Some(frame)))) => {
                    return (frame.code.into(), frame.reason.to_string());
                }
                Some(Ok(Message::Close(None)) | Err(_)) | None => return (0, String::new()),
                Some(Ok(_passed_over)) => {}
            }
        }
    }

    /// Closes the socket as clients do, and waits until it is.
    pub async fn close(mut self) {
        let frame = CloseFrame { code: 1000.into(), reason: "".into() };
        self.socket.close(Some(frame)).await.unwrap();
        while let Some(Ok(message)) = self.next().await {
            if let Message::Close(Some(frame)) = message {
                assert_eq!(u16::from(frame.code), 1000);
            }
        }
    }
}

/// A mutation that takes a unit.
pub const DEDUCT: &str = "mutation($input: InventoryDeductInput!) { inventoryDeduct(input: $input) \
                          { replayed userErrors { code } } }";

/// A subscription to all that is written.
pub const FOLLOW: &str = "subscription { inventoryFlowAppended { cursor node { id } } }";
