//! Listens, and stops in good order.
//!
//! axum's own loop has neither TLS nor bounds, so this is a loop over hyper's connections. What it
//! looks after: connections at once ([`accept`]); how long a client may take to be greeted by TLS
//! ([`tls`]), to send the head of a request, to rest between two and to leave an answer unread
//! ([`activity`]); what of an answer waits for its client ([`answer`]); the size of a head, and what
//! HTTP/2 lets one connection ask for ([`protocol`]); and that nobody is dropped in the middle of a
//! request when the server stops ([`connection`]).
//!
//! It knows no route and no request; how long one may take is looked after around the routes. Nor does
//! it know what becomes of a connection that is upgraded to another protocol: that one counts as a
//! connection, and is waited for at the end, for as long as its stream is there, and whoever has taken
//! it looks after its times ([`socket`](super::socket)).

mod accept;
mod activity;
mod answer;
mod connection;
mod protocol;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

pub use protocol::ConnectionLimits;
pub use tls::{Tls, TlsError};

use super::Stopping;
use accept::Entrance;
use connection::Connections;

/// How long those who are cut off may take to be told.
pub(super) const LAST_ANSWERS_MAX: Duration = Duration::from_secs(1);

/// How long connections that rest are kept when the server has ceased to listen, at the most: what
/// their clients have sent meanwhile is answered, and they are told to send no more.
const LINGER_MAX: Duration = Duration::from_millis(500);

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

/// How to serve.
#[derive(Clone, Debug)]
pub struct ServeSettings {
    /// What each connection may do, and how many there may be.
    pub limits: ConnectionLimits,
    /// With what the server proves who it is; `None` for plain HTTP.
    pub tls: Option<Tls>,
    /// How long it goes on as before when it is asked to stop. Connections that rest at its end are
    /// kept as long again, up to half a second, for what is on its way already.
    pub drain_delay: Duration,
    /// How long requests under way may take to finish from then on.
    pub shutdown_timeout: Duration,
}

/// Serves until it is asked to stop, and for the delay after that; then accepts nobody any more, and
/// lets what is under way finish. What has not finished in time is told so, and cut off. Tells
/// whether everything finished.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    settings: ServeSettings,
    stopping: &Stopping,
) -> bool {
    let ServeSettings { limits, tls, drain_delay, shutdown_timeout } = settings;
    let tasks = TaskTracker::new();
    let connections = Connections::new(router, limits, tls.clone(), tasks.clone());
    let entrance = Entrance::new(listener, limits.connections_max, Arc::clone(&connections));
    let asked = async {
        stopping.draining().await;
        tracing::info!("asked to stop");
        until(drain_delay, stopping.hurried()).await;
    };
    tokio::select! {
        () = asked => {}
        () = entrance.accept() => {}
        () = tls::renew(tls.as_ref()) => {}
    }
    entrance.close();
    stopping.close();
    tasks.close();
    connections.announce_end();
    let gone = async {
        tokio::select! {
            () = stopping.hurried() => {}
            () = tasks.wait() => {}
        }
    };
    until(drain_delay.min(LINGER_MAX), gone).await;
    connections.end();
    if tokio::time::timeout(shutdown_timeout, tasks.wait()).await.is_ok() {
        return true;
    }
    stopping.cut_off();
    // Whoever does not read the last answer by now does not get it.
    until(LAST_ANSWERS_MAX, tasks.wait()).await;
    connections.abandon();
    tasks.wait().await;
    false
}

/// Waits for as long as `patience`, or until `event`, whichever comes first.
async fn until(patience: Duration, event: impl Future<Output = ()>) {
    tokio::select! {
        () = event => {}
        () = tokio::time::sleep(patience) => {}
    }
}
