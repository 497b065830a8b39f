//! An export as JSON Lines: an object a line, all its members in the same order, UTF-8.
//!
//! Ids and the sequence are texts, for JSON numbers lose digits past 2^53; quantities and the line of
//! a request are numbers. What there is none of is null.

use super::format::{hex, instant, kind_name, number};
use crate::domain::Flow;

pub(super) fn entry(flow: &Flow, out: &mut Vec<u8>) {
    id(b"{\"id\":", flow.id.0, out);
    id(b",\"skuId\":", flow.sku_id.0, out);
    id(b",\"merchantId\":", flow.merchant_id.0, out);
    id(b",\"sequence\":", flow.sequence, out);
    out.extend_from_slice(b",\"kind\":\"");
    out.extend_from_slice(kind_name(flow.kind).as_bytes());
    out.push(b'"');
    text(b",\"orderDetailId\":", flow.order_detail_id.as_deref(), out);
    quantity(b",\"quantityTrade\":", flow.quantity_trade, out);
    quantity(b",\"quantityBefore\":", flow.quantity_before(), out);
    quantity(b",\"quantityAfter\":", flow.leaved_after, out);
    match flow.deduction_id {
        Some(deduction_id) => id(b",\"deductionId\":", deduction_id.0, out),
        None => out.extend_from_slice(b",\"deductionId\":null"),
    }
    text(b",\"idempotencyScope\":", Some(&flow.idempotency_scope), out);
    text(b",\"idempotencyKey\":", Some(&flow.idempotency_key), out);
    quantity(b",\"line\":", flow.line, out);
    out.extend_from_slice(b",\"requestHash\":\"");
    hex(&flow.request_hash, out);
    out.push(b'"');
    text(b",\"actor\":", Some(&flow.actor), out);
    text(b",\"reason\":", flow.reason.as_deref(), out);
    out.extend_from_slice(b",\"createdAt\":\"");
    instant(flow, out);
    out.push(b'"');
    match flow.entry_hash {
        Some(hash) => {
            out.extend_from_slice(b",\"hash\":\"");
            hex(&hash.0, out);
            out.push(b'"');
        }
        None => out.extend_from_slice(b",\"hash\":null"),
    }
    out.extend_from_slice(b"}\n");
}

pub(super) fn manifest(json: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(BEGINS);
    out.extend_from_slice(json.as_bytes());
    out.extend_from_slice(ENDS);
}

/// What is around a manifest.
const BEGINS: &[u8] = b"{\"manifest\":";
const ENDS: &[u8] = b"}\n";

/// The manifest that a line has; `None` if it has none.
pub(super) fn manifest_in(line: &[u8]) -> Option<String> {
    let json = line.strip_prefix(BEGINS)?.strip_suffix(ENDS)?;
    String::from_utf8(json.to_vec()).ok()
}

/// The id of the entry in a line.
pub(super) fn id_in(line: &[u8]) -> Option<i64> {
    let rest = line.strip_prefix(b"{\"id\":\"")?;
    let digits = rest.split(|byte| *byte == b'"').next()?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn id(name: &[u8], id: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(name);
    out.push(b'"');
    number(id, out);
    out.push(b'"');
}

fn quantity(name: &[u8], quantity: i32, out: &mut Vec<u8>) {
    out.extend_from_slice(name);
    number(quantity.into(), out);
}

fn text(name: &[u8], text: Option<&str>, out: &mut Vec<u8>) {
    out.extend_from_slice(name);
    match text {
        // Nothing is refused by a vector.
        Some(text) => drop(serde_json::to_writer(out, text)),
        None => out.extend_from_slice(b"null"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::format::tests::sample;
    use super::*;

    fn line(flow: &Flow) -> String {
        let mut out = Vec::new();
        entry(flow, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_entry_is_a_line() {
        let (request, hash) = ("ab".repeat(32), "0f".repeat(32));
        assert_eq!(
            line(&sample()),
            format!(
                "{{\"id\":\"12\",\"skuId\":\"1001\",\"merchantId\":\"1\",\"sequence\":\"3\",\
                 \"kind\":\"REFUND\",\"orderDetailId\":\"order-7\",\"quantityTrade\":-2,\
                 \"quantityBefore\":8,\"quantityAfter\":10,\"deductionId\":\"9\",\
                 \"idempotencyScope\":\"key//shop\",\"idempotencyKey\":\"k-1\",\"line\":0,\
                 \"requestHash\":\"{request}\",\"actor\":\"key:shop\",\"reason\":null,\
                 \"createdAt\":\"2025-11-24T16:00:00.000456Z\",\"hash\":\"{hash}\"}}\n"
            )
        );
        let bare = Flow { order_detail_id: None, deduction_id: None, entry_hash: None, ..sample() };
        let object: serde_json::Value = serde_json::from_str(&line(&bare)).unwrap();
        assert!(["orderDetailId", "deductionId", "hash"].iter().all(|name| object[name].is_null()));
    }

    #[test]
    fn a_text_cannot_end_its_line() {
        let reason = "a \"b\"\r\n{\"manifest\":{}}\n\u{2028}\u{0}🧺";
        let line = line(&Flow { reason: Some(reason.to_owned()), ..sample() });
        assert_eq!(line.matches('\n').count(), 1);
        let object: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(object["reason"], reason);
        assert_eq!(id_in(line.as_bytes()), Some(12));
        assert_eq!(manifest_in(line.as_bytes()), None);
    }
}
