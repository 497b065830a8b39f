//! Gives a code to each error of an answer that has none: those that the library makes.

use std::collections::HashSet;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{ErrorExtensionValues, Pos, Response, ServerError, Value};

use super::execute::Stage;
use super::{codes, error};

/// Errors that one answer tells. A document can be wrong in more places than anybody reads.
const ERRORS_MAX: usize = 100;

/// How the library begins to tell of an argument's value. Only a code for people hangs on it.
const INVALID_VALUE: &str = "Invalid value for argument";

/// Gives every error of an answer to `document` a code, unless it has one.
pub(super) fn errors(
    response: &mut Response,
    stage: Stage,
    document: &ExecutableDocument,
    request_id: &str,
) {
    response.errors.truncate(ERRORS_MAX);
    let by_variables = match stage {
        Stage::RequestError => argument_positions_with_variables(document),
        Stage::Executed | Stage::MutationNotAllowed => HashSet::new(),
    };
    for error in &mut response.errors {
        let code = code(stage, error, &by_variables);
        describe(error, code, request_id);
    }
}

/// The code that an error was given.
pub(super) fn code_of(error: &ServerError) -> &'static str {
    let given = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
    let known = |code: &&&str| matches!(given, Some(Value::String(given)) if given == **code);
    codes::ALL.iter().find(known).copied().unwrap_or(codes::INTERNAL)
}

/// The code of an error that has none of its own.
fn code(stage: Stage, error: &ServerError, by_variables: &HashSet<Pos>) -> &'static str {
    // The position alone does not tell: an argument that the schema does not know stands there too.
    let by_variable = error.message.starts_with(INVALID_VALUE)
        && error.locations.iter().any(|position| by_variables.contains(position));
    match stage {
        Stage::Executed => codes::BAD_USER_INPUT,
        Stage::RequestError if by_variable => codes::BAD_USER_INPUT,
        Stage::RequestError | Stage::MutationNotAllowed => codes::VALIDATION_FAILED,
    }
}

/// Where a document hands variables to arguments. What the library tells of an argument there is
/// the fault of a variable's value: the document itself would do.
fn argument_positions_with_variables(document: &ExecutableDocument) -> HashSet<Pos> {
    let mut sets: Vec<&SelectionSet> = document
        .operations
        .iter()
        .map(|(_name, operation)| &operation.node.selection_set.node)
        .collect();
    sets.extend(document.fragments.values().map(|fragment| &fragment.node.selection_set.node));
    let mut positions = HashSet::new();
    while let Some(set) = sets.pop() {
        for selection in &set.items {
            let directives = selection.node.directives().iter();
            let mut arguments: Vec<_> =
                directives.flat_map(|directive| &directive.node.arguments).collect();
            if let Selection::Field(field) = &selection.node {
                arguments.extend(&field.node.arguments);
            }
            let by_variable = arguments
                .into_iter()
                .filter(|(_name, value)| value.node.clone().into_const().is_none());
            positions.extend(by_variable.map(|(name, _value)| name.pos));
            match &selection.node {
                Selection::Field(field) => {
                    sets.push(&field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => sets.push(&fragment.node.selection_set.node),
                // Every fragment is looked at by itself.
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    positions
}

/// Gives an error a code, unless it has one.
pub(super) fn describe(error: &mut ServerError, code: &str, request_id: &str) {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if extensions.get("code").is_none() {
        error::describe(extensions, code, request_id);
    }
}
