//! What the schema says of its types, for what the library leaves undone, or would do again each
//! time: which fields the objects have and of what type ([`nulls`](super::nulls)), and what their
//! arguments take ([`documents`](super::documents)).
//!
//! It is read once, from the schema definition language that the library prints, so that it cannot
//! say anything else than the schema does. It knows no document and no request.

mod input;

use std::collections::HashMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, InputValueDefinition, OperationType, Type, TypeDefinition, TypeKind,
    TypeSystemDefinition,
};
use async_graphql::{Name, Positioned};

pub(super) use input::{InputType, Inputs};

/// The objects with their fields, what may be put in, and the directives.
#[derive(Debug, Default)]
pub(super) struct Types {
    objects: HashMap<Name, HashMap<Name, Field>>,
    directives: HashMap<Name, Arguments>,
    inputs: Inputs,
}

/// The arguments of a field or a directive, a few.
type Arguments = Vec<(Name, InputType)>;

#[derive(Debug)]
struct Field {
    of: Type,
    arguments: Arguments,
}

impl Types {
    /// Reads them from the schema definition language. The library prints what it parses; if it
    /// ever did not, there would be no types: answers would stay as it makes them, and documents
    /// with variables would be validated each time.
    pub(super) fn read(sdl: &str) -> Self {
        let definitions = parse_schema(sdl).map(|schema| schema.definitions).unwrap_or_default();
        let (mut defined, mut directives) = (Vec::new(), Vec::new());
        for definition in definitions {
            match definition {
                TypeSystemDefinition::Type(definition) => defined.push(definition.node),
                TypeSystemDefinition::Directive(definition) => directives.push(definition.node),
                TypeSystemDefinition::Schema(_) => {}
            }
        }
        let inputs = Inputs::of(&defined);
        let objects = defined.into_iter().filter_map(|definition| object(definition, &inputs));
        let directives = directives
            .into_iter()
            .map(|definition| (definition.name.node, arguments(definition.arguments, &inputs)));
        Self { objects: objects.collect(), directives: directives.collect(), inputs }
    }

    /// The fields of an object.
    pub(super) fn fields(&self, object: &str) -> impl Iterator<Item = &str> {
        self.objects.get(object).into_iter().flat_map(HashMap::keys).map(Name::as_str)
    }

    /// The type of a field of an object.
    pub(super) fn of_field(&self, object: &str, field: &str) -> Option<&Type> {
        Some(&self.objects.get(object)?.get(field)?.of)
    }

    /// The object, or the scalar, that a field of an object is, or is a list of.
    pub(super) fn within_field(&self, object: &str, field: &str) -> Option<&str> {
        let mut of = &self.of_field(object, field)?.base;
        loop {
            match of {
                BaseType::List(item) => of = &item.base,
                BaseType::Named(name) => return Some(name),
            }
        }
    }

    /// Whether a field of an object is a list.
    pub(super) fn is_list(&self, object: &str, field: &str) -> bool {
        self.of_field(object, field).is_some_and(|of| matches!(of.base, BaseType::List(_)))
    }

    /// What an argument of a field takes.
    pub(super) fn of_argument(&self, object: &str, field: &str, name: &str) -> Option<&InputType> {
        argument(&self.objects.get(object)?.get(field)?.arguments, name)
    }

    /// Whether there is a directive of that name.
    pub(super) fn has_directive(&self, name: &str) -> bool {
        self.directives.contains_key(name)
    }

    /// What an argument of a directive takes.
    pub(super) fn of_directive(&self, directive: &str, name: &str) -> Option<&InputType> {
        argument(self.directives.get(directive)?, name)
    }

    /// What may be put in.
    pub(super) fn inputs(&self) -> &Inputs {
        &self.inputs
    }
}

/// The object at the root of operations of a type.
pub(super) fn root(ty: OperationType) -> &'static str {
    match ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

fn object(definition: TypeDefinition, inputs: &Inputs) -> Option<(Name, HashMap<Name, Field>)> {
    let TypeKind::Object(object) = definition.kind else { return None };
    let fields = object.fields.into_iter().map(|field| {
        let arguments = arguments(field.node.arguments, inputs);
        (field.node.name.node, Field { of: field.node.ty.node, arguments })
    });
    Some((definition.name.node, fields.collect()))
}

fn arguments(definitions: Vec<Positioned<InputValueDefinition>>, inputs: &Inputs) -> Arguments {
    let definitions = definitions.into_iter().map(|definition| definition.node);
    definitions
        .map(|definition| (definition.name.node, inputs.resolve(&definition.ty.node)))
        .collect()
}

fn argument<'a>(arguments: &'a Arguments, name: &str) -> Option<&'a InputType> {
    arguments.iter().find(|(known, _of)| *known == *name).map(|(_name, of)| of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_read_as_it_is_printed() {
        let types = Types::read(&crate::graphql::sdl());
        for (object, field, expected) in [
            ("Query", "inventory", "Inventory"),
            ("Query", "inventoryFlows", "InventoryFlowConnection!"),
            ("InventoryFlowConnection", "nodes", "[InventoryFlow!]!"),
            ("Mutation", "inventoryDeduct", "InventoryDeductPayload!"),
        ] {
            assert_eq!(types.of_field(object, field).unwrap().to_string(), expected);
        }
        let within = types.within_field("InventoryFlowConnection", "nodes");
        assert_eq!(within, Some("InventoryFlow"));
        assert!(types.of_argument("Query", "inventoryFlows", "where").is_some());
        assert!(types.of_argument("Query", "inventoryFlows", "sku").is_none());
        assert!(types.of_directive("include", "if").is_some());
    }
}
