//! A file that tells how far a sweep is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::audit::{Checks, Place};
use crate::cli::Failure;
use crate::domain::SkuId;

/// Where it is kept how far a sweep is. The file is there while one is under way, and gone when it
/// came to its end.
#[derive(Debug)]
pub(super) struct PlaceFile {
    path: PathBuf,
    of: Of,
}

/// Of what a file tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Of {
    checks: String,
    /// Which books these are, so that nobody goes on with others.
    books: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    of: Of,
    since: i64,
    until: i64,
    behind_sku: i64,
    through: i64,
    suspects: Vec<i64>,
    nowhere: Vec<i64>,
}

impl PlaceFile {
    /// The file at `path`, for checks of books of this name.
    pub(super) fn new(path: &Path, checks: Checks, books: String) -> Self {
        let checks = match checks {
            Checks::Amounts => "reconcile",
            Checks::Chains => "verify",
        };
        Self { path: path.to_owned(), of: Of { checks: checks.to_owned(), books } }
    }

    /// The place that is kept there; `None` if there is no such file.
    ///
    /// # Errors
    ///
    /// [`Failure`] when the file cannot be read, or tells of something else.
    pub(super) fn read(&self) -> Result<Option<Place>, Failure> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed("cannot be read", &error)),
        };
        let kept: Kept = serde_json::from_str(&text).map_err(|error| {
            self.failed("does not tell how far such a check is; name another file", &error)
        })?;
        if kept.of != self.of {
            return Err(Failure::new(format!(
                "{} tells of `audit {}` of other books or of another check; name another file, or \
                 remove it",
                self.path.display(),
                kept.of.checks
            )));
        }
        Ok(Some(Place {
            since: kept.since,
            until: kept.until,
            behind_sku: kept.behind_sku,
            through: kept.through,
            suspects: kept.suspects.into_iter().map(SkuId).collect(),
            nowhere: kept.nowhere.into_iter().collect(),
        }))
    }

    /// Keeps a place, in the stead of the one before.
    ///
    /// # Errors
    ///
    /// [`Failure`] when it cannot be written.
    pub(super) fn keep(&self, place: &Place) -> Result<(), Failure> {
        let kept = Kept {
            of: self.of.clone(),
            since: place.since,
            until: place.until,
            behind_sku: place.behind_sku,
            through: place.through,
            suspects: place.suspects.iter().map(|sku_id| sku_id.0).collect(),
            nowhere: place.nowhere.iter().copied().collect(),
        };
        let failed = |error: &dyn std::fmt::Display| self.failed("cannot be written", error);
        let json = serde_json::to_string(&kept).map_err(|error| failed(&error))?;
        // Killed in between, one of the two is whole.
        let new = self.path.with_added_extension("new");
        fs::write(&new, json).map_err(|error| failed(&error))?;
        fs::rename(&new, &self.path).map_err(|error| failed(&error))
    }

    /// Forgets it: there is nothing to go on with.
    pub(super) fn remove(&self) {
        // If it cannot be removed, the next run begins at its end and is done at once.
        drop(fs::remove_file(&self.path));
    }

    fn failed(&self, what: &str, error: &dyn std::fmt::Display) -> Failure {
        Failure::new(format!("{} {what}: {error}", self.path.display()))
    }
}
