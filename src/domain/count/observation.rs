//! What somebody has counted.

use chrono::{DateTime, Utc};

use crate::domain::{CountId, ObservationId, SkuId};

/// What was seen of a shelf, by what it is told which observation counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The sequence of the entry that was the newest when the shelf was counted.
    pub version: i64,
    /// When that was.
    pub counted_at: DateTime<Utc>,
    /// The observation.
    pub id: ObservationId,
}

impl Seen {
    /// Whether this observation counts rather than another of the same SKU: that of the later entry,
    /// then that of the later instant, then the one that was recorded later. In which order they came
    /// in does not matter: phones that were offline are late.
    pub fn counts_rather_than(&self, other: &Self) -> bool {
        let place = |seen: &Self| (seen.version, seen.counted_at, seen.id);
        place(self) > place(other)
    }
}

/// An observation. Written once, never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// Which.
    pub id: ObservationId,
    /// In which count.
    pub count_id: CountId,
    /// The SKU.
    pub sku_id: SkuId,
    /// Units on the shelf.
    pub quantity: i32,
    /// The sequence of the entry that was the newest then.
    pub version: i64,
    /// Units that this entry had left.
    pub leaved_after: i32,
    /// When the shelf was counted, as who counted says; never later than it was recorded.
    pub counted_at: DateTime<Utc>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who counted.
    pub actor: String,
    /// Under which key it was recorded.
    pub idempotency_key: String,
    /// SHA-256 over what was recorded.
    pub request_hash: [u8; 32],
}

impl Observation {
    /// By what it is told whether it counts.
    pub fn seen(&self) -> Seen {
        Seen { version: self.version, counted_at: self.counted_at, id: self.id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_entry_counts_then_the_later_instant_then_the_later_record() {
        let seen = |version, second, id| Seen {
            version,
            counted_at: DateTime::from_timestamp(second, 0).unwrap(),
            id: ObservationId(id),
        };
        let ascending = [seen(1, 9, 9), seen(2, 1, 8), seen(2, 2, 3), seen(2, 2, 4)];
        for (place, one) in ascending.iter().enumerate() {
            for (other_place, other) in ascending.iter().enumerate() {
                assert_eq!(one.counts_rather_than(other), place > other_place);
            }
        }
    }
}
