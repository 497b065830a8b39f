//! Judges that nobody here wrote: the audits of GraphQL over HTTP, and a real browser.
//!
//! Both need Node.js and what `tests/run` installs; without it they say so and leave out.

use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use crate::support::{Kind, TestDatabase, TestServer};

/// Runs a program of an npm project in `folder`, unless what it needs is missing and may be.
async fn run_in(folder: &str, program: &str, arguments: &[&str], server: &TestServer) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    if !folder.join("node_modules").exists() {
        assert!(
            std::env::var_os("STOCKFLOW_TEST_REQUIRE_SERVERS").is_none(),
            "{} has no node_modules; tests/run installs them",
            folder.display()
        );
        eprintln!(
            "LEFT OUT: {program} in {}: no node_modules (tests/run installs them)",
            folder.display()
        );
        return;
    }
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("STOCKFLOW_URL", &server.url)
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn all_61_audits_of_graphql_over_http_are_ok() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    let url = format!("{}/graphql", server.url);
    run_in("tests/conformance", "node", &["audit.mjs", &url], &server).await;
}

#[tokio::test]
async fn the_page_works_in_a_browser_without_anything_from_outside() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    run_in("web", "npm", &["test"], &server).await;
}
