//! A client that says byte for byte what a test wants it to.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::Answer;

/// A connection to a server.
#[derive(Debug)]
pub struct Wire {
    stream: TcpStream,
    read: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub struct WireAnswer {
    pub status: u16,
    /// The lines below the first, in small letters.
    pub head: String,
    pub answer: Answer,
}

impl Wire {
    /// Connects to the server of a URL; it may be gone.
    pub async fn try_connect(url: &str) -> std::io::Result<Self> {
        let address = url.split("://").nth(1).unwrap();
        Ok(Self { stream: TcpStream::connect(address).await?, read: Vec::new() })
    }

    /// Connects to the server of a URL.
    pub async fn connect(url: &str) -> Self {
        Self::try_connect(url).await.unwrap()
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.try_send(bytes).await.unwrap();
    }

    /// Sends; the server may have closed the connection.
    pub async fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> std::io::Result<()> {
        self.stream.write_all(bytes.as_ref()).await
    }

    /// Says that nothing more will be sent.
    pub async fn end(&mut self) {
        self.stream.shutdown().await.unwrap();
    }

    /// Whether nothing has come that was not read yet.
    pub fn is_silent(&self) -> bool {
        let mut byte = [0];
        self.stream
            .try_read(&mut byte)
            .is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    }

    /// The next answer; `None` if the connection ends before there is one.
    pub async fn answer(&mut self) -> Option<WireAnswer> {
        let end = loop {
            if let Some(at) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            self.read_more().await?;
        };
        let head = String::from_utf8(self.read.drain(..end).collect()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let head = head.to_lowercase();
        let length = head
            .split("content-length: ")
            .nth(1)
            .map_or(0, |rest| rest.lines().next().unwrap().parse::<usize>().unwrap());
        while self.read.len() < length {
            self.read_more().await?;
        }
        let body: Vec<u8> = self.read.drain(..length).collect();
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Some(WireAnswer { status, head, answer: Answer(body) })
    }

    /// Waits until the server closes the connection, and answers what it sent until then.
    pub async fn closed(&mut self) -> Vec<u8> {
        while self.read_more().await.is_some() {}
        std::mem::take(&mut self.read)
    }

    /// The next `count` bytes; `None` if the connection ends before.
    pub async fn bytes(&mut self, count: usize) -> Option<Vec<u8>> {
        while self.read.len() < count {
            self.read_more().await?;
        }
        Some(self.read.drain(..count).collect())
    }

    async fn read_more(&mut self) -> Option<()> {
        let length = self.stream.read_buf(&mut self.read).await.unwrap_or(0);
        (length > 0).then_some(())
    }
}

/// The body of a request.
pub fn body(query: &str, variables: &Value) -> String {
    json!({ "query": query, "variables": variables }).to_string()
}

/// A request with a body, which may be of any length.
pub fn post(length: usize, body: &str) -> String {
    format!(
        "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
}

/// A question that any server answers at once.
pub const QUESTION: &str = "{\"query\":\"{ __typename }\"}";

/// A whole request that asks it.
pub fn question() -> String {
    post(QUESTION.len(), QUESTION)
}
