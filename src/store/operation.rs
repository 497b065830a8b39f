//! What became of a request.

use entity::inventory_flow::{Column, Entity};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QueryTrait as _,
};

use super::{Asked, Found, Loaded, Store};
use crate::domain::Flow;
use crate::domain::filter::Consistency;

impl Store {
    /// The entries written under a key, in the order of the request's lines; empty if there are
    /// none. The primary is asked, and nobody else: whoever has lost an answer wants to know whether
    /// it was done, not whether a replica has heard of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn find_operation(
        &self,
        scope: &str,
        idempotency_key: &str,
    ) -> Loaded<Found<Vec<Flow>>> {
        let query = Entity::find()
            .filter(Column::IdempotencyKey.eq(idempotency_key))
            .filter(Column::IdempotencyScope.eq(scope))
            .order_by_asc(Column::Line)
            .into_query();
        self.flows(&query, &Asked::of(Consistency::Primary)).await
    }
}
