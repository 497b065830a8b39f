//! What entries are grouped by.

use async_graphql::{Enum, Result};

use crate::domain::{Calendar, GroupPart, Grouping, InvalidZone, Period, Zone};
use crate::graphql::arguments::{bounded, text};
use crate::graphql::context::RequestContext;

/// What the entries of one group have in common. At most one of `HOUR`, `DAY` and `MONTH` can be asked
/// for.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum InventoryFlowGroup {
    /// The SKU.
    Sku,
    /// The kind.
    Kind,
    /// The hour in which they were written. One that the clocks show twice, when they are set back, is
    /// two.
    Hour,
    /// The day, from midnight to midnight where the time zone is: 23 or 25 hours when clocks are set.
    Day,
    /// The month of a year.
    Month,
    /// Who wrote them.
    Actor,
    /// The order line; entries that have none are a group as well.
    OrderDetail,
}

/// Whether a group is of a period or of a part of the entries.
enum By {
    Period(Period),
    Part(GroupPart),
}

impl From<InventoryFlowGroup> for By {
    fn from(group: InventoryFlowGroup) -> Self {
        match group {
            InventoryFlowGroup::Hour => Self::Period(Period::Hour),
            InventoryFlowGroup::Day => Self::Period(Period::Day),
            InventoryFlowGroup::Month => Self::Period(Period::Month),
            InventoryFlowGroup::Sku => Self::Part(GroupPart::Sku),
            InventoryFlowGroup::Kind => Self::Part(GroupPart::Kind),
            InventoryFlowGroup::Actor => Self::Part(GroupPart::Actor),
            InventoryFlowGroup::OrderDetail => Self::Part(GroupPart::OrderDetail),
        }
    }
}

/// The grouping that the arguments `groupBy` and `timeZone` spell, or which of them is out of bounds.
pub(in crate::graphql) fn read_grouping(
    request: &RequestContext,
    group_by: &[InventoryFlowGroup],
    time_zone: Option<&str>,
) -> Result<Grouping> {
    bounded(request, &["groupBy"], group_by)?;
    let zone = zone(request, time_zone)?;
    let mut grouping = Grouping::default();
    for (group, place) in group_by.iter().zip(0_usize..) {
        match By::from(*group) {
            By::Part(part) => grouping.parts.push(part),
            By::Period(period) => {
                if grouping.calendar.is_some_and(|calendar| calendar.period != period) {
                    let path = ["groupBy", &place.to_string()];
                    let refused =
                        "is another period than the one before; ask for one of HOUR, DAY and MONTH";
                    return Err(request.invalid_argument(&path, refused));
                }
                grouping.calendar = Some(Calendar { zone, period });
            }
        }
    }
    grouping.parts.sort_unstable();
    grouping.parts.dedup();
    Ok(grouping)
}

/// The time zone that the argument `timeZone` names, UTC if it is absent; or that it names none.
pub(super) fn zone(request: &RequestContext, time_zone: Option<&str>) -> Result<Zone> {
    let Some(name) = time_zone else { return Ok(Zone::UTC) };
    text(request, &["timeZone"], name)?;
    name.parse().map_err(|invalid: InvalidZone| request.invalid_argument(&["timeZone"], invalid))
}
