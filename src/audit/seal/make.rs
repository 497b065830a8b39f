//! Makes a seal: reads the ends of all chains, and writes a statement over them.
//!
//! Every end is one that its SKU's chain had at a commit; they are not all of one instant, for nobody
//! is kept from selling while they are read, and a seal says of each SKU by itself what came before.
//! The greatest id beneath it is that of an entry which is the end of a chain in this very seal.
//!
//! What is broken is not sealed: a seal over damage would say that it had always been so. So the end of
//! a chain must be the hash of the entry at its sequence, and what the seal before ended with must be
//! on the books as it was. What is between two ends is for whoever verifies the chains.
//!
//! The ends are read page by page, and those that changed are kept until they are written, 56 bytes
//! each: the transaction has nothing to do but to add rows, since an SQLite file has one writer, for
//! whom sales wait. A first seal over a million SKUs takes 56 MB for as long as it is made.

use sea_orm::{DatabaseTransaction, DbErr};

use super::heads::{self, AHEAD_OF_ALL, Place, Stock};
use super::key::SealKey;
use super::table;
use crate::audit::Audit;
use crate::db::{Cause, Database, Dialect, Fault};
use crate::domain::{Clock, FlowId, Hash, Seal, SealHead, SealId, SignedSeal, SkuId, merkle::Tree};

/// Why no seal was made.
#[derive(Debug, thiserror::Error)]
pub enum MakeSealError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] Fault),
    /// Entries wait to be chained.
    #[error(
        "SKU {sku_id} has entries behind sequence {sequence} that are not chained yet; run \
         `stockflow migrate up` as a user who may change history"
    )]
    Unchained {
        /// Whose they are.
        sku_id: SkuId,
        /// How far its entries are chained.
        sequence: i64,
    },
    /// The end of a chain is not what the entry at its sequence says, or there is none.
    #[error(
        "the chain of SKU {sku_id} does not end with its entry of sequence {sequence}, which is \
         missing or another; see `stockflow audit verify`"
    )]
    Broken {
        /// Whose chain it is.
        sku_id: SkuId,
        /// Where it is said to end.
        sequence: i64,
    },
    /// A chain is shorter than it was when it was sealed last.
    #[error(
        "the history of SKU {sku_id} goes to sequence {sequence}, and was sealed up to {sealed} \
         before: entries have been taken away"
    )]
    WentBack {
        /// Whose chain it is.
        sku_id: SkuId,
        /// Where it ends now.
        sequence: i64,
        /// Where it ended.
        sealed: i64,
    },
    /// What was sealed before is not on the books any more.
    #[error(
        "the entry of SKU {sku_id} with sequence {sequence} is not the one that was sealed before: \
         history up to it has been rewritten"
    )]
    Rewritten {
        /// Whose entry it is.
        sku_id: SkuId,
        /// Which.
        sequence: i64,
    },
    /// A SKU that was sealed has no stock any more.
    #[error("SKU {sku_id} was sealed before and is not on the books any more")]
    Vanished {
        /// Which; the first of them.
        sku_id: SkuId,
    },
    /// The seal before was over SKUs of which no ends are on record.
    #[error(
        "seal {id} is over {sealed} SKUs, and t_inventory_seal_head has the ends of {found}: rows \
         have been taken away or added"
    )]
    HeadsLost {
        /// The newest seal.
        id: SealId,
        /// Over how many SKUs it is.
        sealed: i64,
        /// Of how many there are ends.
        found: i64,
    },
    /// Somebody else made the seal at the same moment.
    #[error("seal {0} was made by somebody else at the same moment, and is over the same books")]
    Another(SealId),
    /// There are ends of a seal that there is not.
    #[error(
        "t_inventory_seal_head has rows of seal {0}, which t_inventory_seal does not have: seals \
         have been taken away"
    )]
    SealsLost(SealId),
}

impl From<DbErr> for MakeSealError {
    fn from(error: DbErr) -> Self {
        Self::Database(error.into())
    }
}

