//! The chain that the entries of a SKU make: each carries a hash over what it says and the hash of
//! the one before it, so that none can be changed, removed or put in without every later hash
//! telling.
//!
//! - The *content* of an entry is the bytes of [`Flow::content_hash`], in that order.
//! - Its *hash* is the SHA-256 of 64 bytes: the hash of the SKU's entry before it, 32 zeros for the
//!   first, and the SHA-256 of its content. In two steps, so that whoever proves that an entry lies
//!   beneath a later hash needs to show 32 bytes of each entry between, and not what it says.
//!
//! The id is not part of the content, for the database gives it when the entry is written. What
//! names an entry here is its SKU and its sequence; that ids run with the sequence is judged beside
//! the hashes, and which id the newest entry has is part of a seal.
//!
//! README describes the bytes; `tests/conformance/chain.py` computes them anew from an export.

use super::hashing::Bytes;
use super::{Flow, Hash};

/// How far the entries of a SKU are chained, and the hash of the last that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The sequence of the newest entry that has a hash; 0 if none has. Less than the SKU's version
    /// only while what a server of an earlier version wrote waits to be chained.
    pub sequence: i64,
    /// Its hash; [`Hash::NOTHING`] if none has.
    pub head: Hash,
}

impl Chain {
    /// That of a SKU without entries.
    pub const EMPTY: Self = Self { sequence: 0, head: Hash::NOTHING };

    /// Puts an entry at the end. One that does not follow gets no hash: what lies between is to be
    /// chained before it.
    pub fn add(&mut self, flow: &mut Flow) {
        if self.sequence.checked_add(1) == Some(flow.sequence) {
            let hash = flow.hash_behind(self.head);
            *self = Self { sequence: flow.sequence, head: hash };
            flow.entry_hash = Some(hash);
        }
    }
}

impl Flow {
    /// The SHA-256 over what the entry says, everything but its id and its hash.
    pub fn content_hash(&self) -> Hash {
        let mut bytes = Bytes::default();
        bytes
            .text("entry")
            .number(self.sku_id.0)
            .number(self.merchant_id.0)
            .number(self.sequence)
            .number(self.kind.code().into())
            .optional_text(self.order_detail_id.as_deref())
            .number(self.quantity_trade.into())
            .number(self.leaved_after.into())
            .optional_number(self.deduction_id.map(|id| id.0))
            .text(&self.idempotency_scope)
            .text(&self.idempotency_key)
            .number(self.line.into())
            .fixed(&self.request_hash)
            .text(&self.actor)
            .optional_text(self.reason.as_deref())
            .number(self.created_at.timestamp_micros());
        Hash(bytes.finish())
    }

    /// The hash that the entry has behind an entry of the hash `previous`.
    pub fn hash_behind(&self, previous: Hash) -> Hash {
        link(previous, self.content_hash())
    }
}

/// The hash of an entry of this content, behind an entry of the hash `previous`.
pub fn link(previous: Hash, content: Hash) -> Hash {
    Hash::of(&[&previous.0, &content.0])
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::super::{FlowId, FlowKind, MerchantId, SkuId};
    use super::*;

    fn entry() -> Flow {
        Flow {
            id: FlowId(1),
            sku_id: SkuId(1001),
            merchant_id: MerchantId(1),
            sequence: 1,
            kind: FlowKind::Deduction,
            order_detail_id: Some("o-1".to_owned()),
            quantity_trade: 2,
            leaved_after: 8,
            deduction_id: None,
            idempotency_scope: "shop".to_owned(),
            idempotency_key: "k-1".to_owned(),
            line: 0,
            request_hash: [7; 32],
            actor: "till".to_owned(),
            reason: None,
            created_at: DateTime::from_timestamp_micros(1_764_000_000_123_456).unwrap(),
            entry_hash: None,
        }
    }

    type Change = fn(&mut Flow);

    #[test]
    fn everything_that_an_entry_says_counts_but_its_id() {
        let changes: [(&str, Change); 15] = [
            ("sku_id", |flow| flow.sku_id = SkuId(1002)),
            ("merchant_id", |flow| flow.merchant_id = MerchantId(2)),
            ("sequence", |flow| flow.sequence = 2),
            ("kind", |flow| flow.kind = FlowKind::Adjustment),
            ("order_detail_id", |flow| flow.order_detail_id = None),
            ("quantity_trade", |flow| flow.quantity_trade = -2),
            ("leaved_after", |flow| flow.leaved_after = 9),
            ("deduction_id", |flow| flow.deduction_id = Some(FlowId(0))),
            ("idempotency_scope", |flow| flow.idempotency_scope = "shopk".to_owned()),
            ("idempotency_key", |flow| flow.idempotency_key = "-1".to_owned()),
            ("line", |flow| flow.line = 1),
            ("request_hash", |flow| flow.request_hash = [8; 32]),
            ("actor", |flow| flow.actor = "tills".to_owned()),
            ("reason", |flow| flow.reason = Some(String::new())),
            ("created_at", |flow| flow.created_at += chrono::TimeDelta::microseconds(1)),
        ];
        for (name, change) in changes {
            let mut other = entry();
            change(&mut other);
            assert_ne!(other.content_hash(), entry().content_hash(), "{name}");
        }
        let numbered = Flow { id: FlowId(9), ..entry() };
        assert_eq!(numbered.content_hash(), entry().content_hash());
    }

    #[test]
    fn the_bytes_stay_what_they_are() {
        // Computed by tests/conformance/chain.py.
        let content = "86360639a4a15d62e035ca318dec619959732c63ecd71121a02a87860f7aa017";
        assert_eq!(entry().content_hash().to_string(), content);
        let hash = entry().hash_behind(Hash::NOTHING);
        assert_eq!(
            hash.to_string(),
            "3ebf299ae57364e0a070b46c0cc66749365e1d3b16a0c8c351c3562ca1fc4dfc"
        );
    }

    #[test]
    fn an_entry_that_does_not_follow_gets_no_hash() {
        let mut chain = Chain::EMPTY;
        let mut first = entry();
        chain.add(&mut first);
        assert_eq!(chain, Chain { sequence: 1, head: first.entry_hash.unwrap() });
        let mut third = Flow { sequence: 3, ..entry() };
        chain.add(&mut third);
        assert_eq!(third.entry_hash, None);
        assert_eq!(chain.sequence, 1);
    }
}
