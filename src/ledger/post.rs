//! Carries a batch out in one transaction.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use serde::Serialize;

use super::decide::{Change, Entry, Plan, Verdict, decide};
use super::{read, statement};
use crate::db::{Database, Dialect, Fault};
use crate::domain::{Clock, Command, Flow, FlowId, Inventory, Outcome, ReceiptLine, SkuId};

/// Writes batches to one database.
#[derive(Clone, Debug)]
pub(super) struct Poster {
    database: Database,
    clock: Clock,
}

#[derive(Serialize)]
struct OpeningRow {
    sku_id: i64,
    leaved_amount: i32,
    version: i64,
}

#[derive(Serialize)]
struct ChangeRow {
    sku_id: i64,
    version: i64,
    taken: i64,
    entries: i64,
}

/// What is not there is left out of the JSON: the databases agree that a missing member is NULL,
/// but not on what becomes of JSON's own null.
#[derive(Serialize)]
struct EntryRow<'a> {
    place: usize,
    sku_id: i64,
    sequence: i64,
    kind: i16,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_detail_id: Option<&'a str>,
    quantity_trade: i32,
    leaved_after: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    deduction_id: Option<i64>,
    idempotency_scope: &'a str,
    idempotency_key: &'a str,
    line: i32,
    request_hash: String,
    actor: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct EntryKeyRow {
    sku_id: i64,
    sequence: i64,
}

/// Where the database put an entry, by its SKU and sequence.
type Ids = HashMap<(SkuId, i64), FlowId>;

impl Poster {
    pub(super) fn new(database: Database, clock: Clock) -> Self {
        Self { database, clock }
    }

    /// Which SQL the database speaks.
    pub(super) fn dialect(&self) -> Dialect {
        self.database.dialect()
    }

