//! Documents that the server was given at its start, which then are all that it executes.
//!
//! A back office sends a few dozen documents that its build knows; whoever sends another one is not
//! it. The file is what graphql-codegen's client preset writes: an object of texts by their SHA-256.
//! Each document is judged at the start as it would be when it is asked for, so that none is found
//! wrong later.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use async_graphql::Variables;

use super::hash::{DocumentHash, Named};
use super::{DocumentSource, mismatch};
use crate::graphql::limits::{Excess, Limited};
use crate::graphql::read::Refusal;
use crate::graphql::{Schema, codes, execute};

/// The documents.
#[derive(Debug)]
pub(super) struct Trusted {
    by_hash: HashMap<DocumentHash, Arc<str>>,
    texts: HashSet<Arc<str>>,
}

impl Trusted {
    pub(super) fn find(
        &self,
        named: Option<Named>,
        sent: Option<String>,
    ) -> Result<Arc<str>, Refusal> {
        let by_name = match named {
            Some(Named::Hash(hash)) => self.by_hash.get(&hash),
            Some(Named::Other) => None,
            None => self.texts.get(sent.as_deref().unwrap_or_default()),
        };
        match (by_name, sent) {
            (Some(text), Some(sent)) if sent != **text => Err(mismatch()),
            (Some(text), _) => Ok(Arc::clone(text)),
            (None, _) => {
                let text = "the server executes only documents that it was given at its start";
                Err(Refusal::new(codes::DOCUMENT_NOT_TRUSTED, text))
            }
        }
    }
}

/// Why documents that are to be trusted cannot be; every fault, one a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct InvalidDocuments(pub Vec<String>);

impl Schema {
    /// The same schema, which executes these documents and no others. `json` is an object of texts
    /// by their SHA-256 in hexadecimal digits, with or without `sha256:` before them.
    ///
    /// # Errors
    ///
    /// [`InvalidDocuments`] when it is no such object, or has none, or a document is not the one of
    /// its hash, does not fit the schema, or has more than a document may have.
    pub async fn with_trusted_documents(self, json: &str) -> Result<Self, InvalidDocuments> {
        let documents: BTreeMap<String, String> = serde_json::from_str(json).map_err(|error| {
            InvalidDocuments(vec![format!(
                "it must be an object of texts by their hashes: {error}"
            )])
        })?;
        let mut faults = Vec::new();
        if documents.is_empty() {
            faults.push("it has no documents, so that nothing would be executed".to_owned());
        }
        let mut by_hash = HashMap::new();
        for (spelled, text) in documents {
            let hash = DocumentHash::of(&text);
            if DocumentHash::parse(&spelled) != Some(hash) {
                faults.push(format!("{spelled} is not the SHA-256 of its document, {hash} is"));
            }
            let wrong = faults_of(&self, &text).await;
            faults.extend(wrong.into_iter().map(|fault| format!("{spelled}: {fault}")));
            by_hash.insert(hash, Arc::from(text));
        }
        if !faults.is_empty() {
            return Err(InvalidDocuments(faults));
        }
        let texts = by_hash.values().cloned().collect();
        let trusted = Some(Arc::new(Trusted { by_hash, texts }));
        Ok(Self { source: DocumentSource { trusted, ..self.source }, ..self })
    }
}

/// What is wrong with a document, whatever its variables will be.
async fn faults_of(schema: &Schema, text: &str) -> Vec<String> {
    let document = match schema.rules.document(&schema.types, text) {
        Ok(document) => document,
        Err(refusal) => return vec![refusal.message],
    };
    let mut faults = execute::faults(schema, &document).await;
    for (_name, operation) in document.operations.iter() {
        let complexity = schema.complexity(&document, &operation.node);
        let value = complexity.value(&Variables::default());
        let limit = schema.rules.limits.complexity_max;
        let excess = Excess::check(Limited::Complexity, value, limit).err();
        faults.extend(excess.map(|excess| excess.to_string()));
    }
    // What is wrong with a fragment is told for each operation.
    faults.sort_unstable();
    faults.dedup();
    faults
}
