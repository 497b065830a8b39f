//! How far the import is, for a person who watches.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::output;

const TEMPLATE: &str = "{bar:40} {percent:>3} %  {bytes} of {total_bytes}, {eta} left";

/// A bar on a terminal; nothing anywhere else.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn start(bytes: u64) -> Self {
        if !io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template(TEMPLATE)
            .unwrap_or_else(|_malformed| ProgressStyle::default_bar());
        Self(ProgressBar::new(bytes).with_style(style))
    }

    pub(super) fn at(&self, bytes: u64) {
        self.0.set_position(bytes);
    }

    /// Tells something without tearing the bar.
    pub(super) fn note(&self, text: &str) {
        self.0.suspend(|| output::note(text));
    }

    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}
