//! Finds counts, and lists them.

use entity::inventory_count::Column;
use sea_orm::sea_query::{Expr, ExprTrait as _, Order, SelectStatement};

use super::{Counts, rows, statement};
use crate::db::Fault;
use crate::domain::{
    Count, CountCursor, CountId, CountStatus, MerchantId, Origin, Page, PageEnd, PageRequest,
    Visibility,
};
use crate::store::{Found, Loaded};

/// Which counts are wanted. Conditions are joined by AND.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountFilter {
    /// Of this merchant.
    pub merchant_id: Option<MerchantId>,
    /// Of any of these statuses.
    pub statuses: Option<Vec<CountStatus>>,
}

impl Counts {
    /// A count, as far as it is seen.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails.
    pub async fn find_count(
        &self,
        id: CountId,
        visibility: Visibility,
    ) -> Loaded<Found<Option<Count>>> {
        let (value, origin) = self.seen(id, visibility).await?;
        Ok(Found { value, origin })
    }

    /// The same, for whoever writes.
    pub(super) async fn seen(
        &self,
        id: CountId,
        visibility: Visibility,
    ) -> Result<(Option<Count>, Origin), Fault> {
        let mut select = statement::select_count();
        select.and_where(Expr::col(Column::Id).eq(id.0));
        let rows = self.read(self.dialect().backend().build(&select)).await?;
        let count = rows::counts(&rows)?.pop();
        Ok((count.filter(|count| visibility.shows(count.merchant_id)), rows.origin))
    }

    /// A page of counts, the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails.
    pub async fn list_counts(
        &self,
        filter: &CountFilter,
        page: &PageRequest<CountCursor>,
        visibility: Visibility,
    ) -> Loaded<Found<Page<Count>>> {
        let Some(visibility) = visibility.narrowed(filter.merchant_id) else {
            return Ok(Found::of_nobody(Page::from_fetched(Vec::new(), page)));
        };
        let mut select = statement::select_count();
        narrow(&mut select, filter, visibility);
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
        select.order_by(Column::Id, order).limit(u64::from(page.limit).saturating_add(1));
        let rows = self.read(self.dialect().backend().build(&select)).await?;
        let fetched = rows::counts(&rows)?;
        Ok(Found { value: Page::from_fetched(fetched, page), origin: rows.origin })
    }

    /// How many counts the filter lets through. It counts them all.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails.
    pub async fn count_counts(
        &self,
        filter: &CountFilter,
        visibility: Visibility,
    ) -> Loaded<Found<i64>> {
        let Some(visibility) = visibility.narrowed(filter.merchant_id) else {
            return Ok(Found::of_nobody(0));
        };
        let mut select = statement::select_count();
        select.clear_selects().expr(Expr::col(Column::Id).count());
        narrow(&mut select, filter, visibility);
        let rows = self.read(self.dialect().backend().build(&select)).await?;
        let count = rows.rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(Found { value: count.unwrap_or_default(), origin: rows.origin })
    }
}

fn narrow(select: &mut SelectStatement, filter: &CountFilter, visibility: Visibility) {
    if let Some(merchant_id) = visibility.only() {
        select.and_where(Expr::col(Column::MerchantId).eq(merchant_id.0));
    }
    if let Some(statuses) = &filter.statuses {
        let codes = statuses.iter().map(|status| status.code());
        select.and_where(Expr::col(Column::Status).is_in(codes));
    }
}
