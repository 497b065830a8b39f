//! Executes one request, and sees to it that every error has a code.

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
    SelectionSet,
};
use std::collections::HashSet;

use async_graphql::parser::{Error as ParseError, parse_query};
use async_graphql::{
    ErrorExtensionValues, Pos, Positioned, Request, Response, ServerError, Value, Variables,
};

use super::budget::Budget;
use super::context::RequestContext;
use super::loader::Loaders;
use super::{Schema, codes, error, guard, left_out, nulls};
use crate::auth::Caller;
use crate::domain::filter::Consistency;

/// Errors that one answer tells. A document can be wrong in more places than anybody reads.
const ERRORS_MAX: usize = 100;

/// How the library begins to tell of an argument's value. Only a code for people hangs on it.
const INVALID_VALUE: &str = "Invalid value for argument";

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
pub async fn execute(schema: &Schema, request: Request, options: ExecuteOptions) -> Executed {
    let ExecuteOptions { caller, request_id, allow_mutations } = options;
    let document = match read(&request) {
        Ok(document) => document,
        Err(refusal) => return refused(refusal, &request_id),
    };
    let mutates = operation(&document, request.operation_name.as_deref())
        .is_some_and(|operation| operation.node.ty == OperationType::Mutation);
    if mutates && !allow_mutations {
        return Executed { response: Response::default(), stage: Stage::MutationNotAllowed };
    }
    let (query, name) = (request.query.clone(), request.operation_name.clone());
    let consistency = if mutates { Consistency::Primary } else { Consistency::Cached };
    let context = RequestContext {
        caller,
        request_id: request_id.clone(),
        consistency,
        loaders: Loaders::new(&schema.store),
        budget: Budget::new(),
    };
    let mut response = run(schema, request.data(context), document).await;
    let stage = stage(&response);
    if !response.errors.is_empty() {
        // Most requests have no error; for one that has, the document is looked at once more.
        let document = parse_query(&query).ok();
        if let Some(document) = document.as_ref().filter(|_document| stage == Stage::Executed) {
            nulls::put(&mut response, &schema.types, document, name.as_deref());
        }
        response.errors.truncate(ERRORS_MAX);
        let by_variables =
            document.as_ref().map(argument_positions_with_variables).unwrap_or_default();
        for error in &mut response.errors {
            let code = code(stage, error, &by_variables);
            describe(error, code, &request_id);
        }
    }
    Executed { response, stage }
}

/// Has the library validate and execute a document.
async fn run(schema: &Schema, mut request: Request, document: ExecutableDocument) -> Response {
    let name = request.operation_name.as_deref();
    let Some(rewritten) = left_out::rewritten(&document, name, &request.variables) else {
        request.set_parsed_query(document);
        return schema.inner.execute(request).await;
    };
    // What was written is validated, not only what is left of it: without a resolver being asked,
    // since only the schema itself may be.
    let mut written = Request::new(request.query.clone())
        .variables(request.variables.clone())
        .only_introspection();
    written.operation_name = request.operation_name.take();
    written.set_parsed_query(document);
    let validated = schema.inner.execute(written).await;
    if stage(&validated) == Stage::RequestError {
        return validated;
    }
    request.set_parsed_query(rewritten);
    schema.inner.execute(request).await
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
        variables_given(&operation.node, &request.variables)?;
    }
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
