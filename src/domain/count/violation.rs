//! Why a request about a count is refused.

use super::CountStatus;
use crate::domain::limits::COUNT_SKUS_MAX;
use crate::domain::{CountId, FlowId, MerchantId, SkuId};

/// What rule a request about a count breaks, with its numbers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CountViolation {
    /// There is no such count.
    #[error("there is no inventory count {0}")]
    NotFound(CountId),
    /// The count is closed.
    #[error("inventory count {count_id} is {status}")]
    NotOpen {
        /// The count.
        count_id: CountId,
        /// How it was closed.
        status: CountStatus,
    },
    /// The SKU is not among those of the count.
    #[error("SKU {sku_id} is not in inventory count {count_id}")]
    SkuNotInCount {
        /// The SKU.
        sku_id: SkuId,
        /// The count.
        count_id: CountId,
    },
    /// The SKU has no entry of that version.
    #[error("SKU {sku_id} has no version {version}")]
    VersionNotFound {
        /// The SKU.
        sku_id: SkuId,
        /// The version given.
        version: i64,
    },
    /// The entry is another SKU's.
    #[error("flow entry {flow_id} is not one of SKU {sku_id}")]
    FlowOfAnotherSku {
        /// The entry.
        flow_id: FlowId,
        /// The SKU.
        sku_id: SkuId,
    },
    /// A version is none.
    #[error("must be 1 or more, is {0}")]
    InvalidVersion(i64),
    /// An argument says again what another has said.
    #[error("must be left out, for {0} is given")]
    SaidTwice(&'static str),
    /// The count has more SKUs than one count may have.
    #[error(
        "has more than {COUNT_SKUS_MAX} SKUs; count them in several counts, by fromSkuId and toSkuId"
    )]
    TooManySkus,
    /// There is nothing to be counted.
    #[error("merchant {0} has no such SKUs, so that there is nothing to count")]
    NoSkus(MerchantId),
    /// Observations were recorded since the count was looked at.
    #[error("inventory count {count_id} has come to revision {revision}; review it again")]
    Changed {
        /// The count.
        count_id: CountId,
        /// Its revision now.
        revision: i64,
    },
    /// SKUs were not counted, and nobody has said that these may be left.
    #[error(
        "inventory count {count_id} has {missing} SKUs that were not counted; count them, or \
         complete it with uncounted LEAVE"
    )]
    Uncounted {
        /// The count.
        count_id: CountId,
        /// So many SKUs.
        missing: i64,
    },
    /// Nothing was counted at all.
    #[error("nothing was counted in inventory count {0}; abandon it")]
    NothingCounted(CountId),
    /// More went out since the shelf was counted than it had.
    #[error(
        "SKU {sku_id} has {available} units left, and the count would take {missing}: more went out \
         since the shelf was counted than it had; count it again"
    )]
    Stale {
        /// The SKU.
        sku_id: SkuId,
        /// Units that were missing when it was counted.
        missing: i32,
        /// Units on the books now.
        available: i32,
    },
    /// Somebody else must complete it.
    #[error(
        "inventory count {count_id} sets {units} units right, which is more than {above}: it must be \
         completed by somebody who neither started it nor counted"
    )]
    NeedsSecondPerson {
        /// The count.
        count_id: CountId,
        /// Units over and short.
        units: i64,
        /// Units that one person may set right alone.
        above: i64,
    },
}

impl CountViolation {
    /// Whether its text is half a sentence, which the name of the argument at fault begins.
    pub(in crate::domain) fn wants_argument(&self) -> bool {
        match self {
            Self::InvalidVersion(_) | Self::SaidTwice(_) | Self::TooManySkus => true,
            Self::NotFound(_)
            | Self::NotOpen { .. }
            | Self::SkuNotInCount { .. }
            | Self::VersionNotFound { .. }
            | Self::FlowOfAnotherSku { .. }
            | Self::NoSkus(_)
            | Self::Changed { .. }
            | Self::Uncounted { .. }
            | Self::NothingCounted(_)
            | Self::Stale { .. }
            | Self::NeedsSecondPerson { .. } => false,
        }
    }
}
