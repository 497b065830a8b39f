//! Loaders: nested fields of one request ask for keys one by one, and the store is asked for all of
//! them at once. Every request has loaders of its own, so that nothing is remembered beyond it.

mod batch;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use async_graphql::Result;
use chrono::{DateTime, Utc};
use dataloader::cached::Loader;

use super::context::RequestContext;
use super::error::Failure;
use super::reading::Reading;
use crate::domain::filter::{Consistency, FlowFilter, FlowOrder};
use crate::domain::{
    CauseEntries, Cut, FaultKind, Flow, FlowCursor, FlowId, Inventory, Page, PageRequest, Point,
    SkuId, Stretch,
};
use crate::store::{Found, Store, StoreError};
use crate::telemetry::trace::Span;

use batch::{
    AsOf, CausePages, Cuts, FlowCounts, FlowPages, Flows, FlowsAt, Inventories, OrderDeductions,
    RefundedQuantities, Refunds,
};

/// Keys of one statement; more than the longest page has, so that a page is one statement.
const BATCH_KEYS_MAX: usize = 1_000;

/// How often the first who asks lets others ask before the store is asked: twice is enough for all
/// the fields of a page, and each time is a way through all that lies between the connection and
/// here. The library's own number is ten.
const YIELDS: usize = 4;

/// What a loader answers for a key. The error is shared by all the keys that were asked for at
/// once.
type Answer<T> = std::result::Result<T, Arc<Shared>>;

/// A page of a SKU's own history: the SKU, the filter, the order and the page.
pub(super) type FlowPageKey = (SkuId, FlowFilter, FlowOrder, PageRequest<FlowCursor>);

/// A point of the past, and the instant at which it is asked for.
pub(super) type PointKey = (Point, DateTime<Utc>);

/// A SKU, a cut of the books, and the instant at which it is asked for.
pub(super) type AsOfKey = (SkuId, Cut, DateTime<Utc>);

/// A page of the entries of a cause, in a stretch of a SKU's entries.
pub(super) type CausePageKey = (Stretch, PageRequest<FlowCursor>, CauseEntries);

/// A page of the deductions for an order line.
pub(super) type OrderDeductionsKey = (PageRequest<FlowCursor>, String);

/// The loaders of one request, which are made anew after each change: what was loaded before it is
/// outdated by it.
pub(super) struct FreshLoaders {
    books: Books,
    /// None until the first is asked.
    loaders: Mutex<Option<Arc<Loaders>>>,
}

impl FreshLoaders {
    /// Loaders that ask `store` as `reading` says.
    pub(super) fn new(store: Arc<Store>, reading: Arc<Reading>) -> Self {
        Self { books: Books { store, reading }, loaders: Mutex::new(None) }
    }

    /// Something was changed.
    pub(super) fn renew(&self) {
        *self.loaders() = None;
    }

    fn get(&self) -> Arc<Loaders> {
        let mut loaders = self.loaders();
        let made = loaders.get_or_insert_with(|| Arc::new(Loaders::new(self.books.clone())));
        Arc::clone(made)
    }

