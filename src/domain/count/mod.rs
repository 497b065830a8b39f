//! Stocktakes: what of a merchant's stock is counted, by whom, and what the books are to become.
//!
//! A count goes on while the shop sells. So an observation says which entry of the SKU was the newest
//! when its shelf was counted: what was sold or came in behind that is no variance. And what was
//! adjusted behind it, by whomever, is no variance any more: two counts of one shelf correct the books
//! once.

mod line;
mod observation;
mod request;
mod summary;
mod violation;

use std::fmt;

use chrono::{DateTime, Utc};

use super::limits::REASON_CHARS_MAX;
use super::{CountId, IdempotencyKey, MerchantId, Reason, Refusal};

pub use line::{CountLine, CountResult, Counted};
pub use observation::{Observation, Seen};
pub use request::{
    CountScope, ObservationRequest, ObservedAt, RecordCount, RecordRequest, ShelfCount, StartCount,
    StartRequest,
};
pub use summary::CountSummary;
pub use violation::CountViolation;

/// How far a count has come. It is closed once, and for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CountStatus {
    /// Observations are recorded.
    Open,
    /// Its adjustments are on the books.
    Completed,
    /// It was given up, and changed nothing.
    Abandoned,
}

impl CountStatus {
    /// Every status, in the order of their codes.
    pub const ALL: [Self; 3] = [Self::Open, Self::Completed, Self::Abandoned];

    /// The number that stands for it in `t_inventory_count.status`.
    pub const fn code(self) -> i16 {
        match self {
            Self::Open => 1,
            Self::Completed => 2,
            Self::Abandoned => 3,
        }
    }

    /// The status of a code; `None` if there is none such.
    pub fn from_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

impl fmt::Display for CountStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Open => "open",
            Self::Completed => "completed",
            Self::Abandoned => "abandoned",
        })
    }
}

/// A stocktake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Which.
    pub id: CountId,
    /// Whose SKUs are counted.
    pub merchant_id: MerchantId,
    /// How far it has come.
    pub status: CountStatus,
    /// Whether those who count are not to see what is expected.
    pub blind: bool,
    /// Whether its SKUs were named one by one.
    pub of_listed_skus: bool,
    /// How many SKUs are to be counted; fixed when it was started.
    pub sku_count: i64,
    /// How many observations were recorded: each changes it.
    pub revision: i64,
    /// Why, in the words of who started it.
    pub reason: Option<String>,
    /// When it was started.
    pub started_at: DateTime<Utc>,
    /// Who started it.
    pub started_by: String,
    /// When it was completed or abandoned; `None` while it is open.
    pub closed_at: Option<DateTime<Utc>>,
    /// Who completed or abandoned it.
    pub closed_by: Option<String>,
}

/// The namespace of the keys under which counts adjust the books. That of a caller is `anonymous`, or
/// has a stroke in it, so that no caller can have this one.
pub const COUNT_SCOPE: &str = "inventoryCount";

impl Count {
    /// Whether observations are recorded.
    pub fn is_open(&self) -> bool {
        self.status == CountStatus::Open
    }

    /// Whether what is expected is not to be seen by who counts.
    pub fn hides_expected(&self) -> bool {
        self.blind && self.is_open()
    }

    /// The text of the key under which the count adjusts the books, within [`COUNT_SCOPE`]: once, for
    /// ever, whoever completes it.
    pub fn key_of(id: CountId) -> String {
        format!("inventoryCount {id}")
    }

    /// That key.
    ///
    /// # Errors
    ///
    /// None, for it is neither empty nor long.
    pub fn key(&self) -> Result<IdempotencyKey, super::text::InvalidText> {
        IdempotencyKey::new(Self::key_of(self.id))
    }

    /// What its adjustments say: which count it was, and as much of why as a reason holds.
    pub fn adjustment_reason(&self) -> Option<Reason> {
        let why = self.reason.as_deref().unwrap_or_default();
        let separator = if why.is_empty() { "" } else { ": " };
        let text = format!("inventory count {}{separator}{why}", self.id);
        Reason::new(text.chars().take(REASON_CHARS_MAX).collect()).ok()
    }
}

/// What became of a request about a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CountOutcome<T> {
    /// It was carried out: now, or earlier if `replayed`.
    Done {
        /// What it answers.
        value: T,
        /// Whether it had been carried out before.
        replayed: bool,
    },
    /// It was refused, for these reasons, and nothing was written.
    Refused(Vec<Refusal>),
}

/// What is to become of SKUs that nobody has counted when a count is completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uncounted {
    /// There must be none.
    Refuse,
    /// Their amounts stay as they are.
    Leave,
}

/// Whether this variance must be completed by somebody who neither started the count nor counted.
///
/// `above_units` is how many units one person may set right alone; `None` for any number.
pub fn needs_second_person(summary: &CountSummary, above_units: Option<i64>) -> bool {
    above_units.is_some_and(|above| summary.variance_units() > above)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(reason: Option<&str>) -> Count {
        let started_at = DateTime::from_timestamp(1_764_000_000, 0).unwrap();
        Count {
            id: CountId(17),
            merchant_id: MerchantId(1),
            status: CountStatus::Open,
            blind: true,
            of_listed_skus: false,
            sku_count: 1,
            revision: 0,
            reason: reason.map(str::to_owned),
            started_at,
            started_by: "a".to_owned(),
            closed_at: None,
            closed_by: None,
        }
    }

    #[test]
    fn every_status_has_a_code_of_its_own() {
        for status in CountStatus::ALL {
            assert_eq!(CountStatus::from_code(status.code()), Some(status));
        }
        assert_eq!(CountStatus::from_code(0), None);
    }

    #[test]
    fn what_it_adjusts_names_it_however_long_the_reason() {
        let reason = |reason| count(reason).adjustment_reason().unwrap();
        assert_eq!(reason(None).as_str(), "inventory count 17");
        assert_eq!(reason(Some("")).as_str(), "inventory count 17");
        assert_eq!(reason(Some("year's end")).as_str(), "inventory count 17: year's end");
        let long = reason(Some(&"ä".repeat(500)));
        assert_eq!(long.as_str().chars().count(), 500);
    }

    #[test]
    fn who_counts_blind_sees_what_was_expected_when_it_is_over() {
        let mut count = count(None);
        assert!(count.hides_expected());
        count.status = CountStatus::Completed;
        assert!(!count.hides_expected());
    }
}
