//! What the texts of entries cost in an answer.
//!
//! A text counts as a value like any other, and once more for every 32 bytes of it, so that the
//! bound on the values of an answer is one on its bytes. How long the texts of a page are only the
//! books tell; they are counted when its entries are made. What a change answers has been written by
//! then, and must not be refused any more: it is taken for as long as it may be, by
//! [`complexity`](super::complexity), before anything is executed.

use async_graphql::{Context, Result, SelectionField};

use super::budget::spend;
use crate::domain::Flow;
use crate::domain::limits::{IDENTIFIER_CHARS_MAX, REASON_CHARS_MAX};

/// Bytes of text that cost another value.
const TEXT_BYTES: usize = 32;

/// The object whose texts callers choose.
const ENTRY: &str = "InventoryFlow";

/// The fields of an entry that are texts of any length, each with the characters that it may have.
const TEXTS: [(&str, Text, usize); 4] = [
    ("reason", |flow| flow.reason.as_deref(), REASON_CHARS_MAX),
    ("orderDetailId", |flow| flow.order_detail_id.as_deref(), IDENTIFIER_CHARS_MAX),
    ("actor", |flow| Some(&flow.actor), IDENTIFIER_CHARS_MAX),
    ("idempotencyKey", |flow| Some(&flow.idempotency_key), IDENTIFIER_CHARS_MAX),
];

/// Texts of any length that callers chose besides those of entries: the object, the field, and the
/// characters that it may have. Whoever answers such objects takes what they cost.
const OTHERS: [(&str, &str, usize); 5] = [
    ("InventoryCount", "reason", REASON_CHARS_MAX),
    ("InventoryCount", "startedBy", IDENTIFIER_CHARS_MAX),
    ("InventoryCount", "closedBy", IDENTIFIER_CHARS_MAX),
    ("InventoryCountObservation", "actor", IDENTIFIER_CHARS_MAX),
    ("InventoryCountObservation", "idempotencyKey", IDENTIFIER_CHARS_MAX),
];

/// One of an entry's texts.
type Text = fn(&Flow) -> Option<&str>;

/// What so many bytes of text cost besides the value that they are.
pub(super) fn cost(bytes: usize) -> u64 {
    u64::try_from(bytes / TEXT_BYTES).unwrap_or(u64::MAX)
}

/// The most that a field of an object costs by the length of its text.
pub(super) fn cost_max(object: &str, field: &str) -> u64 {
    let of_entry = TEXTS.iter().filter(|_known| object == ENTRY).find(|(name, ..)| *name == field);
    let of_entry = of_entry.map(|(_name, _text, chars_max)| *chars_max);
    let other = || OTHERS.iter().find(|(of, name, _)| (*of, *name) == (object, field));
    let chars_max = of_entry.or_else(|| other().map(|(.., chars_max)| *chars_max));
    chars_max.map_or(0, cost)
}

/// Takes what the texts of entries cost that are selected in the present field, or in its fields of
/// the name `within`.
pub(super) fn spend_on_texts(
    context: &Context<'_>,
    within: Option<&str>,
    flows: &[Flow],
) -> Result<()> {
    let field = context.field();
    let selected: Vec<Text> = match within {
        None => texts(&field).collect(),
        Some(name) => {
            let fields = field.selection_set().filter(|field| field.name() == name);
            fields.flat_map(|field| texts(&field).collect::<Vec<_>>()).collect()
        }
    };
    let costs = flows.iter().flat_map(|flow| {
        selected.iter().filter_map(|text| text(flow)).map(|text| cost(text.len()))
    });
    spend(context, costs.fold(0, u64::saturating_add))
}

/// Takes what texts cost that are no entry's, and have these names: as often as the present field, or
/// its nodes, select one of them.
pub(super) fn spend_on_lengths<'a>(
    context: &Context<'_>,
    names: &[&str],
    texts: impl Iterator<Item = Option<&'a str>>,
) -> Result<()> {
    let field = context.field();
    let own = field.selection_set().filter(|field| names.contains(&field.name()));
    let nodes = field.selection_set().filter(|field| field.name() == "node");
    let of_nodes = nodes
        .map(|node| node.selection_set().filter(|field| names.contains(&field.name())).count());
    let times = of_nodes.fold(own.count(), usize::saturating_add);
    let once = texts.flatten().map(|text| cost(text.len())).fold(0, u64::saturating_add);
    spend(context, once.saturating_mul(u64::try_from(times).unwrap_or(u64::MAX)))
}

/// The texts that are selected in a field, as often as they are.
fn texts(field: &SelectionField<'_>) -> impl Iterator<Item = Text> {
    field.selection_set().filter_map(|field| {
        let known = TEXTS.iter().find(|(name, ..)| *name == field.name());
        known.map(|(_name, text, _chars_max)| *text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::types::Types;

    #[test]
    fn the_texts_are_those_of_the_schema() {
        let types = Types::read(&crate::graphql::sdl());
        for (field, _text, _chars_max) in TEXTS {
            assert_eq!(types.within_field(ENTRY, field), Some("String"), "{field}");
        }
        let texts =
            types.fields(ENTRY).filter(|field| types.within_field(ENTRY, field) == Some("String"));
        assert_eq!(texts.count(), TEXTS.len());
        for (object, field, _chars_max) in OTHERS {
            assert_eq!(types.within_field(object, field), Some("String"), "{object}.{field}");
        }
        assert_eq!(cost_max("InventoryCount", "reason"), 15);
        assert_eq!(cost_max(ENTRY, "reason"), 15);
        assert_eq!(cost_max(ENTRY, "sequence"), 0);
        assert_eq!(cost_max("InventoryOperation", "idempotencyKey"), 0);
    }
}
