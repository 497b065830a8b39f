//! One who listens to the amounts of SKUs.
//!
//! An entry tells the amount that it left, so that nothing is read when an amount changes. Of each SKU
//! only the newest is kept until it is taken, and nothing while nobody takes: whoever is slow is told
//! fewer amounts, and never holds more than one of each.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use super::ring::Seen;
use super::{By, Listening, Live, lost};
use crate::domain::filter::Consistency;
use crate::domain::{FaultKind, Flow, Inventory, ReadAfter, SkuId, Visibility};
use crate::store::{Asked, Loaded};

/// Entries that are taken from the ring at once.
const TAKEN_MAX: usize = 64;

/// Pauses after amounts that could not be read, the first and the longest.
const PAUSE_MIN: Duration = Duration::from_millis(200);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// What is known of a SKU: the version that was told, or waits to be, and since when it is on the books.
#[derive(Clone, Copy, Debug)]
struct Known {
    version: i64,
    created_at: DateTime<Utc>,
}

/// Is told the amounts of SKUs: as they are, and then the newest of each that has changed.
#[derive(Debug)]
pub struct StockListener {
    listening: Arc<Listening>,
    moved: watch::Receiver<()>,
    visibility: Visibility,
    epoch: u64,
    place: i64,
    /// `None` for one that is not on the books, or is another merchant's.
    skus: HashMap<SkuId, Option<Known>>,
    /// What is to be told, and in which order.
    newest: HashMap<SkuId, Inventory>,
    order: VecDeque<SkuId>,
}

impl Live {
    /// Begins to listen to the amounts of these SKUs, as far as they are shown to whom it is `by`.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when as many listen as may, or the amounts cannot be
    /// read.
    pub async fn stocks(&self, sku_ids: Vec<SkuId>, by: By<'_>) -> Loaded<StockListener> {
        let By { caller, visibility } = by;
        let listening = Listening::begin(&self.shared, "stocks", caller)?;
        let moved = self.shared.moved.subscribe();
        // First the place, then the amounts: whatever is not in these comes behind that.
        let start = self.shared.start().await?;
        let mut listener = StockListener {
            listening: Arc::new(listening),
            moved,
            visibility,
            epoch: start.epoch,
            place: start.behind,
            skus: sku_ids.into_iter().map(|sku_id| (sku_id, None)).collect(),
            newest: HashMap::new(),
            order: VecDeque::new(),
        };
        listener.load().await?;
        Ok(listener)
    }
}

impl StockListener {
    /// The next amount. It can be dropped at any time, and nothing is lost.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when nothing more can be told: the books were put back
    /// to an older state, or the server ends.
    pub async fn next(&mut self) -> Loaded<Inventory> {
        loop {
            self.moved.borrow_and_update();
            let seen = self.look();
            match seen {
                Seen::Entries(entries, place) => {
                    let known = entries.iter().all(|flow| self.take(flow));
                    if !known {
                        self.reload().await?;
                    }
                    self.place = place;
                    continue;
                }
                Seen::Behind(settled) => {
                    self.reload().await?;
                    self.place = settled;
                    continue;
                }
                Seen::Gone => return Err(lost()),
                Seen::Nothing => {}
            }
            let next = self.order.pop_front();
            if let Some(stock) = next.and_then(|sku_id| self.newest.remove(&sku_id)) {
                return Ok(stock);
            }
            self.moved.changed().await.map_err(|_ended| lost())?;
        }
    }

    fn look(&self) -> Seen {
        let wanted = |flow: &Flow| {
            self.visibility.shows(flow.merchant_id) && self.skus.contains_key(&flow.sku_id)
        };
        self.listening.shared.ring().behind((self.epoch, self.place), TAKEN_MAX, wanted)
    }

    /// Takes what an entry tells of its SKU; `false` if that is not enough.
    fn take(&mut self, flow: &Flow) -> bool {
        let known = self.skus.get(&flow.sku_id).copied().flatten();
        let created_at = match known {
            Some(known) if known.version >= flow.sequence => return true,
            Some(known) => known.created_at,
            // The first entry is that by which it was put on the books.
            None if flow.sequence == 1 => flow.created_at,
            None => return false,
        };
        self.put(Inventory::after(flow, created_at));
        true
    }

    fn put(&mut self, stock: Inventory) {
        let sku_id = stock.sku_id;
        let known = Known { version: stock.version, created_at: stock.created_at };
        self.skus.insert(sku_id, Some(known));
        if self.newest.insert(sku_id, stock).is_none() {
            self.order.push_back(sku_id);
        }
    }

    /// Reads the amounts, and keeps those that are news.
    async fn load(&mut self) -> Loaded<()> {
        let mut sku_ids: Vec<SkuId> = self.skus.keys().copied().collect();
        sku_ids.sort_unstable();
        let asked = Asked {
            consistency: Consistency::Primary,
            read_after: ReadAfter::default(),
            visibility: self.visibility,
        };
        let shared = Arc::clone(&self.listening.shared);
        let stocks = shared.store.load_inventories(&sku_ids, &asked).await?.value;
        for sku_id in sku_ids {
            let Some(stock) = stocks.get(&sku_id) else { continue };
            let known = self.skus.get(&sku_id).copied().flatten();
            if known.is_none_or(|known| known.version < stock.version) {
                self.put(*stock);
            }
        }
        Ok(())
    }

    /// The same when it is this one's turn. What hinders it for a moment is waited for.
    async fn reload(&mut self) -> Loaded<()> {
        let listening = Arc::clone(&self.listening);
        let shared = &listening.shared;
        let mut pause = PAUSE_MIN;
        loop {
            let turn = listening.turn().await;
            let loaded = self.load().await;
            drop(turn);
            match loaded {
                Ok(()) => {
                    shared.metrics.catch_up_pages.inc();
                    return Ok(());
                }
                Err(error) if error.kind() == FaultKind::Internal => return Err(error),
                Err(error) => {
                    tracing::debug!(%error, "amounts could not be read for one who listens");
                    tokio::time::sleep(pause).await;
                    pause = pause.saturating_mul(2).min(PAUSE_MAX);
                }
            }
        }
    }
}
