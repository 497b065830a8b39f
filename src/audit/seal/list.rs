//! Lists seals, the newest first.

use entity::inventory_seal::{Column, Entity};
use sea_orm::sea_query::Order;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
};

use super::table;
use crate::audit::Audit;
use crate::domain::{Page, PageEnd, PageRequest, SealCursor, SignedSeal};
use crate::store::{Asked, Found, Loaded};

impl Audit {
    /// A page of the seals, the newest first. They are no merchant's.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails.
    pub async fn list_seals(
        &self,
        page: &PageRequest<SealCursor>,
        asked: &Asked,
    ) -> Loaded<Found<Page<SignedSeal>>> {
        let order = match page.end {
            PageEnd::First => Order::Desc,
            PageEnd::Last => Order::Asc,
        };
        let after = page.after.map(|after| Column::Id.lt(after.0.0));
        let before = page.before.map(|before| Column::Id.gt(before.0.0));
        let mut select = Entity::find();
        for bound in [after, before].into_iter().flatten() {
            select = select.filter(bound);
        }
        let limit = u64::from(page.limit).saturating_add(1);
        let select = select.order_by(Column::Id, order).limit(limit).into_query();
        let statement = table::statement(self.database(), &select);
        let rows = self.database().read(statement, asked.wanted()).await?;
        let fetched = table::seals(&rows)?;
        Ok(Found { value: Page::from_fetched(fetched, page), origin: rows.origin })
    }

    /// How many seals there are.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails.
    pub async fn count_seals(&self, asked: &Asked) -> Loaded<Found<i64>> {
        let count = Entity::find().select_only().column_as(Column::Id.count(), "count");
        let statement = table::statement(self.database(), &count.into_query());
        let rows = self.database().read(statement, asked.wanted()).await?;
        let count = rows.rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(Found { value: count.unwrap_or_default(), origin: rows.origin })
    }
}
