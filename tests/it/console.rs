//! The console in a real browser, which starts servers of its own: one test a file of
//! `web/test/console`.
//!
//! They need Node.js and what `tests/run` installs; without it they say so and are left out.

use std::path::Path;

use crate::outside::run_in;

async fn view(name: &str) {
    let file = format!("test/console/{name}.test.js");
    let server = ("STOCKFLOW_SERVER", env!("CARGO_BIN_EXE_stockflow"));
    run_in("web", "node", &["--test", &file], &[server]).await;
}

/// The files that have a test below.
const VIEWS: [&str; 12] = [
    "audit",
    "audit-export",
    "change",
    "counts",
    "counts-offline",
    "counts-rights",
    "failures",
    "live",
    "order",
    "sku",
    "stock",
    "weight",
];

#[test]
fn every_file_has_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/test/console");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    let mut names: Vec<String> = files
        .filter_map(|file| Some(file.to_str()?.strip_suffix(".test.js")?.to_owned()))
        .collect();
    names.sort_unstable();
    assert_eq!(names, VIEWS);
}

#[tokio::test]
async fn audit() {
    view("audit").await;
}

#[tokio::test]
async fn audit_export() {
    view("audit-export").await;
}

#[tokio::test]
async fn change() {
    view("change").await;
}

#[tokio::test]
async fn counts() {
    view("counts").await;
}

#[tokio::test]
async fn counts_offline() {
    view("counts-offline").await;
}

#[tokio::test]
async fn counts_rights() {
    view("counts-rights").await;
}

#[tokio::test]
async fn failures() {
    view("failures").await;
}

#[tokio::test]
async fn live() {
    view("live").await;
}

#[tokio::test]
async fn order() {
    view("order").await;
}

#[tokio::test]
async fn sku() {
    view("sku").await;
}

#[tokio::test]
async fn stock() {
    view("stock").await;
}

#[tokio::test]
async fn weight() {
    view("weight").await;
}
