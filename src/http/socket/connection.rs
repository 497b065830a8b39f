//! One socket, from its upgrade to its end: what happens on it, and what is done about it.
//!
//! What the protocol asks for is decided by [`Session`]; this carries it out, and looks after the
//! times. Everything of a socket happens in one task, its operations included, so that nothing of it
//! outlives it: when a socket ends, for whatever reason, its operations are dropped.
//!
//! The server pings by WebSocket's own pings, not by the protocol's: browsers and libraries answer
//! those by themselves, whatever the page or the program is busy with, and clients of any age know
//! them. The protocol's pings of clients are answered as the protocol says.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::Request;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::close::Close;
use super::gate::Gate;
use super::identity::{Identity, Shown};
use super::message::{self, ClientMessage};
use super::operation::Sent;
use super::operations::Operations;
use super::pace::Pace;
use super::session::{Effect, Refusal, Session};
use super::wire::{Step, UNKNOWN_BYTES_MAX, Wire};
use super::{Sockets, busy};
use crate::auth::{Admission, NotAuthenticated};
use crate::http::error::HttpError;
use crate::http::serve::LAST_ANSWERS_MAX;

/// How long a client may take to see that its socket is closed.
const FAREWELL_MAX: Duration = Duration::from_secs(2);

/// A socket.
pub(super) struct Connection<S> {
    sockets: Arc<Sockets>,
    /// Under what it is found in the log: the id of the request that was upgraded.
    id: Arc<str>,
    wire: Wire<S>,
    session: Session,
    /// What the upgrade's header says of who calls.
    shown: Shown,
    identity: Option<Identity>,
    /// What is being found out of who calls.
    asking: Option<BoxFuture<'static, Answer>>,
    operations: Operations,
    /// Is open while the client has read all that it was sent.
    gate: Gate,
    pace: Pace,
    init_by: Instant,
    ping_at: Instant,
    /// When the client was last pinged; `None` if it was not yet.
    pinged_at: Option<Instant>,
    /// When all must be over.
    over_by: Option<Instant>,
}

/// What was found out of who calls.
enum Answer {
    Found(Result<Identity, Close>),
    Checked(Result<Admission, NotAuthenticated>),
}

/// How a socket ends.
#[derive(Debug)]
pub(super) enum End {
    /// The server closes it.
    Close(Close),
    /// The client has closed it.
    ByClient,
    /// The client is gone.
    Gone,
    /// The client does not read, and would not read a farewell either.
    Unread,
    /// Nothing more is waited for.
    CutOff,
}

impl End {
    /// By what it is told and counted.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Close(close) => close.code.to_string(),
            Self::ByClient => "client".to_owned(),
            Self::Gone => "gone".to_owned(),
            Self::Unread => "unread".to_owned(),
            Self::CutOff => "cut_off".to_owned(),
        }
    }
}

