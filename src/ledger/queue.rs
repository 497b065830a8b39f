//! Commands that wait for the writer.

use std::collections::VecDeque;

use tokio::sync::{mpsc, oneshot};

use super::LedgerError;
use crate::domain::{Command, Outcome};

/// Entries that one transaction writes at the most. A cart has up to 250 lines, so a batch is
/// bounded by lines as well as by commands: the transaction must stay short.
const BATCH_LINES_MAX: usize = 2_500;

/// A command, and where its caller waits for the answer.
#[derive(Debug)]
pub(super) struct Ticket {
    pub(super) command: Command,
    pub(super) answer: oneshot::Sender<Result<Outcome, LedgerError>>,
}

/// What waits, in the order of its arrival.
#[derive(Debug)]
pub(super) struct Queue {
    arriving: mpsc::Receiver<Ticket>,
    taken: VecDeque<Ticket>,
    batch_commands_max: usize,
}

impl Queue {
    pub(super) fn new(arriving: mpsc::Receiver<Ticket>, batch_commands_max: usize) -> Self {
        Self { arriving, taken: VecDeque::new(), batch_commands_max }
    }

    /// Takes what waits, up to the bounds of a batch. Waits while nothing does; `None` when
    /// nothing ever will.
    ///
    /// Commands whose callers have gone are left out: nobody would learn of them.
    pub(super) async fn take(&mut self) -> Option<Vec<Ticket>> {
        loop {
            if self.taken.is_empty() {
                let mut arrived = Vec::new();
                if self.arriving.recv_many(&mut arrived, self.batch_commands_max).await == 0 {
                    return None;
                }
                self.taken.extend(arrived);
            }
            let batch = self.next_batch();
            if !batch.is_empty() {
                return Some(batch);
            }
        }
    }

    fn next_batch(&mut self) -> Vec<Ticket> {
        let mut batch = Vec::new();
        let mut lines = 0_usize;
        loop {
            let Some(ticket) = self.taken.pop_front().or_else(|| self.arriving.try_recv().ok())
            else {
                return batch;
            };
            if ticket.answer.is_closed() {
                continue;
            }
            lines = lines.saturating_add(ticket.command.operation.line_count());
            if lines > BATCH_LINES_MAX && !batch.is_empty() {
                self.taken.push_front(ticket);
                return batch;
            }
            batch.push(ticket);
            if batch.len() >= self.batch_commands_max {
                return batch;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{DeductLine, IdempotencyKey, Operation, OrderDetailId, SkuId};

    fn ticket(lines: usize) -> (Ticket, oneshot::Receiver<Result<Outcome, LedgerError>>) {
        let line = DeductLine {
            sku_id: SkuId(1),
            order_detail_id: OrderDetailId::new("order".to_owned()).unwrap(),
            quantity: 1,
        };
        let command = Command {
            scope: "tests".to_owned(),
            key: IdempotencyKey::new("key".to_owned()).unwrap(),
            actor: "tests".to_owned(),
            reason: None,
            operation: Operation::DeductBatch(vec![line; lines]),
        };
        let (answer, answered) = oneshot::channel();
        (Ticket { command, answer }, answered)
    }

    #[tokio::test]
    async fn a_batch_is_bounded_by_commands_and_by_lines_and_loses_none() {
        let (sender, arriving) = mpsc::channel(100);
        let mut queue = Queue::new(arriving, 20);
        let mut callers = Vec::new();
        for lines in std::iter::repeat_n(1, 25).chain(std::iter::repeat_n(250, 15)) {
            let (ticket, caller) = ticket(lines);
            sender.try_send(ticket).unwrap();
            callers.push(caller);
        }
        drop(sender);
        let mut sizes = Vec::new();
        while let Some(batch) = queue.take().await {
            sizes.push(batch.len());
        }
        assert_eq!(sizes, [20, 14, 6]);
    }

    #[tokio::test]
    async fn a_caller_who_has_gone_is_left_out() {
        let (sender, arriving) = mpsc::channel(100);
        let mut queue = Queue::new(arriving, 20);
        let (gone, caller) = ticket(1);
        drop(caller);
        sender.try_send(gone).unwrap();
        let (waiting, _caller) = ticket(2);
        sender.try_send(waiting).unwrap();
        let batch = queue.take().await.unwrap();
        assert_eq!(batch.len(), 1);
        assert_eq!(batch[0].command.operation.line_count(), 2);
    }
}
