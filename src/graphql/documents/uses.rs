//! Where a document puts its variables, and what is expected there.
//!
//! A document that was validated once is right for ever, but for the values that its variables
//! have: those the library's rule `ArgumentsOfCorrectType` puts in their places and looks at
//! again each time. Here the places are found once, so that what is left to do for a request is to
//! look at each value. What stands beside a variable, in an object or a list, is the same for each
//! request and is looked at here.
//!
//! The rule does not look at an argument one of whose variables has no value; it is not said here
//! that it would, so that what fits here the rule lets pass in any case. A document about which
//! that cannot be said has no uses at all, and is validated each time.

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, FragmentDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Variables};
use async_graphql_value::Value;

use crate::graphql::types::{self, InputType, Types};

/// The places of all variables.
#[derive(Debug)]
pub(super) struct Uses(Vec<Use>);

#[derive(Debug, PartialEq, Eq)]
struct Use {
    variable: Name,
    of: InputType,
}

impl Uses {
    /// Finds them in all operations and fragments of a document, and in more fragments; `None` if
    /// the types do not tell what is expected somewhere.
    pub(super) fn find<'a>(
        types: &Types,
        document: &'a ExecutableDocument,
        more: impl Iterator<Item = &'a FragmentDefinition>,
    ) -> Option<Self> {
        let mut finder = Finder { types, uses: Vec::new() };
        for (_name, operation) in document.operations.iter() {
            finder.directives(&operation.node.directives)?;
            let root = Some(types::root(operation.node.ty));
            finder.selection_set(root, &operation.node.selection_set.node)?;
        }
        let fragments = document.fragments.values().map(|fragment| &fragment.node);
        for fragment in fragments.chain(more) {
            finder.directives(&fragment.directives)?;
            let on = fragment.type_condition.node.on.node.as_str();
            finder.selection_set(Some(on), &fragment.selection_set.node)?;
        }
        Some(Self(finder.uses))
    }

    /// Whether these values certainly fit wherever they are put. One that is not given is not
    /// looked at: its default was, with the document.
    pub(super) fn fit(&self, types: &Types, variables: &Variables) -> bool {
        self.0.iter().all(|one| {
            let value = variables.get(&one.variable);
            value.is_none_or(|value| types.inputs().fit(&one.of, value))
        })
    }
}

struct Finder<'a> {
    types: &'a Types,
    uses: Vec<Use>,
}

impl Finder<'_> {
    /// Finds the uses in a selection of an object; `None` as the object is what the schema tells
    /// of itself, or nothing known.
    fn selection_set(&mut self, object: Option<&str>, set: &SelectionSet) -> Option<()> {
        set.items.iter().try_for_each(|selection| {
            self.directives(selection.node.directives())?;
            match &selection.node {
                Selection::Field(field) => self.field(object, &field.node),
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let on = condition.map(|condition| condition.node.on.node.as_str());
                    self.selection_set(on.or(object), &fragment.node.selection_set.node)
                }
                // Every fragment is looked at by itself.
                Selection::FragmentSpread(_) => Some(()),
            }
        })
    }

    fn field(&mut self, object: Option<&str>, field: &Field) -> Option<()> {
        let types = self.types;
        let name = field.name.node.as_str();
        self.arguments(&field.arguments, |argument| types.of_argument(object?, name, argument))?;
        let within = object.and_then(|object| types.within_field(object, name));
        self.selection_set(within, &field.selection_set.node)
    }

    fn directives(&mut self, directives: &[Positioned<Directive>]) -> Option<()> {
        let types = self.types;
        directives.iter().map(|directive| &directive.node).try_for_each(|directive| {
            let of = |argument: &str| types.of_directive(&directive.name.node, argument);
            self.arguments(&directive.arguments, of)
        })
    }

    fn arguments<'t>(
        &mut self,
        arguments: &[(Positioned<Name>, Positioned<Value>)],
        of: impl Fn(&str) -> Option<&'t InputType>,
    ) -> Option<()> {
        let mut arguments = arguments.iter().filter(|(_name, value)| has_variable(&value.node));
        arguments.try_for_each(|(name, value)| self.value(of(&name.node)?, &value.node))
    }

    fn value(&mut self, of: &InputType, value: &Value) -> Option<()> {
        let inputs = self.types.inputs();
        match value {
            Value::Variable(name) => {
                let one = Use { variable: name.clone(), of: of.clone() };
                if !self.uses.contains(&one) {
                    self.uses.push(one);
                }
                Some(())
            }
            value if !has_variable(value) => {
                inputs.fit(of, &value.clone().into_const()?).then_some(())
            }
            Value::List(values) => {
                let item = of.item()?;
                values.iter().try_for_each(|value| self.value(item, value))
            }
            Value::Object(values) => {
                if !inputs.has_required(of, values.keys().map(Name::as_str)) {
                    return None;
                }
                values
                    .iter()
                    .try_for_each(|(name, value)| self.value(inputs.of_field(of, name)?, value))
            }
            // They hold no variables.
            Value::Null
            | Value::Number(_)
            | Value::String(_)
            | Value::Boolean(_)
            | Value::Binary(_)
            | Value::Enum(_) => None,
        }
    }
}

