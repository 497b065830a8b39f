//! The documents that clients send again and again, so that a known one is only executed.
//!
//! To parse a document and to validate it costs more than to execute it, and clients send a few
//! documents for ever. What was parsed, fully validated and executed without being refused is
//! kept, by its text and the name of its operation. What was refused is not. From where a text comes
//! is all the same here, so that one that a request names by its hash is known like one that it
//! sends ([`document_source`](super::document_source)).
//!
//! # What is still to be looked at
//!
//! The library's strict validation has 22 rules (async-graphql 7.2; the tests compare what becomes
//! of them). Twenty-one of them see nothing but the document and the schema, so that what they say
//! of a text they say for ever. One, `ArgumentsOfCorrectType`, also sees the values of the
//! variables and the name of the operation, by which it leaves out those that are not meant. The
//! name is part of the key; the values are looked at here on each request ([`known`], [`uses`]), no
//! less severely than by the rule. Whoever passes is executed by a schema that validates fast: that
//! is, only for fragments that go in circles and for uploads, which are matters of the document.
//! Whoever does not, or is not understood, goes the way of a document that is not known, but for
//! its parsing; so whatever is to be told of a request is told by the same code in the same words.
//! Which variables must be given, and which operation may be executed by which method, is asked of
//! each request before either way parts (see [`execute`](super::execute())).
//!
//! How complex it is is computed once and kept with it; where variables have a say in that, as the
//! length of a page, what is kept is how ([`complexity`](super::complexity)).
//!
//! # What bounds it
//!
//! The memory that the documents take, estimated (see [`weight`]); neither a long document nor
//! one that would take much of the room is kept. When it is full, what is asked for often stays
//! and what was asked for once goes, so that somebody who sends a million documents drives nobody
//! else's out.
//!
//! This room knows parsed documents and the types of the schema. It does not execute anything, and
//! knows neither the callers nor the books.

mod known;
mod uses;
mod weight;

use std::sync::Arc;

use moka::policy::EvictionPolicy;
use moka::sync::Cache;

pub(super) use known::{Form, Known};

/// Bytes that the text of a document may have. The one that `GraphiQL` asks of the schema has
/// 2,000.
const TEXT_BYTES_MAX: usize = 16_384;

/// What an entry takes besides the document.
const ENTRY_BYTES: usize = 1_024;

/// The part of the room that one document may take. New ones are weighed against the others by
/// the dozen, and until then lie there besides.
const PART_MAX: usize = 64;

/// The documents that are known.
#[derive(Debug)]
pub(super) struct Documents {
    /// `None` if nothing is to be kept.
    cache: Option<Cache<Key, Arc<Known>>>,
    bytes_max: usize,
}

/// What a request asks for: the same text may have several operations.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) operation_name: Option<String>,
    pub(super) text: Arc<str>,
}

impl Key {
    fn bytes(&self) -> usize {
        self.text.len().saturating_add(self.operation_name.as_ref().map_or(0, String::len))
    }
}

impl Documents {
    /// Room for documents of so many bytes; 0 for none.
    pub(super) fn new(bytes_max: u64) -> Self {
        let cache = Cache::builder()
            .name("documents")
            .eviction_policy(EvictionPolicy::tiny_lfu())
            .max_capacity(bytes_max)
            .weigher(|key, known: &Arc<Known>| {
                u32::try_from(bytes(key, known)).unwrap_or(u32::MAX)
            });
        Self {
            cache: (bytes_max > 0).then(|| cache.build()),
            bytes_max: usize::try_from(bytes_max).unwrap_or(usize::MAX),
        }
    }

    /// What is known of a document.
    pub(super) fn find(&self, key: &Key) -> Option<Arc<Known>> {
        if !self.takes(key) {
            return None;
        }
        self.cache.as_ref()?.get(key)
    }

    /// Whether a document may be kept, as far as its text tells.
    pub(super) fn takes(&self, key: &Key) -> bool {
        self.cache.is_some() && key.bytes() <= TEXT_BYTES_MAX
    }

    /// Keeps a document, in place of what was known of it, if there is room for it.
    pub(super) fn keep(&self, key: Key, known: Known) {
        if let Some(cache) = &self.cache
            && self.takes(&key)
            && bytes(&key, &known) <= self.bytes_max / PART_MAX
        {
            cache.insert(key, Arc::new(known));
        }
    }
}

