//! What became of a request.

use entity::inventory_flow::{Column, Entity};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QueryTrait as _,
};

use super::{Loaded, Store};
use crate::domain::Flow;

impl Store {
    /// The entries written under a key, in the order of the request's lines; empty if there are
    /// none.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn find_operation(&self, scope: &str, idempotency_key: &str) -> Loaded<Vec<Flow>> {
        let query = Entity::find()
            .filter(Column::IdempotencyKey.eq(idempotency_key))
            .filter(Column::IdempotencyScope.eq(scope))
            .order_by_asc(Column::Line)
            .into_query();
        self.flows(&query).await
    }
}
