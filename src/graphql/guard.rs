//! Looks at a document before anything else does, because everything else follows its fragments.
//!
//! Fragments may spread each other, each one twice the next: thirty of them, in a kilobyte, are a
//! billion fields, and the library walks them all, some of its rules even when others have found
//! the document wrong, before any limit of its own speaks. It also walks a chain of fragments by
//! recursion, so that a long one ends the process. Here each fragment is measured once and its
//! measure remembered, those that no operation uses too, and no walk goes deeper than the levels
//! that are allowed; so that the work is bounded by the length of the document.

use std::collections::HashMap;

use async_graphql::Positioned;
use async_graphql::parser::types::{
    Directive, ExecutableDocument, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
};

use super::limits::{DocumentLimits, Excess, Limited};

/// How much a selection is, its fragments spread out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Measure {
    selections: u64,
    levels: u64,
    aliases: u64,
    directives: u64,
    /// Fields that it has itself, not within others.
    fields: u64,
}

impl Measure {
    /// This, and another beside it.
    fn and(self, other: Self) -> Self {
        Self {
            selections: self.selections.saturating_add(other.selections),
            levels: self.levels.max(other.levels),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            fields: self.fields.saturating_add(other.fields),
        }
    }
}

/// Refuses a document that is more than the server follows.
///
/// # Errors
///
/// [`Excess`] when it has too many fragments, variables, levels, selections, root fields, aliases
/// or directives; the first of these.
pub(super) fn check(document: &ExecutableDocument, limits: &DocumentLimits) -> Result<(), Excess> {
    let fragments = length(document.fragments.len());
    Excess::check(Limited::Fragments, fragments, limits.fragments_max)?;
    let operations = || document.operations.iter().map(|(_name, operation)| &operation.node);
    let variables = operations().map(|operation| length(operation.variable_definitions.len()));
    let variables = variables.fold(0, u64::saturating_add);
    Excess::check(Limited::Variables, variables, limits.variables_max)?;
    let mut measurer =
        Measurer { document, depth_max: limits.depth_max, fragments: HashMap::new() };
    let mut whole = Measure::default();
    for operation in operations() {
        let measure = measurer.operation(operation)?;
        let fields = whole.fields.max(measure.fields);
        whole = Measure { fields, ..whole.and(measure) };
    }
    let spread = measurer.fragments.clone();
    for name in document.fragments.keys().filter(|name| !spread.contains_key(name.as_str())) {
        let fields = whole.fields;
        whole = Measure { fields, ..whole.and(measurer.fragment(name.as_str(), 0)?) };
    }
    Excess::check(Limited::Selections, whole.selections, limits.selections_max)?;
    Excess::check(Limited::RootFields, whole.fields, limits.root_fields_max)?;
    Excess::check(Limited::Aliases, whole.aliases, limits.aliases_max)?;
    Excess::check(Limited::Directives, whole.directives, limits.directives_max)
}

struct Measurer<'a> {
    document: &'a ExecutableDocument,
    depth_max: u64,
    /// What is known of a fragment; `None` while it is being measured.
    fragments: HashMap<&'a str, Option<Measure>>,
}

impl<'a> Measurer<'a> {
    fn operation(&mut self, operation: &'a OperationDefinition) -> Result<Measure, Excess> {
        let of_variables = operation.variable_definitions.iter();
        let of_variables = of_variables.map(|definition| directives(&definition.node.directives));
        let own = of_variables.fold(directives(&operation.directives), u64::saturating_add);
        let own = Measure { directives: own, ..Measure::default() };
        Ok(own.and(self.selection_set(&operation.selection_set.node, 0)?))
    }

