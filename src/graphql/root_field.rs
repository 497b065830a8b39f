//! The one field at the root of a subscription.
//!
//! By the specification ("Single Root Field") a subscription has exactly one, which may be written in
//! a fragment, or in parts, and which nothing leaves out: `@skip` and `@include` may not stand there.
//! The library sees the fields alone that are written at the root itself, and would make a stream of
//! each. Here the document is rewritten to what it means.

use std::collections::HashSet;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Pos, Positioned};

use super::read::Refusal;
use super::{codes, left_out};

/// The document of a subscription alone, with its one field at its root.
///
/// # Errors
///
/// [`Refusal`] when it has not exactly one, or that is a question about the schema, or may be left
/// out.
pub(super) fn alone(
    document: &ExecutableDocument,
    operation: &Positioned<OperationDefinition>,
) -> Result<ExecutableDocument, Refusal> {
    let mut found = Found { document, within: HashSet::new(), field: None };
    found.look_through(&operation.node.selection_set.node)?;
    let Some(field) = found.field else {
        return Err(refused("a subscription must have one field at its root", operation.pos));
    };
    let mut operation = operation.clone();
    operation.node.selection_set.node.items =
        vec![Positioned::new(Selection::Field(field.clone()), field.pos)];
    let rewritten = ExecutableDocument {
        operations: DocumentOperations::Single(operation.clone()),
        fragments: document.fragments.clone(),
    };
    // What only stood at the root is not used any more.
    Ok(left_out::without(&rewritten, &operation, &[]))
}

fn refused(text: &str, at: Pos) -> Refusal {
    Refusal { position: Some(at), ..Refusal::new(codes::VALIDATION_FAILED, text) }
}

struct Found<'a> {
    document: &'a ExecutableDocument,
    /// The fragments that were looked through.
    within: HashSet<&'a str>,
    field: Option<Positioned<Field>>,
}

impl<'a> Found<'a> {
    fn look_through(&mut self, set: &'a SelectionSet) -> Result<(), Refusal> {
        for selection in &set.items {
            let mut directives = selection.node.directives().iter();
            if directives.any(|one| matches!(one.node.name.node.as_str(), "skip" | "include")) {
                let text = "the field at the root of a subscription cannot be left out";
                return Err(refused(text, selection.pos));
            }
            match &selection.node {
                Selection::Field(field) => self.field(field)?,
                Selection::InlineFragment(one) => {
                    self.look_through(&one.node.selection_set.node)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if let Some(fragment) = self.document.fragments.get(name)
                        && self.within.insert(name)
                    {
                        self.look_through(&fragment.node.selection_set.node)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Of a field that is written in parts the arguments are the same, or the document is not valid.
    fn field(&mut self, field: &Positioned<Field>) -> Result<(), Refusal> {
        if field.node.name.node.starts_with("__") {
            let text = "a subscription must not ask what the schema is";
            return Err(refused(text, field.pos));
        }
        match &mut self.field {
            None => self.field = Some(field.clone()),
            Some(known) if known.node.response_key().node == field.node.response_key().node => {
                let items = field.node.selection_set.node.items.iter().cloned();
                known.node.selection_set.node.items.extend(items);
            }
            Some(_other) => {
                let text = "a subscription must have one field at its root, and no more";
                return Err(refused(text, field.pos));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    /// The name of the root's field and the names selected in it; or why there is none.
    fn root(text: &str) -> Result<(String, Vec<String>), String> {
        let document = parse_query(text).unwrap();
        let (_name, operation) = document.operations.iter().next().unwrap();
        let alone = alone(&document, operation).map_err(|refusal| refusal.message)?;
        let (_name, operation) = alone.operations.iter().next().unwrap();
        let items = &operation.node.selection_set.node.items;
        assert_eq!(items.len(), 1, "{text}");
        let Selection::Field(field) = &items[0].node else { panic!("{text}") };
        let within = field.node.selection_set.node.items.iter().map(|item| match &item.node {
            Selection::Field(field) => field.node.name.node.to_string(),
            Selection::FragmentSpread(spread) => format!("...{}", spread.node.fragment_name.node),
            Selection::InlineFragment(_) => "...".to_owned(),
        });
        let unused = alone.fragments.keys().find(|name| !text.contains(&format!("a {{ ...{name}")));
        assert_eq!(unused, None, "{text}");
        Ok((field.node.response_key().node.to_string(), within.collect()))
    }

    #[test]
    fn however_it_is_written_there_is_one_field() {
        for (text, key, within) in [
            ("subscription { a { b } }", "a", vec!["b"]),
            ("subscription { x: a { b } x: a { c } }", "x", vec!["b", "c"]),
            ("subscription { ... { a { b } } ... on S { a { c } } }", "a", vec!["b", "c"]),
            ("subscription { ...F } fragment F on S { a { b } }", "a", vec!["b"]),
            ("subscription { a { ...G } } fragment G on A { b }", "a", vec!["...G"]),
        ] {
            let within = within.into_iter().map(str::to_owned).collect();
            assert_eq!(root(text), Ok((key.to_owned(), within)), "{text}");
        }
    }

    #[test]
    fn others_are_refused() {
        for text in [
            "subscription { a { b } c { d } }",
            "subscription { x: a { b } y: a { b } }",
            "subscription { __typename }",
            "subscription { a { b } __typename }",
            "subscription { a @skip(if: false) { b } }",
            "subscription { ... @include(if: true) { a { b } } }",
            "subscription { ...F } fragment F on S { ...F }",
            "subscription { ...F } fragment F on S { ...G } fragment G on S { a { b } c { d } }",
        ] {
            assert!(root(text).is_err(), "{text}");
        }
    }
}
