//! For each of several SKUs its own page of its own history, in one statement.

use std::collections::HashMap;

use entity::inventory_flow::{Column, Entity};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QuerySelect as _,
    QueryTrait as _,
};

use super::branches::{self, BRANCHES_MAX};
use super::flows::{condition, matches_nothing, sku_query};
use super::{Asked, Found, Loaded, Store};
use crate::domain::filter::{FlowFilter, FlowOrder};
use crate::domain::{Flow, FlowCursor, Page, PageRequest, ReadAfter, SkuId};

#[derive(FromQueryResult)]
struct CountRow {
    sku_id: i64,
    count: i64,
}

impl Store {
    /// For each SKU its own page of its own history; every SKU is in the answer. The filter's own
    /// SKUs are left aside.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn load_flow_pages(
        &self,
        sku_ids: &[SkuId],
        filter: &FlowFilter,
        order: FlowOrder,
        page: &PageRequest<FlowCursor>,
        asked: &Asked,
    ) -> Loaded<Found<HashMap<SkuId, Page<Flow>>>> {
        let mut fetched: HashMap<SkuId, Vec<Flow>> =
            sku_ids.iter().map(|sku_id| (*sku_id, Vec::new())).collect();
        let mut origin = None;
        let filter = FlowFilter { sku_ids: None, ..filter.clone() };
        let dialect = self.database.dialect();
        if !matches_nothing(&filter) {
            for chunk in sku_ids.chunks(BRANCHES_MAX) {
                let branches =
                    chunk.iter().map(|sku_id| sku_query(dialect, *sku_id, &filter, order, page));
                let Some(query) = branches::union(branches) else { continue };
                for flow in self.flows(&query, asked).await?.noted(&mut origin) {
                    fetched.entry(flow.sku_id).or_default().push(flow);
                }
            }
        }
        // A union promises no order, so each page is put into the one in which it was fetched.
        let forward = order == FlowOrder::OldestFirst;
        let ascending = forward == (page.end == crate::domain::PageEnd::First);
        let in_order = |(sku_id, mut flows): (SkuId, Vec<Flow>)| {
            flows.sort_unstable_by_key(|flow| flow.sequence);
            if !ascending {
                flows.reverse();
            }
            (sku_id, Page::from_fetched(flows, page))
        };
        let pages = fetched.into_iter().map(in_order).collect();
        Ok(Found::of_several(pages, origin))
    }

    /// Entries by their SKUs and their places in the sequence, from sources that have come so far;
    /// those that do not exist are left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn load_flows_at(
        &self,
        places: &[(SkuId, i64)],
        asked: &Asked,
    ) -> Loaded<Found<HashMap<(SkuId, i64), Flow>>> {
        let mut flows = HashMap::with_capacity(places.len());
        let mut origin = None;
        for chunk in places.chunks(BRANCHES_MAX) {
            let reached = ReadAfter::of_versions(chunk.iter().copied());
            let asked = Asked { read_after: reached, ..asked.clone() };
            let branches = chunk.iter().map(|(sku_id, sequence)| {
                Entity::find()
                    .filter(Column::SkuId.eq(sku_id.0))
                    .filter(Column::Sequence.eq(*sequence))
                    .into_query()
            });
            let Some(query) = branches::union(branches) else { continue };
            for flow in self.flows(&query, &asked).await?.noted(&mut origin) {
                if asked.visibility.shows(flow.merchant_id) {
                    flows.insert((flow.sku_id, flow.sequence), flow);
                }
            }
        }
        Ok(Found::of_several(flows, origin))
    }

    /// For each SKU how many of its entries the filter lets through; every SKU is in the answer.
    /// The filter's own SKUs are left aside.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn load_flow_counts(
        &self,
        sku_ids: &[SkuId],
        filter: &FlowFilter,
        asked: &Asked,
    ) -> Loaded<Found<HashMap<SkuId, i64>>> {
        let mut counts: HashMap<SkuId, i64> = sku_ids.iter().map(|sku_id| (*sku_id, 0)).collect();
        let filter = FlowFilter { sku_ids: Some(sku_ids.to_vec()), ..filter.clone() };
        if matches_nothing(&filter) {
            return Ok(Found::of_nobody(counts));
        }
        let query = Entity::find()
            .select_only()
            .column(Column::SkuId)
            .column_as(Column::Id.count(), "count")
            .filter(condition(self.database.dialect(), &filter))
            .group_by(Column::SkuId)
            .into_query();
        let rows = self.rows::<CountRow>(&query, asked).await?;
        Ok(rows.map(|rows| {
            counts.extend(rows.iter().map(|row| (SkuId(row.sku_id), row.count)));
            counts
        }))
    }
}
