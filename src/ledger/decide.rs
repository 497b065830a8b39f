//! Decides what becomes of each command, one after the other: a pure function of what was read.
//!
//! No input, no output, no clock of its own: everything that the rules of stock say about a
//! change stands in this file, and can be tested exhaustively.

mod bundle;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use chrono::{DateTime, Utc};

pub(super) use bundle::decide_all;

use super::books::{Books, RequestKey};
use crate::domain::{
    Argument, Command, CountId, DeductLine, Field, Fingerprint, Flow, FlowId, FlowKind, Inventory,
    MerchantId, Operation, ReceiptLine, RefundLine, Refusal, SkuId, Violation,
};

/// An entry to be written. Its id is 0 until the database has given it one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The entry itself.
    pub flow: Flow,
    /// When its SKU was put on the books.
    pub sku_created_at: DateTime<Utc>,
}

/// What the batch as a whole does to one SKU that was on the books before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The SKU.
    pub sku_id: SkuId,
    /// The version that was read, and must still be there.
    pub version: i64,
    /// Units taken, all in all; negative when more came in.
    pub taken: i64,
    /// Entries written.
    pub entries: i64,
}

/// A stocktake that is completed by what the batch writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedCount {
    /// Which.
    pub count_id: CountId,
    /// The revision that was read, and must still be there.
    pub revision: i64,
    /// Who completes it.
    pub closed_by: String,
}

/// What becomes of one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// These of the plan's entries are written for it.
    Write(Range<usize>),
    /// An earlier command of this batch has the same key and wants the same: its entries answer.
    Repeat(Range<usize>),
    /// It was carried out in an earlier batch: what was written then answers.
    Replay(Vec<ReceiptLine>),
    /// It cannot be carried out.
    Refuse(Vec<Refusal>),
    /// It could be, but another command of its bundle cannot, so that it is not.
    Withhold,
}

/// What becomes of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// One for each command, in their order.
    pub verdicts: Vec<Verdict>,
    /// SKUs to be put on the books, as the whole batch leaves them.
    pub openings: Vec<Inventory>,
    /// SKUs to be changed, in ascending order of their ids.
    pub changes: Vec<Change>,
    /// Entries to be written, in the order in which they take effect.
    pub entries: Vec<Entry>,
    /// Stocktakes to be completed.
    pub closed_counts: Vec<ClosedCount>,
}

impl Verdict {
    /// Whether the command cannot be carried out.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self, Self::Refuse(_))
    }
}

impl Plan {
    /// Whether a command of the batch cannot be carried out.
    pub(super) fn refuses(&self) -> bool {
        self.verdicts.iter().any(Verdict::is_refusal)
    }
}

/// Decides every command of a batch, each by itself, at the instant `now`.
pub fn decide(commands: &[Command], books: &Books, now: DateTime<Utc>) -> Plan {
    let mut batch = Batch::new(books, now);
    for command in commands {
        batch.decide(command);
    }
    batch.finish()
}

/// A batch that is being decided: the books as they were read, and the stocks and refunds as its
/// commands so far leave them.
struct Batch<'a> {
    books: &'a Books,
    stocks: HashMap<SkuId, Inventory>,
    refunded: HashMap<FlowId, i64>,
    now: DateTime<Utc>,
    plan: Plan,
    decided: HashMap<RequestKey, (Fingerprint, Range<usize>)>,
}

impl<'a> Batch<'a> {
    fn new(books: &'a Books, now: DateTime<Utc>) -> Self {
        Self {
            books,
            stocks: books.stocks.clone(),
            refunded: books.refunded.clone(),
            now,
            plan: Plan::default(),
            decided: HashMap::new(),
        }
    }

    fn decide(&mut self, command: &Command) {
        let verdict = self.verdict(command);
        self.plan.verdicts.push(verdict);
    }

