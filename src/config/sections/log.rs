//! Section `log`: what is logged, and how.

use tracing_subscriber::EnvFilter;

use crate::config::reader::Reader;

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSection {
    /// Levels, in the language of `tracing`'s `EnvFilter`.
    pub filter: String,
    /// For whom.
    pub format: LogFormat,
    /// Lines that may wait to be written, 100 to 1,000,000; what comes beyond is dropped.
    pub waiting_lines_max: usize,
}

/// Who reads the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// People where stderr is a terminal, machines otherwise.
    Auto,
    /// People.
    Text,
    /// Machines: one JSON object a line.
    Json,
}

impl LogSection {
    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let is_filter = |filter: &str| EnvFilter::try_new(filter).is_ok();
        let filter =
            reader.text("log.filter", is_filter, "must be levels, as info or warn,stockflow=debug");
        let is_format = |format: &str| matches!(format, "auto" | "text" | "json");
        let format = reader.text("log.format", is_format, "must be auto, text or json");
        let waiting_lines_max = reader.number("log.waiting_lines_max", 100..=1_000_000);
        let format = match format?.as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            _auto => LogFormat::Auto,
        };
        Some(Self { filter: filter?, format, waiting_lines_max: waiting_lines_max? })
    }
}
