//! Refuses what is hopeless before it takes a place in the row.
//!
//! When a SKU is sold out most who come are too late, and to tell each of them so by a transaction
//! would keep the database busy with nothing. So a deduction first looks at the copies of its
//! stocks that are at hand. Where they are fresh, and by the ledger's own rules do not suffice, it
//! is refused, with the same refusals.
//!
//! Three things keep that from ever being wrong for long or for anybody:
//!
//! - A copy may refuse for a short while only, counted from an instant at which it was the truth on
//!   the primary. Then one goes through to the ledger again, whose answer is the next copy; so a
//!   replenishment ends the refusals within that while, on every server, whether or not anybody was
//!   told of it.
//! - Whoever asks again for what succeeded before must be answered that: so the keys of those who
//!   would be refused are looked up on the primary, all that wait in one statement, and one
//!   statement at a time.
//! - Whoever asks again for what is still undecided on this server waits for that, in the row.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use tokio::time::timeout;

use super::books::{Books, RequestKey};
use super::decide::{Verdict, decide};
use super::metrics::EarlyMetrics;
use super::statement;
use super::undecided::{Entered, Undecided};
use crate::cache::{StockCache, StockCopy};
use crate::db::{Cells, Database, Fault, ReadFrom, Table, Wanted};
use crate::domain::limits::IDENTIFIER_CHARS_MAX;
use crate::domain::{
    Clock, Command, DeductLine, Operation, Origin, ReadAfter, Refusal, SkuId, Source, Violation,
    Visibility,
};
use crate::gather::{Gather, GatherSettings};

/// Keys of one statement.
const KEYS_MAX: usize = 1_000;

/// Those who may wait for one. More go to the ledger's row, which has a bound of its own.
const WAITING_MAX: usize = 10_000;

/// How long after the beginning of a statement the next one begins at the soonest, where somebody
/// waits for it. A statement costs as much as looking up some thirty keys.
const PAUSE: Duration = Duration::from_millis(3);

/// How long one statement may take before the next is tried, by another connection.
const STATEMENT_MAX: Duration = Duration::from_secs(2);

/// Why the keys could not be looked up. The ledger, which is asked instead, tells the client.
#[derive(Clone, Debug)]
struct NotLookedUp;

/// What refuses early.
#[derive(Debug)]
pub(super) struct EarlyRefusal {
    cache: StockCache,
    age_max: Duration,
    clock: Clock,
    undecided: Undecided,
    written_keys: Gather<RequestKey, bool, NotLookedUp>,
    metrics: EarlyMetrics,
}

impl EarlyRefusal {
    /// Refuses by copies that are not older than `age_max`.
    pub(super) fn new(
        database: &Database,
        cache: StockCache,
        age_max: Duration,
        clock: Clock,
        metrics: EarlyMetrics,
    ) -> Self {
        let settings = GatherSettings {
            keys_max: KEYS_MAX,
            questions_max: 1,
            waiting_max: WAITING_MAX,
            pause: PAUSE,
        };
        let (database, counted) = (database.clone(), metrics.clone());
        let written_keys = Gather::new(
            settings,
            |_why| NotLookedUp,
            move |keys| {
                let (database, counted) = (database.clone(), counted.clone());
                async move {
                    counted.looked_up(keys.len());
                    let looked_up = timeout(STATEMENT_MAX, written_keys(&database, keys)).await;
                    looked_up.unwrap_or_else(|_elapsed| Err(Fault::silent())).map_err(|fault| {
                        tracing::debug!(error = %fault.source, "keys could not be looked up");
                        NotLookedUp
                    })
                }
                .boxed()
            },
        );
        Self { cache, age_max, clock, undecided: Undecided::new(), written_keys, metrics }
    }

    /// The keys that are undecided on this server.
    pub(super) fn undecided(&self) -> &Undecided {
        &self.undecided
    }

