//! Reads the arguments of queries, and tells which is out of bounds.

use std::fmt::Display;
use std::str::FromStr;

use async_graphql::{ID, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::context::RequestContext;
use crate::domain::PageRequest;
use crate::domain::limits::{FILTER_VALUES_MAX, IDENTIFIER_CHARS_MAX};
use crate::domain::page::InvalidPage;
use crate::domain::text::check as check_text;

/// Bytes that a cursor may have. The longest that is handed out, of a group that has an actor and an order
/// line of 128 characters of 4 bytes, has some 1,450.
const CURSOR_BYTES_MAX: usize = 2_048;

/// The paging arguments of a connection, as they came.
#[derive(Clone, Debug, Default)]
pub(super) struct PageArguments {
    pub(super) first: Option<i32>,
    pub(super) after: Option<String>,
    pub(super) last: Option<i32>,
    pub(super) before: Option<String>,
}

impl PageArguments {
    /// The page that they ask for.
    pub(super) fn read<C: FromStr>(self, request: &RequestContext) -> Result<PageRequest<C>> {
        let after = cursor(request, "after", self.after)?;
        let before = cursor(request, "before", self.before)?;
        PageRequest::new(self.first, after, self.last, before).map_err(|invalid| {
            let argument = match invalid {
                InvalidPage::OutOfBounds(_) if self.first.is_some() => "first",
                InvalidPage::FirstAndLast | InvalidPage::OutOfBounds(_) => "last",
            };
            request.invalid_argument(&[argument], invalid)
        })
    }
}

/// The cursor that an argument spells, if it is given.
pub(super) fn cursor<C: FromStr>(
    request: &RequestContext,
    argument: &str,
    text: Option<String>,
) -> Result<Option<C>> {
    let Some(text) = text else { return Ok(None) };
    let text = Some(text).filter(|text| text.len() <= CURSOR_BYTES_MAX);
    let decoded = text.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let cursor = decoded.and_then(|text| text.parse().ok());
    let cursor = cursor
        .ok_or_else(|| request.invalid_argument(&[argument], "is not a cursor of this list"))?;
    Ok(Some(cursor))
}

/// A cursor as clients get it: opaque, and safe in a URL.
pub(super) fn opaque(cursor: &impl Display) -> String {
    URL_SAFE_NO_PAD.encode(cursor.to_string())
}

/// The identifier that an `ID` spells.
pub(super) fn id<T>(request: &RequestContext, path: &[&str], id: &ID) -> Result<T>
where
    T: FromStr,
    T::Err: Display,
{
    id.parse().map_err(|invalid: T::Err| request.invalid_argument(path, invalid))
}

/// The identifiers that a list spells, each once, in their order.
pub(super) fn ids<T>(request: &RequestContext, path: &[&str], list: &[ID]) -> Result<Vec<T>>
where
    T: FromStr + Ord + Copy,
    T::Err: Display,
{
    bounded(request, path, list)?;
    let mut ids = Vec::with_capacity(list.len());
    for (place, spelled) in list.iter().enumerate() {
        let place = place.to_string();
        let path: Vec<&str> = path.iter().copied().chain([place.as_str()]).collect();
        ids.push(id(request, &path, spelled)?);
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Refuses a text that no column can hold, so that no database is asked for it.
pub(super) fn text(request: &RequestContext, path: &[&str], text: &str) -> Result<()> {
    check_text(text, IDENTIFIER_CHARS_MAX)
        .map_err(|invalid| request.invalid_argument(path, invalid))
}

/// Refuses a list of texts that is too long, or has one that no column can hold.
pub(super) fn texts(request: &RequestContext, path: &[&str], list: &[String]) -> Result<()> {
    bounded(request, path, list)?;
    for (place, one) in list.iter().enumerate() {
        let place = place.to_string();
        let path: Vec<&str> = path.iter().copied().chain([place.as_str()]).collect();
        text(request, &path, one)?;
    }
    Ok(())
}

/// Refuses a list that is too long for a filter.
pub(super) fn bounded<T>(request: &RequestContext, path: &[&str], list: &[T]) -> Result<()> {
    if list.len() > FILTER_VALUES_MAX {
        let text = format!("must be at most {FILTER_VALUES_MAX} values, are {}", list.len());
        return Err(request.invalid_argument(path, text));
    }
    Ok(())
}
