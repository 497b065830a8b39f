//! Carries a batch out in one transaction.

use std::collections::HashMap;
use std::ops::Range;
use std::time::Instant;

use chrono::{DateTime, Utc};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use super::decide::{Change, Entry, Plan, Verdict, decide_all};
use super::link::link;
use super::metrics::{BatchMetrics, StepTimer};
use super::queue::Hold;
use super::submission::{Became, Submission, command_count};
use super::work::Work;
use super::{count, read, statement};
use crate::cache::StockCopy;
use crate::db::{Cells, Dialect, Fault, InsertedIds, Table};
use crate::domain::limits::{IDENTIFIER_CHARS_MAX, REASON_CHARS_MAX};
use crate::domain::{Chain, FlowId, Hash, Inventory, Outcome, ReceiptLine, SkuId};

/// Entries of one statement. As JSON an entry has up to 6,600 bytes, of the longest texts in the longest
/// spelling; MariaDB takes 16 MiB in a statement, unless it is told otherwise.
const STATEMENT_ENTRIES_MAX: usize = 2_500;

/// Writes batches to one database.
#[derive(Clone, Debug)]
pub(super) struct Poster {
    work: Work,
    writer: DatabaseConnection,
}

/// When it is read what was written before under a batch's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyReading {
    /// Of the commands that would be refused, for what they ask may have been done already. Of the
    /// others the unique index tells when they are written, and then the batch fails as a duplicate:
    /// nearly every key is new, and to look for each would be a tenth of what it costs to write.
    WhereInDoubt,
    /// Of all commands, first of all.
    Always,
}

/// What became of a batch.
#[derive(Debug)]
pub(super) struct Done {
    /// One for each submission, in their order.
    pub(super) became: Vec<Became>,
    /// Whether some had been carried out before.
    pub(super) replays: bool,
}

/// What a transaction did that is ready to be committed.
struct Posted {
    became: Vec<Became>,
    /// Entries written.
    entries: usize,
    /// Whether it put SKUs on the books.
    opened: bool,
    /// Whether some commands had been carried out before.
    replays: bool,
    /// The stocks that are locked, as the transaction leaves them.
    stocks: Vec<Inventory>,
}

impl Poster {
    /// Writes through `writer`, a door of the database.
    pub(super) fn new(work: Work, writer: DatabaseConnection) -> Self {
        Self { work, writer }
    }

    /// Where batches are counted.
    pub(super) fn metrics(&self) -> &BatchMetrics {
        &self.work.metrics
    }

    /// Which SQL the database speaks.
    pub(super) fn dialect(&self) -> Dialect {
        self.work.database.dialect()
    }

    /// Carries `submissions` out, all in one transaction, and tells what became of each, in their
    /// order. When this returns `Ok`, that is committed. The SKUs of `hold` are handed on as soon
    /// as only the commit is left, so that whoever needs them next is ready when it is over.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database failed. Nothing was written then, unless the connection was
    /// lost at the commit; carrying the same out again, and reading all keys, finds out.
    pub(super) async fn post(
        &self,
        submissions: &[Submission],
        keys: KeyReading,
        hold: Option<&mut Hold>,
    ) -> Result<Done, Fault> {
        let mut timer = self.work.metrics.timer();
        let transaction = self.begin().await?;
        timer.ended("begin");
        match self.post_within(&transaction, submissions, keys, &mut timer).await {
            Ok(Posted { became, entries, opened, replays, stocks }) => {
                // There is no row to wait for where a SKU is being put on the books.
                if let Some(hold) = hold.filter(|_hold| !opened) {
                    hold.hand_on();
                }
                // While the locks are held, nobody has newer ones.
                let as_of = Instant::now();
                transaction.commit().await?;
                timer.ended("commit");
                let copies: Vec<StockCopy> =
                    stocks.into_iter().map(|stock| StockCopy::of(stock, as_of)).collect();
                self.work.cache.put(&copies);
                if entries > 0 {
                    self.work.database.tell_of_entries();
                }
                self.work.metrics.batch(command_count(submissions), entries);
                self.work.metrics.outcomes(became.iter().flat_map(Became::outcomes));
                Ok(Done { became, replays })
            }
            Err(fault) => {
                // Whether or not the rollback arrives, nothing was committed, and the connection
                // is rolled back again before anybody else gets it. The first fault is the one
                // that tells why.
                if let Err(error) = transaction.rollback().await {
                    tracing::debug!(%error, "a rollback failed");
                }
                Err(fault)
            }
        }
    }

