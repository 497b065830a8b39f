//! The rows that are with the ledger, and those that wait for one of the same SKU.

use std::collections::{HashMap, VecDeque};

use futures_util::StreamExt as _;
use futures_util::future::{BoxFuture, FutureExt as _};
use futures_util::stream::FuturesUnordered;

use super::post::{Done, Poster};
use super::row::Row;

/// Rows in memory at a time: enough to fill the ledger's batches.
const ROWS_MAX: usize = 512;

/// Carries rows out concurrently, those of one SKU one after the other.
pub(super) struct Flight<'a> {
    poster: &'a Poster,
    under_way: FuturesUnordered<BoxFuture<'a, (Row, Done)>>,
    /// For each SKU under way, the rows behind it.
    behind: HashMap<String, VecDeque<Row>>,
    rows: usize,
    rows_max: usize,
}

impl<'a> Flight<'a> {
    /// No more rows than the ledger's queue takes, so that it is never found full.
    pub(super) fn new(poster: &'a Poster, queue_max: usize) -> Self {
        Self {
            poster,
            under_way: FuturesUnordered::new(),
            behind: HashMap::new(),
            rows: 0,
            rows_max: queue_max.min(ROWS_MAX),
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows >= self.rows_max
    }

    pub(super) fn add(&mut self, row: Row) {
        self.rows = self.rows.saturating_add(1);
        if let Some(behind) = self.behind.get_mut(&row.sku_id) {
            behind.push_back(row);
        } else {
            self.behind.insert(row.sku_id.clone(), VecDeque::new());
            self.launch(row);
        }
    }

    /// Lets what is under way come to its end, and forgets what waits behind it.
    pub(super) fn add_no_more(&mut self) {
        self.behind.values_mut().for_each(VecDeque::clear);
    }

    /// The next row that has come to its end; `None` when none is left.
    pub(super) async fn next(&mut self) -> Option<(Row, Done)> {
        let (row, done) = self.under_way.next().await?;
        self.rows = self.rows.saturating_sub(1);
        match self.behind.get_mut(&row.sku_id).and_then(VecDeque::pop_front) {
            Some(next) => self.launch(next),
            None => drop(self.behind.remove(&row.sku_id)),
        }
        Some((row, done))
    }

    fn launch(&self, row: Row) {
        let poster = self.poster;
        self.under_way.push(
            async move {
                let done = poster.post(&row).await;
                (row, done)
            }
            .boxed(),
        );
    }
}
