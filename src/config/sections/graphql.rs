//! Section `graphql`: what a document may have, and what is kept of GraphQL's own.

use std::path::PathBuf;

use crate::config::reader::Reader;

/// What a document may have, and what is kept of GraphQL's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphqlSection {
    /// Bytes of a document.
    pub document_bytes_max: usize,
    /// Levels of a document.
    pub depth_max: u64,
    /// Fields, arguments and spreads of a document, its fragments spread out.
    pub selections_max: u64,
    /// Fragments of a document.
    pub fragments_max: u64,
    /// Variables that a document declares.
    pub variables_max: u64,
    /// Aliases of a document, its fragments spread out.
    pub aliases_max: u64,
    /// Fields at the root of an operation, fragments spread out.
    pub root_fields_max: u64,
    /// Directives of a document, its fragments spread out.
    pub directives_max: u64,
    /// Values of an answer.
    pub complexity_max: u64,
    /// Whether the server tells what its schema is.
    pub introspection: bool,
    /// The file of the only documents that are executed; `None` if any may be.
    pub trusted_documents_file: Option<PathBuf>,
    /// Memory for documents that clients name by their hash; 0 for none.
    pub persisted_queries_bytes: u64,
    /// Memory for documents that are known; 0 for none.
    pub document_cache_bytes: u64,
}

impl GraphqlSection {
    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let document_bytes_max = reader.number("graphql.document_bytes_max", 1_024..=1_048_576);
        // The parser itself goes no deeper than 64 levels.
        let depth_max = reader.number("graphql.depth_max", 1..=50);
        let selections_max = reader.number("graphql.selections_max", 1..=100_000);
        let fragments_max = reader.number("graphql.fragments_max", 0..=1_000);
        let variables_max = reader.number("graphql.variables_max", 0..=1_000);
        let aliases_max = reader.number("graphql.aliases_max", 0..=10_000);
        let root_fields_max = reader.number("graphql.root_fields_max", 1..=10_000);
        let directives_max = reader.number("graphql.directives_max", 0..=10_000);
        let complexity_max = reader.number("graphql.complexity_max", 100..=100_000_000);
        let introspection = reader.get("graphql.introspection");
        let trusted_documents_file: Option<String> = reader.get("graphql.trusted_documents_file");
        let persisted_queries_bytes =
            reader.number("graphql.persisted_queries_bytes", 0..=1_073_741_824);
        let document_cache_bytes = reader.number("graphql.document_cache_bytes", 0..=1_073_741_824);
        Some(Self {
            document_bytes_max: document_bytes_max?,
            depth_max: depth_max?,
            selections_max: selections_max?,
            fragments_max: fragments_max?,
            variables_max: variables_max?,
            aliases_max: aliases_max?,
            root_fields_max: root_fields_max?,
            directives_max: directives_max?,
            complexity_max: complexity_max?,
            introspection: introspection?,
            trusted_documents_file: trusted_documents_file
                .map(|path| (!path.is_empty()).then(|| PathBuf::from(path)))?,
            persisted_queries_bytes: persisted_queries_bytes?,
            document_cache_bytes: document_cache_bytes?,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Sources, load};

    /// Each number with its default, its least and its greatest value.
    const NUMBERS: [(&str, i64, i64, i64); 11] = [
        ("document_bytes_max", 65_536, 1_024, 1_048_576),
        ("depth_max", 25, 1, 50),
        ("selections_max", 5_000, 1, 100_000),
        ("fragments_max", 200, 0, 1_000),
        ("variables_max", 250, 0, 1_000),
        ("aliases_max", 100, 0, 10_000),
        ("root_fields_max", 50, 1, 10_000),
        ("directives_max", 50, 0, 10_000),
        ("complexity_max", 250_000, 100, 100_000_000),
        ("persisted_queries_bytes", 4_194_304, 0, 1_073_741_824),
        ("document_cache_bytes", 16_777_216, 0, 1_073_741_824),
    ];

    fn with(key: &str, value: &str) -> Sources {
        let name = format!("STOCKFLOW_GRAPHQL__{}", key.to_uppercase());
        Sources { environment: [(name, value.to_owned())].into(), ..Sources::default() }
    }

    #[test]
    fn each_number_has_bounds() {
        let defaults = format!("{:?}", load(&Sources::default()).unwrap().graphql);
        for (key, default, min, max) in NUMBERS {
            assert!(defaults.contains(&format!("{key}: {default}")), "{key}: {defaults}");
            for number in [min, max] {
                let read = load(&with(key, &number.to_string())).unwrap();
                assert!(
                    format!("{:?}", read.graphql).contains(&format!("{key}: {number}")),
                    "{key}"
                );
            }
            for number in [min.saturating_sub(1), max.saturating_add(1)] {
                let faults = load(&with(key, &number.to_string())).unwrap_err().0;
                assert_eq!(faults[0].subject, format!("graphql.{key}"), "{number}");
            }
        }
    }

    #[test]
    fn an_empty_path_is_none() {
        let read = |path| load(&with("trusted_documents_file", path)).unwrap().graphql;
        assert_eq!(read("").trusted_documents_file, None);
        assert_eq!(read("a.json").trusted_documents_file, Some("a.json".into()));
        assert!(load(&Sources::default()).unwrap().graphql.introspection);
        assert!(!load(&with("introspection", "false")).unwrap().graphql.introspection);
        assert!(load(&with("introspection", "perhaps")).is_err());
    }
}
