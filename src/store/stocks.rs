//! Stocks by SKU, and pages of them.

use std::collections::HashMap;

use entity::inventory::{Column, Entity, Model};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _,
};

use super::keyset::stock_page;
use super::{Loaded, Store};
use crate::db::{Dialect, inventory_from_row};
use crate::domain::filter::{Consistency, InventoryFilter, InventoryOrder};
use crate::domain::{Inventory, InventoryCursor, Page, PageRequest, SkuId};

impl Store {
    /// Stocks by SKU; those that do not exist are left out.
    ///
    /// There is one source so far, the primary, so that every consistency is answered as
    /// [`Consistency::Primary`] is.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn load_inventories(
        &self,
        sku_ids: &[SkuId],
        _consistency: Consistency,
    ) -> Loaded<HashMap<SkuId, Inventory>> {
        if sku_ids.is_empty() {
            return Ok(HashMap::new());
        }
        let ids = sku_ids.iter().map(|sku_id| sku_id.0);
        let query = Entity::find().filter(Column::SkuId.is_in(ids)).into_query();
        let rows = self.rows::<Model>(&query).await?;
        Ok(rows.iter().map(inventory_from_row).map(|stock| (stock.sku_id, stock)).collect())
    }

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
    ) -> Loaded<Page<Inventory>> {
        let mut fetched = Vec::new();
        if !matches_nothing(filter) {
            let mut query =
                Entity::find().filter(condition(self.database.dialect(), filter)).into_query();
            stock_page(&mut query, order, page);
            fetched = self.rows::<Model>(&query).await?.iter().map(inventory_from_row).collect();
        }
        Ok(Page::from_fetched(fetched, page))
    }

    /// How many stocks the filter lets through. It counts them all.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn count_inventories(&self, filter: &InventoryFilter) -> Loaded<i64> {
        if matches_nothing(filter) {
            return Ok(0);
        }
        let query = Entity::find()
            .select_only()
            .column_as(Column::SkuId.count(), "count")
            .filter(condition(self.database.dialect(), filter))
            .into_query();
        self.count(&query).await
    }
}

fn matches_nothing(filter: &InventoryFilter) -> bool {
    filter.sku_ids.as_ref().is_some_and(Vec::is_empty)
}

fn condition(dialect: Dialect, filter: &InventoryFilter) -> Condition {
    let sku_ids = filter.sku_ids.iter().flatten().map(|sku_id| sku_id.0);
    Condition::all()
        .add_option(filter.sku_ids.as_ref().map(|_ids| Column::SkuId.is_in(sku_ids)))
        .add_option(filter.leaved_amount.min.map(|min| Column::LeavedAmount.gte(min)))
        .add_option(filter.leaved_amount.max.map(|max| Column::LeavedAmount.lte(max)))
        .add_option(filter.updated_at.from.map(|from| Column::UpdatedAt.gte(dialect.instant(from))))
        .add_option(filter.updated_at.to.map(|to| Column::UpdatedAt.lt(dialect.instant(to))))
}