    /// Measures a selection set that lies `depth` levels down from where the walk began.
    fn selection_set(&mut self, set: &'a SelectionSet, depth: u64) -> Result<Measure, Excess> {
        if depth > self.depth_max {
            return Err(self.too_deep());
        }
        let deeper = depth.saturating_add(1);
        let mut whole = Measure::default();
        for selection in &set.items {
            let below = match &selection.node {
                Selection::Field(field) => {
                    let below = self.selection_set(&field.node.selection_set.node, deeper)?;
                    let own = Measure {
                        selections: length(field.node.arguments.len()),
                        aliases: u64::from(field.node.alias.is_some()),
                        ..Measure::default()
                    };
                    Measure { fields: 1, ..below.and(own) }
                }
                Selection::InlineFragment(fragment) => {
                    self.selection_set(&fragment.node.selection_set.node, deeper)?
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(spread.node.fragment_name.node.as_str(), deeper)?
                }
            };
            whole = whole.and(Measure {
                selections: below.selections.saturating_add(1),
                levels: below.levels.saturating_add(1),
                directives: below
                    .directives
                    .saturating_add(directives(selection.node.directives())),
                ..below
            });
        }
        if whole.levels > self.depth_max { Err(self.too_deep()) } else { Ok(whole) }
    }

    fn fragment(&mut self, name: &'a str, depth: u64) -> Result<Measure, Excess> {
        match self.fragments.get(name) {
            Some(Some(measure)) => return Ok(*measure),
            // It spreads itself: it has no end.
            Some(None) => return Err(self.too_deep()),
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else {
            // Validation tells of it.
            return Ok(Measure::default());
        };
        self.fragments.insert(name, None);
        let FragmentDefinition { selection_set, directives: own, .. } = &fragment.node;
        let own = Measure { directives: directives(own), ..Measure::default() };
        let measure = own.and(self.selection_set(&selection_set.node, depth)?);
        self.fragments.insert(name, Some(measure));
        Ok(measure)
    }

    fn too_deep(&self) -> Excess {
        Excess { of: Limited::Depth, limit: self.depth_max, actual: None }
    }
}

fn directives(directives: &[Positioned<Directive>]) -> u64 {
    length(directives.len())
}

fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use proptest::prelude::*;

    use super::*;
    use crate::graphql::generated;
    use crate::graphql::read::operation;

    /// What of a query is too much, by the usual limits.
    fn checked(query: &str) -> Result<(), Limited> {
        let document = parse_query(query).unwrap();
        check(&document, &DocumentLimits::default()).map_err(|excess| excess.of)
    }

    /// `count` fragments, each spreading the next one `times`.
    fn chain(count: usize, times: usize, end: &str) -> String {
        let spread = |next: usize| format!("...f{next} ").repeat(times);
        let fragments = (0..count)
            .zip(1..)
            .map(|(place, next)| format!(" fragment f{place} on Q {{ {} }}", spread(next)))
            .collect::<String>();
        format!("{fragments} fragment f{count} on Q {{ {end} }}")
    }

    #[test]
    fn fragments_are_measured_once() {
        let query = format!("{{ ...f0 }} {}", chain(18, 2, "a"));
        assert_eq!(checked(&query), Err(Limited::Selections));
    }

    #[test]
    fn a_fragment_that_is_missing_at_the_end_counts_as_much() {
        let query = format!("{{ ...f0 }} {}", chain(18, 2, "...missing"));
        assert_eq!(checked(&query), Err(Limited::Selections));
    }

    #[test]
    fn fragments_that_nobody_uses_are_measured_too() {
        let query = format!("{{ a }} {}", chain(18, 2, "a"));
        assert_eq!(checked(&query), Err(Limited::Selections));
        let query = format!("{{ a }} {}", chain(150, 1, "a"));
        assert_eq!(checked(&query), Err(Limited::Depth));
        let query = format!("{{ a }} {}", chain(30_000, 1, "a"));
        assert_eq!(checked(&query), Err(Limited::Fragments));
    }

    #[test]
    fn a_circle_has_no_end() {
        let query = "{ ...a } fragment a on Q { ...b } fragment b on Q { ...a }";
        assert_eq!(checked(query), Err(Limited::Depth));
    }

    #[test]
    fn levels_are_counted_through_fragments() {
        let nested = |levels: usize| {
            let (open, close) = ("{ a ".repeat(levels), "}".repeat(levels));
            format!("query {{ ...f }} fragment f on Q {open}{close}")
        };
        assert_eq!(checked(&nested(24)), Ok(()));
        assert_eq!(checked(&nested(25)), Err(Limited::Depth));
    }

