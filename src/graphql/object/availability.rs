//! Whether lines could be deducted.

use async_graphql::{ID, SimpleObject};

/// Whether all the lines could be deducted at the moment of reading. It promises nothing: only a
/// deduction takes.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryAvailability {
    /// True if every line could be deducted.
    pub(in crate::graphql) available: bool,
    /// In the order of the request, one per distinct SKU.
    pub(in crate::graphql) lines: Vec<InventoryAvailabilityLine>,
}

/// Whether the units wanted of one SKU are there.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryAvailabilityLine {
    /// The SKU.
    pub(in crate::graphql) sku_id: ID,
    /// Units wanted, all the lines of the SKU added up.
    pub(in crate::graphql) requested: i32,
    /// Units left; 0 for a SKU that does not exist.
    pub(in crate::graphql) leaved_amount: i32,
    /// Whether they suffice.
    pub(in crate::graphql) available: bool,
}