fn has_variable(value: &Value) -> bool {
    match value {
        Value::Variable(_) => true,
        Value::List(values) => values.iter().any(has_variable),
        Value::Object(values) => values.values().any(has_variable),
        Value::Null
        | Value::Number(_)
        | Value::String(_)
        | Value::Boolean(_)
        | Value::Binary(_)
        | Value::Enum(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::{Value as ConstValue, value};

    use super::*;

    const SDL: &str = "type Query { a(id: ID!, in: In, list: [Int!]): Node b(n: Int): Int } \
                       type Node { c(n: Int!): Int node: Node } \
                       input In { n: Int! deep: In list: [Int!] } \
                       directive @include(if: Boolean!) on FIELD";

    /// Whether variables fit a document; `None` if that cannot be said.
    fn fit(query: &str, variables: ConstValue) -> Option<bool> {
        let (types, document) = (Types::read(SDL), parse_query(query).unwrap());
        let uses = Uses::find(&types, &document, std::iter::empty())?;
        Some(uses.fit(&types, &Variables::from_value(variables)))
    }

    #[test]
    fn every_place_is_found() {
        for (query, right, wrong) in [
            ("{ a(id: $v) { c(n: 1) } }", value!("x"), value!(true)),
            ("{ a(id: 1) { c(n: $v) } }", value!(1), value!(null)),
            ("{ a(id: 1) { ... { c(n: $v) } } }", value!(1), value!("1")),
            ("{ a(id: 1) { ... on Node { node { d: c(n: $v) } } } }", value!(1), value!("1")),
            ("{ a(id: 1) { ...F } } fragment F on Node { c(n: $v) }", value!(1), value!("1")),
            ("{ b @include(if: $v) }", value!(true), value!("true")),
            ("{ ... @include(if: $v) { b } }", value!(true), value!(1)),
            ("{ ...F @include(if: $v) } fragment F on Query { b }", value!(true), value!(1)),
            ("{ a(id: 1, in: $v) { c(n: 1) } }", value!({ "n": 1 }), value!({ "m": 1 })),
            ("{ a(id: 1, in: { n: $v }) { c(n: 1) } }", value!(1), value!(null)),
            (
                "{ a(id: 1, in: { n: 1, deep: { n: 1, deep: $v } }) { c(n: 1) } }",
                value!(null),
                value!(1),
            ),
            ("{ a(id: 1, in: { n: 1, list: [1, $v] }) { c(n: 1) } }", value!(1), value!(null)),
            ("{ a(id: 1, in: { n: 1, list: $v }) { c(n: 1) } }", value!([1]), value!([null])),
            ("{ a(id: 1, list: [$v]) { c(n: 1) } }", value!(1), value!([1])),
            // Both places are looked at.
            ("{ b(n: $v) a(id: $v) { c(n: 1) } }", value!(1), value!("x")),
        ] {
            assert_eq!(fit(query, value!({ "v": (right) })), Some(true), "{query}");
            assert_eq!(fit(query, value!({ "v": (wrong) })), Some(false), "{query}");
            assert_eq!(fit(query, value!({ "w": 1 })), Some(true), "{query}: not given");
        }
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        for query in [
            "{ a(it: $v) { c(n: 1) } }",
            "{ d(n: $v) }",
            "{ d { c(n: $v) } }",
            "{ ... on Other { c(n: $v) } }",
            "{ ...F } fragment F on Other { c(n: $v) }",
            "{ __type(name: $v) { name } }",
            "{ __schema { types { fields(includeDeprecated: $v) { name } } } }",
            "{ b @skip(if: $v) }",
            "subscription { b(n: $v) }",
            // What stands beside the variable is wrong.
            "{ a(id: 1, in: { n: \"1\", deep: $v }) { c(n: 1) } }",
            "{ a(id: 1, in: { deep: $v }) { c(n: 1) } }",
            "{ a(id: 1, in: { n: 1, more: $v }) { c(n: 1) } }",
            "{ a(id: 1, in: [$v]) { c(n: 1) } }",
            "{ a(id: 1, list: [null, $v]) { c(n: 1) } }",
            "{ a(id: { n: $v }) { c(n: 1) } }",
            "{ a(id: [$v]) { c(n: 1) } }",
        ] {
            assert_eq!(fit(query, value!({ "v": 1 })), None, "{query}");
        }
    }

    #[test]
    fn without_variables_there_is_nothing_to_know() {
        for query in ["{ a(id: 1, in: { n: 1 }) { c(n: 1) } }", "{ __type(name: \"A\") { name } }"]
        {
            assert_eq!(fit(query, value!({})), Some(true), "{query}");
        }
    }
}
