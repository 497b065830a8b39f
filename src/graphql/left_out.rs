//! Arguments whose variable the request leaves out.
//!
//! By the specification ("Coercing Field Arguments", "Input Object") such an argument is as good as
//! not written: its default holds, and an input that tells absence from null sees absence. The
//! library hands null to the resolver instead, so that a count whose `changeFromQuantity` got lost
//! on the way would overwrite the sales made meanwhile. Here the document is rewritten to what it
//! means.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition,
    OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Variables};
use async_graphql_value::Value;

/// The variables that have neither a value nor a default of their own, in the order of their
/// definitions. Those that must have one have been looked for before.
pub(super) fn absent<'a>(
    operation: &'a OperationDefinition,
    variables: &Variables,
) -> Vec<&'a Name> {
    let definitions = operation.variable_definitions.iter().map(|definition| &definition.node);
    definitions
        .filter(|definition| definition.default_value.is_none())
        .map(|definition| &definition.name.node)
        .filter(|name| !variables.contains_key(*name))
        .collect()
}

/// The document reduced to the operation that is meant, without what these variables leave out.
pub(super) fn without(
    document: &ExecutableDocument,
    meant: &Positioned<OperationDefinition>,
    absent: &[&Name],
) -> ExecutableDocument {
    let mut operation = meant.clone();
    // What only the other operations use would be told as unused.
    let used = used(document, &meant.node);
    let fragments = document.fragments.iter().filter(|(name, _)| used.contains(name.as_str()));
    let mut fragments: HashMap<Name, Positioned<FragmentDefinition>> =
        fragments.map(|(name, fragment)| (name.clone(), fragment.clone())).collect();
    if !absent.is_empty() {
        let absent: HashSet<&Name> = absent.iter().copied().collect();
        operation.node.variable_definitions.retain(|one| !absent.contains(&one.node.name.node));
        strip_directives(&mut operation.node.directives, &absent);
        strip(&mut operation.node.selection_set.node, &absent);
        for fragment in fragments.values_mut() {
            strip_directives(&mut fragment.node.directives, &absent);
            strip(&mut fragment.node.selection_set.node, &absent);
        }
    }
    ExecutableDocument { operations: DocumentOperations::Single(operation), fragments }
}

/// The names of the fragments that an operation spreads, directly or not.
fn used<'a>(
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
) -> HashSet<&'a str> {
    let mut used = HashSet::new();
    let mut sets = vec![&operation.selection_set.node];
    while let Some(set) = sets.pop() {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => sets.push(&field.node.selection_set.node),
                Selection::InlineFragment(fragment) => sets.push(&fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if used.insert(name.as_str())
                        && let Some(fragment) = document.fragments.get(name)
                    {
                        sets.push(&fragment.node.selection_set.node);
                    }
                }
            }
        }
    }
    used
}

fn strip(set: &mut SelectionSet, absent: &HashSet<&Name>) {
    for selection in &mut set.items {
        strip_directives(selection.node.directives_mut(), absent);
        match &mut selection.node {
            Selection::Field(field) => {
                strip_arguments(&mut field.node, absent);
                strip(&mut field.node.selection_set.node, absent);
            }
            Selection::InlineFragment(fragment) => {
                strip(&mut fragment.node.selection_set.node, absent);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn strip_arguments(field: &mut Field, absent: &HashSet<&Name>) {
    field.arguments.retain_mut(|(_name, value)| stays(&mut value.node, absent));
}

fn strip_directives(directives: &mut [Positioned<Directive>], absent: &HashSet<&Name>) {
    for directive in directives {
        directive.node.arguments.retain_mut(|(_name, value)| stays(&mut value.node, absent));
    }
}

/// Whether a value is there, once what is left out within it has been taken away.
fn stays(value: &mut Value, absent: &HashSet<&Name>) -> bool {
    match value {
        Value::Variable(name) => return !absent.contains(name),
        Value::Object(fields) => fields.retain(|_name, value| stays(value, absent)),
        // In a list it is null: there is no other way to be missing.
        Value::List(items) => {
            for item in items {
                if !stays(item, absent) {
                    *item = Value::Null;
                }
            }
        }
        Value::Null
        | Value::Number(_)
        | Value::String(_)
        | Value::Boolean(_)
        | Value::Binary(_)
        | Value::Enum(_) => {}
    }
    true
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::value;

    use super::*;
    use crate::graphql::read::operation;

    /// The document that is left of a query, and how many variables are left out.
    fn left(query: &str, name: Option<&str>, variables: &Variables) -> (ExecutableDocument, usize) {
        let document = parse_query(query).unwrap();
        let meant = operation(&document, name).unwrap();
        let absent = absent(&meant.node, variables);
        (without(&document, meant, &absent), absent.len())
    }

    /// The arguments of the first field, as they are once variables are left out.
    fn arguments(query: &str, variables: &Variables) -> (String, usize) {
        let (document, absent) = left(query, None, variables);
        let operation = operation(&document, None).unwrap();
        let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else {
            panic!("a field");
        };
        let spelled = field.node.arguments.iter();
        let spelled = spelled.map(|(name, value)| format!("{}: {}", name.node, value.node));
        (spelled.collect::<Vec<_>>().join(", "), absent)
    }

    #[test]
    fn what_is_left_out_is_as_if_not_written() {
        let query = "query($a: Int, $b: Int, $c: Int = 3) \
                     { f(x: $a, y: $b, z: $c, o: { p: $a, q: $b }, l: [$a, $b]) }";
        let given = Variables::from_value(value!({ "b": null }));
        let expected = "y: $b, z: $c, o: {q: $b}, l: [null, $b]";
        assert_eq!(arguments(query, &given), (expected.to_owned(), 1));
    }

    #[test]
    fn a_document_that_has_everything_stays_as_it_is() {
        let query = "query($a: Int) { f(x: $a) }";
        let given = Variables::from_value(value!({ "a": 1 }));
        assert_eq!(arguments(query, &given), ("x: $a".to_owned(), 0));
    }

    #[test]
    fn only_what_the_operation_uses_is_left() {
        let query = "query A($a: Int) { f(x: $a) ...F } query B($a: Int!) { g(x: $a) ...G } \
                     fragment F on Q { ...H } fragment G on Q { g } fragment H on Q { h }";
        let (document, _absent) = left(query, Some("A"), &Variables::default());
        let mut fragments: Vec<&str> = document.fragments.keys().map(Name::as_str).collect();
        fragments.sort_unstable();
        assert_eq!(fragments, ["F", "H"]);
        assert!(operation(&document, None).unwrap().node.variable_definitions.is_empty());
    }
}
