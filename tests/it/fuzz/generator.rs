//! Documents and variables at random, out of the schema, right or nearly so.

use async_graphql::parser::types::{BaseType, FieldDefinition, Type};
use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::support::sdl::{Schema, named};

/// Levels of a document.
const LEVELS_MAX: usize = 7;

/// Pieces that a text is broken with.
const TOKENS: [&str; 30] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "!",
    "$",
    "@",
    "...",
    "on",
    "query",
    "mutation",
    "fragment",
    "subscription",
    "null",
    "true",
    "\"",
    "\"\"\"",
    "\\",
    "\\u0000",
    "#",
    "\u{feff}",
    "\u{0}",
    "é",
    "🧺",
    "1e400",
    "-0",
    "__typename",
];

/// A document with variables for it, being made.
pub(super) struct Generator<'a> {
    schema: &'a Schema,
    rng: &'a mut Rng,
    declared: String,
    variables: Map<String, Value>,
    /// The fragments that may be spread: their names, their objects and how they are defined.
    fragments: Vec<(String, String, String)>,
}

/// What is to be sent.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) query: String,
    pub(super) variables: Value,
}

impl<'a> Generator<'a> {
    pub(super) fn new(schema: &'a Schema, rng: &'a mut Rng) -> Self {
        let (declared, variables, fragments) = (String::new(), Map::new(), Vec::new());
        Self { schema, rng, declared, variables, fragments }
    }

    /// One time in `times`.
    fn seldom(&mut self, times: usize) -> bool {
        self.rng.usize(..times) == 0
    }

    /// A document that could be right.
    pub(super) fn document(mut self) -> Asked {
        let (kind, root) =
            if self.seldom(4) { ("mutation", "Mutation") } else { ("query", "Query") };
        let selection = self.selection(root, 0);
        let mut query = if self.declared.is_empty() {
            format!("{kind} {selection}")
        } else {
            format!("{kind} Q({}) {selection}", self.declared)
        };
        for (name, object, selection) in &self.fragments {
            query += &format!(" fragment {name} on {object} {selection}");
        }
        Asked { query, variables: Value::Object(self.variables) }
    }

    fn selection(&mut self, object: &str, level: usize) -> String {
        let schema = self.schema;
        let fields = &schema.objects[object];
        let mut parts = Vec::new();
        for _part in 0..self.rng.usize(1..5) {
            let part = match self.rng.usize(..20) {
                0 => "__typename".to_owned(),
                1 if level < LEVELS_MAX => format!("... {}", self.selection(object, level + 1)),
                2 if level < LEVELS_MAX => {
                    format!("... on {object} {}", self.selection(object, level + 1))
                }
                3 if level < LEVELS_MAX => self.spread(object, level),
                4 if object == "Query" => {
                    "__schema { types { name fields { name type { name } } } }".to_owned()
                }
                _ => {
                    let field = &fields[self.rng.usize(..fields.len())];
                    match self.field(field, level) {
                        Some(field) => field,
                        None => continue,
                    }
                }
            };
            let condition = self.rng.bool();
            let directive = match self.rng.usize(..20) {
                0 => format!(" @include(if: {condition})"),
                1 => format!(" @skip(if: {condition})"),
                _ => String::new(),
            };
            // A directive stands behind the name and ahead of the selection.
            match part.find('{').filter(|_at| !directive.is_empty()) {
                Some(at) if !part.contains('(') => {
                    let (before, behind) = part.split_at(at);
                    parts.push(format!("{before}{directive} {behind}"));
                }
                _ => parts.push(part),
            }
        }
        parts.push("__typename".to_owned());
        format!("{{ {} }}", parts.join(" "))
    }

    fn spread(&mut self, object: &str, level: usize) -> String {
        let known: Vec<String> = self
            .fragments
            .iter()
            .filter(|fragment| fragment.1 == object)
            .map(|fragment| fragment.0.clone())
            .collect();
        if !known.is_empty() && self.rng.bool() {
            return format!("...{}", known[self.rng.usize(..known.len())]);
        }
        let name = format!("F{}", self.fragments.len());
        // Known before it is whole, so that it may spread itself.
        self.fragments.push((name.clone(), object.to_owned(), String::new()));
        let place = self.fragments.len() - 1;
        let selection = self.selection(object, level + 1);
        self.fragments[place].2 = selection;
        format!("...{name}")
    }

    fn field(&mut self, field: &FieldDefinition, level: usize) -> Option<String> {
        let object = self.schema.objects.contains_key(named(&field.ty.node));
        if object && level >= LEVELS_MAX {
            return None;
        }
        let mut text = String::new();
        if self.seldom(3) {
            text += &format!("a{}: ", self.rng.usize(..40));
        }
        text += field.name.node.as_str();
        let mut arguments = Vec::new();
        for argument in field.arguments.iter().map(|argument| &argument.node) {
            let needed = !argument.ty.node.nullable && argument.default_value.is_none();
            if (needed && !self.seldom(30)) || self.seldom(3) {
                let value = self.value(&argument.ty.node);
                arguments.push(format!(
                    "{}: {}",
                    argument.name.node,
                    self.spelled(&argument.ty.node, value)
                ));
            }
        }
        if !arguments.is_empty() {
            text += &format!("({})", arguments.join(", "));
        }
        if object {
            text += &format!(" {}", self.selection(named(&field.ty.node), level + 1));
        }
        Some(text)
    }

