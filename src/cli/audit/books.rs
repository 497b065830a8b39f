//! The books that are to be looked at, as they are.

use crate::audit::Audit;
use crate::cache::StockCache;
use crate::cli::arguments::SourceArguments;
use crate::cli::{Failure, start};
use crate::config::Flags;
use crate::db::{Database, Fault};
use crate::store::{Store, StoreError};
use crate::telemetry::causes;

/// Opens the books without bringing their tables up to date.
///
/// # Errors
///
/// [`Failure`] when the settings or the database stand in the way, or the tables are not up to date.
pub(super) async fn open(sources: &SourceArguments) -> Result<(Database, Audit), Failure> {
    let settings = start::settings(sources, Flags::default())?;
    let database = start::connect_to_read(&settings).await?;
    let store = Store::new(database.clone(), StockCache::none());
    Ok((database, Audit::new(store)))
}

/// What stood in the way of reading on.
pub(super) fn unread(error: &StoreError) -> Failure {
    Failure::new(format!("the books could not be read to their end: {}", causes(error)))
}

/// The same of a single read.
pub(super) fn unanswered(fault: &Fault) -> Failure {
    Failure::new(format!("the books could not be read: {}", causes(fault)))
}
