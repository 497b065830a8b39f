//! The inputs of stocktakes.

use async_graphql::{Enum, ID, InputObject, Result};

use crate::count::{CompleteCount, CountFilter};
use crate::domain::MerchantId;
use crate::domain::count::{ObservationRequest, RecordRequest, StartRequest, Uncounted};
use crate::graphql::arguments::{bounded, id};
use crate::graphql::context::RequestContext;
use crate::graphql::object::InventoryCountStatus;
use crate::graphql::scalar::{BigInt, DateTime};

/// A stocktake to be started.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryCountStartInput {
    /// The merchant whose SKUs are counted. Who acts for one merchant may leave it out; who acts for
    /// many must name one. Where the server authenticates nobody, it is merchant 1 if left out.
    pub(in crate::graphql) merchant_id: Option<ID>,
    /// The SKUs to be counted, 1 to 250; all of the merchant's if null or absent. Which SKUs these are
    /// is fixed when the count is started: what is put on the books later is not in it.
    pub(in crate::graphql) sku_ids: Option<Vec<ID>>,
    /// Of all SKUs, only those whose ids are not less. A merchant who has more than 5,000 SKUs counts
    /// them in several counts.
    pub(in crate::graphql) from_sku_id: Option<ID>,
    /// Of all SKUs, only those whose ids are not greater.
    pub(in crate::graphql) to_sku_id: Option<ID>,
    /// Whether what is expected stays hidden from those who count, for as long as the count is open:
    /// from everybody who has not `audit:read`.
    #[graphql(default)]
    pub(in crate::graphql) blind: bool,
    /// Why, for the history; up to 500 characters. It is the reason of the adjustments, too, behind the
    /// number of the count, as far as a reason has room.
    pub(in crate::graphql) reason: Option<String>,
    /// The key under which this is carried out at most once, made by you before you send; 1 to 128
    /// characters. Keys of stocktakes are apart from those of changes of stock.
    pub(in crate::graphql) idempotency_key: String,
}

impl InventoryCountStartInput {
    /// `merchant_by_default` is whose SKUs are counted where nobody is named.
    pub(in crate::graphql) fn request(
        &self,
        merchant_by_default: Option<MerchantId>,
    ) -> StartRequest {
        let text = |id: &ID| id.0.clone();
        StartRequest {
            merchant_id: self.merchant_id.as_ref().map(text),
            merchant_by_default,
            sku_ids: self.sku_ids.as_ref().map(|sku_ids| sku_ids.iter().map(text).collect()),
            from_sku_id: self.from_sku_id.as_ref().map(text),
            to_sku_id: self.to_sku_id.as_ref().map(text),
            blind: self.blind,
        }
    }
}

/// What was counted of one SKU. Name the entry that was the newest when the shelf was counted, by
/// `version` or by `flowId`: what is sold behind it is taken to have happened after the count. So read
/// the SKU right before you count it, `lines { nodes { skuId version } }` of the stocktake, and send
/// what you have read, however late you come to send it.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryCountRecordLineInput {
    /// The SKU. Several lines may name the same one; that of the latest entry counts.
    pub(in crate::graphql) sku_id: ID,
    /// Units on the shelf, 0 to 1,000,000.
    pub(in crate::graphql) quantity: i32,
    /// The version that the SKU had when its shelf was counted. If neither this nor `flowId` is given,
    /// it is the one that it has when this is recorded: count and send at once then.
    pub(in crate::graphql) version: Option<BigInt>,
    /// The SKU's newest entry when its shelf was counted, in place of the version.
    pub(in crate::graphql) flow_id: Option<ID>,
    /// When the shelf was counted. It tells which of two observations counts that name the same entry,
    /// and nothing else; what lies ahead of the server's clock is taken for the moment of its arrival.
    pub(in crate::graphql) counted_at: Option<DateTime>,
    /// The key under which this observation is recorded at most once, made by you when it is counted; 1
    /// to 128 characters. It may be sent again in any company.
    pub(in crate::graphql) idempotency_key: String,
}

/// What was counted.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryCountRecordInput {
    /// The stocktake.
    pub(in crate::graphql) count_id: ID,
    /// What was counted, 1 to 250 lines: all that are new are recorded, or none.
    pub(in crate::graphql) lines: Vec<InventoryCountRecordLineInput>,
}

impl InventoryCountRecordInput {
    pub(in crate::graphql) fn request(&self) -> RecordRequest {
        let line = |line: &InventoryCountRecordLineInput| ObservationRequest {
            sku_id: line.sku_id.0.clone(),
            quantity: line.quantity,
            version: line.version.map(|BigInt(version)| version),
            flow_id: line.flow_id.as_ref().map(|flow_id| flow_id.0.clone()),
            counted_at: line.counted_at.map(|DateTime(counted_at)| counted_at),
            idempotency_key: line.idempotency_key.clone(),
        };
        let lines = self.lines.iter().map(line).collect();
        RecordRequest { count_id: self.count_id.0.clone(), lines }
    }
}

/// What becomes of SKUs that nobody has counted when a stocktake is completed.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum InventoryCountUncounted {
    /// There must be none: the stocktake is not completed.
    Refuse,
    /// Nothing: their amounts stay as they are.
    Leave,
}

/// A stocktake to be completed.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryCountCompleteInput {
    /// The stocktake.
    pub(in crate::graphql) count_id: ID,
    /// What becomes of SKUs that nobody has counted.
    #[graphql(default_with = "InventoryCountUncounted::Refuse")]
    pub(in crate::graphql) uncounted: InventoryCountUncounted,
    /// The `revision` at which you have reviewed it: if observations were recorded since, nothing is
    /// written. null or absent: it is completed as it is.
    pub(in crate::graphql) revision: Option<BigInt>,
}

impl InventoryCountCompleteInput {
    /// The rest of it, once its count is known.
    pub(in crate::graphql) fn request(
        &self,
        count_id: crate::domain::CountId,
        request: &RequestContext,
    ) -> CompleteCount {
        CompleteCount {
            count_id,
            actor: request.caller.actor().to_owned(),
            visibility: request.caller.visibility(),
            uncounted: match self.uncounted {
                InventoryCountUncounted::Refuse => Uncounted::Refuse,
                InventoryCountUncounted::Leave => Uncounted::Leave,
            },
            revision: self.revision.map(|BigInt(revision)| revision),
        }
    }
}

/// A stocktake to be given up.
#[derive(InputObject, Debug)]
pub(in crate::graphql) struct InventoryCountAbandonInput {
    /// The stocktake.
    pub(in crate::graphql) count_id: ID,
}

/// Which stocktakes are wanted. Conditions are joined by AND; a list means any of its values, so that
/// an empty list means none.
#[derive(InputObject, Clone, Debug, Default)]
pub(in crate::graphql) struct InventoryCountWhere {
    /// Those of this merchant.
    merchant_id: Option<ID>,
    /// Those of any of these statuses.
    status: Option<Vec<InventoryCountStatus>>,
}

impl InventoryCountWhere {
    /// The filter that it spells, or which part of it is out of bounds.
    pub(in crate::graphql) fn read(self, request: &RequestContext) -> Result<CountFilter> {
        if let Some(statuses) = &self.status {
            bounded(request, &["where", "status"], statuses)?;
        }
        let merchant_id = self.merchant_id.as_ref();
        let merchant_id = merchant_id.map(|spelled| id(request, &["where", "merchantId"], spelled));
        let statuses = self.status.map(|statuses| statuses.into_iter().map(Into::into).collect());
        Ok(CountFilter { merchant_id: merchant_id.transpose()?, statuses })
    }
}