    fn loaders(&self) -> MutexGuard<'_, Option<Arc<Loaders>>> {
        self.loaders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The loaders between two changes. Most requests need none or one, so each is made when it is first
/// asked.
struct Loaders {
    books: Books,
    inventories: Lazy<SkuId, Option<Inventory>, Inventories>,
    flows: Lazy<FlowId, Option<Flow>, Flows>,
    refunds: Lazy<FlowId, Vec<Flow>, Refunds>,
    refunded_quantities: Lazy<FlowId, i32, RefundedQuantities>,
    flow_pages: Lazy<FlowPageKey, Page<Flow>, FlowPages>,
    flow_counts: Lazy<(SkuId, FlowFilter), i64, FlowCounts>,
    flows_at: Lazy<(SkuId, i64), Option<Flow>, FlowsAt>,
    cuts: Lazy<PointKey, Option<Cut>, Cuts>,
    as_of: Lazy<AsOfKey, Option<Flow>, AsOf>,
    cause_pages: Lazy<CausePageKey, Page<Flow>, CausePages>,
    order_deductions: Lazy<OrderDeductionsKey, Page<Flow>, OrderDeductions>,
}

/// What is asked, how new its answers must be, and where it is noted how old they are.
#[derive(Clone, Debug)]
pub(super) struct Books {
    store: Arc<Store>,
    reading: Arc<Reading>,
}

type Lazy<K, V, F> = OnceLock<Loader<K, Answer<V>, F>>;

impl Loaders {
    fn new(books: Books) -> Self {
        Self {
            books,
            inventories: OnceLock::new(),
            flows: OnceLock::new(),
            refunds: OnceLock::new(),
            refunded_quantities: OnceLock::new(),
            flow_pages: OnceLock::new(),
            flow_counts: OnceLock::new(),
            flows_at: OnceLock::new(),
            cuts: OnceLock::new(),
            as_of: OnceLock::new(),
            cause_pages: OnceLock::new(),
            order_deductions: OnceLock::new(),
        }
    }

    /// The loader, made of `batch` over the books if it was not there yet.
    fn get<'a, K, V, F>(
        &self,
        lazy: &'a Lazy<K, V, F>,
        batch: fn(Books) -> F,
    ) -> &'a Loader<K, Answer<V>, F>
    where
        K: Eq + std::hash::Hash + Clone + std::fmt::Debug,
        V: Clone,
        F: dataloader::BatchFn<K, Answer<V>>,
    {
        lazy.get_or_init(|| loader(batch(self.books.clone())))
    }
}

fn loader<K, V, F>(batch: F) -> Loader<K, V, F>
where
    K: Eq + std::hash::Hash + Clone + std::fmt::Debug,
    V: Clone,
    F: dataloader::BatchFn<K, V>,
{
    Loader::new(batch).with_max_batch_size(BATCH_KEYS_MAX).with_yield_count(YIELDS)
}

impl RequestContext {
    /// A SKU's stock, as new as the request asks; `None` if it does not exist.
    pub(super) async fn inventory(&self, sku_id: SkuId) -> Result<Option<Inventory>> {
        if let Some(found) = self.at_hand(sku_id, self.reading.asked.consistency) {
            return Ok(self.reading.noted(found));
        }
        let loaders = self.loaders.get();
        self.answer(loaders.get(&loaders.inventories, Inventories).try_load(sku_id).await)
    }

    /// The same of a consistency of its own, for a field that asks for one SKU and is gathered with
    /// those of other requests by the store.
    pub(super) async fn one_inventory(
        &self,
        sku_id: SkuId,
        consistency: Consistency,
    ) -> Result<Option<Inventory>> {
        if let Some(found) = self.at_hand(sku_id, consistency) {
            return Ok(self.reading.noted(found));
        }
        let asked = self.reading.asked.with_consistency(consistency);
        let sku_ids = [sku_id];
        let loaded = self.loaders.books.store.load_beyond_hand(&sku_ids, &asked);
        let loaded = Span::part("store.load_inventories").around(loaded).await;
        let found = loaded.map_err(|error| self.failed(&error))?;
        Ok(self.reading.noted(found).remove(&sku_id))
    }

    /// The stock by the copy at hand, where a copy will do and there is one.
    fn at_hand(&self, sku_id: SkuId, consistency: Consistency) -> Option<Found<Option<Inventory>>> {
        let store = &self.loaders.books.store;
        (consistency == Consistency::Cached)
            .then(|| store.at_hand(sku_id, &self.reading.asked))
            .flatten()
    }

    /// An entry; `None` if there is none of that id.
    pub(super) async fn flow(&self, id: FlowId) -> Result<Option<Flow>> {
        let loaders = self.loaders.get();
        self.answer(loaders.get(&loaders.flows, Flows).try_load(id).await)
    }

