//! Where in a list a node stands.
//!
//! A cursor carries every key that some order of the list goes by, so that the same cursor holds
//! under any filter, and a list is free to be read by whichever index serves it best.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use super::clock::keepable;
use super::{
    AnomalyRule, CountId, Flow, FlowId, Inventory, Minute, ObservationId, RefusalGroup,
    RefusalGrouping, RefusalPeriod, SealId, SkuId,
};

/// Why a text is not a cursor of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a cursor of this list")]
pub struct InvalidCursor;

/// The place of an entry in the flow history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FlowCursor {
    /// The entry.
    pub id: FlowId,
    /// Its SKU.
    pub sku_id: SkuId,
    /// Its place among the SKU's entries.
    pub sequence: i64,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

impl From<&Flow> for FlowCursor {
    fn from(flow: &Flow) -> Self {
        Self {
            id: flow.id,
            sku_id: flow.sku_id,
            sequence: flow.sequence,
            created_at: flow.created_at,
        }
    }
}

impl fmt::Display for FlowCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.created_at.timestamp_micros();
        write!(formatter, "flow:{}:{}:{}:{micros}", self.id, self.sku_id, self.sequence)
    }
}

impl FromStr for FlowCursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let [id, sku_id, sequence, micros] = numbers(text, "flow:")?;
        let created_at = DateTime::from_timestamp_micros(micros).and_then(keepable);
        let created_at = created_at.ok_or(InvalidCursor)?;
        Ok(Self { id: FlowId(id), sku_id: SkuId(sku_id), sequence, created_at })
    }
}

/// The place of a SKU in a list of stocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InventoryCursor {
    /// The SKU.
    pub sku_id: SkuId,
    /// The units that it had when the list was read.
    pub leaved_amount: i32,
}

impl From<&Inventory> for InventoryCursor {
    fn from(inventory: &Inventory) -> Self {
        Self { sku_id: inventory.sku_id, leaved_amount: inventory.leaved_amount }
    }
}

impl fmt::Display for InventoryCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "inventory:{}:{}", self.sku_id, self.leaved_amount)
    }
}

impl FromStr for InventoryCursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let [sku_id, leaved_amount] = numbers(text, "inventory:")?;
        let leaved_amount = leaved_amount.try_into().map_err(|_out_of_range| InvalidCursor)?;
        Ok(Self { sku_id: SkuId(sku_id), leaved_amount })
    }
}

/// The place of a seal in the list of seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SealCursor(pub SealId);

impl fmt::Display for SealCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "seal:{}", self.0)
    }
}

impl FromStr for SealCursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let [id] = numbers(text, "seal:")?;
        Ok(Self(SealId(id)))
    }
}

macro_rules! id_cursor {
    ($(#[$doc:meta])* $name:ident, $id:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name(pub $id);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}{}", $prefix, self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidCursor;

            fn from_str(text: &str) -> Result<Self, InvalidCursor> {
                let [id] = numbers(text, $prefix)?;
                Ok(Self($id(id)))
            }
        }
    };
}

id_cursor! {
    /// The place of a stocktake in the list of stocktakes.
    CountCursor, CountId, "count:"
}

id_cursor! {
    /// The place of a SKU in a stocktake.
    CountLineCursor, SkuId, "count-line:"
}

id_cursor! {
    /// The place of an observation in a stocktake.
    ObservationCursor, ObservationId, "observation:"
}

/// The place of a group in a list of refusals that were added up. What the list is not grouped by is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RefusalCursor {
    /// The first minute of the group's period.
    pub minute: Minute,
    /// The SKU of the group.
    pub sku_id: SkuId,
}

impl RefusalCursor {
    /// Whether it can be of a list that is grouped so.
    pub fn fits(&self, grouping: RefusalGrouping) -> bool {
        let by_sku = grouping.by_sku == (self.sku_id != SkuId(0));
        by_sku
            && match grouping.period {
                None => self.minute == Minute(0),
                Some(RefusalPeriod::Minute) => true,
                Some(RefusalPeriod::Calendar(calendar)) => self
                    .minute
                    .begins_at()
                    .is_some_and(|start| Minute::of(calendar.start_of(start)) == self.minute),
            }
    }
}

impl From<&RefusalGroup> for RefusalCursor {
    fn from(group: &RefusalGroup) -> Self {
        let minute = group.period.map_or(Minute(0), |period| period.start);
        Self { minute, sku_id: group.sku_id.unwrap_or(SkuId(0)) }
    }
}

impl fmt::Display for RefusalCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "refusals:{}:{}", self.minute.0, self.sku_id)
    }
}

impl FromStr for RefusalCursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let [minute, sku_id] = numbers(text, "refusals:")?;
        Ok(Self { minute: Minute(minute), sku_id: SkuId(sku_id) })
    }
}

/// The place of a time in which a SKU had nothing left, in the list of all of them: the sequence of
/// the entry that left nothing. Where the list goes on with older entries that were not looked
/// through yet, it is the last one that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SoldOutCursor {
    /// The place of an entry among the SKU's entries.
    pub sequence: i64,
}

impl fmt::Display for SoldOutCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "soldout:{}", self.sequence)
    }
}

