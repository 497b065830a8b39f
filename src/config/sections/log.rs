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
}

/// Who reads the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
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
        let is_format = |format: &str| matches!(format, "text" | "json");
        let format = reader.text("log.format", is_format, "must be text or json")?;
        let format = if format == "json" { LogFormat::Json } else { LogFormat::Text };
        Some(Self { filter: filter?, format })
    }
}
