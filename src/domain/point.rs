//! A point of the past at which the books can be looked at.

use chrono::{DateTime, Utc};

use super::FlowId;

/// A point of the past, as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Point {
    /// An instant: whatever was written at it or before has taken effect.
    Instant(DateTime<Utc>),
    /// An entry: it, and whatever has a lesser id, has taken effect.
    Entry(FlowId),
}

/// A point of the past, as the books have it: entries up to an id have taken effect, and no others.
/// It is the same for all SKUs, so that a transfer between two of them is never seen half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cut {
    /// The last entry that has taken effect; 0 if none has.
    pub flow_id: FlowId,
    /// When that was, at the latest: whoever has everything that was written until then can answer.
    pub reached_at: DateTime<Utc>,
}
