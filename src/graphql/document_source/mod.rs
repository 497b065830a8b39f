//! From where the text of a request's document comes: out of the request, or by its hash out of what
//! the server was given at its start, or has been sent before.
//!
//! Where the server was given documents ([`trusted`]), those are all that it executes, however they
//! are asked for. Otherwise any document is executed, and one that was sent together with its hash
//! may be asked for by it afterwards ([`persisted`]).
//!
//! It knows texts and hashes, and neither parses nor executes what it hands out.

mod hash;
mod persisted;
mod trusted;

use std::sync::Arc;

use async_graphql::Request;

use super::codes;
use super::documents::Key;
use super::read::{self, Refusal};
use hash::{DocumentHash, Named};
use persisted::Persisted;
use trusted::Trusted;

pub use hash::{DOCUMENT_ID, PERSISTED_QUERY};
pub use trusted::InvalidDocuments;

/// From where documents come.
#[derive(Clone, Debug)]
pub(super) struct DocumentSource {
    /// The only ones; `None` if any will do.
    trusted: Option<Arc<Trusted>>,
    persisted: Arc<Persisted>,
}

/// The document of a request.
#[derive(Debug)]
pub(super) struct Found {
    /// Its text, and the operation that is meant.
    pub(super) key: Key,
    /// The hash that came with the text, which is its own; it may be kept under it.
    pub(super) hash: Option<DocumentHash>,
}

impl DocumentSource {
    /// Any document will do; so many bytes of them are kept by their hashes.
    pub(super) fn any(persisted_queries_bytes: u64) -> Self {
        Self { trusted: None, persisted: Arc::new(Persisted::new(persisted_queries_bytes)) }
    }

    /// The document of a request, which it is taken out of.
    ///
    /// # Errors
    ///
    /// [`Refusal`] when the name of the operation is too long, no document is known by the hash, it is
    /// not the hash of the text that came with it, or the document is not among those that are
    /// executed.
    pub(super) fn find(&self, request: &mut Request) -> Result<Found, Refusal> {
        let operation_name = request.operation_name.take();
        read::operation_name(operation_name.as_deref())?;
        let sent = std::mem::take(&mut request.query);
        let sent = (!sent.is_empty()).then_some(sent);
        let named = hash::named(&request.extensions)?;
        let (text, hash) = match &self.trusted {
            Some(trusted) => (trusted.find(named, sent)?, None),
            None => self.untrusted(named, sent)?,
        };
        Ok(Found { key: Key { operation_name, text }, hash })
    }

    fn untrusted(
        &self,
        named: Option<Named>,
        sent: Option<String>,
    ) -> Result<(Arc<str>, Option<DocumentHash>), Refusal> {
        match (named, sent) {
            // An empty document is told to be none where it is parsed.
            (None, sent) => Ok((sent.unwrap_or_default().into(), None)),
            (Some(Named::Hash(hash)), Some(text)) if DocumentHash::of(&text) == hash => {
                Ok((text.into(), Some(hash)))
            }
            (Some(_other), Some(_text)) => Err(mismatch()),
            (Some(_named), None) if !self.persisted.is_on() => Err(not_supported()),
            (Some(Named::Hash(hash)), None) => match self.persisted.find(&hash) {
                Some(text) => Ok((text, None)),
                None => Err(not_found()),
            },
            (Some(Named::Other), None) => Err(not_found()),
        }
    }

    /// Keeps a document that was executed, if it came with its hash.
    pub(super) fn executed(&self, hash: Option<DocumentHash>, text: &Arc<str>) {
        if let Some(hash) = hash {
            self.persisted.keep(hash, Arc::clone(text));
        }
    }
}

/// In the words that Apollo's clients look for.
fn not_found() -> Refusal {
    Refusal::new(codes::PERSISTED_QUERY_NOT_FOUND, "PersistedQueryNotFound")
}

/// In the words that Apollo's clients look for.
fn not_supported() -> Refusal {
    Refusal::new(codes::PERSISTED_QUERY_NOT_SUPPORTED, "PersistedQueryNotSupported")
}

fn mismatch() -> Refusal {
    let text = "the hash is not the SHA-256 of the document that came with it";
    Refusal::new(codes::PERSISTED_QUERY_HASH_MISMATCH, text)
}