    /// Tells which of `submissions` need a stock that somebody else has locked.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database failed.
    pub(super) async fn stuck(&self, submissions: &[Submission]) -> Result<Vec<bool>, Fault> {
        let transaction = self.begin().await?;
        let stuck = read::stuck(&transaction, self.dialect(), submissions).await;
        transaction.rollback().await?;
        stuck
    }

    /// The only place where a transaction that changes stock begins. SQLite must take the write
    /// lock at once: a transaction that reads first and writes later fails when another wrote in
    /// between, whatever its patience (SQLite manual, `SQLITE_BUSY_SNAPSHOT`). The isolation level,
    /// READ COMMITTED, is that of the session.
    #[expect(clippy::disallowed_methods, reason = "the ledger owns its transactions")]
    async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        match self.work.database.dialect() {
            Dialect::Sqlite => {
                let options = TransactionOptions {
                    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                    access_mode: None::<AccessMode>,
                    isolation_level: None,
                };
                self.writer.begin_with_options(options).await
            }
            Dialect::MariaDb | Dialect::MySql | Dialect::Postgres => self.writer.begin().await,
        }
    }

    async fn post_within(
        &self,
        transaction: &DatabaseTransaction,
        submissions: &[Submission],
        keys: KeyReading,
        timer: &mut StepTimer<'_>,
    ) -> Result<Posted, Fault> {
        let dialect = self.work.database.dialect();
        let mut books = read::books(transaction, dialect, submissions).await?;
        let commands = || submissions.iter().flat_map(Submission::commands);
        if keys == KeyReading::Always {
            books.written = read::written(transaction, dialect, commands()).await?;
        }
        timer.ended("read");
        let now = self.work.clock.now();
        let mut plan = decide_all(submissions, &books, now);
        timer.ended("decide");
        if keys == KeyReading::WhereInDoubt && plan.refuses() {
            // What of a bundle had been done before asks for nothing now, and then all of it may be
            // carried out; which may leave others with too little.
            let all = submissions.iter().any(|one| matches!(one, Submission::Bundle(_)));
            let in_doubt = commands().zip(&plan.verdicts);
            let in_doubt = in_doubt.filter(|(_command, verdict)| all || verdict.is_refusal());
            let in_doubt = in_doubt.map(|(command, _verdict)| command);
            books.written = read::written(transaction, dialect, in_doubt).await?;
            if !books.written.is_empty() {
                plan = decide_all(submissions, &books, now);
            }
            timer.ended("read_keys");
        }
        let replays = !books.written.is_empty();
        let (entries, opened) = (plan.entries.len(), !plan.openings.is_empty());
        link(&mut plan.entries, &mut books.chains);
        let chains = Chains(&books.chains);
        open_stocks(transaction, dialect, &plan.openings, chains, now).await?;
        change_stocks(transaction, dialect, &plan.changes, chains, now).await?;
        let ids = self.write_entries(transaction, &plan.entries, now).await?;
        count::close(transaction, dialect, &plan.closed_counts, now).await?;
        let mut stocks = books.stocks;
        for Entry { flow, sku_created_at, .. } in &plan.entries {
            stocks.insert(flow.sku_id, Inventory::after(flow, *sku_created_at));
        }
        let stocks = stocks.into_values().collect();
        let mut outcomes = outcomes(plan, ids);
        let became = submissions.iter().map(|one| Became::next_of(one, &mut outcomes)).collect();
        timer.ended("write");
        Ok(Posted { became, entries, opened, replays, stocks })
    }

    /// Writes entries, and tells their ids in their order.
    async fn write_entries(
        &self,
        transaction: &DatabaseTransaction,
        entries: &[Entry],
        now: DateTime<Utc>,
    ) -> Result<Vec<FlowId>, Fault> {
        let mut ids = Vec::with_capacity(entries.len());
        for entries in entries.chunks(STATEMENT_ENTRIES_MAX) {
            ids.extend(self.write_some(transaction, entries, now).await?);
        }
        Ok(ids)
    }

    /// Writes some entries by one statement.
    async fn write_some(
        &self,
        transaction: &DatabaseTransaction,
        entries: &[Entry],
        now: DateTime<Utc>,
    ) -> Result<Vec<FlowId>, Fault> {
        let (dialect, ids) = (self.work.database.dialect(), self.work.database.inserted_ids());
        let write = statement::write_entries(dialect, table(entries), now, ids)?;
        let written = match ids {
            InsertedIds::Consecutive => {
                let last = transaction.execute_raw(write).await?.last_insert_id();
                let last = i64::try_from(last).unwrap_or_default();
                let mut ids: Vec<FlowId> =
                    (1..=last).rev().map(FlowId).take(entries.len()).collect();
                ids.reverse();
                return if ids.len() == entries.len() { Ok(ids) } else { Err(no_id()) };
            }
            InsertedIds::Returned => transaction.query_all_raw(write).await?,
            InsertedIds::LookedUp => {
                transaction.execute_raw(write).await?;
                let keys =
                    Table::of_integers("sku_id", entries.iter().map(|entry| entry.flow.sku_id.0))
                        .with("sequence", integers(entries, |entry| entry.flow.sequence));
                transaction.query_all_raw(statement::entry_ids(dialect, keys)?).await?
            }
        };
        // The databases promise no order.
        let mut ids = HashMap::with_capacity(written.len());
        for row in written {
            let (id, sku_id, sequence): (i64, i64, i64) =
                (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            ids.insert((SkuId(sku_id), sequence), FlowId(id));
        }
        entries
            .iter()
            .map(|Entry { flow, .. }| {
                ids.get(&(flow.sku_id, flow.sequence)).copied().ok_or_else(no_id)
            })
            .collect()
    }
}

