//! Anomalies in words.

use std::fmt;

use super::{Anomaly, AnomalyRule};

/// In one line, for people; without any text that a caller chose.
impl fmt::Display for Anomaly {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { measured, bound, .. } = self;
        let span = self.to.signed_duration_since(self.from).num_milliseconds();
        match self.rule {
            AnomalyRule::DuplicateOrderDetail => write!(
                formatter,
                "an order line was deducted under another key while {measured} units of it were \
                 already taken"
            ),
            AnomalyRule::QuickRefunds => write!(
                formatter,
                "an actor gave {measured} of their own deductions back soon after, within {span} \
                 ms; {bound} are usual"
            ),
            AnomalyRule::Burst => write!(
                formatter,
                "an actor made {measured} entries within {span} ms; {bound} are usual"
            ),
            AnomalyRule::LargeAdjustment => write!(
                formatter,
                "an adjustment removed {:.1} % of the amount; {:.1} % are usual",
                measured * 100.0,
                bound * 100.0
            ),
            AnomalyRule::OddHours => write!(
                formatter,
                "an actor acted at {} UTC, and {:.1} % of their entries of the days before are near \
                 that time of day",
                self.to.format("%H:%M"),
                measured * 100.0
            ),
            AnomalyRule::ClockBackwards => write!(
                formatter,
                "an entry is {measured} ms older than the SKU's entry before it; clocks may differ \
                 by {bound} ms"
            ),
        }
    }
}
