//! Reads the ends of chains: as they are now, and as they were in a seal. Some thousands a statement,
//! in the ascending order of the SKUs, which is that of the leaves.
//!
//! One statement sees everything that it reads at one moment, on each database: a stock and its newest
//! entry fit together, however many sales there are meanwhile.

use sea_orm::{QueryResult, Statement, Value};

use super::table::{hash, read};
use crate::audit::entries::PAGE_ENTRIES_MAX;
use crate::db::{Database, Fault};
use crate::domain::{FlowId, Hash, SealHead, SealId, SkuId};

/// Ahead of every SKU.
pub(super) const AHEAD_OF_ALL: SkuId = SkuId(i64::MIN);

/// What stands on the books at some sequence of a SKU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) flow_id: FlowId,
    pub(super) hash: Hash,
}

/// The end of a SKU's chain as it is now, and as it was sealed last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stock {
    pub(super) sku_id: SkuId,
    pub(super) version: i64,
    pub(super) chain_sequence: i64,
    pub(super) chain_head: Hash,
    /// The entry that the chain is said to end with; `None` if there is none of that sequence.
    pub(super) entry: Option<Place>,
    pub(super) sealed: Option<Sealed>,
}

/// The end of a SKU's chain in a seal, and what stands in its place now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sealed {
    pub(super) head: SealHead,
    /// `None` if there is no entry of that sequence, or it was not asked for.
    pub(super) entry: Option<Place>,
}

impl Sealed {
    /// Whether the books still have what was sealed.
    pub(super) fn fits(&self) -> bool {
        let Sealed { head, entry } = self;
        *entry == Some(Place { flow_id: head.flow_id, hash: head.hash })
    }
}

/// The SKUs behind one, as they are, each with its end in the newest seal up to `seal_id`.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn stocks_behind(
    database: &Database,
    behind: SkuId,
    seal_id: SealId,
) -> Result<Vec<Stock>, Fault> {
    let dialect = database.dialect();
    let (first, second) = (dialect.parameter(1), dialect.parameter(2));
    let sql = format!(
        "SELECT i.sku_id, i.version, i.chain_sequence, i.chain_head, f.id, f.entry_hash, \
         h.sequence, h.flow_id, h.chain_head, g.id, g.entry_hash \
         FROM (SELECT s.sku_id, s.version, s.chain_sequence, s.chain_head, \
         (SELECT MAX(m.seal_id) FROM t_inventory_seal_head AS m \
         WHERE m.sku_id = s.sku_id AND m.seal_id <= {first}) AS seal_id \
         FROM t_inventory AS s WHERE s.sku_id > {second} \
         ORDER BY s.sku_id LIMIT {PAGE_ENTRIES_MAX}) AS i \
         LEFT JOIN t_inventory_flow AS f ON f.sku_id = i.sku_id AND f.sequence = i.chain_sequence \
         LEFT JOIN t_inventory_seal_head AS h ON h.sku_id = i.sku_id AND h.seal_id = i.seal_id \
         LEFT JOIN t_inventory_flow AS g ON g.sku_id = h.sku_id AND g.sequence = h.sequence \
         ORDER BY i.sku_id"
    );
    let values: [Value; 2] = [seal_id.0.into(), behind.0.into()];
    let statement = Statement::from_sql_and_values(dialect.backend(), sql, values);
    let rows = read(database, statement).await?.rows;
    let stock = |row: &QueryResult| {
        let sku_id = SkuId(row.try_get_by_index(0)?);
        let sealed: Option<i64> = row.try_get_by_index(6)?;
        let sealed = match sealed {
            Some(sequence) => {
                let (flow_id, head) = (FlowId(row.try_get_by_index(7)?), row.try_get_by_index(8)?);
                let head = SealHead { sku_id, sequence, flow_id, hash: hash(head) };
                Some(Sealed { head, entry: place(row, 9)? })
            }
            None => None,
        };
        Ok(Stock {
            sku_id,
            version: row.try_get_by_index(1)?,
            chain_sequence: row.try_get_by_index(2)?,
            chain_head: hash(row.try_get_by_index(3)?),
            entry: place(row, 4)?,
            sealed,
        })
    };
    rows.iter().map(stock).collect()
}

/// An entry's id and hash, from this column on.
fn place(row: &QueryResult, column: usize) -> Result<Option<Place>, Fault> {
    let id: Option<i64> = row.try_get_by_index(column)?;
    let bytes = row.try_get_by_index(column.saturating_add(1))?;
    Ok(id.map(|id| Place { flow_id: FlowId(id), hash: hash(bytes) }))
}

/// Whether what stands in the place of an end now is wanted, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Books {
    /// It is.
    Compared,
    /// It is not.
    LeftAside,
}

