//! Looks at a document before anything else does, because everything else follows its fragments.
//!
//! Fragments may spread each other, each one twice the next: thirty of them, in a kilobyte, are a
//! billion fields, and the library walks them all, some of its rules even when others have found
//! the document wrong, before any limit of its own speaks. It also walks a chain of fragments by
//! recursion, so that a long one ends the process. Here each fragment is measured once and its
//! measure remembered, those that no operation uses too, and no walk goes deeper than the levels
//! that are allowed; so that the work is bounded by the length of the document.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

use super::codes;

/// Fields, arguments and spreads that a document may have, its fragments spread out. What
/// `GraphiQL` asks of the schema is some 200.
const SELECTIONS_MAX: u64 = 5_000;

/// Levels that a document may have, a spread being one. The deepest question that makes sense, a
/// SKU's flows with their refunds, has seven; the one that `GraphiQL` asks of the schema itself
/// has eighteen.
const LEVELS_MAX: u64 = 25;

/// Fragments that a document may have. The library compares each with each.
const FRAGMENTS_MAX: usize = 200;

/// Variables that a document may declare, as many as a cart has lines. The library looks for each
/// use of one among all of them, so that a megabyte of variables is minutes of work.
const VARIABLES_MAX: usize = 250;

/// Why a document is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Excess {
    /// It has too many levels, or fragments that spread themselves.
    #[error("the document has more than {LEVELS_MAX} levels")]
    Depth,
    /// It selects too much.
    #[error("the document selects more than {SELECTIONS_MAX} fields")]
    Selections,
    /// It has too many fragments.
    #[error("the document has more than {FRAGMENTS_MAX} fragments")]
    Fragments,
    /// It declares too many variables.
    #[error("the document declares more than {VARIABLES_MAX} variables")]
    Variables,
}

impl Excess {
    /// Its code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Depth => codes::QUERY_TOO_DEEP,
            Self::Selections | Self::Fragments | Self::Variables => codes::QUERY_TOO_COMPLEX,
        }
    }
}

/// How much a selection is, its fragments spread out.
#[derive(Clone, Copy, Default)]
struct Measure {
    selections: u64,
    levels: u64,
}

/// Refuses a document that is more than the server follows.
pub(super) fn check(document: &ExecutableDocument) -> Result<(), Excess> {
    if document.fragments.len() > FRAGMENTS_MAX {
        return Err(Excess::Fragments);
    }
    let operations = document.operations.iter();
    let variables = operations.map(|(_name, operation)| operation.node.variable_definitions.len());
    if variables.fold(0, usize::saturating_add) > VARIABLES_MAX {
        return Err(Excess::Variables);
    }
    let mut measurer = Measurer { document, fragments: HashMap::new() };
    let mut selections = 0_u64;
    for (_name, operation) in document.operations.iter() {
        let measure = measurer.selection_set(&operation.node.selection_set.node, 0)?;
        selections = selections.saturating_add(measure.selections);
    }
    for name in document.fragments.keys() {
        let measure = measurer.fragment(name.as_str(), 0)?;
        selections = selections.saturating_add(measure.selections);
    }
    if selections > SELECTIONS_MAX { Err(Excess::Selections) } else { Ok(()) }
}

struct Measurer<'a> {
    document: &'a ExecutableDocument,
    /// What is known of a fragment; `None` while it is being measured.
    fragments: HashMap<&'a str, Option<Measure>>,
}

impl<'a> Measurer<'a> {
    /// Measures a selection set that lies `depth` levels down from where the walk began.
    fn selection_set(&mut self, set: &'a SelectionSet, depth: u64) -> Result<Measure, Excess> {
        if depth > LEVELS_MAX {
            return Err(Excess::Depth);
        }
        let deeper = depth.saturating_add(1);
        let mut whole = Measure::default();
        for selection in &set.items {
            let (own, below) = match &selection.node {
                Selection::Field(field) => {
                    let arguments = u64::try_from(field.node.arguments.len()).unwrap_or(u64::MAX);
                    let set = &field.node.selection_set.node;
                    (arguments.saturating_add(1), self.selection_set(set, deeper)?)
                }
                Selection::InlineFragment(fragment) => {
                    (1, self.selection_set(&fragment.node.selection_set.node, deeper)?)
                }
                Selection::FragmentSpread(spread) => {
                    (1, self.fragment(spread.node.fragment_name.node.as_str(), deeper)?)
                }
            };
            let selections = below.selections.saturating_add(own);
            whole.selections = whole.selections.saturating_add(selections);
            whole.levels = whole.levels.max(below.levels.saturating_add(1));
        }
        if whole.levels > LEVELS_MAX {
            return Err(Excess::Depth);
        }
        Ok(whole)
    }

    fn fragment(&mut self, name: &'a str, depth: u64) -> Result<Measure, Excess> {
        match self.fragments.get(name) {
            Some(Some(measure)) => return Ok(*measure),
            // It spreads itself: it has no end.
            Some(None) => return Err(Excess::Depth),
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else {
            // Validation tells of it.
            return Ok(Measure::default());
        };
        self.fragments.insert(name, None);
        let measure = self.selection_set(&fragment.node.selection_set.node, depth)?;
        self.fragments.insert(name, Some(measure));
        Ok(measure)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn checked(query: &str) -> Result<(), Excess> {
        check(&parse_query(query).unwrap())
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
        assert_eq!(checked(&query), Err(Excess::Selections));
    }

    #[test]
    fn a_fragment_that_is_missing_at_the_end_counts_as_much() {
        let query = format!("{{ ...f0 }} {}", chain(18, 2, "...missing"));
        assert_eq!(checked(&query), Err(Excess::Selections));
    }

    #[test]
    fn fragments_that_nobody_uses_are_measured_too() {
        let query = format!("{{ a }} {}", chain(18, 2, "a"));
        assert_eq!(checked(&query), Err(Excess::Selections));
        let query = format!("{{ a }} {}", chain(150, 1, "a"));
        assert_eq!(checked(&query), Err(Excess::Depth));
        let query = format!("{{ a }} {}", chain(30_000, 1, "a"));
        assert_eq!(checked(&query), Err(Excess::Fragments));
    }

    #[test]
    fn a_circle_has_no_end() {
        let query = "{ ...a } fragment a on Q { ...b } fragment b on Q { ...a }";
        assert_eq!(checked(query), Err(Excess::Depth));
    }

    #[test]
    fn levels_are_counted_through_fragments() {
        let nested = |levels: usize| {
            let (open, close) = ("{ a ".repeat(levels), "}".repeat(levels));
            format!("query {{ ...f }} fragment f on Q {open}{close}")
        };
        assert_eq!(checked(&nested(24)), Ok(()));
        assert_eq!(checked(&nested(25)), Err(Excess::Depth));
    }

    #[test]
    fn the_variables_of_all_operations_count() {
        let declared = |first: usize, second: usize| {
            let list = |count: usize| (0..count).map(|place| format!("$v{place}: ID ")).collect();
            let (first, second): (String, String) = (list(first), list(second));
            checked(&format!("query A({first}) {{ a }} query B({second}) {{ a }}"))
        };
        assert_eq!(declared(249, 1), Ok(()));
        assert_eq!(declared(249, 2), Err(Excess::Variables));
    }

    #[test]
    fn arguments_count() {
        let arguments = |count: usize| {
            let list: String = (0..count).map(|place| format!("a{place}: 1 ")).collect();
            checked(&format!("{{ field({list}) }}"))
        };
        assert_eq!(arguments(100), Ok(()));
        assert_eq!(arguments(5_000), Err(Excess::Selections));
    }
}
