//! `stockflow audit reconcile`: compares every amount with the entries that made it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::books;
use super::place_file::PlaceFile;
use super::report::Report;
use super::watch::Watch;
use crate::audit::{Audit, Checks, Swept};
use crate::cli::arguments::SourceArguments;
use crate::cli::{Failure, start};
use crate::db::Database;

/// How to reconcile.
#[derive(Debug, Args)]
pub(in crate::cli) struct ReconcileArguments {
    /// Print one JSON object, for machines
    #[arg(long)]
    json: bool,
    /// Keep in this file how far it is, and go on from there if the file is there
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
}

/// Reconciles all the books.
///
/// # Errors
///
/// [`Failure`] when the settings or the database stand in the way.
pub(super) async fn run(
    sources: &SourceArguments,
    arguments: ReconcileArguments,
) -> Result<ExitCode, Failure> {
    let (database, audit) = books::open(sources).await?;
    let swept = sweep(&database, &audit, Checks::Amounts, arguments.resume, 0).await;
    drop(audit);
    start::close(database).await;
    let report = Report { checks: Checks::Amounts, swept: &swept?, seal: None };
    Ok(report.tell(arguments.json))
}

/// Goes over all the books behind an entry, and tells how far it is.
///
/// # Errors
///
/// [`Failure`] when the database or the file stands in the way.
pub(super) async fn sweep(
    database: &Database,
    audit: &Audit,
    checks: Checks,
    resume: Option<PathBuf>,
    since: i64,
) -> Result<Swept, Failure> {
    let file = match resume {
        None => None,
        Some(path) => {
            let name = database.books_name().await.map_err(|fault| books::unanswered(&fault))?;
            Some(PlaceFile::new(&path, checks, name))
        }
    };
    let mut watch = Watch::new(file);
    let place = watch.start(since)?;
    let swept = audit.sweep(checks, place, &mut watch).await;
    let swept = swept.map_err(|error| books::unread(&error))?;
    watch.end();
    Ok(swept)
}