fn no_id() -> Fault {
    DbErr::Custom("an entry that was written has no id".to_owned()).into()
}

/// How far the entries of the batch's SKUs are chained when it is done.
#[derive(Clone, Copy)]
struct Chains<'a>(&'a HashMap<SkuId, Chain>);

impl Chains<'_> {
    /// Adds the chains of rows to their table.
    fn of<T>(self, table: Table, rows: &[T], sku_id: impl Fn(&T) -> SkuId) -> Table {
        let chain = |row: &T| self.0.get(&sku_id(row)).copied().unwrap_or(Chain::EMPTY);
        let heads = rows.iter().map(|row| chain(row).head.0).collect();
        table
            .with("chain_sequence", integers(rows, |row| chain(row).sequence))
            .with("chain_head", Cells::Bytes(heads))
    }
}

async fn open_stocks(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    openings: &[Inventory],
    chains: Chains<'_>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    if openings.is_empty() {
        return Ok(());
    }
    let stocks = Table::of_integers("sku_id", openings.iter().map(|stock| stock.sku_id.0))
        .with("merchant_id", integers(openings, |stock| stock.merchant_id.0))
        .with("leaved_amount", integers(openings, |stock| stock.leaved_amount.into()))
        .with("version", integers(openings, |stock| stock.version));
    let stocks = chains.of(stocks, openings, |stock| stock.sku_id);
    transaction.execute_raw(statement::open_stocks(dialect, stocks, now)?).await?;
    Ok(())
}

