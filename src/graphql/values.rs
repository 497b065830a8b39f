//! How many values a request holds, in its variables and in the literals of its document.
//!
//! The library copies what an argument is given for each time that its field is resolved, and
//! once more where it is validated, before any resolver may find it too long. So the longest list is
//! bounded here, before the library sees it, far beyond what any argument takes, whose own bounds
//! are told by whoever reads it; and what each use costs is counted by
//! [`complexity`](super::complexity).
//!
//! It knows values alone, neither the schema nor what they are for. None is nested deeper than the
//! parsers of documents and of JSON go, so that it may go down by recursion.

use async_graphql::Value as ConstValue;
use async_graphql_value::Value;

use super::limits::{Excess, Limited};

/// Values of one list, or fields of one object. No argument takes more than the 5,000 lines of a bulk;
/// whoever sends a few more is told so in words of that argument's own.
const LIST_VALUES_MAX: u64 = 6_000;

/// Bytes of text that count as a value of their own. What identifies something has no more.
const TEXT_BYTES: usize = 128;

/// Bytes that the shortest value counts for.
const VALUE_BYTES: u64 = 8;

/// Refuses a value that has a longer list in it than any argument could take.
///
/// # Errors
///
/// [`Excess`] of the longest list, or object, in it.
pub(super) fn check(value: &ConstValue) -> Result<(), Excess> {
    Excess::check(Limited::Values, longest(value), LIST_VALUES_MAX)
}

/// The same of a value that a document spells.
///
/// # Errors
///
/// [`Excess`] of the longest list, or object, in it.
pub(super) fn check_literal(value: &Value) -> Result<(), Excess> {
    Excess::check(Limited::Values, longest_literal(value), LIST_VALUES_MAX)
}

/// What a value costs to copy: 1 for each value in its lists and objects, and for every 128 bytes of
/// a text; saturating. What stands alone and is short costs nothing.
pub(super) fn count(value: &ConstValue) -> u64 {
    match value {
        ConstValue::List(values) => {
            sum(values.iter().map(count)).saturating_add(number(values.len()))
        }
        ConstValue::Object(fields) => {
            sum(fields.values().map(count)).saturating_add(number(fields.len()))
        }
        ConstValue::String(text) => of_text(text),
        ConstValue::Null
        | ConstValue::Number(_)
        | ConstValue::Boolean(_)
        | ConstValue::Binary(_)
        | ConstValue::Enum(_) => 0,
    }
}

/// Bytes of a value, about as a client writes it; saturating. No value counts for fewer than 8, so that
/// what it takes in memory is bounded by this too.
pub(super) fn bytes(value: &ConstValue) -> u64 {
    match value {
        ConstValue::List(values) => VALUE_BYTES.saturating_add(sum(values.iter().map(bytes))),
        ConstValue::Object(fields) => {
            let key_bytes = |key: &str| VALUE_BYTES.saturating_add(number(key.len()));
            let fields =
                fields.iter().map(|(key, value)| key_bytes(key).saturating_add(bytes(value)));
            VALUE_BYTES.saturating_add(sum(fields))
        }
        ConstValue::String(text) => VALUE_BYTES.saturating_add(number(text.len())),
        ConstValue::Binary(binary) => VALUE_BYTES.saturating_add(number(binary.len())),
        ConstValue::Enum(name) => VALUE_BYTES.saturating_add(number(name.len())),
        ConstValue::Null | ConstValue::Number(_) | ConstValue::Boolean(_) => VALUE_BYTES,
    }
}

/// What a text costs to copy.
pub(super) fn of_text(text: &str) -> u64 {
    number(text.len() / TEXT_BYTES)
}

/// A number of things, as it is counted here.
pub(super) fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn longest(value: &ConstValue) -> u64 {
    match value {
        ConstValue::List(values) => greatest(values.len(), values.iter().map(longest)),
        ConstValue::Object(fields) => greatest(fields.len(), fields.values().map(longest)),
        ConstValue::Null
        | ConstValue::Number(_)
        | ConstValue::String(_)
        | ConstValue::Boolean(_)
        | ConstValue::Binary(_)
        | ConstValue::Enum(_) => 0,
    }
}

fn longest_literal(value: &Value) -> u64 {
    match value {
        Value::List(values) => greatest(values.len(), values.iter().map(longest_literal)),
        Value::Object(fields) => greatest(fields.len(), fields.values().map(longest_literal)),
        Value::Variable(_)
        | Value::Null
        | Value::Number(_)
        | Value::String(_)
        | Value::Boolean(_)
        | Value::Binary(_)
        | Value::Enum(_) => 0,
    }
}

fn greatest(length: usize, within: impl Iterator<Item = u64>) -> u64 {
    within.fold(number(length), u64::max)
}

fn sum(parts: impl Iterator<Item = u64>) -> u64 {
    parts.fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    fn list(length: usize) -> ConstValue {
        ConstValue::List(vec![value!(1); length])
    }

    #[test]
    fn a_list_has_6_000_values_wherever_it_stands() {
        for (length, expected) in [(5_999, None), (6_000, None), (6_001, Some(6_001))] {
            for value in [list(length), value!({ "a": (list(length)) }), value!([[(list(length))]])]
            {
                let refused =
                    |checked: Result<(), Excess>| checked.err().and_then(|one| one.actual);
                assert_eq!(refused(check(&value)), expected);
                assert_eq!(refused(check_literal(&value.into_value())), expected);
            }
        }
    }

    #[test]
    fn whatever_is_long_in_a_value_is_counted_in_bytes() {
        let long = "x".repeat(1_000);
        for (value, expected) in [
            (value!(null), 8),
            (value!([1, true]), 24),
            (ConstValue::String(long.clone()), 1_008),
            (value!({ "a": ["b"] }), 8 + 9 + 8 + 9),
            (ConstValue::Object([(async_graphql::Name::new(long), value!(1))].into()), 1_024),
        ] {
            assert_eq!(bytes(&value), expected, "{value}");
        }
    }

    #[test]
    fn values_within_values_and_long_texts_count() {
        for (value, expected) in [
            (value!(7), 0),
            (value!(null), 0),
            (value!(["1", "2"]), 2),
            (value!({ "skuId": ["1", "2"], "kind": null }), 4),
            (value!([[1, 2], [3]]), 5),
            (ConstValue::String("x".repeat(127)), 0),
            (ConstValue::String("x".repeat(128)), 1),
            (ConstValue::String("x".repeat(1_000_000)), 7_812),
        ] {
            assert_eq!(count(&value), expected);
        }
    }
}
