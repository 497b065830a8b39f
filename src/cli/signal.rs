//! Being asked to stop.

use std::io;

/// Listens for SIGTERM and SIGINT from now on; what it answers calls `asked` each time one comes,
/// and does not end.
///
/// # Errors
///
/// The system's, when it lets nobody listen.
#[cfg(unix)]
pub(super) fn stops(
    asked: impl Fn() + Send + 'static,
) -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            asked();
        }
    })
}

/// Listens for Ctrl-C.
///
/// # Errors
///
/// None.
#[cfg(not(unix))]
pub(super) fn stops(
    asked: impl Fn() + Send + 'static,
) -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            asked();
        }
        std::future::pending::<()>().await;
    })
}