    /// A value in the document, or a variable that has it.
    fn spelled(&mut self, of: &Type, value: Value) -> String {
        if self.rng.bool() {
            return literal(self.schema, of, &value);
        }
        let name = format!("v{}", self.variables.len());
        self.declared += &format!("${name}: {of} ");
        if !self.seldom(20) {
            self.variables.insert(name.clone(), value);
        }
        format!("${name}")
    }

    /// A value of a type, or of nearly that type.
    fn value(&mut self, of: &Type) -> Value {
        if self.seldom(40) {
            return self.anything();
        }
        if of.nullable && self.seldom(10) {
            return Value::Null;
        }
        let name = match &of.base {
            BaseType::List(item) => {
                let length = if self.seldom(30) { 251 } else { self.rng.usize(..4) };
                return (0..length).map(|_place| self.value(item)).collect();
            }
            BaseType::Named(name) => name.as_str(),
        };
        if let Some(values) = self.schema.enums.get(name) {
            return json!(values[self.rng.usize(..values.len())]);
        }
        if let Some(fields) = self.schema.inputs.get(name) {
            let mut object = Map::new();
            for field in fields {
                let needed = !field.ty.node.nullable && field.default_value.is_none();
                if (needed && !self.seldom(30)) || self.seldom(3) {
                    object.insert(field.name.node.to_string(), self.value(&field.ty.node));
                }
            }
            return Value::Object(object);
        }
        match name {
            "Int" => {
                let edges =
                    [0, 1, 2, 5, 50, 200, 201, -1, 1_000_000, 2_147_483_647, 3_000_000_000_i64];
                json!(edges[self.rng.usize(..edges.len())])
            }
            "Boolean" => json!(self.rng.bool()),
            "ID" => {
                let ids =
                    ["1001", "1002", "1003", "1", "2", "0", "9223372036854775807", "none", ""];
                json!(ids[self.rng.usize(..ids.len())])
            }
            "DateTime" => {
                let instants = ["2020-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00", "now", ""];
                json!(instants[self.rng.usize(..instants.len())])
            }
            _ => self.text(),
        }
    }

    fn text(&mut self) -> Value {
        match self.rng.usize(..12) {
            0 => json!("x".repeat(self.rng.usize(..700))),
            1 => json!("a\u{0}b"),
            2 => json!("'; -- \" \\ %s ${x} {{y}}"),
            3 => json!("🧺".repeat(self.rng.usize(..140))),
            4 => json!((0..self.rng.usize(..8)).map(|_| self.rng.char(..)).collect::<String>()),
            5 => json!(""),
            _ => json!(format!("key {}", self.rng.usize(..500))),
        }
    }

    fn anything(&mut self) -> Value {
        match self.rng.usize(..8) {
            0 => Value::Null,
            1 => json!(self.rng.bool()),
            2 => json!(self.rng.i64(..)),
            3 => json!(1.5e300),
            4 => json!([[], [[1]], {}]),
            5 => json!({ "lines": [{ "skuId": [] }], "": 1 }),
            6 => json!(u64::MAX),
            _ => self.text(),
        }
    }
}

/// A value as a document spells it.
fn literal(schema: &Schema, of: &Type, value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let item = if let BaseType::List(item) = &of.base { item } else { of };
            let items = items.iter().map(|value| literal(schema, item, value));
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Value::Object(fields) => {
            let known = schema.inputs.get(named(of));
            let fields =
                fields.iter().filter(|(name, _value)| !name.is_empty()).map(|(name, value)| {
                    let known = known.into_iter().flatten().find(|field| field.name.node == *name);
                    let of = known.map_or(of, |field| &field.ty.node);
                    format!("{name}: {}", literal(schema, of, value))
                });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) if schema.enums.contains_key(named(of)) && !text.is_empty() => {
            text.clone()
        }
        other => other.to_string(),
    }
}

/// A text with a few places broken.
pub(super) fn broken(rng: &mut Rng, text: &str) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    for _place in 0..rng.usize(1..5) {
        let at = rng.usize(..=signs.len());
        let end = (at + rng.usize(..20)).min(signs.len());
        match rng.usize(..6) {
            0 => drop(signs.drain(at..end)),
            1 => {
                let piece: Vec<char> = signs[at..end].to_vec();
                let times = rng.usize(1..30);
                signs.splice(at..at, piece.repeat(times));
            }
            2 => signs.truncate(at),
            3 => drop(signs.splice(at..at, [rng.char(..)])),
            _ => {
                let token = TOKENS[rng.usize(..TOKENS.len())];
                signs.splice(at..at, token.chars());
            }
        }
    }
    signs.into_iter().collect()
}
