//! What entries are grouped by, what a group of them comes to, and where in a list of groups one stands.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use super::clock::keepable;
use super::cursor::InvalidCursor;
use super::{Calendar, FlowId, FlowKind, SkuId};

/// What entries of one group have in common, besides a period. Groups go in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupPart {
    /// The SKU.
    Sku,
    /// The kind.
    Kind,
    /// The actor.
    Actor,
    /// The order line, or that there is none.
    OrderDetail,
}

/// How entries are grouped. Groups go by the period first, and then by the parts in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Grouping {
    /// By its periods, if there is one.
    pub calendar: Option<Calendar>,
    /// By these, each once and in their order.
    pub parts: Vec<GroupPart>,
}

/// What the entries of a group have in common; what they are not grouped by is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct GroupKey {
    /// The first instant of their period; whole seconds.
    pub period_start: Option<DateTime<Utc>>,
    /// Their SKU.
    pub sku_id: Option<SkuId>,
    /// Their kind.
    pub kind: Option<FlowKind>,
    /// Their actor.
    pub actor: Option<String>,
    /// Their order line, which may be none.
    pub order_detail_id: Option<Option<String>>,
}

impl GroupKey {
    /// Whether it is that of a group which comes of this grouping.
    pub fn fits(&self, grouping: &Grouping) -> bool {
        let period = match (grouping.calendar, self.period_start) {
            (None, None) => true,
            (Some(calendar), Some(start)) => calendar.start_of(start) == start,
            (None, Some(_)) | (Some(_), None) => false,
        };
        let has = |part| match part {
            GroupPart::Sku => self.sku_id.is_some(),
            GroupPart::Kind => self.kind.is_some(),
            GroupPart::Actor => self.actor.is_some(),
            GroupPart::OrderDetail => self.order_detail_id.is_some(),
        };
        let all = [GroupPart::Sku, GroupPart::Kind, GroupPart::Actor, GroupPart::OrderDetail];
        period && all.into_iter().all(|part| has(part) == grouping.parts.contains(&part))
    }
}

/// What some entries come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Entries.
    pub entries: i64,
    /// Units that they took from stock.
    pub units_out: i64,
    /// Units that they brought in.
    pub units_in: i64,
}

impl Totals {
    /// By how much they lowered the amount; negative if they raised it.
    pub fn net(self) -> i64 {
        self.units_out.saturating_sub(self.units_in)
    }

    /// What is left of these without those.
    #[must_use]
    pub fn without(self, those: Self) -> Self {
        Self {
            entries: self.entries.saturating_sub(those.entries),
            units_out: self.units_out.saturating_sub(those.units_out),
            units_in: self.units_in.saturating_sub(those.units_in),
        }
    }

    /// These and those.
    #[must_use]
    pub fn with(self, those: Self) -> Self {
        Self {
            entries: self.entries.saturating_add(those.entries),
            units_out: self.units_out.saturating_add(those.units_out),
            units_in: self.units_in.saturating_add(those.units_in),
        }
    }
}

/// Entries that have something in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What that is.
    pub key: GroupKey,
    /// The first instant behind their period, if they are grouped by one.
    pub period_end: Option<DateTime<Utc>>,
    /// What they come to.
    pub totals: Totals,
    /// The one with the least id.
    pub first: FlowId,
    /// The one with the greatest id.
    pub last: FlowId,
}

/// What a cursor of groups begins with.
const PREFIX: &str = "group";

/// Between the parts of a cursor stands what no text of the books has in it.
const SEPARATOR: char = '\0';

/// Each part follows a separator: nothing if it is not grouped by, `-` if it is none, and else `=` and
/// what it is.
impl fmt::Display for GroupKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is = |text: String| format!("={text}");
        let parts = [
            self.period_start.map(|start| is(start.timestamp().to_string())),
            self.sku_id.map(|sku_id| is(sku_id.to_string())),
            self.kind.map(|kind| is(kind.code().to_string())),
            self.actor.clone().map(is),
            self.order_detail_id.clone().map(|line| line.map_or_else(|| "-".to_owned(), is)),
        ];
        formatter.write_str(PREFIX)?;
        for part in parts {
            write!(formatter, "{SEPARATOR}{}", part.unwrap_or_default())?;
        }
        Ok(())
    }
}

impl FromStr for GroupKey {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let parts: Vec<&str> = text.split(SEPARATOR).collect();
        let [PREFIX, period_start, sku_id, kind, actor, order_detail_id] = parts.as_slice() else {
            return Err(InvalidCursor);
        };
        let second = |text: &str| {
            let start = DateTime::from_timestamp(text.parse().ok()?, 0)?;
            keepable(start)
        };
        let kind_of = |text: &str| FlowKind::from_code(text.parse().ok()?);
        Ok(Self {
            period_start: part(period_start, second)?,
            sku_id: part(sku_id, |text| text.parse().ok())?,
            kind: part(kind, kind_of)?,
            actor: part(actor, |text| Some(text.to_owned()))?,
            order_detail_id: match *order_detail_id {
                "-" => Some(None),
                line => part(line, |text| Some(Some(text.to_owned())))?,
            },
        })
    }
}

fn part<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, InvalidCursor> {
    if text.is_empty() {
        return Ok(None);
    }
    text.strip_prefix('=').and_then(read).map(Some).ok_or(InvalidCursor)
}

#[cfg(test)]
mod tests {
    use super::super::{Period, Zone};
    use super::*;

    #[test]
    fn a_cursor_reads_back() {
        let key = GroupKey {
            period_start: DateTime::from_timestamp(-1_764_000_000, 0),
            sku_id: Some(SkuId(7)),
            kind: Some(FlowKind::Refund),
            actor: Some("user:=-|:ä".to_owned()),
            order_detail_id: Some(Some(String::new())),
        };
        for key in [
            GroupKey::default(),
            GroupKey { order_detail_id: Some(None), actor: Some("-".to_owned()), ..key.clone() },
            GroupKey { order_detail_id: Some(Some("-".to_owned())), sku_id: None, ..key.clone() },
            key,
        ] {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        for text in ["", "group", "group\0\0\0\0", "group\0\0\0=9\0\0", "group\0x\0\0\0\0"] {
            assert_eq!(text.parse::<GroupKey>(), Err(InvalidCursor), "{text:?}");
        }
    }

    #[test]
    fn a_cursor_of_another_grouping_does_not_fit() {
        let calendar = Calendar { zone: Zone::UTC, period: Period::Day };
        let by = |calendar, parts: &[GroupPart]| Grouping { calendar, parts: parts.to_vec() };
        let sku = GroupKey { sku_id: Some(SkuId(7)), ..GroupKey::default() };
        assert!(sku.fits(&by(None, &[GroupPart::Sku])));
        assert!(!sku.fits(&by(None, &[])));
        assert!(!sku.fits(&by(None, &[GroupPart::Sku, GroupPart::Kind])));
        assert!(!sku.fits(&by(Some(calendar), &[GroupPart::Sku])));
        let day = |second| GroupKey {
            period_start: DateTime::from_timestamp(second, 0),
            ..GroupKey::default()
        };
        assert!(day(86_400).fits(&by(Some(calendar), &[])));
        assert!(!day(86_401).fits(&by(Some(calendar), &[])), "no day begins there");
    }
}
