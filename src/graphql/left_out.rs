//! Arguments whose variable the request leaves out.
//!
//! By the specification ("Coercing Field Arguments", "Input Object") such an argument is as good as
//! not written: its default holds, and an input that tells absence from null sees absence. The
//! library hands null to the resolver instead, so that a count whose `changeFromQuantity` got lost
//! on the way would overwrite the sales made meanwhile. Here the document is rewritten to what it
//! means.

use std::collections::HashSet;

use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Field, OperationDefinition, Selection,
    SelectionSet,
};
use async_graphql::{Name, Positioned, Variables};
use async_graphql_value::Value;

use super::execute::operation;

/// The document without what its variables leave out, reduced to the operation that is meant;
/// `None` if nothing is left out.
pub(super) fn rewritten(
    document: &ExecutableDocument,
    name: Option<&str>,
    variables: &Variables,
) -> Option<ExecutableDocument> {
    let meant = operation(document, name)?;
    let absent = absent(&meant.node, variables);
    if absent.is_empty() {
        return None;
    }
    let mut operation = meant.clone();
    operation.node.variable_definitions.retain(|one| !absent.contains(&one.node.name.node));
    strip_directives(&mut operation.node.directives, &absent);
    strip(&mut operation.node.selection_set.node, &absent);
    // What only the other operations use would be told as unused.
    let used = used(document, &meant.node);
    let mut fragments = document.fragments.clone();
    fragments.retain(|name, _fragment| used.contains(name.as_str()));
    for fragment in fragments.values_mut() {
        strip_directives(&mut fragment.node.directives, &absent);
        strip(&mut fragment.node.selection_set.node, &absent);
    }
    Some(ExecutableDocument { operations: DocumentOperations::Single(operation), fragments })
}

/// The variables that have neither a value nor a default of their own. Those that must have one
/// have been looked for before.
fn absent(operation: &OperationDefinition, variables: &Variables) -> HashSet<Name> {
    let definitions = operation.variable_definitions.iter().map(|definition| &definition.node);
    definitions
        .filter(|definition| definition.default_value.is_none())
        .map(|definition| &definition.name.node)
        .filter(|name| !variables.contains_key(*name))
        .cloned()
        .collect()
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

fn strip(set: &mut SelectionSet, absent: &HashSet<Name>) {
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

fn strip_arguments(field: &mut Field, absent: &HashSet<Name>) {
    field.arguments.retain_mut(|(_name, value)| stays(&mut value.node, absent));
}

fn strip_directives(directives: &mut [Positioned<Directive>], absent: &HashSet<Name>) {
    for directive in directives {
        directive.node.arguments.retain_mut(|(_name, value)| stays(&mut value.node, absent));
    }
}

/// Whether a value is there, once what is left out within it has been taken away.
fn stays(value: &mut Value, absent: &HashSet<Name>) -> bool {
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

    /// The arguments of the first field, as they are once variables are left out.
    fn arguments(query: &str, name: Option<&str>, variables: &Variables) -> Option<String> {
        let document = rewritten(&parse_query(query).unwrap(), name, variables)?;
        let operation = operation(&document, None).unwrap();
        let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else {
            panic!("a field");
        };
        let spelled = field.node.arguments.iter();
        let spelled = spelled.map(|(name, value)| format!("{}: {}", name.node, value.node));
        Some(spelled.collect::<Vec<_>>().join(", "))
    }

    #[test]
    fn what_is_left_out_is_as_if_not_written() {
        let query = "query($a: Int, $b: Int, $c: Int = 3) \
                     { f(x: $a, y: $b, z: $c, o: { p: $a, q: $b }, l: [$a, $b]) }";
        let given = Variables::from_value(value!({ "b": null }));
        assert_eq!(
            arguments(query, None, &given).unwrap(),
            "y: $b, z: $c, o: {q: $b}, l: [null, $b]"
        );
    }

    #[test]
    fn a_document_that_has_everything_stays_as_it_is() {
        let query = "query($a: Int) { f(x: $a) }";
        let given = Variables::from_value(value!({ "a": 1 }));
        assert_eq!(arguments(query, None, &given), None);
    }

    #[test]
    fn only_what_the_operation_uses_is_left() {
        let query = "query A($a: Int) { f(x: $a) ...F } query B($a: Int!) { g(x: $a) ...G } \
                     fragment F on Q { ...H } fragment G on Q { g } fragment H on Q { h }";
        let document =
            rewritten(&parse_query(query).unwrap(), Some("A"), &Variables::default()).unwrap();
        let mut fragments: Vec<&str> = document.fragments.keys().map(Name::as_str).collect();
        fragments.sort_unstable();
        assert_eq!(fragments, ["F", "H"]);
        assert!(operation(&document, None).unwrap().node.variable_definitions.is_empty());
    }
}
