//! Documents at random, for tests of what is counted in them.
//!
//! Each is a tree that can be spelled in two ways that mean the same: with its shared parts as
//! fragments, or with all of them written out where they are spread.

use std::collections::BTreeMap;

use proptest::prelude::*;

/// A selection.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// A field, with its alias, its arguments and what is selected of it.
    Field(&'static str, Option<u8>, String, Vec<Part>),
    /// What is spread as a fragment on an object, so many times.
    Shared(&'static str, usize, Vec<Part>),
    /// A part that may be left out.
    Included(Box<Part>),
}

/// A field, the object that it is, and whether it is a page.
type Selectable = (&'static str, &'static str, bool);

/// Objects of the schema with some fields.
const OBJECTS: [(&str, &[Selectable]); 5] = [
    (
        "Query",
        &[
            ("inventories", "InventoryConnection", true),
            ("inventoryFlows", "InventoryFlowConnection", true),
            ("__typename", "", false),
        ],
    ),
    (
        "InventoryConnection",
        &[
            ("nodes", "Inventory", false),
            ("totalCount", "", false),
            ("pageInfo", "PageInfo", false),
        ],
    ),
    ("Inventory", &[("flows", "InventoryFlowConnection", true), ("skuId", "", false)]),
    ("InventoryFlowConnection", &[("nodes", "InventoryFlow", false), ("totalCount", "", false)]),
    (
        "InventoryFlow",
        &[
            ("id", "", false),
            ("inventory", "Inventory", false),
            ("refunds", "InventoryFlow", false),
            ("deduction", "InventoryFlow", false),
        ],
    ),
];

/// What is selected of the query's root, some levels deep.
pub(super) fn selections() -> BoxedStrategy<Vec<Part>> {
    set("Query", 5)
}

fn set(object: &'static str, levels: u32) -> BoxedStrategy<Vec<Part>> {
    prop::collection::vec(part(object, levels), 1..3).boxed()
}

fn part(object: &'static str, levels: u32) -> BoxedStrategy<Part> {
    let Some((_, fields)) = OBJECTS.iter().find(|(name, _)| *name == object) else {
        return Just(Part::Field("hasNextPage", None, String::new(), Vec::new())).boxed();
    };
    let deeper = levels.saturating_sub(1);
    let leaf = fields.iter().filter(|(_, of, _)| of.is_empty() || levels > 0);
    let leaf = leaf.map(|(name, of, page)| {
        let below = if of.is_empty() { Just(Vec::new()).boxed() } else { set(of, deeper) };
        let arguments = if *page {
            let argument = prop_oneof![Just("first"), Just("last")];
            let given = (argument, 0..=200_u8).prop_map(|(name, size)| format!("({name}: {size})"));
            prop_oneof![Just(String::new()), given].boxed()
        } else {
            Just(String::new()).boxed()
        };
        let name = *name;
        (prop::option::weighted(0.2, any::<u8>()), arguments, below)
            .prop_map(move |(alias, arguments, below)| Part::Field(name, alias, arguments, below))
            .boxed()
    });
    let fields: Vec<_> = leaf.collect();
    if fields.is_empty() {
        return Just(Part::Field("__typename", None, String::new(), Vec::new())).boxed();
    }
    let field = prop::strategy::Union::new(fields);
    if levels == 0 {
        return field.boxed();
    }
    let shared = (1..3_usize, set(object, deeper))
        .prop_map(move |(times, parts)| Part::Shared(object, times, parts));
    let included = field.clone().prop_map(|part| Part::Included(Box::new(part)));
    prop_oneof![6 => field, 2 => shared, 1 => included].boxed()
}

/// The document with its shared parts as fragments, each defined once.
pub(super) fn with_fragments(parts: &[Part]) -> String {
    let mut fragments = BTreeMap::new();
    let operation = spelled(parts, &mut Some(&mut fragments));
    let fragments = fragments.into_iter();
    let fragments = fragments.map(|(definition, name)| format!(" fragment {name} {definition}"));
    format!("{{ {operation} }}{}", fragments.collect::<String>())
}

/// The document with its shared parts written out.
pub(super) fn written_out(parts: &[Part]) -> String {
    format!("{{ {} }}", spelled(parts, &mut None))
}

fn spelled(parts: &[Part], fragments: &mut Option<&mut BTreeMap<String, String>>) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Field(name, alias, arguments, below) => {
                let alias = alias.map(|alias| format!("a{alias}: ")).unwrap_or_default();
                text += &format!("{alias}{name}{arguments} ");
                if !below.is_empty() {
                    text += &format!("{{ {} }} ", spelled(below, fragments));
                }
            }
            Part::Shared(object, times, parts) => {
                let definition = format!("on {object} {{ {} }}", spelled(parts, fragments));
                let spread = match fragments {
                    Some(fragments) => {
                        let next = format!("F{}", fragments.len());
                        let name = fragments.entry(definition).or_insert(next);
                        format!("...{name} ")
                    }
                    None => format!("... {definition} "),
                };
                text += &spread.repeat(*times);
            }
            Part::Included(part) => {
                let part = std::slice::from_ref(&**part);
                text += &format!("... @include(if: true) {{ {} }} ", spelled(part, fragments));
            }
        }
    }
    text
}
