//! Which fields the objects of the schema have, and of what type: for what the library leaves
//! undone once a field has failed.

use std::collections::HashMap;

use async_graphql::Name;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{Type, TypeKind, TypeSystemDefinition};

/// The fields of each object, by their names.
#[derive(Debug, Default)]
pub(super) struct Types(HashMap<Name, HashMap<Name, Type>>);

impl Types {
    /// Reads them from the schema definition language. The library prints what it parses; if it
    /// ever did not, there would be no types, and answers would stay as it makes them.
    pub(super) fn read(sdl: &str) -> Self {
        let definitions = parse_schema(sdl).map(|schema| schema.definitions).unwrap_or_default();
        let objects = definitions.into_iter().filter_map(|definition| {
            let TypeSystemDefinition::Type(definition) = definition else { return None };
            let TypeKind::Object(object) = definition.node.kind else { return None };
            let fields = object.fields.into_iter().map(|field| field.node);
            let fields = fields.map(|field| (field.name.node, field.ty.node)).collect();
            Some((definition.node.name.node, fields))
        });
        Self(objects.collect())
    }

    /// The type of a field of an object.
    pub(super) fn of_field(&self, object: &str, field: &str) -> Option<&Type> {
        self.0.get(object)?.get(field)
    }
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
    }
}
