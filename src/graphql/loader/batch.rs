//! What each loader asks the store. Every key is answered, so that none is asked for twice.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use dataloader::BatchFn;

use super::{
    Answer, AsOfKey, Books, CausePageKey, FlowPageKey, OrderDeductionsKey, PointKey, Shared,
};
use crate::domain::filter::FlowFilter;
use crate::domain::{Cut, Flow, FlowId, Inventory, Page, SkuId};
use crate::store::{Asked, Found, StoreError};
use crate::telemetry::trace::Span;

pub(super) struct Inventories(pub(super) Books);
pub(super) struct Flows(pub(super) Books);
pub(super) struct Refunds(pub(super) Books);
pub(super) struct RefundedQuantities(pub(super) Books);
pub(super) struct FlowPages(pub(super) Books);
pub(super) struct FlowCounts(pub(super) Books);
pub(super) struct FlowsAt(pub(super) Books);
pub(super) struct Cuts(pub(super) Books);
pub(super) struct AsOf(pub(super) Books);
pub(super) struct CausePages(pub(super) Books);
pub(super) struct OrderDeductions(pub(super) Books);

impl Books {
    fn asked(&self) -> &Asked {
        &self.reading.asked
    }

    /// What was found, once it is noted from where; and the request's trace tells, under a name,
    /// how long it took to load for so many keys.
    async fn noted<T>(
        &self,
        name: &'static str,
        keys: usize,
        loading: impl Future<Output = Result<Found<T>, StoreError>>,
    ) -> Result<T, StoreError> {
        let span = Span::part(name);
        span.say("stockflow.keys", i64::try_from(keys).unwrap_or(i64::MAX));
        span.around(loading).await.map(|found| self.reading.noted(found))
    }
}

impl BatchFn<SkuId, Answer<Option<Inventory>>> for Inventories {
    async fn load(&mut self, keys: &[SkuId]) -> HashMap<SkuId, Answer<Option<Inventory>>> {
        // Where copies would do none is at hand, or they would not be asked for here.
        let loading = self.0.store.load_beyond_hand(keys, self.0.asked());
        optional(keys, self.0.noted("store.load_inventories", keys.len(), loading).await)
    }
}

impl BatchFn<FlowId, Answer<Option<Flow>>> for Flows {
    async fn load(&mut self, keys: &[FlowId]) -> HashMap<FlowId, Answer<Option<Flow>>> {
        let loading = self.0.store.load_flows(keys, self.0.asked());
        optional(keys, self.0.noted("store.load_flows", keys.len(), loading).await)
    }
}

impl BatchFn<FlowId, Answer<Vec<Flow>>> for Refunds {
    async fn load(&mut self, keys: &[FlowId]) -> HashMap<FlowId, Answer<Vec<Flow>>> {
        let loading = self.0.store.load_refunds(keys, self.0.asked());
        complete(keys, self.0.noted("store.load_refunds", keys.len(), loading).await)
    }
}

impl BatchFn<FlowId, Answer<i32>> for RefundedQuantities {
    async fn load(&mut self, keys: &[FlowId]) -> HashMap<FlowId, Answer<i32>> {
        let loading = self.0.store.load_refunded_quantities(keys, self.0.asked());
        complete(keys, self.0.noted("store.load_refunded_quantities", keys.len(), loading).await)
    }
}

impl BatchFn<FlowPageKey, Answer<Page<Flow>>> for FlowPages {
    async fn load(&mut self, keys: &[FlowPageKey]) -> HashMap<FlowPageKey, Answer<Page<Flow>>> {
        let mut answers = HashMap::with_capacity(keys.len());
        let Books { store, .. } = &self.0;
        let by_arguments = grouped(keys.iter().map(|(sku_id, filter, order, page)| {
            ((filter.clone(), *order, page.clone()), *sku_id)
        }));
        for ((filter, order, page), sku_ids) in by_arguments {
            let loaded = store.load_flow_pages(&sku_ids, &filter, order, &page, self.0.asked());
            let loaded = self.0.noted("store.load_flow_pages", sku_ids.len(), loaded).await;
            let found = complete(&sku_ids, loaded);
            let key = |sku_id| (sku_id, filter.clone(), order, page.clone());
            answers.extend(found.into_iter().map(|(sku_id, found)| (key(sku_id), found)));
        }
        answers
    }
}

impl BatchFn<(SkuId, FlowFilter), Answer<i64>> for FlowCounts {
    async fn load(
        &mut self,
        keys: &[(SkuId, FlowFilter)],
    ) -> HashMap<(SkuId, FlowFilter), Answer<i64>> {
        let mut answers = HashMap::with_capacity(keys.len());
        let Books { store, .. } = &self.0;
        let by_filter = grouped(keys.iter().map(|(sku_id, filter)| (filter.clone(), *sku_id)));
        for (filter, sku_ids) in by_filter {
            let loaded = store.load_flow_counts(&sku_ids, &filter, self.0.asked());
            let loaded = self.0.noted("store.load_flow_counts", sku_ids.len(), loaded).await;
            let found = complete(&sku_ids, loaded);
            let key = |sku_id| (sku_id, filter.clone());
            answers.extend(found.into_iter().map(|(sku_id, found)| (key(sku_id), found)));
        }
        answers
    }
}

