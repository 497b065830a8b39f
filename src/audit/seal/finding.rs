//! What is found when a seal is held against the books.

use crate::domain::{FlowId, SealId, SkuId};

/// Findings of one check that are told one by one; the others are counted.
const FINDINGS_MAX: usize = 1_000;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SealFindingKind {
    /// The seal has no signature, and one by a key was asked for.
    SealUnsigned,
    /// A signature is not one of the key over the statement.
    SealSignatureWrong,
    /// The seal names another key than the one that was given.
    SealKeyDiffers,
    /// The table has no seal of this number.
    SealMissing,
    /// The table's seal of this number is another.
    SealDiffers,
    /// A seal in the table does not have the hash of the one before it.
    SealChainBroken,
    /// The ends on record are not those that were sealed.
    SealRootDiffers,
    /// The books have no entry at the place where a SKU's chain ended in the seal.
    SealedEntryMissing,
    /// The books have another entry there, or one of another hash.
    SealedEntryDiffers,
}

impl SealFindingKind {
    /// What it is called where findings are listed.
    pub fn name(self) -> &'static str {
        match self {
            Self::SealUnsigned => "SEAL_UNSIGNED",
            Self::SealSignatureWrong => "SEAL_SIGNATURE_WRONG",
            Self::SealKeyDiffers => "SEAL_KEY_DIFFERS",
            Self::SealMissing => "SEAL_MISSING",
            Self::SealDiffers => "SEAL_DIFFERS",
            Self::SealChainBroken => "SEAL_CHAIN_BROKEN",
            Self::SealRootDiffers => "SEAL_ROOT_DIFFERS",
            Self::SealedEntryMissing => "SEALED_ENTRY_MISSING",
            Self::SealedEntryDiffers => "SEALED_ENTRY_DIFFERS",
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealFinding {
    /// What.
    pub kind: SealFindingKind,
    /// In or by which seal.
    pub seal_id: SealId,
    /// The SKU, if it is about one.
    pub sku_id: Option<SkuId>,
    /// The entry that was sealed, if it is about one.
    pub flow_id: Option<FlowId>,
    /// Its sequence.
    pub sequence: Option<i64>,
    /// What it means, in one sentence.
    pub message: String,
}

impl SealFinding {
    /// One about a seal as a whole.
    pub(super) fn of_seal(
        kind: SealFindingKind,
        seal_id: SealId,
        message: impl Into<String>,
    ) -> Self {
        Self { kind, seal_id, sku_id: None, flow_id: None, sequence: None, message: message.into() }
    }
}

/// Findings, as many as are told.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    pub(super) told: Vec<SealFinding>,
    pub(super) left_out: u64,
}

impl Findings {
    /// Whether one more is told one by one.
    pub(super) fn has_room(&self) -> bool {
        self.told.len() < FINDINGS_MAX
    }

    pub(super) fn add(&mut self, finding: SealFinding) {
        if self.has_room() {
            self.told.push(finding);
        } else {
            self.leave_out();
        }
    }

    /// Counts one that is not told.
    pub(super) fn leave_out(&mut self) {
        self.left_out = self.left_out.saturating_add(1);
    }
}
