//! Reads a document, and refuses what cannot be followed before the library sees it.

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition};
use async_graphql::parser::{Error as ParseError, parse_query};
use async_graphql::{Pos, Positioned, Value, Variables};

use super::{codes, guard};

/// Why a request is refused before the library sees it.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) message: String,
    pub(super) position: Option<Pos>,
    pub(super) code: &'static str,
}

/// The document that a text spells, once it is known that it can be followed.
pub(super) fn document(text: &str) -> Result<ExecutableDocument, Refusal> {
    // The parser's own message shows the line at fault, which may be as long as the request.
    let document = parse_query(text).map_err(|error| {
        if matches!(error, ParseError::RecursionLimitExceeded) {
            return too_much(guard::Excess::Depth);
        }
        Refusal {
            message: "the document is no GraphQL, or ends too early".to_owned(),
            position: error.positions().next(),
            code: codes::PARSE_FAILED,
        }
    })?;
    guard::check(&document).map_err(too_much)?;
    Ok(document)
}

fn too_much(excess: guard::Excess) -> Refusal {
    Refusal { message: excess.to_string(), position: None, code: excess.code() }
}

/// The operation that a request means; `None` if that is not clear, of which the library tells.
pub(super) fn operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Option<&'a Positioned<OperationDefinition>> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) => {
            let mut operations = operations.values();
            operations.next().filter(|_first| operations.next().is_none())
        }
    }
}

/// Every variable that may not be null is there (GraphQL specification, "Coercing Variable
/// Values"). The library looks at variables only where they are used.
pub(super) fn variables_given(
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<(), Refusal> {
    for definition in &operation.variable_definitions {
        let name = &definition.node.name.node;
        let required =
            !definition.node.var_type.node.nullable && definition.node.default_value.is_none();
        let given = variables.get(name);
        let null = given.is_some_and(|value| *value == Value::Null);
        let may_not_be_null = !definition.node.var_type.node.nullable;
        if (required && given.is_none()) || (may_not_be_null && null) {
            return Err(Refusal {
                message: format!(
                    "the variable ${name} of type {} must be given, and not null",
                    definition.node.var_type.node
                ),
                position: Some(definition.pos),
                code: codes::BAD_USER_INPUT,
            });
        }
    }
    Ok(())
}
