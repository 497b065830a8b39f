//! Judges that nobody here wrote: the audits of GraphQL over HTTP, graphql-js, and a real browser.
//!
//! They need Node.js and what `tests/run` installs; without it they say so and are left out.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use crate::servers::binaries::leave_out;
use crate::support::{Kind, TestDatabase, TestServer};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Runs a program of the npm project in `folder`, unless what it needs is missing and may be.
pub async fn run_in(folder: &str, program: &str, arguments: &[&str], environment: &[(&str, &str)]) {
    let folder = repository().join(folder);
    if !folder.join("node_modules").exists() {
        return leave_out(&format!("{} has no node_modules", folder.display()));
    }
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .envs(environment.iter().copied())
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
    let endpoint = format!("{}/graphql", server.url);
    run_in("tests/conformance", "node", &["audit.mjs", &endpoint], &[]).await;
}

#[tokio::test]
async fn the_examples_of_the_page_fit_the_schema() {
    let examples = std::fs::read_dir(repository().join("web/src/examples")).unwrap();
    let mut arguments = vec!["documents.mjs".to_owned(), "../../schema.graphql".to_owned()];
    for example in examples {
        let path = example.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "graphql") {
            arguments.push(path.display().to_string());
        }
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run_in("tests/conformance", "node", &arguments, &[]).await;
}

#[tokio::test]
async fn the_page_works_in_a_browser_without_anything_from_outside() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = TestServer::start(&database).await;
    run_in("web", "npm", &["test"], &[("STOCKFLOW_URL", &server.url)]).await;
}
