//! What every answer must be, whatever was asked.

use serde_json::Value;

/// What no error may tell: how the inside is made, and where it is kept. The nonsense that is sent
/// holds none of it.
const INSIDE: [&str; 26] = [
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "FROM ",
    "WHERE ",
    "t_inventory",
    "t_heartbeat",
    "sqlite",
    "SQLite",
    "sqlx",
    "sea_orm",
    "DbErr",
    "async_graphql",
    "serde",
    "hyper",
    "axum",
    "tokio",
    "panicked",
    "thread '",
    "alloc::",
    "core::",
    "std::",
    ".rs",
    "/root",
    "/home",
    "/tmp",
];

/// Bytes of the errors of one answer. It may have a hundred.
const ERRORS_BYTES_MAX: usize = 100_000;

/// What is wrong with an answer of the GraphQL endpoint; `None` if nothing is.
pub(super) fn fault(status: u16, content_type: &str, body: &[u8]) -> Option<String> {
    check(status, content_type, body).err()
}

fn check(status: u16, content_type: &str, body: &[u8]) -> Result<(), String> {
    let newer = match content_type {
        "application/json; charset=utf-8" => false,
        "application/graphql-response+json; charset=utf-8" => true,
        other => return Err(format!("{other} is no type of an answer")),
    };
    let body: Value = serde_json::from_slice(body).map_err(|error| format!("no JSON: {error}"))?;
    let object = body.as_object().ok_or("no object")?;
    let known = ["data", "errors", "extensions"];
    if let Some(other) = object.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("{other} is no entry of an answer"));
    }
    let errors = match object.get("errors") {
        None => [].as_slice(),
        Some(Value::Array(errors)) if !errors.is_empty() => errors,
        Some(other) => return Err(format!("errors are {other}")),
    };
    let codes = errors.iter().map(code).collect::<Result<Vec<_>, _>>()?;
    let data = object.get("data");
    let executed = data.is_some();
    if !executed && codes.is_empty() {
        return Err("neither data nor errors".to_owned());
    }
    let unknown = codes.contains(&"PERSISTED_QUERY_NOT_FOUND");
    let fits = match status {
        200 => executed || !newer || unknown,
        400..=499 => !executed,
        _ => false,
    };
    if !fits {
        return Err(format!("status {status} with {codes:?}"));
    }
    let mut told = object.get("errors").map(ToString::to_string).unwrap_or_default();
    if told.len() > ERRORS_BYTES_MAX {
        return Err(format!("errors of {} bytes", told.len()));
    }
    collect_user_errors(data.unwrap_or(&Value::Null), &mut told);
    match INSIDE.iter().find(|word| told.contains(**word)) {
        Some(word) => Err(format!("{word} is told")),
        None => Ok(()),
    }
}

/// The code of an error that has all that an error must have.
fn code(error: &Value) -> Result<&str, String> {
    let fault = || format!("not whole: {error}");
    let extensions = error["extensions"].as_object().ok_or_else(fault)?;
    let code = extensions.get("code").and_then(Value::as_str).ok_or_else(fault)?;
    let whole = error["message"].as_str().is_some_and(|message| !message.is_empty())
        && extensions.get("requestId").is_some_and(Value::is_string)
        && extensions.get("retryable").is_some_and(Value::is_boolean);
    let known = stockflow::graphql::codes::ALL.contains(&code)
        || stockflow::http::code::ALL.contains(&code);
    let ours = ["INTERNAL", "UNAVAILABLE"].contains(&code);
    if whole && known && !ours { Ok(code) } else { Err(fault()) }
}

/// Adds what payloads tell of refusals.
fn collect_user_errors(data: &Value, told: &mut String) {
    match data {
        Value::Object(fields) => {
            if let (Some(Value::String(message)), true) =
                (fields.get("message"), fields.contains_key("code"))
            {
                told.push_str(message);
            }
            fields.values().for_each(|value| collect_user_errors(value, told));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_user_errors(item, told)),
        _ => {}
    }
}

#[test]
fn a_wrong_answer_is_seen() {
    let json = "application/json; charset=utf-8";
    let newer = "application/graphql-response+json; charset=utf-8";
    let error = |code: &str, message: &str| {
        let extensions = format!(r#"{{"code":"{code}","requestId":"1","retryable":false}}"#);
        format!(r#"{{"errors":[{{"message":"{message}","extensions":{extensions}}}]}}"#)
    };
    let refused = error("BAD_REQUEST", "no");
    for (status, content_type, body) in [
        (200, json, r#"{"data":{"a":1}}"#.to_owned()),
        (200, json, refused.clone()),
        (400, newer, refused.clone()),
        (200, newer, error("PERSISTED_QUERY_NOT_FOUND", "no")),
        (200, newer, r#"{"data":{"reason":"SELECT "}}"#.to_owned()),
    ] {
        assert_eq!(fault(status, content_type, body.as_bytes()), None, "{body}");
    }
    for (status, content_type, body) in [
        (200, newer, refused.clone()),
        (500, json, refused.clone()),
        (200, "text/html", refused),
        (200, json, "{}".to_owned()),
        (200, json, r#"{"data":null,"more":1}"#.to_owned()),
        (200, json, r#"{"errors":[]}"#.to_owned()),
        (200, json, r#"{"errors":[{"message":"no"}]}"#.to_owned()),
        (200, json, error("INTERNAL", "no")),
        (200, json, error("SOMETHING", "no")),
        (200, json, error("BAD_REQUEST", "")),
        (200, json, error("BAD_REQUEST", "no such table: t_inventory")),
        (200, json, r#"{"data":{"userErrors":[{"code":"X","message":"sqlx: no"}]}}"#.to_owned()),
    ] {
        assert!(fault(status, content_type, body.as_bytes()).is_some(), "{body}");
    }
}
