//! What is wrong with the books, where something is.

use async_graphql::{ComplexObject, Context, Enum, ID, Result, SimpleObject};

use super::flow::InventoryFlow;
use crate::domain::{self, FindingKind, FlowId};
use crate::graphql::budget::spend_on_nodes;
use crate::graphql::context::ContextExt as _;
use crate::graphql::needs::AUDIT_READ;
use crate::graphql::scalar::BigInt;
use crate::graphql::texts::spend_on_texts;
use crate::telemetry::trace::Span;

/// What kind of thing is wrong. Books that the server alone has written never give a finding: one is a
/// sign of a hand that went past it, or of a mistake of its own.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum InventoryFindingKind {
    /// The amount on the books is not what the SKU's entries add up to.
    AmountMismatch,
    /// The version on the books is not the number of the SKU's entries.
    VersionMismatch,
    /// Entries are missing: the sequence has a gap, or ends too early.
    EntryMissing,
    /// There are entries that are none of those from 1 to the version on the books.
    EntryUnaccounted,
    /// The ids of entries run against their sequence.
    EntryOutOfOrder,
    /// What an entry says was left does not follow from the entry before it.
    BalanceBreak,
    /// The first entry is no opening, or a later one is.
    OpeningMisplaced,
    /// An entry belongs to another merchant than its SKU.
    MerchantMismatch,
    /// More was given back of a deduction than it took.
    RefundExceedsDeducted,
    /// A refund gives back what is no deduction of its SKU.
    RefundWithoutDeduction,
    /// There are entries of a SKU that is not on the books.
    StockMissing,
    /// A row holds what the server never writes.
    EntryUnreadable,
    /// A kept sum is not what the entries up to it add up to.
    CheckpointMismatch,
    /// An entry has no hash. If a server of an earlier version is still running, or was of late,
    /// `stockflow migrate up` puts it in.
    HashMissing,
    /// The hash of an entry does not follow from what it says and from the entry before it.
    HashMismatch,
    /// The end of the chain on the books is not the hash of the newest entry.
    ChainHeadMismatch,
}

impl From<FindingKind> for InventoryFindingKind {
    fn from(kind: FindingKind) -> Self {
        match kind {
            FindingKind::AmountMismatch => Self::AmountMismatch,
            FindingKind::VersionMismatch => Self::VersionMismatch,
            FindingKind::EntryMissing => Self::EntryMissing,
            FindingKind::EntryUnaccounted => Self::EntryUnaccounted,
            FindingKind::EntryOutOfOrder => Self::EntryOutOfOrder,
            FindingKind::BalanceBreak => Self::BalanceBreak,
            FindingKind::OpeningMisplaced => Self::OpeningMisplaced,
            FindingKind::MerchantMismatch => Self::MerchantMismatch,
            FindingKind::RefundExceedsDeducted => Self::RefundExceedsDeducted,
            FindingKind::RefundWithoutDeduction => Self::RefundWithoutDeduction,
            FindingKind::StockMissing => Self::StockMissing,
            FindingKind::EntryUnreadable => Self::EntryUnreadable,
            FindingKind::CheckpointMismatch => Self::CheckpointMismatch,
            FindingKind::HashMissing => Self::HashMissing,
            FindingKind::HashMismatch => Self::HashMismatch,
            FindingKind::ChainHeadMismatch => Self::ChainHeadMismatch,
        }
    }
}

/// Something that is wrong with the books of one SKU.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryFinding {
    /// What kind of thing.
    kind: InventoryFindingKind,
    /// The SKU whose books are wrong.
    sku_id: ID,
    /// What is wrong, in one line, for people. Programs go by `kind`.
    message: String,
    /// The place in the SKU's history, where there is one.
    sequence: Option<BigInt>,
    /// The ids of the entries at fault, those that are missing left out; of many the first.
    flow_ids: Vec<ID>,
    /// What should be there, where that can be told.
    expected: Option<String>,
    /// What is there instead.
    actual: Option<String>,
    #[graphql(skip)]
    flows: Vec<FlowId>,
}

impl From<domain::Finding> for InventoryFinding {
    fn from(finding: domain::Finding) -> Self {
        Self {
            kind: finding.kind.into(),
            sku_id: finding.sku_id.to_string().into(),
            message: finding.to_string(),
            sequence: finding.sequence.map(BigInt),
            flow_ids: finding.flow_ids.iter().map(|id| id.to_string().into()).collect(),
            expected: finding.expected,
            actual: finding.actual,
            flows: finding.flow_ids,
        }
    }
}

#[ComplexObject]
impl InventoryFinding {
    /// The entries at fault, as far as they can be read.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    async fn flows(&self, context: &Context<'_>) -> Result<Vec<InventoryFlow>> {
        spend_on_nodes(context, self.flows.len())?;
        let request = context.request();
        let flows = context.audit().readable_flows(&self.flows, &request.reading.asked);
        let flows = Span::part("audit.readable_flows").around(flows).await;
        let flows = flows.map_err(|error| request.failed(&error))?;
        spend_on_texts(context, None, &flows)?;
        Ok(flows.into_iter().map(Into::into).collect())
    }
}
