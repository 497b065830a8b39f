//! The hash by which a document is named, and where a request names one.

use std::fmt;

use async_graphql::{Extensions, Value};
use sha2::{Digest as _, Sha256};

use super::super::codes;
use super::super::read::Refusal;

/// The entry of a request's extensions in which the way in leaves the parameter `documentId`.
pub const DOCUMENT_ID: &str = "documentId";

/// The entry of a request's extensions by which Apollo's clients name a document.
pub const PERSISTED_QUERY: &str = "persistedQuery";

/// What stands before the hash in a `documentId`, and may in a file.
const PREFIX: &str = "sha256:";

/// The SHA-256 of a document's text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::graphql) struct DocumentHash([u8; 32]);

impl DocumentHash {
    /// That of a text.
    pub(super) fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// The one that 64 hexadecimal digits spell, with or without `sha256:` before them.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX).unwrap_or(text).as_bytes();
        let mut hash = [0; 32];
        if digits.len() != 64 {
            return None;
        }
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            for digit in pair {
                let digit = char::from(*digit).to_digit(16).and_then(|it| u8::try_from(it).ok())?;
                *byte = (*byte << 4) | digit;
            }
        }
        Some(Self(hash))
    }
}

impl fmt::Display for DocumentHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for DocumentHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A name that a request gives to its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// Its hash.
    Hash(DocumentHash),
    /// What is no hash, so that no document has it.
    Other,
}

/// The name that a request gives to its document; `None` if it gives none.
pub(super) fn named(extensions: &Extensions) -> Result<Option<Named>, Refusal> {
    let id = extensions.get(DOCUMENT_ID).filter(|id| **id != Value::Null);
    let persisted = extensions.get(PERSISTED_QUERY).filter(|query| **query != Value::Null);
    let spelled = match (id, persisted) {
        (None, None) => return Ok(None),
        // By the draft of GraphQL over HTTP an id without its kind is the server's own.
        (Some(Value::String(id)), None) if !id.starts_with(PREFIX) => {
            return Ok(Some(Named::Other));
        }
        (Some(Value::String(id)), None) => id,
        (None, Some(Value::Object(query))) => {
            match (query.get("version"), query.get("sha256Hash")) {
                (Some(Value::Number(version)), Some(Value::String(hash)))
                    if version.as_u64() == Some(1) =>
                {
                    hash
                }
                (Some(Value::Number(_other)), Some(Value::String(_hash))) => {
                    return Err(super::not_supported());
                }
                _ => return Err(malformed()),
            }
        }
        _ => return Err(malformed()),
    };
    Ok(Some(DocumentHash::parse(spelled).map_or(Named::Other, Named::Hash)))
}

fn malformed() -> Refusal {
    let text = "name the document once: documentId is a string, extensions.persistedQuery an object \
                with version 1 and sha256Hash";
    Refusal::new(codes::BAD_USER_INPUT, text)
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    #[test]
    fn a_hash_has_64_digits() {
        let hash = DocumentHash::of("{ __typename }");
        let spelled = hash.to_string();
        assert_eq!(spelled, "7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b");
        for right in [spelled.clone(), spelled.to_uppercase(), format!("sha256:{spelled}")] {
            assert_eq!(DocumentHash::parse(&right), Some(hash), "{right}");
        }
        let wrong = [&spelled[1..], "", "sha256:", &format!("{spelled}0"), &"g".repeat(64)];
        for wrong in wrong {
            assert_eq!(DocumentHash::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_document_is_named_in_one_of_two_ways() {
        let spelled = DocumentHash::of("").to_string();
        let id = format!("sha256:{spelled}");
        let hash = Some(Named::Hash(DocumentHash::of("")));
        let named = |id: Value, query: Value| {
            let entries = [(DOCUMENT_ID, id), (PERSISTED_QUERY, query)];
            let entries = entries.into_iter().map(|(name, value)| (name.to_owned(), value));
            named(&Extensions(entries.collect())).map_err(|refusal| refusal.code)
        };
        let query =
            |version: i32, hash: &str| value!({ "version": (version), "sha256Hash": (hash) });
        assert_eq!(named(Value::Null, Value::Null), Ok(None));
        assert_eq!(named(value!(id.clone()), Value::Null), Ok(hash));
        assert_eq!(named(Value::Null, query(1, &spelled)), Ok(hash));
        assert_eq!(named(value!(spelled.clone()), Value::Null), Ok(Some(Named::Other)));
        assert_eq!(named(value!("mine"), Value::Null), Ok(Some(Named::Other)));
        assert_eq!(named(Value::Null, query(1, "mine")), Ok(Some(Named::Other)));
        let not_supported = Err(codes::PERSISTED_QUERY_NOT_SUPPORTED);
        assert_eq!(named(Value::Null, query(2, &spelled)), not_supported);
        for (id, query) in [
            (value!(1), Value::Null),
            (value!(id), query(1, &spelled)),
            (Value::Null, value!([])),
            (Value::Null, value!({})),
            (Value::Null, value!({ "version": 1, "sha256Hash": 1 })),
            (Value::Null, value!({ "version": "1", "sha256Hash": "" })),
        ] {
            assert_eq!(named(id, query), Err(codes::BAD_USER_INPUT));
        }
    }
}
