//! Which values certainly fit a type of input.
//!
//! It judges as the library's rule `ArgumentsOfCorrectType` does when it validates strictly, or
//! more severely: what fits here, the rule accepts, and what does not fit here may still be
//! accepted there. So it may be asked first, and the rule only when it says no; a type that is not
//! understood fits nothing.

use async_graphql::parser::types::{BaseType, Type, TypeDefinition, TypeKind};
use async_graphql::{ID, Name, ScalarType, Value};

use crate::graphql::scalar::{BigInt, DateTime, Hash};

/// A type of input, as it stands at an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::graphql) struct InputType {
    nullable: bool,
    base: Base,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Base {
    List(Box<InputType>),
    /// The place of a type among those that have a name.
    Named(usize),
    Unknown,
}

impl InputType {
    /// What is in a list of this type; `None` if it is no list.
    pub(in crate::graphql) fn item(&self) -> Option<&Self> {
        match &self.base {
            Base::List(item) => Some(item),
            Base::Named(_) | Base::Unknown => None,
        }
    }
}

/// All types of input that have a name.
#[derive(Debug, Default)]
pub(in crate::graphql) struct Inputs(Vec<(Name, Named)>);

#[derive(Debug)]
enum Named {
    Scalar(IsValid),
    Enum(Vec<Name>),
    Object(Vec<Field>),
    Unknown,
}

/// The function that the library asks of a scalar, too.
type IsValid = fn(&Value) -> bool;

#[derive(Debug)]
struct Field {
    name: Name,
    of: InputType,
    required: bool,
}

/// The scalars that may be put in. Those of GraphQL stand in no schema.
const SCALARS: [(&str, IsValid); 8] = [
    ("BigInt", BigInt::is_valid),
    ("Boolean", <bool as ScalarType>::is_valid),
    ("DateTime", DateTime::is_valid),
    ("Float", <f64 as ScalarType>::is_valid),
    ("Hash", Hash::is_valid),
    ("ID", <ID as ScalarType>::is_valid),
    ("Int", <i32 as ScalarType>::is_valid),
    ("String", <String as ScalarType>::is_valid),
];

impl Inputs {
    /// Those among the types that a schema defines.
    pub(super) fn of(defined: &[TypeDefinition]) -> Self {
        let scalars = SCALARS.iter().map(|(name, _is_valid)| Name::new(name));
        let names = scalars.chain(defined.iter().map(|definition| definition.name.node.clone()));
        // They refer to each other, so all have a place before any is understood.
        let mut all = Self(names.map(|name| (name, Named::Unknown)).collect());
        let scalars = SCALARS.iter().map(|(_name, is_valid)| Named::Scalar(*is_valid));
        let understood: Vec<Named> =
            scalars.chain(defined.iter().map(|definition| all.understood(definition))).collect();
        for ((_name, place), named) in all.0.iter_mut().zip(understood) {
            *place = named;
        }
        all
    }

    fn understood(&self, definition: &TypeDefinition) -> Named {
        // A directive, as oneOf, may say more of it than is known here.
        if !definition.directives.is_empty() {
            return Named::Unknown;
        }
        match &definition.kind {
            TypeKind::Enum(values) => {
                Named::Enum(values.values.iter().map(|one| one.node.value.node.clone()).collect())
            }
            TypeKind::InputObject(object) => {
                let fields = object.fields.iter().map(|field| &field.node);
                let field = fields.map(|field| Field {
                    name: field.name.node.clone(),
                    of: self.resolve(&field.ty.node),
                    required: !field.ty.node.nullable && field.default_value.is_none(),
                });
                Named::Object(field.collect())
            }
            TypeKind::Scalar
            | TypeKind::Object(_)
            | TypeKind::Interface(_)
            | TypeKind::Union(_) => Named::Unknown,
        }
    }

    /// The type of input that is spelled so.
    pub(super) fn resolve(&self, spelled: &Type) -> InputType {
        let base = match &spelled.base {
            BaseType::List(item) => Base::List(Box::new(self.resolve(item))),
            // The first of a name is GraphQL's own, or one of ours.
            BaseType::Named(name) => match self.0.iter().position(|(known, _)| known == name) {
                Some(place) => Base::Named(place),
                None => Base::Unknown,
            },
        };
        InputType { nullable: spelled.nullable, base }
    }

    /// Whether a value certainly fits.
    pub(in crate::graphql) fn fit(&self, of: &InputType, value: &Value) -> bool {
        match (&of.base, value) {
            (_, Value::Null) => of.nullable,
            (Base::List(item), Value::List(values)) => {
                values.iter().all(|value| self.fit(item, value))
            }
            // A single value stands for a list of one.
            (Base::List(item), value) => self.fit(item, value),
            (Base::Named(_), value) => match (self.named(of), value) {
                (Some(Named::Scalar(is_valid)), value) => is_valid(value),
                // JSON has no enums; the library takes strings for them.
                (Some(Named::Enum(names)), Value::Enum(name)) => names.contains(name),
                (Some(Named::Enum(names)), Value::String(name)) => {
                    names.iter().any(|known| *known == *name)
                }
                (Some(Named::Object(fields)), Value::Object(values)) => {
                    let mut required = 0_usize;
                    let all = values.iter().all(|(name, value)| {
                        let field = fields.iter().find(|field| field.name == *name);
                        required = required
                            .saturating_add(field.is_some_and(|field| field.required).into());
                        field.is_some_and(|field| self.fit(&field.of, value))
                    });
                    all && required == fields.iter().filter(|field| field.required).count()
                }
                (Some(_) | None, _) => false,
            },
            (Base::Unknown, _) => false,
        }
    }

