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

use sea_orm::{ConnectionTrait, FromQueryResult, Statement, StatementBuilder};

use crate::db::{Database, Fault, flow_from_row};
use crate::domain::{FaultKind, Flow};

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

impl From<sea_orm::DbErr> for StoreError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self(error.into())
    }
}

/// What a read answers.
pub(crate) type Loaded<T> = Result<T, StoreError>;

/// Reads the books. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

impl Store {
    /// A reader of `database`.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    fn statement(&self, query: &impl StatementBuilder) -> Statement {
        self.database.reader().get_database_backend().build(query)
    }

    async fn rows<T: FromQueryResult>(&self, query: &impl StatementBuilder) -> Loaded<Vec<T>> {
        let statement = self.statement(query);
        Ok(T::find_by_statement(statement).all(self.database.reader()).await?)
    }

    async fn flows(&self, query: &impl StatementBuilder) -> Loaded<Vec<Flow>> {
        let rows = self.rows::<entity::inventory_flow::Model>(query).await?;
        rows.into_iter()
            .map(|row| flow_from_row(row).map_err(|corrupt| StoreError(corrupt.into())))
            .collect()
    }

    /// Has the database count.
    async fn count(&self, query: &impl StatementBuilder) -> Loaded<i64> {
        let row = self.database.reader().query_one_raw(self.statement(query)).await?;
        let count = row.map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(count.unwrap_or_default())
    }
}
