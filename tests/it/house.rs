//! The house's own rules: which room may use which, and what no file may hold.
//!
//! The sources are read as text, without a parser: enough to catch a slip, and short enough to be
//! believed. The last tests plant what is forbidden and see it caught.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The rooms of `src`, each with the rooms and the crates of [`FLOORS`] that it may use.
///
/// The entry of the program is a room `main`, without a floor of its own.
const MAY_USE: [(&str, &[&str]); 17] = [
    ("domain", &[]),
    ("config", &["domain"]),
    ("telemetry", &["domain", "config"]),
    ("auth", &["domain", "db", "gather", "telemetry", "entity", "sea_orm"]),
    (
        "db",
        &["domain", "config", "telemetry", "entity", "migration", "sea_orm", "sea_orm_migration"],
    ),
    ("gather", &[]),
    ("cache", &["domain", "config", "telemetry", "gather"]),
    ("refusals", &["domain", "db", "telemetry", "sea_orm"]),
    ("ledger", &["domain", "entity", "db", "cache", "gather", "refusals", "telemetry", "sea_orm"]),
    ("store", &["domain", "entity", "db", "cache", "gather", "telemetry", "sea_orm"]),
    ("live", &["domain", "entity", "db", "store", "telemetry", "sea_orm"]),
    ("audit", &["domain", "entity", "db", "store", "telemetry", "sea_orm"]),
    ("count", &["domain", "entity", "db", "store", "ledger", "telemetry", "sea_orm"]),
    (
        "graphql",
        &[
            "domain",
            "ledger",
            "store",
            "live",
            "audit",
            "count",
            "auth",
            "telemetry",
            "async_graphql",
        ],
    ),
    ("http", &["graphql", "audit", "auth", "telemetry", "config", "async_graphql", "axum"]),
    ("cli", &EVERYTHING),
    ("main", &EVERYTHING),
];

const EVERYTHING: [&str; 22] = [
    "domain",
    "gather",
    "config",
    "telemetry",
    "auth",
    "audit",
    "count",
    "db",
    "cache",
    "refusals",
    "ledger",
    "store",
    "live",
    "graphql",
    "http",
    "cli",
    "entity",
    "migration",
    "sea_orm",
    "sea_orm_migration",
    "async_graphql",
    "axum",
];

/// The crates that belong to a floor; any room may use the others, except for `domain`.
const FLOORS: [&str; 6] =
    ["entity", "migration", "sea_orm", "sea_orm_migration", "async_graphql", "axum"];

/// All that `domain` imports: nothing that waits, nothing that is outside.
const PURE: [&str; 9] =
    ["std", "crate", "super", "self", "chrono", "chrono_tz", "thiserror", "serde", "sha2"];

const LINES_MAX: usize = 500;

#[test]
fn no_room_uses_what_its_floor_forbids() {
    assert_none(files("src").iter().flat_map(|(path, text)| forbidden_edges(path, text)));
}

#[test]
fn entities_and_migrations_know_nothing_of_the_server() {
    let crates = [files("entity"), files("migration")].concat();
    assert_none(crates.iter().flat_map(|(path, text)| {
        let code = code(text);
        names_after(&code, "stockflow::")
            .into_iter()
            .map(|room| edge(path, &room))
            .collect::<Vec<_>>()
    }));
}

#[test]
fn every_file_says_what_it_is() {
    let all = [files("src"), files("entity"), files("migration"), files("tests")].concat();
    assert_none(
        all.iter()
            .filter(|(_path, text)| !text.starts_with("//!"))
            .map(|(path, _text)| format!("{} does not open with //!", path.display())),
    );
}

#[test]
fn no_file_is_long() {
    assert_none([files("src"), files("tests")].concat().iter().filter_map(|(path, text)| {
        let lines = text.lines().count();
        (lines > LINES_MAX).then(|| format!("{} has {lines} lines", path.display()))
    }));
}

#[test]
fn no_test_waits_for_time_to_pass_or_is_left_out() {
    // Spelled in two parts, for this file is read too.
    let banned = [concat!("sle", "ep("), concat!("#[ign", "ore")];
    assert_none(
        files("tests").iter().flat_map(|(path, text)| lines_with(path, &code(text), &banned)),
    );
}

#[test]
fn nothing_that_runs_for_a_client_panics() {
    assert_none(files("src").iter().flat_map(|(path, text)| panics(path, text)));
}

/// All `.rs` files below `folder`, with their paths from the top of the repository.
fn files(folder: &str) -> Vec<(PathBuf, String)> {
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
    assert_ne!(files.len(), 0, "{folder} holds no sources");
    files
}