    /// Why a command, which has been entered among the undecided, is refused, and since when that
    /// may be outdated; `None` if the ledger has to decide. Takes no longer than a copy may be old.
    pub(super) async fn refusals(
        &self,
        command: &Command,
        entered: &Entered,
        read_after: &ReadAfter,
    ) -> Option<(Vec<Refusal>, Origin)> {
        let lines = match &command.operation {
            Operation::Deduct(line) => std::slice::from_ref(line),
            Operation::DeductBatch(lines) => lines.as_slice(),
            Operation::Create { .. }
            | Operation::Refund(_)
            | Operation::RefundBatch(_)
            | Operation::Replenish { .. }
            | Operation::SetQuantity { .. }
            | Operation::Count { .. } => return None,
        };
        let copies = self.copies(lines, command.visibility, read_after)?;
        let as_of = copies.values().map(|copy| copy.as_of).min()?;
        let refusals = self.hopeless(command, &copies)?;
        // In this order: what is decided between the two is found by the second.
        if !entered.is_alone() {
            return None;
        }
        let key: RequestKey = (command.scope.clone(), command.key.as_str().to_owned());
        let written = timeout(self.age_max, self.written_keys.get(vec![key.clone()])).await;
        let written = written.ok()?.ok()?;
        let origin = Origin { source: Source::Cache, as_of };
        if written.contains_key(&key) || origin.age(Instant::now()) > self.age_max {
            return None;
        }
        self.metrics.refused();
        Some((refusals, origin))
    }

    /// A fresh copy of each SKU, all of them on the books that whoever asks sees; `None` if one is missing, or if a single
    /// line finds enough, which most do.
    fn copies(
        &self,
        lines: &[DeductLine],
        visibility: Visibility,
        read_after: &ReadAfter,
    ) -> Option<HashMap<SkuId, StockCopy>> {
        let single = lines.len() == 1;
        let mut copies = HashMap::with_capacity(lines.len());
        for line in lines {
            if copies.contains_key(&line.sku_id) {
                continue;
            }
            let copy = self.cache.not_older_than(line.sku_id, self.age_max)?;
            let stock = copy.stock.filter(|stock| visibility.shows(stock.merchant_id))?;
            let enough = single && stock.leaved_amount >= line.quantity;
            if enough || stock.version < read_after.version_min(line.sku_id) {
                return None;
            }
            copies.insert(line.sku_id, copy);
        }
        Some(copies)
    }

    /// The refusals of a command that by these copies can only be refused for want of stock.
    fn hopeless(
        &self,
        command: &Command,
        copies: &HashMap<SkuId, StockCopy>,
    ) -> Option<Vec<Refusal>> {
        let stocks =
            copies.iter().filter_map(|(sku_id, copy)| Some((*sku_id, copy.stock?))).collect();
        let books = Books { stocks, ..Books::default() };
        let plan = decide(std::slice::from_ref(command), &books, self.clock.now());
        let Some(Verdict::Refuse(refusals)) = plan.verdicts.into_iter().next() else { return None };
        let for_want =
            |refusal: &Refusal| matches!(refusal.violation, Violation::InsufficientStock { .. });
        refusals.iter().all(for_want).then_some(refusals)
    }
}

/// Those of the keys under which something was written, each with that word.
async fn written_keys(
    database: &Database,
    keys: Vec<RequestKey>,
) -> Result<HashMap<RequestKey, bool>, Fault> {
    let (scopes, keys) = keys.into_iter().unzip();
    let keys = Table::new()
        .with("scope", Cells::Texts(IDENTIFIER_CHARS_MAX, scopes))
        .with("idempotency_key", Cells::Texts(IDENTIFIER_CHARS_MAX, keys));
    let statement = statement::written_keys(database.dialect(), keys)?;
    let any = ReadAfter::default();
    let wanted =
        Wanted { from: ReadFrom::Primary, reached: &any, visibility: Visibility::All, few: true };
    let rows = database.read(statement, wanted).await?.rows;
    let mut written = HashMap::new();
    for row in rows {
        written.insert((row.try_get_by_index(0)?, row.try_get_by_index(1)?), true);
    }
    Ok(written)
}
