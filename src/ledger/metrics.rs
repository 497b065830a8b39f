//! What the ledger counts, for whoever operates it: how long commands wait and how many do, how
//! large batches are, where a transaction's time goes, what is carried out again and why, and what
//! became of the commands.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Unit;
use tokio::time::Instant;

use crate::db::Cause;
use crate::domain::Outcome;
use crate::telemetry::{Metrics, counts, seconds, trace};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Step {
    step: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Retry {
    cause: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Became {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

/// The ledger's numbers. Clones count together.
#[derive(Clone, Debug)]
pub struct LedgerMetrics {
    pub(super) queue: QueueMetrics,
    pub(super) batches: BatchMetrics,
    pub(super) early: EarlyMetrics,
}

/// Numbers of what is refused early.
#[derive(Clone, Debug)]
pub(super) struct EarlyMetrics {
    refused: Counter,
    lookups: Histogram,
}

/// Numbers of the row in which commands wait.
#[derive(Clone, Debug)]
pub(super) struct QueueMetrics {
    waiting: Gauge,
    wait: Histogram,
    turned_away: Family<Reason, Counter>,
}

/// Numbers of the batches.
#[derive(Clone, Debug)]
pub(super) struct BatchMetrics {
    commands: Histogram,
    entries: Histogram,
    outcomes: Family<Became, Counter>,
    retries: Family<Retry, Counter>,
    steps: Family<Step, Histogram>,
    done: Counter,
    replayed: Counter,
    refused: Counter,
    withheld: Counter,
    failed: Counter,
}

impl LedgerMetrics {
    /// Nothing counted yet.
    pub fn new() -> Self {
        let outcomes: Family<Became, Counter> = Family::default();
        let of = |outcome| outcomes.get_or_create(&Became { outcome }).clone();
        let (done, replayed, refused) = (of("done"), of("replayed"), of("refused"));
        let (withheld, failed) = (of("withheld"), of("failed"));
        Self {
            queue: QueueMetrics {
                waiting: Gauge::default(),
                wait: seconds(),
                turned_away: Family::default(),
            },
            batches: BatchMetrics {
                commands: counts(),
                entries: counts(),
                outcomes,
                retries: Family::default(),
                steps: Family::new_with_constructor(seconds),
                done,
                replayed,
                refused,
                withheld,
                failed,
            },
            early: EarlyMetrics { refused: Counter::default(), lookups: counts() },
        }
    }

    /// Registers the numbers under `stockflow_ledger_…`.
    pub fn register(&self, metrics: &mut Metrics) {
        let room = metrics.room("ledger");
        let (queue, batches) = (&self.queue, &self.batches);
        room.register("queue_commands", "Commands that wait now", queue.waiting.clone());
        room.register_with_unit(
            "wait",
            "How long commands waited before they were begun",
            Unit::Seconds,
            queue.wait.clone(),
        );
        room.register(
            "turned_away",
            "Commands answered with BUSY before they were begun, by reason",
            queue.turned_away.clone(),
        );
        room.register("batch_commands", "Commands of a batch", batches.commands.clone());
        room.register("batch_entries", "Entries that a batch wrote", batches.entries.clone());
        room.register("commands", "Commands, by what became of them", batches.outcomes.clone());
        room.register(
            "refused_early",
            "Deductions refused by a copy of the stock, which the lanes did not see",
            self.early.refused.clone(),
        );
        room.register(
            "early_lookup_keys",
            "Keys of a statement by which it is found out whether what would be refused early was \
             carried out before",
            self.early.lookups.clone(),
        );
        room.register(
            "retries",
            "Batches that were carried out again, by what had hindered them",
            batches.retries.clone(),
        );
        room.register_with_unit(
            "step",
            "How long each step of a transaction took",
            Unit::Seconds,
            batches.steps.clone(),
        );
    }
}

impl Default for LedgerMetrics {
    fn default() -> Self {
        Self::new()
    }
}

impl QueueMetrics {
    pub(super) fn waiting(&self, commands: usize) {
        self.waiting.set(i64::try_from(commands).unwrap_or(i64::MAX));
    }

    pub(super) fn waited(&self, wait: Duration) {
        self.wait.observe(wait.as_secs_f64());
    }

    pub(super) fn full(&self) {
        self.turned_away.get_or_create(&Reason { reason: "queue_full" }).inc();
    }

    pub(super) fn overdue(&self) {
        self.turned_away.get_or_create(&Reason { reason: "overdue" }).inc();
    }
}

impl EarlyMetrics {
    pub(super) fn refused(&self) {
        self.refused.inc();
    }

    pub(super) fn looked_up(&self, keys: usize) {
        self.lookups.observe(count(keys));
    }
}

impl BatchMetrics {
    pub(super) fn batch(&self, commands: usize, entries: usize) {
        self.commands.observe(count(commands));
        self.entries.observe(count(entries));
    }

    pub(super) fn outcomes<'a>(&self, outcomes: impl Iterator<Item = &'a Option<Outcome>>) {
        for outcome in outcomes {
            match outcome {
                Some(Outcome::Done { replayed: false, .. }) => self.done.inc(),
                Some(Outcome::Done { replayed: true, .. }) => self.replayed.inc(),
                Some(Outcome::Refused(_)) => self.refused.inc(),
                None => self.withheld.inc(),
            };
        }
    }

    pub(super) fn failed(&self, commands: usize) {
        self.failed.inc_by(u64::try_from(commands).unwrap_or(u64::MAX));
    }

    pub(super) fn retry(&self, cause: Cause) {
        let cause = match cause {
            Cause::Duplicate => "duplicate",
            Cause::Contended => "contended",
            Cause::Unreachable => "unreachable",
            Cause::Other => "other",
        };
        self.retries.get_or_create(&Retry { cause }).inc();
    }

    /// Begins to time the steps of a transaction.
    pub(super) fn timer(&self) -> StepTimer<'_> {
        StepTimer { metrics: self, since: Instant::now() }
    }
}

/// Times one step after the other.
#[derive(Debug)]
pub(super) struct StepTimer<'a> {
    metrics: &'a BatchMetrics,
    since: Instant,
}

impl StepTimer<'_> {
    /// The step that began with the end of the one before it has ended now.
    pub(super) fn ended(&mut self, step: &'static str) {
        let now = Instant::now();
        let took = now.saturating_duration_since(self.since);
        self.since = now;
        self.metrics.steps.get_or_create(&Step { step }).observe(took.as_secs_f64());
        trace::step("ledger", step, took);
    }
}

/// A count as a float, which holds every count that a batch can have.
fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
