//! HTTP/2 by prior knowledge: it is spoken, and what it lets one connection ask for has bounds.
//!
//! Frames are written by hand, for no client does what is tried here.

use serde_json::Value;

use super::server;
use super::wire::{QUESTION, Wire};
use crate::servers::until;
use crate::support::{TestServer, code};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;

const END_HEADERS: u8 = 4;

const REFUSED_STREAM: u32 = 7;
const CANCEL: u32 = 8;
const ENHANCE_YOUR_CALM: u32 = 11;

#[derive(Debug)]
struct Frame {
    kind: u8,
    stream: u32,
    payload: Vec<u8>,
}

impl Frame {
    /// A number of 32 bits in its payload.
    fn number(&self, at: usize) -> u32 {
        u32::from_be_bytes(self.payload[at..at + 4].try_into().unwrap())
    }
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// `POST /graphql`, whose body is to follow, as HPACK spells it without its dictionary.
fn head() -> Vec<u8> {
    let text = |text: &str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    let fields = [
        vec![0x83, 0x86],
        [vec![0x04], text("/graphql")].concat(),
        [vec![0x01], text("localhost")].concat(),
        [vec![0x0f, 0x10], text("application/json")].concat(),
    ];
    fields.concat()
}

async fn connect(server: &TestServer) -> Wire {
    let mut wire = Wire::connect(&server.url).await;
    wire.send(PREFACE).await;
    wire.send(frame(SETTINGS, 0, 0, &[])).await;
    wire
}

/// The next frame; `None` if the connection ends.
async fn next(wire: &mut Wire) -> Option<Frame> {
    let head = wire.bytes(9).await?;
    let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
    let stream = u32::from_be_bytes(head[5..9].try_into().unwrap());
    Some(Frame { kind: head[3], stream, payload: wire.bytes(length).await? })
}

/// The next frame of a kind.
async fn next_of(wire: &mut Wire, kind: u8) -> Frame {
    loop {
        let frame = next(wire).await.expect("the connection ended");
        if frame.kind == kind {
            return frame;
        }
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().http2_prior_knowledge().build().unwrap()
}

async fn is_well(server: &TestServer) {
    let answer = server.graphql("{ __typename }", Value::Null).await;
    assert_eq!(answer.at("/data/__typename"), "Query");
}

#[tokio::test]
async fn a_request_is_answered() {
    let (_database, server) = server(&[]).await;
    let request = client().post(format!("{}/graphql", server.url));
    let response =
        request.header("content-type", "application/json").body(QUESTION).send().await.unwrap();
    assert_eq!((response.version(), response.status().as_u16()), (reqwest::Version::HTTP_2, 200));
    assert!(response.headers().contains_key("x-request-id"));
}

#[tokio::test]
async fn there_are_so_many_streams_and_the_next_is_refused() {
    let (_database, server) = server(&[("STOCKFLOW_LIMITS__STREAMS_MAX", "2")]).await;
    let mut wire = connect(&server).await;
    let settings = next_of(&mut wire, SETTINGS).await;
    let streams_max = settings.payload.chunks(6).find(|one| one[..2] == [0, 3]).unwrap();
    assert_eq!(streams_max[2..], [0, 0, 0, 2], "it is told");
    for stream in [1, 3, 5] {
        wire.send(frame(HEADERS, END_HEADERS, stream, &head())).await;
    }
    let refused = next_of(&mut wire, RST_STREAM).await;
    assert_eq!((refused.stream, refused.number(0)), (5, REFUSED_STREAM));
    for stream in [1, 3] {
        wire.send(frame(DATA, 1, stream, QUESTION.as_bytes())).await;
        // `:status 200` is number 8 of the static table.
        let answered = next_of(&mut wire, HEADERS).await;
        assert_eq!((answered.stream, answered.payload[0]), (stream, 0x88));
    }
}

#[tokio::test]
async fn a_head_has_a_largest_size() {
    let (_database, server) = server(&[("STOCKFLOW_LIMITS__HEAD_BYTES_MAX", "8192")]).await;
    for (bytes, status) in [(7_000, 200), (12_000, 431)] {
        let request = client().get(format!("{}/healthz", server.url));
        let response = request.header("x-padding", "x".repeat(bytes)).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{bytes}");
    }
}

#[tokio::test]
async fn a_connection_that_rests_ends() {
    let limits = [
        ("STOCKFLOW_LIMITS__HEADER_TIMEOUT_MS", "300"),
        ("STOCKFLOW_LIMITS__IDLE_TIMEOUT_MS", "300"),
    ];
    let (_database, server) = server(&limits).await;
    let mut wire = connect(&server).await;
    assert_eq!(next_of(&mut wire, GOAWAY).await.number(4), 0, "no error");
    while next(&mut wire).await.is_some() {}
    // Half a head holds it no longer.
    let mut wire = connect(&server).await;
    wire.send(frame(HEADERS, 0, 1, &head())).await;
    while next(&mut wire).await.is_some() {}
}

/// An answer that its client leaves no room for takes a place as a request does, but not for ever,
/// whatever else the client sends.
#[tokio::test]
async fn an_answer_that_is_not_read_ends_the_connection() {
    let limits = [
        ("STOCKFLOW_LIMITS__CONCURRENT_REQUESTS_MAX", "1"),
        ("STOCKFLOW_LIMITS__IDLE_TIMEOUT_MS", "2000"),
    ];
    let (_database, server) = server(&limits).await;
    let mut wire = Wire::connect(&server.url).await;
    wire.send(PREFACE).await;
    // The fourth setting is how much of an answer may be sent: nothing.
    wire.send(frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0])).await;
    wire.send(frame(HEADERS, END_HEADERS, 1, &head())).await;
    wire.send(frame(DATA, 1, 1, QUESTION.as_bytes())).await;
    assert_eq!(next_of(&mut wire, HEADERS).await.payload[0], 0x88, "status 200");
    let answer = server.graphql("{ __typename }", Value::Null).await;
    assert_eq!(code(&answer), "BUSY", "{}", answer.0);
    until("the client that reads nothing is cut off", async || {
        wire.send(frame(PING, 0, 0, &[0; 8])).await;
        loop {
            match next(&mut wire).await {
                None => return true,
                Some(frame) if frame.kind == PING => return false,
                Some(frame) => assert_ne!(frame.kind, DATA),
            }
        }
    })
    .await;
    until("its place is free again", async || {
        code(&server.graphql("{ __typename }", Value::Null).await).is_empty()
    })
    .await;
}

