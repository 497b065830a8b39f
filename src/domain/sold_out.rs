//! Times in which a SKU had nothing left.

use chrono::TimeDelta;

use super::Flow;

/// A time in which a SKU had nothing left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoldOutSpan {
    /// The entry that left nothing.
    pub ran_out: Flow,
    /// The first entry behind it that left something; `None` while there is none.
    pub came_back: Option<Flow>,
}

impl SoldOutSpan {
    /// How long it was, by the instants of both entries; `None` while it lasts. The clocks of servers
    /// differ, so that the second may be told to be earlier than the first: then it is none.
    pub fn duration(&self) -> Option<TimeDelta> {
        let came_back = self.came_back.as_ref()?;
        let duration = came_back.created_at.signed_duration_since(self.ran_out.created_at);
        Some(duration.max(TimeDelta::zero()))
    }
}
