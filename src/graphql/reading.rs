//! What the reads of one request ask for, and from where the oldest of them was answered.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::domain::{Origin, Source};
use crate::store::{Asked, Found};

/// The reads of one request.
#[derive(Debug)]
pub(super) struct Reading {
    /// How new its answers must be: from anywhere in a query, but from the primary beneath a
    /// mutation, whose caller must see what they wrote.
    pub(super) asked: Asked,
    oldest: Mutex<Option<Origin>>,
}

/// From where an answer is and how old it may be: those of its oldest part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadFrom(Origin);

impl Reading {
    /// Nothing read yet.
    pub(super) fn new(asked: Asked) -> Self {
        Self { asked, oldest: Mutex::new(None) }
    }

    /// What was found, once it is noted from where.
    pub(super) fn noted<T>(&self, found: Found<T>) -> T {
        self.note(found.origin);
        found.value
    }

    /// Notes from where a part of the answer is.
    pub(super) fn note(&self, origin: Origin) {
        let mut oldest = self.oldest.lock().unwrap_or_else(PoisonError::into_inner);
        *oldest = Some(oldest.map_or(origin, |oldest| oldest.or_older(origin)));
    }

    /// From where the oldest part is; `None` if nothing was read.
    pub(super) fn oldest(&self) -> Option<ReadFrom> {
        (*self.oldest.lock().unwrap_or_else(PoisonError::into_inner)).map(ReadFrom)
    }
}

impl ReadFrom {
    /// What it is called in an answer.
    pub fn source(self) -> &'static str {
        match self.0.source {
            Source::Cache => "CACHE",
            Source::Replica => "REPLICA",
            Source::Primary => "PRIMARY",
        }
    }

    /// How old the answer may be at `now`, in milliseconds, never less than it is.
    pub fn age_ms(self, now: Instant) -> u64 {
        u64::try_from(self.0.age(now).as_micros().div_ceil(1_000)).unwrap_or(u64::MAX)
    }
}
