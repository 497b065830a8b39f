//! Random sequences of commands against a model in memory: whatever is asked, in batches of
//! whatever size, the ledger answers what the model answers, and the books hold.

use std::collections::{BTreeMap, HashMap};

use futures_util::future::join_all;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use stockflow::domain::{Command, FlowId, Operation, Outcome, Violation};
use stockflow::ledger::LedgerSettings;

use crate::support::{TestDatabase, ledger, on_each_database};

/// A command before it is known which SKUs and deductions a run has.
#[derive(Clone, Debug)]
enum Step {
    Create { sku: usize, quantity: i32 },
    Deduct { sku: usize, quantity: i32 },
    Cart(Vec<(usize, i32)>),
    Refund { deduction: usize, quantity: Option<i32> },
    RefundBatch(Vec<(usize, Option<i32>)>),
    Replenish { sku: usize, quantity: i32 },
    Set { sku: usize, quantity: i32, from: Option<i32> },
}

const SKUS: usize = 3;

fn step() -> impl Strategy<Value = Step> {
    let sku = 0..SKUS;
    let some = 1..8_i32;
    let refund = (0..12_usize, prop::option::of(1..8_i32));
    prop_oneof![
        1 => (sku.clone(), 0..20_i32).prop_map(|(sku, quantity)| Step::Create { sku, quantity }),
        4 => (sku.clone(), some.clone())
            .prop_map(|(sku, quantity)| Step::Deduct { sku, quantity }),
        3 => prop::collection::vec((sku.clone(), some.clone()), 1..5).prop_map(Step::Cart),
        4 => refund.clone()
            .prop_map(|(deduction, quantity)| Step::Refund { deduction, quantity }),
        2 => prop::collection::vec(refund, 1..4).prop_map(Step::RefundBatch),
        2 => (sku.clone(), some).prop_map(|(sku, quantity)| Step::Replenish { sku, quantity }),
        1 => (sku, 0..20_i32, prop::option::of(0..20_i32))
            .prop_map(|(sku, quantity, from)| Step::Set { sku, quantity, from }),
    ]
}

/// Batches of steps, each step under one of a few keys, so that keys meet again.
fn run() -> impl Strategy<Value = Vec<Vec<(Step, u8)>>> {
    prop::collection::vec(prop::collection::vec((step(), 0..30_u8), 1..6), 1..8)
}

/// What is asked of a model and of the ledger alike.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    /// Units traded and units left after it, for each line.
    Done(Vec<(i64, i32, i32)>),
    Refused(Vec<&'static str>),
}

fn code(violation: &Violation) -> &'static str {
    match violation {
        Violation::InsufficientStock { .. } => "insufficient",
        Violation::SkuNotFound { .. } => "no sku",
        Violation::SkuAlreadyExists { .. } => "sku exists",
        Violation::FlowNotFound { .. } => "no flow",
        Violation::RefundExceedsDeducted { .. } => "exceeds",
        Violation::ChangeFromQuantityStale { .. } => "stale",
        Violation::IdempotencyKeyReused => "reused",
        other => panic!("not in the model: {other:?}"),
    }
}

/// The simplest shop there is: numbers in maps, one command at a time.
#[derive(Clone, Default)]
struct Model {
    stocks: BTreeMap<i64, i32>,
    /// Deduction by flow id: its SKU and what is still refundable of it.
    refundable: BTreeMap<i64, (i64, i32)>,
    answered: HashMap<String, (Operation, Answer)>,
}

impl Model {
    /// The answer, and whether it is a replay. Deductions get their ids by [`Model::learn`].
    fn ask(&mut self, command: &Command) -> (Answer, bool) {
        let key = command.key.as_str();
        if let Some((operation, answer)) = self.answered.get(key) {
            return if *operation == command.operation {
                (answer.clone(), true)
            } else {
                (Answer::Refused(vec!["reused"]), false)
            };
        }
        let mut draft = self.clone();
        let lines: Vec<Result<(i64, i32, i32), &'static str>> = match &command.operation {
            Operation::Create { sku_id, quantity, .. } => vec![draft.create(sku_id.0, *quantity)],
            Operation::Deduct(line) => vec![draft.take(line.sku_id.0, line.quantity)],
            Operation::DeductBatch(lines) => {
                lines.iter().map(|line| draft.take(line.sku_id.0, line.quantity)).collect()
            }
            Operation::Refund(line) => vec![draft.give_back(line.flow_id.0, line.quantity)],
            Operation::RefundBatch(lines) => {
                lines.iter().map(|line| draft.give_back(line.flow_id.0, line.quantity)).collect()
            }
            Operation::Replenish { sku_id, quantity } => vec![draft.take(sku_id.0, -quantity)],
            Operation::SetQuantity { sku_id, quantity, change_from_quantity } => {
                vec![draft.set(sku_id.0, *quantity, *change_from_quantity)]
            }
            // Those have a model of their own, in tests/it/counts.
            Operation::Count { .. } => panic!("{command:?}"),
        };
        let faults: Vec<_> = lines.iter().filter_map(|line| line.err()).collect();
        if !faults.is_empty() {
            return (Answer::Refused(faults), false);
        }
        let answer = Answer::Done(lines.into_iter().map(Result::unwrap).collect());
        draft.answered.insert(key.to_owned(), (command.operation.clone(), answer.clone()));
        *self = draft;
        (answer, false)
    }

    fn create(&mut self, sku: i64, quantity: i32) -> Result<(i64, i32, i32), &'static str> {
        if self.stocks.contains_key(&sku) {
            return Err("sku exists");
        }
        self.stocks.insert(sku, quantity);
        Ok((sku, -quantity, quantity))
    }

    fn take(&mut self, sku: i64, quantity: i32) -> Result<(i64, i32, i32), &'static str> {
        let left = self.stocks.get_mut(&sku).ok_or("no sku")?;
        if *left < quantity {
            return Err("insufficient");
        }
        *left -= quantity;
        Ok((sku, quantity, *left))
    }

    fn give_back(
        &mut self,
        flow_id: i64,
        quantity: Option<i32>,
    ) -> Result<(i64, i32, i32), &'static str> {
        let (sku, refundable) = self.refundable.get_mut(&flow_id).ok_or("no flow")?;
        let quantity = quantity.unwrap_or(*refundable);
        if quantity > *refundable || quantity == 0 {
            return Err("exceeds");
        }
        *refundable -= quantity;
        let sku = *sku;
        self.take(sku, -quantity)
    }

    fn set(
        &mut self,
        sku: i64,
        quantity: i32,
        from: Option<i32>,
    ) -> Result<(i64, i32, i32), &'static str> {
        let left = self.stocks.get_mut(&sku).ok_or("no sku")?;
        if from.is_some_and(|from| from != *left) {
            return Err("stale");
        }
        let traded = *left - quantity;
        *left = quantity;
        Ok((sku, traded, quantity))
    }

    /// Takes over the ids that the ledger gave to deductions.
    fn learn(&mut self, command: &Command, outcome: &Outcome) {
        let takes = matches!(command.operation, Operation::Deduct(_) | Operation::DeductBatch(_));
        if let (true, Outcome::Done { receipt, replayed: false }) = (takes, outcome) {
            for line in receipt {
                let flow = &line.flow;
                self.refundable.insert(flow.id.0, (flow.sku_id.0, flow.quantity_trade));
            }
        }
    }
}

