//! The house's own rules: which room may use which, and what no file may hold.
//!
//! Read from the text of the sources, line by line, without a parser: good enough to catch a slip,
//! and short enough to be read.

use std::path::{Path, PathBuf};

/// The rooms of `src`, and for each what it may use: other rooms, and crates of the list below.
const MAY_USE: [(&str, &[&str]); 12] = [
    ("domain", &["chrono", "serde", "sha2"]),
    ("config", &["domain", "chrono", "serde"]),
    ("telemetry", &["domain", "config", "tokio", "chrono", "serde"]),
    ("auth", &["domain", "config", "telemetry", "tokio", "chrono", "serde", "sha2"]),
    (
        "db",
        &["domain", "config", "telemetry", "entity", "migration", "sea_orm", "sea_orm_migration"],
    ),
    ("cache", &["domain", "config", "telemetry"]),
    ("ledger", &["domain", "entity", "db", "cache", "telemetry", "sea_orm"]),
    ("store", &["domain", "entity", "db", "cache", "telemetry", "sea_orm", "dataloader"]),
    (
        "graphql",
        &["domain", "ledger", "store", "auth", "telemetry", "async_graphql", "dataloader"],
    ),
    ("http", &["graphql", "auth", "telemetry", "config", "async_graphql", "axum", "tower_http"]),
    ("cli", &EVERYTHING),
    // The binary's entry, and the map of the house.
    ("main", &["cli"]),
];

const EVERYTHING: [&str; 11] = [
    "domain", "config", "telemetry", "auth", "db", "cache", "ledger", "store", "graphql", "http",
    "migration",
];

/// The crates that stand for a floor. What is not listed here says nothing about floors, except
/// in `domain`, which is pure: see [`PURE`].
const CRATES_OF_A_FLOOR: [&str; 12] = [
    "async_graphql", "async_graphql_axum", "axum", "dataloader", "entity", "hyper", "migration",
    "sea_orm", "sea_orm_migration", "sqlx", "tower", "tower_http",
];

/// All that `domain` may use: no runtime, no network, no files.
const PURE: [&str; 9] =
    ["std", "core", "crate", "self", "super", "chrono", "thiserror", "serde", "sha2"];

fn files_below(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(root).unwrap().to_owned(), text));
            }
        }
    }
    files.sort();
    files
}

/// The room of a file of `src`.
fn room_of(path: &Path) -> &str {
    let first = path.strip_prefix("src").unwrap().components().next().unwrap();
    first.as_os_str().to_str().unwrap().trim_end_matches(".rs")
}