/// What happens next.
enum Event {
    Wire(Step),
    Told(Option<super::operation::Told>),
    Answer(Answer),
    Due,
    Stopping,
    CutOff,
}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Connection<S> {
    /// A socket over a stream that was upgraded.
    pub(super) async fn new(sockets: Arc<Sockets>, id: Arc<str>, stream: S, shown: Shown) -> Self {
        let limits = *sockets.limits();
        let now = Instant::now();
        let after = |duration: Duration| now.checked_add(duration).unwrap_or(now);
        Self {
            id,
            wire: Wire::new(stream, sockets.state.body_bytes_max).await,
            session: Session::new(limits.operations_per_socket_max),
            shown,
            identity: None,
            asking: None,
            operations: Operations::default(),
            gate: Gate::default(),
            pace: Pace::new(now),
            init_by: after(limits.init_timeout),
            ping_at: after(limits.ping_interval),
            pinged_at: None,
            over_by: None,
            sockets,
        }
    }

    /// Who calls, as far as that is known.
    pub(super) fn actor(&self) -> Option<&str> {
        self.identity.as_ref().map(|identity| identity.caller.actor())
    }

    /// Does what is to be done until the end.
    pub(super) async fn run(&mut self) -> End {
        loop {
            let is_idle = self.operations.is_empty() && self.wire.is_clear();
            if self.session.is_stopping() && is_idle {
                return End::Close(Close::stopping());
            }
            let event = self.event().await;
            if let Some(end) = self.take(event) {
                return end;
            }
        }
    }

    /// Ends it as it is to end: the client is told, where it may still hear.
    pub(super) async fn end(&mut self, end: &End) {
        // What is under way is of no use to anybody any more.
        self.operations.clear();
        self.asking = None;
        let farewell = async {
            match end {
                End::Close(close) => self.wire.close(close).await,
                End::ByClient => self.wire.see_off().await,
                End::Gone | End::Unread | End::CutOff => {}
            }
        };
        let cut_off = async {
            self.sockets.state.stopping.is_cut_off().await;
            tokio::time::sleep(LAST_ANSWERS_MAX).await;
        };
        tokio::select! {
            () = farewell => {}
            () = cut_off => {}
            () = tokio::time::sleep(FAREWELL_MAX) => {}
        }
    }

    async fn event(&mut self) -> Event {
        let due = self.due();
        self.gate.set_open(self.wire.is_clear());
        let goes_on = !self.operations.is_empty();
        let stopping = &self.sockets.state.stopping;
        // None goes before another, or a client who never rests would keep the others waiting.
        tokio::select! {
            step = self.wire.step() => Event::Wire(step),
            told = self.operations.next(), if goes_on => Event::Told(told),
            answer = answer(&mut self.asking), if self.asking.is_some() => Event::Answer(answer),
            () = sleep_until(due) => Event::Due,
            () = stopping.closed(), if !self.session.is_stopping() => Event::Stopping,
            () = stopping.is_cut_off(), if self.over_by.is_none() => Event::CutOff,
        }
    }

    /// When something is to be looked at.
    fn due(&self) -> Instant {
        let init_by = self.session.waits_for_init().then_some(self.init_by);
        let check_at = self.identity.as_ref().and_then(Identity::check_at);
        let all = [init_by, check_at, self.unread_at(), self.unfinished_at(), self.over_by];
        all.into_iter().flatten().fold(self.ping_at, Instant::min)
    }

    /// When the client will have left something unread for too long, if it does not read on.
    fn unread_at(&self) -> Option<Instant> {
        let patience = self.sockets.limits().unread_timeout;
        self.wire.stuck_since().and_then(|since| since.checked_add(patience))
    }

    /// When the client will have left a message unfinished for too long, however many bytes trickle.
    fn unfinished_at(&self) -> Option<Instant> {
        let patience = self.sockets.limits().unread_timeout;
        self.wire.unfinished_since().and_then(|since| since.checked_add(patience))
    }

    /// Does what is to be done about what happened; tells how the socket ends if it does.
    fn take(&mut self, event: Event) -> Option<End> {
        match event {
            Event::Wire(Step::Received(message)) => self.received(message),
            Event::Wire(Step::Sent) => None,
            Event::Wire(Step::Ended) => Some(End::Gone),
            Event::Wire(Step::Broken(error)) => Some(self.broken(&error)),
            Event::Told(told) => {
                self.tell(told);
                None
            }
            Event::Answer(Answer::Found(Ok(identity))) => {
                self.identity = Some(identity);
                self.session.admitted();
                self.wire.read_on();
                self.wire.push(message::ack());
                None
            }
            Event::Answer(Answer::Found(Err(close))) => Some(End::Close(close)),
            Event::Answer(Answer::Checked(answer)) => {
                let interval = self.sockets.limits().token_check_interval;
                let checked = self.identity.as_mut()?.checked(answer, interval);
                checked.err().map(End::Close)
            }
            Event::Due => self.look(),
            Event::Stopping => {
                self.session.stop();
                None
            }
            Event::CutOff => {
                self.over_by = Instant::now().checked_add(LAST_ANSWERS_MAX);
                None
            }
        }
    }

    fn received(&mut self, message: Message) -> Option<End> {
        let bytes = message.len();
        let effect = match message {
            Message::Text(text) => self.heard(&text).unwrap_or_else(Effect::Close),
            Message::Binary(_) => {
                Effect::Close(Close::invalid_message("it must be text, and is binary"))
            }
            Message::Close(_) => return Some(End::ByClient),
            // The library answers pings, and that something was heard is known already.
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {
                self.keep_pace().err().map_or(Effect::None, Effect::Close)
            }
        };
        match effect {
            Effect::None => {}
            Effect::Admit(payload) => {
                let shown = self.shown.clone().or_in_payload(&payload);
                let (sockets, id) = (Arc::clone(&self.sockets), Arc::clone(&self.id));
                let find = async move { Answer::Found(Identity::find(&sockets, shown, &id).await) };
                self.asking = Some(find.boxed());
            }
            Effect::Pong(payload) => self.wire.push(message::pong(payload)),
            Effect::Begin(id, request) => self.begin(id, request, bytes),
            Effect::Refuse(id, refusal) => self.refuse(&id, &refused(refusal)),
            Effect::Cancel(id) => self.operations.cancel(&id),
            Effect::Close(close) => return Some(End::Close(close)),
        }
        None
    }

    /// What a message asks to be done. Of an operation no more is read than its id before its caller has
    /// been found to have a request left.
    fn heard(&mut self, text: &str) -> Result<Effect, Close> {
        let Some(id) = message::sends(text) else {
            self.keep_pace()?;
            let message = ClientMessage::read(text)?;
            if matches!(message, ClientMessage::Subscribe { .. }) {
                return Err(Close::invalid_message("it says its type or its id twice"));
            }
            return Ok(self.session.receive(message));
        };
        if let Err(close) = self.session.may_send(&id) {
            // What is wrong with the message itself is told first.
            ClientMessage::read(text)?;
            return Err(close);
        }
        let paid = self
            .identity
            .as_ref()
            .map_or(Ok(()), |identity| self.sockets.state.rate_limit.take(&identity.caller));
        if let Err(error) = paid {
            self.keep_pace()?;
            self.refuse(&id, &error);
            return Ok(Effect::None);
        }
        if let Err(refusal) = self.session.may_begin() {
            return Ok(Effect::Refuse(id, refusal));
        }
        let waits = !self.wire.is_clear();
        if waits && !self.gate.has_room(text.len(), self.sockets.state.body_bytes_max) {
            return Ok(Effect::Refuse(id, Refusal::TooMany));
        }
        Ok(self.session.receive(ClientMessage::read(text)?))
    }

    /// Counts a message that is none of the caller's requests.
    fn keep_pace(&mut self) -> Result<(), Close> {
        let may_be = self.pace.takes(Instant::now());
        may_be.then_some(()).ok_or_else(|| Close::try_again("too many messages on this socket"))
    }

    fn begin(&mut self, id: String, request: Box<Request>, bytes: usize) {
        let known = self.identity.as_ref().filter(|identity| !identity.is_undecided());
        let Some(identity) = known else {
            self.session.ended(&id);
            self.refuse(&id, &HttpError::undecided());
            return;
        };
        let sent = Sent {
            sockets: Arc::clone(&self.sockets),
            caller: identity.caller.clone(),
            socket_id: Arc::clone(&self.id),
            id: id.into(),
            request,
            pass: self.gate.pass(),
            weight: self.gate.weigh(bytes),
        };
        self.operations.begin(sent);
    }

    fn refuse(&mut self, id: &str, error: &HttpError) {
        let request_id = self.sockets.ids.next();
        let (socket, code) = (&*self.id, error.code);
        tracing::debug!(request_id, socket, code, "an operation is not begun");
        self.wire.push(message::error(id, error, &request_id));
    }

    fn tell(&mut self, told: Option<super::operation::Told>) {
        let Some(told) = told else { return };
        if told.is_last {
            self.session.ended(&told.id);
            self.operations.forget(&told.id);
        }
        self.wire.push(told.text);
    }

    fn broken(&self, error: &Error) -> End {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "whatever else it is, the client is gone"
        )]
        match error {
            Error::Capacity(_) => End::Close(Close::too_large(self.sockets.state.body_bytes_max)),
            Error::Utf8(_) => End::Close(Close::not_utf8()),
            Error::Protocol(
                ProtocolError::ResetWithoutClosingHandshake | ProtocolError::SendAfterClosing,
            ) => End::Gone,
            Error::Protocol(_) => End::Close(Close::protocol_error()),
            _too_much if self.wire.is_exhausted() => {
                End::Close(Close::too_large(UNKNOWN_BYTES_MAX))
            }
            _gone => End::Gone,
        }
    }

    /// Looks at everything that may be due.
    fn look(&mut self) -> Option<End> {
        let now = Instant::now();
        let is_due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if is_due(self.over_by) {
            return Some(End::CutOff);
        }
        if self.session.waits_for_init() && self.init_by <= now {
            return Some(End::Close(Close::init_timeout()));
        }
        if is_due(self.unread_at()) {
            return Some(End::Unread);
        }
        if is_due(self.unfinished_at()) {
            return Some(End::Close(Close::unfinished()));
        }
        if let Some(identity) = &mut self.identity
            && is_due(identity.check_at())
        {
            let check = identity.check(Arc::clone(&self.sockets));
            self.asking = Some(check.map(Answer::Checked).boxed());
        }
        if self.ping_at <= now { self.ping(now) } else { None }
    }

    /// Pings the client, unless it has not been heard since the last time.
    fn ping(&mut self, now: Instant) -> Option<End> {
        if self.pinged_at.is_some_and(|pinged_at| self.wire.heard_at() < pinged_at) {
            return Some(End::Close(Close::silent()));
        }
        self.ping_at = now.checked_add(self.sockets.limits().ping_interval).unwrap_or(now);
        // A client that does not read has a time of its own.
        self.pinged_at = self.wire.is_clear().then(|| {
            self.wire.ping();
            now
        });
        None
    }
}

/// Waits for what is being found out; not to be called when nothing is. May be dropped at any time.
async fn answer(asking: &mut Option<BoxFuture<'static, Answer>>) -> Answer {
    let answer = match asking {
        Some(asking) => asking.await,
        None => std::future::pending().await,
    };
    *asking = None;
    answer
}

fn refused(refusal: Refusal) -> HttpError {
    match refusal {
        Refusal::TooMany => busy(
            "as many operations are under way on this socket as may be; complete one, or read what was \
             answered, and send this again",
        ),
        Refusal::Stopping => HttpError::stopping(),
    }
}