    /// Carries `commands` out, all in one transaction, and tells what became of each, in their
    /// order. When this returns `Ok`, that is committed.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database failed. Nothing was written then, unless the connection was
    /// lost at the commit; carrying the same commands out again finds out.
    pub(super) async fn post(&self, commands: &[Command]) -> Result<Vec<Outcome>, Fault> {
        let transaction = self.begin().await?;
        match self.post_within(&transaction, commands).await {
            Ok(outcomes) => {
                transaction.commit().await?;
                Ok(outcomes)
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

    /// Tells which of `commands` need a stock that somebody else has locked.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database failed.
    pub(super) async fn stuck(&self, commands: &[Command]) -> Result<Vec<bool>, Fault> {
        let transaction = self.begin().await?;
        let stuck = read::stuck(&transaction, self.dialect(), commands).await;
        transaction.rollback().await?;
        stuck
    }

    /// The only place where a transaction that changes stock begins. SQLite must take the write
    /// lock at once: a transaction that reads first and writes later fails when another wrote in
    /// between, whatever its patience (SQLite manual, `SQLITE_BUSY_SNAPSHOT`). The isolation level,
    /// READ COMMITTED, is that of the session.
    #[expect(clippy::disallowed_methods, reason = "the ledger owns its transactions")]
    async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let writer = self.database.writer();
        match self.database.dialect() {
            Dialect::Sqlite => {
                let options = TransactionOptions {
                    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                    access_mode: None::<AccessMode>,
                    isolation_level: None,
                };
                writer.begin_with_options(options).await
            }
            Dialect::MariaDb | Dialect::MySql | Dialect::Postgres => writer.begin().await,
        }
    }

    async fn post_within(
        &self,
        transaction: &DatabaseTransaction,
        commands: &[Command],
    ) -> Result<Vec<Outcome>, Fault> {
        let dialect = self.database.dialect();
        let books = read::books(transaction, dialect, commands).await?;
        let now = self.clock.now();
        let plan = decide(commands, books, now);
        open_stocks(transaction, dialect, &plan.openings, now).await?;
        change_stocks(transaction, dialect, &plan.changes, now).await?;
        let ids = write_entries(transaction, dialect, &plan.entries, now).await?;
        outcomes(plan, &ids)
    }
}

async fn open_stocks(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    openings: &[Inventory],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    if openings.is_empty() {
        return Ok(());
    }
    let rows = statement::json(openings.iter().map(|stock| OpeningRow {
        sku_id: stock.sku_id.0,
        leaved_amount: stock.leaved_amount,
        version: stock.version,
    }))?;
    transaction.execute_raw(statement::open_stocks(dialect, rows, now)).await?;
    Ok(())
}

async fn change_stocks(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    changes: &[Change],
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    if changes.is_empty() {
        return Ok(());
    }
    let rows = statement::json(changes.iter().map(|change| ChangeRow {
        sku_id: change.sku_id.0,
        version: change.version,
        taken: change.taken,
        entries: change.entries,
    }))?;
    let statement = statement::change_stocks(dialect, rows, now);
    let affected = transaction.execute_raw(statement).await?.rows_affected();
    if usize::try_from(affected).is_ok_and(|affected| affected == changes.len()) {
        Ok(())
    } else {
        // The locks make this impossible; were they ever to fail, nothing would be oversold.
        tracing::error!(affected, expected = changes.len(), "stock changed in spite of its lock");
        Err(Fault::contended())
    }
}

async fn write_entries(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    entries: &[Entry],
    now: DateTime<Utc>,
) -> Result<Ids, Fault> {
    if entries.is_empty() {
        return Ok(Ids::new());
    }
    let rows =
        statement::json(entries.iter().enumerate().map(|(place, entry)| entry_row(place, entry)))?;
    let write = statement::write_entries(dialect, rows, now);
    let written = if dialect.has_returning() {
        transaction.query_all_raw(write).await?
    } else {
        transaction.execute_raw(write).await?;
        let rows = statement::json(entries.iter().map(|entry| EntryKeyRow {
            sku_id: entry.flow.sku_id.0,
            sequence: entry.flow.sequence,
        }))?;
        transaction.query_all_raw(statement::entry_ids(dialect, rows)).await?
    };
    let mut ids = Ids::with_capacity(written.len());
    for row in written {
        let (id, sku_id, sequence): (i64, i64, i64) =
            (row.try_get("", "id")?, row.try_get("", "sku_id")?, row.try_get("", "sequence")?);
        ids.insert((SkuId(sku_id), sequence), FlowId(id));
    }
    Ok(ids)
}

fn entry_row(place: usize, entry: &Entry) -> EntryRow<'_> {
    let Flow { sku_id, sequence, kind, quantity_trade, leaved_after, line, .. } = entry.flow;
    EntryRow {
        place,
        sku_id: sku_id.0,
        sequence,
        kind: kind.code(),
        order_detail_id: entry.flow.order_detail_id.as_deref(),
        quantity_trade,
        leaved_after,
        deduction_id: entry.flow.deduction_id.map(|id| id.0),
        idempotency_scope: &entry.scope,
        idempotency_key: &entry.flow.idempotency_key,
        line,
        request_hash: hex(&entry.flow.request_hash),
        actor: &entry.flow.actor,
        reason: entry.flow.reason.as_deref(),
    }
}

/// Turns verdicts into answers, now that the entries have ids.
fn outcomes(plan: Plan, ids: &Ids) -> Result<Vec<Outcome>, Fault> {
    let Plan { verdicts, entries, .. } = plan;
    let receipts: Vec<ReceiptLine> = entries
        .into_iter()
        .map(|Entry { mut flow, sku_created_at, .. }| {
            flow.id = *ids
                .get(&(flow.sku_id, flow.sequence))
                .ok_or_else(|| DbErr::Custom("an entry that was written has no id".to_owned()))?;
            Ok(ReceiptLine { inventory: Inventory::after(&flow, sku_created_at), flow })
        })
        .collect::<Result<_, DbErr>>()?;
    let lines = |range| receipts.get::<std::ops::Range<usize>>(range).unwrap_or_default().to_vec();
    Ok(verdicts
        .into_iter()
        .map(|verdict| match verdict {
            Verdict::Write(range) => Outcome::Done { receipt: lines(range), replayed: false },
            Verdict::Repeat(range) => Outcome::Done { receipt: lines(range), replayed: true },
            Verdict::Replay(receipt) => Outcome::Done { receipt, replayed: true },
            Verdict::Refuse(refusals) => Outcome::Refused(refusals),
        })
        .collect())
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0x0f])
        .filter_map(|digit| DIGITS.get(usize::from(digit)))
        .collect()
}
