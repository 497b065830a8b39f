//! `stockflow audit`: proves the books, and seals them.

mod seal;

use std::process::ExitCode;

use clap::Subcommand;

use super::arguments::SourceArguments;
use super::{Failure, output, start};
use seal::SealArguments;

pub(super) use seal::load_key;

/// What to do with the books.
#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
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
        AuditCommand::Seal(wish) => seal::run(sources, wish).await,
    }
}
