//! Times in which a SKU had nothing left, the newest first.
//!
//! Whether an entry began one is told by the entry alone: it left nothing, and took something or was the
//! first. No index holds just those: on MariaDB and MySQL it would have a place for every entry, which
//! each purchase would pay for. So a page looks through the SKU's entries from the newest down, so many
//! at the most, and then ends, whether or not it found as many as it might; where the next one goes on
//! is known either way. The entry that ended such a time is found by one seek: until then nothing can
//! have been written but counts of nothing.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::inventory_flow::{Column, Entity};
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{Alias, Condition, Order, SelectStatement};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _, Statement,
};

use super::branches;
use super::keyset::rows_max;
use super::{Asked, Found, Loaded, Store};
use crate::domain::filter::InstantRange;
use crate::domain::{Flow, Page, PageRequest, Point, ReadAfter, SkuId, SoldOutCursor, SoldOutSpan};

/// Entries that one page looks through.
const ENTRIES_MAX: i64 = 100_000;

/// The index that has a SKU's entries in their order.
const SEQUENCE_INDEX: &str = "t_inventory_flow_sequence";

/// Some times in which a SKU had nothing left, and where the list goes on behind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoldOutPage {
    /// The times.
    pub page: Page<SoldOutSpan>,
    /// Where the next page begins, if there is one: perhaps far behind the last of them.
    pub end: Option<SoldOutCursor>,
}

/// The entries among which a page looks, by their sequence: from the one behind the first number up to
/// the second.
type Window = (i64, i64);

impl Store {
    /// A page of the times in which a SKU had nothing left, of those that began within a span, the
    /// newest first; `None` if the SKU does not exist. `now` is the present instant.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn list_sold_out_spans(
        &self,
        sku_id: SkuId,
        began: InstantRange,
        page: &PageRequest<SoldOutCursor>,
        now: DateTime<Utc>,
        asked: &Asked,
    ) -> Loaded<Found<Option<SoldOutPage>>> {
        let stocks = self.load_inventories(&[sku_id], asked).await?;
        let mut origin = Some(stocks.origin);
        let Some(stock) = stocks.value.get(&sku_id) else {
            return Ok(Found { value: None, origin: stocks.origin });
        };
        let asked =
            Asked { read_after: ReadAfter::of_version(sku_id, stock.version), ..asked.clone() };
        let mut newest = stock.version;
        if let Some(to) = began.to {
            let last = self.sequence_before(sku_id, to, now, &asked).await?;
            newest = newest.min(last.noted(&mut origin));
        }
        let oldest = match began.from {
            None => 0,
            Some(from) => self.sequence_before(sku_id, from, now, &asked).await?.noted(&mut origin),
        };
        if let Some(after) = page.after {
            newest = newest.min(after.sequence.saturating_sub(1));
        }
        let window = (oldest.max(newest.saturating_sub(ENTRIES_MAX)), newest);
        let mut ran_out = Vec::new();
        if window.0 < window.1 {
            let query = ran_out_query(sku_id, window, rows_max(page));
            ran_out = self.flows(&query, &asked).await?.noted(&mut origin);
        }
        let mut began = Page::from_fetched(ran_out, page);
        let end = match began.nodes.last().map(|flow| flow.sequence) {
            Some(last) if began.has_next => last,
            None if began.has_next => newest.saturating_add(1),
            Some(_) | None => {
                // All of the window was looked through.
                began.has_next = window.0 > oldest;
                window.0.saturating_add(1)
            }
        };
        let end = began.has_next.then_some(SoldOutCursor { sequence: end });
        let spans = self.with_their_ends(sku_id, began.nodes, &asked).await?.noted(&mut origin);
        let page =
            Page { nodes: spans, has_previous: began.has_previous, has_next: began.has_next };
        Ok(Found::of_several(Some(SoldOutPage { page, end }), origin))
    }

    /// The statements by which such a page is read, for looking at their plans: one that looks through
    /// entries, and one that seeks the ends of times that these entries began.
    pub fn sold_out_statements(
        &self,
        sku_id: SkuId,
        window: (i64, i64),
        limit: u64,
        began: &[i64],
    ) -> Vec<Statement> {
        let ran_out = ran_out_query(sku_id, window, limit);
        let came_back = came_back_query(sku_id, began.iter().copied());
        let queries = [Some(ran_out), came_back].into_iter().flatten();
        queries.map(|query| self.statement(&query)).collect()
    }

    /// How many entries a SKU had before an instant, which is the sequence of the last of them.
    async fn sequence_before(
        &self,
        sku_id: SkuId,
        instant: DateTime<Utc>,
        now: DateTime<Utc>,
        asked: &Asked,
    ) -> Loaded<Found<i64>> {
        let until = instant.checked_sub_signed(TimeDelta::microseconds(1)).unwrap_or(instant);
        let cut = self.find_cut(Point::Instant(until), now, asked).await?;
        let Some(cut) = cut.value else { return Ok(Found { value: 0, origin: cut.origin }) };
        let flows = self.load_as_of(&[sku_id], cut, now, asked).await?;
        Ok(flows.map(|flows| flows.get(&sku_id).map_or(0, |flow| flow.sequence)))
    }

    async fn with_their_ends(
        &self,
        sku_id: SkuId,
        began: Vec<Flow>,
        asked: &Asked,
    ) -> Loaded<Found<Vec<SoldOutSpan>>> {
        let Some(query) = came_back_query(sku_id, began.iter().map(|flow| flow.sequence)) else {
            return Ok(Found::of_nobody(Vec::new()));
        };
        let found = self.flows(&query, asked).await?;
        Ok(found.map(|flows| {
            let ends: BTreeMap<i64, Flow> =
                flows.into_iter().map(|flow| (flow.sequence, flow)).collect();
            let span = |ran_out: Flow| {
                let behind = ends.range(ran_out.sequence..).next();
                SoldOutSpan { came_back: behind.map(|(_sequence, flow)| flow.clone()), ran_out }
            };
            began.into_iter().map(span).collect()
        }))
    }
}

/// The entries of a window that left nothing where something had been, the newest first.
fn ran_out_query(sku_id: SkuId, (behind, until): Window, limit: u64) -> SelectStatement {
    let began = Condition::any().add(Column::QuantityTrade.gt(0)).add(Column::Sequence.eq(1));
    let mut query = Entity::find()
        .filter(Column::SkuId.eq(sku_id.0))
        .filter(Column::Sequence.gt(behind))
        .filter(Column::Sequence.lte(until))
        .filter(Column::LeavedAfter.eq(0))
        .filter(began)
        .order_by(Column::Sequence, Order::Desc)
        .limit(limit)
        .into_query();
    query.force_index(Alias::new(SEQUENCE_INDEX), IndexHintScope::All).take()
}

/// For each of some entries the first behind it that left something.
fn came_back_query(sku_id: SkuId, began: impl Iterator<Item = i64>) -> Option<SelectStatement> {
    branches::union(began.map(|sequence| {
        let mut query = Entity::find()
            .filter(Column::SkuId.eq(sku_id.0))
            .filter(Column::Sequence.gt(sequence))
            .filter(Column::LeavedAfter.gt(0))
            .order_by(Column::Sequence, Order::Asc)
            .limit(1)
            .into_query();
        query.force_index(Alias::new(SEQUENCE_INDEX), IndexHintScope::All).take()
    }))
}
