//! What becomes of each message: the protocol's rules, as a state machine without input or output.
//!
//! A socket waits for `connection_init`, then for the word of whoever knows who calls, and is ready
//! then. Each message has one effect, which the [`connection`](super::connection) carries out. Whatever the
//! protocol does not have ends the socket.

use std::collections::HashSet;

use async_graphql::Request;
use serde_json::{Map, Value};

use super::close::Close;
use super::message::ClientMessage;

/// How far a socket has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing was said of who calls.
    Waiting,
    /// It is being found out.
    Admitting,
    /// The connection is acknowledged.
    Ready,
}

/// What is to be done.
#[derive(Debug)]
pub(super) enum Effect {
    /// Nothing.
    None,
    /// To find out who calls, by what the payload of `connection_init` tells.
    Admit(Map<String, Value>),
    /// To answer a ping.
    Pong(Option<Map<String, Value>>),
    /// To begin an operation.
    Begin(String, Box<Request>),
    /// To refuse one.
    Refuse(String, Refusal),
    /// To drop one that its client wants no more of.
    Cancel(String),
    /// To close the socket.
    Close(Close),
}

/// Why an operation is not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// As many are under way as may be.
    TooMany,
    /// The server stops.
    Stopping,
}

/// One socket, as the protocol sees it.
#[derive(Debug)]
pub(super) struct Session {
    phase: Phase,
    is_stopping: bool,
    /// What the client calls the operations that are under way.
    under_way: HashSet<String>,
    operations_max: usize,
}

impl Session {
    /// One on which nothing was said, with so many operations at once at the most.
    pub(super) fn new(operations_max: usize) -> Self {
        let under_way = HashSet::new();
        Self { phase: Phase::Waiting, is_stopping: false, under_way, operations_max }
    }

    /// What a message asks to be done.
    pub(super) fn receive(&mut self, message: ClientMessage) -> Effect {
        match message {
            ClientMessage::Init(payload) if self.phase == Phase::Waiting => {
                self.phase = Phase::Admitting;
                Effect::Admit(payload)
            }
            ClientMessage::Init(_payload) => Effect::Close(Close::too_many_inits()),
            ClientMessage::Ping(payload) => Effect::Pong(payload),
            ClientMessage::Pong => Effect::None,
            ClientMessage::Subscribe { id, request } => self.subscribe(id, request),
            // What is not under way has ended meanwhile, and its client could not know.
            ClientMessage::Complete(id) if self.under_way.remove(&id) => Effect::Cancel(id),
            ClientMessage::Complete(_id) => Effect::None,
        }
    }

    fn subscribe(&mut self, id: String, request: Box<Request>) -> Effect {
        if let Err(close) = self.may_send(&id) {
            return Effect::Close(close);
        }
        if let Err(refusal) = self.may_begin() {
            return Effect::Refuse(id, refusal);
        }
        self.under_way.insert(id.clone());
        Effect::Begin(id, request)
    }

    /// Whether an operation of this id may be sent now.
    ///
    /// # Errors
    ///
    /// [`Close`] when the protocol has it that it may not.
    pub(super) fn may_send(&self, id: &str) -> Result<(), Close> {
        if self.phase != Phase::Ready {
            return Err(Close::unauthorized());
        }
        if self.under_way.contains(id) { Err(Close::subscriber_exists(id)) } else { Ok(()) }
    }

    /// Whether an operation that may be sent may be begun.
    ///
    /// # Errors
    ///
    /// [`Refusal`] when it may not.
    pub(super) fn may_begin(&self) -> Result<(), Refusal> {
        if self.is_stopping {
            return Err(Refusal::Stopping);
        }
        if self.under_way.len() < self.operations_max { Ok(()) } else { Err(Refusal::TooMany) }
    }

    /// Who calls is known, so the connection is acknowledged.
    pub(super) fn admitted(&mut self) {
        self.phase = Phase::Ready;
    }

    /// An operation is over, and its id may be used again.
    pub(super) fn ended(&mut self, id: &str) {
        self.under_way.remove(id);
    }

    /// Begins no operation any more.
    pub(super) fn stop(&mut self) {
        self.is_stopping = true;
    }

