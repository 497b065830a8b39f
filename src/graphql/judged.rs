//! What is known of the operation that a request means, whatever its variables.

use std::sync::Arc;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition};
use async_graphql::{Name, Positioned};

use super::Schema;
use super::complexity::Complexity;
use super::operation::Operation;

/// What is known of the operation that is meant. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    /// What it asks for, in few words.
    pub(super) operation: Arc<Operation>,
    /// How complex it is; `None` if it is not clear which is meant.
    pub(super) complexity: Option<Arc<Complexity>>,
}

impl Judged {
    /// Of a document that was not read.
    pub(super) fn unread(schema: &Schema, name: Option<&str>) -> Self {
        Self { operation: schema.operations.unread(name).into(), complexity: None }
    }

    /// Of the operation `meant` of a document, by the `name` that the request says.
    pub(super) fn of(
        schema: &Schema,
        document: &ExecutableDocument,
        meant: Option<&Positioned<OperationDefinition>>,
        name: Option<&str>,
    ) -> Self {
        let Some(meant) = meant else { return Self::unread(schema, name) };
        let mut names = document.operations.iter().filter(|(_name, known)| known.pos == meant.pos);
        let written = names.next().and_then(|(name, _operation)| name).map(Name::as_str);
        Self {
            operation: schema.operations.of(name.or(written), document, &meant.node).into(),
            complexity: Some(schema.complexity(document, &meant.node).into()),
        }
    }
}
