//! One connection, from its first byte to its end.
//!
//! When the server stops, HTTP/2 has a frame that says so, and loses nothing. HTTP/1.1 has only the
//! word `close` in an answer: a client that sends its next request at the very moment in which the
//! server closes a connection at rest cannot know whether it was read. So the connection is kept for
//! a moment ([`Connections::announce_end`]), in which each answer says that it is the last, before
//! those that still rest are closed ([`Connections::end`]).

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service as _;

use super::activity::{self, Activity, Held, Verdict, Watched};
use super::answer::Answer;
use super::protocol::{self, Tracked};
use super::{ConnectionLimits, Tls};

/// What all connections have in common.
#[derive(Debug)]
pub(super) struct Connections {
    router: Router,
    limits: ConnectionLimits,
    protocol: auto::Builder<Tracked>,
    tls: Option<Tls>,
    tasks: TaskTracker,
    /// Whether answers are to be the last ones of their connections.
    last_answers: Arc<AtomicBool>,
    announced: CancellationToken,
    ended: CancellationToken,
    abandoned: CancellationToken,
}

/// How far the end of a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Open,
    Announced,
    /// It ends with what is under way, and has until this instant for that if nothing is.
    Ending(Instant),
}

/// How long a client may take to see that a connection ends on which nothing goes on, and to read the
/// next piece of the last answer.
const FAREWELL_MAX: Duration = Duration::from_secs(2);

impl Connections {
    /// None yet.
    pub(super) fn new(
        router: Router,
        limits: ConnectionLimits,
        tls: Option<Tls>,
        tasks: TaskTracker,
    ) -> Arc<Self> {
        Arc::new(Self {
            router,
            limits,
            protocol: protocol::builder(limits, tasks.clone()),
            tls,
            tasks,
            last_answers: Arc::default(),
            announced: CancellationToken::new(),
            ended: CancellationToken::new(),
            abandoned: CancellationToken::new(),
        })
    }

    /// Serves a client, who has a place until they have gone.
    pub(super) fn begin(self: &Arc<Self>, stream: TcpStream, place: OwnedSemaphorePermit) {
        let connections = Arc::clone(self);
        // Its end is waited for through the tracker.
        drop(self.tasks.spawn(async move {
            match &connections.tls {
                None => connections.serve(stream, place).await,
                Some(tls) => {
                    let greeted = tokio::select! {
                        greeted = tls.greet(stream, connections.limits.header_timeout) => greeted,
                        () = connections.ended.cancelled() => None,
                    };
                    if let Some(stream) = greeted {
                        connections.serve(stream, place).await;
                    }
                }
            }
        }));
    }

    /// Answers from now on are the last of their connections.
    pub(super) fn announce_end(&self) {
        self.last_answers.store(true, Ordering::Relaxed);
        self.announced.cancel();
    }

    /// Closes the connections on which nothing is under way, and the others once it has finished.
    pub(super) fn end(&self) {
        self.ended.cancel();
    }

    /// Closes all connections.
    pub(super) fn abandon(&self) {
        self.abandoned.cancel();
    }

    /// Serves what a connection asks, until it ends or is upgraded.
    async fn serve<S>(&self, stream: S, place: OwnedSemaphorePermit)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let activity = Arc::new(Activity::new());
        // With the stream, so that they last as long as it does: it outlives this when it is upgraded.
        let held = Held { _place: place, _tracked: self.tasks.token() };
        let io = TokioIo::new(Watched { stream, activity: Arc::clone(&activity), _held: held });
        let service = service_fn(|request| self.answer(&activity, request));
        let mut connection = pin!(self.protocol.serve_connection_with_upgrades(io, service));
        let mut timer = pin!(tokio::time::sleep(activity::look_after(&self.limits)));
        let mut stage = Stage::Open;
        loop {
            tokio::select! {
                biased;
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(error, "a connection broke");
                    }
                    return;
                }
                () = self.announced.cancelled(), if stage == Stage::Open => {
                    stage = Stage::Announced;
                    if activity.is_http2() {
                        connection.as_mut().graceful_shutdown();
                    }
                }
                () = self.ended.cancelled(), if stage == Stage::Announced => {
                    stage = Stage::Ending(farewell());
                    timer.as_mut().reset(farewell());
                    connection.as_mut().graceful_shutdown();
                }
                () = self.abandoned.cancelled(), if matches!(stage, Stage::Ending(_)) => return,
                () = timer.as_mut() => match self.look(&activity, stage) {
                    Look::Again(at) => timer.as_mut().reset(at),
                    Look::End => {
                        stage = Stage::Ending(farewell());
                        timer.as_mut().reset(farewell());
                        connection.as_mut().graceful_shutdown();
                    }
                    Look::Drop => return,
                },
            }
        }
    }

    /// What is to become of a connection that a timer has led to.
    fn look(&self, activity: &Activity, stage: Stage) -> Look {
        let now = Instant::now();
        if let Stage::Ending(until) = stage {
            let still = activity.resting_for(now).is_some_and(|rest| rest >= FAREWELL_MAX);
            return if still && now >= until { Look::Drop } else { Look::Again(farewell()) };
        }
        match activity.verdict(&self.limits, now) {
            Verdict::LookAgain(at) => Look::Again(at),
            Verdict::Rested => Look::End,
            Verdict::Slow => {
                tracing::debug!("a client took too long to send the head of a request");
                Look::Drop
            }
            // It would not read a farewell either.
            Verdict::Unread => {
                tracing::debug!("a client does not read an answer");
                Look::Drop
            }
        }
    }

    /// Has the router answer a request, and says whether that is the last answer.
    fn answer(
        &self,
        activity: &Arc<Activity>,
        request: hyper::Request<Incoming>,
    ) -> impl Future<Output = Result<Response<Answer>, Infallible>> + Send + use<> {
        let under_way = activity.begin();
        let has_last_answers = request.version() < Version::HTTP_2;
        let last_answers = Arc::clone(&self.last_answers);
        let answer = self.router.clone().call(request);
        async move {
            let response = answer.await?;
            let sending = under_way.answered();
            let mut response = response.map(|body| Answer::new(body, sending));
            let is_upgraded = response.status() == StatusCode::SWITCHING_PROTOCOLS;
            if has_last_answers && !is_upgraded && last_answers.load(Ordering::Relaxed) {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(response)
        }
    }
}

/// What is to become of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// To be looked at again then.
    Again(Instant),
    /// To be ended with what is under way.
    End,
    /// To be dropped.
    Drop,
}

/// When a client should have taken its leave that is told so now.
fn farewell() -> Instant {
    let now = Instant::now();
    now.checked_add(FAREWELL_MAX).unwrap_or(now)
}
