//! Reads entries by the thousand, as fast as the database hands them over.
//!
//! An entry that makes no sense is read as such ([`Unreadable`]), and does not keep the others from
//! being read: whoever looks for damage must be able to name it.
//!
//! SQLite is asked for a whole page as one JSON text: to hand seventeen columns of a row over one by
//! one takes it three times as long as to write them down (measured over ten million entries: 279,000
//! rows a second against 774,000). The servers send rows.

use chrono::{DateTime, Utc};
use entity::inventory_flow::{Column, Model};
use sea_orm::sea_query::{Alias, Query, SelectStatement};
use sea_orm::{IdenStatic as _, Iterable as _, QueryResult, Statement};
use serde::Deserialize;

use crate::db::{Cause, Database, Dialect, Fault, Rows, Wanted, flow_from_result, flow_from_row};
use crate::domain::{Flow, FlowId, Origin, SkuId};

/// Entries of one statement. Longer pages are no faster.
pub(crate) const PAGE_ENTRIES_MAX: u64 = 2_000;

/// An entry that no version of the server can have written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Which it is.
    pub id: FlowId,
    /// Its SKU and its sequence, if these can be read.
    pub place: Option<(SkuId, i64)>,
    /// What is wrong with it.
    pub why: String,
}

impl Unreadable {
    /// Its sequence; if that cannot be read, the one behind `sequence`, where it was found.
    pub(crate) fn sequence_behind(&self, sequence: i64) -> i64 {
        self.place.map_or(sequence.saturating_add(1), |(_sku_id, sequence)| sequence)
    }
}

/// An entry, or why it is none.
pub type Read = Result<Flow, Unreadable>;

/// The entries that `select` finds, in its order. It selects rows of the entity
/// `inventory_flow`, all columns in their order, and some thousands at the most.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(crate) async fn read(
    database: &Database,
    select: &SelectStatement,
    wanted: Wanted<'_>,
) -> Result<Vec<Read>, Fault> {
    let page = fetch(database, select, wanted).await?;
    match page.entries()? {
        Some(entries) => Ok(entries),
        None => Ok(read_with_origin(database, select, wanted).await?.0),
    }
}

/// A page as the database sent it.
pub(crate) enum Page {
    /// Written down as one JSON text by SQLite, up to an entry; 0 if there is none.
    Written(String, i64),
    /// Row by row.
    Rows(Vec<QueryResult>),
}

impl Page {
    /// The greatest id in it; 0 if there is none.
    pub(crate) fn last_id(&self) -> Result<i64, Fault> {
        match self {
            Self::Written(_json, last_id) => Ok(*last_id),
            Self::Rows(rows) => {
                let last = rows.last().map(|row| row.try_get_by_index(0)).transpose()?;
                Ok(last.unwrap_or_default())
            }
        }
    }

    /// The entries in it; `None` if something in it makes no sense, so that it must be read row by
    /// row.
    pub(crate) fn entries(&self) -> Result<Option<Vec<Read>>, Fault> {
        match self {
            Self::Written(json, _last_id) => Ok(written(json)),
            Self::Rows(rows) => rows.iter().map(read_row).collect::<Result<_, _>>().map(Some),
        }
    }
}

/// The same as [`read`], not read into entries yet: while that is done the next page can be fetched.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(crate) async fn fetch(
    database: &Database,
    select: &SelectStatement,
    wanted: Wanted<'_>,
) -> Result<Page, Fault> {
    if database.dialect() == Dialect::Sqlite {
        match database.read(page_statement(select), wanted).await {
            Ok(page) => {
                let Some(row) = page.rows.first() else {
                    return Ok(Page::Written("[]".to_owned(), 0));
                };
                let last_id: Option<i64> = row.try_get_by_index(1)?;
                let json = row.try_get_by_index(0)?;
                return Ok(Page::Written(json, last_id.unwrap_or_default()));
            }
            // What is no text in a column of texts cannot be written down.
            Err(fault) if fault.cause == Cause::Other => {}
            Err(fault) => return Err(fault),
        }
    }
    let statement = database.dialect().backend().build(select);
    Ok(Page::Rows(database.read(statement, wanted).await?.rows))
}

