//! How many values the answer to a document could have, told before anything is executed.
//!
//! It is an upper bound by what the document and its variables say: a page has as many nodes as its
//! `first` or `last` allows, a cart's payload as many entries as the cart has lines, and whatever
//! `@skip` and `@include` leave out is counted. Lists whose length nobody can know before are taken
//! for as long as [`lists`] says; what becomes of those is the affair of the
//! [`budget`](super::budget), which counts while the document is executed, by the same prices.
//!
//! What arguments are given counts as well, for the library copies it each time that their field is
//! resolved: 250 SKUs in the filter of a field that is resolved 10,000 times are 2,500,000 values. It
//! counts once for each place where it is written, too, if no page around it has any nodes: there it
//! is validated.
//!
//! A name of 32 bytes or more, which only an alias has, counts like a text of that length.
//!
//! A document is looked at once ([`Complexity::of`]), each fragment once. What is left is a number
//! and, for each page whose length is in a variable, and for each variable, a factor; a known document
//! is judged by those ([`Complexity::value`]), without being walked again, and each variable is
//! counted once.
//!
//! It knows the types of the schema and no books.

mod lists;
mod size;
mod supplied;
mod term;

use std::collections::HashMap;

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, OperationDefinition, OperationType, Selection,
    SelectionSet,
};
use async_graphql::{Name, Positioned, Variables};
use async_graphql_value::Value;

use super::budget::{COUNT, COUNT_OF_SKU, LIST, PAGE_OF_SKU};
use super::types::{self, Types};
use super::{texts, values};
use lists::INTROSPECTION;
use size::Size;
use supplied::Supplied;
use term::Term;

/// The complexity of one operation of a document, for whatever variables.
#[derive(Clone, Debug)]
pub(super) struct Complexity {
    /// What the answer could have, and what is copied for it.
    executed: Term,
    /// What the arguments are given, once for each place where it is written.
    written: Term,
    /// What the defaults of variables cost to copy.
    defaults: HashMap<Name, u64>,
}

impl Complexity {
    /// That of an operation. The document must have been found to have an end, by
    /// [`guard`](super::guard).
    pub(super) fn of(
        types: &Types,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
    ) -> Self {
        let mut counter = Counter {
            types,
            document,
            operation,
            fragments: HashMap::new(),
            written: Term::default(),
        };
        let root = Some(types::root(operation.ty));
        let directives = counter.directives(&operation.directives);
        let count = counter.selection_set(root, &operation.selection_set.node);
        let mut executed = count.of_object(Size::Fixed(lists::LENGTH));
        executed.add(directives);
        // Those of other operations are validated, too.
        for (name, fragment) in &document.fragments {
            counter.fragment(name);
            counter.directives(&fragment.node.directives);
        }
        let definitions = operation.variable_definitions.iter().map(|definition| &definition.node);
        let defaults = definitions.filter_map(|definition| {
            let default = values::count(&definition.default_value.as_ref()?.node);
            (default > 0).then(|| (definition.name.node.clone(), default))
        });
        Self { executed, written: counter.written, defaults: defaults.collect() }
    }

    /// How many values the answer could have with these variables, those among them that are copied
    /// for it; saturating.
    pub(super) fn value(&self, variables: &Variables) -> u64 {
        let supplied = Supplied::of(variables, &self.defaults);
        self.executed.value(&supplied).max(self.written.value(&supplied))
    }

    /// The memory that it takes besides itself, about.
    pub(super) fn bytes(&self) -> usize {
        let defaults = self.defaults.len().saturating_mul(size_of::<(Name, u64)>());
        [self.written.bytes(), defaults]
            .into_iter()
            .fold(self.executed.bytes(), usize::saturating_add)
    }
}

/// What a selection of an object costs, by what only the field knows that the object is in.
#[derive(Clone, Debug, Default)]
struct Count {
    /// What it costs in any case.
    alone: Term,
    /// What it costs for each node that the field asks for: the lists of a connection or a payload.
    per_node: Term,
    /// How often it asks how long the whole list is.
    totals: u64,
}

impl Count {
    fn and(&mut self, other: Self) {
        self.alone.add(other.alone);
        self.per_node.add(other.per_node);
        self.totals = self.totals.saturating_add(other.totals);
    }

    /// The whole, for an object whose lists have this size.
    fn of_object(self, size: Size) -> Term {
        let mut whole = self.alone;
        whole.add(self.per_node.times(size));
        whole.add(Term::fixed(self.totals.saturating_mul(COUNT)));
        whole
    }
}

struct Counter<'a> {
    types: &'a Types,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    fragments: HashMap<&'a str, Count>,
    /// What the arguments are given that were looked at.
    written: Term,
}