async fn change_stocks(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    changes: &[Change],
    chains: Chains<'_>,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    if changes.is_empty() {
        return Ok(());
    }
    let table = Table::of_integers("sku_id", changes.iter().map(|change| change.sku_id.0))
        .with("version", integers(changes, |change| change.version))
        .with("taken", integers(changes, |change| change.taken))
        .with("entries", integers(changes, |change| change.entries));
    let table = chains.of(table, changes, |change| change.sku_id);
    let statement = statement::change_stocks(dialect, table, now)?;
    let affected = transaction.execute_raw(statement).await?.rows_affected();
    if usize::try_from(affected).is_ok_and(|affected| affected == changes.len()) {
        Ok(())
    } else {
        // The locks make this impossible; were they ever to fail, nothing would be oversold.
        tracing::error!(affected, expected = changes.len(), "stock changed in spite of its lock");
        Err(Fault::contended())
    }
}

/// The entries as a table: those of their columns that the statement writes.
fn table(entries: &[Entry]) -> Table {
    let flows = || entries.iter().map(|entry| &entry.flow);
    let texts = |text: fn(&Entry) -> &str| {
        let texts = entries.iter().map(|entry| text(entry).to_owned()).collect();
        Cells::Texts(IDENTIFIER_CHARS_MAX, texts)
    };
    Table::of_integers("place", (0..).zip(entries).map(|(place, _entry)| place))
        .with("sku_id", integers(entries, |entry| entry.flow.sku_id.0))
        .with("merchant_id", integers(entries, |entry| entry.flow.merchant_id.0))
        .with("sequence", integers(entries, |entry| entry.flow.sequence))
        .with("kind", integers(entries, |entry| entry.flow.kind.code().into()))
        .with(
            "order_detail_id",
            Cells::OptionalTexts(
                IDENTIFIER_CHARS_MAX,
                flows().map(|flow| flow.order_detail_id.clone()).collect(),
            ),
        )
        .with("quantity_trade", integers(entries, |entry| entry.flow.quantity_trade.into()))
        .with("leaved_after", integers(entries, |entry| entry.flow.leaved_after.into()))
        .with(
            "deduction_id",
            Cells::OptionalIntegers(flows().map(|flow| flow.deduction_id.map(|id| id.0)).collect()),
        )
        .with("idempotency_scope", texts(|entry| &entry.flow.idempotency_scope))
        .with("idempotency_key", texts(|entry| &entry.flow.idempotency_key))
        .with("line", integers(entries, |entry| entry.flow.line.into()))
        .with("request_hash", Cells::Bytes(flows().map(|flow| flow.request_hash).collect()))
        .with("actor", texts(|entry| &entry.flow.actor))
        .with(
            "reason",
            Cells::OptionalTexts(
                REASON_CHARS_MAX,
                flows().map(|flow| flow.reason.clone()).collect(),
            ),
        )
        .with(
            "entry_hash",
            // One of zeros stands for none.
            Cells::Bytes(flows().map(|flow| flow.entry_hash.unwrap_or(Hash::NOTHING).0).collect()),
        )
}

fn integers<T>(rows: &[T], integer: impl Fn(&T) -> i64) -> Cells {
    Cells::Integers(rows.iter().map(integer).collect())
}

/// Turns verdicts into answers, now that the entries have ids; `None` for what was withheld.
fn outcomes(plan: Plan, ids: Vec<FlowId>) -> impl Iterator<Item = Option<Outcome>> {
    let Plan { verdicts, entries, .. } = plan;
    let receipts: Vec<ReceiptLine> = entries
        .into_iter()
        .zip(ids)
        .map(|(Entry { mut flow, sku_created_at, .. }, id)| {
            flow.id = id;
            ReceiptLine { inventory: Inventory::after(&flow, sku_created_at), flow }
        })
        .collect();
    verdicts.into_iter().map(move |verdict| {
        let lines = |range: Range<usize>| receipts.get(range).unwrap_or_default().to_vec();
        Some(match verdict {
            Verdict::Write(range) => Outcome::Done { receipt: lines(range), replayed: false },
            Verdict::Repeat(range) => Outcome::Done { receipt: lines(range), replayed: true },
            Verdict::Replay(receipt) => Outcome::Done { receipt, replayed: true },
            Verdict::Refuse(refusals) => Outcome::Refused(refusals),
            Verdict::Withhold => return None,
        })
    })
}