/// The entries of a page that SQLite wrote down; `None` if one of them makes no sense.
fn written(json: &str) -> Option<Vec<Read>> {
    let rows = serde_json::from_str::<Vec<JsonRow<'_>>>(json).ok()?;
    rows.into_iter().map(|row| row.flow().map(Ok)).collect()
}

/// The same, row by row, and where they are from.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(crate) async fn read_with_origin(
    database: &Database,
    select: &SelectStatement,
    wanted: Wanted<'_>,
) -> Result<(Vec<Read>, Origin), Fault> {
    let statement = database.dialect().backend().build(select);
    let Rows { rows, origin } = database.read(statement, wanted).await?;
    let entries: Result<Vec<Read>, Fault> = rows.iter().map(read_row).collect();
    Ok((entries?, origin))
}

fn read_row(row: &QueryResult) -> Result<Read, Fault> {
    let fault = match flow_from_result(row) {
        Ok(flow) => return Ok(Ok(flow)),
        Err(fault) => fault,
    };
    let place = (row.try_get_by_index(1), row.try_get_by_index(2));
    let place = match place {
        (Ok(sku_id), Ok(sequence)) => Some((SkuId(sku_id), sequence)),
        (Ok(_) | Err(_), _) => None,
    };
    let id = FlowId(row.try_get_by_index(0)?);
    Ok(Err(Unreadable { id, place, why: fault.source.to_string() }))
}

fn page_statement(select: &SelectStatement) -> Statement {
    let columns = Column::iter().map(|column| match column {
        Column::RequestHash => "hex(request_hash)".to_owned(),
        // What is not there has no digits.
        Column::EntryHash => "hex(entry_hash)".to_owned(),
        Column::Id
        | Column::SkuId
        | Column::Sequence
        | Column::Kind
        | Column::OrderDetailId
        | Column::QuantityTrade
        | Column::LeavedAfter
        | Column::DeductionId
        | Column::IdempotencyScope
        | Column::IdempotencyKey
        | Column::Line
        | Column::Actor
        | Column::Reason
        | Column::CreatedAt
        | Column::MerchantId => column.as_str().to_owned(),
    });
    let columns: Vec<String> = columns.collect();
    let page = format!("json_group_array(json_array({})), MAX(id)", columns.join(", "));
    let query = Query::select()
        .expr(sea_orm::sea_query::Expr::cust(page))
        .from_subquery(select.clone(), Alias::new("page"))
        .take();
    Dialect::Sqlite.backend().build(&query)
}

/// The columns of an entry, in the order of the entity.
#[derive(Deserialize)]
struct JsonRow<'a>(
    i64,
    i64,
    i64,
    i16,
    Option<String>,
    i32,
    i32,
    Option<i64>,
    String,
    String,
    i32,
    &'a str,
    String,
    Option<String>,
    &'a str,
    i64,
    &'a str,
);

impl JsonRow<'_> {
    fn flow(self) -> Option<Flow> {
        let created_at = DateTime::parse_from_rfc3339(self.14).ok()?.with_timezone(&Utc);
        let row = Model {
            id: self.0,
            sku_id: self.1,
            sequence: self.2,
            kind: self.3,
            order_detail_id: self.4,
            quantity_trade: self.5,
            leaved_after: self.6,
            deduction_id: self.7,
            idempotency_scope: self.8,
            idempotency_key: self.9,
            line: self.10,
            request_hash: bytes(self.11)?,
            actor: self.12,
            reason: self.13,
            created_at,
            merchant_id: self.15,
            entry_hash: if self.16.is_empty() { None } else { Some(bytes(self.16)?) },
        };
        flow_from_row(row).ok()
    }
}

/// The bytes that hexadecimal digits stand for.
pub(super) fn bytes(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some((digit(high)? << 4) | digit(low)?),
            _ => None,
        })
        .collect()
}
