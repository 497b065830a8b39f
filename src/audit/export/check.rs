//! Whether an export is whole, and as it was written.
//!
//! It is read once, line by line, in bounded memory. What is told is that the bytes are those of
//! which the manifest speaks; who wrote both, a manifest cannot tell. Whether the entries themselves
//! are genuine their hashes tell.

use std::io::{self, BufRead, Read as _};

use sha2::{Digest as _, Sha256};

use super::manifest::{Manifest, VERSION};
use super::{Format, csv, jsonl};
use crate::domain::Hash;

/// Bytes that a line may have: an entry has some thousands at the most, and a manifest has the
/// filter, whose lists are bounded.
const LINE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Why a file is not a whole export.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// It could not be read.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// It does not begin as an export does.
    #[error("it is no export")]
    NoExport,
    /// It has no manifest at its end.
    #[error("it was cut off: it does not end with a manifest")]
    CutOff,
    /// Its manifest is one that only newer versions understand.
    #[error("its manifest is of version {0}, and this program knows version {VERSION}")]
    Newer(u32),
    /// It is not what its manifest says.
    #[error("it was changed: {0}")]
    Changed(String),
}

/// Checks a whole file, and answers its manifest.
///
/// # Errors
///
/// [`Broken`] when it was cut off or changed, or cannot be read.
pub fn check(mut file: impl BufRead) -> Result<Manifest, Broken> {
    let format = match file.fill_buf()? {
        [b'{', ..] => Format::JsonLines,
        [b'i', ..] => Format::Csv,
        [] => return Err(Broken::CutOff),
        _ => return Err(Broken::NoExport),
    };
    let mut seen = Seen::of(format);
    let (mut line, mut next) = (Vec::new(), Vec::new());
    read_line(&mut file, &mut line)?;
    loop {
        read_line(&mut file, &mut next)?;
        if next.is_empty() {
            break;
        }
        seen.line(&line);
        std::mem::swap(&mut line, &mut next);
    }
    let manifest = match format {
        Format::Csv => csv::manifest_in(&line),
        Format::JsonLines => jsonl::manifest_in(&line),
    };
    let Some(json) = manifest else { return Err(Broken::CutOff) };
    seen.compare(&json)
}

/// The next line with its end; nothing at the end of the file.
fn read_line(file: &mut impl BufRead, line: &mut Vec<u8>) -> Result<(), Broken> {
    line.clear();
    file.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', line)?;
    let bytes = u64::try_from(line.len()).unwrap_or(u64::MAX);
    if bytes == LINE_BYTES_MAX && !line.ends_with(b"\n") {
        return Err(Broken::NoExport);
    }
    Ok(())
}

/// What is read before the manifest.
struct Seen {
    format: Format,
    bytes: Sha256,
    rows: u64,
    first: Option<i64>,
    last: Option<i64>,
    /// Whether the next line of a CSV goes on with a cell that has the end of a line in it.
    in_cell: bool,
    /// Whether the next line of a CSV has the names.
    is_head: bool,
}

impl Seen {
    fn of(format: Format) -> Self {
        Self {
            format,
            bytes: Sha256::new(),
            rows: 0,
            first: None,
            last: None,
            in_cell: false,
            is_head: format == Format::Csv,
        }
    }

    fn line(&mut self, line: &[u8]) {
        self.bytes.update(line);
        let begins = !self.in_cell;
        let id = match self.format {
            Format::JsonLines => jsonl::id_in(line),
            Format::Csv => {
                // A quote within a cell is two.
                let turned = |inside: bool, byte: &u8| inside ^ (*byte == b'"');
                self.in_cell = line.iter().fold(self.in_cell, turned);
                csv::id_in(line)
            }
        };
        if std::mem::take(&mut self.is_head) || !begins {
            return;
        }
        self.rows = self.rows.saturating_add(1);
        self.first = self.first.or(id);
        self.last = id;
    }

