//! The one writer: every change of stock, of whatever kind, goes through here.
//!
//! Commands wait in a queue ([`queue`]). The writer takes those that wait, as many as there are,
//! and carries them out in one database transaction ([`post`]): it locks the SKUs concerned, in
//! ascending order of their ids; reads what the commands need besides ([`read`]); decides in
//! memory, one command after the other, what becomes of each ([`decide`]); writes; commits; and
//! only then answers. A batch of one is the plain transaction of the textbook: there is no second
//! way to write. Nothing waits for a timer: a batch grows by itself while the one before it
//! commits.
//!
//! What holds here, and nowhere else needs to be looked after:
//!
//! - A transaction belongs to the writer's own task, never to a request. A client that hangs up
//!   drops an answer, not a transaction.
//! - Whatever may have gone wrong for a moment is carried out again from the beginning. What had
//!   been committed after all is recognised by its key and answered as done.
//! - The callers of one batch share nothing else. One command's refusal, or the mistake of the
//!   server with it, never touches its neighbours.
//!
//! This room does not know GraphQL, HTTP or the store.

mod books;
mod decide;
mod error;
mod post;
mod queue;
mod read;
mod statement;
mod writer;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

pub use error::LedgerError;

use crate::db::Database;
use crate::domain::{Clock, Command, Outcome};
use post::Poster;
use queue::{Queue, Ticket};

/// Bounds of the ledger's work.
#[derive(Clone, Copy, Debug)]
pub struct LedgerSettings {
    /// Commands that may wait. One more is refused as busy at once, for a caller who waits behind
    /// so many has long lost patience.
    pub queue_commands_max: usize,
    /// Commands of one transaction, 1 upward. More of them make it longer, not cheaper.
    pub batch_commands_max: usize,
}

impl Default for LedgerSettings {
    fn default() -> Self {
        Self { queue_commands_max: 10_000, batch_commands_max: 500 }
    }
}

/// The way into the ledger. Cheap to clone; when the last clone is dropped the writer ends, once
/// it has answered everything that waits.
#[derive(Clone, Debug)]
pub struct Ledger {
    tickets: mpsc::Sender<Ticket>,
}

impl Ledger {
    /// Starts the writer over `database`. The handle ends when the writer has.
    #[expect(
        clippy::disallowed_methods,
        reason = "the writer outlives every request; the caller waits for it"
    )]
    pub fn start(
        database: Database,
        settings: LedgerSettings,
        clock: Clock,
    ) -> (Self, JoinHandle<()>) {
        let (tickets, waiting) = mpsc::channel(settings.queue_commands_max.max(1));
        let queue = Queue::new(waiting, settings.batch_commands_max.max(1));
        let writer = tokio::spawn(writer::run(queue, Poster::new(database, clock)));
        (Self { tickets }, writer)
    }

    /// Has `command` carried out, and waits until that is committed.
    ///
    /// Dropping the future changes nothing about what becomes of a command that the writer has
    /// taken; one that still waits is then left out.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when it is not known what became of the command. Submitting the same
    /// command again, under the same key, tells or does it; it is never done twice.
    pub async fn submit(&self, command: Command) -> Result<Outcome, LedgerError> {
        let (answer, answered) = oneshot::channel();
        self.tickets.try_send(Ticket { command, answer }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => LedgerError::QueueFull,
            mpsc::error::TrySendError::Closed(_) => LedgerError::Stopped,
        })?;
        answered.await.unwrap_or(Err(LedgerError::Lost))
    }
}
