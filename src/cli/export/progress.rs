//! How far an export to a file is, for a person who watches.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressStyle};

const TEMPLATE: &str = "{spinner} {human_pos} entries, {per_sec}, {elapsed}";

/// A line on a terminal; nothing anywhere else.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Begins, if it is `wanted`.
    pub(super) fn start(wanted: bool) -> Self {
        if !wanted || !io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template(TEMPLATE)
            .unwrap_or_else(|_malformed| ProgressStyle::default_spinner());
        Self(ProgressBar::no_length().with_style(style))
    }

    pub(super) fn at(&self, rows: u64) {
        self.0.set_position(rows);
    }

    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}
