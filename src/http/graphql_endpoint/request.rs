//! Reads a GraphQL request from a body or a query string.

use std::collections::HashMap;

use async_graphql::{Request, Variables};
use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, EXPECT};
use axum::http::{HeaderMap, StatusCode, Uri};
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::media_type::is_readable;
use crate::graphql::{DOCUMENT_ID, PERSISTED_QUERY};
use crate::http::error::{HttpError, code};

/// How many times the largest body is read and thrown away before a sender of too much is cut
/// off: one who is still writing does not see an answer.
const DISCARDED_BODIES_MAX: usize = 16;

/// Reads the request from the body of a POST.
///
/// # Errors
///
/// [`HttpError`] when the body is not one JSON object that makes a request.
pub(super) async fn from_body(
    headers: &HeaderMap,
    body: Body,
    body_bytes_max: usize,
) -> Result<Request, HttpError> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(is_readable) {
        return Err(HttpError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            code::UNSUPPORTED_MEDIA_TYPE,
            "send the request as application/json, in UTF-8",
        ));
    }
    let body = read(headers, body, body_bytes_max).await?;
    match serde_json::from_slice(&body).map(Parameters::request) {
        Ok(Some(request)) => Ok(request),
        Ok(None) | Err(_) => from_json(&body),
    }
}

/// What nearly every body is. One that is not is read again without a form, to tell what is wrong
/// with it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    #[serde(default)]
    variables: Variables,
    extensions: Option<HashMap<String, async_graphql::Value>>,
}

impl Parameters {
    /// The request that they make; `None` if they name no document.
    fn request(self) -> Option<Request> {
        let Self { query, document_id, operation_name, variables, extensions } = self;
        let extensions = async_graphql::Extensions(extensions.unwrap_or_default());
        let mut request = request(query, document_id, extensions)?.variables(variables);
        request.operation_name = operation_name;
        Some(request)
    }
}

/// A request for a document, which is sent or named by its id or its hash; `None` if it is neither.
fn request(
    query: Option<String>,
    document_id: Option<String>,
    mut extensions: async_graphql::Extensions,
) -> Option<Request> {
    if let Some(id) = document_id {
        extensions.insert(DOCUMENT_ID.to_owned(), async_graphql::Value::String(id));
    }
    let named = [DOCUMENT_ID, PERSISTED_QUERY].iter().any(|name| extensions.contains_key(*name));
    let query = query.or_else(|| named.then(String::new))?;
    let mut request = Request::new(query);
    request.extensions = extensions;
    Some(request)
}

/// Reads a request of whatever form, and tells what is wrong with it.
fn from_json(body: &[u8]) -> Result<Request, HttpError> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(parameters)) => from_parameters(parameters),
        Ok(Value::Array(_)) => Err(HttpError::bad_request(
            "the body is an array: send one request at a time, batches are not taken",
        )),
        Ok(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            Err(HttpError::bad_request("the body must be a JSON object with a query"))
        }
        Err(error) => Err(HttpError::bad_request(no_json("the body", &error))),
    }
}

/// Reads the request from the query string of a GET.
///
/// # Errors
///
/// [`HttpError`] when the parameters do not make a request.
pub(super) fn from_query(uri: &Uri) -> Result<Request, HttpError> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
        .map_err(|_text| HttpError::bad_request("the query string is not UTF-8"))?;
    let mut parameters = Map::new();
    for (name, text) in pairs {
        let value = match name.as_str() {
            "query" | "documentId" | "operationName" => Value::String(text),
            // An empty parameter is how forms and links leave one out.
            "variables" | "extensions" if text.is_empty() => Value::Null,
            "variables" | "extensions" => serde_json::from_str(&text)
                .map_err(|error| HttpError::bad_request(no_json(&name, &error)))?,
            _ => continue,
        };
        if parameters.contains_key(&name) {
            return Err(HttpError::bad_request(format!("{name} is given twice")));
        }
        parameters.insert(name, value);
    }
    from_parameters(parameters)
}

