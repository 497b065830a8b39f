//! What a request asks for, in few words: as the log tells it, and as it is counted.
//!
//! The words that a client chooses are cut and cleaned; those that are counted by are the names of
//! the schema's own fields, so that no client makes more of them.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::parser::types::{
    ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};

use super::metrics::{GraphqlMetrics, OperationMetrics};
use super::types::{Types, root};

/// Characters of the name of an operation that are told.
const NAME_CHARS_MAX: usize = 64;

/// Fields of an operation that are told.
const FIELDS_TOLD_MAX: usize = 8;

/// What a request asks for.
#[derive(Debug)]
pub struct Operation {
    name: String,
    ty: Option<OperationType>,
    fields: String,
    metrics: Arc<OperationMetrics>,
}

impl Operation {
    /// Its client's name for it, up to 64 letters, digits and underscores, others being replaced;
    /// empty if it has none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `query`, `mutation` or `subscription`; `None` if that is not known.
    pub fn kind(&self) -> Option<&'static str> {
        match self.ty? {
            OperationType::Query => Some("query"),
            OperationType::Mutation => Some("mutation"),
            OperationType::Subscription => Some("subscription"),
        }
    }

    /// The fields of the schema at its root, a few, with commas between them.
    pub fn fields(&self) -> &str {
        &self.fields
    }

    /// Where it is counted.
    pub fn metrics(&self) -> &OperationMetrics {
        &self.metrics
    }
}

/// The operations that the schema has, as they are counted.
#[derive(Debug)]
pub(super) struct Operations {
    /// By the object at the root, then by field.
    fields: HashMap<&'static str, HashMap<String, Arc<OperationMetrics>>>,
    several: Arc<OperationMetrics>,
    introspection: Arc<OperationMetrics>,
    none: Arc<OperationMetrics>,
}

impl Operations {
    /// Those of a schema, counted by `metrics`.
    pub(super) fn new(types: &Types, metrics: &GraphqlMetrics) -> Self {
        let roots = [OperationType::Query, OperationType::Mutation, OperationType::Subscription];
        let roots = roots.into_iter().map(root);
        let fields = roots.map(|object| {
            let fields = types.fields(object);
            (object, fields.map(|field| (field.to_owned(), metrics.operation(field))).collect())
        });
        Self {
            fields: fields.collect(),
            several: metrics.operation("several"),
            introspection: metrics.operation("introspection"),
            none: metrics.operation("none"),
        }
    }

    /// Where a request is counted of which nothing is known.
    pub(super) fn none(&self) -> &Arc<OperationMetrics> {
        &self.none
    }

    /// A request of which nothing is known but what its client calls it.
    pub(super) fn unread(&self, name: Option<&str>) -> Operation {
        let metrics = Arc::clone(&self.none);
        Operation { name: cleaned(name), ty: None, fields: String::new(), metrics }
    }

    /// A request that means this operation of a document, whose length is known to be bounded.
    pub(super) fn of(
        &self,
        name: Option<&str>,
        document: &ExecutableDocument,
        meant: &OperationDefinition,
    ) -> Operation {
        let known = self.fields.get(root(meant.ty));
        let mut found = Found { known, document, fields: Vec::new(), introspection: false };
        found.within(&meant.selection_set.node);
        let metrics = match (found.fields.as_slice(), found.introspection) {
            ([(_field, metrics)], _either) => metrics,
            ([], true) => &self.introspection,
            ([], false) => &self.none,
            (_several, _either) => &self.several,
        };
        let told = found.fields.iter().take(FIELDS_TOLD_MAX).map(|(field, _metrics)| *field);
        let mut fields = told.collect::<Vec<_>>().join(",");
        if found.fields.len() > FIELDS_TOLD_MAX {
            fields.push_str(",…");
        }
        let metrics = Arc::clone(metrics);
        Operation { name: cleaned(name), ty: Some(meant.ty), fields, metrics }
    }
}

fn cleaned(name: Option<&str>) -> String {
    let signs = name.unwrap_or_default().chars().take(NAME_CHARS_MAX);
    signs.map(|sign| if sign == '_' || sign.is_ascii_alphanumeric() { sign } else { '?' }).collect()
}

/// Looks for the fields at the root of an operation, each once, in their order.
struct Found<'a> {
    known: Option<&'a HashMap<String, Arc<OperationMetrics>>>,
    document: &'a ExecutableDocument,
    fields: Vec<(&'a str, &'a Arc<OperationMetrics>)>,
    introspection: bool,
}

impl<'a> Found<'a> {
    fn within(&mut self, set: &'a SelectionSet) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => self.field(field.node.name.node.as_str()),
                Selection::InlineFragment(fragment) => {
                    self.within(&fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.document.fragments.get(name) {
                        self.within(&fragment.node.selection_set.node);
                    }
                }
            }
        }
    }

    fn field(&mut self, name: &str) {
        if name.starts_with("__") {
            self.introspection = true;
            return;
        }
        // What the schema does not have is refused, and its name is anybody's.
        let Some((name, metrics)) = self.known.and_then(|known| known.get_key_value(name)) else {
            return;
        };
        if self.fields.iter().all(|(field, _metrics)| field != name) {
            self.fields.push((name, metrics));
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;
    use crate::graphql::read::operation;

    /// What is told of a request: its name, its fields, and how it is counted.
    fn told(name: Option<&str>, text: &str) -> [String; 3] {
        let operations =
            Operations::new(&Types::read(&crate::graphql::sdl()), &GraphqlMetrics::default());
        let document = parse_query(text).unwrap();
        let meant = operation(&document, name).unwrap();
        let told = operations.of(name, &document, &meant.node);
        [told.name().to_owned(), told.fields().to_owned(), told.metrics().label().to_owned()]
    }

    #[test]
    fn what_a_request_asks_for_is_told_by_the_names_of_the_schema() {
        for (text, fields, label) in [
            ("{ inventory(skuId: 1) { skuId } }", "inventory", "inventory"),
            ("{ a: inventory b: inventory __typename }", "inventory", "inventory"),
            ("{ inventory inventories }", "inventory,inventories", "several"),
            ("{ ...f } fragment f on Query { ... { inventories } }", "inventories", "inventories"),
            ("mutation { inventoryDeduct }", "inventoryDeduct", "inventoryDeduct"),
            ("mutation { inventory }", "", "none"),
            ("{ __schema { __typename } }", "", "introspection"),
            ("{ secret }", "", "none"),
            ("{ ...missing }", "", "none"),
        ] {
            assert_eq!(told(None, text), ["", fields, label], "{text}");
        }
    }

    #[test]
    fn the_name_is_cut_and_cleaned() {
        assert_eq!(cleaned(None), "");
        assert_eq!(cleaned(Some("Look_1")), "Look_1");
        assert_eq!(cleaned(Some("a\n\"b\" ä")), "a??b???");
        assert_eq!(cleaned(Some(&"x".repeat(64))), "x".repeat(64));
        assert_eq!(cleaned(Some(&"x".repeat(65))), "x".repeat(64));
    }
}
