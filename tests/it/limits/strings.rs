//! Every text that a client may send has a bound, which is told in words of the server's own.
//!
//! The arguments are read from the schema, so that one more is tried as soon as it is there.

use std::collections::BTreeMap;

use async_graphql::parser::types::{BaseType, FieldDefinition, Type};
use serde_json::{Value, json};

use super::server;
use crate::support::TestServer;
use crate::support::sdl::{Schema, named};

/// Scalars that are sent as texts.
const TEXTS: [&str; 4] = ["String", "ID", "DateTime", "BigInt"];

/// What is made of the schema's types.
trait Made {
    fn right(&self, of: &Type) -> Value;
    fn object(&self, name: &str, other: Option<(&str, Value)>) -> Value;
    fn wrong(&self, of: &Type, text: &str, way: &str) -> Vec<(String, Value)>;
    fn ways(&self) -> BTreeMap<String, (String, String)>;
}

impl Made for Schema {
    /// A value that is right.
    fn right(&self, of: &Type) -> Value {
        match &of.base {
            BaseType::List(item) => json!([self.right(item)]),
            BaseType::Named(name) => match name.as_str() {
                "Int" => json!(1),
                "Boolean" => json!(true),
                "ID" => json!("1001"),
                "DateTime" => json!("2026-11-22T09:50:00Z"),
                "BigInt" => json!("1"),
                "String" => json!("text"),
                name => match self.enums.get(name) {
                    Some(values) => json!(values[0]),
                    None => self.object(name, None),
                },
            },
        }
    }

    /// An input object with what it must have, and one field more or in place of its own.
    fn object(&self, name: &str, other: Option<(&str, Value)>) -> Value {
        let mut object = serde_json::Map::new();
        for field in &self.inputs[name] {
            if !field.ty.node.nullable && field.default_value.is_none() {
                object.insert(field.name.node.to_string(), self.right(&field.ty.node));
            }
        }
        object.extend(other.map(|(name, value)| (name.to_owned(), value)));
        Value::Object(object)
    }

    /// All values of a type that are right but for one text in them, each with the way to it.
    fn wrong(&self, of: &Type, text: &str, way: &str) -> Vec<(String, Value)> {
        match &of.base {
            BaseType::List(item) => {
                let items = self.wrong(item, text, way).into_iter();
                items.map(|(way, value)| (way, json!([value]))).collect()
            }
            BaseType::Named(name) if TEXTS.contains(&name.as_str()) => {
                vec![(way.to_owned(), json!(text))]
            }
            BaseType::Named(name) => {
                let fields = self.inputs.get(name.as_str()).into_iter().flatten();
                let wrong = fields.flat_map(|field| {
                    let field_name = field.name.node.as_str();
                    let values = self.wrong(&field.ty.node, text, &format!("{way}.{field_name}"));
                    let within = values.into_iter();
                    within.map(|(way, value)| (way, self.object(name, Some((field_name, value)))))
                });
                wrong.collect()
            }
        }
    }

    /// Ways from the root of an operation to an object, as what stands before and behind a field of
    /// it. They go through fields that need no arguments, or right ones.
    fn ways(&self) -> BTreeMap<String, (String, String)> {
        let mut ways = BTreeMap::from([
            ("Query".to_owned(), ("query".to_owned(), String::new())),
            ("Mutation".to_owned(), ("mutation".to_owned(), String::new())),
        ]);
        let mut open: Vec<String> = ways.keys().cloned().collect();
        while let Some(object) = open.pop() {
            for field in &self.objects[&object] {
                let of = named(&field.ty.node).to_owned();
                // What is right for an id or a key leads to no entry, nor does what is found in books
                // that are right, nor a SKU that has never run out; the list has some.
                let leads_to_none = [
                    "inventoryFlow",
                    "inventoryOperation",
                    "inventorySoldOutSpans",
                    "inventoryVerify",
                    "inventoryCount",
                    "inventoryOrderTrail",
                    "inventoryOrderTrails",
                    "findings",
                ];
                let is_dead_end =
                    object == "Mutation" || leads_to_none.contains(&field.name.node.as_str());
                if is_dead_end || !self.objects.contains_key(&of) || ways.contains_key(&of) {
                    continue;
                }
                let given = field.arguments.iter().map(|argument| &argument.node);
                let given = given
                    .filter(|argument| {
                        !argument.ty.node.nullable && argument.default_value.is_none()
                    })
                    .map(|argument| {
                        let value = self.right(&argument.ty.node);
                        format!("{}: {} ", argument.name.node, literal(&value))
                    });
                let given: String = given.collect();
                let given = if given.is_empty() { given } else { format!("({given})") };
                let (before, behind) = &ways[&object];
                let way =
                    (format!("{before} {{ {}{given}", field.name.node), format!("{behind} }}"));
                ways.insert(of.clone(), way);
                open.push(of);
            }
        }
        ways
    }
}

