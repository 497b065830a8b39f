//! The log, and what is counted ([`Metrics`]). The log goes to stderr; stdout is for what a person
//! or a program asked to see.
//!
//! What fails is logged once, where it leaves the server or is dealt with, under the id of the
//! request. Bodies, variables and credentials are never logged.
//!
//! This room may use `config`, and knows nothing of what is logged or counted.

mod metrics;

use std::io::{self, IsTerminal as _};
use std::panic;

use tracing_subscriber::EnvFilter;

pub use metrics::{METRICS_MEDIA_TYPE, Metrics, counts, seconds};

use crate::config::{LogFormat, LogSection};

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
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    match settings.format {
        LogFormat::Text => log.with_ansi(io::stderr().is_terminal()).try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).try_init(),
    }
    .map_err(InitError::Twice)?;
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(place, message, "a panic");
    }));
    Ok(())
}