    /// What is to be done to the SKUs, now that all is decided.
    fn finish(self) -> Plan {
        let Self { books, stocks, mut plan, .. } = self;
        let after: BTreeMap<SkuId, Inventory> = stocks.into_iter().collect();
        for (sku_id, after) in after {
            match books.stocks.get(&sku_id) {
                None => plan.openings.push(after),
                Some(before) if before.version == after.version => {}
                Some(before) => plan.changes.push(Change {
                    sku_id,
                    version: before.version,
                    taken: i64::from(before.leaved_amount)
                        .saturating_sub(i64::from(after.leaved_amount)),
                    entries: after.version.saturating_sub(before.version),
                }),
            }
        }
        plan
    }

    fn verdict(&mut self, command: &Command) -> Verdict {
        let key = (command.scope.clone(), command.key.as_str().to_owned());
        let fingerprint = Fingerprint::of(command);
        if let Some((decided, entries)) = self.decided.get(&key) {
            return if *decided == fingerprint {
                Verdict::Repeat(entries.clone())
            } else {
                Verdict::Refuse(vec![reused()])
            };
        }
        if let Some(flows) = self.books.written.get(&key) {
            return if flows.iter().all(|flow| flow.request_hash == fingerprint.0) {
                Verdict::Replay(flows.iter().map(|flow| self.receipt(flow)).collect())
            } else {
                Verdict::Refuse(vec![reused()])
            };
        }
        let mut draft = Draft::new(self, command, fingerprint);
        draft.carry_out(&command.operation);
        let Draft { stocks, refunded, entries, refusals, .. } = draft;
        if !refusals.is_empty() {
            return Verdict::Refuse(refusals);
        }
        self.stocks.extend(stocks);
        self.refunded.extend(refunded);
        let start = self.plan.entries.len();
        self.plan.entries.extend(entries);
        if let Operation::Count { count_id, revision, .. } = command.operation {
            let closed_by = command.actor.clone();
            self.plan.closed_counts.push(ClosedCount { count_id, revision, closed_by });
        }
        let written = start..self.plan.entries.len();
        self.decided.insert(key, (fingerprint, written.clone()));
        Verdict::Write(written)
    }

    fn receipt(&self, flow: &Flow) -> ReceiptLine {
        let created_at =
            self.stocks.get(&flow.sku_id).map_or(flow.created_at, |stock| stock.created_at);
        ReceiptLine { inventory: Inventory::after(flow, created_at), flow: flow.clone() }
    }
}

fn reused() -> Refusal {
    Refusal {
        field: Field::of(Argument::IdempotencyKey),
        violation: Violation::IdempotencyKeyReused,
    }
}

/// One command being carried out over the books as the commands before it left them. Nothing of
/// it is kept if a line of it is refused.
struct Draft<'a> {
    batch: &'a Batch<'a>,
    command: &'a Command,
    fingerprint: Fingerprint,
    now: DateTime<Utc>,
    stocks: HashMap<SkuId, Inventory>,
    refunded: HashMap<FlowId, i64>,
    entries: Vec<Entry>,
    refusals: Vec<Refusal>,
}

/// What an entry says beyond the command and the stock.
struct Movement {
    kind: FlowKind,
    order_detail_id: Option<String>,
    quantity_trade: i32,
    deduction_id: Option<FlowId>,
}

impl Movement {
    fn of(kind: FlowKind, quantity_trade: i32) -> Self {
        Self { kind, order_detail_id: None, quantity_trade, deduction_id: None }
    }
}

impl<'a> Draft<'a> {
    fn new(batch: &'a Batch<'a>, command: &'a Command, fingerprint: Fingerprint) -> Self {
        Self {
            batch,
            command,
            fingerprint,
            now: batch.now,
            stocks: HashMap::new(),
            refunded: HashMap::new(),
            entries: Vec::new(),
            refusals: Vec::new(),
        }
    }

