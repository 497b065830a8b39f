//! Section `graphql`: what is kept of GraphQL's own.

use crate::config::reader::Reader;

/// What is kept of GraphQL's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphqlSection {
    /// Memory for documents that are known; 0 for none.
    pub document_cache_bytes: u64,
}

impl GraphqlSection {
    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let document_cache_bytes = reader.number("graphql.document_cache_bytes", 0..=1_073_741_824);
        Some(Self { document_cache_bytes: document_cache_bytes? })
    }
}