    fn compare(self, json: &str) -> Result<Manifest, Broken> {
        #[derive(serde::Deserialize)]
        struct Version {
            version: u32,
        }
        let unknown = |_error| Broken::Changed("its manifest makes no sense".to_owned());
        let Version { version } = serde_json::from_str(json).map_err(unknown)?;
        if version > VERSION {
            return Err(Broken::Newer(version));
        }
        let manifest: Manifest = serde_json::from_str(json).map_err(unknown)?;
        let sha256 = Hash(self.bytes.finalize().into()).to_string();
        let differs = |what: &str, told: &str, found: &str| {
            Err(Broken::Changed(format!("its manifest tells {what} {told}, and found was {found}")))
        };
        if manifest.rows != self.rows {
            return differs("rows:", &manifest.rows.to_string(), &self.rows.to_string());
        }
        if manifest.sha256 != sha256 {
            return differs("the SHA-256", &manifest.sha256, &sha256);
        }
        let spelled = |id: Option<i64>| id.map(|id| id.to_string());
        for (what, told, found) in [
            ("the first id", &manifest.first_id, spelled(self.first)),
            ("the last id", &manifest.last_id, spelled(self.last)),
        ] {
            if *told != found {
                let shown = |id: &Option<String>| id.clone().unwrap_or_else(|| "none".to_owned());
                return differs(what, &shown(told), &shown(&found));
            }
        }
        Ok(manifest)
    }
}

#[cfg(test)]
mod tests {
    use super::super::format::tests::sample;
    use super::super::manifest::Account;
    use super::*;
    use crate::domain::filter::FlowFilter;
    use crate::domain::{Flow, FlowId};

    /// An export of entries with these reasons.
    fn export(format: Format, reasons: &[&str]) -> Vec<u8> {
        let mut account = Account::new(&FlowFilter::default(), None, Some(FlowId(99)));
        let mut bytes = Vec::new();
        format.head(&mut bytes);
        for (reason, id) in reasons.iter().zip(1..) {
            let flow = Flow { id: FlowId(id), reason: Some((*reason).to_owned()), ..sample() };
            format.entry(&flow, &mut bytes);
            account.entry(&flow);
        }
        account.wrote(&bytes);
        format.manifest(&account.json().unwrap(), &mut bytes);
        bytes
    }

    const REASONS: [&str; 4] =
        ["plain", "two\nlines, \"quoted\"\r\n7,", "#manifest,\n#manifest,\"{}\"\r\n", ""];

    #[test]
    fn a_whole_export_is_fine() {
        for format in [Format::Csv, Format::JsonLines] {
            let manifest = check(export(format, &REASONS).as_slice()).unwrap();
            assert_eq!((manifest.rows, manifest.last_id.as_deref()), (4, Some("4")));
            let empty = check(export(format, &[]).as_slice()).unwrap();
            assert_eq!((empty.rows, empty.first_id), (0, None));
        }
    }

    #[test]
    fn wherever_it_is_cut_off_that_is_told() {
        for format in [Format::Csv, Format::JsonLines] {
            let whole = export(format, &REASONS);
            for length in 0..whole.len() {
                let broken = check(&whole[..length]).unwrap_err();
                let told =
                    matches!(broken, Broken::CutOff | Broken::Changed(_)) && length < whole.len();
                assert!(told, "{format:?} of {length} bytes: {broken}");
            }
            let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
            let without_manifest = lines[..lines.len() - 1].concat();
            assert!(matches!(check(without_manifest.as_slice()), Err(Broken::CutOff)));
        }
    }

    #[test]
    fn a_byte_that_was_changed_is_told() {
        for format in [Format::Csv, Format::JsonLines] {
            let whole = export(format, &["one", "two"]);
            let manifest_at = whole.windows(8).position(|eight| eight == b"manifest").unwrap();
            for place in 0..manifest_at {
                let mut changed = whole.clone();
                changed[place] ^= 1;
                assert!(check(changed.as_slice()).is_err(), "{format:?} at {place}");
            }
        }
    }

    #[test]
    fn what_is_no_export_is_told_so() {
        assert!(matches!(check(&b"hello\n"[..]), Err(Broken::NoExport)));
        let line = "{\"manifest\":{\"version\":2,\"else\":1}}\n";
        assert!(matches!(check(line.as_bytes()), Err(Broken::Newer(2))));
        assert!(matches!(check(&b"{\"manifest\":{}}\n"[..]), Err(Broken::Changed(_))));
    }
}
