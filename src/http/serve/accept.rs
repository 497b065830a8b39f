//! Lets clients in, as many at once as there may be.
//!
//! When there are enough, nobody is turned away: the next one waits in the system's own queue until
//! a connection ends. Nothing that happens to one connection on its way in ends the loop.

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::connection::Connections;

/// How long to wait when the system has no file descriptor or no memory for a connection: others
/// have to end first.
const PAUSE: Duration = Duration::from_millis(200);

/// Where clients come in.
#[derive(Debug)]
pub(super) struct Entrance {
    listener: TcpListener,
    places: Arc<Semaphore>,
    connections: Arc<Connections>,
}

impl Entrance {
    pub(super) fn new(
        listener: TcpListener,
        connections_max: usize,
        connections: Arc<Connections>,
    ) -> Self {
        let places = connections_max.min(Semaphore::MAX_PERMITS);
        Self { listener, places: Arc::new(Semaphore::new(places)), connections }
    }

    /// Lets clients in, for ever.
    pub(super) async fn accept(&self) {
        let mut hindered = false;
        loop {
            // Nobody closes it.
            let Ok(place) = Arc::clone(&self.places).acquire_owned().await else { return };
            match self.listener.accept().await {
                Ok((stream, _peer)) => {
                    hindered = false;
                    self.admit(stream, place);
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    if !hindered {
                        tracing::error!(%error, "no connection can be accepted for now");
                    }
                    hindered = true;
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Lets those in who have been connected by the system already, and listens no more. Closing
    /// at once would break their connections, and what they may have sent would be lost.
    pub(super) fn close(self) {
        while let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            match self.listener.accept().now_or_never() {
                Some(Ok((stream, _peer))) => self.admit(stream, place),
                Some(Err(error)) if is_of_one_connection(&error) => {}
                Some(Err(_)) | None => break,
            }
        }
    }

    fn admit(&self, stream: TcpStream, place: OwnedSemaphorePermit) {
        // Answers are small and complete; waiting for more to send along would only delay them.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
        self.connections.begin(stream, place);
    }
}

/// Whether an error says that one client has gone again, and nothing about the next one.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
    )
}