    /// The refunds of a deduction, oldest first.
    pub(super) async fn refunds(&self, deduction_id: FlowId) -> Result<Vec<Flow>> {
        let loaders = self.loaders.get();
        self.answer(loaders.get(&loaders.refunds, Refunds).try_load(deduction_id).await)
    }

    /// The units given back of a deduction.
    pub(super) async fn refunded_quantity(&self, deduction_id: FlowId) -> Result<i32> {
        let loaders = self.loaders.get();
        self.answer(
            loaders
                .get(&loaders.refunded_quantities, RefundedQuantities)
                .try_load(deduction_id)
                .await,
        )
    }

    /// A page of one SKU's own history.
    pub(super) async fn flow_page(&self, key: FlowPageKey) -> Result<Page<Flow>> {
        let loaders = self.loaders.get();
        self.answer(loaders.get(&loaders.flow_pages, FlowPages).try_load(key).await)
    }

    /// How many of a SKU's entries a filter lets through.
    pub(super) async fn flow_count(&self, sku_id: SkuId, filter: FlowFilter) -> Result<i64> {
        let loaders = self.loaders.get();
        self.answer(loaders.get(&loaders.flow_counts, FlowCounts).try_load((sku_id, filter)).await)
    }

    /// The entry at a place in a SKU's sequence; `None` if there is none.
    pub(super) async fn flow_at(&self, sku_id: SkuId, sequence: i64) -> Result<Option<Flow>> {
        let loaders = self.loaders.get();
        self.answer(loaders.get(&loaders.flows_at, FlowsAt).try_load((sku_id, sequence)).await)
    }

    /// The cut at a point of the past; `None` if the point is an entry that does not exist.
    pub(super) async fn cut(&self, key: PointKey) -> Result<Option<Cut>> {
        let loaders = self.loaders.get();
        self.answer(loaders.get(&loaders.cuts, Cuts).try_load(key).await)
    }

    /// A SKU's newest entry up to a cut; `None` if it was not on the books then.
    pub(super) async fn flow_as_of(&self, key: AsOfKey) -> Result<Option<Flow>> {
        let loaders = self.loaders.get();
        self.answer(loaders.get(&loaders.as_of, AsOf).try_load(key).await)
    }

    /// A page of the entries of a cause.
    pub(super) async fn cause_page(&self, key: CausePageKey) -> Result<Page<Flow>> {
        let loaders = self.loaders.get();
        self.answer(loaders.get(&loaders.cause_pages, CausePages).try_load(key).await)
    }

    /// A page of the deductions for an order line.
    pub(super) async fn order_deductions(&self, key: OrderDeductionsKey) -> Result<Page<Flow>> {
        let loaders = self.loaders.get();
        self.answer(loaders.get(&loaders.order_deductions, OrderDeductions).try_load(key).await)
    }

    fn answer<T>(&self, loaded: std::io::Result<Answer<T>>) -> Result<T> {
        match loaded {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(shared)) => Err(shared.tell(self)),
            Err(missing) => Err(self.failed(&NotAnswered(missing))),
        }
    }
}

/// An error that several fields share. It is logged once, by the first of them.
#[derive(Debug)]
struct Shared {
    error: StoreError,
    logged: AtomicBool,
}

impl Shared {
    fn tell(&self, request: &RequestContext) -> async_graphql::Error {
        if self.logged.swap(true, Ordering::Relaxed) {
            request.tell(self.error.kind())
        } else {
            request.failed(&self.error)
        }
    }
}

impl From<StoreError> for Shared {
    fn from(error: StoreError) -> Self {
        Self { error, logged: AtomicBool::new(false) }
    }
}

/// A batch that left a key out, which none does.
#[derive(Debug, thiserror::Error)]
#[error("a loader left a key out")]
struct NotAnswered(#[source] std::io::Error);

impl Failure for NotAnswered {
    fn kind(&self) -> FaultKind {
        FaultKind::Internal
    }
}
