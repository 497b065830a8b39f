//! How far a sweep is, so that it can go on another time.

use std::collections::BTreeSet;

use crate::domain::SkuId;

/// A place in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Entries up to this id are taken as they are.
    pub since: i64,
    /// Entries up to this id are checked; 0 if that is not settled yet.
    pub until: i64,
    /// SKUs up to this id were checked in passes before.
    pub behind_sku: i64,
    /// Entries up to this id were checked in this pass.
    pub through: i64,
    /// SKUs with which something seems to be wrong, to be gone over at the end.
    pub suspects: BTreeSet<SkuId>,
    /// Entries that cannot be read, not even whose they are.
    pub nowhere: BTreeSet<i64>,
}

impl Place {
    /// The beginning, where entries up to `since` are taken as they are.
    pub fn behind(since: i64) -> Self {
        Self {
            since,
            until: 0,
            behind_sku: i64::MIN,
            through: since,
            suspects: BTreeSet::new(),
            nowhere: BTreeSet::new(),
        }
    }
}

impl Default for Place {
    fn default() -> Self {
        Self::behind(0)
    }
}
