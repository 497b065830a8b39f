//! Looks at a document before anything else does, because everything else follows its fragments.
//!
//! Fragments may spread each other, each one twice the next: thirty of them, in a kilobyte, are a
//! billion fields, and the library walks them all before any limit of its own speaks. Here each
//! fragment is measured once and its measure remembered, so that the work is bounded by the length
//! of the document.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

use super::codes;

/// Fields that a document may select, its fragments spread out. What `GraphiQL` asks of the schema
/// is some 150.
const SELECTIONS_MAX: u64 = 5_000;

/// Levels that a document may have. The deepest question that makes sense, a SKU's flows with their
/// refunds, has seven; the one that `GraphiQL` asks of the schema itself has fifteen.
const LEVELS_MAX: u64 = 20;

/// Why a document is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Excess {
    /// It has too many levels, or fragments that spread themselves.
    #[error("the document has more than {LEVELS_MAX} levels")]
    Depth,
    /// It selects too much.
    #[error("the document selects more than {SELECTIONS_MAX} fields")]
    Selections,
}

impl Excess {
    /// Its code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Depth => codes::QUERY_TOO_DEEP,
            Self::Selections => codes::QUERY_TOO_COMPLEX,
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
    let mut measurer = Measurer { document, fragments: HashMap::new() };
    let mut selections = 0_u64;
    for (_name, operation) in document.operations.iter() {
        let measure = measurer.selection_set(&operation.node.selection_set.node)?;
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
    fn selection_set(&mut self, set: &'a SelectionSet) -> Result<Measure, Excess> {
        let mut whole = Measure::default();
        for selection in &set.items {
            let part = match &selection.node {
                Selection::Field(field) => {
                    let below = self.selection_set(&field.node.selection_set.node)?;
                    Measure {
                        selections: below.selections.saturating_add(1),
                        levels: below.levels.saturating_add(1),
                    }
                }
                Selection::InlineFragment(fragment) => {
                    self.selection_set(&fragment.node.selection_set.node)?
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(spread.node.fragment_name.node.as_str())?
                }
            };
            whole.selections = whole.selections.saturating_add(part.selections);
            whole.levels = whole.levels.max(part.levels);
        }
        if whole.levels > LEVELS_MAX {
            return Err(Excess::Depth);
        }
        Ok(whole)
    }

    fn fragment(&mut self, name: &'a str) -> Result<Measure, Excess> {
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
        let measure = self.selection_set(&fragment.node.selection_set.node)?;
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

    #[test]
    fn fragments_are_measured_once() {
        let fragments: String = (0..60)
            .map(|place| (place, place + 1))
            .map(|(one, next)| format!(" fragment f{one} on Q {{ ...f{next} ...f{next} }}"))
            .collect();
        let query = format!("{{ ...f0 }} {fragments} fragment f60 on Q {{ a }}");
        assert_eq!(checked(&query), Err(Excess::Selections));
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
        assert_eq!(checked(&nested(20)), Ok(()));
        assert_eq!(checked(&nested(21)), Err(Excess::Depth));
    }
}
