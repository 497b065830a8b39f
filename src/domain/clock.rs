//! Time as a parameter, so that tests and the demonstration shop own it.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Datelike as _, SubsecRound as _, Utc};

/// Tells what time it is.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The clock of the machine.
    #[expect(clippy::disallowed_methods, reason = "the one place where the time is read")]
    pub fn system() -> Self {
        Self(Arc::new(Utc::now))
    }

    /// A clock that answers what `now` answers.
    pub fn from_fn(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The present instant, cut to the microseconds that the databases keep.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)().trunc_subsecs(6)
    }
}

/// The instant, if every database can keep it and find it again: within the years 1000 to 9999.
/// MySQL's DATETIME begins and ends there, and the text that SQLite keeps sorts no further.
pub fn keepable(instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (1000..=9999).contains(&instant.year()).then_some(instant)
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Clock")
    }
}
