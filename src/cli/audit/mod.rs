//! `stockflow audit`: proves the books, and seals them.
//!
//! What only looks needs no right but to select, and may be pointed at a replica by its URL.

mod books;
mod place_file;
mod reconcile;
mod report;
mod seal;
mod verify;
mod watch;

use std::process::ExitCode;

use clap::Subcommand;

use super::arguments::SourceArguments;
use super::{Failure, output, start};
use reconcile::ReconcileArguments;
use seal::SealArguments;
use verify::VerifyArguments;

pub(super) use seal::load_key;

/// What to do with the books.
#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Compare every amount with the entries that made it, and refunds with what was deducted;
    /// exits with 1 if anything is wrong
    Reconcile(ReconcileArguments),
    /// Recompute the hashes of all entries and name those that do not fit; exits with 1 if any does
    /// not
    Verify(VerifyArguments),
    /// Make a small statement over all histories as they are now, and print it. Keep it where
    /// nobody who can change the books can reach it: it tells whoever changes the past
    Seal(SealArguments),
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
        AuditCommand::Seal(wish) => seal::run(sources, wish).await,
    }
}
