//! `stockflow audit`: proves the books, and seals them.
//!
//! What only looks needs no right but to select, and may be pointed at a replica by its URL.

mod books;
mod place_file;
mod reconcile;
mod report;
mod verify;
mod watch;

use std::process::ExitCode;

use clap::Subcommand;

use super::Failure;
use super::arguments::SourceArguments;
use reconcile::ReconcileArguments;
use verify::VerifyArguments;

/// What to do with the books.
#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Compare every amount with the entries that made it, and refunds with what was deducted;
    /// exits with 1 if anything is wrong
    Reconcile(ReconcileArguments),
    /// Recompute the hashes of all entries and name those that do not fit; exits with 1 if any does
    /// not
    Verify(VerifyArguments),
}

/// Does what `audit` says.
///
/// # Errors
///
/// [`Failure`] when the settings, the database or the books stand in the way.
pub(super) async fn run(
    sources: &SourceArguments,
    command: AuditCommand,
) -> Result<ExitCode, Failure> {
    match command {
        AuditCommand::Reconcile(wish) => reconcile::run(sources, wish).await,
        AuditCommand::Verify(wish) => verify::run(sources, wish).await,
    }
}