    /// What the field of an input object takes.
    pub(in crate::graphql) fn of_field(&self, of: &InputType, field: &str) -> Option<&InputType> {
        let Some(Named::Object(fields)) = self.named(of) else { return None };
        fields.iter().find(|known| known.name == *field).map(|known| &known.of)
    }

    /// Whether every field that an input object must have is among these.
    pub(in crate::graphql) fn has_required<'a>(
        &self,
        of: &InputType,
        fields: impl Iterator<Item = &'a str>,
    ) -> bool {
        let Some(Named::Object(known)) = self.named(of) else { return false };
        let fields: Vec<&str> = fields.collect();
        known.iter().filter(|known| known.required).all(|known| fields.contains(&&*known.name))
    }

    fn named(&self, of: &InputType) -> Option<&Named> {
        match &of.base {
            Base::Named(place) => self.0.get(*place).map(|(_name, named)| named),
            Base::List(_) | Base::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_schema;
    use async_graphql::parser::types::TypeSystemDefinition;
    use async_graphql::value;

    use super::*;

    const SDL: &str = "scalar Odd enum Colour { RED BLUE } \
                       input Range { min: Int max: Int! step: Int! = 1 within: Range } \
                       input One @oneOf { a: Int b: Int } type Thing { id: ID }";

    fn defined(sdl: &str) -> Vec<TypeDefinition> {
        let definitions = parse_schema(sdl).unwrap().definitions.into_iter();
        let types = definitions.filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(definition.node),
            TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
        });
        types.collect()
    }

    fn fits(of: &str, value: &Value) -> bool {
        let inputs = Inputs::of(&defined(SDL));
        inputs.fit(&inputs.resolve(&Type::new(of).unwrap()), value)
    }

    #[test]
    fn what_the_rule_accepts_fits() {
        for (of, value) in [
            ("Int", value!(null)),
            ("Int!", value!(7)),
            // Its own bounds are looked at when it is executed, either way.
            ("Int!", value!(3_000_000_000_i64)),
            ("Float!", value!(7)),
            ("ID!", value!("a")),
            ("ID!", value!(7)),
            ("String!", value!("a")),
            ("Boolean!", value!(false)),
            ("BigInt!", value!("9223372036854775807")),
            ("DateTime!", value!("2026-11-22T09:50:00Z")),
            ("Colour!", value!("RED")),
            ("Colour!", Value::Enum(Name::new("BLUE"))),
            ("[Int!]!", value!([])),
            ("[Int!]!", value!([1, 2])),
            ("[Int]!", value!([1, null])),
            ("[Int!]!", value!(1)),
            ("[[Int!]]", value!([1, [2]])),
            ("Range!", value!({ "max": 1 })),
            ("Range!", value!({ "max": 1, "min": null, "within": { "max": 2, "step": 3 } })),
            ("[Range!]", value!([{ "max": 1 }])),
        ] {
            assert!(fits(of, &value), "{of}: {value}");
        }
    }

    #[test]
    fn what_is_wrong_or_not_certain_does_not() {
        for (of, value) in [
            ("Int!", value!(null)),
            ("Int!", value!("7")),
            ("Int!", value!(7.5)),
            ("Int!", value!(10_000_000_000_000_000_000_u64)),
            ("Int!", value!([7])),
            ("Int!", value!({})),
            ("Float!", value!("7")),
            ("ID!", value!(7.5)),
            ("ID!", value!(true)),
            ("String!", value!(7)),
            ("String!", Value::Enum(Name::new("RED"))),
            ("Boolean!", value!("true")),
            ("Boolean!", value!(1)),
            ("BigInt!", value!("9223372036854775808")),
            ("DateTime!", value!("yesterday")),
            ("Colour!", value!("red")),
            ("Colour!", Value::Enum(Name::new("GREEN"))),
            ("Colour!", value!(1)),
            ("[Int!]!", value!(null)),
            ("[Int!]!", value!([1, null])),
            ("[Int!]", value!([[1]])),
            ("[Int!]", value!("1")),
            ("Range!", value!(null)),
            ("Range!", value!({})),
            ("Range!", value!({ "max": null })),
            ("Range!", value!({ "max": 1, "step": null })),
            ("Range!", value!({ "max": 1, "most": 1 })),
            ("Range!", value!({ "max": 1, "within": {} })),
            // The rule accepts it, and it fails when it is executed.
            ("Range!", value!(1)),
            ("Range!", value!([])),
            // Not understood here.
            ("One!", value!({ "a": 1 })),
            ("Odd!", value!(1)),
            ("Thing!", value!({ "id": 1 })),
            ("Missing", value!(1)),
        ] {
            assert!(!fits(of, &value), "{of}: {value}");
        }
    }

    /// Whoever adds one that is not understood makes all that use it slow, and is told here.
    #[test]
    fn every_input_of_the_schema_is_understood() {
        let defined = defined(&crate::graphql::sdl());
        let inputs = Inputs::of(&defined);
        let odd = defined.iter().filter(|one| match &one.kind {
            TypeKind::Object(_) => false,
            TypeKind::Scalar
            | TypeKind::Interface(_)
            | TypeKind::Union(_)
            | TypeKind::Enum(_)
            | TypeKind::InputObject(_) => {
                let of = inputs.resolve(&Type::new(&one.name.node).unwrap());
                matches!(inputs.named(&of), None | Some(Named::Unknown))
            }
        });
        assert_eq!(odd.map(|one| one.name.node.as_str()).collect::<Vec<_>>(), [""; 0]);
    }
}
