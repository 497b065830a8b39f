//! How new an answer must be, for whom it is, and where it came from.

use std::time::Instant;

use crate::db::{ReadFrom, Wanted};
use crate::domain::filter::Consistency;
use crate::domain::{Origin, ReadAfter, Source, Visibility};

/// How new an answer must be, and for whom it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// From where it may be read.
    pub consistency: Consistency,
    /// The versions that it must have reached.
    pub read_after: ReadAfter,
    /// Whose books are seen.
    pub visibility: Visibility,
}

impl Asked {
    /// Whatever `consistency` allows, however old, of everybody's books.
    pub fn of(consistency: Consistency) -> Self {
        Self { consistency, read_after: ReadAfter::default(), visibility: Visibility::All }
    }

    /// The same of another consistency.
    #[must_use]
    pub fn with_consistency(&self, consistency: Consistency) -> Self {
        Self { consistency, ..self.clone() }
    }

    /// The same of the books that another visibility shows.
    #[must_use]
    pub(super) fn with_visibility(&self, visibility: Visibility) -> Self {
        Self { visibility, ..self.clone() }
    }

    /// What that means to the database.
    pub(crate) fn wanted(&self) -> Wanted<'_> {
        Wanted {
            from: match self.consistency {
                Consistency::Cached | Consistency::Replica => ReadFrom::Replica,
                Consistency::Primary => ReadFrom::Primary,
            },
            reached: &self.read_after,
            visibility: self.visibility,
            few: false,
        }
    }
}

/// What was found, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// What was found.
    pub value: T,
    /// Where it came from; the oldest if there were several.
    pub origin: Origin,
}

impl<T> Found<T> {
    /// What nobody had to be asked for, since it is so at any time.
    pub(crate) fn of_nobody(value: T) -> Self {
        Self { value, origin: Origin { source: Source::Primary, as_of: Instant::now() } }
    }

    /// The same, made into something else.
    pub fn map<U>(self, into: impl FnOnce(T) -> U) -> Found<U> {
        Found { value: into(self.value), origin: self.origin }
    }

    /// What was found in several reads, the oldest of which is from `origin`.
    pub(super) fn of_several(value: T, origin: Option<Origin>) -> Self {
        match origin {
            Some(origin) => Self { value, origin },
            None => Self::of_nobody(value),
        }
    }

    /// What was found, in one read out of several: `origin` is that of the oldest so far.
    pub(super) fn noted(self, origin: &mut Option<Origin>) -> T {
        *origin = Some(origin.map_or(self.origin, |oldest| oldest.or_older(self.origin)));
        self.value
    }
}
