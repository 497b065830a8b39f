//! `stockflow export`: the history as a file, byte for byte what the server sends for the same filter
//! and cut; and `stockflow export check`, which tells whether such a file is whole.
//!
//! It only reads, and takes no step to bring tables up to date, so it may be pointed at a replica by
//! its URL. Whoever runs it sees the books of all merchants.

mod arguments;
mod destination;
mod progress;

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;
use std::process::ExitCode;

use super::arguments::SourceArguments;
use super::{Failure, output, start};
use crate::audit::Audit;
use crate::audit::export::{self, Export, ExportRequest};
use crate::cache::StockCache;
use crate::config::Flags;
use crate::domain::Visibility;
use crate::store::Store;
pub(super) use arguments::ExportArguments;
use arguments::ExportCommand;
use destination::Destination;
use progress::Progress;

/// Exports, or checks an export.
///
/// # Errors
///
/// [`Failure`] when the arguments make no sense, the database fails or is not up to date, the file
/// cannot be written, or what is checked is not whole.
pub(super) async fn run(
    sources: &SourceArguments,
    arguments: ExportArguments,
) -> Result<ExitCode, Failure> {
    if let Some(ExportCommand::Check { file }) = arguments.command {
        return check(&file);
    }
    let filter = arguments.filter.filter()?;
    let settings = start::settings(sources, Flags::default())?;
    let database = start::connect_to_read(&settings).await?;
    let request = ExportRequest {
        filter,
        visibility: Visibility::All,
        last_flow_id: arguments.last_flow_id,
        format: arguments.format.into(),
        page_time_max: settings.limits.request_timeout,
    };
    let audit = Audit::new(Store::new(database.clone(), StockCache::none()));
    let written = write(&audit, request, arguments.output.as_deref()).await;
    start::close(database).await;
    written
}

async fn write(
    audit: &Audit,
    request: ExportRequest,
    path: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let export = audit.export(request).await.map_err(|error| failed(&error))?;
    let shown = path.map_or_else(|| "stdout".to_owned(), |path| path.display().to_string());
    let unwritable = |error: &io::Error| Failure::new(format!("cannot write {shown}: {error}"));
    let mut destination = Destination::open(path).map_err(|error| unwritable(&error))?;
    let progress = Progress::start(path.is_some());
    let rows = pieces(export, &mut destination, &progress).await;
    progress.end();
    let finished = match rows {
        Ok(rows) => destination.finish().map(|()| rows),
        Err(Stopped::Export(failure)) => return Err(failure),
        Err(Stopped::Destination(error)) => Err(error),
    };
    match finished {
        Ok(rows) => {
            if path.is_some() {
                output::line(&format!("exported {rows} entries to {shown}"));
            }
            Ok(ExitCode::SUCCESS)
        }
        // Who reads no more has what they wanted; it is not all of it.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::FAILURE),
        Err(error) => Err(unwritable(&error)),
    }
}

/// Why there is no more.
enum Stopped {
    Export(Failure),
    Destination(io::Error),
}

/// Writes all the pieces, and tells how many entries those were.
async fn pieces(
    mut export: Export,
    destination: &mut Destination,
    progress: &Progress,
) -> Result<u64, Stopped> {
    while let Some(piece) = export.next().await {
        let bytes = piece.map_err(|error| Stopped::Export(failed(&error)))?;
        // Writing blocks for as long as the reader takes. Nothing else runs on this thread, and the
        // next page is read on another.
        destination.write(&bytes).map_err(Stopped::Destination)?;
        progress.at(export.rows());
    }
    Ok(export.rows())
}

fn failed(error: &export::ExportError) -> Failure {
    Failure::chain("the export has no end", error)
}

fn check(path: &Path) -> Result<ExitCode, Failure> {
    let shown = path.display();
    let file =
        File::open(path).map_err(|error| Failure::new(format!("cannot read {shown}: {error}")))?;
    let manifest = export::check(BufReader::with_capacity(1 << 20, file))
        .map_err(|broken| Failure::new(format!("{shown}: {broken}")))?;
    let last = manifest.last_flow_id.as_deref().unwrap_or("none");
    output::line(&format!(
        "{shown} is whole: {} entries up to flow id {last}, SHA-256 {}",
        manifest.rows, manifest.sha256
    ));
    Ok(ExitCode::SUCCESS)
}
