//! Chains the entries that have no hash: those that were there before there were hashes, and those
//! that a server of an earlier version writes while it still runs.
//!
//! What has no hash is always the end of a SKU's history: whoever writes behind it leaves the hash
//! out, too. So it is chained from its oldest entry on, some thousands in one transaction that holds
//! the SKUs' stocks, until nothing is left; servers write in between. It needs the right to UPDATE
//! history, which whoever serves should not have: it is done by who brings the tables up to date.

use std::collections::{HashMap, HashSet};

use entity::{inventory, inventory_flow};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbErr, FromQueryResult as _, Statement};

use super::rows::{chain_from_row, flow_from_row};
use super::{Cells, Database, Dialect, Table};
use crate::domain::{Chain, FlowId, Hash};

/// Entries of one transaction, about.
const ENTRIES_MAX: i64 = 5_000;

/// SKUs of one transaction.
const SKUS_MAX: usize = 500;

/// Entries after which it is told how far it is.
const TOLD_EVERY: u64 = 500_000;

impl Database {
    /// Chains every entry that waits for it, and tells how many those were. Costs a look at each
    /// stock where there is none.
    ///
    /// # Errors
    ///
    /// Those of the database. What was chained before stays.
    pub(super) async fn chain_entries(&self) -> Result<u64, DbErr> {
        let (mut chained, mut told, mut behind) = (0_u64, 0, 0);
        loop {
            let sql = format!(
                "SELECT * FROM t_inventory WHERE sku_id > {behind} AND chain_sequence < version \
                 ORDER BY sku_id LIMIT {SKUS_MAX}"
            );
            let waiting = Statement::from_string(self.dialect().backend(), sql);
            let waiting = inventory::Model::find_by_statement(waiting).all(self.writer()).await?;
            let waiting = within_reach(&waiting);
            let Some(last) = waiting.last() else { return Ok(chained) };
            let last_sku_id = last.sku_id;
            let first_sku_id = waiting.first().map_or(behind, |first| first.sku_id);
            let entries = self.chain(&waiting).await?;
            // Whose next entry is missing, cannot be read or has another hash already waits for good:
            // there is nothing to go on from. Whoever verifies the chain is told.
            behind = if entries == 0 { last_sku_id } else { first_sku_id.saturating_sub(1) };
            chained = chained.saturating_add(entries);
            if chained.saturating_sub(told) >= TOLD_EVERY {
                told = chained;
                tracing::info!(entries = chained, "entries were chained so far");
            }
        }
    }

    /// Chains entries of these SKUs, in one transaction.
    async fn chain(&self, waiting: &[Waiting]) -> Result<u64, DbErr> {
        let transaction = self.begin_beside_stock().await?;
        match chain_within(&transaction, self.dialect(), waiting).await {
            Ok(entries) => {
                transaction.commit().await?;
                Ok(entries)
            }
            Err(error) => {
                transaction.rollback().await?;
                Err(error)
            }
        }
    }
}

/// A SKU of which entries up to a sequence are to be chained.
struct Waiting {
    sku_id: i64,
    until: i64,
}

/// Those of them that one transaction has room for: at least one.
fn within_reach(waiting: &[inventory::Model]) -> Vec<Waiting> {
    let mut room = ENTRIES_MAX;
    let mut within = Vec::new();
    for stock in waiting {
        if room <= 0 {
            break;
        }
        let until = stock.version.min(stock.chain_sequence.saturating_add(room));
        room = room.saturating_sub(until.saturating_sub(stock.chain_sequence));
        within.push(Waiting { sku_id: stock.sku_id, until });
    }
    within
}

async fn chain_within(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    waiting: &[Waiting],
) -> Result<u64, DbErr> {
    let locked = lock(transaction, dialect, waiting).await?;
    let mut chains: HashMap<i64, Chain> =
        locked.iter().map(|stock| (stock.sku_id, chain_from_row(stock))).collect();
    let (mut ids, mut hashes) = (Vec::new(), Vec::new());
    let mut stuck = HashSet::new();
    for entry in entries(transaction, dialect, waiting, &chains).await? {
        let sku_id = entry.sku_id;
        let Some(chain) = chains.get_mut(&sku_id).filter(|_chain| !stuck.contains(&sku_id)) else {
            continue;
        };
        match next(chain, entry) {
            Ok(Some((id, hash))) => {
                ids.push(id.0);
                hashes.push(hash.0);
            }
            // It has its hash.
            Ok(None) => {}
            Err(why) => {
                tracing::warn!(sku_id, why, "the entries of a SKU cannot be chained further");
                stuck.insert(sku_id);
            }
        }
    }
    let before: HashMap<i64, Chain> =
        locked.iter().map(|stock| (stock.sku_id, chain_from_row(stock))).collect();
    let progress = chains.iter().map(|(sku_id, chain)| {
        let was = before.get(sku_id).map_or(0, |chain| chain.sequence);
        u64::try_from(chain.sequence.saturating_sub(was)).unwrap_or_default()
    });
    let progress = progress.fold(0, u64::saturating_add);
    if progress > 0 {
        let entries =
            Table::of_integers("id", ids.into_iter()).with("entry_hash", Cells::Bytes(hashes));
        if !entries.is_empty() {
            transaction.execute_raw(write_hashes(dialect, entries)?).await?;
        }
        let heads = locked.iter().map(|stock| {
            let chain = chains.get(&stock.sku_id).copied().unwrap_or(Chain::EMPTY);
            (stock.sku_id, chain)
        });
        let (sku_ids, chains): (Vec<i64>, Vec<Chain>) =
            heads.filter(|(_sku_id, chain)| chain.head != Hash::NOTHING).unzip();
        let heads = Table::of_integers("sku_id", sku_ids.into_iter())
            .with("sequence", Cells::Integers(chains.iter().map(|it| it.sequence).collect()))
            .with("head", Cells::Bytes(chains.iter().map(|it| it.head.0).collect()));
        transaction.execute_raw(write_heads(dialect, heads)?).await?;
    }
    Ok(progress)
}