/// A value as a document spells it.
fn literal(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{name}: {}", literal(value)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(" "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(" "))
        }
        other => other.to_string(),
    }
}

/// What can be selected of a field.
fn selection(schema: &Schema, field: &FieldDefinition) -> &'static str {
    match schema.objects.get(named(&field.ty.node)) {
        None => "",
        Some(fields) if fields.iter().any(|field| field.name.node == "results") => {
            "{ results { userErrors { code message } } }"
        }
        Some(fields) if fields.iter().any(|field| field.name.node == "userErrors") => {
            "{ userErrors { code message } }"
        }
        Some(_) => "{ __typename }",
    }
}

/// Each argument of the schema with one text in it, as a document, the variables, and the way to the
/// text.
fn requests(schema: &Schema, text: &str) -> Vec<(String, Value, String)> {
    let mut requests = Vec::new();
    for (object, (before, behind)) in schema.ways() {
        for field in &schema.objects[&object] {
            for argument in field.arguments.iter().map(|argument| &argument.node) {
                let name = &argument.name.node;
                let way = format!("{object}.{}.{name}", field.name.node);
                for (way, value) in schema.wrong(&argument.ty.node, text, &way) {
                    let others = field.arguments.iter().map(|other| &other.node).filter(|other| {
                        other.name.node != *name
                            && !other.ty.node.nullable
                            && other.default_value.is_none()
                    });
                    let others = others.map(|other| {
                        let value = literal(&schema.right(&other.ty.node));
                        format!(" {}: {value}", other.name.node)
                    });
                    let others: String = others.collect();
                    let (operation, path) = before.split_once(' ').unwrap_or((&before, ""));
                    let document = format!(
                        "{operation}($v: {}) {path} {{ {}({name}: $v{others}) {} }}{behind}",
                        argument.ty.node,
                        field.name.node,
                        selection(schema, field),
                    );
                    requests.push((document, json!({ "v": value }), way));
                }
            }
        }
    }
    requests
}

/// The code that a text is refused with, in an error or a user error.
fn refusal(answer: &Value) -> Option<&str> {
    let error = answer.pointer("/errors/0/extensions/code");
    let payload = answer["data"].as_object().and_then(|data| data.values().next());
    let refused = payload.and_then(|payload| {
        let of_line = payload.pointer("/results/0/userErrors/0/code");
        payload.pointer("/userErrors/0/code").or(of_line)
    });
    error.or(refused)?.as_str()
}

/// Starts a stocktake, so that the list of those has one.
async fn start_count(server: &TestServer) {
    let start = "mutation { inventoryCountStart(input: { idempotencyKey: \"c\" }) { replayed } }";
    server.graphql(start, json!({})).await.field();
}

async fn every_text(server: &TestServer, text: &str) -> usize {
    let schema = Schema::read();
    let requests = requests(&schema, text);
    for (document, variables, way) in &requests {
        let answer = server.graphql(document, variables.clone()).await.0;
        let code =
            refusal(&answer).unwrap_or_else(|| panic!("{way} is taken: {document} {answer}"));
        let expected = ["INVALID_ARGUMENT", "BAD_USER_INPUT"];
        assert!(expected.contains(&code), "{way}: {code}: {document} {answer}");
        let told = answer.to_string();
        assert!(told.len() < 1_000, "{way} is told with {} bytes", told.len());
    }
    requests.len()
}

#[tokio::test]
async fn a_text_of_100_000_characters_is_refused_wherever_it_stands() {
    let (database, server) = server(&[]).await;
    start_count(&server).await;
    let tried = every_text(&server, &"x".repeat(100_000)).await;
    assert!(tried > 40, "{tried} arguments");
    every_text(&server, &"1".repeat(100_000)).await;
    assert_eq!(server.left(1001).await, 10);
    database.audit().await;
}

#[tokio::test]
async fn the_character_that_no_database_keeps_is_refused_wherever_it_stands() {
    let (database, server) = server(&[]).await;
    start_count(&server).await;
    every_text(&server, "a\u{0}b").await;
    assert_eq!(server.left(1001).await, 10);
    database.audit().await;
}
