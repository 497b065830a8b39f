//! What is kept of a document that was found right.
//!
//! A document is kept as it was written, for whatever is to be told of it, and in the forms in
//! which requests execute it. A form is the operation that is meant, alone, without the arguments
//! whose variables a request leaves out (see [`left_out`]): one for those who give every variable,
//! and one for each choice of optional ones that clients make. Every form was validated and
//! executed as it is.

use std::sync::Arc;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition};
use async_graphql::{Name, Positioned, Variables};

use super::uses::Uses;
use super::weight;
use crate::graphql::judged::Judged;
use crate::graphql::left_out;
use crate::graphql::types::Types;

/// Forms of one document that are kept. A client makes few choices; whoever makes more drives the
/// oldest ones out.
const FORMS_MAX: usize = 8;

/// A document that was found right.
#[derive(Debug)]
pub(in crate::graphql) struct Known {
    written: Arc<ExecutableDocument>,
    judged: Judged,
    forms: Vec<Arc<Form>>,
    /// The memory that it takes, about.
    pub(super) bytes: usize,
}

/// How a document is executed when certain variables are left out.
#[derive(Debug)]
pub(in crate::graphql) struct Form {
    left_out: Vec<Name>,
    document: ExecutableDocument,
    /// Where its variables are put; `None` if that cannot be said.
    uses: Option<Uses>,
}

impl Known {
    /// A document that was found right in one form.
    pub(in crate::graphql) fn new(
        written: Arc<ExecutableDocument>,
        judged: Judged,
        form: Form,
    ) -> Self {
        Self::of(written, judged, vec![Arc::new(form)])
    }

    /// The same, with one form more.
    pub(in crate::graphql) fn with(&self, form: Form) -> Self {
        let surplus = self.forms.len().saturating_sub(FORMS_MAX - 1);
        let mut forms: Vec<_> = self.forms.iter().skip(surplus).cloned().collect();
        forms.push(Arc::new(form));
        Self::of(Arc::clone(&self.written), self.judged.clone(), forms)
    }

    fn of(written: Arc<ExecutableDocument>, judged: Judged, forms: Vec<Arc<Form>>) -> Self {
        let bytes = forms.iter().map(|form| weight::of(&form.document));
        let bytes = bytes.fold(weight::of(&written), usize::saturating_add);
        let complexity = judged.complexity.as_ref().map_or(0, |complexity| complexity.bytes());
        let bytes = bytes.saturating_add(complexity);
        Self { written, judged, forms, bytes }
    }

    /// What is known of the operation that is meant.
    pub(in crate::graphql) fn judged(&self) -> &Judged {
        &self.judged
    }

    /// The document as it was written.
    pub(in crate::graphql) fn written(&self) -> &Arc<ExecutableDocument> {
        &self.written
    }

    /// The form of those who leave out these variables, in the order of the document.
    pub(in crate::graphql) fn form(&self, left_out: &[&Name]) -> Option<&Form> {
        self.forms
            .iter()
            .map(Arc::as_ref)
            .find(|form| form.left_out.iter().eq(left_out.iter().copied()))
    }
}

impl Form {
    /// The form of a document whose operation `meant` was executed without these variables.
    pub(in crate::graphql) fn new(
        types: &Types,
        written: &ExecutableDocument,
        meant: &Positioned<OperationDefinition>,
        left_out: &[&Name],
    ) -> Self {
        let document = left_out::without(written, meant, left_out);
        // The rule looks at the fragments of other operations, too.
        let others = written.fragments.iter();
        let others = others.filter(|(name, _fragment)| !document.fragments.contains_key(*name));
        let uses = Uses::find(types, &document, others.map(|(_name, fragment)| &fragment.node));
        Self { left_out: left_out.iter().copied().cloned().collect(), document, uses }
    }

    /// Whether these variables certainly fit: whether to validate the document again would change
    /// nothing.
    pub(in crate::graphql) fn fits(&self, types: &Types, variables: &Variables) -> bool {
        self.uses.as_ref().is_some_and(|uses| uses.fit(types, variables))
    }

    /// What is to be executed. It has one operation, without a name.
    pub(in crate::graphql) fn document(&self) -> &ExecutableDocument {
        &self.document
    }
}
