//! Where an answer came from, and how old it may be.

use std::time::{Duration, Instant};

/// Where an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// A copy of the amount.
    Cache,
    /// A replica of the database.
    Replica,
    /// The primary.
    Primary,
}

/// Where an answer came from, and since when it may have been outdated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Where it came from.
    pub source: Source,
    /// Whatever was committed before this instant is in the answer.
    pub as_of: Instant,
}

impl Origin {
    /// How old the answer may be at `now`.
    pub fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.as_of)
    }

    /// The older of the two.
    #[must_use]
    pub fn or_older(self, other: Self) -> Self {
        if other.as_of < self.as_of { other } else { self }
    }
}
