//! A SKU's chain of hashes, recomputed.

use async_graphql::{ID, SimpleObject};

use super::finding::InventoryFinding;
use crate::audit::Verified;
use crate::graphql::scalar::{BigInt, Hash};

/// What came of recomputing the hashes of a SKU's entries.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryVerification {
    /// The id of the SKU.
    sku_id: ID,
    /// How many entries were recomputed.
    entry_count: BigInt,
    /// The sequence of the newest of them.
    sequence: BigInt,
    /// Its hash as it is on the books.
    head: Hash,
    /// Whether that is the end of the chain. If not, ask again with `afterSequence` as `sequence` tells.
    complete: bool,
    /// Whether nothing is wrong so far.
    agrees: bool,
    /// How many things are wrong.
    finding_count: BigInt,
    /// What is wrong, the first entry that does not fit first; the first 100 things at the most.
    findings: Vec<InventoryFinding>,
}

impl From<Verified> for InventoryVerification {
    fn from(verified: Verified) -> Self {
        let Verified { verification, complete } = verified;
        Self {
            sku_id: verification.sku_id.to_string().into(),
            entry_count: BigInt(verification.entry_count),
            sequence: BigInt(verification.sequence),
            head: Hash(verification.head),
            complete,
            agrees: verification.findings.is_empty(),
            finding_count: BigInt(i64::try_from(verification.findings.count).unwrap_or(i64::MAX)),
            findings: verification.findings.kept.into_iter().map(Into::into).collect(),
        }
    }
}