    #[test]
    fn the_variables_of_all_operations_count() {
        let declared = |first: usize, second: usize| {
            let list = |count: usize| (0..count).map(|place| format!("$v{place}: ID ")).collect();
            let (first, second): (String, String) = (list(first), list(second));
            checked(&format!("query A({first}) {{ a }} query B({second}) {{ a }}"))
        };
        assert_eq!(declared(249, 1), Ok(()));
        assert_eq!(declared(249, 2), Err(Limited::Variables));
    }

    #[test]
    fn arguments_count() {
        let arguments = |count: usize| {
            let list: String = (0..count).map(|place| format!("a{place}: 1 ")).collect();
            checked(&format!("{{ field({list}) }}"))
        };
        assert_eq!(arguments(100), Ok(()));
        assert_eq!(arguments(5_000), Err(Limited::Selections));
    }

    /// Spells a document that has so many of something.
    type Spell = fn(usize) -> String;

    /// What is limited, the limit set to nine, and the documents.
    type Case = (Limited, fn(&mut DocumentLimits), Spell);

    fn numbered(count: usize, spell: fn(usize) -> String) -> String {
        (0..count).map(spell).collect()
    }

    /// Each limit holds its number, and not one more.
    #[test]
    fn each_limit_is_told_with_its_figures() {
        let cases: [Case; 6] = [
            (
                Limited::Fragments,
                |limits| limits.fragments_max = 9,
                |count| {
                    let fragments =
                        numbered(count, |place| format!(" fragment f{place} on Q {{ a }}"));
                    format!("{{ a }}{fragments}")
                },
            ),
            (
                Limited::Variables,
                |limits| limits.variables_max = 9,
                |count| {
                    format!(
                        "query({}) {{ a }}",
                        numbered(count, |place| format!("$v{place}: Int "))
                    )
                },
            ),
            (
                Limited::Selections,
                |limits| limits.selections_max = 9,
                |count| format!("{{ {} }}", "a ".repeat(count)),
            ),
            (
                Limited::RootFields,
                |limits| limits.root_fields_max = 9,
                |count| {
                    let fields = "a ".repeat(count.saturating_sub(1));
                    format!(
                        "query A {{ a ... {{ ...F }} }} query B {{ a }} fragment F on Q {{ {fields} }}"
                    )
                },
            ),
            (
                Limited::Aliases,
                |limits| limits.aliases_max = 9,
                |count| {
                    let fields = "d: e ".repeat(count.saturating_sub(3));
                    format!("{{ b: a {{ {fields} }} ...F ...F }} fragment F on Q {{ c: a }}")
                },
            ),
            (
                Limited::Directives,
                |limits| limits.directives_max = 9,
                |count| {
                    let twice = "@j ".repeat(count.saturating_sub(7) / 2);
                    format!(
                        "query($v: Int @a) @b {{ c @d ... @e {{ f }} ...F @g ...F }} \
                     fragment F on Q @h {{ i {twice} }}"
                    )
                },
            ),
        ];
        for (of, limit, spell) in cases {
            let mut limits = DocumentLimits::default();
            limit(&mut limits);
            let checked = |count| check(&parse_query(spell(count)).unwrap(), &limits);
            assert_eq!(checked(9), Ok(()), "{of:?}");
            let over = if of == Limited::Directives { 11 } else { 10 };
            let excess = Excess { of, limit: 9, actual: Some(u64::try_from(over).unwrap()) };
            assert_eq!(checked(over), Err(excess), "{of:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        /// What is counted does not depend on how it is spelled, but for the spreads themselves.
        #[test]
        fn a_fragment_counts_as_if_it_were_written_out(parts in generated::selections()) {
            let measured = |text: String| {
                let document = parse_query(text).unwrap();
                let operation = operation(&document, None).unwrap();
                let mut measurer =
                    Measurer { document: &document, depth_max: 100, fragments: HashMap::new() };
                measurer.operation(&operation.node).unwrap()
            };
            let spread = measured(generated::with_fragments(&parts));
            prop_assert_eq!(spread, measured(generated::written_out(&parts)));
            let more = [&parts[..], &parts[..]].concat();
            let twice = measured(generated::with_fragments(&more));
            prop_assert_eq!(twice.selections, spread.selections.saturating_mul(2));
            prop_assert_eq!(twice.fields, spread.fields.saturating_mul(2));
            prop_assert_eq!(twice.levels, spread.levels);
        }
    }
}