impl<'a> Counter<'a> {
    fn selection_set(&mut self, object: Option<&'a str>, set: &'a SelectionSet) -> Count {
        let mut whole = Count::default();
        for selection in &set.items {
            whole.alone.add(self.directives(selection.node.directives()));
            whole.and(match &selection.node {
                Selection::Field(field) => self.field(object, &field.node),
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let on = condition.map(|condition| condition.node.on.node.as_str());
                    self.selection_set(on.or(object), &fragment.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(spread.node.fragment_name.node.as_str())
                }
            });
        }
        whole
    }

    fn fragment(&mut self, name: &'a str) -> Count {
        if let Some(known) = self.fragments.get(name) {
            return known.clone();
        }
        let Some(fragment) = self.document.fragments.get(name) else { return Count::default() };
        let on = fragment.node.type_condition.node.on.node.as_str();
        let count = self.selection_set(Some(on), &fragment.node.selection_set.node);
        self.fragments.insert(name, count.clone());
        count
    }

    fn field(&mut self, object: Option<&'a str>, field: &'a Field) -> Count {
        let types = self.types;
        let name = field.name.node.as_str();
        let within = match object {
            Some(INTROSPECTION) => Some(INTROSPECTION),
            _ if name == "__schema" || name == "__type" => Some(INTROSPECTION),
            object => object.and_then(|object| types.within_field(object, name)),
        };
        let mut below = self.selection_set(within, &field.selection_set.node);
        let definitions = &self.operation.variable_definitions;
        let size = object.and_then(|object| Size::asked_for(types, object, field, definitions));
        let mut count = Count { alone: self.arguments(&field.arguments), ..Count::default() };
        count.alone.add(Term::fixed(self.price(object, field)));
        if name == "totalCount" {
            count.totals = 1;
        }
        let at_root = object == Some(types::root(self.operation.ty));
        if let Some(size) = &size {
            if at_root {
                count.alone.add(Term::fixed(LIST));
            } else {
                count.alone.add(Term::fixed(PAGE_OF_SKU));
                count.alone.add(Term::fixed(1).times(size.clone()));
                let totals = std::mem::take(&mut below.totals);
                count.alone.add(Term::fixed(totals.saturating_mul(COUNT_OF_SKU)));
            }
        }
        let is_list = match object {
            Some(INTROSPECTION) => lists::length(INTROSPECTION, name).is_some(),
            object => object.is_some_and(|object| types.is_list(object, name)),
        };
        let length = object.and_then(|object| lists::length(object, name));
        let changes = at_root && self.operation.ty == OperationType::Mutation;
        let otherwise = if changes { lists::LENGTH_OF_CHANGE } else { lists::LENGTH };
        let inner = size.clone().unwrap_or(Size::Fixed(otherwise));
        let mut one = below.of_object(inner);
        if is_list {
            one.add(Term::fixed(1));
            match size.or(length.map(Size::Fixed)) {
                Some(size) => count.alone.add(one.times(size)),
                None => count.per_node.add(one),
            }
        } else {
            count.alone.add(one);
        }
        count
    }

    /// What a field costs by itself: its value, and the length of its name. What a change answers
    /// cannot be refused once it was carried out, so that its texts are taken for as long as they may
    /// be; those of questions are counted by [`texts`] when they were read.
    fn price(&self, object: Option<&str>, field: &Field) -> u64 {
        let changes = self.operation.ty == OperationType::Mutation;
        let object = object.filter(|_object| changes);
        let text = object.map_or(0, |object| texts::cost_max(object, &field.name.node));
        let name = texts::cost(field.response_key().node.len());
        1_u64.saturating_add(text).saturating_add(name)
    }

    fn directives(&mut self, directives: &'a [Positioned<Directive>]) -> Term {
        let mut whole = Term::default();
        for directive in directives {
            whole.add(self.arguments(&directive.node.arguments));
        }
        whole
    }

    /// What these arguments are given, which is written here.
    fn arguments(&mut self, arguments: &'a [(Positioned<Name>, Positioned<Value>)]) -> Term {
        let mut whole = Term::default();
        for (_name, value) in arguments {
            self.values(&value.node, &mut whole);
        }
        self.written.add(whole.clone());
        whole
    }

    /// What a value costs to copy, with the variables in it that the operation declares; others have
    /// no value.
    fn values(&self, value: &Value, whole: &mut Term) {
        match value {
            Value::Variable(name) => {
                let mut definitions = self.operation.variable_definitions.iter();
                if definitions.any(|definition| definition.node.name.node == *name) {
                    whole.add(Term::values_of(name));
                }
            }
            Value::List(values) => {
                whole.add(Term::fixed(values::number(values.len())));
                for value in values {
                    self.values(value, whole);
                }
            }
            Value::Object(fields) => {
                whole.add(Term::fixed(values::number(fields.len())));
                for value in fields.values() {
                    self.values(value, whole);
                }
            }
            Value::String(text) => whole.add(Term::fixed(values::of_text(text))),
            Value::Null
            | Value::Number(_)
            | Value::Boolean(_)
            | Value::Binary(_)
            | Value::Enum(_) => {}
        }
    }
}

#[cfg(test)]
mod tests;
