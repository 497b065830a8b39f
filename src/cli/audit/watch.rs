//! How far a sweep is: for a person who watches, and for another time.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressStyle};

use super::place_file::PlaceFile;
use crate::audit::{Place, Watcher};
use crate::cli::{Failure, output};

/// Half a million entries: some seconds.
const KEPT_EVERY_PAGES: u32 = 250;

const TEMPLATE: &str = "{bar:40} {percent:>3} %  entry {pos} of {len}, {eta} left";

/// A bar on a terminal, and a file where one is wanted.
#[derive(Debug)]
pub(super) struct Watch {
    bar: ProgressBar,
    file: Option<PlaceFile>,
}

impl Watch {
    /// Keeps places in `file`, if there is one.
    pub(super) fn new(file: Option<PlaceFile>) -> Self {
        let style = ProgressStyle::with_template(TEMPLATE)
            .unwrap_or_else(|_malformed| ProgressStyle::default_bar());
        let bar = if io::stderr().is_terminal() {
            ProgressBar::new(0).with_style(style)
        } else {
            ProgressBar::hidden()
        };
        Self { bar, file }
    }

    /// From where to go on; the beginning behind `since` if from nowhere.
    ///
    /// # Errors
    ///
    /// [`Failure`] when the file is of no use.
    pub(super) fn start(&self, since: i64) -> Result<Place, Failure> {
        let kept = self.file.as_ref().map(PlaceFile::read).transpose()?.flatten();
        match kept {
            Some(place) if place.since == since => Ok(place),
            Some(_other) => Err(Failure::new(
                "the file of --resume tells of a check since another entry; remove it, or say the \
                 same --since as before",
            )),
            None => Ok(Place::behind(since)),
        }
    }

    /// The sweep came to its end.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
        if let Some(file) = &self.file {
            file.remove();
        }
    }
}

impl Watcher for Watch {
    fn is_at(&mut self, place: &Place) {
        self.bar.set_length(u64::try_from(place.until).unwrap_or_default());
        self.bar.set_position(u64::try_from(place.through).unwrap_or_default());
    }

    fn keeps_every_pages(&self) -> Option<u32> {
        self.file.is_some().then_some(KEPT_EVERY_PAGES)
    }

    fn keep(&mut self, place: &Place) {
        if let Some(Err(failure)) = self.file.as_ref().map(|file| file.keep(place)) {
            // The check goes on; it could only not go on another time.
            self.bar.suspend(|| output::note(&format!("stockflow: {failure}")));
            self.file = None;
        }
    }
}
