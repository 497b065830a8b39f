//! The two forms of an export.

use crate::domain::{Flow, FlowKind};

use super::{csv, jsonl};

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Comma-separated values (RFC 4180).
    Csv,
    /// One JSON object a line.
    JsonLines,
}

/// The columns, by the names of GraphQL's fields, in their order.
pub(super) const COLUMNS: [&str; 18] = [
    "id",
    "skuId",
    "merchantId",
    "sequence",
    "kind",
    "orderDetailId",
    "quantityTrade",
    "quantityBefore",
    "quantityAfter",
    "deductionId",
    "idempotencyScope",
    "idempotencyKey",
    "line",
    "requestHash",
    "actor",
    "reason",
    "createdAt",
    "hash",
];

impl Format {
    /// How a file of it is called, behind the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// What is before the first entry.
    pub(super) fn head(self, out: &mut Vec<u8>) {
        match self {
            Self::Csv => csv::head(out),
            Self::JsonLines => {}
        }
    }

    /// An entry.
    pub(super) fn entry(self, flow: &Flow, out: &mut Vec<u8>) {
        match self {
            Self::Csv => csv::entry(flow, out),
            Self::JsonLines => jsonl::entry(flow, out),
        }
    }

    /// The last line, which has the manifest.
    pub(super) fn manifest(self, json: &str, out: &mut Vec<u8>) {
        match self {
            Self::Csv => csv::manifest(json, out),
            Self::JsonLines => jsonl::manifest(json, out),
        }
    }
}

/// A kind as GraphQL spells it.
pub fn kind_name(kind: FlowKind) -> &'static str {
    match kind {
        FlowKind::Opening => "OPENING",
        FlowKind::Deduction => "DEDUCTION",
        FlowKind::Refund => "REFUND",
        FlowKind::Replenishment => "REPLENISHMENT",
        FlowKind::Adjustment => "ADJUSTMENT",
    }
}

/// Bytes in hexadecimal, as a [`Hash`](crate::domain::Hash) is spelled; a formatter would take
/// longer than all the rest of an entry.
pub(super) fn hex(bytes: &[u8; 32], out: &mut Vec<u8>) {
    let digit = |half: u8| if half < 10 { half.wrapping_add(b'0') } else { half.wrapping_add(87) };
    out.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]));
}

/// A number in digits.
pub(super) fn number(number: i64, out: &mut Vec<u8>) {
    let mut digits = [0_u8; 20];
    let mut rest = number.unsigned_abs();
    let mut length = 0_usize;
    for place in digits.iter_mut().rev() {
        *place = u8::try_from(rest % 10).unwrap_or_default().wrapping_add(b'0');
        length = length.saturating_add(1);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(digits.get(digits.len().saturating_sub(length)..).unwrap_or_default());
}

/// An instant in UTC with six decimals, as the scalar of GraphQL spells it.
pub(super) fn instant(flow: &Flow, out: &mut Vec<u8>) {
    use chrono::{Datelike as _, Timelike as _};
    let at = flow.created_at;
    let mut part = |value: u32, digits: usize, sign: u8| {
        let mut spelled = [b'0'; 6];
        let mut rest = value;
        for place in spelled.iter_mut().take(digits).rev() {
            *place = u8::try_from(rest % 10).unwrap_or_default().wrapping_add(b'0');
            rest /= 10;
        }
        out.extend(spelled.into_iter().take(digits));
        out.push(sign);
    };
    // From 1000 to 9999 is what the databases keep.
    part(u32::try_from(at.year()).unwrap_or_default(), 4, b'-');
    part(at.month(), 2, b'-');
    part(at.day(), 2, b'T');
    part(at.hour(), 2, b':');
    part(at.minute(), 2, b':');
    part(at.second(), 2, b'.');
    part(at.nanosecond() / 1_000 % 1_000_000, 6, b'Z');
}

#[cfg(test)]
pub(super) mod tests {
    use chrono::{DateTime, SecondsFormat};

    use super::*;
    use crate::domain::{FlowId, Hash, MerchantId, SkuId};

    /// An entry that says something of everything.
    pub(in super::super) fn sample() -> Flow {
        Flow {
            id: FlowId(12),
            sku_id: SkuId(1001),
            merchant_id: MerchantId(1),
            sequence: 3,
            kind: FlowKind::Refund,
            order_detail_id: Some("order-7".to_owned()),
            quantity_trade: -2,
            leaved_after: 10,
            deduction_id: Some(FlowId(9)),
            idempotency_scope: "key//shop".to_owned(),
            idempotency_key: "k-1".to_owned(),
            line: 0,
            request_hash: [0xab; 32],
            actor: "key:shop".to_owned(),
            reason: None,
            created_at: DateTime::from_timestamp_micros(1_764_000_000_000_456).unwrap(),
            entry_hash: Some(Hash([0x0f; 32])),
        }
    }

    #[test]
    fn numbers_and_hashes_are_spelled_as_everywhere() {
        for value in [0, 7, 10, -1, i64::MAX, i64::MIN, i64::from(i32::MIN)] {
            let mut out = Vec::new();
            number(value, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), value.to_string());
        }
        let hash = Hash::of(&[b"abc"]);
        let mut out = Vec::new();
        hex(&hash.0, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), hash.to_string());
    }

    #[test]
    fn instants_are_spelled_as_graphql_spells_them() {
        for micros in [0, 1, 1_764_000_000_000_456, 253_402_300_799_999_999] {
            let created_at = DateTime::from_timestamp_micros(micros).unwrap();
            let mut out = Vec::new();
            instant(&Flow { created_at, ..sample() }, &mut out);
            let expected = created_at.to_rfc3339_opts(SecondsFormat::Micros, true);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }

    #[test]
    fn both_forms_have_the_same_columns() {
        let mut out = Vec::new();
        Format::JsonLines.entry(&sample(), &mut out);
        let line = String::from_utf8(out).unwrap();
        let object: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(object.as_object().unwrap().len(), COLUMNS.len());
        let mut place = 0;
        for column in COLUMNS {
            let at = line.find(&format!("\"{column}\":")).unwrap();
            assert!(place <= at, "{column} stands in its place");
            place = at;
        }
        let mut out = Vec::new();
        Format::Csv.head(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), COLUMNS.join(",") + "\r\n");
    }
}
