//! Recomputes the chains of entries.

use entity::inventory_flow::{Column, Entity};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryTrait as _};

use super::history::{HistorySource, next_behind};
use super::reconcile::read_from;
use super::{Audit, any, entries, wanted};
use crate::db::{Fault, ReadFrom};
use crate::domain::{Chain, Hash, SkuId, Verification, Verifier};
use crate::store::{Asked, Found, Loaded};

/// A chain that was recomputed, perhaps not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// What was found out.
    pub verification: Verification,
    /// Whether it was recomputed to its end.
    pub complete: bool,
}

impl Audit {
    /// Recomputes a SKU's chain behind the entry of a sequence, whose hash is taken as it is, and
    /// some more than `entries_max` entries of it at the most; `None` within if there is no such SKU
    /// among those that are seen.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails, or too many are at it.
    pub async fn verify_some(
        &self,
        sku_id: SkuId,
        behind: i64,
        entries_max: i64,
        asked: &Asked,
    ) -> Loaded<Found<Option<Verified>>> {
        let _turn = self.turn().await?;
        let from = read_from(asked);
        let (stock, origin) = self.stock(sku_id, from, &asked.read_after).await?;
        let Some(found) = stock.filter(|it| asked.visibility.shows(it.stock.merchant_id)) else {
            return Ok(Found { value: None, origin });
        };
        let source = HistorySource { sku_id, from, version: found.stock.version };
        let chain = self.chain_at(&source, behind).await?;
        let verifier = Verifier::new(sku_id, found.stock.version, found.chain, chain);
        let value = Some(self.run(&source, verifier, entries_max).await?);
        Ok(Found { value, origin })
    }

    /// Recomputes the whole chain of a SKU, whosever it is.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database fails.
    pub async fn verify(&self, sku_id: SkuId, behind: i64) -> Result<Verification, Fault> {
        let (found, _origin) = self.stock(sku_id, ReadFrom::Primary, &any()).await?;
        let (version, chain) = found.map_or((0, Chain::EMPTY), |it| (it.stock.version, it.chain));
        let source = HistorySource { sku_id, from: ReadFrom::Primary, version };
        let from = self.chain_at(&source, behind).await?;
        let verifier = Verifier::new(sku_id, version, chain, from);
        Ok(self.run(&source, verifier, i64::MAX).await?.verification)
    }

    async fn run(
        &self,
        source: &HistorySource,
        mut verifier: Verifier,
        entries_max: i64,
    ) -> Result<Verified, Fault> {
        // No entry of the server's has a sequence below 1, but one of somebody else's may.
        let mut behind = Some(verifier.sequence()).filter(|it| *it > 0).unwrap_or(i64::MIN);
        let mut entries = 0_i64;
        let complete = loop {
            if entries >= entries_max {
                break false;
            }
            let page = self.entries_of(source, behind).await?;
            for entry in &page {
                match entry {
                    Ok(flow) => verifier.entry(flow),
                    Err(unreadable) => {
                        let sequence = unreadable.sequence_behind(verifier.sequence());
                        verifier.unreadable(sequence, unreadable.id, &unreadable.why);
                    }
                }
            }
            entries = entries.saturating_add(i64::try_from(page.len()).unwrap_or(i64::MAX));
            let Some(next) = next_behind(&page) else { break true };
            behind = next;
        };
        if verifier.is_beyond() {
            verifier.stock_again(self.version_now(source.sku_id).await?);
        }
        if complete && verifier.is_unchained() {
            let (now, _origin) = self.stock(source.sku_id, ReadFrom::Primary, &any()).await?;
            verifier.chain_again(now.map_or(0, |it| it.chain.sequence));
        }
        let verification = if complete { verifier.finish() } else { verifier.so_far() };
        Ok(Verified { verification, complete })
    }

    /// The place of a chain at the entry of a sequence. Of an entry that is not there, or has no
    /// hash, nothing is taken as it is: what is behind it is then judged by its own hash alone, and
    /// does not fit.
    async fn chain_at(&self, source: &HistorySource, sequence: i64) -> Result<Chain, Fault> {
        if sequence <= 0 {
            return Ok(Chain::EMPTY);
        }
        let query = Entity::find()
            .filter(Column::SkuId.eq(source.sku_id.0))
            .filter(Column::Sequence.eq(sequence))
            .into_query();
        let reached = source.reached();
        let wanted = wanted(source.from, &reached);
        let found = entries::read(self.database(), &query, wanted).await?;
        let hash = found.into_iter().flatten().find_map(|flow| flow.entry_hash);
        Ok(Chain { sequence, head: hash.unwrap_or(Hash::NOTHING) })
    }
}
