//! What an export says of itself at its end: of what it is, how far it goes and which bytes it has.
//!
//! There is no time of the export's own in it, nor a name of the server, so that the same cut of the
//! same books has the same bytes whenever it is made, and by whomever. Members are only ever added,
//! and the version grows when one changes its meaning.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::format::kind_name;
use crate::domain::filter::{FlowFilter, InstantRange, IntegerRange};
use crate::domain::{Flow, FlowId, Hash, MerchantId};

/// What the members mean.
pub(super) const VERSION: u32 = 1;

/// The last line of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// What the members mean; 1.
    pub version: u32,
    /// Which entries were asked for.
    pub filter: ManifestFilter,
    /// The one merchant whose entries whoever asked may see; none if they see all.
    pub only_merchant_id: Option<String>,
    /// The cut: no entry behind it is among them. None if no entry was settled.
    pub last_flow_id: Option<String>,
    /// The first entry's id; none if there is no entry.
    pub first_id: Option<String>,
    /// The last entry's.
    pub last_id: Option<String>,
    /// Entries.
    pub rows: u64,
    /// Those among them that a server of an earlier version wrote and nobody has chained yet: once
    /// they have a hash, the same cut has other bytes.
    pub unchained: u64,
    /// SHA-256 over all bytes before this line.
    pub sha256: String,
}

/// A filter, by the names of GraphQL's `InventoryFlowWhere`; what is not there bounds nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ManifestFilter {
    #[serde(skip_serializing_if = "Option::is_none")]
    sku_id: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_detail_id: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotency_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deduction_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Span<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity_trade: Option<Bounds>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Span<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<T>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Bounds {
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<i32>,
}

impl From<&FlowFilter> for ManifestFilter {
    fn from(filter: &FlowFilter) -> Self {
        let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let InstantRange { from, to } = filter.created_at;
        let IntegerRange { min, max } = filter.quantity_trade;
        Self {
            sku_id: filter.sku_ids.as_deref().map(texts),
            merchant_id: filter.merchant_id.map(|id| id.to_string()),
            order_detail_id: filter.order_detail_ids.clone(),
            kind: filter
                .kinds
                .as_ref()
                .map(|kinds| kinds.iter().map(|kind| kind_name(*kind).to_owned()).collect()),
            actor: filter.actors.clone(),
            idempotency_key: filter.idempotency_key.clone(),
            deduction_id: filter.deduction_id.map(|id| id.to_string()),
            created_at: filter
                .created_at
                .is_bounded()
                .then(|| Span { from: from.map(instant), to: to.map(instant) }),
            quantity_trade: min.or(max).map(|_either| Bounds { min, max }),
        }
    }
}

fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

/// What becomes known of an export while it is written.
#[derive(Clone, Debug)]
pub(super) struct Account {
    filter: ManifestFilter,
    only_merchant_id: Option<MerchantId>,
    cut: Option<FlowId>,
    first: Option<FlowId>,
    last: Option<FlowId>,
    rows: u64,
    unchained: u64,
    bytes: Sha256,
}

impl Account {
    /// Of an export of which nothing is written yet.
    pub(super) fn new(
        filter: &FlowFilter,
        only_merchant_id: Option<MerchantId>,
        cut: Option<FlowId>,
    ) -> Self {
        Self {
            filter: filter.into(),
            only_merchant_id,
            cut,
            first: None,
            last: None,
            rows: 0,
            unchained: 0,
            bytes: Sha256::new(),
        }
    }

    /// An entry is among them.
    pub(super) fn entry(&mut self, flow: &Flow) {
        self.first.get_or_insert(flow.id);
        self.last = Some(flow.id);
        self.rows = self.rows.saturating_add(1);
        self.unchained = self.unchained.saturating_add(u64::from(flow.entry_hash.is_none()));
    }

    /// These bytes are written.
    pub(super) fn wrote(&mut self, bytes: &[u8]) {
        self.bytes.update(bytes);
    }

    /// Entries so far.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// The manifest of what is written, in JSON.
    ///
    /// # Errors
    ///
    /// None that is known of: all of it can be written as JSON.
    pub(super) fn json(&self) -> Result<String, serde_json::Error> {
        let id = |id: Option<FlowId>| id.map(|id| id.to_string());
        serde_json::to_string(&Manifest {
            version: VERSION,
            filter: self.filter.clone(),
            only_merchant_id: self.only_merchant_id.map(|id| id.to_string()),
            last_flow_id: id(self.cut),
            first_id: id(self.first),
            last_id: id(self.last),
            rows: self.rows,
            unchained: self.unchained,
            sha256: Hash(self.bytes.clone().finalize().into()).to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FlowKind, SkuId};

    #[test]
    fn a_filter_is_spelled_by_the_names_of_graphql() {
        let filter = FlowFilter {
            merchant_id: Some(MerchantId(2)),
            sku_ids: Some(vec![SkuId(1), SkuId(2)]),
            order_detail_ids: Some(vec!["o".to_owned()]),
            kinds: Some(vec![FlowKind::Deduction]),
            actors: Some(vec!["a".to_owned()]),
            idempotency_key: Some("k".to_owned()),
            deduction_id: Some(FlowId(7)),
            created_at: InstantRange { from: DateTime::from_timestamp(0, 0), to: None },
            quantity_trade: IntegerRange { min: None, max: Some(-1) },
        };
        assert_eq!(
            serde_json::to_string(&ManifestFilter::from(&filter)).unwrap(),
            "{\"skuId\":[\"1\",\"2\"],\"merchantId\":\"2\",\"orderDetailId\":[\"o\"],\
             \"kind\":[\"DEDUCTION\"],\"actor\":[\"a\"],\"idempotencyKey\":\"k\",\
             \"deductionId\":\"7\",\"createdAt\":{\"from\":\"1970-01-01T00:00:00.000000Z\"},\
             \"quantityTrade\":{\"max\":-1}}"
        );
        let nothing = ManifestFilter::from(&FlowFilter::default());
        assert_eq!(serde_json::to_string(&nothing).unwrap(), "{}");
    }

    #[test]
    fn a_manifest_has_no_time_of_its_own() {
        let account = Account::new(&FlowFilter::default(), None, Some(FlowId(9)));
        assert_eq!(
            account.json().unwrap(),
            "{\"version\":1,\"filter\":{},\"onlyMerchantId\":null,\"lastFlowId\":\"9\",\
             \"firstId\":null,\"lastId\":null,\"rows\":0,\"unchained\":0,\"sha256\":\
             \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}"
        );
    }
}
