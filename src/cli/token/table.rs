//! How keys are listed: as a table for people, or as JSON for programs.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;

use super::merchant;
use crate::auth::api_key::{KeyState, RegisteredKey};

const HEADS: [&str; 8] =
    ["ID", "LABEL", "MERCHANT", "SCOPES", "CREATED", "EXPIRES", "LAST USED", "STATE"];

/// An instant, to the second.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn state(state: KeyState) -> &'static str {
    match state {
        KeyState::Active => "active",
        KeyState::Expired => "expired",
        KeyState::Revoked => "revoked",
    }
}

/// One line a key below the heads, in columns.
pub(super) fn text(keys: &[RegisteredKey]) -> String {
    let maybe = |at: Option<DateTime<Utc>>| at.map_or("-".to_owned(), instant);
    let rows: Vec<[String; 8]> = std::iter::once(HEADS.map(str::to_owned))
        .chain(keys.iter().map(|key| {
            [
                key.id.clone(),
                key.label.clone(),
                merchant(key).unwrap_or_else(|| "all".to_owned()),
                key.scopes.clone(),
                instant(key.created_at),
                maybe(key.expires_at),
                maybe(key.last_used_at),
                state(key.state).to_owned(),
            ]
        }))
        .collect();
    let widest = |place: usize| {
        let cells = rows.iter().filter_map(|row| row.get(place));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let lines = rows.iter().map(|row| {
        let cells = row.iter().enumerate().map(|(place, cell)| {
            let width = widest(place);
            format!("{cell:width$}")
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// An array of objects.
pub(super) fn json(keys: &[RegisteredKey]) -> String {
    let maybe = |at: Option<DateTime<Utc>>| at.map(instant);
    let keys: Vec<_> = keys
        .iter()
        .map(|key| {
            json!({
                "id": key.id,
                "label": key.label,
                "merchantId": merchant(key),
                "scopes": key.scopes.split(' ').collect::<Vec<_>>(),
                "createdAt": instant(key.created_at),
                "expiresAt": maybe(key.expires_at),
                "revokedAt": maybe(key.revoked_at),
                "lastUsedAt": maybe(key.last_used_at),
                "state": state(key.state),
            })
        })
        .collect();
    serde_json::Value::Array(keys).to_string()
}
