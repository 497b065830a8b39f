//! The ledger's own thread, with a runtime of its own for the lanes.
//!
//! On the runtime of the server the lanes would be some tasks among hundreds. When a batch is
//! answered, all its callers' tasks are ready at once; the lane's next step would queue behind
//! them, once for each of the half-dozen answers that a batch waits for, while the database idles
//! (measured on two cores shared with the database: begin and read took half as long, and 3 to 9 %
//! more was written in a second).

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::lane;
use super::post::Poster;
use super::queue::Queue;
use super::work::Work;
use super::writer::Writer;

/// Ends when the last lane has, and their thread with it: a process that ends while one of its
/// threads is still putting things away may stand still for ever.
#[derive(Debug)]
pub struct LanesEnded {
    running: oneshot::Receiver<()>,
    thread: Option<JoinHandle<()>>,
}

impl Future for LanesEnded {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // Nothing is ever sent: the thread drops its end when it has nothing else left.
        ready!(Pin::new(&mut self.running).poll(context)).unwrap_or_default();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the ledger's thread ended in a panic");
        }
        Poll::Ready(())
    }
}

/// Starts the thread and, on it, so many lanes, which run until the queue ends.
pub(super) fn start(queue: Arc<Queue>, work: Work, lanes: usize) -> io::Result<LanesEnded> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (running, ended) = oneshot::channel::<()>();
    let thread = std::thread::Builder::new().name("ledger".to_owned()).spawn(move || {
        runtime.block_on(run(queue, work, lanes));
        drop(runtime);
        drop(running);
    })?;
    Ok(LanesEnded { running: ended, thread: Some(thread) })
}

async fn run(queue: Arc<Queue>, work: Work, lanes: usize) {
    let writer = match work.database.open_writer().await {
        Ok(writer) => writer,
        Err(error) => {
            // Its options were understood when the database was connected. Whoever asks is told
            // that the ledger has stopped.
            tracing::error!(%error, "the ledger has no way to the database");
            return queue.close();
        }
    };
    let poster = Poster::new(work, writer.clone());
    lane::run_all(queue, Writer::new(poster), lanes).await;
    if let Err(error) = writer.close().await {
        tracing::warn!(%error, "the ledger's connections were not closed in good order");
    }
}