    /// Whether no operation is begun any more.
    pub(super) fn is_stopping(&self) -> bool {
        self.is_stopping
    }

    /// Whether the client has still to say who it is.
    pub(super) fn waits_for_init(&self) -> bool {
        self.phase == Phase::Waiting
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn init() -> ClientMessage {
        ClientMessage::Init(Map::new())
    }

    fn subscribe(id: &str) -> ClientMessage {
        ClientMessage::Subscribe { id: id.to_owned(), request: Box::new(Request::new("{ a }")) }
    }

    fn complete(id: &str) -> ClientMessage {
        ClientMessage::Complete(id.to_owned())
    }

    fn ready() -> Session {
        let mut session = Session::new(2);
        assert!(matches!(session.receive(init()), Effect::Admit(_)));
        session.admitted();
        session
    }

    /// The code with which the message closes the socket, if it does.
    fn closes(session: &mut Session, message: ClientMessage) -> Option<u16> {
        if let Effect::Close(close) = session.receive(message) { Some(close.code) } else { None }
    }

    #[test]
    fn a_connection_is_initialised_once() {
        let mut session = Session::new(2);
        assert!(session.waits_for_init());
        assert!(matches!(session.receive(init()), Effect::Admit(_)));
        assert!(!session.waits_for_init());
        assert_eq!(closes(&mut session, init()), Some(4429), "while it is found out who calls");
        assert_eq!(closes(&mut ready(), init()), Some(4429));
    }

    #[test]
    fn operations_come_after_the_acknowledgement() {
        let mut session = Session::new(2);
        assert_eq!(closes(&mut session, subscribe("a")), Some(4401));
        session.receive(init());
        assert_eq!(closes(&mut session, subscribe("a")), Some(4401), "before it is acknowledged");
        assert!(matches!(ready().receive(subscribe("a")), Effect::Begin(id, _) if id == "a"));
    }

    #[test]
    fn an_id_is_used_once_at_a_time() {
        let mut session = ready();
        session.receive(subscribe("a"));
        assert_eq!(closes(&mut session, subscribe("a")), Some(4409));
        session.ended("a");
        assert_eq!(closes(&mut session, subscribe("a")), None, "after its end");
        assert!(matches!(session.receive(complete("a")), Effect::Cancel(id) if id == "a"));
        assert_eq!(closes(&mut session, subscribe("a")), None, "after the client has ended it");
        assert!(matches!(session.receive(complete("b")), Effect::None), "what is not under way");
    }

    #[test]
    fn pings_are_answered_at_any_time() {
        let payload = || Some(Map::from_iter([("at".to_owned(), Value::from(1))]));
        for mut session in [Session::new(2), ready()] {
            let effect = session.receive(ClientMessage::Ping(payload()));
            assert!(matches!(effect, Effect::Pong(echoed) if echoed == payload()));
            assert!(matches!(session.receive(ClientMessage::Pong), Effect::None));
            assert!(matches!(session.receive(complete("a")), Effect::None));
        }
    }

    #[test]
    fn one_more_operation_than_may_be_is_refused_and_takes_no_id() {
        let mut session = ready();
        for id in ["a", "b"] {
            assert!(matches!(session.receive(subscribe(id)), Effect::Begin(..)));
        }
        for _time in 0..2 {
            let effect = session.receive(subscribe("c"));
            assert!(matches!(effect, Effect::Refuse(id, Refusal::TooMany) if id == "c"));
        }
        assert_eq!(closes(&mut session, subscribe("a")), Some(4409), "that is an error still");
        session.ended("a");
        assert!(matches!(session.receive(subscribe("c")), Effect::Begin(..)));
    }

    #[test]
    fn who_stops_begins_nothing() {
        let mut session = ready();
        session.receive(subscribe("a"));
        session.stop();
        assert!(session.is_stopping());
        let effect = session.receive(subscribe("b"));
        assert!(matches!(effect, Effect::Refuse(id, Refusal::Stopping) if id == "b"));
        assert!(matches!(session.receive(complete("a")), Effect::Cancel(_)));
    }
}
