//! Which refusals are added up, and by what.

use async_graphql::{Enum, ID, InputObject, Result};

use super::filter::{DateTimeRange, instants, merchant_id, sku_ids};
use super::grouping::zone;
use crate::domain::filter::RefusalFilter;
use crate::domain::{Calendar, Minute, Period, RefusalGrouping, RefusalPeriod};
use crate::graphql::arguments::bounded;
use crate::graphql::context::RequestContext;

/// By what refusals for want of stock are added up. At most one of `MINUTE`, `HOUR`, `DAY` and `MONTH`
/// can be asked for.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum InventoryRefusalGroupBy {
    /// By their SKU.
    Sku,
    /// By the minute in which they were refused.
    Minute,
    /// By the hour in which they were refused. One that the clocks show twice, when they are set back,
    /// is two.
    Hour,
    /// By the day, from midnight to midnight where the time zone is.
    Day,
    /// By the month of a year.
    Month,
}

/// The grouping that the arguments `groupBy` and `timeZone` spell, or which of them is out of bounds.
pub(in crate::graphql) fn grouping(
    request: &RequestContext,
    group_by: &[InventoryRefusalGroupBy],
    time_zone: Option<&str>,
) -> Result<RefusalGrouping> {
    bounded(request, &["groupBy"], group_by)?;
    let zone = zone(request, time_zone)?;
    let mut grouping = RefusalGrouping::default();
    for (by, place) in group_by.iter().zip(0_usize..) {
        let of = |period| RefusalPeriod::Calendar(Calendar { zone, period });
        let period = match by {
            InventoryRefusalGroupBy::Sku => {
                grouping.by_sku = true;
                continue;
            }
            InventoryRefusalGroupBy::Minute => RefusalPeriod::Minute,
            InventoryRefusalGroupBy::Hour => of(Period::Hour),
            InventoryRefusalGroupBy::Day => of(Period::Day),
            InventoryRefusalGroupBy::Month => of(Period::Month),
        };
        if grouping.period.is_some_and(|one| one != period) {
            let refused = "is another period than the one before; ask for one of MINUTE, HOUR, DAY \
                           and MONTH";
            return Err(request.invalid_argument(&["groupBy", &place.to_string()], refused));
        }
        grouping.period = Some(period);
    }
    Ok(grouping)
}

/// Which refusals for want of stock are wanted. Conditions are joined by AND; a list means any of its
/// values, up to 250 of them, so that an empty list means none.
#[derive(InputObject, Clone, Debug, Default)]
pub(in crate::graphql) struct InventoryRefusalWhere {
    /// Those of any of these SKUs.
    sku_id: Option<Vec<ID>>,
    /// Those of the SKUs of this merchant.
    merchant_id: Option<ID>,
    /// Those of the minutes that begin within this span of time.
    refused_at: Option<DateTimeRange>,
}

impl InventoryRefusalWhere {
    /// The filter that it spells, or which part of it is out of bounds.
    pub(in crate::graphql) fn read(self, request: &RequestContext) -> Result<RefusalFilter> {
        let refused_at = instants(request, &["where", "refusedAt"], self.refused_at)?;
        Ok(RefusalFilter {
            merchant_id: merchant_id(request, self.merchant_id.as_ref())?,
            sku_ids: sku_ids(request, self.sku_id.as_deref())?,
            from: refused_at.from.map(Minute::from),
            to: refused_at.to.map(Minute::from),
        })
    }
}