    fn carry_out(&mut self, operation: &Operation) {
        match operation {
            Operation::Create { sku_id, merchant_id, quantity } => {
                self.create(*sku_id, *merchant_id, *quantity);
            }
            Operation::Deduct(line) => self.deduct(None, line),
            Operation::DeductBatch(lines) => {
                for (place, line) in lines.iter().enumerate() {
                    self.deduct(Some(place), line);
                }
            }
            Operation::Refund(line) => self.refund(None, *line),
            Operation::RefundBatch(lines) => {
                for (place, line) in lines.iter().enumerate() {
                    self.refund(Some(place), *line);
                }
            }
            Operation::Replenish { sku_id, quantity } => self.replenish(*sku_id, *quantity),
            Operation::SetQuantity { sku_id, quantity, change_from_quantity } => {
                self.set_quantity(*sku_id, *quantity, *change_from_quantity);
            }
            Operation::Count { count_id, revision, lines } => {
                self.count(*count_id, *revision, lines);
            }
        }
    }

    fn create(&mut self, sku_id: SkuId, merchant_id: MerchantId, quantity: i32) {
        // The one place where it is told that another merchant has a SKU: there can be no second.
        if self.stock_of_anybody(sku_id).is_some() {
            let violation = Violation::SkuAlreadyExists { sku_id };
            return self.refuse(Field::of(Argument::SkuId), violation);
        }
        let stock = Inventory {
            sku_id,
            merchant_id,
            leaved_amount: 0,
            version: 0,
            created_at: self.now,
            updated_at: self.now,
        };
        // Units that come in are negative; a quantity is far from the end of 32 bits.
        self.enter(stock, quantity, Movement::of(FlowKind::Opening, quantity.saturating_neg()));
    }

    fn deduct(&mut self, place: Option<usize>, line: &DeductLine) {
        let DeductLine { sku_id, quantity, .. } = *line;
        let field = |argument| Field::of_line(place, argument);
        let Some(stock) = self.stock(sku_id) else {
            return self.refuse(field(Argument::SkuId), Violation::SkuNotFound { sku_id });
        };
        let available = stock.leaved_amount;
        let Some(left) = available.checked_sub(quantity).filter(|left| *left >= 0) else {
            let violation = Violation::InsufficientStock { sku_id, requested: quantity, available };
            return self.refuse(field(Argument::Quantity), violation);
        };
        let movement = Movement {
            order_detail_id: Some(line.order_detail_id.as_str().to_owned()),
            ..Movement::of(FlowKind::Deduction, quantity)
        };
        self.enter(stock, left, movement);
    }

    fn refund(&mut self, place: Option<usize>, line: RefundLine) {
        let RefundLine { flow_id, quantity: requested } = line;
        let batch = self.batch;
        let field = |argument| Field::of_line(place, argument);
        let entry = batch.books.entries.get(&flow_id);
        let Some(deduction) =
            entry.filter(|entry| self.command.visibility.shows(entry.merchant_id))
        else {
            return self.refuse(field(Argument::FlowId), Violation::FlowNotFound { flow_id });
        };
        let sku_id = deduction.sku_id;
        if deduction.kind != FlowKind::Deduction {
            let violation = Violation::NotADeduction { flow_id, sku_id };
            return self.refuse(field(Argument::FlowId), violation);
        }
        let Some(stock) = self.stock(sku_id) else {
            return self.refuse(field(Argument::FlowId), Violation::SkuNotFound { sku_id });
        };
        let refunded = self
            .refunded
            .get(&flow_id)
            .or_else(|| batch.refunded.get(&flow_id))
            .copied()
            .unwrap_or_default();
        let available = i64::from(deduction.quantity_trade).saturating_sub(refunded);
        let available = i32::try_from(available).unwrap_or_default();
        let quantity = requested.unwrap_or(available);
        if quantity > available || quantity < 1 {
            let violation =
                Violation::RefundExceedsDeducted { flow_id, sku_id, requested, available };
            return self.refuse(field(Argument::Quantity), violation);
        }
        let movement = Movement {
            order_detail_id: deduction.order_detail_id.clone(),
            deduction_id: Some(flow_id),
            ..Movement::of(FlowKind::Refund, quantity.saturating_neg())
        };
        if self.bring_in(stock, quantity, field(Argument::Quantity), movement) {
            self.refunded.insert(flow_id, refunded.saturating_add(i64::from(quantity)));
        }
    }

