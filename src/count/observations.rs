//! Lists what was counted, by whom.

use entity::inventory_count_observation::{Column, Entity};
use sea_orm::Iterable as _;
use sea_orm::sea_query::{Expr, ExprTrait as _, Order, Query, SelectStatement};

use super::{Counts, rows};
use crate::db::Fault;
use crate::domain::{CountId, Observation, ObservationCursor, Page, PageEnd, PageRequest, SkuId};
use crate::store::{Found, Loaded};

impl Counts {
    /// A page of a count's observations, those that were recorded last first; of one SKU, if one is
    /// named.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails.
    pub async fn list_observations(
        &self,
        count_id: CountId,
        sku_id: Option<SkuId>,
        page: &PageRequest<ObservationCursor>,
    ) -> Loaded<Found<Page<Observation>>> {
        let mut select = of_count(count_id, sku_id);
        select.columns(Column::iter());
        if let Some(after) = page.after {
            select.and_where(Expr::col(Column::Id).lt(after.0.0));
        }
        if let Some(before) = page.before {
            select.and_where(Expr::col(Column::Id).gt(before.0.0));
        }
        let order = match page.end {
            PageEnd::First => Order::Desc,
            PageEnd::Last => Order::Asc,
        };
        // In the order of an index, so that no planner walks through those of other counts.
        select.order_by(Column::CountId, order.clone());
        if sku_id.is_some() {
            select.order_by(Column::SkuId, order.clone());
        }
        select.order_by(Column::Id, order).limit(u64::from(page.limit).saturating_add(1));
        let rows = self.read(self.dialect().backend().build(&select)).await?;
        let fetched: Result<Vec<Observation>, Fault> =
            rows.rows.iter().map(rows::observation).collect();
        Ok(Found { value: Page::from_fetched(fetched?, page), origin: rows.origin })
    }

    /// How many observations there are, of one SKU if one is named. It counts them all.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails.
    pub async fn count_observations(
        &self,
        count_id: CountId,
        sku_id: Option<SkuId>,
    ) -> Loaded<Found<i64>> {
        let mut select = of_count(count_id, sku_id);
        select.expr(Expr::col(Column::Id).count());
        let rows = self.read(self.dialect().backend().build(&select)).await?;
        let count = rows.rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(Found { value: count.unwrap_or_default(), origin: rows.origin })
    }

    /// Whether somebody has counted in a count.
    pub(super) async fn has_counted(&self, count_id: CountId, actor: &str) -> Result<bool, Fault> {
        let mut select = of_count(count_id, None);
        select.column(Column::Id).and_where(Expr::col(Column::Actor).eq(actor)).limit(1);
        let rows = self.read(self.dialect().backend().build(&select)).await?;
        Ok(!rows.rows.is_empty())
    }
}

fn of_count(count_id: CountId, sku_id: Option<SkuId>) -> SelectStatement {
    let mut select =
        Query::select().from(Entity).and_where(Expr::col(Column::CountId).eq(count_id.0)).take();
    if let Some(sku_id) = sku_id {
        select.and_where(Expr::col(Column::SkuId).eq(sku_id.0));
    }
    select
}