/// Streams that are begun and given up at once make work that no bound of streams counts.
#[tokio::test]
async fn rapid_resets_end_the_connection() {
    let (_database, server) = server(&[]).await;
    let mut wire = connect(&server).await;
    let resets = (0..2_000_u32).flat_map(|number| {
        let stream = number * 2 + 1;
        let begin = frame(HEADERS, END_HEADERS, stream, &head());
        [begin, frame(RST_STREAM, 0, stream, &CANCEL.to_be_bytes())].concat()
    });
    wire.send(resets.collect::<Vec<u8>>()).await;
    assert_eq!(next_of(&mut wire, GOAWAY).await.number(4), ENHANCE_YOUR_CALM);
    wire.closed().await;
    is_well(&server).await;
}

/// A head that never ends.
#[tokio::test]
async fn continuations_end_the_connection() {
    let (_database, server) = server(&[]).await;
    let mut wire = connect(&server).await;
    let more: Vec<u8> = (0..5_000).flat_map(|_| frame(CONTINUATION, 0, 1, b"")).collect();
    wire.send([frame(HEADERS, 0, 1, &head()), more].concat()).await;
    assert_eq!(next_of(&mut wire, GOAWAY).await.number(4), ENHANCE_YOUR_CALM);
    wire.closed().await;
    is_well(&server).await;
}