    fn replenish(&mut self, sku_id: SkuId, quantity: i32) {
        let Some(stock) = self.stock(sku_id) else {
            let violation = Violation::SkuNotFound { sku_id };
            return self.refuse(Field::of(Argument::SkuId), violation);
        };
        let movement = Movement::of(FlowKind::Replenishment, quantity.saturating_neg());
        self.bring_in(stock, quantity, Field::of(Argument::Quantity), movement);
    }

    fn set_quantity(&mut self, sku_id: SkuId, quantity: i32, expected: Option<i32>) {
        let Some(stock) = self.stock(sku_id) else {
            let violation = Violation::SkuNotFound { sku_id };
            return self.refuse(Field::of(Argument::SkuId), violation);
        };
        let actual = stock.leaved_amount;
        if let Some(expected) = expected.filter(|expected| *expected != actual) {
            let violation = Violation::ChangeFromQuantityStale { sku_id, expected, actual };
            return self.refuse(Field::of(Argument::ChangeFromQuantity), violation);
        }
        // Both are amounts, so their difference stays within 32 bits.
        let quantity_trade = actual.saturating_sub(quantity);
        self.enter(stock, quantity, Movement::of(FlowKind::Adjustment, quantity_trade));
    }

    /// Adds units to a stock, and tells whether it has room for them.
    fn bring_in(
        &mut self,
        stock: Inventory,
        quantity: i32,
        field: Field,
        movement: Movement,
    ) -> bool {
        let Inventory { sku_id, leaved_amount, .. } = stock;
        let Some(left) = leaved_amount.checked_add(quantity) else {
            let violation = Violation::QuantityOverflow { sku_id, quantity, leaved_amount };
            self.refuse(field, violation);
            return false;
        };
        self.enter(stock, left, movement);
        true
    }

    /// The SKU's stock, if whoever asks sees it.
    fn stock(&self, sku_id: SkuId) -> Option<Inventory> {
        self.stock_of_anybody(sku_id)
            .filter(|stock| self.command.visibility.shows(stock.merchant_id))
    }

    fn stock_of_anybody(&self, sku_id: SkuId) -> Option<Inventory> {
        self.stocks.get(&sku_id).or_else(|| self.batch.stocks.get(&sku_id)).copied()
    }

    fn enter(&mut self, stock: Inventory, leaved_after: i32, movement: Movement) {
        let Movement { kind, order_detail_id, quantity_trade, deduction_id } = movement;
        let flow = Flow {
            id: FlowId(0),
            sku_id: stock.sku_id,
            merchant_id: stock.merchant_id,
            sequence: stock.version.saturating_add(1),
            kind,
            order_detail_id,
            quantity_trade,
            leaved_after,
            deduction_id,
            idempotency_scope: self.command.scope.clone(),
            idempotency_key: self.command.key.as_str().to_owned(),
            // A request has at most 250 lines, a stocktake 5,000.
            line: i32::try_from(self.entries.len()).unwrap_or(i32::MAX),
            request_hash: self.fingerprint.0,
            actor: self.command.actor.clone(),
            reason: self.command.reason.as_ref().map(|reason| reason.as_str().to_owned()),
            created_at: self.now,
            // Given to it when it is known which entries there are to be.
            entry_hash: None,
        };
        self.stocks.insert(stock.sku_id, Inventory::after(&flow, stock.created_at));
        self.entries.push(Entry { flow, sku_created_at: stock.created_at });
    }

    fn refuse(&mut self, field: Field, violation: Violation) {
        self.refusals.push(Refusal { field, violation });
    }
}

#[path = "decide_count.rs"]
mod count;

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
