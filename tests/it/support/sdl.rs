//! What the committed schema says of its types, for tests that go through all of them.

use std::collections::BTreeMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
};

/// The types, by their names.
#[derive(Debug, Default)]
pub struct Schema {
    /// The fields of each object.
    pub objects: BTreeMap<String, Vec<FieldDefinition>>,
    /// The fields of each object that is put in.
    pub inputs: BTreeMap<String, Vec<InputValueDefinition>>,
    /// The values of each enum.
    pub enums: BTreeMap<String, Vec<String>>,
}

impl Schema {
    /// Reads them from `schema.graphql`.
    pub fn read() -> Self {
        let sdl = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql"));
        let mut schema = Self::default();
        for definition in parse_schema(sdl.unwrap()).unwrap().definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let name = definition.node.name.node.to_string();
            match definition.node.kind {
                TypeKind::Object(object) => {
                    let fields = object.fields.into_iter().map(|field| field.node);
                    schema.objects.insert(name, fields.collect());
                }
                TypeKind::InputObject(object) => {
                    let fields = object.fields.into_iter().map(|field| field.node);
                    schema.inputs.insert(name, fields.collect());
                }
                TypeKind::Enum(values) => {
                    let values = values.values.into_iter().map(|value| value.node.value.node);
                    schema.enums.insert(name, values.map(|value| value.to_string()).collect());
                }
                TypeKind::Scalar | TypeKind::Interface(_) | TypeKind::Union(_) => {}
            }
        }
        schema
    }
}

/// The name of a type within its lists.
pub fn named(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named(item),
    }
}
