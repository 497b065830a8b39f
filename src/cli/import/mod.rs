//! `stockflow import FILE.csv`: creates or replenishes SKUs in bulk.
//!
//! The file is streamed, so it may have a million rows; a few hundred are with the ledger at any
//! time, which makes batches of them. Rows of one SKU are carried out one after the other, in the
//! order of the file.
//!
//! A row's idempotency key is made of the file's contents and the row's line, so that importing
//! the same file again, after whatever interruption, finds what is done and doubles nothing. A
//! row is first tried as a creation, under a key of its own, and as a replenishment, under
//! another, only if the SKU exists. The order matters: on the second run the row that created a
//! SKU finds it existing, and only the creation's key tells that this was its own doing.

mod file;
mod flight;
mod post;
mod progress;
mod row;

use std::process::ExitCode;

use super::arguments::{ImportArguments, SourceArguments};
use super::{Failure, output, start};
use crate::cache::StockCache;
use crate::config::Flags;
use crate::domain::Clock;
use crate::ledger::LedgerMetrics;
use flight::Flight;
use post::{Done, Poster};
use progress::Progress;
use row::{Row, Rows};

/// What became of the rows.
#[derive(Debug, Default)]
struct Tally {
    created: u64,
    replenished: u64,
    already_done: u64,
    wrong: u64,
    not_known: u64,
    /// The database went away.
    stopped: bool,
}

/// Imports the file.
///
/// # Errors
///
/// [`Failure`] when the file cannot be read, is no such CSV, or the database is not there.
pub(super) async fn run(
    sources: &SourceArguments,
    arguments: &ImportArguments,
) -> Result<ExitCode, Failure> {
    let path = &arguments.file;
    let settings = start::settings(sources, Flags::default())?;
    let shown = path.display().to_string();
    let unreadable = |error: std::io::Error| Failure::new(format!("cannot read {shown}: {error}"));
    let source = file::open(path).map_err(unreadable)?;
    let progress = Progress::start(source.bytes);
    let mut rows =
        Rows::start(source.reader).map_err(|wrong| Failure::new(format!("{shown}:{wrong}")))?;

    let database = start::open(&settings).await?;
    let (ledger, lanes) = start::ledger(
        &database,
        StockCache::none(),
        &settings,
        Clock::system(),
        &LedgerMetrics::new(),
    )?;
    let poster = Poster::new(ledger, &source.digest, arguments.merchant);
    let mut tally = Tally::default();
    let report = |line: u64, message: &str| progress.note(&format!("{shown}:{line}: {message}"));
    let mut flight = Flight::new(&poster, settings.ledger.queue_max);
    let mut at_end = false;
    loop {
        // Reading blocks, for as long as the system takes to hand over the next few kilobytes of
        // a file that was read a moment ago. Nothing else runs on this thread.
        while !at_end && !tally.stopped && !flight.is_full() {
            match rows.next() {
                None => at_end = true,
                Some(Ok(row)) => flight.add(row),
                Some(Err(wrong)) => {
                    tally.wrong = tally.wrong.saturating_add(1);
                    report(wrong.line, &wrong.message);
                }
            }
            progress.at(rows.bytes_read());
        }
        if tally.stopped {
            flight.add_no_more();
        }
        let Some((row, done)) = flight.next().await else { break };
        tally.count(&row, done, &report);
    }
    drop(flight);
    drop(poster);
    progress.end();
    start::drain(lanes).await;
    start::close(database).await;
    Ok(tally.tell())
}

impl Tally {
    fn count(&mut self, row: &Row, done: Done, report: &impl Fn(u64, &str)) {
        let counter = match done {
            Done::Created => &mut self.created,
            Done::Replenished => &mut self.replenished,
            Done::Already => &mut self.already_done,
            Done::Wrong(message) => {
                report(row.line, &message);
                &mut self.wrong
            }
            Done::Unknown(message) => {
                report(row.line, &message);
                &mut self.not_known
            }
            Done::Unavailable(message) => {
                report(row.line, &message);
                self.stopped = true;
                &mut self.not_known
            }
        };
        *counter = counter.saturating_add(1);
    }

    fn tell(&self) -> ExitCode {
        output::line(&format!(
            "created {}, replenished {}, already done {}, wrong {}, not known {}",
            self.created, self.replenished, self.already_done, self.wrong, self.not_known
        ));
        if self.stopped {
            output::error(
                "the database could not be reached any more; import the same file again when it \
                 is back, what is done will not be done twice",
            );
        } else if self.not_known > 0 {
            output::error(
                "it is not known what became of some rows; import the same file again, as it is: \
                 what is done will not be done twice",
            );
        } else if self.wrong > 0 {
            output::error(
                "the rows told above were left out; put them right in a file of their own, for a \
                 file that was changed is another file and all its rows would count again",
            );
        }
        if self.wrong > 0 || self.not_known > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}
