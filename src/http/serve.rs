//! Listens, and stops in good order.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long those who are cut off may take to be told.
const LAST_ANSWERS_MAX: Duration = Duration::from_secs(1);

/// Why the server cannot listen.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {source}")]
pub struct BindError {
    /// Where it was to listen.
    pub address: String,
    /// What the system said.
    pub source: io::Error,
}

/// Takes `address`, as `HOST:PORT`; port 0 takes any that is free. Also tells which it became.
///
/// # Errors
///
/// [`BindError`] when the address is taken or is none of this machine's.
pub async fn bind(address: &str) -> Result<(TcpListener, SocketAddr), BindError> {
    let failed = |source| BindError { address: address.to_owned(), source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// Serves until `stop` comes; then accepts nobody any more, and lets what is under way finish
/// for as long as `shutdown_timeout`. Connections on which nothing is under way are closed at
/// once. What has not finished by then is told so, through `cut_off`. Tells whether everything
/// finished.
///
/// # Errors
///
/// Those of the listener.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
    shutdown_timeout: Duration,
    cut_off: &CancellationToken,
) -> io::Result<bool> {
    // Answers are small and complete; waiting for more to send along would only delay them.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let stopping = CancellationToken::new();
    let stopped = stopping.clone();
    let stop = async move {
        stop.await;
        stopping.cancel();
    };
    let overdue = async move {
        stopped.cancelled().await;
        tokio::time::sleep(shutdown_timeout).await;
    };
    let mut serving = axum::serve(listener, router).with_graceful_shutdown(stop).into_future();
    tokio::select! {
        served = &mut serving => return served.map(|()| true),
        () = overdue => {}
    }
    cut_off.cancel();
    // Whoever does not read the last answer by now does not get it.
    tokio::time::timeout(LAST_ANSWERS_MAX, serving).await.unwrap_or(Ok(())).map(|()| false)
}
