//! How much memory a parsed document takes, about.
//!
//! The text alone would be no measure: two letters may be a field of several hundred bytes, or
//! half a word in a description. Vectors are taken for half empty, as those are that grew.

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection,
    SelectionSet, VariableDefinition,
};
use async_graphql::{Name, Positioned};
use async_graphql_value::Value;

/// A name, or another small piece of text with what its place in memory costs.
const TEXT: usize = 48;

/// How many bytes a document takes.
pub(super) fn of(document: &ExecutableDocument) -> usize {
    let operations = document.operations.iter().map(|(_name, operation)| {
        let operation = &operation.node;
        let variables = operation.variable_definitions.iter().map(|definition| {
            let default = definition.node.default_value.as_ref();
            let default = default.map(|default| value(&default.node.clone().into_value()));
            many::<VariableDefinition>(TEXT.saturating_mul(2))
                .saturating_add(default.unwrap_or_default())
        });
        many::<OperationDefinition>(TEXT)
            .saturating_add(sum(variables))
            .saturating_add(directives(&operation.directives))
            .saturating_add(selection_set(&operation.selection_set.node))
    });
    let fragments = document.fragments.values().map(|fragment| {
        many::<FragmentDefinition>(TEXT.saturating_mul(2))
            .saturating_add(directives(&fragment.node.directives))
            .saturating_add(selection_set(&fragment.node.selection_set.node))
    });
    size_of::<ExecutableDocument>().saturating_add(sum(operations)).saturating_add(sum(fragments))
}

fn selection_set(set: &SelectionSet) -> usize {
    sum(set.items.iter().map(|selection| {
        let within = match &selection.node {
            Selection::Field(field) => {
                let Field { arguments: given, selection_set: set, .. } = &field.node;
                arguments(given).saturating_add(selection_set(&set.node))
            }
            Selection::InlineFragment(fragment) => selection_set(&fragment.node.selection_set.node),
            Selection::FragmentSpread(_) => 0,
        };
        many::<Positioned<Selection>>(TEXT.saturating_mul(2))
            .saturating_add(directives(selection.node.directives()))
            .saturating_add(within)
    }))
}

fn directives(directives: &[Positioned<Directive>]) -> usize {
    sum(directives.iter().map(|directive| {
        many::<Positioned<Directive>>(TEXT).saturating_add(arguments(&directive.node.arguments))
    }))
}

fn arguments(arguments: &[(Positioned<Name>, Positioned<Value>)]) -> usize {
    sum(arguments.iter().map(|(_name, given)| {
        many::<(Positioned<Name>, Positioned<Value>)>(TEXT).saturating_add(value(&given.node))
    }))
}

fn value(given: &Value) -> usize {
    match given {
        Value::String(text) => text.len(),
        Value::Binary(bytes) => bytes.len(),
        Value::Variable(_) | Value::Enum(_) => TEXT,
        Value::List(values) => {
            sum(values.iter().map(|given| many::<Value>(0).saturating_add(value(given))))
        }
        Value::Object(values) => sum(values.values().map(|given| {
            many::<(Name, Value, usize)>(TEXT.saturating_mul(2)).saturating_add(value(given))
        })),
        Value::Null | Value::Number(_) | Value::Boolean(_) => 0,
    }
}

/// One of those that a vector or a map holds, with `besides` for what hangs on it.
fn many<T>(besides: usize) -> usize {
    size_of::<T>().saturating_mul(2).saturating_add(besides)
}

fn sum(parts: impl Iterator<Item = usize>) -> usize {
    parts.fold(0, usize::saturating_add)
}