/// The request that parameters make. Unknown ones are let through, as the draft asks; known ones have
/// a type.
///
/// # Errors
///
/// [`HttpError`] when they make none.
pub(in crate::http) fn from_parameters(
    mut parameters: Map<String, Value>,
) -> Result<Request, HttpError> {
    let extensions = object(&mut parameters, "extensions")?.unwrap_or_default();
    let extensions: Result<HashMap<_, _>, _> = extensions
        .into_iter()
        .map(|(name, value)| Ok((name, async_graphql::Value::from_json(value)?)))
        .collect();
    let extensions = extensions
        .map_err(|_error: serde_json::Error| HttpError::bad_request("extensions make no sense"))?;
    let null = parameters.get("query") == Some(&Value::Null);
    let query = string(&mut parameters, "query")?;
    let document_id = string(&mut parameters, "documentId")?;
    let Some(mut request) = request(query, document_id, async_graphql::Extensions(extensions))
    else {
        let text = if null { "query must be a string" } else { "query is missing" };
        return Err(HttpError::bad_request(text));
    };
    request.operation_name = string(&mut parameters, "operationName")?;
    if let Some(variables) = object(&mut parameters, "variables")? {
        request.variables = Variables::from_json(Value::Object(variables));
    }
    Ok(request)
}

/// Where a text stops being JSON.
pub(in crate::http) fn no_json(what: &str, error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    format!("{what} is not JSON, as line {line}, column {column} shows")
}

fn string(parameters: &mut Map<String, Value>, name: &str) -> Result<Option<String>, HttpError> {
    match parameters.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(HttpError::bad_request(format!("{name} must be a string or null"))),
    }
}

fn object(
    parameters: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<Map<String, Value>>, HttpError> {
    match parameters.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(_) => Err(HttpError::bad_request(format!("{name} must be an object or null"))),
    }
}

