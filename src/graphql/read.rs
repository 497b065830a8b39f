//! Reads a document, and refuses what cannot be followed before the library sees it.

use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::parser::{Error as ParseError, parse_query};
use async_graphql::{Name, Pos, Positioned, Value, Variables};
use async_graphql_value::Value as Literal;

use super::limits::{DocumentLimits, Excess, Limited};
use super::types::Types;
use super::{brackets, codes, guard, values};

/// Characters that the name of an operation may have, where a request names one.
const OPERATION_NAME_CHARS_MAX: usize = 256;

/// Why a request is refused before the library sees it.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) message: String,
    pub(super) position: Option<Pos>,
    pub(super) code: &'static str,
    /// What it has too much of.
    pub(super) excess: Option<Excess>,
}

impl Refusal {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { message: message.into(), position: None, code, excess: None }
    }

    fn at(self, position: Pos) -> Self {
        Self { position: Some(position), ..self }
    }
}

impl From<Excess> for Refusal {
    fn from(excess: Excess) -> Self {
        Self { excess: Some(excess), ..Self::new(excess.code(), excess.to_string()) }
    }
}

/// What is read, and what is not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub(super) limits: DocumentLimits,
    /// Whether a document may ask what the schema is.
    pub(super) introspection: bool,
}

impl Rules {
    /// The document that a text spells, once it is known that it can be followed.
    ///
    /// # Errors
    ///
    /// [`Refusal`] when it has more of something than [`DocumentLimits`] or [`values`] allow, is no
    /// GraphQL, has a directive that the schema does not know, or asks what the schema is where that
    /// is not told.
    pub(super) fn document(
        &self,
        types: &Types,
        text: &str,
    ) -> Result<ExecutableDocument, Refusal> {
        let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
        let bytes_max = u64::try_from(self.limits.document_bytes_max).unwrap_or(u64::MAX);
        Excess::check(Limited::Bytes, bytes, bytes_max)?;
        brackets::check(text)?;
        // The parser's own message shows the line at fault, which may be as long as the request.
        let document = parse_query(text).map_err(|error| {
            if matches!(error, ParseError::RecursionLimitExceeded) {
                let (of, limit) = (Limited::Depth, self.limits.depth_max);
                return Excess { of, limit, actual: None }.into();
            }
            let text = "the document is no GraphQL, or ends too early";
            let refusal = Refusal::new(codes::PARSE_FAILED, text);
            Refusal { position: error.positions().next(), ..refusal }
        })?;
        guard::check(&document, &self.limits)?;
        self.look_through(types, &document)?;
        Ok(document)
    }

    /// Refuses directives that the schema does not know, questions about the schema itself where they
    /// are not answered, and lists that are longer than any argument takes. The library looks at
    /// directives in some places only.
    fn look_through(&self, types: &Types, document: &ExecutableDocument) -> Result<(), Refusal> {
        let known = |directives: &[Positioned<Directive>]| {
            let unknown = directives.iter().find(|one| !types.has_directive(&one.node.name.node));
            unknown.map_or(Ok(()), |one| {
                let text = format!("there is no directive @{}", one.node.name.node);
                Err(Refusal::new(codes::VALIDATION_FAILED, text).at(one.pos))
            })?;
            directives.iter().try_for_each(|one| literals(&one.node.arguments))
        };
        let mut sets: Vec<&SelectionSet> = Vec::new();
        for (_name, operation) in document.operations.iter() {
            known(&operation.node.directives)?;
            for definition in &operation.node.variable_definitions {
                known(&definition.node.directives)?;
                if let Some(default) = &definition.node.default_value {
                    let refused = |excess| Refusal::from(excess).at(default.pos);
                    values::check(&default.node).map_err(refused)?;
                }
            }
            sets.push(&operation.node.selection_set.node);
        }
        for fragment in document.fragments.values() {
            known(&fragment.node.directives)?;
            sets.push(&fragment.node.selection_set.node);
        }
        while let Some(set) = sets.pop() {
            for selection in &set.items {
                known(selection.node.directives())?;
                match &selection.node {
                    Selection::Field(field) => {
                        let name = &field.node.name;
                        let asks = matches!(name.node.as_str(), "__schema" | "__type");
                        if asks && !self.introspection {
                            let text = "the server does not tell what its schema is";
                            let refusal = Refusal::new(codes::INTROSPECTION_DISABLED, text);
                            return Err(refusal.at(name.pos));
                        }
                        literals(&field.node.arguments)?;
                        sets.push(&field.node.selection_set.node);
                    }
                    Selection::InlineFragment(one) => sets.push(&one.node.selection_set.node),
                    // Every fragment is looked at by itself.
                    Selection::FragmentSpread(_) => {}
                }
            }
        }
        Ok(())
    }
}

/// Refuses arguments in which a list is longer than any takes.
fn literals(arguments: &[(Positioned<Name>, Positioned<Literal>)]) -> Result<(), Refusal> {
    arguments.iter().try_for_each(|(_name, value)| {
        values::check_literal(&value.node).map_err(|excess| Refusal::from(excess).at(value.pos))
    })
}

/// Refuses a name of an operation that no document of a usual length could have, so that it is told
/// nowhere.
///
/// # Errors
///
/// [`Refusal`] with `BAD_USER_INPUT` when it has more than 256 characters.
pub(super) fn operation_name(name: Option<&str>) -> Result<(), Refusal> {
    let chars = name.map_or(0, |name| name.chars().count());
    if chars > OPERATION_NAME_CHARS_MAX {
        let text = format!(
            "operationName must be at most {OPERATION_NAME_CHARS_MAX} characters, has {chars}"
        );
        return Err(Refusal::new(codes::BAD_USER_INPUT, text));
    }
    Ok(())
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
///
/// # Errors
///
/// [`Refusal`] with `BAD_USER_INPUT` for the first one that is missing, or null and may not be.
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
            let text = format!(
                "the variable ${name} of type {} must be given, and not null",
                definition.node.var_type.node
            );
            return Err(Refusal::new(codes::BAD_USER_INPUT, text).at(definition.pos));
        }
    }
    Ok(())
}
