//! What a client may send and what it is sent.

use axum::http::HeaderValue;

/// A media type in which answers are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum MediaType {
    /// `application/json`, for clients of all ages: the status is 200 for every well-formed
    /// request, because they cannot tell a 400 of GraphQL from one of a proxy.
    Json,
    /// `application/graphql-response+json`: the status tells what became of the request.
    GraphqlResponse,
}

impl MediaType {
    const fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::GraphqlResponse => "application/graphql-response+json",
        }
    }

    /// The value of `Content-Type`.
    pub(in crate::http) const fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        })
    }
}

/// The type to answer in, by the lines of the header `Accept`; `None` if the client accepts
/// neither.
///
/// The client's weights decide; where they are equal, the type that it names rather than covers
/// by a wildcard; and where it names both, the newer. Who says nothing, or `*/*`, gets
/// `application/json`.
pub(super) fn negotiate<'a>(lines: impl Iterator<Item = &'a str>) -> Option<MediaType> {
    let ranges: Vec<Range<'_>> = lines
        .flat_map(|line| line.split(','))
        .filter(|item| !item.trim().is_empty())
        .map(Range::parse)
        .collect();
    if ranges.is_empty() {
        return Some(MediaType::Json);
    }
    let json = preference(&ranges, MediaType::Json);
    let graphql_response = preference(&ranges, MediaType::GraphqlResponse);
    match (json, graphql_response) {
        (None, None) => None,
        (Some(_), None) => Some(MediaType::Json),
        (None, Some(_)) => Some(MediaType::GraphqlResponse),
        (Some(json), Some(graphql_response)) => {
            let newer = graphql_response > json
                || (graphql_response == json && json.closeness == Closeness::Named);
            Some(if newer { MediaType::GraphqlResponse } else { MediaType::Json })
        }
    }
}

/// True for the one content type that a body may have. A web page's form cannot send it, so no
/// other site can make a visitor's browser write here.
pub(super) fn is_readable(content_type: &str) -> bool {
    let (name, parameters) = split(content_type);
    name.eq_ignore_ascii_case(MediaType::Json.name()) && parameters.clone().all(is_utf_8_or_other)
}

/// How well a range fits a type: the better the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    Anything,
    Application,
    Named,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Preference {
    weight_thousandths: u16,
    closeness: Closeness,
}

/// One item of `Accept`.
#[derive(Debug)]
struct Range<'a> {
    name: &'a str,
    weight_thousandths: u16,
}

impl<'a> Range<'a> {
    /// Reads an item; one that makes no sense matches nothing.
    fn parse(item: &'a str) -> Self {
        let (name, mut parameters) = split(item);
        let weight = parameters.clone().find_map(|(name, value)| {
            name.eq_ignore_ascii_case("q").then(|| weight_thousandths(value))
        });
        let name = if parameters.all(is_utf_8_or_other) { name } else { "" };
        Self { name, weight_thousandths: weight.unwrap_or(Some(1_000)).unwrap_or(0) }
    }

    fn closeness(&self, media_type: MediaType) -> Option<Closeness> {
        match self.name {
            "*/*" => Some(Closeness::Anything),
            name if name.eq_ignore_ascii_case("application/*") => Some(Closeness::Application),
            name if name.eq_ignore_ascii_case(media_type.name()) => Some(Closeness::Named),
            _ => None,
        }
    }
}

/// What the closest range says of a type; `None` if it is not accepted.
fn preference(ranges: &[Range<'_>], media_type: MediaType) -> Option<Preference> {
    ranges
        .iter()
        .filter_map(|range| {
            let closeness = range.closeness(media_type)?;
            Some(Preference { weight_thousandths: range.weight_thousandths, closeness })
        })
        .max_by_key(|preference| (preference.closeness, preference.weight_thousandths))
        .filter(|preference| preference.weight_thousandths > 0)
}

/// The name, and the parameters as pairs.
fn split(item: &str) -> (&str, impl Iterator<Item = (&str, &str)> + Clone) {
    let mut parts = item.split(';');
    let name = parts.next().unwrap_or_default().trim();
    let parameters = parts.map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (name.trim(), value.trim().trim_matches('"'))
    });
    (name, parameters)
}

/// False for a charset that is not spoken here; other parameters mean nothing to the server.
fn is_utf_8_or_other((name, value): (&str, &str)) -> bool {
    !name.eq_ignore_ascii_case("charset")
        || value.eq_ignore_ascii_case("utf-8")
        || value.eq_ignore_ascii_case("utf8")
}

/// `q=0.8` as 800. `None` if it is no weight.
fn weight_thousandths(value: &str) -> Option<u16> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{fraction:0<3}").parse::<u16>().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_is_sent_what_it_likes_best() {
        let json = Some(MediaType::Json);
        let newer = Some(MediaType::GraphqlResponse);
        for (accept, expected) in [
            ("", json),
            (" , ", json),
            ("*/*", json),
            ("application/*", json),
            ("application/json", json),
            ("Application/JSON; charset=UTF-8", json),
            ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", json),
            ("application/json, multipart/mixed", json),
            ("application/json, */*", json),
            ("application/graphql-response+json", newer),
            ("application/graphql-response+json; charset=\"utf-8\"", newer),
            ("application/graphql-response+json, application/json;q=0.9", newer),
            ("application/json;q=0.9, application/graphql-response+json", newer),
            ("application/json, application/graphql-response+json", newer),
            ("application/graphql-response+json, */*", newer),
            ("application/graphql-response+json;q=0.5, application/json;q=0.8", json),
            ("application/json;q=0, */*", newer),
            ("application/graphql-response+json;q=0, */*;q=0.1", json),
            ("application/json;q=0", None),
            ("*/*;q=0", None),
            ("text/html", None),
            ("application/json; charset=latin1", None),
            ("application/json;q=nonsense", None),
            ("nonsense", None),
        ] {
            assert_eq!(negotiate(std::iter::once(accept)), expected, "{accept}");
        }
        assert_eq!(negotiate(std::iter::empty()), json);
        assert_eq!(negotiate(["text/html", "application/json"].into_iter()), json);
    }

    #[test]
    fn a_body_is_json_in_utf_8() {
        for readable in [
            "application/json",
            "APPLICATION/json",
            "application/json;charset=utf-8",
            "application/json; charset=\"UTF-8\"",
            "application/json; profile=x",
        ] {
            assert!(is_readable(readable), "{readable}");
        }
        for unreadable in [
            "",
            "text/plain",
            "application/jsonp",
            "application/json; charset=utf-16",
            "application/graphql",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
        ] {
            assert!(!is_readable(unreadable), "{unreadable}");
        }
    }

    #[test]
    fn a_weight_has_three_digits() {
        for (text, weight) in [
            ("1", Some(1_000)),
            ("1.000", Some(1_000)),
            ("0", Some(0)),
            ("0.5", Some(500)),
            ("0.123", Some(123)),
            ("1.1", None),
            ("0.1234", None),
            ("2", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(weight_thousandths(text), weight, "{text}");
        }
    }
}