/// Reads a body up to its bound.
async fn read(headers: &HeaderMap, body: Body, body_bytes_max: usize) -> Result<Bytes, HttpError> {
    let too_large = || {
        HttpError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            code::PAYLOAD_TOO_LARGE,
            format!("the body may have {body_bytes_max} bytes at the most"),
        )
    };
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok())
        .unwrap_or(0);
    let discarded_bytes_max = body_bytes_max.saturating_mul(DISCARDED_BODIES_MAX);
    let waits_for_leave = headers.contains_key(EXPECT);
    if announced > discarded_bytes_max || (announced > body_bytes_max && waits_for_leave) {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(announced.min(body_bytes_max));
    let mut length = 0_usize;
    let mut stream = body.into_data_stream();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|error| {
            tracing::debug!(%error, "a body broke off");
            HttpError::bad_request("the body broke off")
        })?;
        length = length.saturating_add(piece.len());
        if length > discarded_bytes_max {
            break;
        }
        if length <= body_bytes_max {
            bytes.extend_from_slice(&piece);
        }
    }
    if length > body_bytes_max { Err(too_large()) } else { Ok(bytes.into()) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use serde_json::json;

    fn parameters(value: Value) -> Result<Request, HttpError> {
        let Value::Object(parameters) = value else { panic!("{value}") };
        from_parameters(parameters)
    }

    #[test]
    fn a_parameter_has_its_type_or_is_null() {
        let request = parameters(json!({
            "query": "{ __typename }",
            "operationName": "A",
            "variables": { "n": 9_007_199_254_740_993_i64 },
            "extensions": { "some": "value" },
            "other": 1,
        }))
        .unwrap();
        assert_eq!(request.operation_name.as_deref(), Some("A"));
        let variables = request.variables.into_value().into_json().unwrap();
        assert_eq!(variables, json!({ "n": 9_007_199_254_740_993_i64 }));
        for name in ["operationName", "variables", "extensions"] {
            assert!(parameters(json!({ "query": "{a}", name: null })).is_ok(), "{name}");
            for wrong in [json!(0), json!(false), json!(["array"])] {
                let error = parameters(json!({ "query": "{a}", name: wrong })).unwrap_err();
                assert_eq!(error.code, code::BAD_REQUEST, "{name}");
            }
        }
        for wrong in [json!({}), json!({ "query": null }), json!({ "query": { "a": 1 } })] {
            assert_eq!(parameters(wrong).unwrap_err().status, StatusCode::BAD_REQUEST);
        }
    }

    /// The two ways in which a body is read make the same request of it, or refuse it alike.
    #[tokio::test]
    async fn a_body_means_what_its_parameters_mean() {
        for body in [
            r#"{"query": "{a}"}"#,
            r#"{"query": "{a}", "operationName": null, "variables": null, "extensions": null}"#,
            r#"{"query": "{a}", "operationName": "A", "other": [1]}"#,
            r#"{"query": "{a}", "variables": {"n": 9007199254740993, "f": 1.5, "e": 1e400}}"#,
            r#"{"query": "{a}", "variables": {"o": {"x": [null, true, "\u0000é"], "x": 2}}}"#,
            r#"{"query": "{a}", "variables": {"twice": 1, "twice": 2}}"#,
            r#"{"query": "{a}", "query": "{b}"}"#,
            r#"{"query": "{a}", "extensions": {"e": {"$": 18446744073709551615}}}"#,
            r#"{"query": 1}"#,
            r#"{"query": null}"#,
            r#"{"documentId": "sha256:00", "variables": {"n": 1}}"#,
            r#"{"documentId": "sha256:00", "query": null, "operationName": "A"}"#,
            r#"{"documentId": "sha256:00", "query": "{a}", "extensions": null}"#,
            r#"{"documentId": 1, "query": "{a}"}"#,
            r#"{"documentId": null}"#,
            r#"{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "00"}}}"#,
            r#"{"extensions": {"persistedQuery": null}}"#,
            r#"{"extensions": {"other": 1}}"#,
            r#"{"query": "{a}", "variables": []}"#,
            r#"{"query": "{a}"} x"#,
            "[]",
            "",
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, "application/json".parse().unwrap());
            let read = from_body(&headers, Body::from(body), 1_000).await;
            let told = from_json(body.as_bytes());
            let shown = |request: Request| {
                let variables = request.variables.into_value();
                let extensions = request.extensions.0.into_iter();
                let extensions = extensions.map(|(name, value)| (name, value.into_json().unwrap()));
                let extensions: BTreeMap<_, _> = extensions.collect();
                let (query, name) = (request.query, request.operation_name);
                format!("{query} {name:?} {variables} {extensions:?}")
            };
            assert_eq!(read.map(shown), told.map(shown), "{body}");
        }
    }

    #[test]
    fn a_query_string_carries_json() {
        let read = |text: &str| from_query(&text.parse().unwrap());
        let request = read("/graphql?query=%7Ba%7D&variables=%7B%22n%22%3A1%7D&x=y").unwrap();
        assert_eq!(request.query, "{a}");
        assert_eq!(request.variables.len(), 1);
        assert!(read("/graphql?query=%7Ba%7D&variables=").is_ok());
        let request = read("/graphql?documentId=sha256:00&operationName=A").unwrap();
        assert_eq!(request.query, "");
        assert!(request.extensions.contains_key(DOCUMENT_ID));
        for wrong in [
            "/graphql",
            "/graphql?variables=%7B%7D",
            "/graphql?query=a&query=b",
            "/graphql?query=a&variables=%7B",
            "/graphql?query=a&variables=%5B%5D",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_body_ends_at_its_bound() {
        let read = |length: usize| async move {
            read(&HeaderMap::new(), Body::from(vec![b' '; length]), 100).await
        };
        assert_eq!(read(100).await.unwrap().len(), 100);
        for length in [101, 1_000, 10_000] {
            assert_eq!(read(length).await.unwrap_err().code, code::PAYLOAD_TOO_LARGE);
        }
    }
}
