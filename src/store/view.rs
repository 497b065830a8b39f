//! What of a filter is left for those who see one merchant's books.

use super::{Asked, Found, Loaded, Store};
use crate::domain::filter::{FlowFilter, InventoryFilter};
use crate::domain::{Origin, Visibility};

impl Store {
    /// The same filter over the books that are seen; `None` if nothing can match.
    ///
    /// Of a SKU of another merchant there may be a long history, and to walk it only to drop each
    /// entry would take its time and tell that it is there. So SKUs are looked up first, by the
    /// statement that looks for stocks, and those that are not seen are left out like those that do
    /// not exist. A SKU never changes hands: the entries of the others need no further condition.
    pub(crate) async fn seen_flows(
        &self,
        filter: &FlowFilter,
        asked: &Asked,
    ) -> Loaded<Found<Option<FlowFilter>>> {
        let nothing = Ok(Found::of_nobody(None));
        let Some(visibility) = asked.visibility.narrowed(filter.merchant_id) else {
            return nothing;
        };
        let seen = FlowFilter { merchant_id: visibility.only(), ..filter.clone() };
        let Some(wanted) = filter.sku_ids.as_deref().filter(|_| visibility != Visibility::All)
        else {
            return Ok(Found::of_nobody(Some(seen)));
        };
        if wanted.is_empty() {
            return nothing;
        }
        let stocks = self.load_inventories(wanted, &asked.with_visibility(visibility)).await?;
        let sku_ids: Vec<_> =
            wanted.iter().copied().filter(|sku_id| stocks.value.contains_key(sku_id)).collect();
        let all = sku_ids.len() == wanted.len();
        let seen = FlowFilter { sku_ids: Some(sku_ids), merchant_id: None, ..seen };
        // That a SKU is there holds for ever, however old the copy.
        Ok(if all { Found::of_nobody(Some(seen)) } else { stocks.map(|_stocks| Some(seen)) })
    }
}

/// The same filter over the books that are seen; `None` if nothing can match.
pub(super) fn seen_stocks(filter: &InventoryFilter, asked: &Asked) -> Option<InventoryFilter> {
    let visibility = asked.visibility.narrowed(filter.merchant_id)?;
    let none = filter.sku_ids.as_ref().is_some_and(Vec::is_empty);
    (!none).then(|| InventoryFilter { merchant_id: visibility.only(), ..filter.clone() })
}

/// The older of two origins, where what was found in one read depends on another.
pub(super) fn older<T>(found: Found<T>, origin: Origin) -> Found<T> {
    Found { origin: found.origin.or_older(origin), ..found }
}
