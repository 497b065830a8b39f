//! A seal as a file: one JSON object, to be kept elsewhere.
//!
//! It has the fields of `InventorySeal` in the API, so that what a client was answered is such a file,
//! too. Hashes, keys and the statement itself are hexadecimal, numbers of 64 bits are texts, and what is
//! not there is null. The statement and the hash follow from the other fields: a file in which they do
//! not is refused, whatever was changed.

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};

use crate::audit::entries;
use crate::domain::clock::keepable;
use crate::domain::{FlowId, Hash, Seal, SealId, SealSignature, SignedSeal};

/// The version of the format.
const FORMAT: u32 = 1;

/// Why a text is no seal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSealFile {
    /// It is no JSON object of a seal's fields.
    #[error("is no seal: {0}")]
    Json(String),
    /// It is of a version that is not known.
    #[error("is a seal of format {0}; this version of stockflow knows format {FORMAT}")]
    Format(u32),
    /// A field does not hold what it must.
    #[error("field {field}: {what}")]
    Field {
        /// Which.
        field: &'static str,
        /// What is wrong with it.
        what: &'static str,
    },
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct SealFile {
    /// What the API answers has none.
    #[serde(default = "format")]
    format: u32,
    id: String,
    sealed_at: String,
    sku_count: String,
    last_flow_id: String,
    merkle_root: String,
    previous_hash: String,
    hash: String,
    public_key: Option<String>,
    signature: Option<String>,
    statement: String,
}

fn format() -> u32 {
    FORMAT
}

impl SignedSeal {
    /// The seal as one JSON object, a field a line.
    pub fn to_json(&self) -> String {
        let Seal { id, sealed_at, sku_count, last_flow_id, merkle_root, previous_hash } = self.seal;
        let file = SealFile {
            format: FORMAT,
            id: id.to_string(),
            sealed_at: sealed_at.to_rfc3339_opts(SecondsFormat::Micros, true),
            sku_count: sku_count.to_string(),
            last_flow_id: last_flow_id.to_string(),
            merkle_root: merkle_root.to_string(),
            previous_hash: previous_hash.to_string(),
            hash: self.seal.hash().to_string(),
            public_key: self.signature.map(|by| hex(&by.public_key)),
            signature: self.signature.map(|by| hex(&by.signature)),
            statement: hex(&self.seal.statement()),
        };
        // Texts and numbers alone can always be written.
        serde_json::to_string_pretty(&file).unwrap_or_default()
    }

    /// Reads what [`SignedSeal::to_json`] wrote, or what the API answered.
    ///
    /// # Errors
    ///
    /// [`InvalidSealFile`] when it is none, or does not agree with itself. Whether the signature holds
    /// is not looked at.
    pub fn from_json(json: &str) -> Result<Self, InvalidSealFile> {
        let file: SealFile =
            serde_json::from_str(json).map_err(|error| InvalidSealFile::Json(error.to_string()))?;
        if file.format != FORMAT {
            return Err(InvalidSealFile::Format(file.format));
        }
        let instant = DateTime::parse_from_rfc3339(&file.sealed_at).ok();
        let instant = instant.and_then(|instant| keepable(instant.to_utc()));
        let seal = Seal {
            id: file.id.parse().map(SealId).map_err(|_no_number| wrong("id", NUMBER))?,
            sealed_at: instant.ok_or(wrong("sealedAt", "must be an instant of RFC 3339"))?,
            sku_count: number("skuCount", &file.sku_count)?,
            last_flow_id: FlowId(number("lastFlowId", &file.last_flow_id)?),
            merkle_root: hash("merkleRoot", &file.merkle_root)?,
            previous_hash: hash("previousHash", &file.previous_hash)?,
        };
        if file.statement != hex(&seal.statement()) {
            return Err(wrong("statement", "is not what follows from the other fields"));
        }
        if hash("hash", &file.hash)? != seal.hash() {
            return Err(wrong("hash", "is not the SHA-256 of the statement"));
        }
        let signature = match (&file.public_key, &file.signature) {
            (None, None) => None,
            (Some(public_key), Some(signature)) => Some(SealSignature {
                public_key: bytes("publicKey", "must be 64 hexadecimal digits", public_key)?,
                signature: bytes("signature", "must be 128 hexadecimal digits", signature)?,
            }),
            (None, Some(_)) => return Err(wrong("publicKey", "must be there with a signature")),
            (Some(_), None) => return Err(wrong("signature", "must be there with a key")),
        };
        Ok(Self { seal, signature })
    }
}

const NUMBER: &str = "must be a whole number, as a text";

fn wrong(field: &'static str, what: &'static str) -> InvalidSealFile {
    InvalidSealFile::Field { field, what }
}

fn number(field: &'static str, text: &str) -> Result<i64, InvalidSealFile> {
    text.parse().map_err(|_no_number| wrong(field, NUMBER))
}

fn hash(field: &'static str, text: &str) -> Result<Hash, InvalidSealFile> {
    text.parse().map_err(|_no_hash| wrong(field, "must be 64 hexadecimal digits in lower case"))
}

fn bytes<const N: usize>(
    field: &'static str,
    what: &'static str,
    digits: &str,
) -> Result<[u8; N], InvalidSealFile> {
    let bytes = entries::bytes(digits);
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(wrong(field, what))
}

/// Bytes as they are spelled in a seal: two digits in lower case for each.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> SignedSeal {
        let seal = Seal {
            id: SealId(3),
            sealed_at: DateTime::from_timestamp_micros(1_764_000_000_123_456).unwrap(),
            sku_count: 2,
            last_flow_id: FlowId(i64::MAX),
            merkle_root: Hash::of(&[b"root"]),
            previous_hash: Hash::of(&[b"previous"]),
        };
        let signature = SealSignature { public_key: [0xab; 32], signature: [0x01; 64] };
        SignedSeal { seal, signature: Some(signature) }
    }

    #[test]
    fn a_file_reads_back() {
        let without = SignedSeal { signature: None, ..signed() };
        for signed in [signed(), without] {
            assert_eq!(SignedSeal::from_json(&signed.to_json()), Ok(signed));
            // As the API answers it.
            let answered = signed.to_json().replace("\"format\": 1,", "");
            assert_eq!(SignedSeal::from_json(&answered), Ok(signed));
        }
    }

    #[test]
    fn whatever_is_changed_is_told() {
        let json = signed().to_json();
        let told = |from: &str, to: &str| {
            let changed = json.replacen(from, to, 1);
            assert_ne!(changed, json, "{from}");
            SignedSeal::from_json(&changed).unwrap_err().to_string()
        };
        for (from, to, field) in [
            ("\"id\": \"3\"", "\"id\": \"4\"", "statement"),
            ("\"id\": \"3\"", "\"id\": \"x\"", "id"),
            ("\"skuCount\": \"2\"", "\"skuCount\": \"1\"", "statement"),
            ("123456Z", "123457Z", "statement"),
            ("123456Z", "Z", "sealedAt"),
            ("\"merkleRoot\": \"", "\"merkleRoot\": \"0", "merkleRoot"),
            ("\"hash\": \"", "\"hash\": \"0", "hash"),
            ("\"publicKey\": \"ab", "\"publicKey\": \"", "publicKey"),
            ("\"signature\": \"01", "\"signature\": \"0x", "signature"),
        ] {
            assert!(told(from, to).starts_with(&format!("field {field}:")), "{}", told(from, to));
        }
        assert!(told("\"format\": 1", "\"format\": 2").contains("format 2"));
        assert!(SignedSeal::from_json("[]").unwrap_err().to_string().starts_with("is no seal"));
    }
}
