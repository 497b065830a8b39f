//! Tells which entry of a SKU was the newest when its shelf was counted.

use std::collections::HashMap;

use sea_orm::DatabaseTransaction;

use super::{Counts, statement};
use crate::db::{Cells, Fault, Table};
use crate::domain::count::{ObservedAt, ShelfCount};
use crate::domain::{
    Argument, Count, CountViolation, Field, FlowId, MerchantId, Refusal, SkuId, Violation,
};

/// Which entry was the newest when a shelf was counted, and what it had left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) version: i64,
    pub(super) leaved_after: i32,
}

impl Counts {
    /// Which entry was the newest when each shelf was counted; or why that cannot be told.
    pub(super) async fn places<'a>(
        &self,
        transaction: &DatabaseTransaction,
        count: &Count,
        fresh: &[(usize, &'a ShelfCount)],
    ) -> Result<Result<Vec<(&'a ShelfCount, Place)>, Vec<Refusal>>, Fault> {
        let stocks = self.stocks(transaction, count, fresh).await?;
        let at = self.entries_at(transaction, fresh).await?;
        let by_id = self.entries(transaction, fresh).await?;
        let (mut places, mut refusals) = (Vec::with_capacity(fresh.len()), Vec::new());
        for &(place, line) in fresh {
            let sku_id = line.sku_id;
            let found = match (stocks.get(&sku_id), line.observed_at) {
                (None, _) => {
                    let count_id = count.id;
                    let violation = CountViolation::SkuNotInCount { sku_id, count_id };
                    Err((Argument::SkuId, violation.into()))
                }
                (Some(now), ObservedAt::Now) => Ok(*now),
                (Some(_), ObservedAt::Version(version)) => at
                    .get(&(sku_id, version))
                    .map(|leaved_after| Place { version, leaved_after: *leaved_after })
                    .ok_or_else(|| {
                        let violation = CountViolation::VersionNotFound { sku_id, version };
                        (Argument::Version, violation.into())
                    }),
                (Some(_), ObservedAt::Flow(flow_id)) => {
                    of_sku(&by_id, count.merchant_id, sku_id, flow_id)
                        .map_err(|violation| (Argument::FlowId, violation))
                }
            };
            match found {
                Ok(found) => places.push((line, found)),
                Err((argument, violation)) => {
                    let field = Field::of_line(Some(place), argument);
                    refusals.push(Refusal { field, violation });
                }
            }
        }
        Ok(if refusals.is_empty() { Ok(places) } else { Err(refusals) })
    }

    /// The stocks of those SKUs that are in the count.
    async fn stocks(
        &self,
        transaction: &DatabaseTransaction,
        count: &Count,
        fresh: &[(usize, &ShelfCount)],
    ) -> Result<HashMap<SkuId, Place>, Fault> {
        let current = self.current(transaction, count, fresh.iter().map(|(_, line)| line.sku_id));
        let in_count = current.await?;
        let skus = Table::of_integers("sku_id", in_count.keys().map(|sku_id| sku_id.0));
        let mut stocks = HashMap::with_capacity(in_count.len());
        if in_count.is_empty() {
            return Ok(stocks);
        }
        for row in self.rows(transaction, statement::stocks(self.dialect(), skus)?).await? {
            let place =
                Place { version: row.try_get_by_index(1)?, leaved_after: row.try_get_by_index(2)? };
            stocks.insert(SkuId(row.try_get_by_index(0)?), place);
        }
        Ok(stocks)
    }

    /// What the entries had left that are named by a version.
    async fn entries_at(
        &self,
        transaction: &DatabaseTransaction,
        fresh: &[(usize, &ShelfCount)],
    ) -> Result<HashMap<(SkuId, i64), i32>, Fault> {
        let named = fresh.iter().filter_map(|(_place, line)| match line.observed_at {
            ObservedAt::Version(version) => Some((line.sku_id.0, version)),
            ObservedAt::Flow(_) | ObservedAt::Now => None,
        });
        let (sku_ids, versions): (Vec<i64>, Vec<i64>) = named.unzip();
        let mut at = HashMap::with_capacity(versions.len());
        if versions.is_empty() {
            return Ok(at);
        }
        let places = Table::of_integers("sku_id", sku_ids.into_iter())
            .with("sequence", Cells::Integers(versions));
        for row in self.rows(transaction, statement::entries_at(self.dialect(), places)?).await? {
            let place = (SkuId(row.try_get_by_index(0)?), row.try_get_by_index(1)?);
            at.insert(place, row.try_get_by_index(2)?);
        }
        Ok(at)
    }

    /// The entries that are named by their ids, each with its SKU and merchant.
    async fn entries(
        &self,
        transaction: &DatabaseTransaction,
        fresh: &[(usize, &ShelfCount)],
    ) -> Result<HashMap<FlowId, (SkuId, MerchantId, Place)>, Fault> {
        let named = fresh.iter().filter_map(|(_place, line)| match line.observed_at {
            ObservedAt::Flow(flow_id) => Some(flow_id.0),
            ObservedAt::Version(_) | ObservedAt::Now => None,
        });
        let ids: Vec<i64> = named.collect();
        let mut entries = HashMap::with_capacity(ids.len());
        if ids.is_empty() {
            return Ok(entries);
        }
        let ids = Table::of_integers("id", ids.into_iter());
        for row in self.rows(transaction, statement::entries(self.dialect(), ids)?).await? {
            let place =
                Place { version: row.try_get_by_index(2)?, leaved_after: row.try_get_by_index(3)? };
            let of = (SkuId(row.try_get_by_index(1)?), MerchantId(row.try_get_by_index(4)?), place);
            entries.insert(FlowId(row.try_get_by_index(0)?), of);
        }
        Ok(entries)
    }
}

/// The place of an entry that must be the SKU's. One of another merchant is as if it did not exist.
fn of_sku(
    entries: &HashMap<FlowId, (SkuId, MerchantId, Place)>,
    merchant_id: MerchantId,
    sku_id: SkuId,
    flow_id: FlowId,
) -> Result<Place, Violation> {
    match entries.get(&flow_id) {
        Some((of, _merchant, place)) if *of == sku_id => Ok(*place),
        Some((_sku, of, _place)) if *of == merchant_id => {
            Err(CountViolation::FlowOfAnotherSku { flow_id, sku_id }.into())
        }
        Some(_) | None => Err(Violation::FlowNotFound { flow_id }),
    }
}
