//! Executes one request, and sees to it that every error has a code.

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
    SelectionSet,
};
use std::collections::HashSet;

use async_graphql::parser::{Error as ParseError, parse_query};
use async_graphql::{ErrorExtensionValues, Pos, Request, Response, ServerError, Value, Variables};

use super::budget::Budget;
use super::context::RequestContext;
use super::loader::Loaders;
use super::{Schema, codes, error, guard};
use crate::auth::Caller;
use crate::domain::filter::Consistency;

/// Errors that one answer tells. A document can be wrong in more places than anybody reads.
const ERRORS_MAX: usize = 100;

/// What a request may do, and in whose name.
#[derive(Clone, Debug)]
pub struct ExecuteOptions {
    /// Who asks.
    pub caller: Caller,
    /// The id under which the request is logged.
    pub request_id: String,
    /// Whether it may change something.
    pub allow_mutations: bool,
}

/// How far a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It was refused before anything was executed: the response has errors and no data.
    RequestError,
    /// It was executed, perhaps with errors.
    Executed,
    /// It wants to change something, and may not. Nothing was executed.
    MutationNotAllowed,
}

/// What became of a request.
#[derive(Debug)]
pub struct Executed {
    /// The answer. Every error in it has `extensions.code`, `retryable` and `requestId`.
    pub response: Response,
    /// How far it came.
    pub stage: Stage,
}

/// Executes a request in the name of its caller.
pub async fn execute(schema: &Schema, mut request: Request, options: ExecuteOptions) -> Executed {
    let ExecuteOptions { caller, request_id, allow_mutations } = options;
    let document = match read(&request) {
        Ok(document) => document,
        Err(refusal) => return refused(refusal, &request_id),
    };
    let mutates = operation(&document, request.operation_name.as_deref())
        .is_some_and(|operation| operation.ty == OperationType::Mutation);
    if mutates && !allow_mutations {
        return Executed { response: Response::default(), stage: Stage::MutationNotAllowed };
    }
    let query = request.query.clone();
    request.set_parsed_query(document);
    let consistency = if mutates { Consistency::Primary } else { Consistency::Cached };
    let context = RequestContext {
        caller,
        request_id: request_id.clone(),
        consistency,
        loaders: Loaders::new(&schema.store),
        budget: Budget::new(),
    };
    let mut response = schema.schema.execute(request.data(context)).await;
    let stage = stage(&response);
    response.errors.truncate(ERRORS_MAX);
    // Most requests have no error; for one that has, the document is looked at once more.
    let by_variables = match stage {
        Stage::RequestError => argument_positions_with_variables(&query),
        Stage::Executed | Stage::MutationNotAllowed => HashSet::new(),
    };
    for error in &mut response.errors {
        let code = match stage {
            Stage::Executed => codes::BAD_USER_INPUT,
            _ if error.locations.iter().any(|position| by_variables.contains(position)) => {
                codes::BAD_USER_INPUT
            }
            Stage::RequestError | Stage::MutationNotAllowed => codes::VALIDATION_FAILED,
        };
        describe(error, code, &request_id);
    }
    Executed { response, stage }
}

/// Why a request is refused before the library sees it.
struct Refusal {
    message: String,
    position: Option<Pos>,
    code: &'static str,
}

/// The document of a request, once it is known that it can be followed and that the variables that
/// it requires are there.
fn read(request: &Request) -> Result<ExecutableDocument, Refusal> {
    // The parser's own message shows the line at fault, which may be as long as the request.
    let document = parse_query(&request.query).map_err(|error| {
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
    if let Some(operation) = operation(&document, request.operation_name.as_deref()) {
        variables_given(operation, &request.variables)?;
    }
    Ok(document)
}

fn too_much(excess: guard::Excess) -> Refusal {
    Refusal { message: excess.to_string(), position: None, code: excess.code() }
}

/// The operation that a request means; `None` if that is not clear, of which the library tells.
fn operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Option<&'a OperationDefinition> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(&operation.node),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => {
            operations.get(name).map(|operation| &operation.node)
        }
        (DocumentOperations::Multiple(operations), None) => {
            let mut operations = operations.values();
            operations.next().filter(|_first| operations.next().is_none()).map(|only| &only.node)
        }
    }
}

/// Every variable that may not be null is there (GraphQL specification, "Coercing Variable
/// Values"). The library looks at variables only where they are used.
fn variables_given(operation: &OperationDefinition, variables: &Variables) -> Result<(), Refusal> {
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

/// Where a document hands variables to arguments. What the library tells of an argument there is
/// the fault of a variable's value: the document itself would do.
fn argument_positions_with_variables(query: &str) -> HashSet<Pos> {
    let Ok(document) = parse_query(query) else { return HashSet::new() };
    let mut sets: Vec<&SelectionSet> = document
        .operations
        .iter()
        .map(|(_name, operation)| &operation.node.selection_set.node)
        .collect();
    sets.extend(document.fragments.values().map(|fragment| &fragment.node.selection_set.node));
    let mut positions = HashSet::new();
    while let Some(set) = sets.pop() {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let arguments = field.node.arguments.iter();
                    let by_variable = arguments
                        .filter(|(_name, value)| value.node.clone().into_const().is_none());
                    positions.extend(by_variable.map(|(name, _value)| name.pos));
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

/// An error of execution has the path of the field that failed; one without a path came before.
fn stage(response: &Response) -> Stage {
    let before = !response.errors.is_empty()
        && response.data == Value::Null
        && response.errors.iter().all(|error| error.path.is_empty());
    if before { Stage::RequestError } else { Stage::Executed }
}

fn refused(refusal: Refusal, request_id: &str) -> Executed {
    let mut error = ServerError::new(refusal.message, refusal.position);
    describe(&mut error, refusal.code, request_id);
    Executed { response: Response::from_errors(vec![error]), stage: Stage::RequestError }
}

/// Gives an error a code, unless it has one.
fn describe(error: &mut ServerError, code: &str, request_id: &str) {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if extensions.get("code").is_none() {
        error::describe(extensions, code, request_id);
    }
}
