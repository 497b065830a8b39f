//! Section `counts`: rules of stocktakes.

use crate::config::reader::Reader;

/// More than any count can differ by: a million units each of 5,000 SKUs.
const UNITS_MAX: i64 = 10_000_000_000;

/// Rules of stocktakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountsSection {
    /// Units of variance above which somebody else must complete a count; `None` for never.
    pub second_person_above_units: Option<i64>,
}

impl CountsSection {
    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let above: i64 = reader.number("counts.second_person_above_units", -1..=UNITS_MAX)?;
        Some(Self { second_person_above_units: (above >= 0).then_some(above) })
    }
}
