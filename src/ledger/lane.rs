//! A lane: takes a batch, has it carried out, takes the next; until nobody can ask any more.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use tokio::task::JoinSet;

use super::queue::Queue;
use super::writer::Writer;

/// Runs so many lanes, until the queue ends.
pub(super) async fn run_all(queue: Arc<Queue>, writer: Writer, lanes: usize) {
    let mut running = JoinSet::new();
    for _lane in 0..lanes {
        running.spawn(run(Arc::clone(&queue), writer.clone()));
    }
    while let Some(ended) = running.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a lane of the ledger failed");
        }
    }
}

async fn run(queue: Arc<Queue>, writer: Writer) {
    while let Some(batch) = queue.take().await {
        // A panic over one batch must not end the lane. Its callers are told by their channels,
        // which are dropped with it; what it was is in the log already, from the panic hook.
        let carried_out = AssertUnwindSafe(writer.carry_out(batch)).catch_unwind().await;
        if carried_out.is_err() {
            tracing::error!("the writer failed over a batch");
        }
    }
}
