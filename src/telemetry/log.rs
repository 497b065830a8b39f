//! The log: how it is written, and how it ends.
//!
//! Who logs hands a line over and goes on; a thread of its own writes what has come together. So
//! many lines wait at the most: where stderr is slower than the server, as a full disk or a reader
//! that stands still makes it, lines are dropped, counted, and told of. No request ever waits for the
//! log.
//!
//! The end of the log belongs to the end of the program: [`FlushedLog`] is dropped there.

use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::panic;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, LogSection};

/// What is written to stderr at once, in bytes: some hundred lines.
const WRITE_BYTES: usize = 32_768;

/// How long the thread that writes rests after each time.
const REST: Duration = Duration::from_millis(5);

/// How often it is looked whether lines were dropped.
const TELL_DROPPED_EVERY: Duration = Duration::from_secs(5);

/// Writes what waits, when it is dropped.
static WORKER: Mutex<Option<WorkerGuard>> = Mutex::new(None);

/// Counts what was dropped.
static DROPPED: OnceLock<ErrorCounter> = OnceLock::new();

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The filter is none. Settings that were checked do not have such a one.
    #[error("the log's filter is none: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// There is a log already.
    #[error("the log was started before: {0}")]
    Twice(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Starts the log, and has panics told there, in one line.
///
/// # Errors
///
/// [`InitError`] when the filter makes no sense or a log runs already.
pub fn init(settings: &LogSection) -> Result<(), InitError> {
    let filter = EnvFilter::try_new(&settings.filter)?;
    let for_people = match settings.format {
        LogFormat::Auto => io::stderr().is_terminal(),
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer(settings));
    if for_people {
        log.with_ansi(io::stderr().is_terminal()).try_init()
    } else {
        log.json().flatten_event(true).with_span_list(false).try_init()
    }
    .map_err(InitError::Twice)?;
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(place, message, "a panic");
    }));
    Ok(())
}

fn writer(settings: &LogSection) -> NonBlocking {
    let (writer, worker) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(settings.waiting_lines_max)
        .thread_name("log")
        .finish(Gathered(BufWriter::with_capacity(WRITE_BYTES, io::stderr())));
    DROPPED.get_or_init(|| writer.error_counter());
    *WORKER.lock().unwrap_or_else(PoisonError::into_inner) = Some(worker);
    writer
}

/// Writes, and rests after each time, while lines come together: under load each line would wake the
/// thread that writes it, which costs its request more than to hand it over.
struct Gathered<W: Write>(BufWriter<W>);

impl<W: Write> Write for Gathered<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.0.flush();
        std::thread::sleep(REST);
        flushed
    }
}

/// Writes what waits of the log when it is dropped, for a second at the most. Made at the beginning
/// of the program and dropped at its end, also when that is a panic. What is logged after that is
/// lost.
#[derive(Debug)]
pub struct FlushedLog;

impl Drop for FlushedLog {
    fn drop(&mut self) {
        drop(WORKER.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// Lines that were dropped so far because too many waited.
pub(super) fn lines_dropped() -> u64 {
    let lines = DROPPED.get().map_or(0, ErrorCounter::dropped_lines);
    u64::try_from(lines).unwrap_or(u64::MAX)
}

/// Tells now and then, in one line, how many lines were dropped since it was told last. Never ends.
pub async fn tell_of_dropped_lines() {
    let mut told = 0;
    let mut clock = tokio::time::interval(TELL_DROPPED_EVERY);
    loop {
        clock.tick().await;
        let dropped = lines_dropped();
        if dropped > told {
            let lines = dropped.saturating_sub(told);
            tracing::warn!(lines, "lines of the log were dropped, as too many waited");
            told = dropped;
        }
    }
}
