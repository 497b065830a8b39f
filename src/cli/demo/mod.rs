//! `--demo`: a small shop with five weeks of history, so that there is something to look at.
//!
//! [`plan`] makes up what happened, from a seed and the present instant: the same shop for
//! everybody. [`write`] has the ledger carry it out, by a clock that goes from one event to the
//! next, so the books look as if the server had run all the time; nothing is written past the
//! ledger. Nothing belongs to `anonymous`: those are the entries that the visitor makes.

mod catalogue;
mod dice;
mod plan;
mod step;
mod write;

use super::{Failure, output};
use crate::config::Settings;
use crate::db::Database;
use crate::domain::filter::{Consistency, InventoryFilter, InventoryOrder};
use crate::domain::{Clock, PageEnd, PageRequest};
use crate::store::{Asked, Store};

/// Fills the database, if there is no SKU in it.
///
/// # Errors
///
/// [`Failure`] when the books cannot be read or written.
pub(super) async fn fill(
    database: &Database,
    store: &Store,
    settings: &Settings,
) -> Result<(), Failure> {
    let one = PageRequest { end: PageEnd::First, limit: 1, after: None, before: None };
    let first = store
        .list_inventories(
            &InventoryFilter::default(),
            InventoryOrder::SkuAscending,
            &one,
            &Asked::of(Consistency::Primary),
        )
        .await
        .map_err(|error| Failure::broke("the books could not be read", &error))?;
    if !first.value.nodes.is_empty() {
        output::line("the database has SKUs already, so --demo leaves it as it is");
        return Ok(());
    }
    let steps = plan::plan(Clock::system().now());
    let entries = write::write(database, settings, steps).await?;
    output::line(&format!("--demo has put a small shop on the books: {entries} entries"));
    Ok(())
}
