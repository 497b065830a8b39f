//! Gives the entries of a batch their places in the chains of their SKUs.

use std::collections::HashMap;

use super::decide::Entry;
use crate::domain::{Chain, SkuId};

/// Chains entries, in the order in which they take effect, behind what was on the books. Afterwards
/// `chains` is how far the entries of each SKU are chained, those that are put on the books included.
///
/// Where an entry before them waits to be chained, which a server of an earlier version wrote, they
/// wait behind it: whoever chains that one chains them, too.
pub(super) fn link(entries: &mut [Entry], chains: &mut HashMap<SkuId, Chain>) {
    for Entry { flow, .. } in entries {
        chains.entry(flow.sku_id).or_insert(Chain::EMPTY).add(flow);
    }
}