/// Puts the next entry of a SKU at the end of its chain, and tells the hash that is to be written, if it
/// has none. A hash that is there is never overwritten: it may be what is left to tell that something
/// was changed.
fn next(chain: &mut Chain, entry: inventory_flow::Model) -> Result<Option<(FlowId, Hash)>, String> {
    let mut flow = flow_from_row(entry).map_err(|corrupt| corrupt.to_string())?;
    let (stored, mut behind) = (flow.entry_hash, *chain);
    behind.add(&mut flow);
    match (stored, flow.entry_hash) {
        _ if behind == *chain => Err(format!("there is no entry {} before", flow.sequence)),
        (Some(stored), Some(hash)) if stored != hash => {
            Err(format!("entry {} has another hash than what it says", flow.id))
        }
        (stored, hash) => {
            *chain = behind;
            Ok(hash.filter(|_hash| stored.is_none()).map(|hash| (flow.id, hash)))
        }
    }
}

async fn lock(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    waiting: &[Waiting],
) -> Result<Vec<inventory::Model>, DbErr> {
    let skus = Table::of_integers("sku_id", waiting.iter().map(|sku| sku.sku_id));
    let (table, join) = (skus.sql(dialect, 1), dialect.join_in_order());
    let lock = match dialect {
        Dialect::Sqlite => "",
        Dialect::MariaDb | Dialect::MySql => " FOR UPDATE",
        Dialect::Postgres => " ORDER BY i.sku_id FOR UPDATE OF i",
    };
    let sql =
        format!("SELECT i.* FROM {table} {join} t_inventory AS i ON i.sku_id = c.sku_id{lock}");
    let statement =
        Statement::from_sql_and_values(dialect.backend(), sql, skus.into_values(dialect)?);
    inventory::Model::find_by_statement(statement).all(transaction).await
}

/// The entries behind the chains, up to where they are to be chained, in their order.
async fn entries(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    waiting: &[Waiting],
    chains: &HashMap<i64, Chain>,
) -> Result<Vec<inventory_flow::Model>, DbErr> {
    let from = |sku: &Waiting| chains.get(&sku.sku_id).map_or(i64::MAX, |chain| chain.sequence);
    let skus = Table::of_integers("sku_id", waiting.iter().map(|sku| sku.sku_id))
        .with("behind", Cells::Integers(waiting.iter().map(from).collect()))
        .with("until", Cells::Integers(waiting.iter().map(|sku| sku.until).collect()));
    let (table, join) = (skus.sql(dialect, 1), dialect.join_in_order());
    let sql = format!(
        "SELECT f.* FROM {table} {join} t_inventory_flow AS f ON f.sku_id = c.sku_id \
         AND f.sequence > c.behind AND f.sequence <= c.until ORDER BY f.sku_id, f.sequence"
    );
    let statement =
        Statement::from_sql_and_values(dialect.backend(), sql, skus.into_values(dialect)?);
    inventory_flow::Model::find_by_statement(statement).all(transaction).await
}

/// Gives the entries `{id, entry_hash}` their hashes.
fn write_hashes(dialect: Dialect, entries: Table) -> Result<Statement, DbErr> {
    let table = entries.sql(dialect, 1);
    let sql = match dialect {
        Dialect::MariaDb | Dialect::MySql => format!(
            "UPDATE {table} STRAIGHT_JOIN t_inventory_flow AS f ON f.id = c.id \
             SET f.entry_hash = UNHEX(c.entry_hash)"
        ),
        Dialect::Sqlite | Dialect::Postgres => format!(
            "UPDATE t_inventory_flow AS f SET entry_hash = c.entry_hash FROM {table} \
             WHERE f.id = c.id"
        ),
    };
    Ok(Statement::from_sql_and_values(dialect.backend(), sql, entries.into_values(dialect)?))
}

/// Gives the stocks `{sku_id, sequence, head}` the ends of their chains.
fn write_heads(dialect: Dialect, heads: Table) -> Result<Statement, DbErr> {
    let table = heads.sql(dialect, 1);
    let sql = match dialect {
        Dialect::MariaDb | Dialect::MySql => format!(
            "UPDATE {table} STRAIGHT_JOIN t_inventory AS i ON i.sku_id = c.sku_id \
             SET i.chain_sequence = c.sequence, i.chain_head = UNHEX(c.head)"
        ),
        Dialect::Sqlite | Dialect::Postgres => format!(
            "UPDATE t_inventory AS i SET chain_sequence = c.sequence, chain_head = c.head \
             FROM {table} WHERE i.sku_id = c.sku_id"
        ),
    };
    Ok(Statement::from_sql_and_values(dialect.backend(), sql, heads.into_values(dialect)?))
}
