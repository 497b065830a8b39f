//! What became of a request.

use async_graphql::SimpleObject;

use super::flow::InventoryFlow;
use crate::graphql::scalar::DateTime;

/// What a request wrote, found again by its idempotency key.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryOperation {
    /// The key of the request.
    pub(in crate::graphql) idempotency_key: String,
    /// The entries that it wrote, in the order of its lines.
    pub(in crate::graphql) flows: Vec<InventoryFlow>,
    /// When it wrote them: all at once.
    pub(in crate::graphql) created_at: DateTime,
}
