//! The readers: stocks, the flow history, and pages of both.
//!
//! Nothing here writes or decides. Every list is read by keyset, so that a page costs the same
//! wherever it is, and entries that are written meanwhile can neither repeat a node nor hide one.
//! What is loaded by keys is loaded for all of them in one statement.
//!
//! This room does not know the ledger, GraphQL or HTTP.

mod branches;
mod flow_pages;
mod flows;
mod keyset;
mod operation;
mod refunds;
mod stocks;

use std::sync::Arc;
use std::time::Duration;

use backon::{ConstantBuilder, Retryable as _};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryResult, Statement, StatementBuilder};

use crate::db::{Database, Fault, flow_from_result};
use crate::domain::{FaultKind, Flow, Page};

/// Why a read failed.
#[derive(Debug, thiserror::Error)]
#[error("the books could not be read")]
pub struct StoreError(#[from] Fault);

impl StoreError {
    /// How a caller should take it.
    pub fn kind(&self) -> FaultKind {
        self.0.kind()
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        Self(error.into())
    }
}

/// Dead connections that one read passes by; more than a pool holds by default.
const DEAD_CONNECTIONS_MAX: usize = 32;

/// How long one read may take: longer than counting millions of entries, shorter than for ever.
const READ_MAX: Duration = Duration::from_secs(30);

/// What a read answers.
pub(crate) type Loaded<T> = Result<T, StoreError>;

/// Reads the books. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
    page_in_memory: Option<Arc<Page<Flow>>>,
}

impl Store {
    /// A reader of `database`.
    pub fn new(database: Database) -> Self {
        Self { database, page_in_memory: None }
    }

    /// A reader whose [`list_flows`](Self::list_flows) asks nobody, and answers `page` whatever it
    /// is asked: what all the rest of such a request costs, for benchmarks to compare with.
    #[must_use]
    pub fn with_page_in_memory(self, page: Page<Flow>) -> Self {
        Self { page_in_memory: Some(Arc::new(page)), ..self }
    }

    fn statement(&self, query: &impl StatementBuilder) -> Statement {
        self.database.reader().get_database_backend().build(query)
    }

    async fn rows<T: FromQueryResult>(&self, query: &impl StatementBuilder) -> Loaded<Vec<T>> {
        let rows = self.query(query).await?;
        let rows: Result<Vec<T>, DbErr> =
            rows.iter().map(|row| T::from_query_result(row, "")).collect();
        Ok(rows?)
    }

    async fn flows(&self, query: &impl StatementBuilder) -> Loaded<Vec<Flow>> {
        let rows = self.query(query).await?;
        rows.iter().map(|row| flow_from_result(row).map_err(StoreError)).collect()
    }

    /// Has the database count.
    async fn count(&self, query: &impl StatementBuilder) -> Loaded<i64> {
        let rows = self.query(query).await?;
        let count = rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(count.unwrap_or_default())
    }

    /// Reads by one connection, or by another if that one turns out to be dead: a read may be
    /// repeated, and a database that was restarted leaves as many dead ones as the pool had.
    async fn query(&self, query: &impl StatementBuilder) -> Loaded<Vec<QueryResult>> {
        let statement = self.statement(query);
        let reader = self.database.reader();
        let read = || async {
            let rows = reader.query_all_raw(statement.clone());
            match tokio::time::timeout(READ_MAX, rows).await {
                Ok(rows) => rows.map_err(Fault::from),
                Err(_elapsed) => Err(Fault::silent()),
            }
        };
        let once_more = ConstantBuilder::default()
            .with_delay(Duration::from_millis(1))
            .with_max_times(DEAD_CONNECTIONS_MAX);
        Ok(read.retry(once_more).when(Fault::is_lost_connection).await?)
    }
}
