//! The program's other subcommands, run as an operator runs them.

use std::path::PathBuf;
use std::process::Output;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::granted::run;
use crate::support::server::program;
use crate::support::{Kind, TestDatabase, TestServer, on_each_database};

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A CSV file of a test's own.
fn csv(content: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stock.csv");
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

async fn import(database: &TestDatabase, content: &str) -> Output {
    let (_folder, path) = csv(content);
    run(&["import", path.to_str().unwrap(), "--database-url", &database.url]).await
}

async fn an_import_creates_and_replenishes_and_doubles_nothing(database: &TestDatabase) {
    let server = TestServer::start(database).await;
    server.create(1, 10).await;
    let content = "\u{feff}sku_id,quantity,reason\r\n1,5,delivery\r\n2,7,\"a \"\"new\"\" one,\r\nin two lines\"\r\n2,3,more of it\r\n";
    for _run in 0..2 {
        let output = import(database, content).await;
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!((server.left(1).await, server.left(2).await), (15, 10));
    }
    let query = "{ inventoryFlows(where: { skuId: [\"2\"] }, orderBy: OLDEST_FIRST) \
                 { nodes { kind quantityTrade reason actor } } }";
    let answer = server.graphql(query, Value::Null).await;
    let reason = "a \"new\" one,\r\nin two lines";
    assert_eq!(
        answer.field()["nodes"],
        json!([
            { "kind": "OPENING", "quantityTrade": -7, "reason": reason, "actor": "import" },
            { "kind": "REPLENISHMENT", "quantityTrade": -3, "reason": "more of it", "actor": "import" },
        ])
    );
}

/// One file may be for several merchants; none gets another's SKUs.
async fn an_import_is_for_one_merchant(database: &TestDatabase) {
    let (_folder, path) = csv("sku_id,quantity\n1,5\n2,7\n");
    let of = async |arguments: &[&str]| {
        let file = ["import", path.to_str().unwrap(), "--database-url", &database.url];
        run(&[&file, arguments].concat()).await
    };
    let server = TestServer::start(database).await;
    server.create(1, 10).await;
    let first = of(&["--merchant", "7"]).await;
    assert!(!first.status.success());
    let told = stderr(&first);
    assert!(told.contains(":2: SKU 1 belongs to another merchant"), "{told}");
    assert!(of(&[]).await.status.success(), "whoever imports for nobody in particular sees all");
    let query = "{ inventories { nodes { skuId merchantId leavedAmount } } }";
    let answer = server.graphql(query, Value::Null).await;
    assert_eq!(
        answer.field()["nodes"],
        json!([{ "skuId": "1", "merchantId": "1", "leavedAmount": 15 },
               { "skuId": "2", "merchantId": "7", "leavedAmount": 14 }])
    );
    let nobody = of(&["--merchant", "0"]).await;
    assert_eq!(nobody.status.code(), Some(2), "{}", stderr(&nobody));
}

async fn a_row_that_is_wrong_is_told_with_its_line_and_stops_nothing(database: &TestDatabase) {
    let content = "quantity,sku_id\n5,1\nmany,2\n5,\n0,1\n-3,3\n5,4,surplus\n6,5\n";
    let output = import(database, content).await;
    assert_eq!(output.status.code(), Some(1));
    let told = stderr(&output);
    for line in [3, 4, 5, 6, 7] {
        assert!(told.contains(&format!("stock.csv:{line}: ")), "line {line} in: {told}");
    }
    for line in [2, 8] {
        assert!(!told.contains(&format!("stock.csv:{line}: ")), "line {line} in: {told}");
    }
    let server = TestServer::start(database).await;
    assert_eq!((server.left(1).await, server.left(5).await), (5, 6));
}

async fn an_import_goes_on_where_it_was_interrupted(database: &TestDatabase) {
    let mut content = "sku_id,quantity,reason\n".to_owned();
    for row in 0..3_000 {
        content += &format!("{},{},row {row}\n", 1 + row % 1_000, 1 + row % 7);
    }
    let (_folder, path) = csv(&content);
    let arguments = ["import", path.to_str().unwrap(), "--database-url", &database.url];
    let mut first = program().args(arguments).spawn().unwrap();
    let plain = database.plain().await;
    // As soon as something is on the books, the first run dies.
    loop {
        let any = sea_orm::PaginatorTrait::count(
            <entity::inventory_flow::Entity as sea_orm::EntityTrait>::find(),
            &plain,
        );
        if any.await.unwrap() > 0 || first.try_wait().unwrap().is_some() {
            break;
        }
        tokio::task::yield_now().await;
    }
    first.start_kill().ok();
    first.wait().await.unwrap();
    let output = run(&arguments).await;
    assert!(output.status.success(), "{}", stderr(&output));
    let entries = <entity::inventory_flow::Entity as sea_orm::EntityTrait>::find();
    assert_eq!(sea_orm::PaginatorTrait::count(entries, &plain).await.unwrap(), 3_000);
}

on_each_database!(
    an_import_creates_and_replenishes_and_doubles_nothing,
    an_import_is_for_one_merchant,
    a_row_that_is_wrong_is_told_with_its_line_and_stops_nothing,
    an_import_goes_on_where_it_was_interrupted,
);

async fn the_demonstration_shop_adds_up(database: &TestDatabase) {
    let server = TestServer::start_with(&database.url, &["--demo"], &[]).await;
    let query = "{ inventoryFlows(first: 200) { nodes { kind actor createdAt } totalCount } }";
    let answer = server.graphql(query, Value::Null).await;
    let total: u32 = answer.field()["totalCount"].as_str().unwrap().parse().unwrap();
    assert!(total > 150, "{total} entries");
    let nodes = answer.field()["nodes"].as_array().unwrap();
    for kind in ["DEDUCTION", "REFUND", "REPLENISHMENT", "ADJUSTMENT"] {
        assert!(nodes.iter().any(|node| node["kind"] == kind), "no {kind}");
    }
    server.crash().await;

    // Asked for again, it leaves what is there as it is.
    let server = TestServer::start_with(&database.url, &["--demo"], &[]).await;
    let again = server.graphql("{ inventoryFlows { totalCount } }", Value::Null).await;
    assert_eq!(again.field()["totalCount"], total.to_string());
}

on_each_database!(the_demonstration_shop_adds_up);

#[tokio::test]
async fn migrations_are_taken_told_and_taken_back() {
    let database = TestDatabase::empty(Kind::Sqlite).await.unwrap();
    let migrate = async |arguments: &[&str]| {
        let mut all = vec!["migrate"];
        all.extend(arguments);
        all.extend(["--database-url", &database.url]);
        run(&all).await
    };
    let status = stdout(&migrate(&["status"]).await);
    assert!(status.contains("pending") && !status.contains("applied"), "{status}");
    assert!(migrate(&["up"]).await.status.success());
    let status = stdout(&migrate(&["status"]).await);
    assert!(status.contains("applied") && !status.contains("pending"), "{status}");
    let unconfirmed = migrate(&["down"]).await;
    assert!(!unconfirmed.status.success() && stderr(&unconfirmed).contains("--yes"));
    let all = status.lines().count().to_string();
    assert!(migrate(&["down", "--steps", &all, "--yes"]).await.status.success());
    let status = stdout(&migrate(&["status"]).await);
    assert!(!status.contains("applied"), "{status}");
}

#[tokio::test]
async fn flags_of_serve_are_not_taken_by_what_does_not_serve() {
    for flags in [
        &["--listen", "127.0.0.1:1"][..],
        &["--operations-listen", "127.0.0.1:1"],
        &["--tls-certificate-file", "a"],
        &["--insecure-no-auth"],
        &["--demo"],
        &["--replica-url", "mysql://a"],
        &["--ledger-lanes", "1"],
        &["--cache-age-ms-max", "1"],
        &["--redis-url", "redis://a"],
        &["--trusted-documents", "a"],
    ] {
        let output = run(&[flags, &["migrate", "status"]].concat()).await;
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{told}");
        // Spelled in full, or by how its like begin.
        let words = flags[0].match_indices('-').map(|(at, _)| format!("{}-…", &flags[0][..at]));
        let named = told.contains(flags[0]) || words.skip(2).any(|word| told.contains(&word));
        assert!(named && told.contains("belong to serve"), "{flags:?}: {told}");
    }
}

#[tokio::test]
async fn what_cannot_be_a_replica_is_refused_with_the_name_of_the_setting() {
    let database = TestDatabase::empty(Kind::Sqlite).await.unwrap();
    let nowhere = "postgres://clerk:s3cret@localhost:1/stock";
    for (url, replica, told) in [
        (database.url.as_str(), nowhere, "an SQLite database has no replicas"),
        (nowhere, "mysql://clerk:s3cret@localhost/stock", "mysql://clerk:***@localhost/stock"),
        ("mysql://clerk@localhost:1/stock", nowhere, "postgres://clerk:***@localhost:1/stock"),
        (nowhere, "sqlite://stock.db", "sqlite://stock.db is not the same kind of database"),
        (nowhere, "localhost", "localhost is no URL"),
    ] {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--database-url", url];
        let output = run(&[&arguments[..], &["--replica-url", replica]].concat()).await;
        let said = stderr(&output);
        assert!(!output.status.success());
        assert!(said.contains("database.replica_urls") && said.contains(told), "{said}");
        assert!(!said.contains("s3cret"), "{said}");
    }
}

#[tokio::test]
async fn bounds_on_replicas_are_checked_and_named() {
    let database = TestDatabase::empty(Kind::Sqlite).await.unwrap();
    for (flag, value, setting) in [
        ("--replica-lag-max", "999", "database.replica_lag_ms_max"),
        ("--replica-fallback-max", "0", "database.replica_fallback_max"),
    ] {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--database-url", &database.url];
        let output = run(&[&arguments[..], &[flag, value]].concat()).await;
        let said = stderr(&output);
        assert!(!output.status.success() && said.contains(setting), "{said}");
    }
}

#[tokio::test]
async fn mariadb_may_be_called_by_its_own_name() {
    let Some(database) = TestDatabase::fresh(Kind::MariaDb).await else { return };
    let url = database.url.replace("mysql://", "mariadb://");
    let server = TestServer::start_with(&url, &[], &[]).await;
    server.create(1001, 10).await;
    assert_eq!(server.left(1001).await, 10);
}

#[tokio::test]
async fn settings_are_checked_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stockflow.toml");
    std::fs::write(&path, "[server]\nlisten = \"nowhere\"\nport = 1\n[ledger]\nqueue_max = 0\n")
        .unwrap();
    let output = run(&["serve", "--config", path.to_str().unwrap()]).await;
    assert_eq!(output.status.code(), Some(1));
    let told = stderr(&output);
    assert!(told.contains("port"), "the unknown key: {told}");
}
