//! An export as CSV (RFC 4180), UTF-8, with a line of names.
//!
//! - A cell is quoted where it must be: with a quote, a comma or the end of a line in it. What there
//!   is none of is an empty cell, and a text that is empty is a pair of quotes: `,,` and `,"",`.
//! - Spreadsheets take what begins with `=`, `+`, `-` or `@`, also in full width, for a formula, and
//!   some do so behind blanks, tabs and the end of a line. A text that begins so is given an
//!   apostrophe in front, and so is one that begins with an apostrophe: whoever takes one away from
//!   each text that begins with it has the texts as they were. Numbers are left alone.
//!
//! The crate `csv` does not tell an empty text from none, so the cells are written here; it reads
//! them in the tests.

use super::format::{COLUMNS, hex, instant, kind_name, number};
use crate::domain::Flow;

const END: &[u8] = b"\r\n";

/// The first cell of the line that has the manifest.
const MANIFEST: &[u8] = b"#manifest,";

/// What a spreadsheet may take for the beginning of a formula, and what takes that away.
const FORMULA_BEGINS: [char; 9] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\''];

pub(super) fn head(out: &mut Vec<u8>) {
    out.extend_from_slice(COLUMNS.join(",").as_bytes());
    out.extend_from_slice(END);
}

pub(super) fn entry(flow: &Flow, out: &mut Vec<u8>) {
    for id in [flow.id.0, flow.sku_id.0, flow.merchant_id.0, flow.sequence] {
        number(id, out);
        out.push(b',');
    }
    out.extend_from_slice(kind_name(flow.kind).as_bytes());
    out.push(b',');
    text(flow.order_detail_id.as_deref(), out);
    for quantity in [flow.quantity_trade, flow.quantity_before(), flow.leaved_after] {
        out.push(b',');
        number(quantity.into(), out);
    }
    out.push(b',');
    if let Some(deduction_id) = flow.deduction_id {
        number(deduction_id.0, out);
    }
    out.push(b',');
    text(Some(&flow.idempotency_scope), out);
    out.push(b',');
    text(Some(&flow.idempotency_key), out);
    out.push(b',');
    number(flow.line.into(), out);
    out.push(b',');
    hex(&flow.request_hash, out);
    out.push(b',');
    text(Some(&flow.actor), out);
    out.push(b',');
    text(flow.reason.as_deref(), out);
    out.push(b',');
    instant(flow, out);
    out.push(b',');
    if let Some(hash) = flow.entry_hash {
        hex(&hash.0, out);
    }
    out.extend_from_slice(END);
}

pub(super) fn manifest(json: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(MANIFEST);
    quoted("", json, out);
    out.extend_from_slice(END);
}

/// The manifest that a line has; `None` if it has none.
pub(super) fn manifest_in(line: &[u8]) -> Option<String> {
    let cell = line.strip_prefix(MANIFEST)?.strip_suffix(END)?;
    let quoted = cell.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    Some(std::str::from_utf8(quoted).ok()?.replace("\"\"", "\""))
}

/// The id of the entry that begins with a line.
pub(super) fn id_in(line: &[u8]) -> Option<i64> {
    let digits = line.split(|byte| *byte == b',').next()?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn text(text: Option<&str>, out: &mut Vec<u8>) {
    let Some(text) = text else { return };
    let harmless = if is_formula(text) { "'" } else { "" };
    let is_plain = |byte: &u8| !matches!(byte, b'"' | b',' | b'\r' | b'\n');
    if text.is_empty() || !text.as_bytes().iter().all(is_plain) {
        quoted(harmless, text, out);
    } else {
        out.extend_from_slice(harmless.as_bytes());
        out.extend_from_slice(text.as_bytes());
    }
}

fn quoted(before: &str, text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(before.as_bytes());
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// Whether a spreadsheet may take a text for a formula. What is not seen at its beginning is passed
/// by, as some spreadsheets do; a tab or the end of a line at the very beginning is reason enough.
fn is_formula(text: &str) -> bool {
    let hidden = |sign: char| sign.is_whitespace() || sign.is_control() || sign == '\u{feff}';
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start_matches(hidden).starts_with(FORMULA_BEGINS)
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

    fn cell(text: &str) -> String {
        let mut out = Vec::new();
        super::text(Some(text), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_entry_is_a_line() {
        let (request, hash) = ("ab".repeat(32), "0f".repeat(32));
        assert_eq!(
            line(&sample()),
            format!(
                "12,1001,1,3,REFUND,order-7,-2,8,10,9,key//shop,k-1,0,{request},key:shop,,\
                 2025-11-24T16:00:00.000456Z,{hash}\r\n"
            )
        );
        let bare = Flow { order_detail_id: None, deduction_id: None, entry_hash: None, ..sample() };
        assert!(line(&bare).starts_with("12,1001,1,3,REFUND,,-2,8,10,,key//shop,"));
        assert!(line(&bare).ends_with("Z,\r\n"));
    }

    #[test]
    fn what_is_empty_differs_from_what_is_not_there() {
        let empty = Flow { reason: Some(String::new()), ..sample() };
        assert!(line(&empty).contains(",key:shop,\"\",2025"));
        assert!(line(&sample()).contains(",key:shop,,2025"));
    }

    #[test]
    fn formulas_are_made_harmless_and_can_be_had_back() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "\tx",
            "＝1",
            "＋1",
            "－1",
            "＠1",
            "'=1",
            "'",
            " =1",
            "\u{feff}=1",
            "\u{a0}-1",
            "=a\"b,c\r\nd",
        ] {
            let written = format!("x,{}\r\n", cell(text));
            let mut reader =
                ::csv::ReaderBuilder::new().has_headers(false).from_reader(written.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            assert_eq!(record[1].strip_prefix('\''), Some(text), "{written}");
        }
        for text in ["a=1", "o-1", "1'", "ä", " a", "1-1", "a\nb"] {
            assert!(!cell(text).trim_start_matches('"').starts_with('\''), "{text}");
        }
    }

    #[test]
    fn a_cell_is_quoted_where_it_must_be() {
        for (text, expected) in [
            ("a b;c", "a b;c"),
            ("", "\"\""),
            ("a,b", "\"a,b\""),
            ("say \"a\"", "\"say \"\"a\"\"\""),
            ("a\nb", "\"a\nb\""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }

    #[test]
    fn a_manifest_is_found_again() {
        let mut out = Vec::new();
        manifest("{\"filter\":{\"actor\":[\"a,\\\"b\"]}}", &mut out);
        assert_eq!(manifest_in(&out).unwrap(), "{\"filter\":{\"actor\":[\"a,\\\"b\"]}}");
        assert_eq!(manifest_in(line(&sample()).as_bytes()), None);
        assert_eq!(id_in(line(&sample()).as_bytes()), Some(12));
    }
}