fn assert_none(faults: impl Iterator<Item = String>) {
    let faults: BTreeSet<String> = faults.collect();
    assert!(faults.is_empty(), "{}", faults.into_iter().collect::<Vec<_>>().join("\n"));
}

/// The text without its comments; lines keep their numbers.
fn code(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let comment = line.match_indices("//").find(|(at, _)| !line[..*at].ends_with(':'));
        comment.map_or(line, |(at, _)| &line[..at])
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn forbidden_edges(path: &Path, text: &str) -> Vec<String> {
    let inside: Vec<&str> = path.iter().skip(1).map(|part| part.to_str().unwrap()).collect();
    let room = inside[0].trim_end_matches(".rs");
    if room == "lib" {
        return Vec::new();
    }
    let Some((_, may_use)) = MAY_USE.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{} is in a room that the table does not know", path.display())];
    };
    let code = code(text);
    // From a file at this depth, so many `super` lead to the top of the crate.
    let to_the_top = "super::".repeat(inside.len() - usize::from(inside.ends_with(&["mod.rs"])));
    let rooms = ["crate::", "stockflow::", &to_the_top].map(|top| names_after(&code, top)).concat();
    let rooms = rooms.iter().map(String::as_str);
    let used = rooms.filter(|name| MAY_USE.iter().any(|(room, _)| room == name));
    let used = used.chain(FLOORS.into_iter().filter(|name| uses_crate(&code, name)));
    let mut faults: Vec<String> = used
        .filter(|name| *name != room && !may_use.contains(name))
        .map(|name| edge(path, name))
        .collect();
    if room == "domain" {
        let imported = code.lines().filter_map(|line| {
            let line = line.trim_start();
            let visible = ["pub ", "pub(crate) ", "pub(super) "];
            visible.iter().find_map(|it| line.strip_prefix(it)).unwrap_or(line).strip_prefix("use ")
        });
        let outside = imported.map(first_name).filter(|name| !PURE.contains(name));
        // A file of the domain may also import from a module that it declares itself.
        let outside = outside.filter(|name| !code.contains(&format!("mod {name};")));
        faults.extend(outside.map(|name| edge(path, name)));
        faults.extend(uses_crate(&code, "tokio").then(|| edge(path, "tokio")));
    }
    faults
}

fn edge(path: &Path, name: &str) -> String {
    format!("{} uses {name}", path.display())
}

fn first_name(text: &str) -> &str {
    let end = text.find(|sign: char| sign != '_' && !sign.is_alphanumeric());
    &text[..end.unwrap_or(text.len())]
}

/// What follows each `prefix` that begins a path: one name, or the first names in braces.
fn names_after(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix).filter(|(at, _)| begins_path(code, *at)) {
        let rest = &code[at + prefix.len()..];
        let Some(list) = rest.strip_prefix('{') else {
            names.push(first_name(rest).to_owned());
            continue;
        };
        let mut depth = 1;
        let mut item = String::new();
        for sign in list.chars() {
            depth += i32::from(sign == '{') - i32::from(sign == '}');
            if depth == 0 || (depth == 1 && sign == ',') {
                names.push(first_name(item.trim()).to_owned());
                item.clear();
            } else {
                item.push(sign);
            }
            if depth == 0 {
                break;
            }
        }
    }
    names
}

fn uses_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let rest = &code[at + name.len()..];
        let imported =
            code[..at].ends_with("use ") && [";", " as "].iter().any(|end| rest.starts_with(end));
        begins_path(code, at) && (rest.starts_with("::") || imported)
    })
}

/// Whether the name at `at` is a whole name, and the first of its path.
fn begins_path(code: &str, at: usize) -> bool {
    let before = &code[..at];
    // Two colons before it may be those of an absolute path, as in `::axum::Router`.
    let before = before.strip_suffix("::").filter(|it| !ends_in_name(it)).unwrap_or(before);
    !before.ends_with(':') && !ends_in_name(before)
}

fn ends_in_name(text: &str) -> bool {
    text.ends_with(|sign: char| sign == '_' || sign == '>' || sign.is_alphanumeric())
}

/// Calls that panic, outside tests. Clippy judges the same, line by line; a file may hold those
/// that it expects with a reason.
fn panics(path: &Path, text: &str) -> Vec<String> {
    if path.file_stem().is_some_and(|stem| stem.to_str().unwrap().ends_with("tests")) {
        return Vec::new();
    }
    let code = without_tests(&code(text));
    let banned = [(".unwrap()", "unwrap_used"), (".expect(", "expect_used"), ("panic!(", "panic")];
    let banned: Vec<&str> = banned
        .iter()
        .filter(|(_call, lint)| !code.contains(&format!("expect(clippy::{lint}")))
        .map(|(call, _lint)| *call)
        .collect();
    lines_with(path, &code, &banned)
}