impl BatchFn<(SkuId, i64), Answer<Option<Flow>>> for FlowsAt {
    async fn load(&mut self, keys: &[(SkuId, i64)]) -> HashMap<(SkuId, i64), Answer<Option<Flow>>> {
        let loading = self.0.store.load_flows_at(keys, self.0.asked());
        optional(keys, self.0.noted("store.load_flows_at", keys.len(), loading).await)
    }
}

impl BatchFn<PointKey, Answer<Option<Cut>>> for Cuts {
    async fn load(&mut self, keys: &[PointKey]) -> HashMap<PointKey, Answer<Option<Cut>>> {
        let mut answers = HashMap::with_capacity(keys.len());
        for key in keys {
            let (point, now) = *key;
            let loading = self.0.store.find_cut(point, now, self.0.asked());
            let found = self.0.noted("store.find_cut", 1, loading).await;
            answers.insert(*key, found.map_err(|error| Arc::new(Shared::from(error))));
        }
        answers
    }
}

impl BatchFn<AsOfKey, Answer<Option<Flow>>> for AsOf {
    async fn load(&mut self, keys: &[AsOfKey]) -> HashMap<AsOfKey, Answer<Option<Flow>>> {
        let mut answers = HashMap::with_capacity(keys.len());
        let by_cut = grouped(keys.iter().map(|(sku_id, cut, now)| ((*cut, *now), *sku_id)));
        for ((cut, now), sku_ids) in by_cut {
            let loading = self.0.store.load_as_of(&sku_ids, cut, now, self.0.asked());
            let loaded = self.0.noted("store.load_as_of", sku_ids.len(), loading).await;
            let found = optional(&sku_ids, loaded);
            answers.extend(found.into_iter().map(|(id, found)| ((id, cut, now), found)));
        }
        answers
    }
}

impl BatchFn<CausePageKey, Answer<Page<Flow>>> for CausePages {
    async fn load(&mut self, keys: &[CausePageKey]) -> HashMap<CausePageKey, Answer<Page<Flow>>> {
        let mut answers = HashMap::with_capacity(keys.len());
        let by_stretch = grouped(
            keys.iter().map(|(stretch, page, cause)| ((*stretch, page.clone()), cause.clone())),
        );
        for ((stretch, page), causes) in by_stretch {
            let loading = self.0.store.load_cause_pages(stretch, &causes, &page, self.0.asked());
            let loaded = self.0.noted("store.load_cause_pages", causes.len(), loading).await;
            let found = complete(&causes, loaded);
            answers
                .extend(found.into_iter().map(|(cause, it)| ((stretch, page.clone(), cause), it)));
        }
        answers
    }
}

impl BatchFn<OrderDeductionsKey, Answer<Page<Flow>>> for OrderDeductions {
    async fn load(
        &mut self,
        keys: &[OrderDeductionsKey],
    ) -> HashMap<OrderDeductionsKey, Answer<Page<Flow>>> {
        let mut answers = HashMap::with_capacity(keys.len());
        let by_page = grouped(keys.iter().map(|(page, line)| (page.clone(), line.clone())));
        for (page, lines) in by_page {
            let loading = self.0.store.load_order_deductions(&lines, &page, self.0.asked());
            let loaded = self.0.noted("store.load_order_deductions", lines.len(), loading).await;
            let found = complete(&lines, loaded);
            answers.extend(found.into_iter().map(|(line, it)| ((page.clone(), line), it)));
        }
        answers
    }
}

/// Values by the arguments that they share.
fn grouped<A: Eq + Hash, V>(pairs: impl Iterator<Item = (A, V)>) -> HashMap<A, Vec<V>> {
    let mut groups: HashMap<A, Vec<V>> = HashMap::new();
    for (arguments, value) in pairs {
        groups.entry(arguments).or_default().push(value);
    }
    groups
}

/// An answer for each key, `None` for those that were not found.
fn optional<K: Eq + Hash + Clone, V>(
    keys: &[K],
    loaded: Result<HashMap<K, V>, StoreError>,
) -> HashMap<K, Answer<Option<V>>> {
    each(keys, loaded, |found, key| Some(found.remove(key)))
}

/// An answer for each key, out of a map that has them all.
fn complete<K: Eq + Hash + Clone, V>(
    keys: &[K],
    loaded: Result<HashMap<K, V>, StoreError>,
) -> HashMap<K, Answer<V>> {
    each(keys, loaded, HashMap::remove)
}

fn each<K: Eq + Hash + Clone, V, A>(
    keys: &[K],
    loaded: Result<HashMap<K, V>, StoreError>,
    mut answer: impl FnMut(&mut HashMap<K, V>, &K) -> Option<A>,
) -> HashMap<K, Answer<A>> {
    match loaded {
        Ok(mut found) => keys
            .iter()
            .filter_map(|key| Some((key.clone(), Ok(answer(&mut found, key)?))))
            .collect(),
        Err(error) => {
            let error = Arc::new(Shared::from(error));
            keys.iter().map(|key| (key.clone(), Err(Arc::clone(&error)))).collect()
        }
    }
}
