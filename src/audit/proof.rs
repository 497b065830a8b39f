//! Proves an amount by the entries that made it.

use super::Audit;
use super::checkpoints::STEP_ENTRIES;
use super::history::HistorySource;
use super::reconcile::read_from;
use crate::domain::{Flow, Inventory, SkuId, Sums};
use crate::store::{Asked, Found, Loaded};

/// Steps of a long way after which a checkpoint is kept, so that whoever runs out of time has come
/// somewhere.
const KEPT_EVERY: u32 = 20;

/// What the entries of a SKU add up to, up to the version of a stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Their sums.
    pub sums: Sums,
    /// The entry that made the amount; `None` if it is not there.
    pub last: Option<Flow>,
    /// The sequence up to which the sums were at hand, in a checkpoint; 0 if none was.
    pub checkpoint: i64,
    /// Whether all that fits: the sums and the last entry make the amount, the entries are as many as
    /// the version says, and the checkpoint fits the entry at which it stands.
    pub agrees: bool,
}

impl Audit {
    /// Proves a stock by the entries up to its version. What a history of any length adds up to is
    /// kept every ten thousand entries, so that this much is read at the most; the first who asks
    /// adds up what is not kept yet.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails.
    pub async fn prove(&self, stock: &Inventory, asked: &Asked) -> Loaded<Found<Proof>> {
        let Inventory { sku_id, version, .. } = *stock;
        let source = HistorySource { sku_id, from: read_from(asked), version };
        let checkpoint = self.newest_checkpoint(&source).await?;
        let mut sums = checkpoint;
        let missing = version.saturating_sub(sums.sequence);
        let _turn = if missing > STEP_ENTRIES { Some(self.turn().await?) } else { None };
        let mut steps = 0_u32;
        while version.saturating_sub(sums.sequence) > STEP_ENTRIES {
            let until = sums.sequence.saturating_add(STEP_ENTRIES);
            sums = self.add_up(&source, sums, until).await?;
            steps = steps.saturating_add(1);
            let is_last = version.saturating_sub(sums.sequence) <= STEP_ENTRIES;
            // What does not add up is not kept.
            if sums.count() == sums.sequence && (is_last || steps.is_multiple_of(KEPT_EVERY)) {
                self.keep_checkpoint(sku_id, sums).await;
            }
        }
        if sums.sequence < version {
            sums = self.add_up(&source, sums, version).await?;
        }
        let last = self.entry_at(sku_id, version, asked).await?;
        let fits = self.fits(sku_id, checkpoint, asked).await?;
        let made = last.value.as_ref().is_some_and(|last| last.leaved_after == stock.leaved_amount);
        let amount = i64::from(stock.leaved_amount);
        let agrees = fits && made && sums.leaved() == amount && sums.count() == version;
        let proof = Proof { sums, last: last.value, checkpoint: checkpoint.sequence, agrees };
        Ok(Found { value: proof, origin: last.origin })
    }

    /// Whether a checkpoint fits the entry at which it stands.
    async fn fits(&self, sku_id: SkuId, checkpoint: Sums, asked: &Asked) -> Loaded<bool> {
        if checkpoint.sequence == 0 {
            return Ok(true);
        }
        let entry = self.entry_at(sku_id, checkpoint.sequence, asked).await?.value;
        let left = entry.is_some_and(|entry| i64::from(entry.leaved_after) == checkpoint.leaved());
        Ok(left && checkpoint.count() == checkpoint.sequence)
    }

    /// The entry of a sequence; `None` if it is not there.
    async fn entry_at(
        &self,
        sku_id: SkuId,
        sequence: i64,
        asked: &Asked,
    ) -> Loaded<Found<Option<Flow>>> {
        let place = (sku_id, sequence);
        let found = self.store().load_flows_at(&[place], asked).await?;
        Ok(found.map(|mut flows| flows.remove(&place)))
    }
}