/// The code with every item under `#[cfg(test)]` blanked; the items end as rustfmt indents them.
fn without_tests(code: &str) -> String {
    let mut kept = String::new();
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        if line.trim() == "#[cfg(test)]" {
            let indent = &line[..line.len() - line.trim_start().len()];
            let ends = [format!("{indent}}}"), format!("{indent}{}", "};")];
            kept.push('\n');
            for line in lines.by_ref() {
                kept.push('\n');
                if line.ends_with(';')
                    && line.starts_with(indent)
                    && !line[indent.len()..].starts_with(' ')
                    || ends.iter().any(|end| end == line)
                {
                    break;
                }
            }
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

fn lines_with(path: &Path, code: &str, banned: &[&str]) -> Vec<String> {
    let numbered = code.lines().enumerate();
    let caught = numbered.filter(|(_index, line)| banned.iter().any(|it| line.contains(it)));
    caught
        .map(|(index, line)| format!("{}:{}: {}", path.display(), index + 1, line.trim()))
        .collect()
}

#[test]
fn a_planted_edge_is_caught() {
    for (path, text, used) in [
        ("src/domain/stock.rs", "use tokio::sync::Mutex;", "tokio"),
        ("src/domain/stock.rs", "pub(crate) use futures_util::join;", "futures_util"),
        ("src/domain/stock.rs", "let later = tokio::spawn(f);", "tokio"),
        ("src/domain/stock.rs", "fn read() -> sea_orm::DbErr {}", "sea_orm"),
        ("src/db/rows.rs", "use crate::ledger::Ledger;", "ledger"),
        (
            "src/ledger/post.rs",
            "use crate::{\n    db::{self, store},\n    store::Store,\n};",
            "store",
        ),
        ("src/ledger/post.rs", "use super::super::store;", "store"),
        ("src/store/mod.rs", "let queue = super::ledger::queue();", "ledger"),
        ("src/graphql/query.rs", "pub(crate) use sea_orm as rows;", "sea_orm"),
        ("src/graphql/query.rs", "fn page() -> Page<entity::inventory::Model> {}", "entity"),
        ("src/graphql/query.rs", "type Router = ::axum::Router;", "axum"),
        ("src/http/router.rs", "use crate::ledger;", "ledger"),
        ("src/auth/mod.rs", "use crate::http::Header;", "http"),
    ] {
        let caught = forbidden_edges(Path::new(path), text);
        assert!(caught.contains(&format!("{path} uses {used}")), "{text}: {caught:?}");
    }
    assert_ne!(forbidden_edges(Path::new("src/utils/mod.rs"), ""), [""; 0], "an unknown room");
}

#[test]
fn what_is_allowed_is_not_caught() {
    for (path, text) in [
        (
            "src/domain/stock.rs",
            "use std::fmt;\nmod sku;\npub use sku::Sku;\nuse chrono::Utc;\nuse super::Sku;\nuse crate::domain::Id;",
        ),
        (
            "src/domain/stock.rs",
            "// use sea_orm::DbErr;\nlet entity = 1;\n/// See [`crate::ledger`].",
        ),
        ("src/ledger/post.rs", "use crate::db::{Database, store};\nuse super::store::x;"),
        ("src/graphql/query.rs", "use async_graphql::axum;\nuse crate::graphql::http::Code;"),
        ("src/http/router.rs", "use axum::Router;\nuse crate::graphql::Schema;"),
        ("src/cli/serve.rs", "use crate::{db, http, ledger};"),
    ] {
        assert_eq!(forbidden_edges(Path::new(path), text), [""; 0], "{text}");
    }
}

#[test]
fn a_planted_panic_is_caught_outside_tests_only() {
    let path = Path::new("src/ledger/post.rs");
    let found = "src/ledger/post.rs:7: a.unwrap();";
    let text =
        "#[cfg(test)]\nmod tests {\n    fn a() {\n        a.unwrap();\n    }\n}\na.unwrap();\n";
    assert_eq!(panics(path, text), [found]);
    assert_eq!(panics(path, "#[cfg(test)]\nmod tests;\na.expect(\"b\");").len(), 1);
    assert_eq!(panics(path, "a.unwrap_or_default(); // b.unwrap()"), [""; 0]);
    assert_eq!(
        panics(path, "#[expect(clippy::expect_used, reason = \"r\")]\na.expect(\"b\");"),
        [""; 0]
    );
    assert_eq!(panics(Path::new("src/ledger/decide_tests.rs"), "a.unwrap();"), [""; 0]);
}
