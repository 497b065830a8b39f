//! How many nodes a field asks for: a page by `first` or `last`, a cart by its lines.

use async_graphql::parser::types::{Field, VariableDefinition};
use async_graphql::{Name, Positioned, Value as ConstValue, Variables};
use async_graphql_value::Value;

use super::{lists, values};
use crate::domain::limits::{PAGE_NODES_DEFAULT, PAGE_NODES_MAX};
use crate::graphql::types::Types;

/// The arguments by which a page is asked for. Every connection has both.
const FIRST: &str = "first";
const LAST: &str = "last";

/// The argument, or the field of the argument `input`, that holds a cart.
const LINES: &str = "lines";
const INPUT: &str = "input";

/// What a value says, as a number; `None` if it says none.
type Count = fn(&ConstValue) -> Option<u64>;

/// A number of nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// It stands in the document.
    Fixed(u64),
    /// The greater of these two, or of the one that is given.
    Page(Given, Given),
    /// As many as a list has values, but for those beyond a number.
    Lines(Given, u64),
}

/// What is given for an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// Nothing, or what is no number.
    Nothing,
    /// This many.
    Number(u64),
    /// What a variable says.
    Variable {
        /// Its name.
        name: Name,
        /// The field of its value, an object, that says it.
        within: Option<&'static str>,
        /// What it says if the request gives none.
        default: Option<u64>,
    },
}

impl Size {
    /// What a field of an object asks for; `None` if it is no page and no cart.
    pub(super) fn asked_for(
        types: &Types,
        object: &str,
        field: &Field,
        definitions: &[Positioned<VariableDefinition>],
    ) -> Option<Self> {
        let takes = |argument: &str| types.of_argument(object, &field.name.node, argument);
        let given = |argument: &str, count: Count| match field.get_argument(argument) {
            Some(value) => Given::read(&value.node, definitions, count),
            None => Given::Nothing,
        };
        if takes(FIRST).is_some() {
            return Some(Self::Page(given(FIRST, number), given(LAST, number)).folded());
        }
        let lines_max = values::number(lists::lines_max(&field.name.node));
        if takes(LINES).is_some() {
            return Some(Self::Lines(given(LINES, length), lines_max).folded());
        }
        types.inputs().of_field(takes(INPUT)?, LINES)?;
        let lines = match field.get_argument(INPUT).map(|input| &input.node) {
            Some(Value::Object(input)) => match input.get(LINES) {
                Some(lines) => Given::read(lines, definitions, length),
                None => Given::Nothing,
            },
            Some(Value::Variable(name)) => Given::variable(name, Some(LINES), definitions, length),
            _ => Given::Nothing,
        };
        Some(Self::Lines(lines, lines_max).folded())
    }

    /// The same, as a number where no variable has a say.
    fn folded(self) -> Self {
        let known = |given: &Given| !matches!(given, Given::Variable { .. });
        match &self {
            Self::Page(first, last) if known(first) && known(last) => {
                Self::Fixed(self.value(&Variables::default()))
            }
            Self::Lines(lines, _max) if known(lines) => {
                Self::Fixed(self.value(&Variables::default()))
            }
            Self::Fixed(_) | Self::Page(..) | Self::Lines(..) => self,
        }
    }

    /// How many nodes these are with these variables. What is out of bounds counts as much as may
    /// be: it is refused where it is read, in words of its own.
    pub(super) fn value(&self, variables: &Variables) -> u64 {
        match self {
            Self::Fixed(number) => *number,
            Self::Page(first, last) => first
                .value(variables, number)
                .max(last.value(variables, number))
                .unwrap_or(u64::from(PAGE_NODES_DEFAULT))
                .min(u64::from(PAGE_NODES_MAX)),
            Self::Lines(lines, lines_max) => {
                lines.value(variables, length).unwrap_or_default().min(*lines_max)
            }
        }
    }
}

impl Given {
    fn read(value: &Value, definitions: &[Positioned<VariableDefinition>], count: Count) -> Self {
        match value {
            Value::Variable(name) => Self::variable(name, None, definitions, count),
            // Whatever the values are: they are counted, and may be variables.
            Value::List(values) => Self::Number(u64::try_from(values.len()).unwrap_or(u64::MAX)),
            Value::Null
            | Value::Number(_)
            | Value::String(_)
            | Value::Boolean(_)
            | Value::Binary(_)
            | Value::Enum(_)
            | Value::Object(_) => {
                let value = value.clone().into_const();
                value.and_then(|value| count(&value)).map_or(Self::Nothing, Self::Number)
            }
        }
    }

    fn variable(
        name: &Name,
        within: Option<&'static str>,
        definitions: &[Positioned<VariableDefinition>],
        count: Count,
    ) -> Self {
        let definition = definitions.iter().find(|definition| definition.node.name.node == *name);
        let default = definition.and_then(|definition| definition.node.default_value.as_ref());
        let default = default.and_then(|default| said(&default.node, within, count));
        Self::Variable { name: name.clone(), within, default }
    }

    fn value(&self, variables: &Variables, count: Count) -> Option<u64> {
        match self {
            Self::Nothing => None,
            Self::Number(number) => Some(*number),
            Self::Variable { name, within, default } => match variables.get(name) {
                Some(value) => said(value, *within, count),
                None => *default,
            },
        }
    }
}

/// What a value says, or the field `within` it.
fn said(value: &ConstValue, within: Option<&str>, count: Count) -> Option<u64> {
    match (within, value) {
        (None, value) => count(value),
        (Some(field), ConstValue::Object(fields)) => count(fields.get(field)?),
        (Some(_field), _) => None,
    }
}

/// A number of nodes, none of which is less than none.
fn number(value: &ConstValue) -> Option<u64> {
    let ConstValue::Number(number) = value else { return None };
    Some(number.as_u64().unwrap_or_default())
}

/// The length of a list; a single value stands for a list of one.
fn length(value: &ConstValue) -> Option<u64> {
    match value {
        ConstValue::List(values) => u64::try_from(values.len()).ok(),
        ConstValue::Null => None,
        ConstValue::Number(_)
        | ConstValue::String(_)
        | ConstValue::Boolean(_)
        | ConstValue::Binary(_)
        | ConstValue::Enum(_)
        | ConstValue::Object(_) => Some(1),
    }
}