impl Audit {
    /// Makes a seal over all chains as they are now, signed if there is a key.
    ///
    /// # Errors
    ///
    /// [`MakeSealError`] when the database fails, its user may not add to the tables of seals, the
    /// books are not such that they should be sealed, or somebody else makes a seal at the same time.
    pub async fn make_seal(
        &self,
        key: Option<&SealKey>,
        clock: &Clock,
    ) -> Result<SignedSeal, MakeSealError> {
        let database = self.database();
        // First of all: a seal that another makes meanwhile takes this one's number, and is met.
        let before = table::newest(database).await?;
        let ends = Ends::read(database, before.as_ref()).await?;
        let (merkle_root, _path) = ends.tree.finish();
        let before = before.map(|before| before.seal);
        let seal = Seal {
            id: SealId(before.map_or(1, |before| before.id.0.saturating_add(1))),
            sealed_at: clock.now(),
            sku_count: ends.sku_count,
            last_flow_id: ends.last_flow_id,
            merkle_root,
            previous_hash: before.map_or(Hash::NOTHING, |before| before.hash()),
        };
        let signed = SignedSeal { seal, signature: key.map(|key| key.sign(&seal)) };
        match write(database, &signed, &ends.changed).await {
            Ok(()) => Ok(signed),
            Err(fault) if fault.cause == Cause::Duplicate => {
                let is_there = table::find(database, seal.id).await?.is_some();
                Err(if is_there {
                    MakeSealError::Another(seal.id)
                } else {
                    MakeSealError::SealsLost(seal.id)
                })
            }
            Err(fault) => Err(fault.into()),
        }
    }
}

/// The ends of all chains.
#[derive(Debug)]
struct Ends {
    tree: Tree,
    sku_count: i64,
    last_flow_id: FlowId,
    /// Those that are not what they were in the seal before.
    changed: Vec<SealHead>,
}

impl Ends {
    async fn read(database: &Database, before: Option<&SignedSeal>) -> Result<Self, MakeSealError> {
        let before = before.map(|before| before.seal);
        let seal_id = before.map_or(SealId(0), |before| before.id);
        let mut ends = Self {
            tree: Tree::default(),
            sku_count: 0,
            last_flow_id: FlowId(0),
            changed: Vec::new(),
        };
        let (mut behind, mut sealed) = (AHEAD_OF_ALL, 0_i64);
        loop {
            let stocks = heads::stocks_behind(database, behind, seal_id).await?;
            let Some(last) = stocks.last() else { break };
            behind = last.sku_id;
            for stock in &stocks {
                sealed = sealed.saturating_add(i64::from(stock.sealed.is_some()));
                ends.add(end(stock)?, stock);
            }
        }
        if let Some(before) = before.filter(|before| before.sku_count != sealed) {
            if let Some(sku_id) = heads::vanished(database, before.id).await? {
                return Err(MakeSealError::Vanished { sku_id });
            }
            let (id, sku_count) = (before.id, before.sku_count);
            return Err(MakeSealError::HeadsLost { id, sealed: sku_count, found: sealed });
        }
        Ok(ends)
    }

    fn add(&mut self, head: SealHead, stock: &Stock) {
        self.tree.add(head.leaf());
        self.sku_count = self.sku_count.saturating_add(1);
        self.last_flow_id = self.last_flow_id.max(head.flow_id);
        if stock.sealed.is_none_or(|sealed| sealed.head != head) {
            self.changed.push(head);
        }
    }
}

/// The end of a SKU's chain, if it may be sealed.
fn end(stock: &Stock) -> Result<SealHead, MakeSealError> {
    let Stock { sku_id, chain_sequence: sequence, chain_head: hash, .. } = *stock;
    if let Some(sealed) = &stock.sealed {
        let before = sealed.head.sequence;
        if sequence < before {
            return Err(MakeSealError::WentBack { sku_id, sequence, sealed: before });
        }
        if !sealed.fits() {
            return Err(MakeSealError::Rewritten { sku_id, sequence: before });
        }
    }
    if sequence < stock.version {
        return Err(MakeSealError::Unchained { sku_id, sequence });
    }
    match stock.entry {
        Some(Place { flow_id, hash: entry }) if entry == hash && hash != Hash::NOTHING => {
            Ok(SealHead { sku_id, sequence, flow_id, hash })
        }
        Some(_) | None => Err(MakeSealError::Broken { sku_id, sequence }),
    }
}

/// Writes a seal and the ends that changed, both or neither.
async fn write(
    database: &Database,
    signed: &SignedSeal,
    changed: &[SealHead],
) -> Result<(), Fault> {
    let dialect = database.dialect();
    let transaction = database.begin_beside_stock().await?;
    match write_within(&transaction, dialect, signed, changed).await {
        Ok(()) => Ok(transaction.commit().await?),
        Err(fault) => {
            transaction.rollback().await?;
            Err(fault)
        }
    }
}

/// The seal goes first: whoever makes one of the same number waits there, or is told.
async fn write_within(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    signed: &SignedSeal,
    changed: &[SealHead],
) -> Result<(), Fault> {
    table::insert(transaction, dialect, signed).await?;
    table::insert_heads(transaction, dialect, signed.seal.id, changed).await
}