impl FromStr for SoldOutCursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let [sequence] = numbers(text, "soldout:")?;
        Ok(Self { sequence })
    }
}

/// How far a search for anomalies has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AnomalyCursor {
    /// The entry.
    pub flow_id: FlowId,
    /// The last rule that was judged by there; `None` if all were.
    pub rule: Option<AnomalyRule>,
}

impl AnomalyCursor {
    /// The id behind which the search goes on.
    pub fn behind(self) -> i64 {
        self.flow_id.0.saturating_sub(self.rule.is_some().into())
    }

    /// Whether what an entry completes by a rule was told before.
    pub fn has_told(self, flow_id: FlowId, rule: AnomalyRule) -> bool {
        flow_id < self.flow_id || flow_id == self.flow_id && self.rule.is_none_or(|it| rule <= it)
    }
}

impl fmt::Display for AnomalyCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = AnomalyRule::ALL.into_iter().position(|rule| Some(rule) == self.rule);
        write!(formatter, "anomaly:{}:{}", self.flow_id, place.map_or(0, |it| it.saturating_add(1)))
    }
}

impl FromStr for AnomalyCursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let [flow_id, rule] = numbers(text, "anomaly:")?;
        let rule = match usize::try_from(rule).map_err(|_negative| InvalidCursor)? {
            0 => None,
            place => {
                let rule = AnomalyRule::ALL.get(place.saturating_sub(1)).copied();
                Some(rule.ok_or(InvalidCursor)?)
            }
        };
        Ok(Self { flow_id: FlowId(flow_id), rule })
    }
}

/// The numbers behind `prefix`, exactly `N` of them, between colons.
fn numbers<const N: usize>(text: &str, prefix: &str) -> Result<[i64; N], InvalidCursor> {
    let numbers = text.strip_prefix(prefix).ok_or(InvalidCursor)?;
    let numbers: Vec<i64> = numbers
        .split(':')
        .map(str::parse)
        .collect::<Result<_, _>>()
        .map_err(|_not_a_number| InvalidCursor)?;
    numbers.try_into().map_err(|_wrong_count| InvalidCursor)
}

#[cfg(test)]
mod tests {
    use super::super::{Calendar, Period};
    use super::*;

    #[test]
    fn a_cursor_reads_back() {
        let cursor = FlowCursor {
            id: FlowId(7),
            sku_id: SkuId(i64::MAX),
            sequence: 3,
            created_at: DateTime::from_timestamp_micros(1_764_000_000_123_456).unwrap(),
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        let cursor = InventoryCursor { sku_id: SkuId(7), leaved_amount: 0 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        let cursor = SealCursor(SealId(7));
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        let cursor = CountCursor(CountId(7));
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        assert_eq!(cursor.to_string().parse::<CountLineCursor>(), Err(InvalidCursor));
        let cursor = RefusalCursor { minute: Minute(-1), sku_id: SkuId(7) };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        let cursor = SoldOutCursor { sequence: 7 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for rule in AnomalyRule::ALL.into_iter().map(Some).chain([None]) {
            let cursor = AnomalyCursor { flow_id: FlowId(7), rule };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }

    #[test]
    fn a_place_among_refusals_is_of_one_grouping() {
        let hours = Calendar { zone: "Europe/Berlin".parse().unwrap(), period: Period::Hour };
        let days = Calendar { period: Period::Day, ..hours };
        let by = |by_sku, period| RefusalGrouping { by_sku, period };
        let of = |calendar| Some(RefusalPeriod::Calendar(calendar));
        // The first minute of the 23rd of November 2026 in Berlin, and one an hour later.
        let minute = Minute::of(DateTime::from_timestamp(1_795_388_400, 0).unwrap());
        let midnight = RefusalCursor { minute, sku_id: SkuId(7) };
        let later = RefusalCursor { minute: Minute(minute.0 + 60), ..midnight };
        for (cursor, grouping, fits) in [
            (midnight, by(true, of(days)), true),
            (midnight, by(true, of(hours)), true),
            (midnight, by(true, Some(RefusalPeriod::Minute)), true),
            (midnight, by(false, of(days)), false),
            (midnight, by(true, None), false),
            (later, by(true, of(hours)), true),
            (later, by(true, of(days)), false),
            (RefusalCursor { minute: Minute(0), ..midnight }, by(true, None), true),
        ] {
            assert_eq!(cursor.fits(grouping), fits, "{cursor} {grouping:?}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "flow:",
            "flow:1:2:3",
            "flow:1:2:3:4:5",
            "flow:a:2:3:4",
            "inventory:1:2",
            "flow:1:2:3:-90000000000000000",
        ] {
            assert_eq!(text.parse::<FlowCursor>(), Err(InvalidCursor), "{text:?}");
        }
        for text in ["anomaly:1", "anomaly:1:-1", "anomaly:1:7", "anomaly:x:0"] {
            assert_eq!(text.parse::<AnomalyCursor>(), Err(InvalidCursor), "{text:?}");
        }
        assert_eq!("inventory:1:9999999999".parse::<InventoryCursor>(), Err(InvalidCursor));
    }
}
