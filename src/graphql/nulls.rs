//! What becomes of the place of a field that failed.
//!
//! By the specification ("Handling Field Errors") the place is null where its type allows, and
//! otherwise the nearest place around it that may be null is. The library leaves the place out, of
//! either kind, and clients that rely on the schema find a hole where it promises a value.

use std::collections::HashMap;

use async_graphql::parser::types::{BaseType, ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, PathSegment, Response, Value};

use super::read::operation;
use super::types::{self, Types};

/// Puts the nulls into an answer that stand for its errors.
pub(super) fn put(
    response: &mut Response,
    types: &Types,
    document: &ExecutableDocument,
    name: Option<&str>,
) {
    let Some(operation) = operation(document, name) else { return };
    let root = types::root(operation.node.ty);
    let walk = Walk { types, document, root, set: &operation.node.selection_set.node };
    // The items of a list fail alike: what was found for one holds for all.
    let mut known: HashMap<Vec<&str>, Option<usize>> = HashMap::new();
    let mut places = Vec::with_capacity(response.errors.len());
    for error in &response.errors {
        let keys = error.path.iter().filter_map(key).collect();
        let length = *known.entry(keys).or_insert_with(|| walk.to_nullable(&error.path));
        if let Some(place) = length.and_then(|length| error.path.get(..length)) {
            places.push((place, place.len() == error.path.len()));
        }
    }
    // Those that may be null themselves come first. An object none of whose fields succeeded is
    // null, and becomes an object again for them, before anything is made null for good.
    for (place, _own) in places.iter().filter(|(place, own)| *own && !place.is_empty()) {
        make_null(&mut response.data, place, true);
    }
    for (place, _own) in places.iter().filter(|(_place, own)| !own) {
        make_null(&mut response.data, place, false);
    }
}

fn key(segment: &PathSegment) -> Option<&str> {
    match segment {
        PathSegment::Field(key) => Some(key),
        PathSegment::Index(_) => None,
    }
}

/// What is needed to follow a path from the root of an operation.
struct Walk<'a> {
    types: &'a Types,
    document: &'a ExecutableDocument,
    root: &'a str,
    set: &'a SelectionSet,
}

impl<'a> Walk<'a> {
    /// How many segments of a path lead to the last place on it that may be null; 0 for the whole
    /// answer. `None` if the path cannot be followed.
    fn to_nullable(&self, path: &[PathSegment]) -> Option<usize> {
        if path.is_empty() {
            return None;
        }
        let (mut object, mut sets) = (self.root, vec![self.set]);
        let (mut item, mut nullable) = (None, 0);
        for (segment, length) in path.iter().zip(1..) {
            let of = match segment {
                PathSegment::Field(key) => {
                    let fields = self.fields(&sets, key);
                    let of = self.types.of_field(object, &fields.first()?.name.node)?;
                    sets = fields.iter().map(|field| &field.selection_set.node).collect();
                    of
                }
                PathSegment::Index(_) => item?,
            };
            if of.nullable {
                nullable = length;
            }
            item = match &of.base {
                BaseType::List(item) => Some(&**item),
                BaseType::Named(name) => {
                    object = name;
                    None
                }
            };
        }
        Some(nullable)
    }

    /// The fields that answer under a key; several that are merged.
    fn fields(&self, sets: &[&'a SelectionSet], key: &str) -> Vec<&'a Field> {
        let mut fields = Vec::new();
        let mut sets = sets.to_vec();
        while let Some(set) = sets.pop() {
            for selection in &set.items {
                match &selection.node {
                    Selection::Field(field) => {
                        if field.node.response_key().node == *key {
                            fields.push(&field.node);
                        }
                    }
                    Selection::InlineFragment(fragment) => {
                        sets.push(&fragment.node.selection_set.node);
                    }
                    Selection::FragmentSpread(spread) => {
                        let name = &spread.node.fragment_name.node;
                        let fragment = self.document.fragments.get(name);
                        sets.extend(fragment.map(|fragment| &fragment.node.selection_set.node));
                    }
                }
            }
        }
        fields
    }
}

/// Makes a place null, unless what is around it is. With `whole`, an object that is null is taken
/// for an empty one.
fn make_null(data: &mut Value, place: &[PathSegment], whole: bool) {
    let mut value = data;
    for segment in place {
        if whole && *value == Value::Null && key(segment).is_some() {
            *value = async_graphql::value!({});
        }
        let inner = match (segment, value) {
            (PathSegment::Field(key), Value::Object(fields)) => {
                Some(fields.entry(Name::new(key)).or_insert(Value::Null))
            }
            (PathSegment::Index(index), Value::List(items)) => items.get_mut(*index),
            _ => None,
        };
        let Some(inner) = inner else { return };
        value = inner;
    }
    *value = Value::Null;
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::{ServerError, value};

    use super::*;

    const SDL: &str = "type Query { may: Node must: Node! all: [Node!]! some: [Node] } \
                       type Node { may: Node must: Node! id: Int }";

    /// What becomes of `data` when these places failed, spelled with points.
    fn with_nulls(query: &str, data: Value, failed: &[&str]) -> Value {
        let mut response = Response::new(data);
        response.errors = failed
            .iter()
            .map(|path| {
                let segment = |part: &str| match part.parse() {
                    Ok(index) => PathSegment::Index(index),
                    Err(_) => PathSegment::Field(part.to_owned()),
                };
                let path = path.split('.').map(segment).collect();
                ServerError::new("failed", None).with_path(path)
            })
            .collect();
        put(&mut response, &Types::read(SDL), &parse_query(query).unwrap(), None);
        response.data
    }

    #[test]
    fn a_place_that_may_be_null_is() {
        let query = "{ a: may { id } must { id b: id } }";
        assert_eq!(
            with_nulls(query, value!({ "must": { "id": 1 } }), &["a", "must.b"]),
            value!({ "must": { "id": 1, "b": null }, "a": null })
        );
        assert_eq!(with_nulls("{ a: may { id } }", Value::Null, &["a"]), value!({ "a": null }));
    }

    #[test]
    fn a_place_that_may_not_be_null_makes_null_what_is_around_it() {
        let query = "{ may { ...F } } fragment F on Node { must { must { id } } id }";
        let data = value!({ "may": { "id": 1, "must": null } });
        assert_eq!(with_nulls(query, data, &["may.must.must"]), value!({ "may": null }));
        let data = value!({ "may": { "id": 1 } });
        assert_eq!(with_nulls("{ must { id } may { id } }", data, &["must"]), Value::Null);
    }

    #[test]
    fn a_list_is_followed_by_its_items() {
        let query = "{ may { id } some { must { id } id } }";
        let data = value!({ "some": [{ "id": 1, "must": { "id": 2 } }, { "id": 3 }] });
        assert_eq!(
            with_nulls(query, data, &["may", "some.1.must"]),
            value!({ "some": [{ "id": 1, "must": { "id": 2 } }, null], "may": null })
        );
        let data = value!({ "all": [{ "id": 1 }, { "id": 3 }] });
        assert_eq!(with_nulls("{ all { must { id } id } }", data, &["all.0.must"]), Value::Null);
    }

    #[test]
    fn null_for_good_wins_over_null_for_want_of_fields() {
        let query = "{ may { a: id must { id } } }";
        for failed in [["may.a", "may.must"], ["may.must", "may.a"]] {
            assert_eq!(
                with_nulls(query, value!({ "may": null }), &failed),
                value!({ "may": null })
            );
        }
    }
}
