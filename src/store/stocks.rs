//! Pages of stocks.

use entity::inventory::{Column, Entity, Model};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _,
};

use super::keyset::stock_page;
use super::view::seen_stocks;
use super::{Asked, Found, Loaded, Store};
use crate::db::{Dialect, inventory_from_row};
use crate::domain::filter::{InventoryFilter, InventoryOrder};
use crate::domain::{Inventory, InventoryCursor, Page, PageRequest};

impl Store {
    /// A page of stocks.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn list_inventories(
        &self,
        filter: &InventoryFilter,
        order: InventoryOrder,
        page: &PageRequest<InventoryCursor>,
        asked: &Asked,
    ) -> Loaded<Found<Page<Inventory>>> {
        let Some(filter) = seen_stocks(filter, asked) else {
            return Ok(Found::of_nobody(Page::from_fetched(Vec::new(), page)));
        };
        let mut query =
            Entity::find().filter(condition(self.database.dialect(), &filter)).into_query();
        stock_page(&mut query, order, page);
        let rows = self.rows::<Model>(&query, asked).await?;
        Ok(rows.map(|rows| Page::from_fetched(rows.iter().map(inventory_from_row).collect(), page)))
    }

    /// How many stocks the filter lets through. It counts them all.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn count_inventories(
        &self,
        filter: &InventoryFilter,
        asked: &Asked,
    ) -> Loaded<Found<i64>> {
        let Some(filter) = seen_stocks(filter, asked) else { return Ok(Found::of_nobody(0)) };
        let query = Entity::find()
            .select_only()
            .column_as(Column::SkuId.count(), "count")
            .filter(condition(self.database.dialect(), &filter))
            .into_query();
        self.count(&query, asked).await
    }
}

/// What the filter lets through.
pub(super) fn condition(dialect: Dialect, filter: &InventoryFilter) -> Condition {
    let sku_ids = filter.sku_ids.iter().flatten().map(|sku_id| sku_id.0);
    Condition::all()
        .add_option(filter.merchant_id.map(|id| Column::MerchantId.eq(id.0)))
        .add_option(filter.sku_ids.as_ref().map(|_ids| Column::SkuId.is_in(sku_ids)))
        .add_option(filter.sku_range.from.map(|from| Column::SkuId.gte(from.0)))
        .add_option(filter.sku_range.to.map(|to| Column::SkuId.lte(to.0)))
        .add_option(filter.leaved_amount.min.map(|min| Column::LeavedAmount.gte(min)))
        .add_option(filter.leaved_amount.max.map(|max| Column::LeavedAmount.lte(max)))
        .add_option(filter.updated_at.from.map(|from| Column::UpdatedAt.gte(dialect.instant(from))))
        .add_option(filter.updated_at.to.map(|to| Column::UpdatedAt.lt(dialect.instant(to))))
}
