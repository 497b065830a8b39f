//! Reads the history of one SKU, page by page.

use std::collections::HashMap;

use entity::inventory_flow::{Column, Entity};
use sea_orm::sea_query::Alias;
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
};

use super::entries::{self, PAGE_ENTRIES_MAX, Read};
use super::reconcile::read_from;
use super::{Audit, wanted};
use crate::db::{Fault, ReadFrom};
use crate::domain::{Deduction, Flow, FlowId, FlowKind, ReadAfter, SkuId};
use crate::store::{Asked, Loaded};

/// Deductions of one statement.
const DEDUCTIONS_MAX: usize = 500;

/// From where a SKU's history is read: all its pages from sources that have come so far.
#[derive(Clone, Debug)]
pub(crate) struct HistorySource {
    pub(crate) sku_id: SkuId,
    pub(crate) from: ReadFrom,
    /// The version of the stock that it is compared with; 0 if there is none.
    pub(crate) version: i64,
}

impl HistorySource {
    pub(super) fn reached(&self) -> ReadAfter {
        if self.version == 0 {
            return ReadAfter::default();
        }
        ReadAfter::of_version(self.sku_id, self.version)
    }
}

impl Audit {
    /// The next entries of a SKU behind a sequence, in its order; none at the end.
    pub(crate) async fn entries_of(
        &self,
        source: &HistorySource,
        behind: i64,
    ) -> Result<Vec<Read>, Fault> {
        let mut query = Entity::find()
            .filter(Column::SkuId.eq(source.sku_id.0))
            .filter(Column::Sequence.gt(behind))
            .order_by_asc(Column::Sequence)
            .limit(PAGE_ENTRIES_MAX)
            .into_query();
        query.force_index(Alias::new("t_inventory_flow_sequence"), IndexHintScope::All);
        let reached = source.reached();
        let wanted = wanted(source.from, &reached);
        entries::read(self.database(), &query, wanted).await
    }

    /// Those of these entries that can be read, and are seen, in the order of their ids.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails.
    pub async fn readable_flows(&self, ids: &[FlowId], asked: &Asked) -> Loaded<Vec<Flow>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let query = Entity::find()
            .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
            .order_by_asc(Column::Id)
            .into_query();
        let wanted = wanted(read_from(asked), &asked.read_after);
        let read = entries::read(self.database(), &query, wanted).await?;
        let seen = |flow: &Flow| asked.visibility.shows(flow.merchant_id);
        Ok(read.into_iter().flatten().filter(seen).collect())
    }

    /// What is known of these entries as deductions, from sources that have come so far; those that
    /// do not exist are left out.
    pub(crate) async fn deductions(
        &self,
        source: &HistorySource,
        ids: &[FlowId],
    ) -> Result<HashMap<FlowId, Deduction>, Fault> {
        let reached = source.reached();
        let wanted = wanted(source.from, &reached);
        let mut found = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(DEDUCTIONS_MAX) {
            let query =
                Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.0))).into_query();
            for flow in entries::read(self.database(), &query, wanted).await?.into_iter().flatten()
            {
                found.insert(flow.id, deduction(&flow));
            }
        }
        Ok(found)
    }
}

/// The sequence behind which the next page begins; `None` if there is none, or if the page ends with an
/// entry that has no place from which to go on.
pub(crate) fn next_behind(page: &[Read]) -> Option<i64> {
    let is_full = u64::try_from(page.len()).is_ok_and(|entries| entries >= PAGE_ENTRIES_MAX);
    match page.last().filter(|_last| is_full)? {
        Ok(flow) => Some(flow.sequence),
        Err(unreadable) => unreadable.place.map(|(_sku_id, sequence)| sequence),
    }
}

/// What an entry is as a deduction.
pub(crate) fn deduction(flow: &Flow) -> Deduction {
    let quantity = (flow.kind == FlowKind::Deduction).then_some(flow.quantity_trade.into());
    Deduction { sku_id: flow.sku_id, quantity }
}