fn bytes(key: &Key, known: &Known) -> usize {
    key.bytes().saturating_add(known.bytes).saturating_add(ENTRY_BYTES)
}

#[cfg(test)]
mod tests {
    use async_graphql::Name;
    use async_graphql::parser::parse_query;

    use super::*;
    use crate::graphql::GraphqlMetrics;
    use crate::graphql::complexity::Complexity;
    use crate::graphql::judged::Judged;
    use crate::graphql::operation::Operations;
    use crate::graphql::read::operation;
    use crate::graphql::types::Types;

    fn key(text: &str) -> Key {
        Key { operation_name: None, text: text.into() }
    }

    fn form(text: &str, left_out: &[&Name]) -> Form {
        let document = parse_query(text).unwrap();
        let meant = operation(&document, None).unwrap();
        Form::new(&Types::read(""), &document, meant, left_out)
    }

    fn known(text: &str) -> Known {
        let types = Types::read("");
        let operations = Operations::new(&types, &GraphqlMetrics::default());
        let document = Arc::new(parse_query(text).unwrap());
        let meant = operation(&document, None).unwrap();
        let judged = Judged {
            operation: operations.unread(None).into(),
            complexity: Some(Complexity::of(&types, &document, &meant.node).into()),
        };
        Known::new(Arc::clone(&document), judged, form(text, &[]))
    }

    /// The bytes that are kept, once what was put off is done.
    fn bytes(documents: &Documents) -> u64 {
        let cache = documents.cache.as_ref().unwrap();
        cache.run_pending_tasks();
        cache.weighted_size()
    }

    #[test]
    fn however_many_documents_there_are_the_bound_holds() {
        let bytes_max = 1_048_576;
        let documents = Documents::new(bytes_max);
        for number in 0..10_000 {
            let text = format!("{{ field{number} {{ a b c }} }}");
            documents.keep(key(&text), known(&text));
        }
        let kept = bytes(&documents);
        assert!(kept <= bytes_max, "{kept}");
        assert!(kept > bytes_max / 2, "{kept}");
    }

    #[test]
    fn what_is_asked_for_often_outlives_what_is_asked_for_once() {
        let documents = Documents::new(1_048_576);
        documents.keep(key("{ often }"), known("{ often }"));
        for number in 0..10_000 {
            assert!(documents.find(&key("{ often }")).is_some(), "after {number}");
            let text = format!("{{ once{number} }}");
            documents.find(&key(&text));
            documents.keep(key(&text), known(&text));
        }
    }

    #[test]
    fn a_document_is_found_by_its_text_and_operation() {
        let documents = Documents::new(1_048_576);
        documents.keep(key("{ a }"), known("{ a }"));
        assert!(documents.find(&key("{ a }")).is_some());
        assert!(documents.find(&key("{ a  }")).is_none());
        let named = Key { operation_name: Some(String::new()), text: "{ a }".into() };
        assert!(documents.find(&named).is_none());
    }

    #[test]
    fn what_is_long_or_takes_much_room_is_not_kept() {
        let documents = Documents::new(16 * 1_048_576);
        let long = format!("{{ a }} #{}", " ".repeat(TEXT_BYTES_MAX));
        let wide = format!("{{ {} }}", "a ".repeat(4_000));
        for text in [long, wide] {
            documents.keep(key(&text), known(&text));
            assert!(documents.find(&key(&text)).is_none());
        }
        assert_eq!(bytes(&documents), 0);
    }

    #[test]
    fn without_room_nothing_is_kept() {
        let documents = Documents::new(0);
        documents.keep(key("{ a }"), known("{ a }"));
        assert!(documents.find(&key("{ a }")).is_none());
    }

    #[test]
    fn the_newest_forms_of_a_document_are_kept() {
        let text = "query($a: Int, $b: Int) { f(a: $a, b: $b) }";
        let names: Vec<Name> = (0..20).map(|number| Name::new(format!("v{number}"))).collect();
        let mut document = known(text);
        let one = document.bytes;
        for name in &names {
            document = document.with(form(text, &[name]));
        }
        for (number, name) in names.iter().enumerate() {
            assert_eq!(document.form(&[name]).is_some(), number >= 12, "{name}");
        }
        assert!(document.form(&[]).is_none());
        assert!(document.form(&[&names[19], &names[18]]).is_none());
        assert!(document.bytes < one * 5, "{} from {one}", document.bytes);
    }
}
