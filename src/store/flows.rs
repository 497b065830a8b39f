//! The flow history of any number of SKUs: filtered, ordered, paged.

use std::collections::HashMap;

use entity::inventory_flow::{Column, Entity};
use sea_orm::sea_query::{Alias, Asterisk, Condition, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _,
    Statement,
};

use super::branches::{self, BRANCHES_MAX};
use super::keyset::{self, FlowKey};
use super::view::older;
use super::{Asked, Found, Loaded, Store};
use crate::db::Dialect;
use crate::domain::filter::{FlowFilter, FlowOrder};
use crate::domain::{Flow, FlowCursor, FlowId, FlowKind, Page, PageRequest, SkuId};

impl Store {
    /// Entries by id; those that do not exist are left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn load_flows(
        &self,
        ids: &[FlowId],
        asked: &Asked,
    ) -> Loaded<Found<HashMap<FlowId, Flow>>> {
        if ids.is_empty() {
            return Ok(Found::of_nobody(HashMap::new()));
        }
        let query = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.0))).into_query();
        let flows = self.flows(&query, asked).await?;
        let seen = |flow: &Flow| asked.visibility.shows(flow.merchant_id);
        Ok(flows.map(|flows| flows.into_iter().filter(seen).map(|flow| (flow.id, flow)).collect()))
    }

    /// A page of the flow history.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn list_flows(
        &self,
        filter: &FlowFilter,
        order: FlowOrder,
        page: &PageRequest<FlowCursor>,
        asked: &Asked,
    ) -> Loaded<Found<Page<Flow>>> {
        if let Some(page) = &self.page_in_memory {
            return Ok(Found::of_nobody(Page::clone(page)));
        }
        let Found { value: seen, origin } = self.seen_flows(filter, asked).await?;
        let dialect = self.database.dialect();
        let query = seen.and_then(|filter| page_query(dialect, &filter, order, page));
        let fetched = match query {
            Some(query) => self.flows(&query, asked).await?,
            None => Found::of_nobody(Vec::new()),
        };
        Ok(older(fetched, origin).map(|fetched| Page::from_fetched(fetched, page)))
    }

    /// The statement by which [`Store::list_flows`] reads a page, for looking at its plan; `None`
    /// if none is needed because nothing can match. The SKUs are taken to be seen.
    pub fn flow_page_statement(
        &self,
        filter: &FlowFilter,
        order: FlowOrder,
        page: &PageRequest<FlowCursor>,
    ) -> Option<Statement> {
        page_query(self.database.dialect(), filter, order, page).map(|query| self.statement(&query))
    }

    /// How many entries the filter lets through. It counts them all.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn count_flows(&self, filter: &FlowFilter, asked: &Asked) -> Loaded<Found<i64>> {
        let Found { value: seen, origin } = self.seen_flows(filter, asked).await?;
        let Some(filter) = seen.filter(|filter| !matches_nothing(filter)) else {
            return Ok(Found { value: 0, origin });
        };
        let query = Entity::find()
            .select_only()
            .column_as(Column::Id.count(), "count")
            .filter(condition(self.database.dialect(), &filter))
            .into_query();
        Ok(older(self.count(&query, asked).await?, origin))
    }
}

/// A page by one index, or by one branch a SKU where there are several and no span of time.
fn page_query(
    dialect: Dialect,
    filter: &FlowFilter,
    order: FlowOrder,
    page: &PageRequest<FlowCursor>,
) -> Option<SelectStatement> {
    if matches_nothing(filter) {
        return None;
    }
    let key = FlowKey::of(filter);
    match filter.sku_ids.as_deref() {
        Some(sku_ids) if key == FlowKey::Id && sku_ids.len() <= BRANCHES_MAX => {
            let branches =
                sku_ids.iter().map(|sku_id| sku_query(dialect, *sku_id, filter, order, page));
            let union = branches::union(branches)?;
            let ascending = order == FlowOrder::OldestFirst;
            let mut query =
                Query::select().column(Asterisk).from_subquery(union, Alias::new("flow")).take();
            key.order(&mut query, keyset::direction(ascending, page.end));
            query.limit(keyset::rows_max(page));
            Some(query)
        }
        _ => {
            let mut query = Entity::find().filter(condition(dialect, filter)).into_query();
            key.page(dialect, &mut query, order, page);
            key.hint(&mut query, filter);
            Some(query)
        }
    }
}

/// A page of one SKU's entries, out of those that the filter lets through.
pub(super) fn sku_query(
    dialect: Dialect,
    sku_id: SkuId,
    filter: &FlowFilter,
    order: FlowOrder,
    page: &PageRequest<FlowCursor>,
) -> SelectStatement {
    let filter = FlowFilter { sku_ids: Some(vec![sku_id]), ..filter.clone() };
    let mut query = Entity::find().filter(condition(dialect, &filter)).into_query();
    let key = FlowKey::Sequence(sku_id);
    key.page(dialect, &mut query, order, page);
    key.hint(&mut query, &filter);
    query
}

/// Whether a list in the filter is empty, so that nothing is any of its values.
pub(crate) fn matches_nothing(filter: &FlowFilter) -> bool {
    let empty = |length: Option<usize>| length == Some(0);
    empty(filter.sku_ids.as_ref().map(Vec::len))
        || empty(filter.order_detail_ids.as_ref().map(Vec::len))
        || empty(filter.kinds.as_ref().map(Vec::len))
        || empty(filter.actors.as_ref().map(Vec::len))
}

/// What the filter lets through.
pub(crate) fn condition(dialect: Dialect, filter: &FlowFilter) -> Condition {
    let kinds = filter.kinds.iter().flatten().copied().map(FlowKind::code);
    Condition::all()
        .add_option(filter.merchant_id.map(|id| Column::MerchantId.eq(id.0)))
        .add_option(filter.sku_ids.as_ref().map(|sku_ids| match sku_ids.as_slice() {
            [sku_id] => Column::SkuId.eq(sku_id.0),
            sku_ids => Column::SkuId.is_in(sku_ids.iter().map(|sku_id| sku_id.0)),
        }))
        .add_option(filter.order_detail_ids.as_ref().map(|ids| Column::OrderDetailId.is_in(ids)))
        .add_option(filter.kinds.as_ref().map(|_kinds| Column::Kind.is_in(kinds)))
        .add_option(filter.actors.as_ref().map(|actors| Column::Actor.is_in(actors)))
        .add_option(filter.idempotency_key.as_ref().map(|key| Column::IdempotencyKey.eq(key)))
        .add_option(filter.deduction_id.map(|id| Column::DeductionId.eq(id.0)))
        .add_option(filter.created_at.from.map(|from| Column::CreatedAt.gte(dialect.instant(from))))
        .add_option(filter.created_at.to.map(|to| Column::CreatedAt.lt(dialect.instant(to))))
        .add_option(filter.quantity_trade.min.map(|min| Column::QuantityTrade.gte(min)))
        .add_option(filter.quantity_trade.max.map(|max| Column::QuantityTrade.lte(max)))
}