/// The ends in a seal, of the SKUs behind one: those of the newest rows that are not newer than it.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn sealed_behind(
    database: &Database,
    behind: SkuId,
    seal_id: SealId,
    books: Books,
) -> Result<Vec<Sealed>, Fault> {
    let dialect = database.dialect();
    let (first, second) = (dialect.parameter(1), dialect.parameter(2));
    let join = dialect.join_in_order();
    let (columns, entries) = match books {
        Books::Compared => (
            ", f.id, f.entry_hash",
            "LEFT JOIN t_inventory_flow AS f ON f.sku_id = h.sku_id AND f.sequence = h.sequence ",
        ),
        Books::LeftAside => ("", ""),
    };
    let sql = format!(
        "SELECT h.sku_id, h.sequence, h.flow_id, h.chain_head{columns} FROM \
         (SELECT sku_id, MAX(seal_id) AS seal_id FROM t_inventory_seal_head \
         WHERE sku_id > {first} AND seal_id <= {second} \
         GROUP BY sku_id ORDER BY sku_id LIMIT {PAGE_ENTRIES_MAX}) AS n \
         {join} t_inventory_seal_head AS h ON h.sku_id = n.sku_id AND h.seal_id = n.seal_id \
         {entries}ORDER BY h.sku_id"
    );
    let values: [Value; 2] = [behind.0.into(), seal_id.0.into()];
    let statement = Statement::from_sql_and_values(dialect.backend(), sql, values);
    let rows = read(database, statement).await?.rows;
    let sealed = |row: &QueryResult| {
        let head = head(row)?;
        let entry = if books == Books::Compared { place(row, 4)? } else { None };
        Ok(Sealed { head, entry })
    };
    rows.iter().map(sealed).collect()
}

fn head(row: &QueryResult) -> Result<SealHead, Fault> {
    Ok(SealHead {
        sku_id: SkuId(row.try_get_by_index(0)?),
        sequence: row.try_get_by_index(1)?,
        flow_id: FlowId(row.try_get_by_index(2)?),
        hash: hash(row.try_get_by_index(3)?),
    })
}

/// The end of one SKU's chain in a seal; `None` if the SKU is not in it.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn sealed_of(
    database: &Database,
    sku_id: SkuId,
    seal_id: SealId,
) -> Result<Option<SealHead>, Fault> {
    let dialect = database.dialect();
    let (first, second) = (dialect.parameter(1), dialect.parameter(2));
    let sql = format!(
        "SELECT sku_id, sequence, flow_id, chain_head FROM t_inventory_seal_head \
         WHERE sku_id = {first} AND seal_id <= {second} ORDER BY seal_id DESC LIMIT 1"
    );
    let values: [Value; 2] = [sku_id.0.into(), seal_id.0.into()];
    let statement = Statement::from_sql_and_values(dialect.backend(), sql, values);
    let rows = read(database, statement).await?.rows;
    rows.first().map(head).transpose()
}

/// The first seal in which a SKU's chain reaches a sequence; `None` if there is none yet.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn first_seal_over(
    database: &Database,
    sku_id: SkuId,
    sequence: i64,
) -> Result<Option<SealId>, Fault> {
    let least = "MIN(h.seal_id) FROM t_inventory_seal_head AS h";
    let found = one(database, least, "h.sequence >=", sku_id, sequence).await?;
    Ok(found.map(SealId))
}

/// How far a SKU's history still is what seals before `seal_id` were over: the greatest sequence at which
/// one of them ends with what is on the books now; `None` if there is none.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn fits_until(
    database: &Database,
    sku_id: SkuId,
    seal_id: SealId,
) -> Result<Option<i64>, Fault> {
    let greatest = "MAX(h.sequence) FROM t_inventory_seal_head AS h \
                    JOIN t_inventory_flow AS f ON f.sku_id = h.sku_id AND f.sequence = h.sequence \
                    AND f.id = h.flow_id AND f.entry_hash = h.chain_head";
    one(database, greatest, "h.seal_id <", sku_id, seal_id.0).await
}

/// One number about the rows of a SKU that a condition lets through.
async fn one(
    database: &Database,
    what: &str,
    condition: &str,
    sku_id: SkuId,
    bound: i64,
) -> Result<Option<i64>, Fault> {
    let dialect = database.dialect();
    let (first, second) = (dialect.parameter(1), dialect.parameter(2));
    let sql = format!("SELECT {what} WHERE h.sku_id = {first} AND {condition} {second}");
    let values: [Value; 2] = [sku_id.0.into(), bound.into()];
    let statement = Statement::from_sql_and_values(dialect.backend(), sql, values);
    let rows = read(database, statement).await?.rows;
    let found = rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(found.flatten())
}

/// A SKU that was sealed and has no stock any more.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn vanished(database: &Database, seal_id: SealId) -> Result<Option<SkuId>, Fault> {
    let sql = format!(
        "SELECT h.sku_id FROM t_inventory_seal_head AS h WHERE h.seal_id <= {seal_id} AND NOT EXISTS \
         (SELECT 1 FROM t_inventory AS i WHERE i.sku_id = h.sku_id) ORDER BY h.sku_id LIMIT 1"
    );
    let statement = Statement::from_string(database.dialect().backend(), sql);
    let rows = read(database, statement).await?.rows;
    let found = rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(found.map(SkuId))
}