fn answer(outcome: &Outcome) -> (Answer, bool) {
    match outcome {
        Outcome::Done { receipt, replayed } => {
            let lines = receipt.iter().map(|line| &line.flow);
            let lines = lines.map(|flow| (flow.sku_id.0, flow.quantity_trade, flow.leaved_after));
            (Answer::Done(lines.collect()), *replayed)
        }
        Outcome::Refused(refusals) => (
            Answer::Refused(refusals.iter().map(|refusal| code(&refusal.violation)).collect()),
            false,
        ),
    }
}

/// The command of a step, in the run whose SKUs begin at `first_sku`.
fn command(step: &Step, key: u8, first_sku: i64, known: &[i64]) -> Command {
    let key = format!("{first_sku}-{key}");
    let sku = |sku: usize| first_sku + i64::try_from(sku).unwrap();
    // An id that no deduction of the run has: entry 0 does not exist.
    let flow = |place: usize| FlowId(known.get(place).copied().unwrap_or(i64::MAX));
    match step {
        Step::Create { sku: s, quantity } => ledger::create(&key, sku(*s), *quantity),
        Step::Deduct { sku: s, quantity } => ledger::deduct(&key, sku(*s), *quantity),
        Step::Cart(lines) => {
            let lines: Vec<_> = lines.iter().map(|(s, quantity)| (sku(*s), *quantity)).collect();
            ledger::cart(&key, &lines)
        }
        Step::Refund { deduction, quantity } => ledger::refund(&key, flow(*deduction), *quantity),
        Step::RefundBatch(lines) => {
            let lines: Vec<_> = lines.iter().map(|(place, q)| (flow(*place), *q)).collect();
            ledger::refund_batch(&key, &lines)
        }
        Step::Replenish { sku: s, quantity } => ledger::replenish(&key, sku(*s), *quantity),
        Step::Set { sku: s, quantity, from } => {
            ledger::set_quantity(&key, sku(*s), *quantity, *from)
        }
    }
}

async fn the_ledger_answers_what_a_model_answers(database: &TestDatabase) {
    let cases = match database.kind {
        crate::support::Kind::Sqlite => 96,
        crate::support::Kind::MariaDb | crate::support::Kind::Postgres => 48,
    };
    // The model does one after the other. With several lanes a refund of what does not exist, which
    // names no SKU, may be told so while an earlier command under its key is still being written.
    let one_lane = LedgerSettings { lanes: 1, ..ledger::settings() };
    let ledger = ledger::start_with(database.connect().await, one_lane);
    let mut runner =
        TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let first_sku = std::cell::Cell::new(1_i64);
    let runtime = tokio::runtime::Handle::current();
    let result = tokio::task::block_in_place(|| {
        runner.run(&run(), |batches| {
            // Every run has SKUs and keys of its own, so that runs share a database.
            first_sku.set(first_sku.get() + 10);
            let first_sku = first_sku.get();
            let mut model = Model::default();
            for batch in batches {
                let known: Vec<i64> = model.refundable.keys().copied().collect();
                let commands: Vec<Command> = batch
                    .iter()
                    .map(|(step, key)| command(step, *key, first_sku, &known))
                    .collect();
                // Submitted in this order before anything is awaited, so they form one batch.
                let submitted = commands.iter().map(|command| ledger.submit(command.clone()));
                let outcomes = runtime.block_on(join_all(submitted));
                let expected: Vec<_> = commands.iter().map(|command| model.ask(command)).collect();
                for ((command, outcome), expected) in commands.iter().zip(outcomes).zip(expected) {
                    let outcome = outcome.unwrap();
                    prop_assert_eq!(answer(&outcome), expected, "{:?}", command);
                    model.learn(command, &outcome);
                }
            }
            Ok(())
        })
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

on_each_database!(the_ledger_answers_what_a_model_answers);
