//! Which refusals are added up, and by what.

use async_graphql::{Enum, ID, InputObject, Result};

use super::filter::{DateTimeRange, instants, merchant_id, sku_ids};
use crate::domain::filter::RefusalFilter;
use crate::domain::{Minute, RefusalGrouping};
use crate::graphql::arguments::bounded;
use crate::graphql::context::RequestContext;

/// By what refusals for want of stock are added up.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum InventoryRefusalGroupBy {
    /// By their SKU.
    Sku,
    /// By the minute in which they were refused.
    Minute,
}

/// What each of these asks for.
pub(in crate::graphql) fn grouping(
    request: &RequestContext,
    group_by: &[InventoryRefusalGroupBy],
) -> Result<RefusalGrouping> {
    bounded(request, &["groupBy"], group_by)?;
    Ok(RefusalGrouping {
        by_sku: group_by.contains(&InventoryRefusalGroupBy::Sku),
        by_minute: group_by.contains(&InventoryRefusalGroupBy::Minute),
    })
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
