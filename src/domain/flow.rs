//! One change of one SKU's stock, as the books tell it.

use chrono::{DateTime, Utc};

use super::{FlowId, Hash, MerchantId, SkuId};

/// Why stock changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlowKind {
    /// A SKU was put on the books.
    Opening,
    /// Units were taken for an order line.
    Deduction,
    /// Units of a deduction came back.
    Refund,
    /// The merchant brought units in.
    Replenishment,
    /// The amount was set after a count.
    Adjustment,
}

impl FlowKind {
    /// Every kind, in the order of their codes.
    pub const ALL: [Self; 5] =
        [Self::Opening, Self::Deduction, Self::Refund, Self::Replenishment, Self::Adjustment];

    /// The number that stands for it in `t_inventory_flow.kind`.
    pub const fn code(self) -> i16 {
        match self {
            Self::Opening => 1,
            Self::Deduction => 2,
            Self::Refund => 3,
            Self::Replenishment => 4,
            Self::Adjustment => 5,
        }
    }

    /// The kind of a code; `None` if there is none such.
    pub fn from_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// An entry of `t_inventory_flow`. Written once, never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// What a client keeps to refund a deduction.
    pub id: FlowId,
    /// Whose stock changed.
    pub sku_id: SkuId,
    /// Whom that SKU belongs to.
    pub merchant_id: MerchantId,
    /// 1, 2, 3 … for each SKU, without a gap.
    pub sequence: i64,
    /// Why it changed.
    pub kind: FlowKind,
    /// The order line, for deductions and their refunds.
    pub order_detail_id: Option<String>,
    /// Units taken from stock; negative when units came in.
    pub quantity_trade: i32,
    /// Units left once the entry took effect; 0 upward.
    pub leaved_after: i32,
    /// For a refund, the deduction that it gives back.
    pub deduction_id: Option<FlowId>,
    /// Who asked: the namespace of the key.
    pub idempotency_scope: String,
    /// Under which key it was asked for.
    pub idempotency_key: String,
    /// Which line of the request it answers, from 0.
    pub line: i32,
    /// SHA-256 over the request's parameters.
    pub request_hash: [u8; 32],
    /// Who did it.
    pub actor: String,
    /// Why, in the caller's words.
    pub reason: Option<String>,
    /// When it was written; microseconds.
    pub created_at: DateTime<Utc>,
    /// Its place in the SKU's [chain](super::chain); `None` while it waits to be chained.
    pub entry_hash: Option<Hash>,
}

impl Flow {
    /// Units before the entry took effect.
    pub fn quantity_before(&self) -> i32 {
        self.leaved_after.saturating_add(self.quantity_trade)
    }
}

/// An entry of a test's own, of a SKU at a place in its sequence, that took one unit.
#[cfg(test)]
pub(super) fn sample(sku_id: SkuId, sequence: i64) -> Flow {
    Flow {
        id: FlowId(sequence.saturating_add(100)),
        sku_id,
        merchant_id: MerchantId(1),
        sequence,
        kind: FlowKind::Adjustment,
        order_detail_id: None,
        quantity_trade: 1,
        leaved_after: 9,
        deduction_id: None,
        idempotency_scope: "tests".to_owned(),
        idempotency_key: format!("key {sequence}"),
        line: 0,
        request_hash: [0; 32],
        actor: "tests".to_owned(),
        reason: None,
        created_at: DateTime::from_timestamp(1_764_000_000, 0).unwrap_or_default(),
        entry_hash: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_code_of_its_own() {
        for kind in FlowKind::ALL {
            assert_eq!(FlowKind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(FlowKind::from_code(0), None);
        assert_eq!(FlowKind::from_code(6), None);
    }
}
