//! The readers: stocks, the flow history, pages of both, what entries come to, and refused demand.
//!
//! Nothing here writes or decides. Every list is read by keyset, so that a page costs the same
//! wherever it is, and entries that are written meanwhile can neither repeat a node nor hide one.
//! What is loaded by keys is loaded for all of them in one statement.
//!
//! Who asks says how new the answer must be ([`Asked`]), and learns where it came from and how old
//! it may be ([`Found`]). Which server is read from is the business of `db`.
//!
//! This room does not know the ledger, GraphQL or HTTP.

mod as_of;
mod asked;
mod branches;
mod copies;
mod explanation;
mod flow_pages;
mod flows;
mod keyset;
mod operation;
mod order_trail;
mod refunds;
mod refusal_periods;
mod refusals;
mod sold_out;
mod stocks;
mod summary;
mod sums;
mod view;

use std::sync::Arc;

use sea_orm::{DbErr, FromQueryResult, Statement, StatementBuilder};

use crate::cache::StockCache;
use crate::db::{Database, Fault, Rows, flow_from_result};
use crate::domain::{FaultKind, Flow, Inventory, Page, SkuId};

pub use asked::{Asked, Found};
pub use sold_out::SoldOutPage;

pub(crate) use branches::{BRANCHES_MAX, union};
pub(crate) use flows::{condition, matches_nothing};

use copies::{Loads, StockInMemory};

/// Why a read failed. Everybody who shares the read has a clone.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the books could not be read")]
pub struct StoreError(#[source] Arc<Fault>);

impl StoreError {
    /// How a caller should take it.
    pub fn kind(&self) -> FaultKind {
        self.0.kind()
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        Fault::from(error).into()
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        Self(Arc::new(fault))
    }
}

/// What a read answers.
pub(crate) type Loaded<T> = Result<T, StoreError>;

/// Reads the books. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
    cache: StockCache,
    loads: Loads,
    page_in_memory: Option<Arc<Page<Flow>>>,
    stock_in_memory: Option<StockInMemory>,
}

impl Store {
    /// A reader of `database`, and of the copies in `cache`.
    pub fn new(database: Database, cache: StockCache) -> Self {
        let loads = Loads::new(&database, &cache);
        Self { database, cache, loads, page_in_memory: None, stock_in_memory: None }
    }

    /// A reader that asks nobody for stocks, and answers `stock` of a SKU whatever it is asked:
    /// what all the rest of such a request costs, for benchmarks to compare with.
    #[must_use]
    pub fn with_stock_in_memory(self, stock: fn(SkuId) -> Inventory) -> Self {
        Self { stock_in_memory: Some(stock), ..self }
    }

    /// A reader whose [`list_flows`](Self::list_flows) asks nobody, and answers `page` whatever it
    /// is asked: what all the rest of such a request costs, for benchmarks to compare with.
    #[must_use]
    pub fn with_page_in_memory(self, page: Page<Flow>) -> Self {
        Self { page_in_memory: Some(Arc::new(page)), ..self }
    }

    /// Where the books are.
    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    fn statement(&self, query: &impl StatementBuilder) -> Statement {
        self.database.dialect().backend().build(query)
    }

    async fn rows<T: FromQueryResult>(
        &self,
        query: &impl StatementBuilder,
        asked: &Asked,
    ) -> Loaded<Found<Vec<T>>> {
        let Rows { rows, origin } = self.query(query, asked).await?;
        let rows: Result<Vec<T>, DbErr> =
            rows.iter().map(|row| T::from_query_result(row, "")).collect();
        Ok(Found { value: rows?, origin })
    }

    async fn flows(
        &self,
        query: &impl StatementBuilder,
        asked: &Asked,
    ) -> Loaded<Found<Vec<Flow>>> {
        let Rows { rows, origin } = self.query(query, asked).await?;
        let flows: Result<Vec<Flow>, Fault> = rows.iter().map(flow_from_result).collect();
        Ok(Found { value: flows?, origin })
    }

    /// Has the database count.
    async fn count(&self, query: &impl StatementBuilder, asked: &Asked) -> Loaded<Found<i64>> {
        let Rows { rows, origin } = self.query(query, asked).await?;
        let count = rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(Found { value: count.unwrap_or_default(), origin })
    }

    async fn query(&self, query: &impl StatementBuilder, asked: &Asked) -> Loaded<Rows> {
        Ok(self.database.read(self.statement(query), asked.wanted()).await?)
    }
}
