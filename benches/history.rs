//! History that benchmarks make up: as long as real one, and the same each time.

use chrono::{DateTime, Utc};
use stockflow::domain::{Flow, FlowId, FlowKind, MerchantId, Page, SkuId};

/// Entries of a page.
const ENTRIES: i64 = 50;

/// One purchase, as the books would have it.
pub(crate) fn entry(sku_id: SkuId, sequence: i64, now: DateTime<Utc>) -> Flow {
    Flow {
        id: FlowId(sequence),
        sku_id,
        merchant_id: MerchantId::DEFAULT,
        sequence,
        kind: FlowKind::Deduction,
        order_detail_id: Some("order-7f3a9c52d1e84b06-line-1".to_owned()),
        quantity_trade: 1,
        leaved_after: 999_000,
        deduction_id: None,
        idempotency_scope: "anonymous".to_owned(),
        idempotency_key: "order-7f3a9c52d1e84b06-line-1".to_owned(),
        line: 0,
        request_hash: [7; 32],
        actor: "anonymous".to_owned(),
        reason: None,
        created_at: now,
        entry_hash: None,
    }
}

/// The newest page of a SKU that has sold for a while.
pub(crate) fn page(now: DateTime<Utc>) -> Page<Flow> {
    let nodes = (1..=ENTRIES).rev().map(|sequence| entry(SkuId(1), sequence, now)).collect();
    Page { nodes, has_previous: false, has_next: true }
}
